/* conf_param.h: parameters of addresses that say who came from where, or which visit it
 * is, but not which page. Left out of the key of a job unless the source keeps them. */
#ifndef PIPED_CONF_PARAM_H
#define PIPED_CONF_PARAM_H

#include "config/conf_table.h"

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
/* Whether the source leaves it out of keys. */
bool conf_param_ignored(const struct conf_source *s, struct str name, struct str value);
/* Says which seeds have a variable in such a parameter: its values would be one job. */
void conf_param_check(struct conf_reader *r, const struct conf_source *s,
		      const struct conf_node *seeds);

#endif
