/* What the writer counts of links: refused ones, folders that are full; and new keys for
 * old jobs. */
#include "store_fixture.h"

/* Jobs of links in /shop: one from `first` on at `host`. */
static struct write *linked(struct fx *f, const char *prefix, int first, int n, int64_t most)
{
	struct write *w = fx_seeds(f, "a", first, n);

	for (int i = 0; i < n; i++) {
		w->jobs[i].prefix = str_of(prefix);
		w->jobs[i].prefix_most = most;
	}
	return w;
}

static void test_folder_is_full(void **state)
{
	struct fx *f = *state;
	struct write *w = linked(f, "/shop", 0, 8, 5);

	fx_ok(f, w);
	assert_int_equal(w->ret_new_jobs, 5);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job"), 5);
	assert_int_equal(fx_number(f, "SELECT value FROM tally WHERE name = 'jobs-due'"), 5);
	/* known ones are neither counted nor refused again; the rest is */
	w = linked(f, "/shop", 0, 8, 5);
	fx_ok(f, w);
	assert_int_equal(w->ret_new_jobs, 0);
	assert_int_equal(fx_number(f, "SELECT times FROM refused WHERE reason = 'budget'"), 6);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM refused WHERE source = 'a' AND url = "
				      "'http://a.example/?page=7'"),
			 1);
	/* other folders and uncounted jobs have their own way */
	w = linked(f, "/sale", 20, 2, 5);
	fx_ok(f, w);
	assert_int_equal(w->ret_new_jobs, 2);
	w = fx_seeds(f, "a", 30, 9);
	fx_ok(f, w);
	assert_int_equal(w->ret_new_jobs, 9);
	/* over a restart, too; a larger budget lets more in */
	fx_close(f);
	fx_open(f);
	w = linked(f, "/shop", 40, 1, 5);
	fx_ok(f, w);
	assert_int_equal(w->ret_new_jobs, 0);
	w = linked(f, "/shop", 40, 1, 6);
	fx_ok(f, w);
	assert_int_equal(w->ret_new_jobs, 1);
}

/* A site that makes folders without end fills one row with them. */
static void test_folders_are_bounded(void **state)
{
	enum { FOLDERS = 10000, MORE = 50 };
	struct fx *f = *state;
	struct write *w = linked(f, "", 0, FOLDERS + MORE, MORE - 5);

	for (int i = 0; i < w->n_jobs; i++)
		w->jobs[i].prefix = arena_fmt(f->arena, "/%d", i);
	fx_ok(f, w);
	assert_int_equal(w->ret_new_jobs, FOLDERS + MORE - 5);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM folder"), FOLDERS + 2);
	assert_int_equal(fx_number(f, "SELECT jobs FROM folder WHERE prefix = '*'"), MORE - 5);
	assert_int_equal(fx_number(f, "SELECT times FROM refused WHERE reason = 'budget'"), 5);
}

static void test_refused_links(void **state)
{
	struct fx *f = *state;
	struct refused_row *r;
	struct reason why;
	struct write *w;
	int n = 0;

	fx_ok(f, fx_seeds(f, "a", 0, 1));
	for (int i = 0; i < 2; i++) {
		w = fx_page(f, "a", 1, NULL, 0);
		refusal_add(&w->refused, REFUSAL_HOST, STR("http://b.example/1"));
		refusal_add(&w->refused, REFUSAL_HOST,
			    i ? STR("http://b.example/3") : STR("http://b.example/2"));
		refusal_add(&w->refused, REFUSAL_DATES, STR("http://a.example/2099/01/"));
		w->now_ms = FX_NOW + i;
		fx_ok(f, w);
	}
	assert_int_equal(reader_refused(f->reader, f->arena, &r, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
	assert_int_equal(r[0].reason, REFUSAL_HOST);
	assert_int_equal(r[0].times, 4);
	assert_int_equal(r[0].last_ms, FX_NOW + 1);
	assert_true(str_is(r[0].url, "http://b.example/3") && str_is(r[0].source, "a"));
	assert_int_equal(r[1].reason, REFUSAL_DATES);
	assert_int_equal(r[1].times, 2);
	/* nothing of a page that is not stored */
	w = fx_page(f, "a", 99, NULL, 0);
	refusal_add(&w->refused, REFUSAL_PATH, STR("http://a.example/"));
	assert_int_equal(fx_run(f, w), ERR_NOT_FOUND);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM refused"), 2);
}

/* As if page numbers beyond 2 had become one page. */
static enum err new_key(const void *ctx, struct str url, struct arena *a, struct str *ret_key)
{
	const int *calls = ctx;
	int64_t page = 0;

	must(str_i64(str_sub(url, str_of("http://a.example/?page=").n, url.n), &page));
	if (*calls < 0)
		return ERR_BAD;
	*ret_key = arena_fmt(a, "new%d", page > 2 ? 3 : (int)page);
	return ERR_OK;
}

static struct write *keys(struct fx *f, const int *ctx, uint64_t version)
{
	struct write *w = fx_write(f, WRITE_KEYS);

	w->source = STR("a");
	w->key = new_key;
	w->key_ctx = ctx;
	w->key_version = version;
	return w;
}

static void test_keys(void **state)
{
	struct fx *f = *state;
	struct write *w = fx_seeds(f, "a", 0, 6);
	int calls = 0, none = -1;

	w->jobs[1].key = STR("k1#cafe"); /* that of a body */
	fx_ok(f, w);
	fx_ok(f, fx_seeds(f, "b", 0, 6));
	w = keys(f, &calls, 77);
	fx_ok(f, w);
	assert_int_equal(w->ret_key_from, 0);
	assert_int_equal(w->ret_changed, 6);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job WHERE source = 'a' AND key IN "
				      "('new0', 'new1#cafe', 'new2', 'new3')"),
			 4);
	assert_int_equal(fx_number(f, "SELECT id FROM job WHERE key = 'new3'"), 4);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job WHERE source = 'a' AND state = "
				      "'refused' AND key IN ('k4', 'k5')"),
			 2);
	assert_int_equal(fx_number(f, "SELECT value FROM tally WHERE source = 'a' AND name = "
				      "'jobs-due'"),
			 4);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job WHERE source = 'b' AND state = "
				      "'due'"),
			 6);
	/* done: not looked at again until the rules change */
	w = keys(f, &none, 77);
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 0);
	w = keys(f, &calls, 78);
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 2); /* those that are no more */
	/* an address that is none keeps its key */
	w = keys(f, &none, 79);
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 0);
	assert_int_equal(fx_number(f, "SELECT key_version FROM source WHERE name = 'a'"), 79);
}

static void test_keys_in_slices(void **state)
{
	enum { JOBS = 2500 };
	struct fx *f = *state;
	int calls = 0, slices = 0;
	int64_t from = 0;

	fx_ok(f, fx_seeds(f, "a", 0, JOBS));
	do {
		struct write *w = keys(f, &calls, 5);

		w->key_from = from;
		fx_ok(f, w);
		from = w->ret_key_from;
		slices++;
	} while (from);
	assert_int_equal(slices, 3);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job WHERE state = 'due'"), 4);
	assert_int_equal(fx_number(f, "SELECT key_version FROM source"), 5);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, fx_setup_open, fx_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_folder_is_full), TEST(test_folders_are_bounded), TEST(test_refused_links),
		TEST(test_keys),	   TEST(test_keys_in_slices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
