#include "extractor/extract_date.h"

#include "extractor/extract_match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct {
	const char *text;
	int64_t want; /* seconds; 0: none */
} dates[] = {
	{ "2005-01-01", 1104537600 },
	{ " 2005-01 ", 1104537600 },
	{ "2005", 1104537600 },
	{ "2004-12-23T18:00:15+00:00", 1103824815 },
	{ "2004-12-23T18:00:15.999Z", 1103824815 },
	{ "2004-12-23T18:00:15.5", 1103824815 },
	{ "2004-12-23 18:00", 1103824800 },
	{ "2004-12-24T03:00:15+09:00", 1103824815 },
	{ "2004-12-24T03:00:15+0900", 1103824815 },
	{ "2004-12-23T13:00:15-05:00", 1103824815 },
	{ "2024-02-29", 1709164800 },
	{ "2023-02-29", 0 },
	{ "1900-02-29", 0 },
	{ "2000-02-29", 951782400 },
	{ "1969-12-31", 0 },
	{ "2004-13-01", 0 },
	{ "2004-00-01", 0 },
	{ "2004-12-32", 0 },
	{ "2004-12-00", 0 },
	{ "2004-12-23T18", 0 },
	{ "2004-12-23T99:00", 0 },
	{ "2004-1-2", 0 },
	{ "9999-12-31T23:59:59Z", 253402300799 },
	{ "Thu, 05 Jan 2017 12:34:50 GMT", 1483619690 },
	{ "Thu, 05 Jan 2017 13:34:50 +0100", 1483619690 },
	{ "Thu, 05 Jan 17 13:34:50 +0100", 1483619690 },
	{ "5 January 2017 12:34:50", 1483619690 },
	{ "05 Jan 17 21:34:50 KST", 1483619690 },
	{ "05 jan 2017 07:34:50 EST", 1483619690 },
	{ "05 Jan 2017 12:34:50 XYZ", 1483619690 },
	{ "05 Jan 1998", 883958400 },
	{ "05 Jan 98", 883958400 },
	{ "05 Jan 998", 0 },
	{ "05 Foo 2017", 0 },
	{ "32 Jan 2017", 0 },
	{ "Jan 5, 2017", 0 },
	{ "yesterday", 0 },
	{ ",", 0 },
	{ "", 0 },
};

static void dates_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++)
		if (extract_date(str_of(dates[i].text)) / 1000 != dates[i].want)
			fail_msg("%s is %lld", dates[i].text,
				 (long long)extract_date(str_of(dates[i].text)) / 1000);
	assert_int_equal(extract_date((struct str){ 0 }), 0);
	assert_int_equal(extract_date(STR("1970-01-01T00:00:01.25Z")), 1250);
	assert_int_equal(extract_date(STR("1970-01-01T00:00:01.2599999999999999Z")), 1259);
}

static const struct {
	const char *pattern, *text;
	bool want;
} matches[] = {
	{ "*", "", true },
	{ "*", "x", true },
	{ "", "", true },
	{ "", "x", false },
	{ "https://a.example/item/*", "https://a.example/item/7", true },
	{ "https://a.example/item/*", "https://a.example/item/", true },
	{ "https://a.example/item/*", "https://a.example/item", false },
	{ "https://a.example/item/*", "http://a.example/item/7", false },
	{ "*/sitemap-*.xml*", "https://a.example/sitemap-7.xml.gz", true },
	{ "*/sitemap-*.xml*", "https://a.example/sitemap.xml", false },
	{ "*.xml", "https://a.example/a.xml.xml", true },
	{ "*.xml", "https://a.example/a.xml.gz", false },
	{ "a*b*c", "aXbYbZc", true },
	{ "a**c", "abc", true },
	{ "a*a", "a", false },
	{ "?", "x", false },
};

static void patterns_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(matches) / sizeof(*matches); i++)
		if (str_like(str_of(matches[i].text), str_of(matches[i].pattern)) !=
		    matches[i].want)
			fail_msg("%s and %s", matches[i].pattern, matches[i].text);
	assert_true(extract_match_web(STR("HTTPS://a")));
	assert_false(extract_match_web(STR("https:/a")));
	assert_false(extract_match_web(STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_read),
		cmocka_unit_test(patterns_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
