/* Labels that people made elsewhere: taken once, never over a later word. */
#include "tests/unit/store/store_fixture.h"

static int64_t listing_of(struct fx *f, const char *id)
{
	struct listing_view v;

	assert_int_equal(reader_listing(f->reader, 0, STR("attic"), str_of(id), f->arena, &v, NULL),
			 ERR_OK);
	return v.listing.id;
}

static void fill(struct fx *f)
{
	struct write_listing l[2] = { fx_listing("attic", "1", "wool coat"),
				      fx_listing("attic", "2", "red bag") };

	fx_label(f, &l[0], "women.coat");
	fx_label(f, &l[1], "women.coat");
	fx_ok(f, fx_seeds(f, "attic", 0, 1));
	fx_ok(f, fx_page(f, "attic", 1, l, 2));
}

static enum label_in_end take(struct fx *f, const char *item, const char *id, const char *category,
			      const char *who, int64_t made_ms)
{
	struct label_in *in = arena_zero(f->arena, sizeof(*in));
	struct write *w = fx_write(f, WRITE_LABELS_IN);

	*in = (struct label_in){ .origin = STR("file.csv"),
				 .item = str_of(item),
				 .listing = listing_of(f, id),
				 .category = str_of(category),
				 .who = str_of(who),
				 .note = STR("by hand"),
				 .made_ms = made_ms };
	w->labels_in = in;
	w->n_labels_in = 1;
	fx_ok(f, w);
	return in->end;
}

static struct label current(struct fx *f, const char *id)
{
	struct listing_view v;

	assert_int_equal(reader_listing(f->reader, 0, STR("attic"), str_of(id), f->arena, &v, NULL),
			 ERR_OK);
	return v.label;
}

static int64_t labels(struct fx *f)
{
	struct label_row *rows;
	int n = 0;

	assert_int_equal(reader_labels(f->reader, listing_of(f, "1"), f->arena, &rows, &n, NULL),
			 ERR_OK);
	return n;
}

static void a_label_is_taken_once(void **state)
{
	struct fx *f = *state;

	fill(f);
	assert_int_equal(take(f, "7", "1", "bags", "anna", FX_NOW + 5000), LABEL_IN_STORED);
	assert_true(str_is(current(f, "1").category, "bags"));
	assert_int_equal(current(f, "1").by, LABEL_BY_PERSON);
	assert_true(str_is(current(f, "1").who, "anna"));
	assert_int_equal(current(f, "1").made_ms, FX_NOW + 5000);
	assert_true(str_is(current(f, "1").why, "import:file.csv"));
	assert_int_equal(labels(f), 2);
	assert_int_equal(take(f, "7", "1", "bags", "anna", FX_NOW + 5000), LABEL_IN_KNOWN);
	assert_int_equal(labels(f), 2);
	/* Another name is another row; the same name that says something else is a newer word. */
	assert_int_equal(take(f, "8", "2", "bags", "anna", FX_NOW + 5000), LABEL_IN_STORED);
	assert_int_equal(take(f, "7", "1", "shoes", "anna", FX_NOW + 6000), LABEL_IN_STORED);
	assert_true(str_is(current(f, "1").category, "shoes"));
	assert_int_equal(take(f, "7", "1", "shoes", "anna", FX_NOW + 6000), LABEL_IN_KNOWN);
	assert_int_equal(labels(f), 3);
}

static void a_later_word_stands(void **state)
{
	struct fx *f = *state;

	fill(f);
	assert_int_equal(take(f, "1", "1", "bags", "anna", FX_NOW + 5000), LABEL_IN_STORED);
	assert_int_equal(take(f, "2", "1", "shoes", "ben", FX_NOW + 4000), LABEL_IN_OLDER);
	assert_true(str_is(current(f, "1").category, "bags"));
	assert_int_equal(labels(f), 2);
	/* It is looked at anew each time: nothing of it was stored. */
	assert_int_equal(take(f, "2", "1", "shoes", "ben", FX_NOW + 4000), LABEL_IN_OLDER);
	assert_int_equal(take(f, "3", "1", "", "ben", FX_NOW + 7000), LABEL_IN_STORED);
	assert_int_equal(current(f, "1").category.n, 0);
	assert_int_equal(current(f, "1").by, LABEL_BY_PERSON);
}

static void an_address_names_one_listing(void **state)
{
	struct fx *f = *state;
	struct write_listing l[3] = { fx_listing("attic", "1", "a"), fx_listing("attic", "2", "b"),
				      fx_listing("attic", "3", "c") };
	int64_t id = 0;

	l[0].listing.url = STR("https://a.example/1");
	l[1].listing.url = l[2].listing.url = STR("https://a.example/2");
	fx_ok(f, fx_seeds(f, "attic", 0, 1));
	fx_ok(f, fx_page(f, "attic", 1, l, 3));
	assert_int_equal(reader_listing_at(f->reader, STR("https://a.example/1"), &id, NULL),
			 ERR_OK);
	assert_int_equal(id, listing_of(f, "1"));
	assert_int_equal(reader_listing_at(f->reader, STR("https://a.example/2"), &id, NULL),
			 ERR_EXISTS);
	assert_int_equal(reader_listing_at(f->reader, STR(""), &id, NULL), ERR_NOT_FOUND);
	assert_int_equal(reader_listing_at(f->reader, STR("https://a.example/3"), &id, NULL),
			 ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_label_is_taken_once, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(a_later_word_stands, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(an_address_names_one_listing, fx_setup_open,
						fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
