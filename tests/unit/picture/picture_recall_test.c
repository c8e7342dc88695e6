/* Pictures found again after edits, on real ones that are read in place. With an argument, which
 * is how many pictures are edited: the table of docs/pictures.md. */
#include "picture_edit.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "picture/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>

#define PICTURES PIPED_SHARED "/data/images/clothing/*/*/*.jpg"
#define EDITED_LEAST 12
#define AGAINST_LEAST 240

static const int at_most[] = { 31, 48, LOOK_NEAR };
#define THRESHOLDS (sizeof(at_most) / sizeof(at_most[0]))

static int edited = EDITED_LEAST, against = AGAINST_LEAST;

static bool look_at(struct str bytes, struct look *ret)
{
	struct luma *l = mem_zero(sizeof(*l));
	enum err err = luma_read(bytes, l, NULL);

	if (!err)
		look_of(l, ret);
	mem_free(l);
	return !err;
}

static void edit(struct str bytes, const struct look *was, int found[][THRESHOLDS])
{
	struct gray g;

	assert_true(picture_edit_read(bytes, &g));
	for (int e = 0; e < picture_n_edits; e++) {
		struct str file = picture_edit_file(&g, &picture_edits[e]);
		struct look now;
		int d;

		assert_true(look_at(file, &now));
		picture_edit_drop(file);
		d = look_distance(was, &now);
		for (size_t t = 0; t < THRESHOLDS; t++)
			found[e][t] += d <= at_most[t];
	}
	mem_free(g.at);
}

static void print_found(int found[][THRESHOLDS], int n)
{
	for (int e = 0; e < picture_n_edits; e++) {
		print_message("| %-22s |", picture_edits[e].name);
		for (size_t t = 0; t < THRESHOLDS; t++)
			print_message(" %.2f |", (double)found[e][t] / n);
		print_message("\n");
	}
}

static int print_alike(const struct look *all, char *const *paths, int n)
{
	int pairs[THRESHOLDS] = { 0 };

	for (int i = 0; i < n; i++)
		for (int k = 0; k < i; k++) {
			int d = look_distance(&all[i], &all[k]);

			for (size_t t = 0; t < THRESHOLDS; t++)
				pairs[t] += d <= at_most[t];
			if (d <= LOOK_NEAR)
				print_message("%d bits: %s %s\n", d, strrchr(paths[i], '/') + 1,
					      strrchr(paths[k], '/') + 1);
		}
	for (size_t t = 0; t < THRESHOLDS; t++)
		print_message("%d bits: %d pairs of %d pictures\n", at_most[t], pairs[t], n);
	return pairs[THRESHOLDS - 1];
}

static void edits_are_found_and_others_are_not(void **state)
{
	int found[64][THRESHOLDS] = { { 0 } }, n, sum = 0, counted = 0, edits = 0;
	struct look *all;
	char **paths;
	glob_t files;

	(void)state;
	assert_true(picture_n_edits <= 64);
	if (glob(PICTURES, 0, NULL, &files) != 0)
		skip();
	n = (int)files.gl_pathc < against ? (int)files.gl_pathc : against;
	all = mem_array((size_t)n, sizeof(*all));
	paths = mem_array((size_t)n, sizeof(*paths));
	for (int i = 0; i < n; i++) {
		struct buf b;

		/* spread over the folders */
		paths[i] = files.gl_pathv[(size_t)i * files.gl_pathc / (size_t)n];
		buf_init(&b, 16 << 20);
		assert_int_equal(file_read(paths[i], &b, NULL), ERR_OK);
		assert_true(look_at(buf_str(&b), &all[i]));
		if (i * edited / n != (i + 1) * edited / n) {
			edit(buf_str(&b), &all[i], found);
			edits++;
		}
		buf_done(&b);
	}
	print_found(found, edits);
	for (int e = 0; e < picture_n_edits; e++)
		if (picture_edits[e].counted) {
			sum += found[e][THRESHOLDS - 1];
			counted++;
		}
	assert_true(sum * 100 >= counted * edits * 93);
	assert_true(print_alike(all, paths, n) * 200 <= n);
	mem_free(paths);
	mem_free(all);
	globfree(&files);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edits_are_found_and_others_are_not),
	};

	if (argc > 1) {
		edited = atoi(argv[1]);
		against = 1 << 20;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
