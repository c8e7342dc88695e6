/* URLs against the suites of the WHATWG URL standard, as far as they concern http and
 * https. Where we differ stands here with the reason. */
#include "config/host.h"
#include "crawler/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>
#include <unicode/uvernum.h>

#include <cmocka.h>

#define SUITE PIPED_SHARED "/data/suites/url-whatwg/"

/* Lone surrogates are no text; the suite means them to become U+FFFD, and the JSON
 * reader will not have them. */
static void mend(char *text)
{
	unsigned x, low;

	for (char *p = text; (p = strstr(p, "\\u")); p += 6) {
		if (p > text && p[-1] == '\\' && !(p > text + 1 && p[-2] == '\\'))
			continue;
		if (sscanf(p + 2, "%4x", &x) != 1 || x < 0xd800 || x > 0xdfff)
			continue;
		if (x < 0xdc00 && sscanf(p + 6, "\\u%4x", &low) == 1 && low >= 0xdc00 &&
		    low <= 0xdfff)
			p += 6;
		else
			for (int i = 0; i < 4; i++)
				p[2 + i] = "fffd"[i];
	}
}

static json_t *load(const char *name)
{
	char path[512], *text;
	json_error_t error;
	json_t *root;
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), SUITE "%s", name);
	f = fopen(path, "r");
	if (!f)
		fail_msg("%s is not there", path);
	text = calloc(1, 4 << 20);
	n = fread(text, 1, (4 << 20) - 1, f);
	fclose(f);
	assert_true(n > 0 && n < (4 << 20) - 1);
	mend(text);
	root = json_loads(text, JSON_ALLOW_NUL, &error);
	if (!root)
		fail_msg("%s:%d: %s", name, error.line, error.text);
	free(text);
	return root;
}

static struct str text_of(const json_t *o, const char *key)
{
	const json_t *s = json_object_get(o, key);

	if (!json_is_string(s))
		return (struct str){ 0 };
	return (struct str){ json_string_value(s), json_string_length(s) };
}

static bool is_http(struct str s)
{
	s = str_trim(s);
	return str_eq_nocase(str_sub(s, 0, 5), STR("http:")) ||
	       str_eq_nocase(str_sub(s, 0, 6), STR("https:"));
}

struct score {
	int passed, failures, users, others, left_out;
};

static enum err parse(const json_t *c, struct arena *a, struct url *u, struct reason *why)
{
	struct str base = text_of(c, "base"), input = text_of(c, "input");

	/* Another base is of no use to a URL of http. */
	return is_http(base) ? url_resolve(base, input, a, u, why) : url_parse(input, a, u, why);
}

static void one(const json_t *c, struct score *n, struct arena *a)
{
	bool failure = json_is_true(json_object_get(c, "failure"));
	bool ours = is_http(text_of(c, "href"));
	struct str input = text_of(c, "input"), href = { 0 };
	struct str rest = text_of(c, "href");
	struct reason why = { "" };
	struct url u = { 0 };
	enum err err;

	if (!ours && !is_http(text_of(c, "base")) && !(failure && is_http(input))) {
		n->left_out++;
		return;
	}
	err = parse(c, a, &u, &why);
	str_next(&rest, '#', &href);
	if (failure) {
		if (!err)
			fail_msg("%.*s became %s", STR_ARG(input), u.text.p);
		n->failures++;
	} else if (!ours) {
		/* other schemes are refused, not followed */
		if (!strstr(why.text, "not an http URL"))
			fail_msg("%.*s: %s %s", STR_ARG(input), u.text.p, why.text);
		n->others++;
	} else if (text_of(c, "username").n + text_of(c, "password").n) {
		/* so are URLs that carry a user's name: credentials belong elsewhere */
		if (!strstr(why.text, "user name"))
			fail_msg("%.*s: %s %s", STR_ARG(input), u.text.p, why.text);
		n->users++;
	} else if (err || !str_eq(u.text, href)) {
		fail_msg("%.*s: %s %s, not %.*s", STR_ARG(input), err ? why.text : "", u.text.p,
			 STR_ARG(href));
	} else {
		n->passed++;
	}
}

static struct score run(const char *name)
{
	struct arena *a = arena_new(1 << 16);
	struct score n = { 0 };
	json_t *root = load(name), *c;
	size_t i;

	json_array_foreach(root, i, c)
	{
		if (json_is_object(c))
			one(c, &n, a);
		arena_reset(a);
	}
	json_decref(root);
	arena_free(a);
	return n;
}

/* `users` and `others` are the differences: by rule, not by accident. */
static void urls(void **state)
{
	struct score n = run("urltestdata.json");

	(void)state;
	assert_int_equal(n.passed, 216);
	assert_int_equal(n.failures, 199);
	assert_int_equal(n.users, 31);
	assert_int_equal(n.others, 36);
	assert_int_equal(n.left_out, 409);
}

static void more_urls(void **state)
{
	struct score n = run("ada_extra_urltestdata.json");

	(void)state;
	assert_int_equal(n.passed, 6);
	assert_int_equal(n.failures, 3);
	assert_int_equal(n.users + n.others, 0);
	assert_int_equal(n.left_out, 19);
}

/* Links come as UTF-8 whatever the page's charset was, so only that column applies. */
static void queries(void **state)
{
	struct arena *a = arena_new(4096);
	json_t *root = load("percent-encoding.json"), *c;
	struct str input, wanted;
	struct url u;
	int n = 0;
	size_t i;

	(void)state;
	json_array_foreach(root, i, c)
	{
		if (!json_is_object(c))
			continue;
		input = text_of(c, "input");
		wanted = text_of(json_object_get(c, "output"), "utf-8");
		assert_int_equal(
			url_parse(arena_fmt(a, "http://a/?%.*s", STR_ARG(input)), a, &u, NULL),
			ERR_OK);
		if (!str_eq(str_sub(u.text, 10, u.text.n), wanted))
			fail_msg("%.*s: %s", STR_ARG(input), u.text.p);
		n++;
	}
	assert_int_equal(n, 7);
	json_decref(root);
	arena_free(a);
}

/* The suites speak Unicode 16 and 17, the ICU of Debian 12 Unicode 15: it refuses or maps
 * otherwise what these characters stand for. Newer ones may differ less. */
#define ICU_OF_TABLE 72
struct difference {
	const char *first, *last; /* UTF-8; NULL: the first alone */
	const char *why;
	int cases;
};

static const struct difference differences[] = {
	{ .first = "\u1e9e",
	  .why = "capital sharp s became ss before Unicode 15.1, now it becomes sharp s",
	  .cases = 4 },
	{ .first = "\u10a0",
	  .last = "\u10c5",
	  .why = "Georgian capitals: disallowed before Unicode 16, now lower-cased",
	  .cases = 53 },
	{ .first = "\u04c0", .why = "palochka: as above", .cases = 5 },
	{ .first = "\u2132", .why = "turned capital F: as above", .cases = 2 },
	{ .first = "\u2183", .why = "reversed one hundred: as above", .cases = 3 },
	{ .first = "\u115f",
	  .last = "\u1160",
	  .why = "Hangul fillers: disallowed before Unicode 16, now ignored",
	  .cases = 3 },
	{ .first = "\uffa0", .why = "halfwidth Hangul filler: as above", .cases = 1 },
	{ .first = "\u17b4", .why = "Khmer inherent vowel: as above", .cases = 2 },
	{ .first = "\u180e", .why = "Mongolian vowel separator: as above", .cases = 1 },
	{ .first = "\u206b", .why = "activate symmetric swapping: as above", .cases = 1 },
	{ .first = "\U0001d175", .why = "musical begin tie: as above", .cases = 1 },
	{ .first = "\U0002f868",
	  .last = "\U0002f9bf",
	  .why = "ideographs whose decomposition was corrected (Corrigendum 4): disallowed "
		 "before Unicode 16",
	  .cases = 2 },
	{ .first = "\U00032931",
	  .last = "\U00032b9a",
	  .why = "ideographs that Unicode 15 does not have",
	  .cases = 3 },
};
#define DIFFERENCES (int)(sizeof(differences) / sizeof(differences[0]))

/* UTF-8 sorts as its code points do. */
static bool holds(struct str s, const struct difference *d)
{
	const char *last = d->last ? d->last : d->first;
	size_t n = strlen(d->first);

	for (size_t i = 0; s.p && i + n <= s.n; i++)
		if (memcmp(s.p + i, d->first, n) >= 0 && memcmp(s.p + i, last, n) <= 0)
			return true;
	return false;
}

/* Counts which differences account for one; at least one has to. */
static void account(struct str input, struct str got, struct str wanted, int seen[])
{
	bool known = false;

	for (int i = 0; i < DIFFERENCES; i++) {
		if (holds(input, &differences[i])) {
			seen[i]++;
			known = true;
		}
	}
	if (!known)
		fail_msg("%.*s: %.*s, not %.*s", STR_ARG(input), STR_ARG(got), STR_ARG(wanted));
}

static int hosts_of(const char *name, int seen[])
{
	struct arena *a = arena_new(1 << 16);
	json_t *root = load(name), *c;
	int passed = 0;
	size_t i;

	json_array_foreach(root, i, c)
	{
		struct str input = text_of(c, "input"), wanted = text_of(c, "output"), got = { 0 };

		if (!json_is_object(c))
			continue;
		if (host_parse(input, a, &got, NULL))
			got = (struct str){ 0 };
		if (str_eq(got, wanted))
			passed++;
		else
			account(input, got, wanted, seen);
		arena_reset(a);
	}
	json_decref(root);
	arena_free(a);
	return passed;
}

static void hosts(void **state)
{
	int seen[DIFFERENCES] = { 0 };
	int more = hosts_of("toascii.json", seen), most = hosts_of("IdnaTestV2.json", seen);

	(void)state;
	assert_true(more >= 80 && most >= 2597);
	if (U_ICU_VERSION_MAJOR_NUM != ICU_OF_TABLE)
		return;
	assert_int_equal(more, 80);
	assert_int_equal(most, 2597);
	for (int i = 0; i < DIFFERENCES; i++)
		if (seen[i] != differences[i].cases)
			fail_msg("%s: %d cases, not %d", differences[i].why, seen[i],
				 differences[i].cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls),
		cmocka_unit_test(more_urls),
		cmocka_unit_test(queries),
		cmocka_unit_test(hosts),
	};

	if (access(SUITE, R_OK)) {
		puts("url_suite_test: the suite is not there: skipped");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
