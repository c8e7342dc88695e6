/* Labels that were made under former versions of the taxonomy are read as what they are now, and
 * stay as they were written. */
#include "store_fixture.h"

/* Listing 1 and 2 are labeled by a person, 3 by rules, all under version 1. */
static void label_all(struct fx *f, const char *category)
{
	struct write_listing l[3] = { fx_listing("a", "1", "one"), fx_listing("a", "2", "two"),
				      fx_listing("a", "3", "three") };

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_label(f, &l[2], category);
	l[2].label.taxonomy = 1;
	fx_ok(f, fx_page(f, "a", 1, l, 3));
	for (int i = 1; i <= 2; i++) {
		struct write *w = fx_write(f, WRITE_REVIEW);

		w->action = REVIEW_CHOOSE;
		w->listing = i;
		w->who = STR("kim");
		w->category = str_of(category);
		w->taxonomy = 1;
		w->event.shown = STR("{}");
		fx_ok(f, w);
	}
}

static void in_force(struct fx *f, int64_t version, const struct recode *recodes, int n)
{
	static const struct str codes[] = { { "a", 1 }, { "b", 1 } };
	struct write *w = fx_write(f, WRITE_TAXONOMY);

	w->taxonomy = version;
	w->taxonomy_name = STR("t");
	w->taxonomy_hash = (uint64_t)version;
	w->codes = codes;
	w->n_codes = 2;
	w->recodes = recodes;
	w->n_recodes = n;
	fx_ok(f, w);
}

static bool count_row(void *ctx, const struct listing_view *v)
{
	(void)v;
	++*(int *)ctx;
	return true;
}

static struct recode of_x(int64_t until, enum recode_fate fate, const char *category)
{
	return (struct recode){ .code = STR("x"),
				.until = until,
				.fate = fate,
				.category = str_of(category),
				.why = STR("because") };
}

/* The sweep comes by. */
static void judged(struct fx *f, int listing, const char *category, uint64_t version)
{
	struct write *w = fx_write(f, WRITE_DERIVED);

	w->n_listings = 1;
	w->listings = arena_array(f->arena, 1, sizeof(*w->listings));
	w->listings->listing.id = listing;
	w->listings->label_version = version;
	w->listings->review_score = 0;
	if (category)
		fx_label(f, w->listings, category);
	fx_ok(f, w);
}

static const char *stands(struct fx *f, const char *ext_id)
{
	struct listing_view v;

	fx_view(f, "a", ext_id, &v);
	return v.labeled ? arena_fmt(f->arena, "%.*s %s", STR_ARG(v.label.category),
				     label_by_name(v.label.by))
				   .p
			 : "-";
}

static void check(struct fx *f, const char *one, const char *three, int queued, int reviewed,
		  int labeled)
{
	struct source_counts *s;
	struct reason why;
	int64_t size;
	int n;

	assert_string_equal(stands(f, "1"), one);
	assert_string_equal(stands(f, "2"), one);
	assert_string_equal(stands(f, "3"), three);
	assert_int_equal(reader_review_size(f->reader, &size, &why), ERR_OK);
	assert_int_equal(size, queued);
	assert_int_equal(reader_sources(f->reader, f->arena, &s, &n, &why), ERR_OK);
	assert_int_equal(s[0].tally[TALLY_REVIEWED], reviewed);
	assert_int_equal(s[0].tally[TALLY_LABELED], labeled);
	/* nothing was rewritten */
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM label WHERE made_by = 'person' AND "
				      "category = 'x' AND taxonomy = 1"),
			 2);
}

static void test_renamed(void **state)
{
	struct fx *f = *state;
	const struct recode m = of_x(2, RECODE_CODE, "a");
	struct category_count *c;
	struct label_row *log;
	struct reason why;
	int n;

	label_all(f, "x");
	check(f, "x person", "x rules", 0, 2, 3);
	in_force(f, 2, &m, 1);
	check(f, "a person", "a rules", 0, 2, 3);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM current_label WHERE category = 'a'"),
			 3);
	assert_int_equal(reader_categories(f->reader, f->arena, &c, &n, &why), ERR_OK);
	assert_int_equal(n, 1);
	fx_assert_str(c[0].category, "a");
	assert_true(c[0].labeled == 3 && c[0].reviewed == 2);
	/* the log says both */
	assert_int_equal(reader_labels(f->reader, 1, f->arena, &log, &n, &why), ERR_OK);
	fx_assert_str(log[0].label.category, "a");
	fx_assert_str(log[0].label.written, "x");
	fx_assert_str(log[0].label.recode_why, "because");
	assert_true(log[0].label.recoded && log[0].label.taxonomy == 1);
	/* the sweep finds nothing to send back */
	judged(f, 1, "a", 9);
	check(f, "a person", "a rules", 0, 2, 3);
	/* a version that was not yet known to the label's maker is not asked about */
	in_force(f, 3, NULL, 0);
	check(f, "x person", "x rules", 0, 2, 3);
}

static void test_listings_are_found_by_what_they_are(void **state)
{
	struct fx *f = *state;
	const struct recode m = of_x(2, RECODE_CODE, "a.b");
	static const struct {
		const char *category;
		int64_t found;
	} asks[] = { { "x", 0 }, { "a.b", 3 }, { "a", 3 }, { "b", 0 } };

	label_all(f, "x");
	in_force(f, 2, &m, 1);
	for (size_t i = 0; i < sizeof(asks) / sizeof(*asks); i++) {
		struct listing_filter filter = { .category = str_of(asks[i].category) };
		struct reason why;
		int n = 0;

		assert_int_equal(reader_listings(f->reader, &filter, f->arena, count_row, &n, &why),
				 ERR_OK);
		assert_int_equal(n, asks[i].found);
	}
}

static void test_retired(void **state)
{
	struct fx *f = *state;
	const struct recode m = of_x(2, RECODE_NONE, NULL);

	label_all(f, "x");
	in_force(f, 2, &m, 1);
	/* a person's is "none of them"; rules have nothing to say, and say so when judged */
	check(f, " person", "-", 0, 2, 3);
	judged(f, 3, NULL, 9);
	judged(f, 1, NULL, 9);
	check(f, " person", "-", 0, 2, 2);
}

static void test_split(void **state)
{
	struct fx *f = *state;
	const struct recode m = of_x(2, RECODE_SPLIT, NULL);
	struct write *w;
	int64_t n;
	struct reason why;

	label_all(f, "x");
	in_force(f, 2, &m, 1);
	check(f, "-", "-", 0, 2, 3);
	judged(f, 1, "a", 9);
	judged(f, 2, NULL, 9);
	judged(f, 3, "a", 9);
	/* the person's word still stands before that of rules, which is no answer to it */
	check(f, "-", "a rules", 2, 0, 1);
	assert_int_equal(reader_rechecks(f->reader, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
	/* again, with another score and other rules: as before */
	judged(f, 1, "b", 10);
	check(f, "-", "a rules", 2, 0, 1);
	/* decided, undone, decided */
	for (int i = 0; i < 2; i++) {
		w = fx_write(f, WRITE_REVIEW);
		w->action = REVIEW_CHOOSE;
		w->listing = 1;
		w->who = STR("lee");
		w->category = STR("b");
		w->taxonomy = 2;
		w->event.shown = STR("{}");
		fx_ok(f, w);
		assert_string_equal(stands(f, "1"), "b person");
		assert_int_equal(fx_number(f, "SELECT recheck FROM standing WHERE listing = 1"), 0);
		if (i == 1)
			break;
		w = fx_write(f, WRITE_REVIEW);
		w->action = REVIEW_UNDO;
		w->who = STR("lee");
		w->event.shown = STR("{}");
		fx_ok(f, w);
		check(f, "-", "a rules", 2, 0, 1);
	}
	judged(f, 1, "a", 11);
	assert_string_equal(stands(f, "1"), "b person");
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM standing WHERE recheck = 1"), 1);
}

/* What was split was joined again: the old word stands. */
static void test_split_and_joined(void **state)
{
	struct fx *f = *state;
	const struct recode split = of_x(2, RECODE_SPLIT, NULL);
	const struct recode joined = of_x(2, RECODE_CODE, "a");

	label_all(f, "x");
	in_force(f, 2, &split, 1);
	for (int i = 1; i <= 3; i++)
		judged(f, i, "a", 9);
	check(f, "-", "a rules", 2, 0, 1);
	in_force(f, 3, &joined, 1);
	for (int i = 1; i <= 3; i++)
		judged(f, i, "a", 10);
	check(f, "a person", "a rules", 0, 2, 3);
}

/* Of a maker that does not say under which version: the one in force. */
static void test_version_in_force(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "one");

	in_force(f, 4, NULL, 0);
	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_label(f, &l, "a");
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	assert_int_equal(fx_number(f, "SELECT taxonomy FROM label"), 4);
}

static void test_what_is_known(void **state)
{
	struct fx *f = *state;
	const struct recode m = of_x(2, RECODE_CODE, "a");
	struct taxonomy_edition *e;
	struct label_count *c;
	struct reason why;
	struct str *codes;
	int n, n_codes;

	in_force(f, 1, NULL, 0);
	label_all(f, "x");
	in_force(f, 2, &m, 1);
	in_force(f, 2, &m, 1);
	assert_int_equal(reader_taxonomy(f->reader, f->arena, &e, &n, &codes, &n_codes, &why),
			 ERR_OK);
	assert_int_equal(n, 2);
	assert_true(e[1].version == 2 && e[1].hash == 2 && e[1].first_ms == FX_NOW);
	assert_int_equal(n_codes, 2);
	fx_assert_str(codes[1], "b");
	assert_int_equal(reader_label_counts(f->reader, f->arena, &c, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
	assert_true(c[0].by == LABEL_BY_PERSON && c[0].labels == 2 && c[0].taxonomy == 1);
	fx_assert_str(c[1].written, "x");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, fx_setup_open, fx_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_renamed),	     CASE(test_listings_are_found_by_what_they_are),
		CASE(test_retired),	     CASE(test_split),
		CASE(test_split_and_joined), CASE(test_version_in_force),
		CASE(test_what_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
