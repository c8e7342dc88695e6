#include "store_fixture.h"

#define ADDRESS "http://media.example/1.jpg"

static void fill(struct fx *f)
{
	struct write_listing l[2] = { fx_listing("a", "1", "coat"), fx_listing("a", "2", "hat") };

	l[0].listing.image = l[1].listing.image = STR(ADDRESS);
	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_ok(f, fx_page(f, "a", 1, l, 2));
}

/* Listing `id` shows `address`, which job with that key is to fetch. */
static struct write *link_to(struct fx *f, int64_t id, const char *address)
{
	struct write *w = fx_write(f, WRITE_IMAGE_LINKS);

	w->n_links = 1;
	w->links = arena_zero(f->arena, sizeof(*w->links));
	w->links[0] = (struct write_image_link){
		.listing = id,
		.address = str_of(address),
		.job = { .source = STR("a"),
			 .page = STR(IMAGE_PAGE),
			 .url = str_of(address),
			 .key = arena_fmt(f->arena, "image %s", address),
			 .host = STR("media.example"),
			 .seed = -1,
			 .parent = 1,
			 .priority = 9,
			 .due_ms = FX_NOW },
	};
	fx_ok(f, w);
	return w;
}

static struct write *fetched(struct fx *f, int64_t job, const char *hash)
{
	struct write *w = fx_write(f, WRITE_IMAGE);

	w->job = (struct job){ .id = job, .source = STR("a"), .state = JOB_DONE };
	w->image = (struct image){ .hash = str_of(hash),
				   .file = arena_fmt(f->arena, "%.2s/%s.jpg", hash, hash),
				   .type = STR("image/jpeg"),
				   .bytes = 1000,
				   .width = 30,
				   .height = 40 };
	fx_ok(f, w);
	return w;
}

static int64_t waiting(struct fx *f)
{
	return fx_number(f, "SELECT COALESCE(SUM(value), 0) FROM tally WHERE name = "
			    "'images-waiting'");
}

/* Asked for by name. */
static void due_again(struct fx *f, int64_t job)
{
	struct write *w = fx_write(f, WRITE_RETRY);

	w->source = STR("a");
	w->retry_states = 1u << JOB_DONE;
	fx_ok(f, w);
	/* what is kept stays */
	assert_int_equal(waiting(f), 0);
	w = fx_write(f, WRITE_RETRY);
	w->only_job = job;
	w->retry_states = 1u << JOB_DONE;
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 1);
}

static struct write *ids(struct fx *f, enum write_kind kind, int64_t id)
{
	struct write *w = fx_write(f, kind);
	int64_t *list = arena_zero(f->arena, sizeof(*list));

	*list = id;
	w->ids = list;
	w->n_ids = 1;
	fx_ok(f, w);
	return w;
}

static void kept(struct fx *f, int64_t images, int64_t bytes)
{
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM image"), images);
	assert_int_equal(fx_number(f, "SELECT COALESCE(SUM(value), 0) FROM tally WHERE name = "
				      "'images'"),
			 images);
	assert_int_equal(fx_number(f, "SELECT COALESCE(SUM(value), 0) FROM tally WHERE name = "
				      "'image-bytes'"),
			 bytes);
}

static int unlinked(struct fx *f)
{
	struct image_wanted *w = NULL;
	int n = 0;

	assert_int_equal(reader_images_unlinked(f->reader, 0, 10, f->arena, &w, &n, NULL), ERR_OK);
	if (n) {
		fx_assert_str(w[0].source, "a");
		assert_int_equal(w[0].job, 1);
	}
	return n;
}

static void test_one_address_is_one_job(void **state)
{
	struct fx *f = *state;
	struct image_view v = { .job = 0 };
	struct reason why;

	fill(f);
	assert_int_equal(unlinked(f), 2);
	assert_int_equal(reader_image(f->reader, 1, f->arena, &v, &why), ERR_NOT_FOUND);
	assert_int_equal(link_to(f, 1, ADDRESS)->ret_new_jobs, 1);
	assert_int_equal(link_to(f, 2, ADDRESS)->ret_new_jobs, 0);
	assert_int_equal(unlinked(f), 0);
	assert_int_equal(reader_image(f->reader, 2, f->arena, &v, &why), ERR_OK);
	assert_int_equal(v.job, 2);
	assert_int_equal(v.state, JOB_DUE);
	assert_false(v.kept);
	kept(f, 0, 0);
	assert_int_equal(waiting(f), 1);
	fetched(f, 2, "ab12");
	assert_int_equal(waiting(f), 0);
	assert_int_equal(reader_image(f->reader, 1, f->arena, &v, &why), ERR_OK);
	assert_true(v.kept);
	fx_assert_str(v.image.file, "ab/ab12.jpg");
	assert_int_equal(v.image.width, 30);
	kept(f, 1, 1000);
}

static void test_one_content_is_one_image(void **state)
{
	struct fx *f = *state;
	bool known = false;

	fill(f);
	link_to(f, 1, ADDRESS);
	fetched(f, 2, "ab12");
	fx_ok(f, fx_seeds(f, "a", 1, 1));
	assert_int_equal(fetched(f, 3, "ab12")->image.id, 1);
	kept(f, 1, 1000);
	due_again(f, 2);
	/* the address answers another picture: the first is still the other's */
	assert_int_equal(fetched(f, 2, "cd34")->ret_changed, 0);
	kept(f, 2, 2000);
	assert_int_equal(
		reader_image_known(f->reader, STR("ab12"), STR("ab/ab12.jpg"), &known, NULL),
		ERR_OK);
	assert_true(known);
}

static void test_a_picture_that_changes_lets_the_old_go(void **state)
{
	struct fx *f = *state;
	bool known = true;

	fill(f);
	link_to(f, 1, ADDRESS);
	fetched(f, 2, "ab12");
	due_again(f, 2);
	assert_int_equal(fetched(f, 2, "cd34")->ret_changed, 1);
	kept(f, 1, 1000);
	assert_int_equal(
		reader_image_known(f->reader, STR("ab12"), STR("ab/ab12.jpg"), &known, NULL),
		ERR_OK);
	assert_false(known);
}

static void test_a_listing_that_shows_another_lets_go(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "coat");
	int64_t *orphans;
	int n = 0;

	fill(f);
	link_to(f, 1, ADDRESS);
	link_to(f, 2, ADDRESS);
	fetched(f, 2, "ab12");
	l.listing.image = STR("http://media.example/other.jpg");
	l.listing.last_seen_ms = FX_NOW + 9;
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	assert_int_equal(unlinked(f), 1);
	/* what was read before that is not what it shows now */
	assert_int_equal(link_to(f, 1, ADDRESS)->ret_new_jobs, 0);
	assert_int_equal(unlinked(f), 1);
	assert_int_equal(link_to(f, 1, "http://media.example/other.jpg")->ret_new_jobs, 1);
	/* the hat still shows it */
	assert_int_equal(ids(f, WRITE_IMAGE_DROP, 2)->ret_changed, 0);
	kept(f, 1, 1000);
	l = fx_listing("a", "2", "hat");
	l.listing.image = STR("http://media.example/other.jpg");
	l.listing.last_seen_ms = FX_NOW + 9;
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	link_to(f, 2, "http://media.example/other.jpg");
	assert_int_equal(reader_images_orphaned(f->reader, 0, 10, f->arena, &orphans, &n, NULL),
			 ERR_OK);
	assert_int_equal(n, 1);
	assert_int_equal(orphans[0], 2);
	assert_int_equal(ids(f, WRITE_IMAGE_DROP, 2)->ret_changed, 1);
	kept(f, 0, 0);
	/* and when it is shown again it is fetched again */
	l.listing.image = STR(ADDRESS);
	l.listing.last_seen_ms = FX_NOW + 19;
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	assert_int_equal(link_to(f, 2, ADDRESS)->ret_new_jobs, 1);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job WHERE id = 2 AND state = 'due'"),
			 1);
	assert_int_equal(ids(f, WRITE_IMAGE_DROP, 77)->ret_changed, 0);
}

static void test_a_lost_file_is_fetched_again(void **state)
{
	struct fx *f = *state;
	struct image *images;
	int n = 0;

	fill(f);
	link_to(f, 1, ADDRESS);
	fetched(f, 2, "ab12");
	assert_int_equal(reader_images(f->reader, 0, 10, f->arena, &images, &n, NULL), ERR_OK);
	assert_int_equal(n, 1);
	fx_assert_str(images[0].file, "ab/ab12.jpg");
	assert_int_equal(ids(f, WRITE_IMAGE_LOST, images[0].id)->ret_new_jobs, 1);
	kept(f, 0, 0);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job WHERE id = 2 AND state = 'due'"),
			 1);
	assert_int_equal(ids(f, WRITE_IMAGE_LOST, images[0].id)->ret_new_jobs, 0);
	fetched(f, 2, "ab12");
	kept(f, 1, 1000);
}

#define TEST(x) cmocka_unit_test_setup_teardown(x, fx_setup_open, fx_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_one_address_is_one_job),
		TEST(test_one_content_is_one_image),
		TEST(test_a_picture_that_changes_lets_the_old_go),
		TEST(test_a_listing_that_shows_another_lets_go),
		TEST(test_a_lost_file_is_fetched_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
