/* What bench/classifier.sh can't do in shell.
 *   titles MODEL FILE   microseconds of CPU for the best three of a title
 *   stages MODEL FILE   where they go, and what reading the same memory costs alone
 *   open MODEL          milliseconds until it is ready: mapped and checked, its file in the cache
 *   fasttext FILE       the rows as fastText reads them, titles normalised */
#include "base/clock.h"
#include "base/mem.h"
#include "base/normal.h"
#include "base/opt.h"
#include "classifier/feature.h"
#include "classifier/predict.h"
#include "classifier/tsv.h"

#include <stdio.h>
#include <string.h>

#define ROUNDS 5 /* the quickest counts: the others were disturbed */

/* What is computed here must not be left out as of no use. */
static volatile unsigned sink;

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

/* The work up to a stage; what each adds is the difference. */
enum stage { STAGE_NORMAL, STAGE_FEATURES, STAGE_LOOKUP, STAGE_CLASSES, STAGE_ALL, STAGES };

static const char *const stage_names[STAGES] = {
	[STAGE_NORMAL] = "normal form",	  [STAGE_FEATURES] = "features",
	[STAGE_LOOKUP] = "looking up",	  [STAGE_CLASSES] = "sum and classes",
	[STAGE_ALL] = "softmax and best",
};

static unsigned run_stage(const struct classifier *c, struct str title, enum stage stage)
{
	const struct model *m = predict_model(c);
	uint32_t keys[CORPUS_FEATURES];
	char form[NORMAL_MOST];
	struct classifier_guess best[3];
	float logits[CORPUS_CLASSES];
	struct str normal = { form, 0 };
	unsigned n;

	if (stage == STAGE_ALL)
		return (unsigned)classifier_top(c, title, 3, best);
	normal.n = normal_title(title, form, sizeof(form));
	if (stage == STAGE_NORMAL)
		return (unsigned)normal.n;
	n = feature_keys(normal, keys);
	if (stage == STAGE_FEATURES)
		return n;
	n = predict_known(m, keys, n);
	if (stage == STAGE_CLASSES && n)
		predict_logits(m, keys, n, logits);
	return n;
}

static double stage_seconds(const struct classifier *c, const struct str *titles, size_t n,
			    enum stage stage)
{
	int64_t least = INT64_MAX;

	for (int round = 0; round < ROUNDS; round++) {
		int64_t took = -clock_thread_cpu_ns();
		unsigned sum = 0;

		for (size_t i = 0; i < n; i++)
			sum += run_stage(c, titles[i], stage);
		sink = sum;
		took += clock_thread_cpu_ns();
		least = took < least ? took : least;
	}
	return (double)least / 1e9;
}

/* The cache lines that the titles need, read one after the other and nothing
 * done with them: what no program that reads them can beat. */
static double memory_seconds(const struct model *m, const struct str *titles, size_t n,
			     double *ret_lines)
{
	const size_t width = (size_t)m->members * (size_t)m->dim;
	const unsigned char **lines = mem_array(n * 400, sizeof(*lines));
	size_t lines_n = 0;
	int64_t least = INT64_MAX;

	for (size_t i = 0; i < n; i++) {
		uint32_t keys[CORPUS_FEATURES];
		char form[NORMAL_MOST];
		struct str normal = { form, normal_title(titles[i], form, sizeof(form)) };
		unsigned k = feature_keys(normal, keys), known;

		k = k < 200 ? k : 200;
		for (unsigned f = 0; f < k; f++)
			lines[lines_n++] =
				(const unsigned char *)&m->slots[slots_first(keys[f], m->bits)];
		known = predict_known(m, keys, k);
		for (unsigned f = 0; f < known; f++)
			lines[lines_n++] =
				(const unsigned char *)m->rows + slots_row(keys[f]) * width;
	}
	for (int round = 0; round < ROUNDS; round++) {
		int64_t took = -clock_thread_cpu_ns();
		unsigned all = 0;

		for (size_t i = 0; i < lines_n; i++)
			all += *lines[i];
		sink = all;
		took += clock_thread_cpu_ns();
		least = took < least ? took : least;
	}
	mem_free(lines);
	*ret_lines = (double)lines_n / (double)(n ? n : 1);
	return (double)least / 1e9;
}

static int time_stages(const char *model, const char *path)
{
	struct classifier *c = NULL;
	struct tsv *t = NULL;
	struct reason why;
	struct buf bytes;
	struct str *titles;
	double before = 0, seconds = 0, memory, lines, by;
	size_t n;

	if (classifier_open(model, &c, &why) || tsv_open(path, NULL, &t, &why))
		return fail(why.text);
	buf_init(&bytes, (size_t)1 << 30);
	titles = load(t, &bytes, &n);
	by = 1e6 / (double)(n ? n : 1);
	printf("us a title: ");
	for (int stage = 0; stage < STAGES; stage++) {
		seconds = stage_seconds(c, titles, n, (enum stage)stage);
		printf("%s %.2f, ", stage_names[stage], (seconds - before) * by);
		before = seconds;
	}
	memory = memory_seconds(predict_model(c), titles, n, &lines);
	printf("in all %.2f; reading its %.0f cache lines alone %.2f, of which it takes %.1f "
	       "times\n",
	       seconds * by, lines, memory * by, seconds / memory);
	mem_free(titles);
	buf_done(&bytes);
	tsv_close(t);
	classifier_close(c);
	return EXIT_DONE;
}

static int time_open(const char *model)
{
	int64_t least = INT64_MAX;
	struct reason why;

	for (int round = 0; round < ROUNDS; round++) {
		struct classifier *c = NULL;
		int64_t took = -clock_thread_cpu_ns();

		if (classifier_open(model, &c, &why))
			return fail(why.text);
		took += clock_thread_cpu_ns();
		classifier_close(c);
		least = took < least ? took : least;
	}
	printf("%.2f\n", (double)least / 1e6);
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
	if (argc == 4 && strcmp(argv[1], "stages") == 0)
		return time_stages(argv[2], argv[3]);
	if (argc == 3 && strcmp(argv[1], "fasttext") == 0)
		return print_fasttext(argv[2]);
	if (argc == 3 && strcmp(argv[1], "open") == 0)
		return time_open(argv[2]);
	fail("titles MODEL FILE, stages MODEL FILE, open MODEL or fasttext FILE");
	return EXIT_USAGE;
}
