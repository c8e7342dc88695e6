#include "config/conf_template.h"

#include <string.h>

static bool in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
	       c == '-' || c == ':'; /* {credential:NAME} */
}

/* Bytes of the expression that starts with the brace of `s`; 0: it is none. */
static size_t expression(struct str s, struct conf_template_part *ret)
{
	size_t from = s.n > 1 && strchr("?&", s.p[1]) ? 2 : 1, i = from;
	bool name = false;

	for (; i < s.n && s.p[i] != '}'; i++) {
		if (s.p[i] == ',' ? !name || from == 1 : !in_name(s.p[i]))
			return 0;
		name = s.p[i] != ',';
	}
	if (i == s.n || !name)
		return 0;
	*ret = (struct conf_template_part){ .text = str_sub(s, 0, i + 1),
					    .names = str_sub(s, from, i - from),
					    .op = (char)(from == 2 ? s.p[1] : 0) };
	return i + 1;
}

bool conf_template_next(struct str *rest, struct conf_template_part *ret)
{
	struct str s = *rest;
	size_t n = 0;

	if (!s.n)
		return false;
	if (s.p[0] == '{')
		n = expression(s, ret);
	if (!n) {
		struct conf_template_part ignored;

		for (n = 1; n < s.n; n++)
			if (s.p[n] == '{' && expression(str_sub(s, n, s.n), &ignored))
				break;
		*ret = (struct conf_template_part){ .text = str_sub(s, 0, n) };
	}
	*rest = str_sub(s, n, s.n);
	return true;
}

bool conf_template_uses(struct str text, struct str name)
{
	struct conf_template_part part;
	struct str each;

	while (conf_template_next(&text, &part))
		while (part.names.p && str_next(&part.names, ',', &each))
			if (str_eq(each, name))
				return true;
	return false;
}
