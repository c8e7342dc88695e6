/* Families of titles that are alike, and a person's word on them. */
#include "store_fixture.h"

#include "store/schema.h"

#define GREY "푸른달 울 가디건 회색"
#define BLACK "푸른달 울 가디건 검정"

static int set_up(void **state)
{
	struct fx *f;

	fx_setup(state);
	f = *state;
	f->near = true;
	fx_open(f);
	fx_ok(f, fx_seeds(f, "shop", 1, 1));
	return 0;
}

static struct write_listing of_price(const char *ext_id, const char *title, int64_t price)
{
	struct write_listing l = fx_listing("shop", ext_id, title);

	l.listing.price = price;
	l.listing.family = listing_title_key(&l.listing);
	return l;
}

static struct write_listing of(const char *ext_id, const char *title)
{
	return of_price(ext_id, title, 150000);
}

static void store(struct fx *f, struct write_listing l)
{
	fx_ok(f, fx_page(f, "shop", 1, &l, 1));
}

static uint64_t family(struct fx *f, const char *ext_id)
{
	struct listing_view v;
	struct reason why;

	assert_int_equal(
		reader_listing(f->reader, 0, STR("shop"), str_of(ext_id), f->arena, &v, &why),
		ERR_OK);
	return v.listing.family;
}

static int64_t row(struct fx *f, const char *ext_id)
{
	struct listing_view v;
	struct reason why;

	assert_int_equal(
		reader_listing(f->reader, 0, STR("shop"), str_of(ext_id), f->arena, &v, &why),
		ERR_OK);
	return v.listing.id;
}

static void is_family(struct fx *f, const char *a, const char *b)
{
	if (family(f, a) != family(f, b))
		fail_msg("%s and %s are apart", a, b);
}

static void is_apart(struct fx *f, const char *a, const char *b)
{
	if (family(f, a) == family(f, b))
		fail_msg("%s and %s are one family", a, b);
}

static void again(struct fx *f)
{
	fx_close(f);
	fx_open(f);
}

static struct write *person(struct fx *f, enum write_family_action action, const char *listing,
			    const char *into)
{
	struct write *w = fx_write(f, WRITE_FAMILY);

	w->family_action = action;
	w->listing = row(f, listing);
	w->into = into ? row(f, into) : 0;
	w->who = STR("ann");
	return w;
}

/* Sizes and counts say what the rows do. */
static void adds_up(struct fx *f)
{
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM listing l LEFT JOIN family f ON f.id = "
				      "l.family WHERE COALESCE(f.size, 1) <> (SELECT COUNT(*) FROM "
				      "listing o WHERE o.family = l.family)"),
			 0);
	assert_int_equal(fx_number(f, "SELECT COALESCE(SUM(value), 0) FROM tally WHERE name = "
				      "'duplicates'"),
			 fx_number(f, "SELECT COUNT(*) FROM listing l WHERE EXISTS (SELECT 1 FROM "
				      "listing o WHERE o.family = l.family AND o.id < l.id)"));
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM family_title t WHERE EXISTS (SELECT 1 "
				      "FROM family_title o WHERE o.id = t.family AND o.family <> "
				      "t.family)"),
			 0);
}

static void titles_that_are_alike_are_one_family(void **state)
{
	struct fx *f = *state;

	store(f, of("1", GREY));
	store(f, of("2", GREY " xl"));
	store(f, of_price("3", GREY " 새것", 900000));
	store(f, of("4", BLACK));
	is_family(f, "1", "2");
	assert_true(family(f, "1") == of("1", GREY).listing.family);
	is_apart(f, "1", "3");
	is_apart(f, "1", "4");
	/* equal titles are one family at any price, and what one of them was joined to */
	store(f, of_price("5", GREY " xl", 10));
	is_family(f, "1", "5");
	adds_up(f);
}

static void a_restart_forgets_no_title(void **state)
{
	struct fx *f = *state;

	store(f, of("1", GREY));
	store(f, of("2", GREY " xl"));
	again(f);
	store(f, of("3", GREY " s"));
	store(f, of("4", GREY " xl"));
	store(f, of("2", GREY " xl"));
	is_family(f, "1", "2");
	is_family(f, "1", "3");
	is_family(f, "1", "4");
	adds_up(f);
}

static void what_was_rolled_back_is_not_known(void **state)
{
	struct fx *f = *state;
	struct write_listing l[2] = { of("1", GREY), of("2", "새벽 구두 상자") };

	l[1].listing.price_digits = 12;
	assert_int_not_equal(fx_run(f, fx_page(f, "shop", 1, l, 2)), ERR_OK);
	store(f, of("3", GREY " xl"));
	assert_true(family(f, "3") == of("3", GREY " xl").listing.family);
	store(f, of("1", GREY));
	is_family(f, "1", "3");
	assert_true(family(f, "1") == of("3", GREY " xl").listing.family);
	adds_up(f);
}

static void a_reworded_listing_stays(void **state)
{
	struct fx *f = *state;
	uint64_t was;

	store(f, of("1", GREY));
	was = family(f, "1");
	store(f, of_price("1", "급처 푸른달 울 가디건 그레이", 90000));
	assert_true(family(f, "1") == was);
	/* and who has these words is of it */
	store(f, of("2", "급처 푸른달 울 가디건 그레이"));
	is_family(f, "1", "2");
	/* another thing altogether */
	store(f, of("1", "새벽 구두 상자"));
	is_apart(f, "1", "2");
	again(f);
	store(f, of("3", "급처 푸른달 울 가디건 그레이 m"));
	is_family(f, "3", "2");
	adds_up(f);
}

static void a_title_that_is_split_off_stays_so(void **state)
{
	struct fx *f = *state;
	struct write *w;

	store(f, of("1", GREY));
	store(f, of("2", GREY " xl"));
	store(f, of("3", GREY " xl"));
	store(f, of("4", GREY " s"));
	w = person(f, FAMILY_SPLIT, "2", NULL);
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 2);
	for (int i = 0; i < 2; i++) {
		is_apart(f, "1", "2");
		is_family(f, "2", "3");
		is_family(f, "1", "4");
		/* seen again; new ones of its words */
		store(f, of("2", GREY " xl"));
		store(f, of("5", GREY " xl"));
		is_family(f, "2", "5");
		is_apart(f, "1", "5");
		adds_up(f);
		again(f);
	}
	assert_int_equal(fx_number(f, "SELECT moved FROM family_event WHERE action = 'split'"), 2);
}

static void one_of_many_of_a_title_is_split_off_alone(void **state)
{
	struct fx *f = *state;
	struct write *w;

	store(f, of("1", GREY));
	store(f, of("2", GREY));
	store(f, of("3", GREY));
	w = person(f, FAMILY_SPLIT, "2", NULL);
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 1);
	store(f, of("2", GREY));
	is_apart(f, "1", "2");
	/* whatever it says later */
	store(f, of("2", GREY " xl"));
	is_apart(f, "1", "2");
	again(f);
	store(f, of("2", GREY));
	is_apart(f, "1", "2");
	is_family(f, "1", "3");
	w = person(f, FAMILY_SPLIT, "2", NULL);
	assert_int_equal(fx_run(f, w), ERR_BAD);
	assert_non_null(strstr(w->why.text, "is alone in its family"));
	adds_up(f);
}

static void merged_families_are_one(void **state)
{
	struct fx *f = *state;
	struct write *w;

	store(f, of("1", GREY));
	store(f, of("2", GREY " xl"));
	store(f, of("3", "하늘 담요 큰것"));
	store(f, of("4", "하늘 담요 큰것 m"));
	w = person(f, FAMILY_MERGE, "4", "2");
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 2);
	assert_true(w->ret_family == family(f, "1"));
	is_family(f, "1", "3");
	is_family(f, "1", "4");
	/* what is like either of them, before and after a start */
	for (int i = 0; i < 2; i++) {
		store(f, of(i ? "5" : "6", i ? "하늘 담요 큰것 s" : "하늘 담요 큰것 xs"));
		is_family(f, "1", i ? "5" : "6");
		store(f, of("3", "하늘 담요 큰것"));
		is_family(f, "1", "3");
		adds_up(f);
		again(f);
	}
	w = person(f, FAMILY_MERGE, "3", "1");
	assert_int_equal(fx_run(f, w), ERR_BAD);
	assert_non_null(strstr(w->why.text, "of one family already"));
	/* and back */
	fx_ok(f, person(f, FAMILY_SPLIT, "3", NULL));
	is_apart(f, "1", "3");
	is_family(f, "1", "4");
	w = person(f, FAMILY_SPLIT, "1", NULL);
	w->listing = 999;
	assert_int_equal(fx_run(f, w), ERR_NOT_FOUND);
	adds_up(f);
}

/* ---- a store from before titles that are alike were one family ---- */

#define BEFORE_FAMILIES 14

static void put_old(struct store_engine *e, struct arena *a, int id, const char *title, int price)
{
	struct write_listing l = of_price("", title, price);
	struct str text = arena_fmt(
		a,
		"INSERT INTO listing (id, source, ext_id, page, first_seen_ms, last_seen_ms, state,"
		" price, price_digits, posted_ms, family, flags, title, title_clean, flag_reason,"
		" currency, category, url, image, brand, condition, location, description) VALUES "
		"(%d, 'shop', '%d', 1, 5, 5, 'selling', %d, 0, 0, %llu, 0, '%s', '%s', '', 'KRW', "
		"'', '', '', '', '', '', '');"
		"INSERT INTO standing (listing, clean_version, label_version, reviewed, "
		"review_score, p1, p2, p3) VALUES (%d, 1, 1, 0, 0, 0, 0, 0)",
		id, id, price, (unsigned long long)l.listing.family, title, title, id);

	if (store_engine_exec(e, text.p))
		fail_msg("%s", e->why.text);
}

static int set_up_old(void **state)
{
	static const char rows[] =
		"INSERT INTO source (name) VALUES ('shop');"
		"INSERT INTO job (id, source, key, host, page_kind, url, vars, seed, depth, "
		"priority, state, due_ms, attempts, changed_ms, reason) VALUES (1, 'shop', 'k', "
		"'h', 'p', 'u', '', 0, 0, 0, 'done', 5, 0, 0, '');"
		"INSERT INTO page (id, job, page_kind, url, fetched_ms, status, content_type, "
		"wire_bytes, body_bytes, body_hash, state, reason, extract_version, items, "
		"skipped, rejected, listings, record_file, record_offset, record_bytes) VALUES "
		"(1, 1, 'p', 'u', 5, 200, '', 0, 0, 0, 'extracted', '', 1, 1, 0, 0, 1, '', 0, 0);";
	struct store_engine *e;
	struct reason why;
	struct fx *f;
	int was;

	fx_setup(state);
	f = *state;
	f->near = true;
	if (store_engine_open(f->path, STORE_ENGINE_CREATE, &e, &why) ||
	    schema_apply(e, schema_migrations, BEFORE_FAMILIES, &was, &why))
		fail_msg("%s", why.text);
	if (store_engine_exec(e, rows))
		fail_msg("%s", e->why.text);
	put_old(e, f->arena, 1, GREY, 150000);
	put_old(e, f->arena, 2, BLACK, 150000);
	put_old(e, f->arena, 3, GREY " xl", 150000);
	put_old(e, f->arena, 4, GREY " s", 900000);
	put_old(e, f->arena, 5, GREY " 새상품 택포", 150000);
	put_old(e, f->arena, 6, GREY " xl", 150000);
	if (store_engine_exec(e, "INSERT INTO family SELECT family, 2 FROM listing WHERE id = 6;"
				 "INSERT INTO tally VALUES ('shop', 'duplicates', 1)"))
		fail_msg("%s", e->why.text);
	store_engine_close(e);
	fx_open(f);
	return 0;
}

/* What the sweep does of a listing that another version of the cleaner made. */
static void swept(struct fx *f, const char *ext_id, const char *core)
{
	struct write *w = fx_write(f, WRITE_DERIVED);
	struct write_listing l = { .label_version = 2 };
	struct listing_view v;
	struct reason why;

	assert_int_equal(
		reader_listing(f->reader, 0, STR("shop"), str_of(ext_id), f->arena, &v, &why),
		ERR_OK);
	l.listing = v.listing;
	l.listing.family = listing_title_key(&v.listing);
	l.listing.title_core = str_of(core);
	l.listing.clean_version = 4;
	w->listings = &l;
	w->n_listings = 1;
	fx_ok(f, w);
}

static void old_listings_join_as_they_are_swept(void **state)
{
	struct fx *f = *state;

	for (int i = 0; i < 2; i++) {
		static const char *const ids[] = { "1", "2", "3", "4", "5", "6" };

		for (int k = 0; k < 6; k++)
			swept(f, ids[k], k == 4 ? GREY : "");
		is_family(f, "1", "3");
		is_family(f, "1", "6");
		is_family(f, "1", "5");
		is_apart(f, "1", "2");
		is_apart(f, "1", "4");
		assert_int_equal(family(f, "1"), of("1", GREY).listing.family);
		adds_up(f);
		assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM family_title"), 2 + i);
		/* and what comes later is compared with the title as it is read now */
		store(f, of(i ? "7" : "8", i ? GREY " m" : GREY " l"));
		is_family(f, "1", i ? "7" : "8");
		again(f);
	}
}

/* What a person took apart stays so. */
static void a_sweep_undoes_no_decision(void **state)
{
	struct fx *f = *state;

	swept(f, "3", "");
	is_family(f, "1", "3");
	fx_ok(f, person(f, FAMILY_SPLIT, "3", NULL));
	is_apart(f, "1", "3");
	again(f);
	swept(f, "3", "");
	swept(f, "6", "");
	is_apart(f, "1", "3");
	adds_up(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(titles_that_are_alike_are_one_family, set_up,
						fx_teardown),
		cmocka_unit_test_setup_teardown(a_restart_forgets_no_title, set_up, fx_teardown),
		cmocka_unit_test_setup_teardown(what_was_rolled_back_is_not_known, set_up,
						fx_teardown),
		cmocka_unit_test_setup_teardown(a_reworded_listing_stays, set_up, fx_teardown),
		cmocka_unit_test_setup_teardown(a_title_that_is_split_off_stays_so, set_up,
						fx_teardown),
		cmocka_unit_test_setup_teardown(one_of_many_of_a_title_is_split_off_alone, set_up,
						fx_teardown),
		cmocka_unit_test_setup_teardown(merged_families_are_one, set_up, fx_teardown),
		cmocka_unit_test_setup_teardown(old_listings_join_as_they_are_swept, set_up_old,
						fx_teardown),
		cmocka_unit_test_setup_teardown(a_sweep_undoes_no_decision, set_up_old,
						fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
