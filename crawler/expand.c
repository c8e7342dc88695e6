#include "crawler/expand.h"

#include "base/json.h"
#include "config/conf_template.h"
#include "crawler/url.h"

#include <ctype.h>

bool expand_value(struct str vars, struct str name, struct arena *a, struct str *ret)
{
	struct str each, key;
	ptrdiff_t eq;

	while (str_next(&vars, '&', &each)) {
		eq = str_find_char(each, '=');
		if (eq < 0)
			continue;
		key = url_unescape(str_sub(each, 0, (size_t)eq), a);
		if (!str_eq(key, name))
			continue;
		*ret = url_unescape(str_sub(each, (size_t)eq + 1, each.n), a);
		return true;
	}
	return false;
}

struct str expand_with(struct str vars, struct str name, struct str value, struct arena *a)
{
	struct str out = STR(""), rest = vars, each, key;
	const char *mark = "";
	bool done = false;

	while (vars.n && str_next(&rest, '&', &each)) {
		key = str_sub(each, 0, (size_t)(str_find_char(each, '=') + 1));
		if (!done && key.n && str_eq(url_unescape(str_sub(key, 0, key.n - 1), a), name)) {
			each = arena_fmt(a, "%.*s%s", STR_ARG(key), url_escape(value, a).p);
			done = true;
		}
		out = arena_fmt(a, "%s%s%.*s", out.p, mark, STR_ARG(each));
		mark = "&";
	}
	if (!done)
		out = arena_fmt(a, "%s%s%s=%s", out.p, mark, url_escape(name, a).p,
				url_escape(value, a).p);
	return out;
}

static void put_query(struct buf *to, const struct conf_template_part *part, struct str vars,
		      struct arena *a)
{
	struct str names = part->names, name, value;
	char mark = part->op;

	while (str_next(&names, ',', &name)) {
		if (!expand_value(vars, name, a, &value))
			continue;
		buf_add_char(to, mark);
		buf_add(to, url_escape(name, a));
		buf_add_char(to, '=');
		buf_add(to, url_escape(value, a));
		mark = '&';
	}
}

static void put_url(struct buf *to, struct str text, struct str vars, struct arena *a)
{
	struct conf_template_part part;
	struct str value;

	while (conf_template_next(&text, &part)) {
		if (part.op)
			put_query(to, &part, vars, a);
		else if (part.names.p && expand_value(vars, part.names, a, &value))
			buf_add(to, url_escape(value, a));
		else
			buf_add(to, part.text);
	}
}

struct str expand_url(struct str text, struct str vars, struct arena *a)
{
	struct str s;
	struct buf b;

	/* Past this no URL is asked for: url_parse says so of what was cut. */
	buf_init(&b, (size_t)4 * URL_MOST);
	put_url(&b, text, vars, a);
	s = arena_str(a, buf_str(&b));
	if (b.full)
		s = arena_fmt(a, "%s%*s", s.p, 4 * URL_MOST, "");
	buf_done(&b);
	return s;
}

/* RFC 8259 6: no leading zero, no plus, digits on both sides of the point. */
static bool is_number(struct str s)
{
	size_t i = s.n && s.p[0] == '-', from = i;

	while (i < s.n && isdigit((unsigned char)s.p[i]))
		i++;
	if (i == from || (s.p[from] == '0' && i > from + 1))
		return false;
	if (i < s.n && s.p[i] == '.') {
		for (from = ++i; i < s.n && isdigit((unsigned char)s.p[i]); i++)
			continue;
		if (i == from)
			return false;
	}
	return i == s.n;
}

static void put_json_value(struct buf *to, struct str value, bool quoted)
{
	struct json j;
	struct buf b;

	if (!quoted && (is_number(value) || str_is(value, "true") || str_is(value, "false") ||
			str_is(value, "null"))) {
		buf_add(to, value);
		return;
	}
	buf_init(&b, 6 * value.n + 3);
	json_init(&j, &b);
	json_str(&j, NULL, value);
	buf_add(to, quoted ? str_sub(buf_str(&b), 1, b.n - 2) : buf_str(&b));
	buf_done(&b);
}

/* Whether the text after `s` is within quotes, if it was at its start. */
static bool in_quotes(struct str s, bool quoted)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			quoted = !quoted;
		else if (quoted && s.p[i] == '\\')
			i++;
	}
	return quoted;
}

static void put_json(struct buf *to, struct str text, struct str vars, struct arena *a)
{
	struct conf_template_part part;
	bool quoted = false;
	struct str value;

	while (conf_template_next(&text, &part)) {
		if (!part.names.p || part.op) {
			buf_add(to, part.text);
			quoted = in_quotes(part.text, quoted);
		} else if (expand_value(vars, part.names, a, &value)) {
			put_json_value(to, value, quoted);
		} else if (!quoted) {
			buf_add_text(to, "null");
		}
	}
}

enum err expand_body(const struct conf_seed *seed, struct str vars, struct arena *a,
		     struct str *ret, struct reason *why)
{
	enum err err = ERR_OK;
	struct buf b;

	*ret = (struct str){ 0 };
	if (!seed->body.p)
		return ERR_OK;
	buf_init(&b, EXPAND_BODY_MOST);
	if (seed->body_type == CONF_BODY_JSON)
		put_json(&b, seed->body, vars, a);
	else
		put_url(&b, seed->body, vars, a);
	if (b.full)
		err = reason_set(why, ERR_TOO_BIG, "a body of more than %zu bytes",
				 EXPAND_BODY_MOST);
	else
		*ret = arena_str(a, buf_str(&b));
	buf_done(&b);
	return err;
}

struct str expand_body_type(const struct conf_seed *seed)
{
	static const char *const types[] = {
		[CONF_BODY_JSON] = "application/json",
		[CONF_BODY_FORM] = "application/x-www-form-urlencoded",
	};

	return seed->body.p ? str_of(types[seed->body_type]) : (struct str){ 0 };
}
