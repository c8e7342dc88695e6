/* Folds on disk: what is read is what was written, and what is damaged is refused. */
#include "classifier/folds_file.h"

#include "base/file.h"
#include "tests/unit/classifier/toy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FILE_NAME "f.folds"
#define ROWS 120

static struct classifier_folds *folds_of(struct toy *t)
{
	const struct classifier_rows rows = toy_rows(t);
	struct classifier_opt opt = classifier_defaults();
	struct classifier_folds *f = NULL;
	struct reason why = { "" };

	opt.epochs = 2;
	opt.rate = 0.02;
	if (classifier_folds_make(&rows, &opt, 3, toy_path("spill"), &f, &why))
		fail_msg("%s", why.text);
	return f;
}

static bool give_up(void *ctx, double done, const char *what)
{
	(void)ctx;
	(void)done;
	(void)what;
	return false;
}

static void rows_are_found_by_id(void **state)
{
	struct toy t = { .n = ROWS, .seed = 3 };
	struct classifier_folds *f = folds_of(&t);
	const struct folds_file_about about = { .made_ms = 1700000000000,
						.taxonomy = 4,
						.labels = 9 };
	int64_t ids[ROWS];
	struct folds_file_about got;
	struct folds_file *file = NULL;
	struct reason why = { "" };

	(void)state;
	for (int i = 0; i < ROWS; i++)
		ids[i] = (i * 37) % ROWS + 1000; /* another order than that of rows */
	assert_int_equal(folds_file_write(f, ids, &about, give_up, NULL, toy_path(FILE_NAME), &why),
			 ERR_CANCELLED);
	assert_false(file_exists(toy_path(FILE_NAME)));
	assert_int_equal(folds_file_write(f, ids, &about, NULL, NULL, "/nowhere/f", &why),
			 ERR_NOT_FOUND);
	assert_int_equal(folds_file_write(f, ids, &about, NULL, NULL, toy_path(FILE_NAME), &why),
			 ERR_OK);
	assert_int_equal(folds_file_open(toy_path(FILE_NAME), &file, &why), ERR_OK);
	got = folds_file_about(file);
	assert_true(got.rows == ROWS && got.classes == 4 && got.folds == 3);
	assert_true(got.made_ms == about.made_ms && got.taxonomy == 4 && got.labels == 9);
	assert_true(got.top1 == classifier_folds_about(f).top1);
	for (int k = 0; k < 4; k++)
		assert_true(str_eq(folds_file_class(file, k), classifier_folds_class(f, k)));
	for (int64_t i = 0; i < ROWS; i++) {
		struct classifier_folds_row row;
		struct folds_file_row there;
		float p[4];

		assert_int_equal(classifier_folds_row(f, i, &row, p), ERR_OK);
		there = folds_file_row(file, folds_file_find(file, ids[row.input]));
		assert_int_equal(there.id, ids[row.input]);
		assert_true(there.klass == row.klass && there.fold == row.fold);
		assert_memory_equal(there.p, p, sizeof(p));
	}
	for (int64_t i = 1; i < ROWS; i++)
		assert_true(folds_file_row(file, i).id > folds_file_row(file, i - 1).id);
	assert_int_equal(folds_file_find(file, 999), -1);
	assert_int_equal(folds_file_find(file, 1000 + ROWS), -1);
	folds_file_close(file);
	classifier_folds_free(f);
	toy_remove(FILE_NAME);
}

/* Every byte of what is checked, one at a time, and lengths that are another's. */
static void damage_is_refused(void **state)
{
	struct toy t = { .n = 40, .seed = 3 };
	struct classifier_folds *f = folds_of(&t);
	const struct folds_file_about about = { .made_ms = 1 };
	struct folds_file *file = NULL;
	struct reason why = { "" };
	int64_t ids[40];
	struct buf bytes;
	size_t front;

	(void)state;
	for (int i = 0; i < 40; i++)
		ids[i] = i;
	assert_int_equal(folds_file_write(f, ids, &about, NULL, NULL, toy_path(FILE_NAME), &why),
			 ERR_OK);
	classifier_folds_free(f);
	buf_init(&bytes, 1 << 20);
	assert_int_equal(file_read(toy_path(FILE_NAME), &bytes, NULL), ERR_OK);
	front = bytes.n - 40 * 4 * sizeof(float);
	for (size_t i = 0; i < front; i++) {
		bytes.p[i] = (char)(bytes.p[i] ^ 0x41);
		assert_int_equal(file_write(toy_path(FILE_NAME), buf_str(&bytes), NULL), ERR_OK);
		assert_int_not_equal(folds_file_open(toy_path(FILE_NAME), &file, &why), ERR_OK);
		bytes.p[i] = (char)(bytes.p[i] ^ 0x41);
	}
	for (size_t n = 0; n < bytes.n; n += 61) {
		assert_int_equal(
			file_write(toy_path(FILE_NAME), str_sub(buf_str(&bytes), 0, n), NULL),
			ERR_OK);
		assert_int_equal(folds_file_open(toy_path(FILE_NAME), &file, &why), ERR_BAD);
	}
	assert_int_equal(folds_file_open(toy_path("none"), &file, &why), ERR_NOT_FOUND);
	buf_done(&bytes);
	toy_remove(FILE_NAME);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_found_by_id),
		cmocka_unit_test(damage_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
