/* Jobs of listings' images: templates, scope, what may not be asked. */
#include "crawler/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct str own[1], media[1];
static struct conf_fill fill[2];

static void shop(struct conf_source *s)
{
	own[0] = STR("shop.example");
	media[0] = STR("media.example");
	fill[0] = (struct conf_fill){ STR("res"), STR("360") };
	fill[1] = (struct conf_fill){ STR("cnt"), STR("1/2") };
	*s = (struct conf_source){ .name = STR("shop"),
				   .hosts = own,
				   .n_hosts = 1,
				   .images = { .wanted = true,
					       .hosts = media,
					       .n_hosts = 1,
					       .fill = fill,
					       .n_fill = 2 } };
}

static const struct {
	const char *address, *url, *host, *reason;
} rows[] = {
	{ "https://media.example/1_w{res}.jpg", "https://media.example/1_w360.jpg", "media.example",
	  NULL },
	{ "https://shop.example/{cnt}/{res}{res}", "https://shop.example/1%2F2/360360",
	  "shop.example", NULL },
	{ "https://media.example/a.png?utm_source=x&w=9",
	  "https://media.example/a.png?utm_source=x&w=9", "media.example", NULL },
	{ "https://other.example/a.png", "https://other.example/a.png", "other.example",
	  "host other.example is none of the source's" },
	{ "data:image/png;base64,AAAA", "data:image/png;base64,AAAA", "-", "" },
	{ "", "", "-", "" },
};

static void addresses(void **state)
{
	struct arena *a = arena_new(4096);
	struct conf_source s;
	struct job j;

	(void)state;
	shop(&s);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		picture_job(&s, str_of(rows[i].address), 7, 1000, a, &j);
		assert_true(str_is(j.url, rows[i].url));
		assert_true(str_is(j.host, rows[i].host));
		assert_int_equal(j.state, rows[i].reason ? JOB_REFUSED : JOB_DUE);
		assert_true(str_is(j.key, arena_fmt(a, "image %s", rows[i].url).p));
		if (rows[i].reason) {
			assert_true(j.reason.n > 0);
			assert_non_null(strstr(j.reason.p, rows[i].reason));
		}
		assert_int_equal(j.priority, 9);
		assert_int_equal(j.parent, 7);
		assert_true(str_is(j.page, "@image"));
	}
	arena_free(a);
}

static void names_without_a_value_stay(void **state)
{
	struct arena *a = arena_new(4096);
	struct conf_source s;
	struct job j;

	(void)state;
	shop(&s);
	picture_job(&s, STR("https://media.example/{other}_{res"), 0, 0, a, &j);
	assert_non_null(strstr(j.url.p, "other"));
	assert_non_null(strstr(j.url.p, "res"));
	arena_free(a);
}

static void refusals_are_taken_back_by_another_configuration(void **state)
{
	static const struct {
		const char *host, *reason;
		int64_t max_bytes;
		bool want;
	} of[] = {
		{ "media.example", PICTURE_OFF, 100, true },
		{ "other.example", PICTURE_OFF, 100, false },
		{ "media.example", "host media.example is " PICTURE_HOST, 100, true },
		{ "other.example", "host other.example is " PICTURE_HOST, 100, false },
		{ "media.example", PICTURE_LARGE "(100)", 100, false },
		{ "media.example", PICTURE_LARGE "(100)", 101, true },
		{ "media.example", PICTURE_LARGE "(?)", 101, false },
		{ "media.example", "robots.txt line 2", 100, false },
		{ "media.example", "", 100, false },
	};
	struct conf_source s;

	(void)state;
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		shop(&s);
		s.enabled = true;
		s.images.max_bytes = of[i].max_bytes;
		assert_int_equal(picture_allowed(&s, str_of(of[i].host), str_of(of[i].reason)),
				 of[i].want);
		s.images.wanted = false;
		assert_false(picture_allowed(&s, str_of(of[i].host), str_of(of[i].reason)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(names_without_a_value_stay),
		cmocka_unit_test(refusals_are_taken_back_by_another_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
