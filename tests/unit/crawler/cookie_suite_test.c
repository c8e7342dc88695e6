/* Published expectations of cookies, through libcurl's engine as it is used here:
 * the IETF's suite for RFC 6265, its dates, and the public suffixes. */
#include "tests/unit/crawler/site.h"

#include "base/file.h"
#include "base/mem.h"
#include "crawler/cookiejar.h"
#include "crawler/url.h"

#include <curl/curl.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#define SUITES PIPED_SHARED "/data/suites/"
#define MOST 300

static struct arena *arena;
static struct site_answer answers[MOST];
static struct conf_source sources[MOST];
static struct str expected[MOST];
static int n;

static struct str text_of(const char *path)
{
	struct str text = { 0 };
	struct buf b;

	buf_init(&b, 1 << 20);
	if (!file_read(path, &b, NULL))
		text = arena_str(arena, buf_str(&b));
	buf_done(&b);
	return text;
}

/* Asks with a source, and so a jar, for each case. */
static void begin(void)
{
	static const struct site_answer echo = { "/echo", "", 0, SITE_SAY_BACK };

	answers[0] = echo;
	site.answers = answers;
	site.n_answers = n + 1;
	site_setup(NULL);
	site.connect_to[0] = arena_fmt(arena, "::127.0.0.1:%d", site.port);
	site.conf.n_connect_to = 1;
	site.conf.sources = sources;
	site.conf.n_sources = n;
	for (int i = 0; i < n; i++) {
		sources[i].name = arena_fmt(arena, "case-%d", i);
		sources[i].cookies = true;
	}
	fetch_reconfigure(site.f, &site.conf);
}

static struct fetch_answer *get(int i, struct str url)
{
	static struct site_ask k;
	struct fetch_request q = { .source = &sources[i] };

	site_begin_asking(&k, &q, arena_str(arena, url).p);
	return site_wait(&k);
}

/* The cookies that the echoed request had. */
static struct str cookies_of(const struct fetch_answer *a)
{
	struct str rest = a->body, line;

	while (str_next(&rest, '\n', &line))
		if (str_starts(line, STR("Cookie: ")))
			return arena_str(arena, str_trim(str_sub(line, 8, line.n)));
	return STR("");
}

/* ---- the parser's suite ---- */

struct difference {
	const char *name, *why;
};

static const char *is_known(const struct difference *d, int n_known, const char *name)
{
	for (int i = 0; i < n_known; i++)
		if (strcmp(d[i].name, name) == 0)
			return d[i].why;
	return NULL;
}

#define ORDER                                                                                      \
	"of cookies alike in length libcurl sends the latest first; RFC 6265 5.4: SHOULD the "     \
	"oldest"
#define PAST "ends in 2019, which was to come when the suite was written"
#define SECURE "libcurl takes Secure with a value for another attribute"
#define FOREIGN "libcurl refuses at the first foreign Domain; RFC 6265 5.3 lets the last one count"
#define SLASH "libcurl takes the last / off a path, so that /a/ is /a"

static const struct difference parser_known[] = {
	{ "0002", PAST },
	{ "0014", ORDER },
	{ "0015", ORDER },
	{ "0016", ORDER },
	{ "0020", ORDER },
	{ "0021", ORDER },
	{ "0022", ORDER },
	{ "attribute0005", SECURE },
	{ "attribute0007", SECURE },
	{ "attribute0008", SECURE },
	{ "comma0006", PAST },
	{ "comma0007", PAST },
	{ "disabled-path0029",
	  "paths are compared as they are written; switched off by its authors" },
	{ "domain0019", ORDER },
	{ "domain0023", ORDER },
	{ "domain0035", FOREIGN },
	{ "domain0036", FOREIGN },
	{ "mozilla0008", "libcurl sends the longer name first" },
	{ "path0014", SLASH },
	{ "path0032", SLASH },
	{ "value0006", "libcurl refuses tabs beside a name" },
};

static char names[MOST][64];

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void find_cases(void)
{
	DIR *d = opendir(SUITES "cookies/parser");
	const struct dirent *e;
	char *end;

	n = 0;
	while (d && (e = readdir(d)) && n < MOST - 1) {
		snprintf(names[n], sizeof(names[n]), "%.60s", e->d_name);
		end = strstr(names[n], "-test");
		if (end && end[5] == 0) {
			*end = 0;
			n++;
		}
	}
	if (d)
		closedir(d);
	qsort(names, (size_t)n, sizeof(names[0]), by_name);
}

static void make_case(int i)
{
	struct str test = text_of(arena_fmt(arena, SUITES "cookies/parser/%s-test", names[i]).p),
		   rest = test, line, head = STR("HTTP/1.1 302 x\r\n");
	bool leads = false;

	while (str_next(&rest, '\n', &line)) {
		if (line.n == 0)
			continue;
		leads |= str_starts(line, STR("Location:"));
		head = arena_fmt(arena, "%.*s%.*s\r\n", STR_ARG(head), STR_ARG(line));
	}
	if (!leads)
		head = arena_fmt(arena, "%.*sLocation: /cookie-parser-result?%s\r\n", STR_ARG(head),
				 names[i]);
	head = arena_fmt(arena, "%.*sContent-Length: 0\r\n\r\n", STR_ARG(head));
	answers[i + 1] =
		(struct site_answer){ .path = arena_fmt(arena, "/cookie-parser?%s", names[i]).p,
				      .bytes = head.p,
				      .n = head.n };
	expected[i] = str_trim(
		text_of(arena_fmt(arena, SUITES "cookies/parser/%s-expected", names[i]).p));
	expected[i] = str_starts(expected[i], STR("Cookie: "))
			      ? str_sub(expected[i], 8, expected[i].n)
			      : STR("");
}

static void parser(void **state)
{
	static struct str hosts[] = {
		{ "home.example.org:8888", 21 },
		{ "sibling.example.org:8888", 24 },
		{ "subdomain.home.example.org:8888", 31 },
		{ "sibling.home.example.org:8888", 29 },
	};
	int differences = 0;

	(void)state;
	find_cases();
	if (n == 0)
		skip();
	assert_int_equal(n, 222);
	for (int i = 0; i < n; i++) {
		make_case(i);
		sources[i] = (struct conf_source){ .hosts = hosts, .n_hosts = N(hosts) };
	}
	begin();
	for (int i = 0; i < n; i++) {
		struct fetch_answer *a =
			get(i, arena_fmt(arena, "http://home.example.org:8888/cookie-parser?%s",
					 names[i]));
		bool same = a->end == FETCH_ANSWER && str_eq(cookies_of(a), expected[i]);
		const char *why = is_known(parser_known, N(parser_known), names[i]);

		if (same == (why != NULL))
			print_error("{ \"%s\", \"\" }, /* %s: `%.*s`, not `%.*s` */\n", names[i],
				    fetch_end_name(a->end), STR_ARG(cookies_of(a)),
				    STR_ARG(expected[i]));
		differences += !same;
		fetch_answer_free(a);
	}
	site_teardown(NULL);
	assert_int_equal(differences, N(parser_known));
}

/* ---- dates ---- */

static json_t *json_of(const char *path)
{
	struct str rest = text_of(path), line, text = STR("");

	while (str_next(&rest, '\n', &line))
		if (!str_starts(str_trim(line), STR("//")))
			text = arena_fmt(arena, "%.*s%.*s\n", STR_ARG(text), STR_ARG(line));
	return json_loadb(text.p, text.n, 0, NULL);
}

/* A date that is not read makes a cookie of the session. */
#define WORD "libcurl knows days, months of three letters and zones, and no other word"
#define TIMES "libcurl takes no second time"
#define LAX "libcurl takes more than the grammar of RFC 6265 5.1.1"

static const struct difference dates_known[] = {
	{ "Mon, 01-Jan-2011 00: 00:00 GMT", LAX },
	{ "WillyWonka  , 18-Apr-07 22:50:12 GMT", WORD },
	{ "WillyWonka  , 18-Apr-07 22:50:12", WORD },
	{ "WillyWonka  ,  18-apr-07   22:50:12", WORD },
	{ "Partyday, 18- April-07 22:50:12", WORD },
	{ "Partyday, 18 - Apri-07 22:50:12", WORD },
	{ "Wednes, 1-Januar-2003 00:00:00 GMT", WORD },
	{ "Sat, 15-Apr-17 21:01:22 DST", WORD },
	{ "Sat, 15-Apr-17 21:01:22 -0400", "libcurl heeds the zone; RFC 6265 has none but GMT" },
	{ "Sat, 15-Apr-17 21:01:22 (hello there)", WORD },
	{ "Sat, 15-Apr-17 21:01:22 11:22:33", TIMES },
	{ "Sat, 15-Apr-17 ::00 21:01:22", TIMES },
	{ "Sat, 15-Apr-17 boink:z 21:01:22", WORD },
	{ "2017 April 15 21:01:22", WORD },
	{ "15 April 2017 21:01:22", WORD },
	{ "Thu, 012-Aug-2008 20:49:07 GMT", LAX },
	{ "Thu, 12-Aug-31841 20:49:07 GMT", LAX },
};

static int dates_of(const char *path, int *ret_differences)
{
	json_t *root = json_of(path), *row;
	int count = (int)json_array_size(root);
	size_t i;

	json_array_foreach(root, i, row)
	{
		const char *test = json_string_value(json_object_get(row, "test")),
			   *is = json_string_value(json_object_get(row, "expected"));
		time_t got = curl_getdate(test, NULL), want = is ? curl_getdate(is, NULL) : -1;
		const char *why = is_known(dates_known, N(dates_known), test);

		if ((got == want) == (why != NULL))
			print_error("{ \"%s\", \"\" }, /* %lld, not %lld %s */\n", test,
				    (long long)got, (long long)want, is ? is : "none");
		*ret_differences += got != want;
	}
	json_decref(root);
	return count;
}

static void dates(void **state)
{
	int differences = 0, count;

	(void)state;
	count = dates_of(SUITES "cookies/dates/examples.json", &differences) +
		dates_of(SUITES "cookies/dates/bsd-examples.json", &differences);
	if (count == 0)
		skip();
	assert_int_equal(count, 15 + 55);
	assert_int_equal(differences, N(dates_known));
}

/* ---- public suffixes ---- */

/* The text in the next '' of *rest; {0} for null. */
static struct str quoted(struct str *rest)
{
	ptrdiff_t open = str_find_char(*rest, '\''), shut, none = str_find(*rest, STR("null"));
	struct str text;

	if (open < 0 || (none >= 0 && none < open)) {
		*rest = str_sub(*rest, (size_t)none + 4, rest->n);
		return (struct str){ 0 };
	}
	*rest = str_sub(*rest, (size_t)open + 1, rest->n);
	shut = str_find_char(*rest, '\'');
	text = str_sub(*rest, 0, (size_t)shut);
	*rest = str_sub(*rest, (size_t)shut + 1, rest->n);
	return text;
}

/* A host that has a registrable domain may set cookies for that; below a public
 * suffix nobody may set one for all. */
static void make_psl_case(struct str host, struct str registrable)
{
	struct str asked = registrable.p ? host : arena_fmt(arena, "x.%.*s", STR_ARG(host));
	struct str *hosts = arena_array(arena, 1, sizeof(*hosts)), head;
	struct reason why;
	struct url u;

	if (url_parse(arena_fmt(arena, "http://%.*s/", STR_ARG(asked)), arena, &u, &why))
		return;
	hosts[0] = u.host;
	sources[n] = (struct conf_source){ .title = arena_str(arena, host),
					   .hosts = hosts,
					   .n_hosts = 1 };
	if (url_parse(arena_fmt(arena, "http://%.*s/", STR_ARG(registrable.p ? registrable : host)),
		      arena, &u, &why))
		return;
	head = arena_fmt(
		arena,
		"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Domain=%.*s\r\nContent-Length: 0\r\n\r\n",
		STR_ARG(u.host));
	answers[n + 1] = (struct site_answer){ .path = arena_fmt(arena, "/set%d", n).p,
					       .bytes = head.p,
					       .n = head.n };
	expected[n++] = registrable.p ? STR("a=b") : STR("");
}

static void public_suffixes(void **state)
{
	struct str rest = text_of(SUITES "psl/test_psl.txt"), line;
	int cases = 0;

	(void)state;
	if (!rest.p)
		skip();
	n = 0;
	while (str_next(&rest, '\n', &line)) {
		struct str host, registrable;

		if (!str_starts(line, STR("checkPublicSuffix(")))
			continue;
		cases++;
		host = quoted(&line);
		registrable = quoted(&line);
		/* null, and names that begin with a dot, are no hosts */
		if (host.n && host.p[0] != '.')
			make_psl_case(host, registrable);
	}
	assert_int_equal(cases, 78);
	begin();
	for (int i = 0; i < n; i++) {
		struct str host = sources[i].hosts[0];
		struct fetch_answer *a;

		fetch_answer_free(get(i, arena_fmt(arena, "http://%.*s/set%d", STR_ARG(host), i)));
		a = get(i, arena_fmt(arena, "http://%.*s/echo", STR_ARG(host)));
		if (a->end != FETCH_ANSWER || !str_eq(cookies_of(a), expected[i]))
			fail_msg("%s: %s `%.*s`", sources[i].title.p, fetch_end_name(a->end),
				 STR_ARG(cookies_of(a)));
		fetch_answer_free(a);
	}
	site_teardown(NULL);
	assert_int_equal(n, 73); /* the others: null, and a dot at the start */
}

static int setup(void **state)
{
	(void)state;
	arena = arena_new(1 << 16);
	memset(answers, 0, sizeof(answers));
	memset(sources, 0, sizeof(sources));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = { TEST(parser), TEST(dates), TEST(public_suffixes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
