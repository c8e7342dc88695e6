/* conf_template.h: texts with {name} where a variable's value goes, and with {?a,b}
 * and {&a,b}, which stand for "?a=1&b=2" and "&a=1&b=2" of those that have a value
 * (RFC 6570 3.2.8, 3.2.9). Braces around anything else are themselves, so that
 * JSON may be written as it is. Pure. */
#ifndef PIPED_CONF_TEMPLATE_H
#define PIPED_CONF_TEMPLATE_H

#include "base/str.h"

struct conf_template_part {
	struct str text;  /* as it stands, braces and all */
	struct str names; /* of variables, commas between; {0}: plain text */
	char op;	  /* '?', '&' or 0 */
};

/* Takes the next part off *rest; false at the end. Parts are never empty. */
bool conf_template_next(struct str *rest, struct conf_template_part *ret);
/* Whether the text names the variable. */
bool conf_template_uses(struct str text, struct str name);

#endif
