#include "store_fixture.h"

static void setup_jobs(struct fx *f)
{
	fx_ok(f, fx_seeds(f, "a", 0, 3));
}

static struct write *show(struct fx *f, const struct write_listing *l)
{
	struct write *w = fx_page(f, "a", 1, l, 1);

	w->now_ms = l->listing.last_seen_ms;
	fx_ok(f, w);
	return w;
}

static void test_seen_twice_is_stored_once(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "phone");
	struct listing_view v;
	struct write *w;

	setup_jobs(f);
	fx_label(f, &l, "phone");
	assert_int_equal(show(f, &l)->ret_new_listings, 1);
	l.listing.first_seen_ms = l.listing.last_seen_ms = FX_NOW + 5;
	w = show(f, &l);
	assert_int_equal(w->ret_new_listings, 0);
	assert_int_equal(w->ret_changed, 0);
	fx_view(f, "a", "1", &v);
	assert_int_equal(v.listing.first_seen_ms, FX_NOW);
	assert_int_equal(v.listing.last_seen_ms, FX_NOW + 5);
	assert_int_equal(v.listing.page, w->page.id);
	assert_int_equal(v.record.offset, 100);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM listing"), 1);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM history"), 0);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM label"), 1);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM vote"), 1);
}

static const struct {
	const char *what;
	int64_t price, price_now;
	int digits, digits_now;
	enum listing_state state, state_now;
	const char *title, *title_now;
	const char *history; /* field was now; */
} changes[] = {
	{ .what = "nothing",
	  .price = 5,
	  .price_now = 5,
	  .title = "a",
	  .title_now = "a",
	  .history = "" },
	{ .what = "price",
	  .price = 150000,
	  .price_now = 120000,
	  .title = "a",
	  .title_now = "a",
	  .history = "price 150000 120000;" },
	{ .what = "price with digits",
	  .price = 1250,
	  .price_now = -5,
	  .digits = 2,
	  .digits_now = 2,
	  .title = "a",
	  .title_now = "a",
	  .history = "price 12.50 -0.05;" },
	{ .what = "a first price",
	  .price = LISTING_NO_PRICE,
	  .price_now = 9,
	  .title = "a",
	  .title_now = "a",
	  .history = "price  9;" },
	{ .what = "a price that is left out is no news",
	  .price = 9,
	  .price_now = LISTING_NO_PRICE,
	  .title = "a",
	  .title_now = "a",
	  .history = "" },
	{ .what = "state",
	  .state = LISTING_SELLING,
	  .state_now = LISTING_SOLD,
	  .title = "a",
	  .title_now = "a",
	  .history = "state selling sold;" },
	{ .what = "a state that is not given is no news",
	  .state = LISTING_SOLD,
	  .state_now = LISTING_UNKNOWN,
	  .title = "a",
	  .title_now = "a",
	  .history = "" },
	{ .what = "everything",
	  .price = 1,
	  .price_now = 2,
	  .state = LISTING_RESERVED,
	  .state_now = LISTING_SELLING,
	  .title = "나이키",
	  .title_now = "아디다스",
	  .history = "title 나이키 아디다스;price 1 2;state reserved selling;" },
	{ .what = "no price in another currency",
	  .price = LISTING_NO_PRICE,
	  .price_now = LISTING_NO_PRICE,
	  .digits_now = 2,
	  .title = "a",
	  .title_now = "a",
	  .history = "" },
};

static void test_history(void **state)
{
	struct fx *f = *state;

	setup_jobs(f);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		char id[16], text[256] = "";
		struct write_listing l;
		struct history_row *rows;
		struct listing_view v;
		struct reason why;
		struct write *w;
		int n;

		snprintf(id, sizeof(id), "id%zu", i);
		l = fx_listing("a", id, changes[i].title);
		l.listing.price = changes[i].price;
		l.listing.price_digits = changes[i].digits;
		l.listing.state = changes[i].state;
		show(f, &l);
		l = fx_listing("a", id, changes[i].title_now);
		l.listing.price = changes[i].price_now;
		l.listing.price_digits = changes[i].digits_now;
		l.listing.state = changes[i].state_now;
		w = show(f, &l);
		fx_view(f, "a", id, &v);
		assert_int_equal(reader_history(f->reader, v.listing.id, f->arena, &rows, &n, &why),
				 ERR_OK);
		for (int k = 0; k < n; k++) {
			size_t at = strlen(text);

			assert_int_equal(rows[k].page, w->page.id);
			snprintf(text + at, sizeof(text) - at, "%.*s %.*s %.*s;",
				 STR_ARG(rows[k].field), STR_ARG(rows[k].was),
				 STR_ARG(rows[k].now));
		}
		if (strcmp(text, changes[i].history) != 0)
			fail_msg("%s: \"%s\"", changes[i].what, text);
		assert_int_equal(w->ret_changed, changes[i].history[0] != 0);
	}
}

static void test_moved_categories_are_counted(void **state)
{
	static const struct {
		const char *id, *category;
		int known, moved;
	} sights[] = {
		{ "1", "310", 0, 0 }, { "1", "310", 1, 0 }, { "1", "320", 1, 1 },
		{ "1", "320", 1, 0 }, { "1", "", 0, 0 },    { "1", "310", 1, 1 },
		{ "2", "", 0, 0 },    { "2", "310", 0, 0 }, { "2", "310", 1, 0 },
	};
	struct fx *f = *state;

	setup_jobs(f);
	for (size_t i = 0; i < sizeof(sights) / sizeof(sights[0]); i++) {
		struct write_listing l = fx_listing("a", sights[i].id, "coat");
		struct write *w;

		l.listing.category = str_of(sights[i].category);
		w = show(f, &l);
		assert_int_equal(w->ret_categories, sights[i].known);
		assert_int_equal(w->ret_moved, sights[i].moved);
	}
}

static void test_repeats_on_a_page_collapse(void **state)
{
	struct fx *f = *state;
	struct write_listing l[4] = { fx_listing("a", "1", "phone"), fx_listing("a", "2", "coat"),
				      fx_listing("a", "1", "phone"),
				      fx_listing("a", "1", "another") };
	struct page p;
	struct reason why;
	struct write *w;

	setup_jobs(f);
	w = fx_page(f, "a", 1, l, 4);
	fx_ok(f, w);
	assert_int_equal(w->ret_new_listings, 2);
	assert_int_equal(w->page.listings, 2);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM listing"), 2);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM history"), 0);
	assert_int_equal(reader_page(f->reader, w->page.id, f->arena, &p, &why), ERR_OK);
	assert_int_equal(p.listings, 2);
	assert_int_equal(p.job, 1);
	fx_assert_str(p.source, "a");
}

/* A list shows less than the listing's own page: nothing stored is lost, and
 * rules that saw less have no say. */
static void test_poorer_sight(void **state)
{
	struct fx *f = *state;
	struct write_listing full = fx_listing("a", "1", "phone"), list = full;
	struct listing_view v;

	setup_jobs(f);
	full.listing.brand = STR("Apple");
	full.listing.description = STR("as new");
	fx_label(f, &full, "phone.smart");
	show(f, &full);

	fx_label(f, &list, "phone");
	list.listing.last_seen_ms = FX_NOW + 9;
	show(f, &list);
	fx_view(f, "a", "1", &v);
	fx_assert_str(v.listing.brand, "Apple");
	fx_assert_str(v.listing.description, "as new");
	fx_assert_str(v.label.category, "phone.smart");
	assert_int_equal(v.label_version, 7);
	assert_int_equal(v.listing.last_seen_ms, FX_NOW + 9);

	/* Now it brings something new, too: to be judged again from the whole row. */
	list.listing.price = 1;
	assert_int_equal(show(f, &list)->ret_stale, 1);
	fx_view(f, "a", "1", &v);
	fx_assert_str(v.listing.description, "as new");
	fx_assert_str(v.label.category, "phone.smart");
	assert_int_equal(v.listing.price, 1);
	assert_int_equal(v.label_version, 0);
}

/* A page without a price has only the source's usual currency. */
static void test_currency_stays_with_price(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "phone");
	struct listing_view v;

	setup_jobs(f);
	l.listing.currency = STR("USD");
	l.listing.price = 1250;
	l.listing.price_digits = 2;
	show(f, &l);
	l.listing.currency = STR("KRW");
	l.listing.price = LISTING_NO_PRICE;
	l.listing.price_digits = 0;
	l.listing.brand = STR("Apple");
	show(f, &l);
	fx_view(f, "a", "1", &v);
	fx_assert_str(v.listing.currency, "USD");
	fx_assert_str(v.listing.brand, "Apple");
	assert_true(v.listing.price == 1250 && v.listing.price_digits == 2);
}

static int64_t size_of(struct fx *f, const char *id)
{
	struct listing_view v;

	fx_view(f, "a", id, &v);
	return v.family_size;
}

static int64_t duplicates(struct fx *f)
{
	return fx_number(f, "SELECT COALESCE(SUM(value), 0) FROM tally WHERE name = 'duplicates'");
}

static void test_families(void **state)
{
	struct fx *f = *state;
	struct write_listing l[3] = { fx_listing("a", "1", "one"), fx_listing("a", "2", "two"),
				      fx_listing("a", "3", "six") };
	struct listing_view v;

	setup_jobs(f);
	for (int i = 0; i < 3; i++)
		l[i].listing.family = 0xabc;
	fx_ok(f, fx_page(f, "a", 1, l, 3));
	assert_int_equal(size_of(f, "1"), 3);
	assert_int_equal(duplicates(f), 2);
	fx_view(f, "a", "2", &v);
	fx_assert_str(v.family_name, "0000000000000abc");

	/* the first leaves: the next is the first now */
	l[0].listing.family = 0xdef;
	show(f, &l[0]);
	assert_int_equal(size_of(f, "1"), 1);
	assert_int_equal(size_of(f, "3"), 2);
	assert_int_equal(duplicates(f), 1);

	/* and comes back in front of the others */
	l[0].listing.family = 0xabc;
	show(f, &l[0]);
	assert_int_equal(size_of(f, "3"), 3);
	assert_int_equal(duplicates(f), 2);

	/* all but one leave, one by one */
	l[2].listing.family = 5;
	show(f, &l[2]);
	l[1].listing.family = 6;
	show(f, &l[1]);
	assert_int_equal(size_of(f, "1"), 1);
	assert_int_equal(duplicates(f), 0);
}

static void test_derived(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "Phone");
	struct listing_view v;
	struct write *w;
	int64_t model;

	setup_jobs(f);
	model = fx_model(f, "first", true);
	show(f, &l);
	w = fx_write(f, WRITE_DERIVED);
	fx_view(f, "a", "1", &v);
	l.listing = v.listing;
	l.listing.title_clean = STR("phone");
	l.listing.clean_version = 2;
	l.label_version = 8;
	fx_label(f, &l, "phone");
	l.suggested = true;
	l.suggestion = (struct suggestion){ model, { STR("phone"), STR("tv") }, { 0.75, 0.25 } };
	l.review_score = 0.5;
	w->listings = &l;
	w->n_listings = 1;
	fx_ok(f, w);
	fx_view(f, "a", "1", &v);
	fx_assert_str(v.listing.title_clean, "phone");
	fx_assert_str(v.listing.title, "Phone");
	assert_int_equal(v.listing.clean_version, 2);
	assert_int_equal(v.label_version, 8);
	assert_true(v.labeled && v.suggested);
	fx_assert_str(v.model_name, "first");
	fx_assert_str(v.suggestion.category[1], "tv");
	assert_null(v.suggestion.category[2].p);
	assert_true(v.suggestion.p[0] == 0.75 && v.review_score == 0.5);

	/* read before a page showed it again: what the page brought stands */
	l.listing.last_seen_ms = FX_NOW - 1;
	l.listing.title_clean = STR("stale");
	l.label_version = 9;
	fx_ok(f, w);
	fx_view(f, "a", "1", &v);
	fx_assert_str(v.listing.title_clean, "phone");
	assert_int_equal(v.label_version, 8);

	l.listing.id = 999;
	assert_int_equal(fx_run(f, w), ERR_NOT_FOUND);
	assert_non_null(strstr(w->why.text, "listing=999"));
}

/* A suggestion alone: votes, label and the clean form stay as they are. */
static void test_suggested_later(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "Phone"), later;
	struct listing_view v;
	struct write *w;

	setup_jobs(f);
	fx_label(f, &l, "phone");
	show(f, &l);
	memset(&later, 0, sizeof(later));
	later.listing.id = 1;
	later.listing.last_seen_ms = FX_NOW;
	later.suggested = true;
	later.suggestion.model = fx_model(f, "first", true);
	later.suggestion.category[0] = STR("tv");
	later.suggestion.p[0] = 0.75;
	later.review_score = 0.5;
	w = fx_write(f, WRITE_DERIVED);
	w->listings = &later;
	w->n_listings = 1;
	fx_ok(f, w);
	fx_ok(f, w);
	fx_view(f, "a", "1", &v);
	assert_true(v.suggested && v.labeled);
	fx_assert_str(v.suggestion.category[0], "tv");
	fx_assert_str(v.label.category, "phone");
	assert_true(v.suggestion.p[0] == 0.75 && v.review_score == 0.5);
	assert_int_equal(v.label_version, 7);
	assert_int_equal(v.listing.clean_version, 1);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM vote"), 1);
	assert_int_equal(fx_number(f, "SELECT value FROM tally WHERE name = 'suggested'"), 1);

	later.listing.last_seen_ms = FX_NOW - 1;
	later.suggestion.category[0] = STR("stale");
	fx_ok(f, w);
	fx_view(f, "a", "1", &v);
	fx_assert_str(v.suggestion.category[0], "tv");

	later.listing.id = 999;
	assert_int_equal(fx_run(f, w), ERR_NOT_FOUND);
	assert_non_null(strstr(w->why.text, "listing=999"));
}

/* A sweep that read a listing before its page was read again from the archive, which
 * shows it no later, does not put the old form back. */
static void test_what_was_read_again_stands(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "Phone"), stale;
	struct listing_view v;
	struct write *w;

	setup_jobs(f);
	show(f, &l);
	stale = fx_listing("a", "1", "Old name");
	stale.listing.id = 1;
	stale.listing.last_seen_ms = FX_NOW;
	stale.listing.title_clean = STR("old name");
	w = fx_write(f, WRITE_DERIVED);
	w->listings = &stale;
	w->n_listings = 1;
	fx_ok(f, w);
	fx_view(f, "a", "1", &v);
	fx_assert_str(v.listing.title, "Phone");
	assert_false(str_is(v.listing.title_clean, "old name"));
	stale = l;
	stale.listing.id = 1;
	stale.listing.title_clean = STR("another form");
	fx_ok(f, w);
	fx_view(f, "a", "1", &v);
	fx_assert_str(v.listing.title_clean, "another form");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_what_was_read_again_stands, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_seen_twice_is_stored_once, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_history, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_moved_categories_are_counted, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_repeats_on_a_page_collapse, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_poorer_sight, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_currency_stays_with_price, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_families, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_derived, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_suggested_later, fx_setup_open, fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
