/* conf_param.h: parameters of addresses that say who came from where, or which visit it
 * is, but not which page. Left out of the key of a job unless the source keeps them. */
#ifndef PIPED_CONF_PARAM_H
#define PIPED_CONF_PARAM_H

#include "base/str.h"

enum conf_param_kind { PARAM_TRACKING, PARAM_SESSION };

struct conf_param {
	const char *name; /* lower case; a * at the end stands for any ending */
	enum conf_param_kind kind;
	/* Other sites use the name for something else: only a value that looks like a
	 * session's (16 letters and digits or more, some of each) counts. */
	bool token;
};
extern const struct conf_param conf_params[]; /* the last one has no name */

/* The row that `name` (any case) with `value` falls under, or NULL. */
const struct conf_param *conf_param_find(struct str name, struct str value);

#endif
