/* The configuration that is shipped loads, and says what it should. */
#include "base/file.h"
#include "base/mem.h"
#include "config/conf.h"
#include "config/conf_piped.h"
#include "config/conf_rules.h"
#include "config/conf_taxonomy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct conf *load(const char *path)
{
	struct conf_problem *problems;
	struct conf *c = NULL;
	char text[512];
	int n;

	if (conf_load(path, &c, &problems, &n)) {
		for (int i = 0; i < n; i++) {
			conf_problem_text(&problems[i], text);
			print_error("%s\n", text);
		}
		mem_free(problems);
		fail_msg("%s does not load", path);
	}
	return c;
}

static int index_of(const struct conf *c, const char *code)
{
	int i = conf_taxon(c, str_of(code));

	if (i < 0)
		fail_msg("no category %s", code);
	return i;
}

static void test_bunjang(void **state)
{
	struct conf *c = load(PIPED_SOURCE "/etc/piped.yaml");
	const struct conf_source *s = conf_source(c, STR("bunjang"));
	const struct conf_page *p;

	(void)state;
	assert_non_null(s);
	assert_int_equal(c->n_sources, 1);
	assert_int_equal(s->n_hosts, 1);
	assert_true(str_is(s->hosts[0], "api.bunjang.co.kr"));
	assert_true(s->enabled && s->concurrency == 1 && s->rate > 0.99 && s->rate < 1.01);
	assert_int_equal(s->n_seeds, 2);
	assert_int_equal(s->seeds[0].n_vars, 3);
	assert_int_equal(s->seeds[0].n_splits, 3);
	assert_int_equal(s->seeds[0].vars[0].n, 7);
	assert_int_equal(s->n_status, 4);
	assert_int_equal(s->status[3].to, LISTING_SOLD);
	p = conf_page(s, STR("search"));
	assert_non_null(p);
	assert_int_equal(p->format, FORMAT_JSON);
	assert_int_equal(p->items.kind, SEL_JQ);
	assert_true(p->lists && p->n_fields == 12);
	assert_true(str_is(p->fields[1].prefix, "https://m.bunjang.co.kr/products/"));
	assert_true(p->fields[0].required && !p->fields[1].required);
	assert_true(str_is(p->paging.var, "page") && p->paging.window == 10000);
	conf_free(c);
}

/* Asks for credentials by name, and does not start without. */
static void test_naver(void **state)
{
	char path[] = "/tmp/piped-etc-XXXXXX";
	const struct conf_source *s;
	struct conf *c;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(
		file_write(path,
			   STR("sources: [" PIPED_SOURCE "/etc/sources/naver-shopping.yaml]\n"),
			   NULL),
		ERR_OK);
	unsetenv("CREDENTIALS_DIRECTORY");
	unsetenv("PIPED_CREDENTIAL_NAVER_CLIENT_ID");
	setenv("PIPED_CREDENTIAL_NAVER_CLIENT_SECRET", "a-secret", 1);
	c = load(path);
	s = &c->sources[0];
	assert_true(str_is(s->name, "naver-shopping"));
	assert_true(str_is(s->hosts[0], "openapi.naver.com"));
	assert_int_equal(s->n_credentials, 2);
	assert_true(s->enabled && !conf_source_runs(s));
	assert_non_null(strstr(s->missing.p, "`naver-client-id` (headers: X-Naver-Client-Id)"));
	conf_free(c);
	setenv("PIPED_CREDENTIAL_NAVER_CLIENT_ID", "an-id-of-some-length", 1);
	c = load(path);
	assert_true(conf_source_runs(&c->sources[0]));
	conf_free(c);
	unlink(path);
}

static void test_taxonomy(void **state)
{
	struct conf *c = load(PIPED_SOURCE "/etc/piped.yaml");
	int leaves = 0, jacket = index_of(c, "men.outer.jacket");
	bool mapped = false;

	(void)state;
	for (int i = 0; i < c->taxonomy.n_taxa; i++)
		leaves += c->taxonomy.taxa[i].leaf;
	assert_int_equal(leaves, 157);
	assert_true(c->taxonomy.taxa[jacket].leaf);
	assert_int_equal(c->taxonomy.taxa[jacket].parent, index_of(c, "men.outer"));
	assert_false(c->taxonomy.taxa[index_of(c, "men.outer")].leaf);
	assert_int_equal(c->taxonomy.taxa[index_of(c, "men")].parent, -1);
	for (int i = 0; i < c->taxonomy.n_mappings; i++)
		if (str_is(c->taxonomy.mappings[i].from, "320300400"))
			mapped = c->taxonomy.mappings[i].taxon == jacket;
	assert_true(mapped);
	conf_free(c);
}

static void test_rules(void **state)
{
	struct conf *c = load(PIPED_SOURCE "/etc/piped.yaml");
	int flags = 0;

	(void)state;
	assert_true(c->rules.n_rules >= 60);
	for (int i = 0; i < c->rules.n_rules; i++) {
		const struct conf_rule *u = &c->rules.rules[i];

		assert_true((u->taxon >= 0) != (u->flag >= 0));
		flags += u->flag >= 0;
	}
	assert_true(flags >= 5);
	assert_true(c->rules.version != 0);
	conf_free(c);
}

/* piped.yaml is where people look for keys: all of them are there, and its
 * comments tell the truth about defaults. */
static void test_every_key_and_default(void **state)
{
	char line[300];
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	assert_int_equal(file_read(PIPED_SOURCE "/etc/piped.yaml", &b, NULL), ERR_OK);
	for (const struct conf_row *row = conf_piped_rows; row->name; row++) {
		if (row->def)
			snprintf(line, sizeof(line), "\n# %s: %s", row->name, row->def);
		else
			snprintf(line, sizeof(line), "%s:", row->name);
		if (str_find(buf_str(&b), str_of(line)) < 0)
			fail_msg("etc/piped.yaml does not show \"%s\"", line + (row->def != NULL));
	}
	buf_done(&b);
}

/* Every bunjang id under a real leaf of the real listings has a leaf of ours. */
static int taxon_of(const struct conf *c, struct str id)
{
	size_t best = 0;
	int taxon = -1;

	for (int i = 0; i < c->taxonomy.n_mappings; i++) {
		const struct conf_mapping *m = &c->taxonomy.mappings[i];
		bool any = str_ends(m->from, STR("*"));
		struct str head = str_sub(m->from, 0, m->from.n - any);

		if (!str_is(m->source, "bunjang") ||
		    !(any ? str_starts(id, head) : str_eq(id, m->from)))
			continue;
		if (taxon < 0 || 2 * head.n + !any > best) {
			best = 2 * head.n + !any;
			taxon = m->taxon;
		}
	}
	return taxon;
}

static void check_tree(const struct conf *c, struct str tree)
{
	struct str lines = tree, line, id, next = { 0 }, rest, next_id;
	static const char *const tops[] = { "310", "320", "400", "405", "421", "422", "430" };

	while (str_next(&lines, '\n', &line)) {
		bool ours = false, inner = false;
		int taxon;

		if (!str_next(&line, '\t', &id) || id.n < 3)
			continue;
		for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++)
			ours = ours || str_starts(id, str_of(tops[i]));
		if (!ours)
			continue;
		for (rest = tree; str_next(&rest, '\n', &next);)
			if (str_next(&next, '\t', &next_id) && next_id.n > id.n &&
			    str_starts(next_id, id))
				inner = true;
		taxon = taxon_of(c, id);
		if (taxon < 0 || c->taxonomy.taxa[taxon].leaf == inner)
			fail_msg("id %.*s maps to %s", STR_ARG(id),
				 taxon < 0 ? "nothing" : c->taxonomy.taxa[taxon].code.p);
	}
}

static void test_real_categories(void **state)
{
	const char *path = PIPED_SHARED "/data/bunjang/categories_2023.tsv";
	struct conf *c;
	struct buf b;

	(void)state;
	if (access(path, R_OK) != 0) {
		print_message("no %s: nothing to compare with\n", path);
		skip();
	}
	c = load(PIPED_SOURCE "/etc/piped.yaml");
	buf_init(&b, 1 << 20);
	assert_int_equal(file_read(path, &b, NULL), ERR_OK);
	check_tree(c, buf_str(&b));
	buf_done(&b);
	conf_free(c);
}

static void test_market(void **state)
{
	char path[] = "/tmp/piped-conf-XXXXXX";
	static const char text[] = "sources: [" PIPED_SOURCE "/etc/sources]\n"
				   "taxonomy: " PIPED_SOURCE "/etc/taxonomy/fashion.yaml\n"
				   "rules: " PIPED_SOURCE "/etc/rules/*.yaml\n";
	const struct conf_source *s;
	struct conf *c;
	int fd;

	(void)state;
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(file_write(path, str_of(text), NULL), ERR_OK);
	c = load(path);
	s = conf_source(c, STR("market-html"));
	assert_non_null(s);
	assert_int_equal(conf_page(s, STR("detail"))->fields[0].sel.kind, SEL_CSS);
	assert_int_equal(conf_page(s, STR("list"))->n_links, 1);
	s = conf_source(c, STR("market-sitemap"));
	assert_non_null(s);
	assert_int_equal(conf_page(s, STR("map"))->format, FORMAT_SITEMAP);
	conf_free(c);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_naver),
		cmocka_unit_test(test_bunjang),
		cmocka_unit_test(test_taxonomy),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_every_key_and_default),
		cmocka_unit_test(test_real_categories),
		cmocka_unit_test(test_market),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
