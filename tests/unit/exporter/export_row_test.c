/* Lines of dataset files, byte for byte. */
#include "exporter/export_row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A struct str in a table that is static. */
#define S(literal)                                                                                 \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}

static struct listing_view phone(void)
{
	struct listing_view v = { .listing = {
					  .id = 7,
					  .source = STR("bunjang"),
					  .ext_id = STR("101"),
					  .url = STR("https://m.example/products/101"),
					  .title = STR("아이폰 13, \"미니\" 128GB"),
					  .title_clean = STR("아이폰 13 미니 128 gb"),
					  .currency = STR("KRW"),
					  .image = STR("https://img.example/101_{res}.jpg"),
					  .category = STR("600700001"),
					  .brand = STR("Apple"),
					  .title_marks = STR("{\"brand\":[\"apple\"],\"negotiable\":false}"),
					  .price = 450000,
					  .state = LISTING_SELLING,
					  .posted_ms = 1700000000000,
					  .updated_ms = 1700000040000,
					  .images = STR("[\"https://img.example/101_{res}.jpg\","
							"\"https://img.example/b.jpg\"]"),
					  .attributes = STR("{\"size\":\"128GB\"}"),
					  .first_seen_ms = 1700000100000,
					  .family = 0x12ab,
					  .flags = FLAG_BIT(FLAG_JOKE_PRICE) |
						   FLAG_BIT(FLAG_NO_PRICE),
				  },
				  .seen_ms = 1700000200000 };

	v.labeled = true;
	v.label = (struct label){ .category = STR("digital.phone"),
				  .by = LABEL_BY_RULES,
				  .confidence = 0.91,
				  .why = STR("source-category") };
	v.suggested = true;
	v.suggestion = (struct suggestion){
		.category = { STR("digital.phone"), STR("digital.tablet") },
		.p = { 0.875, 0.0625 },
	};
	v.image_file = STR("ab/ab01.jpg");
	v.image_hash = STR("ab01");
	v.record = (struct page_record){ STR("0001.warc.gz"), 4096, 500 };
	return v;
}

static struct listing_view bare(void)
{
	struct listing_view v = { .listing = {
					  .source = STR("attic"),
					  .ext_id = STR("a\tb"),
					  .title = STR("one\ntwo\\three"),
					  .title_clean = STR("one\ntwo three"),
					  .price = LISTING_NO_PRICE,
					  .state = LISTING_UNKNOWN,
				  } };

	return v;
}

static struct export_columns columns(struct str names)
{
	struct export_columns c;
	struct reason why;

	if (export_columns_read(names, &c, &why))
		fail_msg("%s", why.text);
	return c;
}

static struct str line(enum export_format f, const struct listing_view *v, struct arena *a,
		       struct buf *b)
{
	const struct export_item x = { .view = v, .split = SPLIT_TEST };
	const struct export_columns usual = columns((struct str){ 0 });

	buf_clear(b);
	assert_int_equal(export_row(f, &usual, &x, a, b), ERR_OK);
	return buf_str(b);
}

static const struct {
	enum export_format format;
	bool bare;
	const char *want;
} rows[] = {
	{ EXPORT_JSONL, false,
	  "{\"source\":\"bunjang\",\"id\":\"101\",\"url\":\"https://m.example/products/101\","
	  "\"title\":\"아이폰 13, \\\"미니\\\" 128GB\",\"title_clean\":\"아이폰 13 미니 128 gb\","
	  "\"price\":450000,\"currency\":\"KRW\",\"image\":\"https://img.example/101_{res}.jpg\","
	  "\"image_file\":\"ab/ab01.jpg\",\"image_sha256\":\"ab01\","
	  "\"source_category\":\"600700001\",\"category\":\"digital.phone\","
	  "\"label_source\":\"rules\",\"confidence\":0.9100,\"suggestions\":["
	  "{\"category\":\"digital.phone\",\"p\":0.8750},"
	  "{\"category\":\"digital.tablet\",\"p\":0.0625}],\"family\":\"00000000000012ab\","
	  "\"split\":\"test\",\"flags\":[\"joke-price\",\"no-price\"],"
	  "\"archive\":\"0001.warc.gz:4096\",\"state\":\"selling\",\"state_since\":\"2023-11-14T22:"
	  "15:00Z\",\"brand\":\"Apple\","
	  "\"condition\":null,\"posted\":\"2023-11-14T22:13:20Z\","
	  "\"first_seen\":\"2023-11-14T22:15:00Z\",\"last_seen\":\"2023-11-14T22:16:40Z\",\"label_"
	  "why\":\"source-category\",\"title_marks\":{\"brand\":[\"apple\"],\"negotiable\":false},"
	  "\"updated\":\"2023-11-14T22:14:00Z\",\"images\":[\"https://img.example/101_{res}.jpg\","
	  "\"https://img.example/b.jpg\"],\"category_path\":[\"600700001\"],\"attributes\":{"
	  "\"size\":\"128GB\"},\"title_core\":\"아이폰 13 미니 128 gb\"}\n" },
	{ EXPORT_CSV, false,
	  "bunjang,101,https://m.example/products/101,\"아이폰 13, \"\"미니\"\" 128GB\","
	  "아이폰 13 미니 128 "
	  "gb,450000,KRW,https://img.example/101_{res}.jpg,ab/ab01.jpg,ab01,600700001,"
	  "digital.phone,rules,0.9100,digital.phone:0.8750 digital.tablet:0.0625,"
	  "00000000000012ab,test,\"joke-price,no-price\",0001.warc.gz:4096,selling,2023-11-14T22:"
	  "15:00Z,Apple,,"
	  "2023-11-14T22:13:20Z,2023-11-14T22:15:00Z,2023-11-14T22:16:40Z,source-category,"
	  "\"{\"\"brand\"\":[\"\"apple\"\"],\"\"negotiable\"\":false}\",2023-11-14T22:14:00Z,"
	  "\"[\"\"https://img.example/101_{res}.jpg\"\",\"\"https://img.example/b.jpg\"\"]\","
	  "\"[\"\"600700001\"\"]\",\"{\"\"size\"\":\"\"128GB\"\"}\",아이폰 13 미니 128 gb\r\n" },
	{ EXPORT_FASTTEXT, false, "__label__digital.phone 아이폰 13 미니 128 gb\n" },
	{ EXPORT_CSV, true,
	  "attic,a\tb,,\"one\ntwo\\three\",\"one\ntwo three\",,,,,,,,,,,0000000000000000,test,,,"
	  "unknown,,,,,,,,,,,,,\"one\ntwo three\"\r\n" },
	{ EXPORT_TSV, true,
	  "attic\ta\\tb\t\tone\\ntwo\\\\three\tone\\ntwo three\t\t\t\t\t\t\t\t\t\t\t"
	  "0000000000000000\ttest\t\t\tunknown\t\t\t\t\t\t\t\t\t\t\t\t\tone\\ntwo three\n" },
	{ EXPORT_FASTTEXT, true, "one two three\n" },
};

static void lines_are_as_written(void **state)
{
	struct arena *a = arena_new(4096);
	struct buf b;

	(void)state;
	buf_init(&b, EXPORT_ROW_MOST);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct listing_view v = rows[i].bare ? bare() : phone();

		line(rows[i].format, &v, a, &b);
		assert_string_equal(b.p, rows[i].want);
	}
	buf_done(&b);
	arena_free(a);
}

static void prices_have_the_digits_of_their_currency(void **state)
{
	static const struct {
		int64_t price;
		int digits;
		const char *want;
	} prices[] = {
		{ 0, 0, "\"price\":0," },
		{ 1250, 2, "\"price\":12.50," },
		{ 5, 2, "\"price\":0.05," },
		{ -5, 2, "\"price\":-0.05," },
		{ INT64_MAX, 0, "\"price\":9223372036854775807," },
		{ LISTING_NO_PRICE, 2, "\"price\":null," },
	};
	struct arena *a = arena_new(4096);
	struct buf b;

	(void)state;
	buf_init(&b, EXPORT_ROW_MOST);
	for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++) {
		struct listing_view v = phone();

		v.listing.price = prices[i].price;
		v.listing.price_digits = prices[i].digits;
		line(EXPORT_JSONL, &v, a, &b);
		assert_non_null(strstr(b.p, prices[i].want));
	}
	buf_done(&b);
	arena_free(a);
}

static void headers_name_every_column(void **state)
{
	const struct export_columns usual = columns((struct str){ 0 });
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	export_row_header(EXPORT_JSONL, &usual, &b);
	export_row_header(EXPORT_FASTTEXT, &usual, &b);
	assert_int_equal(b.n, 0);
	export_row_header(EXPORT_TSV, &usual, &b);
	assert_string_equal(
		b.p, "source\tid\turl\ttitle\ttitle_clean\tprice\tcurrency\timage\t"
		     "image_file\timage_sha256\t"
		     "source_category\tcategory\tlabel_source\tconfidence\tsuggestions\t"
		     "family\tsplit\tflags\tarchive\tstate\tstate_since\tbrand\tcondition\tposted\t"
		     "first_seen\tlast_seen\tlabel_why\ttitle_marks\tupdated\timages\t"
		     "category_path\tattributes\ttitle_core\n");
	buf_done(&b);
}

static void broken_text_is_mended_and_a_full_buffer_told(void **state)
{
	struct listing_view v = phone();
	const struct export_item x = { .view = &v };
	const struct export_columns usual = columns((struct str){ 0 });
	struct arena *a = arena_new(4096);
	struct buf b;

	(void)state;
	v.listing.title = STR("bad \xff byte");
	buf_init(&b, EXPORT_ROW_MOST);
	line(EXPORT_CSV, &v, a, &b);
	assert_non_null(strstr(b.p, ",bad \xef\xbf\xbd byte,"));
	buf_done(&b);
	buf_init(&b, 300);
	assert_int_equal(export_row(EXPORT_JSONL, &usual, &x, a, &b), ERR_TOO_BIG);
	buf_done(&b);
	arena_free(a);
}

/* Two people and rules that differ, a rule that is alone, a model. */
static void who_said_what_is_there_where_it_is_asked_for(void **state)
{
	static const struct vote votes[] = {
		{ .rule = S("source-category"), .category = S("digital.phone"), .weight = 0.75 },
		{ .rule = S("words"), .category = S("digital.tablet"), .weight = 0.25 },
	};
	static const struct label_row labels[] = {
		{ .label = { .category = S("digital.phone"), .confidence = 0.91 } },
		{ .label = { .by = LABEL_BY_PERSON, .who = S("kim"), .category = S("books") } },
		{ .label = { .by = LABEL_BY_PERSON,
			     .who = S("lee"),
			     .made_ms = 1700000000000,
			     .why = S("none") } },
		{ .label = { .by = LABEL_BY_PERSON,
			     .who = S("kim"),
			     .why = S("choose"),
			     .category = S("digital.phone"),
			     .made_ms = 1700000001000 } },
		{ .label = { .by = LABEL_BY_PERSON, .who = S("lee"), .category = S("x") },
		  .undone_ms = 1 },
	};
	struct listing_view v = phone();
	const struct export_item x = {
		.view = &v, .votes = votes, .n_votes = 2, .labels = labels, .n_labels = 5
	};
	const struct export_columns c = columns(
		STR("id, label_who,label_made,label_version,rules_label,rules_confidence,"
		    "seller_label,votes,reviewers,opinions,soft_labels,model,archive_bytes"));
	struct arena *a = arena_new(4096);
	struct buf b;

	(void)state;
	buf_init(&b, EXPORT_ROW_MOST);
	v.label = labels[3].label;
	v.model_name = STR("m1");
	assert_int_equal(export_row(EXPORT_JSONL, &c, &x, a, &b), ERR_OK);
	assert_string_equal(
		b.p,
		"{\"id\":\"101\",\"label_who\":\"kim\",\"label_made\":\"2023-11-14T22:13:21Z\","
		"\"label_version\":null,\"rules_label\":\"digital.phone\","
		"\"rules_confidence\":0.9100,\"seller_label\":\"digital.phone\",\"votes\":["
		"{\"rule\":\"source-category\",\"category\":\"digital.phone\",\"weight\":0.7500},"
		"{\"rule\":\"words\",\"category\":\"digital.tablet\",\"weight\":0.2500}],"
		"\"reviewers\":2,\"opinions\":["
		"{\"who\":\"lee\",\"category\":null,\"made\":\"2023-11-14T22:13:20Z\","
		"\"why\":\"none\"},"
		"{\"who\":\"kim\",\"category\":\"digital.phone\","
		"\"made\":\"2023-11-14T22:13:21Z\",\"why\":\"choose\"}],\"soft_labels\":["
		"{\"source\":\"people\",\"category\":\"digital.phone\",\"p\":0.5000},"
		"{\"source\":\"rules\",\"category\":\"digital.phone\",\"p\":0.9100},"
		"{\"source\":\"votes\",\"category\":\"digital.phone\",\"p\":0.7500},"
		"{\"source\":\"votes\",\"category\":\"digital.tablet\",\"p\":0.2500},"
		"{\"source\":\"model\",\"category\":\"digital.phone\",\"p\":0.8750},"
		"{\"source\":\"model\",\"category\":\"digital.tablet\",\"p\":0.0625}],"
		"\"model\":\"m1\",\"archive_bytes\":500}\n");
	buf_done(&b);
	arena_free(a);
}

static void columns_are_chosen_by_name(void **state)
{
	static const struct {
		struct str names;
		const char *why; /* NULL: they are read */
		int more;	 /* how many than by default */
	} cases[] = {
		{ { NULL, 0 }, NULL, 0 },
		{ S("default"), NULL, 0 },
		{ S("default,votes , model"), NULL, 2 },
		{ S("provenance,default"), NULL, 17 },
		{ S("votes,default,votes"), "`votes` is there twice", 0 },
		{ S("default,title"), "`title` is there twice", 0 },
		{ S("tite"), "did you mean `title`?", 0 },
		{ S(""), "no column ``", 0 },
		{ S("id,,title"), "no column ``", 0 },
	};
	const int usual = columns((struct str){ 0 }).n;

	(void)state;
	assert_int_equal(usual, 33);
	assert_int_equal(columns(STR("default,provenance")).n, export_n_columns);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct export_columns c = { .n = 0 };
		struct reason why = { "" };
		enum err err = export_columns_read(cases[i].names, &c, &why);

		assert_int_equal(err, cases[i].why ? ERR_BAD : ERR_OK);
		if (cases[i].why)
			assert_non_null(strstr(why.text, cases[i].why));
		else
			assert_int_equal(c.n, usual + cases[i].more);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_as_written),
		cmocka_unit_test(prices_have_the_digits_of_their_currency),
		cmocka_unit_test(headers_name_every_column),
		cmocka_unit_test(broken_text_is_mended_and_a_full_buffer_told),
		cmocka_unit_test(who_said_what_is_there_where_it_is_asked_for),
		cmocka_unit_test(columns_are_chosen_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
