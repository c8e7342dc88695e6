#include "cleaner/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct {
	const char *place, *language;
	int most;
	const char *want;
} rows[] = {
	{ "서울특별시 구로구 신도림동", "ko", 0, "서울특별시 구로구 신도림동" },
	{ "서울특별시 구로구 신도림동", "ko", 1, "서울특별시" },
	{ "서울특별시  구로구  신도림동 ", "ko-KR", 2, "서울특별시  구로구" },
	{ "서울특별시 구로구", "KO", 5, "서울특별시 구로구" },
	{ "東京都 渋谷区 神南", "ja", 1, "東京都" },
	{ "Linden, Hannover, Germany", "de", 0, "Linden, Hannover, Germany" },
	{ "Linden, Hannover, Germany", "de", 1, "Germany" },
	{ "Linden, Hannover, Germany", "", 2, "Hannover, Germany" },
	{ "Los Angeles", "en", 1, "Los Angeles" },
	{ "Linden, Hannover", "en", 9, "Linden, Hannover" },
	{ "a b", "kok", 1, "a b" },
	{ "", "ko", 1, "" },
	{ ", ,", "en", 1, "" },
};

static void places_are_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str got =
			place_cut(str_of(rows[i].place), rows[i].most, str_of(rows[i].language));

		if (!str_is(got, rows[i].want))
			fail_msg("%s, %d: %.*s", rows[i].place, rows[i].most, STR_ARG(got));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(places_are_cut) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
