#include "base/json.h"

#include "base/must.h"
#include "base/utf8.h"

#include <math.h>

void json_init(struct json *j, struct buf *to)
{
	*j = (struct json){ .to = to };
}

static void quoted(struct buf *b, struct str s)
{
	size_t from = 0, i = 0;

	buf_add_char(b, '"');
	while (i < s.n) {
		unsigned char c = (unsigned char)s.p[i];
		size_t len = 1;

		if (c >= 0x80)
			len = utf8_length(str_sub(s, i, s.n));
		if (len && c >= 0x20 && c != '"' && c != '\\') {
			i += len;
			continue;
		}
		buf_add(b, str_sub(s, from, i - from));
		if (!len)
			buf_add(b, STR("\xef\xbf\xbd"));
		else if (c == '"' || c == '\\')
			buf_fmt(b, "\\%c", c);
		else if (c == '\n')
			buf_add(b, STR("\\n"));
		else if (c == '\t')
			buf_add(b, STR("\\t"));
		else
			buf_fmt(b, "\\u%04x", c);
		from = ++i;
	}
	buf_add(b, str_sub(s, from, s.n - from));
	buf_add_char(b, '"');
}

static void start(struct json *j, const char *key)
{
	if (j->comma[j->depth])
		buf_add_char(j->to, ',');
	j->comma[j->depth] = true;
	if (key) {
		quoted(j->to, str_of(key));
		buf_add_char(j->to, ':');
	}
}

static void open_with(struct json *j, const char *key, char c)
{
	start(j, key);
	buf_add_char(j->to, c);
	must(j->depth + 1 < JSON_DEPTH);
	j->comma[++j->depth] = false;
}

static void close_with(struct json *j, char c)
{
	must(j->depth > 0);
	j->depth--;
	buf_add_char(j->to, c);
}

void json_object(struct json *j, const char *key)
{
	open_with(j, key, '{');
}

void json_end_object(struct json *j)
{
	close_with(j, '}');
}

void json_array(struct json *j, const char *key)
{
	open_with(j, key, '[');
}

void json_end_array(struct json *j)
{
	close_with(j, ']');
}

void json_str(struct json *j, const char *key, struct str value)
{
	if (!value.p) {
		json_null(j, key);
		return;
	}
	start(j, key);
	quoted(j->to, value);
}

void json_text(struct json *j, const char *key, const char *value)
{
	json_str(j, key, str_of(value));
}

void json_int(struct json *j, const char *key, int64_t value)
{
	start(j, key);
	buf_fmt(j->to, "%lld", (long long)value);
}

void json_num(struct json *j, const char *key, double value, int digits)
{
	if (!isfinite(value)) {
		json_null(j, key);
		return;
	}
	start(j, key);
	buf_fmt(j->to, "%.*f", digits, value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	start(j, key);
	buf_add_text(j->to, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	start(j, key);
	buf_add(j->to, STR("null"));
}

void json_raw(struct json *j, const char *key, struct str value)
{
	start(j, key);
	buf_add(j->to, value);
}
