/* Pictures that look the same join families of titles that words alone leave apart. */
#include "base/rng.h"
#include "store_fixture.h"

#define PRICE 150000
#define KNIT "푸른달 울 가디건 회색"
#define KNIT_AGAIN "푸른달 울 가디건 급매"
#define KNIT_THIRD "울 가디건 푸른달 정품"
#define SHOES "새벽 구두 상자 있음"

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

static struct look look_of_number(int number, int bits)
{
	struct rng r = { (uint64_t)number + 1 };
	struct look l = { .quality = 100 };

	for (int p = 0; p < LOOK_PARTS; p++)
		for (int w = 0; w < PDQ_WORDS; w++)
			l.part[p].word[w] = rng_next(&r);
	for (int p = 0; p < LOOK_PARTS; p++)
		for (int b = 0; b < bits; b++)
			l.part[p].word[b % PDQ_WORDS] ^= UINT64_C(1) << 4 * b / PDQ_WORDS;
	return l;
}

static struct write *listing_of(struct fx *f, const char *id, const char *title, int64_t price)
{
	struct write_listing l = fx_listing("shop", id, title);

	l.listing.price = price;
	l.listing.image = arena_fmt(f->arena, "http://media.example/%s.jpg", id);
	l.listing.family = listing_title_key(&l.listing);
	return fx_page(f, "shop", 1, &l, 1);
}

static struct listing_view view(struct fx *f, const char *id)
{
	struct listing_view v;
	struct reason why;

	assert_int_equal(reader_listing(f->reader, 0, STR("shop"), str_of(id), f->arena, &v, &why),
			 ERR_OK);
	return v;
}

static uint64_t title_key(struct fx *f, const char *id)
{
	struct listing_view v = view(f, id);

	return listing_title_key(&v.listing);
}

static int64_t image_job(struct fx *f, const char *id, const char *address)
{
	struct write *w = fx_write(f, WRITE_IMAGE_LINKS);
	struct image_view v = { .job = 0 };
	struct reason why;

	w->n_links = 1;
	w->links = arena_zero(f->arena, sizeof(*w->links));
	w->links[0] = (struct write_image_link){
		.listing = view(f, id).listing.id,
		.address = arena_fmt(f->arena, "http://media.example/%s.jpg", address),
		.job = { .source = STR("shop"),
			 .page = STR(IMAGE_PAGE),
			 .url = STR("http://media.example/"),
			 .key = arena_fmt(f->arena, "image %s", address),
			 .host = STR("media.example"),
			 .seed = -1,
			 .parent = 1,
			 .due_ms = FX_NOW },
	};
	fx_ok(f, w);
	assert_int_equal(reader_image(f->reader, w->links[0].listing, f->arena, &v, &why), ERR_OK);
	return v.job;
}

static struct write *answer(struct fx *f, int64_t job, const char *content, const struct look *look)
{
	struct write *w = fx_write(f, WRITE_IMAGE);

	w->job = (struct job){ .id = job, .source = STR("shop"), .state = JOB_DONE };
	w->image = (struct image){ .hash = str_of(content),
				   .file = arena_fmt(f->arena, "ab/%s.jpg", content),
				   .type = STR("image/jpeg"),
				   .bytes = 1000,
				   .width = 30,
				   .height = 40 };
	w->looks = arena_zero(f->arena, sizeof(*w->looks));
	w->n_looks = 1;
	if (look)
		w->looks->look = *look;
	else
		w->looks->reason = STR("cut");
	return w;
}

/* A listing and, later, its picture: number `picture` with so many bits of it changed. */
static void show(struct fx *f, const char *id, const char *title, int64_t price, int picture,
		 int bits)
{
	struct look l = look_of_number(picture, bits);

	fx_ok(f, listing_of(f, id, title, price));
	fx_ok(f, answer(f, image_job(f, id, id), arena_fmt(f->arena, "c%s", id).p, &l));
}

static bool one(struct fx *f, const char *a, const char *b)
{
	return view(f, a).listing.family == view(f, b).listing.family;
}

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

static struct write *person(struct fx *f, enum write_family_action action, const char *listing,
			    const char *into)
{
	struct write *w = fx_write(f, WRITE_FAMILY);

	w->family_action = action;
	w->listing = view(f, listing).listing.id;
	w->into = into ? view(f, into).listing.id : 0;
	w->who = STR("ann");
	return w;
}

static void a_picture_joins_what_words_alone_do_not(void **state)
{
	struct fx *f = *state;
	struct family_title t;
	struct listing_view v;
	struct reason why;

	show(f, "1", KNIT, PRICE, 1, 0);
	fx_ok(f, listing_of(f, "2", KNIT_AGAIN, PRICE));
	assert_false(one(f, "1", "2"));
	show(f, "2", KNIT_AGAIN, PRICE, 1, 40);
	assert_true(one(f, "1", "2"));
	/* the older title names the family */
	v = view(f, "2");
	assert_true(v.listing.family == title_key(f, "1"));
	assert_int_equal(reader_family_title(f->reader, &v.listing, f->arena, &t, &why), ERR_OK);
	fx_assert_str(t.joined_by, "picture");
	assert_int_equal(t.picture, 40);
	assert_true(t.alike >= 0.30 && t.alike < 0.75);
	v = view(f, "1");
	assert_int_equal(reader_family_title(f->reader, &v.listing, f->arena, &t, &why), ERR_OK);
	assert_int_equal(t.picture, -1);
	/* what has the title later is of the family, too */
	fx_ok(f, listing_of(f, "3", KNIT_AGAIN, 7));
	assert_true(one(f, "1", "3"));
	adds_up(f);
}

static void a_picture_alone_joins_nothing(void **state)
{
	struct fx *f = *state;

	show(f, "1", KNIT, PRICE, 1, 0);
	show(f, "2", SHOES, PRICE, 1, 0);	   /* other words */
	show(f, "3", KNIT_AGAIN, 3 * PRICE, 1, 0); /* another price */
	show(f, "4", KNIT_THIRD, PRICE, 2, 0);	   /* another picture */
	show(f, "5", KNIT_THIRD " 팝니다", PRICE, 1, LOOK_NEAR + 4);
	assert_false(one(f, "1", "2"));
	assert_false(one(f, "1", "3"));
	assert_false(one(f, "1", "4"));
	assert_false(one(f, "1", "5"));
	/* until its price is near */
	fx_ok(f, listing_of(f, "3", KNIT_AGAIN, PRICE));
	assert_true(one(f, "1", "3"));
	adds_up(f);
}

static void a_title_may_come_after_its_picture(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("shop", "3", KNIT_THIRD);

	show(f, "1", KNIT, PRICE, 1, 0);
	show(f, "2", SHOES, 9 * PRICE, 1, 3);
	/* the address is fetched already, of something else at another price */
	l.listing.image = STR("http://media.example/2.jpg");
	l.listing.price = PRICE;
	l.listing.family = listing_title_key(&l.listing);
	fx_ok(f, fx_page(f, "shop", 1, &l, 1));
	assert_false(one(f, "1", "3"));
	image_job(f, "3", "2");
	assert_true(one(f, "1", "3"));
	assert_false(one(f, "1", "2"));
	adds_up(f);
}

static void a_restart_forgets_no_picture(void **state)
{
	struct fx *f = *state;

	show(f, "1", KNIT, PRICE, 1, 0);
	show(f, "2", KNIT_AGAIN, PRICE, 1, 9);
	fx_close(f);
	fx_open(f);
	show(f, "3", KNIT_THIRD, PRICE, 1, 20);
	assert_true(one(f, "1", "3"));
	/* a title that a picture brought in is still compared with */
	fx_ok(f, listing_of(f, "4", KNIT_AGAIN "!", PRICE));
	assert_true(one(f, "1", "4"));
	adds_up(f);
}

static void what_was_rolled_back_is_not_known(void **state)
{
	struct fx *f = *state;
	struct look l = look_of_number(1, 0);
	struct write *w;

	fx_ok(f, listing_of(f, "1", KNIT, PRICE));
	w = answer(f, image_job(f, "1", "1"), "c1", &l);
	w->looks->look.quality = 101;
	assert_int_not_equal(fx_run(f, w), ERR_OK);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM image"), 0);
	show(f, "2", KNIT_AGAIN, PRICE, 1, 0);
	assert_false(one(f, "1", "2"));
	fx_ok(f, answer(f, image_job(f, "1", "1"), "c1", &l));
	assert_true(one(f, "1", "2"));
	/* the older title leads, whichever picture came first */
	assert_true(view(f, "2").listing.family == title_key(f, "1"));
	adds_up(f);
}

static void what_many_titles_show_joins_nothing(void **state)
{
	static const char *const words[] = { "의자", "시계", "냄비", "우산", "화분",
					     "책상", "기타", "텐트", "모자" };
	struct fx *f = *state;

	for (int i = 0; i < 9; i++)
		show(f, arena_fmt(f->arena, "s%d", i).p,
		     arena_fmt(f->arena, "%s %s 상태 좋음", words[i], words[(i + 4) % 9]).p,
		     PRICE * (i + 2), 1, 2 * i);
	show(f, "1", KNIT, PRICE, 1, 0);
	show(f, "2", KNIT_AGAIN, PRICE, 1, 0);
	assert_false(one(f, "1", "2"));
	adds_up(f);
}

static void a_person_is_not_overruled(void **state)
{
	struct fx *f = *state;

	show(f, "1", KNIT, PRICE, 1, 0);
	show(f, "2", KNIT_AGAIN, PRICE, 1, 9);
	assert_true(one(f, "1", "2"));
	fx_ok(f, person(f, FAMILY_SPLIT, "2", NULL));
	assert_false(one(f, "1", "2"));
	/* neither a new price nor a new picture joins either again */
	fx_ok(f, listing_of(f, "2", KNIT_AGAIN, PRICE + 1000));
	fx_ok(f, listing_of(f, "1", KNIT, PRICE + 1000));
	assert_false(one(f, "1", "2"));
	/* a third may join one of them */
	show(f, "3", KNIT_THIRD, PRICE, 1, 5);
	assert_true(one(f, "1", "3") != one(f, "2", "3"));
	assert_false(one(f, "1", "2"));
	adds_up(f);
	/* a family of more titles stays what it is */
	show(f, "4", SHOES, PRICE, 3, 0);
	fx_ok(f, person(f, FAMILY_MERGE, "4", "1"));
	assert_true(one(f, "1", "4"));
	adds_up(f);
}

static void pictures_that_cannot_be_read_have_a_reason(void **state)
{
	struct fx *f = *state;

	fx_ok(f, listing_of(f, "1", KNIT, PRICE));
	fx_ok(f, answer(f, image_job(f, "1", "1"), "c1", NULL));
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM image_look WHERE reason = 'cut'"), 1);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job WHERE page_kind = '@image' AND "
				      "state = 'done'"),
			 1);
}

static int64_t unseen(struct fx *f)
{
	struct image *all = NULL;
	int64_t count = -1;
	int n = 0;

	assert_int_equal(reader_images_unseen_count(f->reader, &count, NULL), ERR_OK);
	assert_int_equal(reader_images_unseen(f->reader, 0, 10, f->arena, &all, &n, NULL), ERR_OK);
	assert_int_equal(count, n);
	return n ? all[0].id : 0;
}

/* The first is taken back with the second, which the table refuses. */
static void looks_that_fail(struct fx *f, int64_t good, int64_t bad)
{
	struct write *w = fx_write(f, WRITE_LOOKS);

	w->n_looks = 2;
	w->looks = arena_array(f->arena, 2, sizeof(*w->looks));
	w->looks[0] = (struct write_look){ .image = good, .look = look_of_number(1, 6) };
	w->looks[1] = (struct write_look){ .image = bad, .look = look_of_number(2, 0) };
	w->looks[1].look.quality = 101;
	assert_int_not_equal(fx_run(f, w), ERR_OK);
	assert_false(one(f, "1", "2"));
}

static void stored_pictures_are_looked_at_later(void **state)
{
	struct fx *f = *state;
	static const int64_t second[1] = { 2 };
	struct write *w = answer(f, 0, "c1", NULL);

	show(f, "2", KNIT_AGAIN, PRICE, 1, 0);
	fx_ok(f, listing_of(f, "1", KNIT, PRICE));
	w->job.id = image_job(f, "1", "1");
	w->n_looks = 0;
	fx_ok(f, w);
	assert_false(one(f, "1", "2"));
	assert_int_equal(unseen(f), 2);
	fx_ok(f, listing_of(f, "3", SHOES, PRICE));
	w = answer(f, image_job(f, "3", "3"), "c3", NULL);
	w->n_looks = 0;
	fx_ok(f, w);
	looks_that_fail(f, 2, 3);
	w = fx_write(f, WRITE_LOOKS);
	w->n_looks = 2;
	w->looks = arena_array(f->arena, 2, sizeof(*w->looks));
	w->looks[0] = (struct write_look){ .image = 99, .reason = STR("let go of meanwhile") };
	w->looks[1] = (struct write_look){ .image = 2, .look = look_of_number(1, 6) };
	fx_ok(f, w);
	assert_true(one(f, "1", "2"));
	assert_int_equal(unseen(f), 3);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM image_look"), 2);
	/* and go with their picture */
	w = fx_write(f, WRITE_IMAGE_LOST);
	w->ids = second;
	w->n_ids = 1;
	fx_ok(f, w);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM image_look"), 1);
	adds_up(f);
}

#define TEST(x) cmocka_unit_test_setup_teardown(x, set_up, fx_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_picture_joins_what_words_alone_do_not),
		TEST(a_picture_alone_joins_nothing),
		TEST(a_title_may_come_after_its_picture),
		TEST(a_restart_forgets_no_picture),
		TEST(what_was_rolled_back_is_not_known),
		TEST(what_many_titles_show_joins_nothing),
		TEST(a_person_is_not_overruled),
		TEST(pictures_that_cannot_be_read_have_a_reason),
		TEST(stored_pictures_are_looked_at_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
