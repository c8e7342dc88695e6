/* What bench/classifier.sh can't do in shell.
 *   titles MODEL FILE   microseconds of CPU for the best three of a title
 *   fasttext FILE       the rows as fastText reads them, titles normalised */
#include "base/clock.h"
#include "base/mem.h"
#include "base/normal.h"
#include "base/opt.h"
#include "classifier/tsv.h"

#include <stdio.h>
#include <string.h>

#define ROUNDS 5 /* the quickest counts: the others were disturbed */

static int fail(const char *text)
{
	fprintf(stderr, "classifier_bench: %s\n", text);
	return EXIT_FAILED;
}

/* All titles, one after the other, so that reading files is not measured. */
static struct str *load(struct tsv *t, struct buf *bytes, size_t *ret_n)
{
	struct classifier_rows rows = tsv_rows(t);
	size_t n = (size_t)tsv_count(t).rows, at = 0, i;
	struct str *titles = mem_array(n, sizeof(*titles));
	struct classifier_row row;

	rows.rewind(rows.ctx);
	for (i = 0; i < n && rows.next(rows.ctx, &row); i++) {
		buf_add(bytes, row.title);
		titles[i].n = row.title.n;
	}
	for (i = 0; i < n; at += titles[i++].n)
		titles[i].p = bytes->p + at;
	*ret_n = n;
	return titles;
}

static int time_titles(const char *model, const char *path)
{
	struct classifier_guess best[3];
	struct classifier *c = NULL;
	struct tsv *t = NULL;
	struct reason why;
	struct buf bytes;
	struct str *titles;
	int64_t least = INT64_MAX, took;
	size_t n;

	if (classifier_open(model, &c, &why) || tsv_open(path, NULL, &t, &why))
		return fail(why.text);
	buf_init(&bytes, (size_t)1 << 30);
	titles = load(t, &bytes, &n);
	for (int round = 0; round < ROUNDS; round++) {
		took = -clock_thread_cpu_ns();
		for (size_t i = 0; i < n; i++)
			classifier_top(c, titles[i], 3, best);
		took += clock_thread_cpu_ns();
		least = took < least ? took : least;
	}
	printf("%.2f\n", (double)least / 1000 / (double)(n ? n : 1));
	mem_free(titles);
	buf_done(&bytes);
	tsv_close(t);
	classifier_close(c);
	return EXIT_DONE;
}

static int print_fasttext(const char *path)
{
	struct classifier_rows rows;
	struct classifier_row row;
	struct tsv *t = NULL;
	struct reason why;
	char form[NORMAL_MOST];

	if (tsv_open(path, NULL, &t, &why))
		return fail(why.text);
	rows = tsv_rows(t);
	rows.rewind(rows.ctx);
	while (rows.next(rows.ctx, &row)) {
		struct str klass = row.labels[0].klass;
		size_t n = normal_title(row.title, form, sizeof(form));

		if (klass.n == 0)
			continue;
		printf("__label__");
		for (size_t i = 0; i < klass.n; i++)
			putchar(klass.p[i] == ' ' ? '_' : klass.p[i]);
		printf(" %.*s\n", (int)n, form);
	}
	tsv_close(t);
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "titles") == 0)
		return time_titles(argv[2], argv[3]);
	if (argc == 3 && strcmp(argv[1], "fasttext") == 0)
		return print_fasttext(argv[2]);
	fail("titles MODEL FILE or fasttext FILE");
	return EXIT_USAGE;
}
