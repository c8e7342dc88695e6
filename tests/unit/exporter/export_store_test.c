/* Datasets of a real store: complete, the same twice, and of one moment. */
#include "base/file.h"
#include "exporter/exporter.h"
#include "tests/unit/store/store_fixture.h"

#define PAGES 45
#define PER_PAGE 100

static void fill(struct fx *f)
{
	fx_ok(f, fx_seeds(f, "attic", 0, 1));
	for (int p = 0; p < PAGES; p++) {
		struct write_listing l[PER_PAGE];

		for (int i = 0; i < PER_PAGE; i++) {
			int n = p * PER_PAGE + i;
			struct str title = arena_fmt(f->arena, "wool coat %d", n / 3);

			l[i] = fx_listing("attic", arena_fmt(f->arena, "%d", n).p, title.p);
			l[i].listing.family = 1 + (uint64_t)n / 3;
			if (n % 5)
				fx_label(f, &l[i], "women.coat");
		}
		fx_ok(f, fx_page(f, "attic", 1, l, PER_PAGE));
	}
}

static struct export_opt options(const struct fx *f, char folder[128])
{
	struct export_opt o = { .format = EXPORT_CSV,
				.folder = folder,
				.salt = STR("s"),
				.validation = 0.1,
				.test = 0.1 };

	snprintf(folder, 128, "%s-dataset", f->folder);
	assert_int_equal(export_pick_read(&o.pick.ask, false, &o.pick, NULL), ERR_OK);
	return o;
}

static struct export_result run(struct fx *f, const struct export_opt *o)
{
	struct export_result ret;
	struct reason why;

	if (exporter_run(f->reader, o, &ret, &why))
		fail_msg("%s", why.text);
	return ret;
}

static void same(const struct export_result *a, const struct export_result *b)
{
	assert_int_equal(a->n_files, b->n_files);
	for (int i = 0; i < a->n_files; i++)
		assert_string_equal(a->files[i].sha256, b->files[i].sha256);
}

/* The site changes a title and a listing appears while the rows are read. */
static bool meddle(void *ctx, int64_t rows)
{
	struct fx *f = ctx;
	struct write_listing l[2];

	if (rows > 1000)
		return true;
	l[0] = fx_listing("attic", "4499", "another title");
	l[1] = fx_listing("attic", "new", "a new listing");
	fx_label(f, &l[0], "women.coat");
	fx_label(f, &l[1], "women.coat");
	fx_ok(f, fx_page(f, "attic", 1, l, 2));
	return true;
}

static void a_dataset_is_of_one_moment(void **state)
{
	struct fx *f = *state;
	struct export_result first, again;
	struct export_opt o;
	char folder[128], command[160];

	fill(f);
	o = options(f, folder);
	first = run(f, &o);
	assert_int_equal(first.rows, PAGES * PER_PAGE * 4 / 5);
	assert_int_equal(first.left_out, PAGES * PER_PAGE / 5);
	again = run(f, &o);
	same(&first, &again);
	o.progress = meddle;
	o.ctx = f;
	again = run(f, &o);
	same(&first, &again);
	o.progress = NULL;
	again = run(f, &o);
	assert_int_equal(again.rows, first.rows + 1);
	o.pick.all = true;
	again = run(f, &o);
	assert_int_equal(again.rows, PAGES * PER_PAGE + 1);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0); /* NOLINT: a folder of ours */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_dataset_is_of_one_moment, fx_setup_open,
						fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
