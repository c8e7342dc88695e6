#include "store_fixture.h"

/* Ten listings of two sources; see rows[] for what each is. */
static const struct row {
	const char *source, *id, *title, *label;
	enum listing_state state;
	uint32_t flags;
	uint64_t family, label_version;
	double score;
	bool suggested;
} rows[] = {
	{ .source = "a",
	  .id = "1",
	  .title = "나이키 에어 포스 1 화이트",
	  .label = "men.shoes",
	  .family = 1,
	  .label_version = 7,
	  .suggested = true },
	{ .source = "a",
	  .id = "2",
	  .title = "아디다스 저지 검정",
	  .label = "men.outer.jacket",
	  .family = 2,
	  .label_version = 7,
	  .score = 0.25 },
	{ .source = "a",
	  .id = "3",
	  .title = "나이키 바람막이",
	  .label = "men.outer.jacket",
	  .state = LISTING_SOLD,
	  .family = 2,
	  .label_version = 7,
	  .score = 0.75 },
	{ .source = "a",
	  .id = "4",
	  .title = "100% cotton shirt",
	  .label = "men.top",
	  .family = 4,
	  .label_version = 7,
	  .suggested = true },
	{ .source = "a",
	  .id = "5",
	  .title = "100 cotton shirts",
	  .label = "men.topcoat",
	  .family = 5,
	  .label_version = 6 },
	{ .source = "b",
	  .id = "1",
	  .title = "삽니다 에어팟",
	  .label = NULL,
	  .flags = FLAG_BIT(FLAG_WANTED),
	  .family = 6,
	  .label_version = 7 },
	{ .source = "b",
	  .id = "2",
	  .title = "에어팟 a_b",
	  .label = "digital",
	  .flags = FLAG_BIT(FLAG_JOKE_PRICE) | FLAG_BIT(FLAG_WANTED),
	  .family = 7,
	  .label_version = 7,
	  .score = 0.5 },
	{ .source = "b",
	  .id = "3",
	  .title = "에어팟 axb",
	  .label = "digital",
	  .family = 8,
	  .label_version = 7 },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static int setup(void **state)
{
	struct fx *f;
	int64_t model;

	fx_setup_open(state);
	f = *state;
	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_ok(f, fx_seeds(f, "b", 0, 1));
	model = fx_model(f, "first", true);
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *r = &rows[i];
		struct write_listing l = fx_listing(r->source, r->id, r->title);

		l.listing.title_clean = l.listing.title;
		l.listing.state = r->state;
		l.listing.flags = r->flags;
		l.listing.family = r->family;
		l.label_version = r->label_version;
		l.review_score = r->score;
		l.suggested = r->suggested;
		l.suggestion = (struct suggestion){ model, { STR("men.shoes") }, { 0.5 } };
		if (r->label)
			fx_label(f, &l, r->label);
		fx_ok(f, fx_page(f, r->source, r->source[0] == 'a' ? 1 : 2, &l, 1));
	}
	return 0;
}

static const struct {
	const char *what;
	const char *source, *category, *text, *state, *flag;
	int64_t family, after_id, most;
	bool review_queue, stale;
	uint64_t label_version;
	uint32_t clean_version;
	int64_t model;
	const char *found;
} cases[] = {
	{ .what = "all", .found = "a1 a2 a3 a4 a5 b1 b2 b3 " },
	{ .what = "source", .source = "b", .found = "b1 b2 b3 " },
	{ .what = "no such source", .source = "x", .found = "" },
	{ .what = "category", .category = "digital", .found = "b2 b3 " },
	{ .what = "category and below", .category = "men.outer", .found = "a2 a3 " },
	{ .what = "a category is not a prefix of a name", .category = "men.top", .found = "a4 " },
	{ .what = "a mark is itself", .category = "men.%", .found = "" },
	{ .what = "word", .text = "나이키", .found = "a1 a3 " },
	{ .what = "words in any order", .text = "화이트 나이키", .found = "a1 " },
	{ .what = "in the normal form", .text = "  COTTON!! ", .found = "a4 a5 " },
	{ .what = "punctuation is no word", .text = "%", .found = "a1 a2 a3 a4 a5 b1 b2 b3 " },
	{ .what = "state", .state = "sold", .found = "a3 " },
	{ .what = "flag", .flag = "wanted", .found = "b1 b2 " },
	{ .what = "two conditions", .flag = "joke-price", .source = "a", .found = "" },
	{ .what = "family", .family = 2, .found = "a2 a3 " },
	{ .what = "after", .after_id = 6, .found = "b2 b3 " },
	{ .what = "at most", .after_id = 2, .most = 2, .found = "a3 a4 " },
	{ .what = "review queue", .review_queue = true, .found = "a3 b2 a2 " },
	{ .what = "its first", .review_queue = true, .most = 1, .found = "a3 " },
	{ .what = "stale label",
	  .stale = true,
	  .label_version = 7,
	  .clean_version = 1,
	  .found = "a5 " },
	{ .what = "stale clean",
	  .stale = true,
	  .label_version = 7,
	  .clean_version = 2,
	  .most = 3,
	  .after_id = 1,
	  .found = "a2 a3 a4 " },
	{ .what = "stale model",
	  .stale = true,
	  .label_version = 7,
	  .clean_version = 1,
	  .model = 1,
	  .found = "a2 a3 a5 b1 b2 b3 " },
};

static bool each(void *ctx, const struct listing_view *v)
{
	char *text = ctx;
	size_t n = strlen(text);

	snprintf(text + n, 128 - n, "%.*s%.*s ", STR_ARG(v->listing.source),
		 STR_ARG(v->listing.ext_id));
	return true;
}

static void test_filters(void **state)
{
	struct fx *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct listing_filter filter = {
			.source = str_of(cases[i].source),
			.category = str_of(cases[i].category),
			.text = str_of(cases[i].text),
			.state = str_of(cases[i].state),
			.flag = str_of(cases[i].flag),
			.family = cases[i].family,
			.after_id = cases[i].after_id,
			.most = cases[i].most,
			.review_queue = cases[i].review_queue,
			.stale = cases[i].stale,
			.label_version = cases[i].label_version,
			.clean_version = cases[i].clean_version,
			.model = cases[i].model,
		};
		char found[128] = "";
		struct reason why;

		if (reader_listings(f->reader, &filter, f->arena, each, found, &why))
			fail_msg("%s: %s", cases[i].what, why.text);
		if (strcmp(found, cases[i].found) != 0)
			fail_msg("%s: found %s", cases[i].what, found);
	}
}

static void test_unknown_names(void **state)
{
	struct fx *f = *state;
	struct listing_filter flag = { .flag = STR("nice") }, st = { .state = STR("lost") };
	char found[128] = "";
	struct reason why;

	assert_int_equal(reader_listings(f->reader, &flag, f->arena, each, found, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "nice"));
	assert_int_equal(reader_listings(f->reader, &st, f->arena, each, found, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "lost"));
}

static bool first_only(void *ctx, const struct listing_view *v)
{
	(void)v;
	++*(int *)ctx;
	return false;
}

static void test_stops_early(void **state)
{
	struct fx *f = *state;
	struct listing_filter all = { .most = 0 };
	struct reason why;
	int n = 0;

	assert_int_equal(reader_listings(f->reader, &all, f->arena, first_only, &n, &why), ERR_OK);
	assert_int_equal(n, 1);
}

static void test_view(void **state)
{
	struct fx *f = *state;
	struct listing_view v;
	struct reason why;

	fx_view(f, "a", "3", &v);
	fx_assert_str(v.listing.title, "나이키 바람막이");
	assert_int_equal(v.listing.price, 150000);
	assert_int_equal(v.family_size, 2);
	assert_true(v.labeled && !v.suggested);
	fx_assert_str(v.label.category, "men.outer.jacket");
	assert_int_equal(v.label.by, LABEL_BY_RULES);
	fx_assert_str(v.record.file, "a.warc.gz");
	assert_int_equal(v.record.bytes, 100);
	assert_int_equal(reader_listing(f->reader, v.listing.id, (struct str){ 0 },
					(struct str){ 0 }, f->arena, &v, &why),
			 ERR_OK);
	fx_assert_str(v.listing.ext_id, "3");
	assert_int_equal(reader_listing(f->reader, 99, (struct str){ 0 }, (struct str){ 0 },
					f->arena, &v, &why),
			 ERR_NOT_FOUND);
	assert_string_equal(why.text, "no listing 99");
	assert_int_equal(reader_listing(f->reader, 0, STR("a"), STR("99"), f->arena, &v, &why),
			 ERR_NOT_FOUND);
	assert_string_equal(why.text, "no listing a/99");
}

static void test_counts(void **state)
{
	struct fx *f = *state;
	struct category_count *c;
	struct model_row *m;
	struct page *p;
	struct reason why;
	int n;

	assert_int_equal(reader_categories(f->reader, f->arena, &c, &n, &why), ERR_OK);
	assert_int_equal(n, 5);
	fx_assert_str(c[0].category, "digital");
	assert_true(c[0].labeled == 2 && c[0].reviewed == 0 && c[0].suggested == 0);
	fx_assert_str(c[2].category, "men.shoes");
	assert_true(c[2].labeled == 1 && c[2].suggested == 2);
	assert_int_equal(reader_models(f->reader, f->arena, &m, &n, &why), ERR_OK);
	assert_true(n == 1 && m[0].suggestions == 2);
	assert_int_equal(reader_job_pages(f->reader, 1, 2, f->arena, &p, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
	assert_true(p[0].id == 5 && p[1].id == 4);
}

static void test_snapshot(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "new", "phone");
	struct listing_view v;
	struct reason why;

	assert_int_equal(reader_begin(f->reader, &why), ERR_OK);
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	assert_int_equal(reader_listing(f->reader, 0, STR("a"), STR("new"), f->arena, &v, &why),
			 ERR_NOT_FOUND);
	reader_end(f->reader);
	fx_view(f, "a", "new", &v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_filters, setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_unknown_names, setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_stops_early, setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_view, setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_counts, setup, fx_teardown),
		cmocka_unit_test_setup_teardown(test_snapshot, setup, fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
