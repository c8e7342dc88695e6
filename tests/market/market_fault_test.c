/* Which requests a fault befalls, and what it does to their answers. */
#include "market_fault.h"
#include "market_gzip.h"
#include "market_spoil.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

static void specs_are_checked(void **state)
{
	static const struct {
		const char *spec;
		enum err err;
	} cases[] = {
		{ "429", ERR_OK },
		{ "429:after=3,date=1,every=10,burst=2,path=/api/,host=a.example", ERR_OK },
		{ "truncate:at=0", ERR_OK },
		{ "reset:at=99", ERR_OK },
		{ "reset:at=100", ERR_BAD },
		{ "", ERR_BAD },
		{ "nonsense", ERR_BAD },
		{ "429:", ERR_BAD },
		{ "429:after", ERR_BAD },
		{ "429:after=x", ERR_BAD },
		{ "429:after=-1", ERR_BAD },
		{ "429:colour=1", ERR_BAD },
		{ "status:code=200", ERR_BAD },
		{ "slow:ms=99999999", ERR_BAD },
		{ "slow:host=a-name-that-is-much-longer-than-sixty-three-bytes-and-so-too-long.ex",
		  ERR_BAD },
	};
	struct market_faults *f = market_faults_new();
	struct reason why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(market_fault_add(f, str_of(cases[i].spec), &why), cases[i].err);
	market_faults_free(f);
}

/* One letter a request: x is hit, . is not. Requests go to /0, /1, /0, ... */
static void chosen_by_number_and_url(void **state)
{
	static const struct {
		const char *spec, *hits;
	} cases[] = {
		{ "503", "xxxxxxxx" },
		{ "503:every=3", "x..x..x." },
		{ "503:every=4,burst=2", "xx..xx.." },
		{ "503:first=3", "xxx....." },
		{ "503:every=2,first=2", "x.x....." },
		{ "503:each=1", "xx......" },
		{ "503:each=2", "xxxx...." },
		{ "503:path=/1", ".x.x.x.x" },
		{ "503:path=/1,every=2", ".x...x.." },
		{ "503:host=b.example", "........" },
		{ "503:share=0", "........" },
	};
	struct reason why;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct market_faults *f = market_faults_new();
		char hits[9] = "";

		assert_int_equal(market_fault_add(f, str_of(cases[i].spec), &why), ERR_OK);
		for (k = 0; k < 8; k++)
			hits[k] = market_fault_pick(f, STR("a.example"),
						    k % 2 ? STR("/1") : STR("/0"))
							  .does != FAULT_NONE
					  ? 'x'
					  : '.';
		assert_string_equal(hits, cases[i].hits);
		market_faults_free(f);
	}
}

static void a_share_of_urls_is_always_the_same(void **state)
{
	struct market_faults *f = market_faults_new();
	struct reason why;
	int hits = 0, again = 0, n, i;
	char url[32];

	(void)state;
	assert_int_equal(market_fault_add(f, STR("503:share=20"), &why), ERR_OK);
	for (n = 0; n < 2; n++)
		for (i = 0; i < 1000; i++) {
			struct str path = { url, (size_t)snprintf(url, sizeof(url), "/%d", i) };
			bool hit = market_fault_pick(f, STR("h"), path).does == FAULT_STATUS;

			if (n == 0)
				hits += hit;
			else
				again += hit;
		}
	assert_in_range(hits, 150, 250);
	assert_int_equal(hits, again);
	market_faults_free(f);
}

/* More URLs than the first table of counts holds. */
static void urls_are_counted_apart(void **state)
{
	struct market_faults *f = market_faults_new();
	struct reason why;
	int n, i;
	char url[32];

	(void)state;
	assert_int_equal(market_fault_add(f, STR("503:each=1"), &why), ERR_OK);
	for (n = 0; n < 2; n++)
		for (i = 0; i < 5000; i++) {
			struct str path = { url, (size_t)snprintf(url, sizeof(url), "/%d", i) };
			bool hit = market_fault_pick(f, STR("h"), path).does == FAULT_STATUS;

			assert_int_equal(hit, n == 0);
		}
	market_fault_clear(f);
	assert_int_equal(market_fault_pick(f, STR("h"), STR("/0")).does, FAULT_NONE);
	market_faults_free(f);
}

static struct market_fault parsed(const char *spec)
{
	struct market_faults *f = market_faults_new();
	struct market_fault fault;
	struct reason why;

	assert_int_equal(market_fault_add(f, str_of(spec), &why), ERR_OK);
	fault = market_fault_pick(f, STR("h"), STR("/"));
	market_faults_free(f);
	return fault;
}

static void spoil(const char *spec, const char *type, const char *body, struct market_answer *a)
{
	struct market_fault f = parsed(spec);

	market_answer_init(a);
	a->type = type;
	buf_add_text(&a->body, body);
	market_spoil_answer(&f, 1700000000000, a);
}

static void answers_are_spoilt(void **state)
{
	static const char json[] = "application/json; charset=utf-8", html[] = "text/html";
	static const struct {
		const char *spec, *type, *body, *after, *retry;
		int status;
	} cases[] = {
		{ "429:after=5", json, "{}", "429\n", "5", 429 },
		{ "503:after=60,date=1", json, "{}", "503\n", "Tue, 14 Nov 2023 22:14:20 GMT",
		  503 },
		{ "status:code=418", json, "{}", "418\n", "", 418 },
		{ "empty", json, "{}", "", "", 200 },
		{ "badjson", json, "{\"a\":[1,2]}", "{\"a\":[1,]}", "", 200 },
		{ "badjson", html, "{\"a\":1}</script>", "{\"a\":1,}</script>", "", 200 },
		{ "markup", json, "{\"list\":[]}", "{\"products\":[]}", "", 200 },
		{ "category", json, "{\"category_id\":\"310\",\"a\":1}",
		  "{\"category_id\":\"999999999\",\"a\":1}", "", 200 },
		{ "category", html, "<span class=\"category\">a&gt;b</span>",
		  "<span class=\"category\">기타>기타>기타</span>", "", 200 },
		{ "endless", html, "<p>1</p></body>",
		  "<p>1</p><a rel=\"next\" href=\"\">다음</a></body>", "", 200 },
		{ "session", html, "<a href=\"/item/1\">1</a><a href=\"/list?a=1\">2</a>",
		  "<a href=\"/item/1?PHPSESSID=0000000000000001\">1</a><a "
		  "href=\"/list?a=1&amp;PHPSESSID=0000000000000001\">2</a>",
		  "", 200 },
		{ "tracked", html, "<a href=\"/item/1\">1</a>",
		  "<a href=\"/item/1?t=0000000000000001\">1</a>", "", 200 },
		{ "markup", html, "<article class=\"listing\">", "<article class=\"prd-wrap\">", "",
		  200 },
		{ "euckr", html, "<meta charset=\"utf-8\">가&😀",
		  "<meta charset=\"euc-kr\">\xb0\xa1&&#128512;", "", 200 },
		{ "euckr", json, "\"가\"", "\"가\"", "", 200 },
		{ "slow", json, "{}", "{}", "", 200 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct market_answer a;

		spoil(cases[i].spec, cases[i].type, cases[i].body, &a);
		assert_int_equal(a.status, cases[i].status);
		assert_string_equal(a.retry_after, cases[i].retry);
		assert_int_equal(a.body.n, strlen(cases[i].after));
		assert_memory_equal(buf_str(&a.body).p, cases[i].after, a.body.n);
		market_answer_done(&a);
	}
}

static size_t unpacked(struct str packed)
{
	static unsigned char out[1 << 16];
	z_stream z = { 0 };
	size_t n = 0;
	int code;

	assert_int_equal(inflateInit2(&z, MAX_WBITS + 16), Z_OK);
	memcpy(&z.next_in, &packed.p, sizeof(packed.p));
	z.avail_in = (uInt)packed.n;
	do {
		z.next_out = out;
		z.avail_out = sizeof(out);
		code = inflate(&z, Z_NO_FLUSH);
		n += sizeof(out) - z.avail_out;
	} while (code == Z_OK);
	assert_int_equal(code, Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	inflateEnd(&z);
	return n;
}

static void bombs_are_whole_gzip(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 24);
	market_gzip_bomb(5, &b);
	assert_int_equal(unpacked(buf_str(&b)), 5 << 20);
	assert_in_range(b.n, 100, 20000);
	buf_clear(&b);
	market_gzip_pack(STR("abc"), &b);
	assert_int_equal(unpacked(buf_str(&b)), 3);
	buf_done(&b);
}

static void faults_are_listed(void **state)
{
	struct market_faults *f = market_faults_new();
	struct reason why;
	struct buf b;
	json_t *j;

	(void)state;
	buf_init(&b, 1 << 16);
	market_fault_add(f, STR("503:path=/a"), &why);
	market_fault_pick(f, STR("h"), STR("/a"));
	market_fault_pick(f, STR("h"), STR("/b"));
	market_fault_json(f, &b);
	j = json_loadb(b.p, b.n, 0, NULL);
	assert_non_null(j);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(j, 0), "hit")), 1);
	json_decref(j);
	buf_done(&b);
	market_faults_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specs_are_checked),
		cmocka_unit_test(chosen_by_number_and_url),
		cmocka_unit_test(a_share_of_urls_is_always_the_same),
		cmocka_unit_test(urls_are_counted_apart),
		cmocka_unit_test(answers_are_spoilt),
		cmocka_unit_test(bombs_are_whole_gzip),
		cmocka_unit_test(faults_are_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
