#include "cleaner/ago.h"

#include "base/civil.h"
#include "cleaner/scan.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define MOST 100000 /* of any unit */

/* What sites put before it. */
static void skip_prefix(struct str *s)
{
	static const char *const prefixes[] = { "끌올",	  "끌어올림", "등록",	"작성",
						"수정",	  "업데이트", "posted", "updated",
						"listed", "added",    "약",	"about",
						"over",	  ":",	      "·",	NULL };

	do
		scan_space(s);
	while (scan_any(s, prefixes) >= 0);
}

static int64_t unit(struct str *s)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {
		{ "초", SECOND_MS },
		{ "분", MINUTE_MS },
		{ "시간", HOUR_MS },
		{ "일", CIVIL_DAY_MS },
		{ "주일", 7 * CIVIL_DAY_MS },
		{ "주", 7 * CIVIL_DAY_MS },
		{ "개월", 30 * CIVIL_DAY_MS },
		{ "달", 30 * CIVIL_DAY_MS },
		{ "년", 365 * CIVIL_DAY_MS },
		{ "seconds", SECOND_MS },
		{ "second", SECOND_MS },
		{ "secs", SECOND_MS },
		{ "sec", SECOND_MS },
		{ "s", SECOND_MS },
		{ "minutes", MINUTE_MS },
		{ "minute", MINUTE_MS },
		{ "mins", MINUTE_MS },
		{ "min", MINUTE_MS },
		{ "m", MINUTE_MS },
		{ "hours", HOUR_MS },
		{ "hour", HOUR_MS },
		{ "hrs", HOUR_MS },
		{ "hr", HOUR_MS },
		{ "h", HOUR_MS },
		{ "days", CIVIL_DAY_MS },
		{ "day", CIVIL_DAY_MS },
		{ "d", CIVIL_DAY_MS },
		{ "weeks", 7 * CIVIL_DAY_MS },
		{ "week", 7 * CIVIL_DAY_MS },
		{ "months", 30 * CIVIL_DAY_MS },
		{ "month", 30 * CIVIL_DAY_MS },
		{ "years", 365 * CIVIL_DAY_MS },
		{ "year", 365 * CIVIL_DAY_MS },
		{ "秒", SECOND_MS },
		{ "分鐘", MINUTE_MS },
		{ "分钟", MINUTE_MS },
		{ "分", MINUTE_MS },
		{ "時間", HOUR_MS },
		{ "小時", HOUR_MS },
		{ "小时", HOUR_MS },
		{ "日", CIVIL_DAY_MS },
		{ "天", CIVIL_DAY_MS },
		{ "週間", 7 * CIVIL_DAY_MS },
		{ "か月", 30 * CIVIL_DAY_MS },
		{ "ヶ月", 30 * CIVIL_DAY_MS },
	};

	scan_space(s);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (scan_word(s, units[i].name))
			return units[i].ms;
	return 0;
}

/* "3일 전", "an hour ago". */
static bool counted(struct str s, int64_t *ret_back)
{
	static const char *const ones[] = { "a", "an", "one", "한", NULL };
	static const char *const before[] = { "전", "ago", "前", NULL };
	int64_t n = 1, ms;

	if (!scan_number(&s, 6, &n) && scan_any(&s, ones) < 0)
		return false;
	ms = unit(&s);
	scan_space(&s);
	if (!ms || n > MOST || scan_any(&s, before) < 0)
		return false;
	*ret_back = n * ms;
	return true;
}

static bool worded(struct str s, int64_t *ret_back)
{
	static const struct {
		const char *name;
		int64_t back;
	} names[] = {
		{ "방금", 0 },
		{ "지금", 0 },
		{ "just now", 0 },
		{ "moments ago", 0 },
		{ "하루 전", CIVIL_DAY_MS },
		{ "하루전", CIVIL_DAY_MS },
		{ "이틀 전", 2 * CIVIL_DAY_MS },
		{ "이틀전", 2 * CIVIL_DAY_MS },
		{ "사흘 전", 3 * CIVIL_DAY_MS },
		{ "사흘전", 3 * CIVIL_DAY_MS },
		{ "나흘 전", 4 * CIVIL_DAY_MS },
		{ "나흘전", 4 * CIVIL_DAY_MS },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (scan_word(&s, names[i].name)) {
			*ret_back = names[i].back;
			return true;
		}
	return false;
}

/* "어제 15:20", "오늘", "15:20". */
static bool day_named(struct str s, const struct calendar_now *now, int64_t *ret_ms)
{
	static const struct {
		const char *name;
		int64_t days;
	} names[] = { { "오늘", 0 },   { "today", 0 }, { "어제", 1 },	{ "yesterday", 1 },
		      { "그저께", 2 }, { "그제", 2 },  { "엊그제", 2 }, { "今日", 0 },
		      { "昨日", 1 },   { "昨天", 1 } };
	int64_t local = now->now_ms + now->zone_ms, back = -1, time;
	struct str rest;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && back < 0; i++)
		if (scan_word(&s, names[i].name))
			back = names[i].days;
	rest = s;
	scan_word(&rest, ",");
	if (scan_space(&rest), scan_word(&rest, "at"))
		scan_space(&rest);
	if (calendar_time(&rest, &time)) {
		*ret_ms = local / CIVIL_DAY_MS * CIVIL_DAY_MS + time - now->zone_ms;
		/* a time to come was yesterday's */
		if (back < 0 && *ret_ms > now->now_ms)
			back = 1;
		*ret_ms -= (back < 0 ? 0 : back) * CIVIL_DAY_MS;
		return true;
	}
	*ret_ms = now->now_ms - back * CIVIL_DAY_MS;
	return back >= 0;
}

bool ago_read(struct str text, const struct calendar_now *now, int64_t *ret_ms)
{
	struct str s = str_trim(text);
	int64_t back;

	skip_prefix(&s);
	if (counted(s, &back) || worded(s, &back)) {
		*ret_ms = now->now_ms - back;
		return true;
	}
	return day_named(s, now, ret_ms);
}
