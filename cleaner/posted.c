#include "cleaner/posted.h"

#include "base/civil.h"
#include "cleaner/ago.h"

#define FIRST_MS (INT64_C(9131) * CIVIL_DAY_MS) /* 1995-01-01 */
/* As seconds this is the year 5138, as milliseconds 1973. */
#define FIRST_AS_MS INT64_C(100000000000)

static bool since_1970(struct str s, int64_t *ret_ms)
{
	ptrdiff_t point = str_find_char(s, '.');
	int64_t n;

	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && (ptrdiff_t)i != point)
			return false;
	if (!str_i64(point < 0 ? s : str_sub(s, 0, (size_t)point), &n))
		return false;
	*ret_ms = n >= FIRST_AS_MS ? n : n * 1000;
	return true;
}

static bool is_likely(int64_t ms, int64_t now_ms)
{
	return ms >= FIRST_MS && ms <= now_ms + CIVIL_DAY_MS;
}

int64_t posted_ms(struct str text, int64_t now_ms, int64_t zone_ms)
{
	const struct calendar_now now = { .now_ms = now_ms, .zone_ms = zone_ms };
	int64_t ms;

	text = str_trim(text);
	if (since_1970(text, &ms) && is_likely(ms, now_ms))
		return ms;
	if ((calendar_read(text, &now, &ms) || ago_read(text, &now, &ms)) && is_likely(ms, now_ms))
		return ms;
	return 0;
}
