#include "crawler/httphead.h"

#include "base/buf.h"
#include "crawler/fetch.h"

#include <curl/curl.h>
#include <string.h>

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
	static const char *const words[] = { "auth", "cookie", "secret", "token", "key" };
	ptrdiff_t colon = str_find_char(line, ':'), space = str_find_char(line, ' ');

	if (space >= 0 && space < colon)
		return false; /* the request line */
	for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
		for (ptrdiff_t i = 0; i < colon; i++)
			if (str_eq_nocase(str_sub(line, (size_t)i, strlen(words[w])),
					  str_of(words[w])))
				return true;
	return false;
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

int64_t httphead_max_age(struct str head)
{
	struct str rest = httphead_value(head, STR("Cache-Control")), part;
	int64_t age = -1, n;

	while (str_next(&rest, ',', &part)) {
		part = str_trim(part);
		if (str_eq_nocase(part, STR("no-store")) || str_eq_nocase(part, STR("no-cache")))
			return 0;
		if (part.n > 8 && str_eq_nocase(str_sub(part, 0, 8), STR("max-age=")) &&
		    str_i64(str_sub(part, 8, part.n), &n) && n >= 0)
			age = n > INT32_MAX ? (int64_t)INT32_MAX * 1000 : n * 1000;
	}
	return age;
}
