/* Credentials: where they are looked for, what is missing, and that none is shown. */
#include "config/conf_auth.h"
#include "config/conf_proxy.h"

#include "base/file.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N(x) (int)(sizeof(x) / sizeof((x)[0]))

static char folder[64];

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/piped-auth-XXXXXX");
	unsetenv("CREDENTIALS_DIRECTORY");
	unsetenv("PIPED_CREDENTIAL_SHOP_KEY");
	unsetenv("PIPED_CREDENTIAL_CORP");
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static void put(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_write(path, str_of(text), NULL), ERR_OK);
}

/* A source with `lines`; `piped` are those of piped.yaml. */
static struct conf *load(const char *piped, const char *lines, struct conf_problem **ret,
			 int *ret_n)
{
	struct conf *c = NULL;
	char path[128], text[4096];

	snprintf(text, sizeof(text), "sources: [shop.yaml]\n%s", piped);
	put("piped.yaml", text);
	snprintf(text, sizeof(text),
		 "name: shop\n%s\npages: { p: { format: json, links: [{ find: .x, page: p }] } }\n",
		 lines);
	put("shop.yaml", text);
	snprintf(path, sizeof(path), "%s/piped.yaml", folder);
	conf_load(path, &c, ret, ret_n);
	return c;
}

static struct conf *load_fine(const char *piped, const char *lines)
{
	struct conf_problem *problems;
	struct conf *c;
	int n;

	c = load(piped, lines, &problems, &n);
	if (!c)
		fail_msg("%s", n ? problems[0].text : "?");
	return c;
}

#define SEED "seeds: [{ page: p, url: https://shop.example/ }]\n"
#define BEARER SEED "auth: { type: bearer, credential: shop.key }\n"

static void found(void **state)
{
	static const struct {
		const char *file, *environment, *value; /* value NULL: missing */
		const char *why;
	} rows[] = {
		{ "s3cret-value", NULL, "s3cret-value", NULL },
		{ "s3cret-value\n", NULL, "s3cret-value", NULL },
		{ "s3cret-value\r\n", "of-the-environment", "s3cret-value", NULL },
		{ NULL, "of-the-environment", "of-the-environment", NULL },
		{ "", "of-the-environment", "of-the-environment", NULL },
		{ NULL, NULL, NULL, "$PIPED_CREDENTIAL_SHOP_KEY is not set" },
		{ "", NULL, NULL, "shop.key is empty" },
		{ "short", NULL, NULL, "shorter than 6 bytes" },
		{ "two\nlines", NULL, NULL, "line breaks" },
		{ NULL, "tab\there", NULL, "$PIPED_CREDENTIAL_SHOP_KEY has line breaks" },
	};
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/shop.key", folder);
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	for (int i = 0; i < N(rows); i++) {
		const struct conf_source *s;
		struct conf *c;

		unlink(path);
		unsetenv("PIPED_CREDENTIAL_SHOP_KEY");
		if (rows[i].file)
			put("shop.key", rows[i].file);
		if (rows[i].environment)
			setenv("PIPED_CREDENTIAL_SHOP_KEY", rows[i].environment, 1);
		c = load_fine("", BEARER);
		s = &c->sources[0];
		assert_int_equal(s->n_credentials, 1);
		assert_int_equal(conf_source_runs(s), rows[i].value != NULL);
		if (rows[i].value)
			assert_true(str_is(s->credentials[0].value, rows[i].value));
		else if (!s->missing.p || !strstr(s->missing.p, rows[i].why))
			fail_msg("%d: %s", i, s->missing.p);
		conf_free(c);
	}
}

/* Names the source, the key, and every place that was looked at. */
static void says_what_is_missing(void **state)
{
	struct conf *c;

	(void)state;
	c = load_fine("", BEARER);
	assert_string_equal(c->sources[0].missing.p,
			    "source shop does not start: no credential `shop.key` (auth): "
			    "$CREDENTIALS_DIRECTORY is not set; $PIPED_CREDENTIAL_SHOP_KEY is not "
			    "set");
	assert_true(c->sources[0].enabled);
	conf_free(c);
	c = load_fine("", BEARER "headers: { X-Id: \"a {credential:shop.id}\" }\n");
	assert_non_null(strstr(c->sources[0].missing.p, "`shop.key` (auth): "));
	assert_non_null(strstr(c->sources[0].missing.p, "; nor `shop.id` (headers: X-Id)"));
	conf_free(c);
	c = load_fine("", SEED "headers: { X-Id: \"a {credential:shop.key}\" }\n");
	assert_non_null(strstr(c->sources[0].missing.p, "(headers: X-Id)"));
	conf_free(c);
	c = load_fine("",
		      "seeds: [{ page: p, url: \"https://shop.example/?k={credential:shop.key}\" "
		      "}]\n");
	assert_non_null(strstr(c->sources[0].missing.p, "(seeds: url)"));
	assert_true(c->sources[0].credentials[0].in_urls);
	conf_free(c);
	c = load_fine("proxy: \"http://{credential:corp}@127.0.0.1:3128\"\n", SEED);
	assert_non_null(strstr(c->sources[0].missing.p, "`corp` (proxy)"));
	assert_false(c->sources[0].credentials[0].in_urls);
	conf_free(c);
	/* whoever goes another way does not need it */
	c = load_fine("proxy: \"http://{credential:corp}@127.0.0.1:3128\"\n", SEED "proxy: none\n");
	assert_true(conf_source_runs(&c->sources[0]));
	conf_free(c);
}

static void never_shown(void **state)
{
	struct buf b;
	struct conf *c;

	(void)state;
	setenv("PIPED_CREDENTIAL_SHOP_KEY", "s3cret-value", 1);
	c = load_fine("",
		      SEED "headers: { X-Api-Key: \"{credential:shop.key}\", X-Author: kim, "
			   "X-Keyword: coat, Authorization: \"Basic {credential:shop.key}\" }\n");
	assert_int_equal(c->sources[0].n_headers, 4);
	conf_free(c);
	c = load_fine("", BEARER "headers: { X-Id: \"{credential:shop.key}\" }\n");
	assert_true(conf_source_runs(&c->sources[0]));
	buf_init(&b, 1 << 20);
	conf_print(c, &b);
	conf_json(c, &b);
	assert_true(str_find(buf_str(&b), STR("s3cret")) < 0);
	assert_true(str_find(buf_str(&b), STR("{credential:shop.key}")) > 0);
	assert_true(str_find(buf_str(&b), STR("credential: shop.key")) > 0);
	buf_done(&b);
	conf_free(c);
}

static void problems(void **state)
{
	static const struct {
		const char *piped, *source, *text;
	} rows[] = {
		{ "", SEED "auth: { type: digest, credential: a }",
		  "basic, bearer, header, query" },
		{ "", SEED "auth: { type: bearer }", "credential" },
		{ "", SEED "auth: { type: bearer, credential: \"A b\" }", "credential" },
		{ "", SEED "auth: { type: header, credential: a }", "wants a `name`" },
		{ "", SEED "auth: { type: query, credential: a, name: \"a b\" }", "letters" },
		{ "", SEED "auth: { type: bearer, credential: a, user: b }", "type basic" },
		{ "", SEED "auth: { type: basic, credential: a, name: b }", "header and query" },
		{ "", SEED "auth: { type: basic, credential: a, user: \"b:c\" }", "no colon" },
		{ "", "seeds: [{ page: p, url: \"https://shop.example/{credential:A_B}\" }]",
		  "braces hold a variable" },
		{ "", SEED "proxy: proxy.example:3128", "a proxy is" },
		{ "", SEED "proxy: ftp://proxy.example:3128", "a proxy is" },
		{ "", SEED "proxy: socks5://proxy.example:3128", "a proxy is" },
		{ "", SEED "proxy: http://proxy.example", "has a port" },
		{ "", SEED "proxy: http://anna:geheim@proxy.example:3128", "{credential:NAME}" },
		{ "", SEED "proxy: http://x{credential:a}@proxy.example:3128",
		  "{credential:NAME}" },
		{ "", SEED "redirect-hosts: [\"https://a.example/\"]", "host" },
		{ "no-proxy: [\"a.example:80\"]\n", SEED, "no port" },
		{ "proxy: http://anna:geheim@proxy.example:3128\n", SEED, "{credential:NAME}" },
	};

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		struct conf_problem *p = NULL;
		struct conf *c;
		int n = 0;

		c = load(rows[i].piped, rows[i].source, &p, &n);
		if (c || n == 0 || !strstr(p[0].text, rows[i].text))
			fail_msg("%s%s: %s", rows[i].piped, rows[i].source, n ? p[0].text : "fine");
		assert_true(p[0].at.line > 0);
		mem_free(p);
		conf_free(c);
	}
}

static void placeholders(void **state)
{
	static const struct {
		const char *text, *before, *name, *rest;
	} rows[] = {
		{ "a{credential:b}c", "a", "b", "c" },
		{ "%7Bcredential:b%7D", "", "b", "" },
		{ "/%7bcredential%3Ax.y-z%7d?q", "/", "x.y-z", "?q" },
		{ "{page}{credential:b}", "{page}", "b", "" },
		{ "{credential:}{credential:b}", "{credential:}", "b", "" },
		{ "{credential:b", NULL, NULL, NULL },
		{ "{credential:B}", NULL, NULL, NULL },
		{ "{credential b}", NULL, NULL, NULL },
		{ "{credential%3", NULL, NULL, NULL },
		{ "%", NULL, NULL, NULL },
		{ "", NULL, NULL, NULL },
	};

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		struct str rest = str_of(rows[i].text), before, name;
		bool any = conf_auth_next(&rest, &before, &name);

		assert_int_equal(any, rows[i].before != NULL);
		if (!any) {
			assert_true(str_is(before, rows[i].text));
			continue;
		}
		if (!str_is(before, rows[i].before) || !str_is(name, rows[i].name) ||
		    !str_is(rest, rows[i].rest))
			fail_msg("%s", rows[i].text);
	}
}

static void hosts_without_proxy(void **state)
{
	const struct str no[] = { STR("a.example"), STR(".b.example"), STR("[::1]") };

	(void)state;
	assert_true(conf_proxy_skips(no, N(no), STR("A.example")));
	assert_false(conf_proxy_skips(no, N(no), STR("x.a.example")));
	assert_true(conf_proxy_skips(no, N(no), STR("x.y.B.example")));
	assert_false(conf_proxy_skips(no, N(no), STR("b.example")));
	assert_false(conf_proxy_skips(no, N(no), STR("xb.example")));
	assert_true(conf_proxy_skips(no, N(no), STR("[::1]")));
	assert_false(conf_proxy_skips(no, 0, STR("a.example")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(found),
		TEST(says_what_is_missing),
		TEST(never_shown),
		TEST(problems),
		cmocka_unit_test(placeholders),
		cmocka_unit_test(hosts_without_proxy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
