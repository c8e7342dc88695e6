/* Rules as files have them: what each way of saying it finds. */
#include "tests/unit/labeler/rules_world.h"

#define TAXONOMY                                                                                   \
	"name: t\nversion: 1\nsources: [bazaar, shop]\ntaxa:\n  a: {ko: 가, en: A}\n"             \
	"  b: {ko: 나, en: B}\n"

static const char all_rules[] =
	"lists:\n"
	"  brands: [나이키, adidas, the north face]\n"
	"  shoes: {words: [boot], whole: false, file: words.txt}\n"
	"rules:\n"
	"  word: {taxon: a, any: [자켓, xl]}\n"
	"  phrase: {taxon: a, any: [롱 코트]}\n"
	"  whole: {taxon: a, any: [{word: 네고, whole: true}, {word: cap, whole: false}]}\n"
	"  whole-rule: {taxon: a, whole: true, any: [힐, {word: 뮬, whole: by-script}]}\n"
	"  one-list: {taxon: a, all: [{list: brands}, 패딩]}\n"
	"  no-list: {taxon: a, any: [모자], none: [{list: brands}, {list: shoes}]}\n"
	"  any-list: {taxon: b, any: [{list: shoes}, 샌들]}\n"
	"  two-regexes: {taxon: a, regex: ['^[a-z]+ 가방', '가방 \\d+$']}\n"
	"  any-regex: {taxon: a, any: [반지, {regex: '(?<!귀)걸이$'}, {written: '\\[링\\]'}]}\n"
	"  none-regex: {taxon: a, any: [교환], none: [{regex: '교환 ?(x|안|불가)'}]}\n"
	"  all-regex: {taxon: a, all: [청, {regex: '바지|치마'}]}\n"
	"  back: {taxon: b, regex: '(\\b\\w+\\b) \\1'}\n"
	"  ahead: {taxon: b, regex: '매입(?!가|한|했)'}\n"
	"  edges: {taxon: b, regex: '(^| )(구함|삽니다)( |$)'}\n"
	"  count: {taxon: b, regex: '^.{0,14}세트.{2,30}끝$'}\n"
	"  class: {taxon: b, regex: '\\p{Hangul}{2}[^\\w가]?x\\wq'}\n"
	"  marks: {taxon: b, written: '^\\s*<.+/.+>'}\n"
	"  everything: {flag: wanted, written: '^(?=.*살게).*$', regex: 'x*'}\n"
	"  empty: {flag: exchange, regex: '^$'}\n"
	"  options: {flag: joke-price, regex: '(?x) 옵 션 # a comment'}\n"
	"  path: {taxon: a, category-path: [남성의류 > 아우터 > *, 'bags']}\n"
	"  fields: {taxon: b, source: [shop, bazaar], brand: [Nike*, 푸마], price-max: 9,\n"
	"           category: ['1*', '20']}\n";

static const struct {
	const char *title, *rules; /* that vote or flag, in order */
} fires[] = {
	{ "청자켓", "word" },
	{ "코트 XL", "word" },
	{ "코트 XLIM", "" },
	{ "롱코트", "" },
	{ "롱 코트", "phrase" },
	{ "롱/코트", "phrase" },
	{ "네고 가능", "whole" },
	{ "카네고", "" },
	{ "Capri", "whole" },
	{ "escapade", "whole" },
	{ "힐 240", "whole-rule" },
	{ "하이힐 240", "" },
	{ "블루뮬", "whole-rule" },
	{ "나이키 롱패딩", "one-list" },
	{ "The North Face 패딩", "one-list" },
	{ "패딩", "" },
	{ "나이키", "" },
	{ "모자", "no-list" },
	{ "모자 adidas", "" },
	{ "모자 boots", "any-list" },
	{ "모자 부츠컷", "any-list" },
	{ "샌들", "any-list" },
	{ "에코 가방", "" },
	{ "eco 가방 3", "two-regexes" },
	{ "eco 가방 3 개", "" },
	{ "반지", "any-regex" },
	{ "목걸이", "any-regex" },
	{ "귀걸이", "" },
	{ "[링] 은", "any-regex" },
	{ "링 은", "" },
	{ "교환 가능", "none-regex" },
	{ "교환X", "" },
	{ "교환 불가", "" },
	{ "청바지", "all-regex" },
	{ "청 남방", "" },
	{ "바지", "" },
	{ "새 새", "back" },
	{ "새 것", "" },
	{ "금 매입", "ahead" },
	{ "매입가 5", "" },
	{ "매입가 말고 매입", "ahead" },
	{ "구함", "edges" },
	{ "가방 구함", "edges" },
	{ "가방 구함 ㅜ", "edges" },
	{ "가방구함", "" },
	{ "구함요", "" },
	{ "옷 세트 하나 끝", "count" },
	{ "아주 길고 긴 그리고 또 긴 옷 세트 하나 끝", "" },
	{ "옷 세트 끝", "" }, /* one character between */
	{ "하하 xyq", "class" },
	{ "하 xyq", "" },
	{ "<교/판> 하", "marks" },
	{ "교/판 하", "" },
	{ "이거 살게요", "everything" },
	{ "", "empty" },
	{ "옵션", "joke-price" },
};

/* The flags of a rule are named for it but for one. */
static struct str fired(struct rules_world *w, struct listing *x)
{
	struct vote votes[LABEL_MOST_VOTES];
	struct str names = STR("");
	int n = labeler_judge(w->labeler, w->scratch, x, votes);

	for (int i = 0; i < n; i++)
		names = arena_fmt(w->a, "%.*s%s%.*s", STR_ARG(names), i ? " " : "",
				  STR_ARG(votes[i].rule));
	if (x->flags & FLAG_BIT(FLAG_WANTED))
		names = STR("everything");
	if (x->flags & FLAG_BIT(FLAG_EXCHANGE))
		names = STR("empty");
	if (x->flags & FLAG_BIT(FLAG_JOKE_PRICE))
		names = STR("joke-price");
	return names;
}

static struct listing titled(const struct rules_world *w, const char *title)
{
	return (struct listing){ .title = str_of(title),
				 .title_clean = normal_str(w->a, str_of(title)),
				 .category = STR("x"),
				 .price = LISTING_NO_PRICE,
				 .flag_reason = STR("") };
}

static void every_way_of_saying_it(void **state)
{
	struct rules_world w;

	(void)state;
	rules_open(&w);
	rules_write(&w, "words.txt", STR("\xef\xbb\xbf# shoes\n\n 부츠 \n로퍼\n"));
	rules_start(&w, TAXONOMY, str_of(all_rules));
	for (size_t i = 0; i < sizeof(fires) / sizeof(fires[0]); i++) {
		struct listing x = titled(&w, fires[i].title);
		struct str names = fired(&w, &x);

		if (!str_is(names, fires[i].rules))
			fail_msg("'%s': got '%.*s', not '%s'", fires[i].title, STR_ARG(names),
				 fires[i].rules);
	}
	rules_stop(&w);
	rules_close(&w);
}

static const struct {
	const char *source, *category, *path, *brand;
	int64_t price;
	const char *rules;
} fields[] = {
	{ "bazaar", "12", "", "NIKE lab", 5, "fields" },
	{ "shop", "20", "", "푸마", 9, "fields" },
	{ "shop", "20", "", "푸마", 10, "" },
	{ "shop", "201", "", "푸마", 9, "" },
	{ "shop", "20", "", "아디다스", 9, "" },
	{ "other", "20", "", "푸마", 9, "" },
	{ "x", "1", "[\"남성의류\",\"아우터\",\"점퍼\"]", "", 1, "path" },
	{ "x", "1", "[\"남성의류\",\"아우터\"]", "", 1, "" },
	{ "x", "1", "[\"남성 의류!\",\"아우터\",\"코트\"]", "", 1, "" },
	{ "x", "1", "[\"여성의류\",\"아우터\",\"코트\"]", "", 1, "" },
	{ "x", "Bags", "", "", 1, "path" },
	{ "x", "1", "[\"BAGS\"]", "", 1, "path" },
	{ "x", "1", "[\"a\\\"b\",\"BAGS\"]", "", 1, "" },
};

static void fields_have_several_values(void **state)
{
	struct rules_world w;

	(void)state;
	rules_open(&w);
	rules_write(&w, "words.txt", STR("부츠"));
	rules_start(&w, TAXONOMY, str_of(all_rules));
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct listing x = titled(&w, "티");
		struct str names;

		x.source = str_of(fields[i].source);
		x.category = str_of(fields[i].category);
		x.category_path = str_of(fields[i].path);
		x.brand = str_of(fields[i].brand);
		x.price = fields[i].price;
		names = fired(&w, &x);
		if (!str_is(names, fields[i].rules))
			fail_msg("row %zu: got '%.*s'", i, STR_ARG(names));
	}
	rules_stop(&w);
	rules_close(&w);
}

/* What no scan can look through is asked by itself; what is no text holds for nothing. */
static void titles_that_are_no_text(void **state)
{
	struct rules_world w;
	struct listing x;

	(void)state;
	rules_open(&w);
	rules_write(&w, "words.txt", STR("부츠"));
	rules_start(&w, TAXONOMY, str_of(all_rules));
	x = titled(&w, "가방\n<a/b>\n");
	x.title = STR("<a/b>\n");
	assert_true(str_is(fired(&w, &x), "marks"));
	x = titled(&w, "반지 자켓");
	x.title = STR("<a/b> \xff");
	assert_true(str_is(fired(&w, &x), "word any-regex"));
	rules_stop(&w);
	rules_close(&w);
}

/* The word that is told of a flag is the one that ends first. */
static void the_first_word_is_told(void **state)
{
	struct rules_world w;
	struct listing x;

	(void)state;
	rules_open(&w);
	rules_start(&w, TAXONOMY,
		    STR("lists: {l: [구매글, 구매]}\n"
			"rules: {r: {flag: wanted, any: [삽니다, {list: l}], none: [가능]}}\n"));
	x = titled(&w, "자켓 구매글 삽니다");
	assert_int_equal(labeler_judge(w.labeler, w.scratch, &x, (struct vote[32]){ 0 }), 0);
	assert_true(str_is(x.flag_reason, "구매"));
	x = titled(&w, "삽니다 구매글");
	labeler_flags(w.labeler, w.scratch, &x);
	assert_true(str_is(x.flag_reason, "삽니다"));
	rules_stop(&w);
	rules_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_of_saying_it),
		cmocka_unit_test(fields_have_several_values),
		cmocka_unit_test(titles_that_are_no_text),
		cmocka_unit_test(the_first_word_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
