/* Records that became no listing: what is kept of them, for how long, and how many there were. */
#include "store_fixture.h"

static struct write *page_at(struct fx *f, int64_t fetched_ms, const struct write_listing *l, int n)
{
	struct write *w = fx_page(f, "a", 1, l, n);

	w->page.fetched_ms = fetched_ms;
	w->page.state = PAGE_EXTRACTED;
	w->rejected_keep = 1000;
	w->rejects = arena_array(f->arena, REJECT_MOST, sizeof(*w->rejects));
	return w;
}

/* As the task does: counted, and kept while they are few. */
static void reject(struct fx *f, struct write *w, const char *ext_id, enum reject_code code,
		   int field)
{
	w->page.items++;
	w->page.rejected++;
	w->reject_times[code]++;
	if (w->n_rejects == REJECT_MOST)
		return;
	w->rejects[w->n_rejects++] = (struct reject){
		.code = code,
		.field = field,
		.place = w->page.items,
		.ext_id = str_of(ext_id),
		.value = STR("v"),
		.why = arena_fmt(f->arena, "why %s", ext_id),
		.excerpt = STR("title: x"),
	};
}

static int kept(struct fx *f, const struct reject_filter *filter, struct reject **ret)
{
	struct reason why = { "" };
	int n = 0;

	if (reader_rejected(f->reader, filter, f->arena, ret, &n, &why))
		fail_msg("%s", why.text);
	return n;
}

static int64_t times(struct fx *f, int64_t page, enum reject_code code)
{
	struct reject_count *c = NULL;
	struct reason why = { "" };
	int n = 0;

	if (reader_reject_counts(f->reader, page, f->arena, &c, &n, &why))
		fail_msg("%s", why.text);
	for (int i = 0; i < n; i++)
		if (c[i].code == code)
			return c[i].times;
	return 0;
}

static void test_kept_and_read(void **state)
{
	struct fx *f = *state;
	struct write *w = page_at(f, FX_NOW, NULL, 0);
	struct reject *r;

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	reject(f, w, "7", REJECT_MIN, FIELD_PRICE);
	reject(f, w, "", REJECT_MISSING, FIELD_ID);
	reject(f, w, "8", REJECT_SELECTOR, REJECT_NO_FIELD);
	fx_ok(f, w);
	assert_int_equal(kept(f, &(struct reject_filter){ .most = 9 }, &r), 3);
	assert_true(str_is(r[2].ext_id, "7"));
	assert_true(str_is(r[2].why, "why 7"));
	assert_true(str_is(r[2].value, "v"));
	assert_true(str_is(r[2].excerpt, "title: x"));
	assert_true(str_is(r[2].source, "a"));
	assert_true(str_is(r[2].url, "http://a.example/?page=1"));
	assert_int_equal(r[2].code, REJECT_MIN);
	assert_int_equal(r[2].field, FIELD_PRICE);
	assert_int_equal(r[2].page, w->page.id);
	assert_int_equal(r[2].place, 1);
	assert_int_equal(r[2].seen_ms, FX_NOW);
	assert_int_equal(r[0].field, REJECT_NO_FIELD);
	assert_int_equal(kept(f, &(struct reject_filter){ .field = STR("price"), .most = 9 }, &r),
			 1);
	assert_int_equal(
		kept(f, &(struct reject_filter){ .reason = STR("missing"), .most = 9 }, &r), 1);
	assert_int_equal(kept(f, &(struct reject_filter){ .source = STR("b"), .most = 9 }, &r), 0);
	assert_int_equal(kept(f, &(struct reject_filter){ .page = w->page.id, .most = 2 }, &r), 2);
	assert_int_equal(kept(f, &(struct reject_filter){ .page = 99, .most = 2 }, &r), 0);
}

/* Five thousand on one page, page after page: few rows, all counted. */
static void test_bounded(void **state)
{
	struct fx *f = *state;
	struct reject *r;
	struct write *w;

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_ok(f, fx_seeds(f, "b", 1, 1));
	w = fx_page(f, "b", 2, NULL, 0);
	w->page.state = PAGE_EXTRACTED;
	w->rejected_keep = 30;
	w->rejects = arena_array(f->arena, REJECT_MOST, sizeof(*w->rejects));
	reject(f, w, "other", REJECT_MAX, FIELD_PRICE);
	fx_ok(f, w);
	for (int i = 0; i < 3; i++) {
		w = page_at(f, FX_NOW + i, NULL, 0);
		w->rejected_keep = 30;
		for (int k = 0; k < 5000; k++)
			reject(f, w, arena_fmt(f->arena, "%d-%d", i, k).p, REJECT_PATTERN,
			       FIELD_TITLE);
		fx_ok(f, w);
	}
	assert_int_equal(kept(f, &(struct reject_filter){ .source = STR("a"), .most = 99 }, &r),
			 30);
	assert_true(str_is(r[0].ext_id, "2-19"));
	assert_true(str_is(r[29].ext_id, "1-10"));
	assert_int_equal(kept(f, &(struct reject_filter){ .source = STR("b"), .most = 99 }, &r), 1);
	assert_int_equal(times(f, 0, REJECT_PATTERN), 15000);
	assert_int_equal(times(f, w->page.id, REJECT_PATTERN), 5000);
	/* none are to be kept: counted all the same */
	w = page_at(f, FX_NOW + 9, NULL, 0);
	w->rejected_keep = 0;
	reject(f, w, "9", REJECT_PATTERN, FIELD_TITLE);
	fx_ok(f, w);
	assert_int_equal(kept(f, &(struct reject_filter){ .source = STR("a"), .most = 99 }, &r), 0);
	assert_int_equal(times(f, 0, REJECT_PATTERN), 15001);
}

/* Pages that are read again, or imported, are stored late: what they show is old all the same. */
static void test_oldest_sight_goes(void **state)
{
	static const int64_t seen[] = { FX_NOW, FX_NOW + 1, FX_NOW - 1000, FX_NOW + 2 };
	struct fx *f = *state;
	struct reject *r;
	struct write *w;

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	for (int i = 0; i < 4; i++) {
		w = page_at(f, seen[i], NULL, 0);
		w->rejected_keep = 2;
		reject(f, w, arena_fmt(f->arena, "%d", i).p, REJECT_MIN, FIELD_PRICE);
		fx_ok(f, w);
	}
	assert_int_equal(kept(f, &(struct reject_filter){ .most = 9 }, &r), 2);
	assert_true(str_is(r[0].ext_id, "3"));
	assert_true(str_is(r[1].ext_id, "1"));
}

static void test_newer_sight_replaces(void **state)
{
	struct fx *f = *state;
	struct write_listing good = fx_listing("a", "7", "good");
	struct write *w = page_at(f, FX_NOW, NULL, 0);
	struct reject *r;

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	reject(f, w, "7", REJECT_MIN, FIELD_PRICE);
	reject(f, w, "", REJECT_MISSING, FIELD_ID);
	reject(f, w, "8", REJECT_MIN, FIELD_PRICE);
	fx_ok(f, w);
	/* rejected again, for another reason; the page has no record without id any more */
	w = page_at(f, FX_NOW + 1, NULL, 0);
	reject(f, w, "7", REJECT_PATTERN, FIELD_TITLE);
	fx_ok(f, w);
	assert_int_equal(kept(f, &(struct reject_filter){ .most = 9 }, &r), 2);
	assert_int_equal(r[0].code, REJECT_PATTERN);
	assert_true(str_is(r[1].ext_id, "8"));
	/* what could not be read says nothing */
	w = page_at(f, FX_NOW + 2, NULL, 0);
	w->page.state = PAGE_UNPARSABLE;
	fx_ok(f, w);
	assert_int_equal(kept(f, &(struct reject_filter){ .most = 9 }, &r), 2);
	/* and taken at last */
	fx_ok(f, page_at(f, FX_NOW + 3, &good, 1));
	assert_int_equal(kept(f, &(struct reject_filter){ .most = 9 }, &r), 1);
	assert_true(str_is(r[0].ext_id, "8"));
	assert_int_equal(times(f, 0, REJECT_MIN), 2);
}

/* A page that is read again is counted as it is now; an older one neither brings back what a
 * newer one took, nor takes what that rejected. */
static void test_reread(void **state)
{
	struct fx *f = *state;
	struct write_listing seven = fx_listing("a", "7", "seven"),
			     eight = fx_listing("a", "8", "8");
	struct write *old = page_at(f, FX_NOW, &eight, 1), *new, *w;
	struct reject *r;

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	reject(f, old, "7", REJECT_MIN, FIELD_PRICE);
	reject(f, old, "", REJECT_MISSING, FIELD_ID);
	fx_ok(f, old);
	seven.listing.last_seen_ms = FX_NOW + 5;
	new = page_at(f, FX_NOW + 5, &seven, 1);
	reject(f, new, "8", REJECT_MAX, FIELD_PRICE);
	fx_ok(f, new);
	assert_int_equal(kept(f, &(struct reject_filter){ .most = 9 }, &r), 1);
	w = page_at(f, FX_NOW, &eight, 1);
	w->kind = WRITE_REREAD;
	w->page.id = old->page.id;
	w->page.state = PAGE_EXTRACTED;
	reject(f, w, "7", REJECT_PATTERN, FIELD_TITLE);
	reject(f, w, "", REJECT_MISSING, FIELD_ID);
	fx_ok(f, w);
	assert_int_equal(kept(f, &(struct reject_filter){ .most = 9 }, &r), 1);
	assert_true(str_is(r[0].ext_id, "8"));
	assert_int_equal(times(f, 0, REJECT_MIN), 0);
	assert_int_equal(times(f, 0, REJECT_PATTERN), 1);
	assert_int_equal(times(f, old->page.id, REJECT_MISSING), 1);
	assert_int_equal(fx_number(f, "SELECT value FROM tally WHERE name = 'rejected'"), 3);
	/* the newest accepts everything now */
	eight.listing.last_seen_ms = FX_NOW + 5;
	w = page_at(f, FX_NOW + 5, (const struct write_listing[]){ seven, eight }, 2);
	w->kind = WRITE_REREAD;
	w->page.id = new->page.id;
	fx_ok(f, w);
	assert_int_equal(kept(f, &(struct reject_filter){ .most = 9 }, &r), 0);
	assert_int_equal(times(f, 0, REJECT_MAX), 0);
	assert_int_equal(times(f, new->page.id, REJECT_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kept_and_read, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_bounded, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_oldest_sight_goes, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_newer_sight_replaces, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_reread, fx_setup_open, fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
