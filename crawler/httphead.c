#include "crawler/httphead.h"

#include "base/buf.h"
#include "config/conf_auth.h"
#include "crawler/fetch.h"

#include <curl/curl.h>
#include <string.h>

bool httphead_next(struct str *head, struct str *ret_name, struct str *ret_value)
{
	struct str line;
	ptrdiff_t colon;

	while (str_next(head, '\n', &line)) {
		colon = str_find_char(line, ':');
		/* A name has no spaces: a status line's reason may have a colon. */
		if (colon <= 0 || str_find_char(str_sub(line, 0, (size_t)colon), ' ') >= 0)
			continue;
		*ret_name = str_sub(line, 0, (size_t)colon);
		*ret_value = str_trim(str_sub(line, (size_t)colon + 1, line.n));
		return true;
	}
	return false;
}

struct str httphead_value(struct str head, struct str name)
{
	struct str line;

	while (str_next(&head, '\n', &line))
		if (line.n > name.n && line.p[name.n] == ':' &&
		    str_eq_nocase(str_sub(line, 0, name.n), name))
			return str_trim(str_sub(line, name.n + 1, line.n));
	return (struct str){ 0 };
}

static bool secret(struct str line)
{
	ptrdiff_t colon = str_find_char(line, ':'), space = str_find_char(line, ' ');

	if (colon < 0 || (space >= 0 && space < colon))
		return false; /* the request line */
	return conf_auth_is_secret(str_sub(line, 0, (size_t)colon));
}

struct str httphead_without_secrets(struct str head, struct arena *a)
{
	struct str out, line;
	struct buf b;

	buf_init(&b, 2 * head.n + 64);
	while (str_next(&head, '\n', &line)) {
		if (secret(line))
			buf_fmt(&b, "%.*s: ***\r", (int)str_find_char(line, ':'), line.p);
		else
			buf_add(&b, line);
		if (head.p)
			buf_add_char(&b, '\n');
	}
	out = arena_str(a, buf_str(&b));
	buf_done(&b);
	return out;
}

int64_t httphead_retry_after(struct str head, int64_t now_ms)
{
	struct str value = httphead_value(head, STR("retry-after")),
		   date = httphead_value(head, STR("date"));
	struct arena *a;
	time_t then = -1;

	if (!value.p)
		return -1;
	/* their clock may be wrong, and then their date is, too */
	if (date.n && date.n < 64) {
		a = arena_new(256);
		then = curl_getdate(arena_str(a, date).p, NULL);
		arena_free(a);
	}
	return fetch_retry_after(value, then > 0 ? (int64_t)then * 1000 : now_ms);
}
