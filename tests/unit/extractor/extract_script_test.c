/* JSON that stands in the scripts of a page, in the shapes that marketplaces have it. */
#include "tests/unit/extractor/extract_make.h"

#define NEXT(json) "<script id=\"__NEXT_DATA__\" type=\"application/json\">" json "</script>"

/* Of each listing id, title, price; or why there is none. */
static const struct {
	const char *name, *script, *items, *page, *want;
} rows[] = {
	{ "Joongna's queries", "__NEXT_DATA__",
	  ".props.pageProps.dehydratedState.queries[] | select(.queryKey[0] == "
	  "\"get-search-products\") | .state.data.data.items[]",
	  "<p>1 &lt; 2</p><script>var a = 1;</script>" NEXT(
		  "{\"props\":{\"pageProps\":{\"dehydratedState\":{\"queries\":[{\"queryKey\":["
		  "\"x\"]},"
		  "{\"queryKey\":[\"get-search-products\",1],\"state\":{\"data\":{\"data\":{"
		  "\"items\":[{"
		  "\"id\":7,\"title\":\"\\u003c패딩\\u003e\",\"price\":5000},{\"id\":8,\"title\":"
		  "\"코트\","
		  "\"price\":6000}]}}}}]}}}}"),
	  "7 <패딩> 5000|8 코트 6000|" },
	{ "Daangn's loader data", "window.__remixContext",
	  ".state.loaderData | to_entries[] | .value.fleamarketArticles // empty | .[]",
	  "<script>window.__other = {\"id\":1};window.__remixContext = {\"state\":{\"loaderData\":{"
	  "\"root\":{},\"routes/kr\":{\"fleamarketArticles\":[{\"id\":\"a1\",\"title\":\"의자\","
	  "\"price\":\"200000\"}]}}}};__remixContext.p = function(v,e,p){return p};</script>",
	  "a1 의자 200000|" },
	{ "pieces of a stream", "__next_f", "[.. | objects | select(has(\"goods\"))][0].goods[]",
	  "<script>(self.__next_f=self.__next_f||[]).push([0])</"
	  "script><script>self.__next_f.push([1,"
	  "\"1:{\\\"goods\\\":[{\\\"id\\\":1,\\\"tit\"])</"
	  "script><script>self.__next_f.push([1,\"le\\\":"
	  "\\\"A\\\",\\\"price\\\":3}]}\\n2:[\\\"$\\\",\\\"p\\\"]\\n\"])</script>",
	  "1 A 3|" },
	{ "JSON-LD", "ld+json", ".[] | select(.[\"@type\"] == \"Product\")",
	  "<script type=\"application/ld+json\">{\"@type\":\"WebSite\"}</script><script "
	  "type=\"application/"
	  "ld+json\">{\"@type\":\"Product\",\"id\":4,\"title\":\"B\",\"price\":1,}"
	  "</script>",
	  "4 B 1|" },
	{ "a name without its global, no price, a text that is parsed", "STATE", ".list[]",
	  "<script>self.STATE = "
	  "JSON.parse(\"{\\\"list\\\":[{\\\"id\\\":1,\\\"title\\\":\\\"A\\\"}]}\")"
	  "</script>",
	  "1 A -|" },
	{ "not the longer name, nor a comparison", "STATE", ".list[]",
	  "<script>if(STATE=={})MY_STATE={list:[{id:1,title:'X'}]};window.STATE={list:[{id:2,"
	  "title:'Y',price:9}]}</script>",
	  "2 Y 9|" },
	{ "none", "STATE", ".list[]", "<script>var x = {\"STATE\": 1}</script><p>STATE</p>",
	  "no script has JSON for `STATE`" },
	{ "no page", "STATE", ".list[]", "", "the body is empty" },
};

static void scripts_are_read_by_jq(void **state)
{
	struct buf b;
	struct made m;

	(void)state;
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		made_init(&m, FORMAT_JSON);
		m.page.script = str_of(rows[i].script);
		m.page.items = sel_of(SEL_JQ, rows[i].items);
		made_field(&m, FIELD_ID, SEL_JQ, ".id");
		made_field(&m, FIELD_TITLE, SEL_JQ, ".title");
		made_field(&m, FIELD_PRICE, SEL_JQ, ".price");
		buf_clear(&b);
		if (made_run(&m, str_of(rows[i].page), "text/html; charset=utf-8"))
			buf_add_text(&b, m.why.text);
		for (int k = 0; !m.why.text[0] && k < m.out.n_listings; k++) {
			const struct str *f = m.out.listings[k].field;

			buf_fmt(&b, "%.*s %.*s %.*s|", STR_ARG(f[FIELD_ID]),
				STR_ARG(f[FIELD_TITLE]),
				STR_ARG(f[FIELD_PRICE].p ? f[FIELD_PRICE] : STR("-")));
		}
		if (!str_is(buf_str(&b), rows[i].want))
			fail_msg("%s: %s, not %s", rows[i].name, buf_str(&b).p, rows[i].want);
		made_done(&m);
	}
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(scripts_are_read_by_jq) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
