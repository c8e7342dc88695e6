/* The effective configuration: what is printed can be loaded again and says the
 * same; units; versions. */
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "config/conf.h"
#include "config/conf_scalar.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct {
	enum conf_type type;
	const char *text;
	double value;	   /* NAN: not such a value */
	const char *shown; /* NULL: as the text */
} scalars[] = {
	{ CONF_DURATION, "30s", 30e3, NULL },
	{ CONF_DURATION, "1.5h", 5400e3, "90min" },
	{ CONF_DURATION, "7d", 7 * 86400e3, NULL },
	{ CONF_DURATION, "200 ms", 200, "200ms" },
	{ CONF_DURATION, "0", 0, NULL },
	{ CONF_DURATION, "30", NAN, NULL },
	{ CONF_DURATION, "s", NAN, NULL },
	{ CONF_DURATION, "-3s", NAN, NULL },
	{ CONF_DURATION, "1e3s", NAN, NULL },
	{ CONF_DURATION, "1.2.3s", NAN, NULL },
	{ CONF_DURATION, "99999999999999d", NAN, NULL },
	{ CONF_SIZE, "8MiB", 8 << 20, NULL },
	{ CONF_SIZE, "1.5GiB", 1.5 * (1 << 30), "1536MiB" },
	{ CONF_SIZE, "1048577B", 1048577, NULL },
	{ CONF_SIZE, "8MB", NAN, NULL },
	{ CONF_RATE, "1/s", 1, NULL },
	{ CONF_RATE, "30/min", 0.5, NULL },
	{ CONF_RATE, "1/min", 1.0 / 60, NULL },
	{ CONF_RATE, "100/h", 100.0 / 3600, NULL },
	{ CONF_RATE, "60/min", 1, "1/s" },
	{ CONF_RATE, "1", NAN, NULL },
	{ CONF_RATE, "1/day", NAN, NULL },
	{ CONF_INT, "-3", -3, NULL },
	{ CONF_INT, "3.0", NAN, NULL },
	{ CONF_INT64, "9007199254740993", NAN, NULL },
	{ CONF_REAL, "0.25", 0.25, NULL },
	{ CONF_REAL, "-.5", NAN, NULL },
	{ CONF_REAL, "inf", NAN, NULL },
	{ CONF_REAL, "0x10", NAN, NULL },
};

static void test_scalars(void **state)
{
	char shown[CONF_SCALAR_ROOM];
	double x;

	(void)state;
	for (size_t i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++) {
		bool fine = conf_scalar_number(scalars[i].type, str_of(scalars[i].text), &x);

		if (fine == (bool)isnan(scalars[i].value))
			fail_msg("%s is %s", scalars[i].text, fine ? "read" : "not read");
		if (!fine)
			continue;
		if (fabs(x - scalars[i].value) > 1e-12)
			fail_msg("%s is read as %g", scalars[i].text, x);
		conf_scalar_format(scalars[i].type, x, shown);
		assert_string_equal(shown, scalars[i].shown ? scalars[i].shown : scalars[i].text);
	}
}

struct files {
	char folder[32], conf[64], source[64], rules[64], again[64];
};

static int setup(void **state)
{
	struct files *f = mem_zero(sizeof(*f));

	memcpy(f->folder, "/tmp/piped-conf-XXXXXX", 23);
	if (!mkdtemp(f->folder))
		return -1;
	snprintf(f->conf, sizeof(f->conf), "%s/piped.yaml", f->folder);
	snprintf(f->source, sizeof(f->source), "%s/s.yaml", f->folder);
	snprintf(f->rules, sizeof(f->rules), "%s/r.yaml", f->folder);
	snprintf(f->again, sizeof(f->again), "%s/again.yaml", f->folder);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct files *f = *state;

	unlink(f->conf);
	unlink(f->source);
	unlink(f->rules);
	unlink(f->again);
	rmdir(f->folder);
	mem_free(f);
	return 0;
}

static struct conf *load(const char *path)
{
	struct conf_problem *p;
	struct conf *c = NULL;
	char text[512];
	int n;

	if (conf_load(path, &c, &p, &n) == ERR_OK)
		return c;
	for (int i = 0; i < n; i++) {
		conf_problem_text(&p[i], text);
		print_error("%s\n", text);
	}
	mem_free(p);
	fail_msg("%s does not load", path);
	return NULL;
}

static struct conf *load_text(const char *path, const char *text)
{
	assert_int_equal(file_write(path, str_of(text), NULL), ERR_OK);
	return load(path);
}

#define SOURCE                                                                                     \
	"name: shop\ntitle: 가게 \\ \"x\"\nignore-params: [t]\nheaders: {Accept: '*/*'}\n"       \
	"seeds:\n- page: list\n  url: https://A.example:443/?c={c}&p={p}\n"                        \
	"  vars: {c: {from: 10, to: 50, step: 10}, p: 0}\n"                                        \
	"pages:\n  list:\n    format: html\n    links: [{find: {xpath: //a/@href}, page: item}]\n" \
	"    paging: {var: p, more: a.next, max: 7}\n"                                             \
	"  item:\n    format: html\n    revisit: 36h\n"                                            \
	"    fields: {id: .id, title: {css: h1, required: false}, currency: {const: KRW}, "        \
	"attributes: {size: .s, colour: {xpath: //b}}}\n"                                          \
	"    checks: {id: {pattern: '^\\d+$'}, currency: {values: [KRW, usd]}}\n"

static void test_minimal(void **state)
{
	const struct files *f = *state;
	struct conf *c;

	unsetenv("STATE_DIRECTORY");
	unsetenv("RUNTIME_DIRECTORY");
	c = load_text(f->conf, "");
	assert_true(str_is(c->state_dir, "/var/lib/piped"));
	assert_true(str_is(c->socket, "/run/piped/piped.sock"));
	assert_true(str_is(c->database, "/var/lib/piped/piped.db"));
	assert_int_equal(c->timeout_ms, 60000);
	assert_int_equal(c->log_level, LOG_LEVEL_INFO);
	assert_int_equal(c->n_sources, 0);
	assert_null(c->ca_file.p);
	conf_free(c);

	c = load_text(f->conf, "state-dir: here\nca-file: ca.pem\narchive-dir: /warc\n");
	assert_true(str_starts(c->state_dir, str_of(f->folder)));
	assert_true(str_ends(c->state_dir, STR("/here")));
	assert_true(str_ends(c->database, STR("/here/piped.db")));
	assert_true(str_is(c->archive_dir, "/warc"));
	assert_true(str_starts(c->ca_file, str_of(f->folder)));
	conf_free(c);
}

static void test_systemd_folders(void **state)
{
	const struct files *f = *state;
	struct conf *c;

	setenv("STATE_DIRECTORY", "/srv/state:/srv/other", 1);
	setenv("RUNTIME_DIRECTORY", "/run/two", 1);
	c = load_text(f->conf, "");
	assert_true(str_is(c->state_dir, "/srv/state"));
	assert_true(str_is(c->socket, "/run/two/piped.sock"));
	conf_free(c);
	c = load_text(f->conf, "state-dir: /mine\nsocket: /tmp/s\n");
	assert_true(str_is(c->state_dir, "/mine"));
	assert_true(str_is(c->socket, "/tmp/s"));
	conf_free(c);
	unsetenv("STATE_DIRECTORY");
	unsetenv("RUNTIME_DIRECTORY");
}

/* Names in any script; bounds that nobody spoke of. */
static void test_scope(void **state)
{
	const struct files *f = *state;
	const struct conf_source *s;
	struct buf shown;
	struct conf *c;

	assert_int_equal(
		file_write(f->source,
			   STR("name: shop\nhosts: [장터.Example, '*.장터.example:443']\n"
			       "scope: {deny: [/x*], max-depth: 3}\n"
			       "seeds: [{page: p, url: 'https://장터.example/'}]\n"
			       "pages: {p: {format: html, links: [{find: a, page: p}]}}\n"),
			   NULL),
		ERR_OK);
	c = load_text(f->conf, "sources: s.yaml\nhosts: {장터.example: {rate: 5/s}}\n");
	s = conf_source(c, STR("shop"));
	assert_true(str_is(s->hosts[0], "xn--vv5bo8o.example"));
	assert_true(str_is(s->hosts[1], "*.xn--vv5bo8o.example"));
	assert_true(str_is(c->hosts[0].name, "xn--vv5bo8o.example"));
	assert_int_equal(s->scope.max_depth, 3);
	assert_int_equal(s->scope.n_deny, 1);
	assert_int_equal(s->scope.max_url, 2048);
	assert_int_equal(s->scope.prefix_jobs, 1000000);
	assert_true(s->sort_params && !s->strip_params && !s->merge_slashes);
	assert_int_equal(s->pages[0].priority, -1);
	assert_int_equal(s->pages[0].links[0].priority, -1);
	buf_init(&shown, 1 << 20);
	conf_print(c, &shown);
	assert_true(str_find(buf_str(&shown), STR("max-depth: 3")) > 0);
	assert_true(str_find(buf_str(&shown), STR("dates-ahead: 400d")) > 0);
	buf_done(&shown);
	conf_free(c);
}

static void test_source(void **state)
{
	const struct files *f = *state;
	const struct conf_source *s;
	const struct conf_page *p;
	struct conf *c;

	assert_int_equal(file_write(f->source, STR(SOURCE), NULL), ERR_OK);
	c = load_text(f->conf, "sources: s.yaml\nhosts: {A.Example: {rate: 5/s}}\n");
	s = conf_source(c, STR("shop"));
	assert_true(str_is(s->hosts[0], "a.example"));
	assert_true(str_is(c->hosts[0].name, "a.example"));
	assert_int_equal(s->seeds[0].vars[0].n, 5);
	assert_true(str_is(s->seeds[0].vars[0].values[4], "50"));
	assert_int_equal(s->seeds[0].priority, 5);
	p = conf_page(s, STR("item"));
	assert_int_equal(p->revisit_ms, 36 * 3600 * 1000);
	assert_int_equal(p->fields[0].sel.kind, SEL_CSS);
	assert_int_equal(p->fields[0].sel.at.line, 17);
	assert_false(p->fields[1].required);
	assert_int_equal(p->fields[2].sel.kind, SEL_CONST);
	assert_int_equal(p->n_fields, 5);
	assert_int_equal(p->fields[4].field, FIELD_ATTRIBUTES);
	assert_true(str_is(p->fields[4].name, "colour"));
	assert_int_equal(p->fields[4].sel.kind, SEL_XPATH);
	assert_true(str_is(s->category_separator, ">"));
	p = conf_page(s, STR("list"));
	assert_false(p->lists);
	assert_int_equal(p->links[0].sel.kind, SEL_XPATH);
	assert_int_equal(p->paging.max, 7);
	conf_free(c);
}

#define FOUND                                                                                      \
	"name: shop\nseeds:\n- {page: map, url: 'https://a.example/sitemap.xml'}\n"                \
	"- {page: list, url: 'https://a.example/'}\npages:\n  map:\n    format: sitemap\n"         \
	"    links:\n    - {match: '*/sitemap-*.xml*', page: map}\n"                               \
	"    - {match: 'https://a.example/item/*', page: item}\n"                                  \
	"  news: {format: feed, links: [{page: item}]}\n"                                          \
	"  list:\n    format: html\n    links: [{find: a, match: '*/item/*', page: item}]\n"       \
	"    paging: {next: 'a[rel=next]'}\n"                                                      \
	"  item: {format: json, fields: {id: .id, title: .t}, paging: {next: .next}}\n"

static void test_found(void **state)
{
	const struct files *f = *state;
	const struct conf_source *s;
	const struct conf_page *p;
	struct conf *c;
	struct buf b;

	assert_int_equal(file_write(f->source, STR(FOUND), NULL), ERR_OK);
	c = load_text(f->conf, "sources: s.yaml\n");
	s = conf_source(c, STR("shop"));
	p = conf_page(s, STR("map"));
	assert_int_equal(p->format, FORMAT_SITEMAP);
	assert_int_equal(p->n_links, 2);
	assert_int_equal(p->links[0].sel.kind, SEL_NONE);
	assert_true(str_is(p->links[1].match, "https://a.example/item/*"));
	p = conf_page(s, STR("news"));
	assert_int_equal(p->format, FORMAT_FEED);
	assert_null(p->links[0].match.p);
	p = conf_page(s, STR("list"));
	assert_true(str_is(p->links[0].match, "*/item/*"));
	assert_int_equal(p->paging.next.kind, SEL_CSS);
	assert_null(p->paging.var.p);
	assert_int_equal(conf_page(s, STR("item"))->paging.next.kind, SEL_JQ);
	buf_init(&b, 1 << 20);
	conf_print(c, &b);
	assert_true(str_find(buf_str(&b), STR("format: sitemap")) > 0);
	assert_true(str_find(buf_str(&b), STR("match: \"*/sitemap-*.xml*\"")) > 0);
	assert_true(str_find(buf_str(&b), STR("next: { css: \"a[rel=next]\" }")) > 0);
	buf_done(&b);
	conf_free(c);
}

/* Printed, loaded, printed again: the same, but for the name of the file. */
static void test_print_again(void **state)
{
	const struct files *f = *state;
	struct buf one, two;
	struct conf *c;

	assert_int_equal(file_write(f->source, STR(SOURCE), NULL), ERR_OK);
	buf_init(&one, 1 << 20);
	buf_init(&two, 1 << 20);
	c = load_text(f->conf, "sources: [s.yaml]\nsalt: \"a\\u0085\\\"\\\\b\"\ntimeout: 90s\n"
			       "connect-to: ['a.example:443:127.0.0.1:8443', '::[::1]:80']\n"
			       "allow-networks: [127.0.0.0/8, '::1']\n"
			       "hosts: {b.example: {rate: 20/min}, c.example: {concurrency: 3}}\n");
	conf_print(c, &one);
	conf_free(c);
	assert_true(str_find(buf_str(&one), STR("\ntimeout: 90s\n")) > 0);
	assert_true(str_find(buf_str(&one), STR("# A whole request takes no longer.\n")) > 0);
	assert_true(str_find(buf_str(&one), STR("rate: 20/min")) > 0);
	assert_true(str_find(buf_str(&one), STR("\n#   name: shop\n")) > 0);
	assert_true(str_find(buf_str(&one), STR("xpath: \"//a/@href\"")) > 0);
	assert_true(str_find(buf_str(&one), STR("colour:")) > 0);
	c = load_text(f->again, one.p);
	assert_true(str_is(c->salt, "a\xc2\x85\"\\b"));
	conf_print(c, &two);
	conf_free(c);
	assert_string_equal(strchr(one.p, '\n'), strchr(two.p, '\n'));
	buf_done(&one);
	buf_done(&two);
}

static void test_json(void **state)
{
	const struct files *f = *state;
	struct conf *c;
	struct buf b;

	assert_int_equal(file_write(f->source, STR(SOURCE), NULL), ERR_OK);
	c = load_text(f->conf, "sources: [s.yaml]\n");
	buf_init(&b, 1 << 20);
	conf_json(c, &b);
	assert_true(str_find(buf_str(&b), STR("{\"key\":\"connect-timeout\",\"value\":\"10s\","
					      "\"default\":\"10s\"")) > 0);
	assert_true(str_find(buf_str(&b), STR("\"key\":\"retries\",\"value\":5")) > 0);
	assert_true(str_find(buf_str(&b), STR("\"name\":\"shop\"")) > 0);
	conf_free(c);
	buf_done(&b);
}

static void test_mdoc(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	conf_mdoc(&b);
	assert_true(str_find(buf_str(&b), STR("\n.It Ic max-body\n")) > 0);
	assert_true(str_find(buf_str(&b), STR("default 16MiB")) > 0);
	assert_false(b.full);
	buf_done(&b);
}

static uint64_t page_version(const struct files *f, const char *source)
{
	uint64_t version;
	struct conf *c;

	assert_int_equal(file_write(f->source, str_of(source), NULL), ERR_OK);
	c = load_text(f->conf, "sources: s.yaml\n");
	version = c->sources[0].pages[0].version;
	conf_free(c);
	return version;
}

static void test_page_version(void **state)
{
	static const struct {
		const char *page;
		bool same; /* as the first */
	} rows[] = {
		{ "{format: json, fields: {id: .i, title: .t}}", true },
		{ "{fields: {id: {jq: .i}, title: '.t'}, format: json, revisit: 1h}", true },
		{ "{format: html, fields: {id: .i, title: .t}}", false },
		{ "{format: json, fields: {id: .i, title: .u}}", false },
		{ "{format: json, fields: {title: .t, id: {jq: .i, prefix: x}}}", false },
		{ "{format: json, fields: {id: .i, title: .t, attributes: {size: .s}}}", false },
		{ "{format: json, items: .l, fields: {id: .i, title: .t}}", false },
		{ "{format: json, fields: {id: .i, title: .t}, links: [{find: .n, page: p}]}",
		  false },
		{ "{format: json, fields: {id: .i, title: {jq: .t, required: false}}}", false },
		{ "{format: json, fields: {id: .i, title: .t}, paging: {next: .n}}", false },
		{ "{format: json, fields: {id: .i, title: .t}, checks: {title: {pattern: a}}}",
		  false },
	};
	uint64_t first = 0, now;
	char text[400];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text),
			 "name: s\nseeds: [{page: p, url: 'https://a.example/'}]\npages: {p: %s}\n",
			 rows[i].page);
		now = page_version(*state, text);
		if (i == 0)
			first = now;
		if ((now == first) != rows[i].same)
			fail_msg("version of %s", rows[i].page);
	}
}

/* What an index is read by counts, too. */
static void test_link_version(void **state)
{
	static const char *const pages[] = {
		"{p: {format: sitemap, links: [{page: q}]}, q: {format: html}}",
		("{p: {format: sitemap, links: [{page: q}]}, "
		 "q: {format: sitemap, links: [{page: p}]}}"),
		"{p: {format: feed, links: [{page: q}]}, q: {format: html}}",
		"{p: {format: sitemap, links: [{match: '*', page: q}]}, q: {format: html}}",
		"{p: {format: sitemap, links: [{match: '*x', page: q}]}, q: {format: html}}",
	};
	uint64_t v[sizeof(pages) / sizeof(pages[0])];
	char text[400];

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		snprintf(text, sizeof(text),
			 "name: s\nseeds: [{page: p, url: 'https://a.example/'}]\npages: %s\n",
			 pages[i]);
		v[i] = page_version(*state, text);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(v[i], v[k]);
	}
}

static uint64_t rules_version(const struct files *f, const char *rules)
{
	uint64_t version;
	struct conf *c;

	assert_int_equal(file_write(f->rules, str_of(rules), NULL), ERR_OK);
	c = load_text(f->conf, "rules: [r.yaml]\n");
	version = c->rules.version;
	conf_free(c);
	return version;
}

static void test_rules_version(void **state)
{
	uint64_t first = rules_version(*state, "rules:\n  r: {flag: wanted, any: [삽니다]}\n");

	assert_int_equal(first, rules_version(*state, "# words\nrules:\n  r:\n    any:\n"
						      "      - 삽니다\n    flag: wanted\n"));
	assert_int_not_equal(first,
			     rules_version(*state, "rules: {r: {flag: wanted, all: [삽니다]}}\n"));
	assert_int_not_equal(first,
			     rules_version(*state, "rules: {q: {flag: wanted, any: [삽니다]}}\n"));
	assert_int_not_equal(
		first,
		rules_version(*state,
			      "rules: {r: {flag: wanted, any: [삽니다], precision: 0.9}}\n"));
	assert_int_not_equal(
		first,
		rules_version(*state, "rules: {r: {flag: wanted, any: [삽니다], family: f}}\n"));
	assert_int_not_equal(
		first,
		rules_version(*state, "rules: {r: {flag: wanted, any: [삽니다], priority: 1}}\n"));
}

static void test_rule_words(void **state)
{
	const struct files *f = *state;
	struct conf *c;

	assert_int_equal(
		file_write(f->rules,
			   STR("rules: {r: {flag: wanted, any: ['T-Shirt', 'ＪＥＡＮＳ']}}\n"),
			   NULL),
		ERR_OK);
	c = load_text(f->conf, "rules: [r.yaml]\n");
	assert_true(str_is(c->rules.rules[0].any[0].text, "t shirt"));
	assert_true(str_is(c->rules.rules[0].any[1].text, "jeans"));
	assert_true(c->rules.rules[0].price_min == LISTING_NO_PRICE);
	assert_int_equal(c->rules.rules[0].taxon, -1);
	conf_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_minimal),
		cmocka_unit_test(test_systemd_folders),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_source),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_print_again),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_mdoc),
		cmocka_unit_test(test_page_version),
		cmocka_unit_test(test_link_version),
		cmocka_unit_test(test_rules_version),
		cmocka_unit_test(test_rule_words),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
