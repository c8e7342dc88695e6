#include "classifier/evaluation.h"

#include "base/hash.h"
#include "base/mem.h"
#include "classifier/corpus.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OTHER STR("(other values)")
/* With room for the others of as many fields as there may be. */
#define SLICES_INDEX ((size_t)2 * EVALUATION_SLICES)
#define EXAMPLE_BYTES 300 /* of a title that is kept */
#define COVERAGE_STEP 0.1
/* Thresholds are looked for from the surest rows on, first at so many that the
 * precision that is wanted would leave this many wrong. */
#define THRESHOLD_ROWS 20.0
#define THRESHOLD_ROWS_LEAST 5.0
#define THRESHOLD_STEPS 200

struct answer {
	float p;
	bool hit;
};

/* One reading of the rows. */
struct reading {
	struct classifier_evaluation *e;
	const struct classifier_rows *rows;
	struct answer *answers;
	size_t answers_n, answers_cap;
	uint32_t *index; /* 1 + number of the slice, by hash */
	uint32_t *wrong; /* truth << 16 | guess, of each wrong row */
	size_t wrong_n, wrong_cap;
};

struct interval evaluation_share(int64_t hits, int64_t n)
{
	return interval_wilson((double)hits, (double)n, EVALUATION_LEVEL);
}

double evaluation_ratio(int64_t part, int64_t n)
{
	return n ? (double)part / (double)n : 0;
}

/* The next row that has a label; false at the end. */
static bool next_labeled(const struct classifier_rows *rows, struct classifier_row *row)
{
	for (;;) {
		*row = (struct classifier_row){ .weight = 1 };
		if (!rows->next(rows->ctx, row))
			return false;
		if (row->labels_n && row->labels[0].klass.n)
			return true;
	}
}

static int guess_row(const struct classifier *c, const struct classifier_row *row,
		     struct classifier_guess *best)
{
	const struct classifier_item item = { row->title, row->fields, row->fields_n };

	return classifier_item_top(c, &item, EVALUATE_BEST, best);
}

/* Place in the index of that value: its own, or the free one it would have. */
static uint32_t *slice_place(const struct reading *r, struct str field, struct str value)
{
	const struct classifier_evaluation *e = r->e;
	uint64_t h = hash64(value, hash64(field, 0));

	for (size_t at = h % SLICES_INDEX;; at = (at + 1) % SLICES_INDEX) {
		const struct evaluation_slice *s;

		if (r->index[at] == 0)
			return &r->index[at];
		s = &e->slices[r->index[at] - 1];
		if (str_eq(s->field, field) && str_eq(s->value, value))
			return &r->index[at];
	}
}

static struct evaluation_slice *slice_of(struct reading *r, struct str field, struct str value)
{
	struct classifier_evaluation *e = r->e;
	uint32_t *at = slice_place(r, field, value);

	if (*at == 0 && e->slices_n >= EVALUATION_SLICES) {
		value = OTHER;
		at = slice_place(r, field, value);
	}
	/* Of more names of fields than any model has nothing is told. */
	if (*at == 0 && e->slices_n >= EVALUATION_SLICES + CLASSIFIER_FIELDS)
		return NULL;
	if (*at)
		return e->slices + *at - 1;
	mem_grow(&e->slices, &e->slices_cap, e->slices_n + 1, sizeof(*e->slices));
	e->slices[e->slices_n] = (struct evaluation_slice){ .field = arena_str(e->arena, field),
							    .value = arena_str(e->arena, value) };
	*at = (uint32_t)++e->slices_n;
	return e->slices + e->slices_n - 1;
}

static void add_row(struct reading *r, const struct classifier_row *row)
{
	struct classifier_evaluation *e = r->e;
	struct classifier_guess best[EVALUATE_BEST];
	int n = guess_row(e->model, row, best);
	int truth = classifier_find(e->model, row->labels[0].klass), place = n;

	for (int i = n - 1; i >= 0; i--)
		place = best[i].klass == truth ? i : place;
	evaluate_add(e->tallies, truth, best, n);
	for (int i = 0; i < row->fields_n; i++) {
		struct evaluation_slice *s = slice_of(r, row->fields[i].name, row->fields[i].value);

		if (!s)
			continue;
		s->n++;
		s->top1 += place < 1;
		s->top3 += place < n && place < 3;
	}
	mem_grow(&r->answers, &r->answers_cap, r->answers_n + 1, sizeof(*r->answers));
	r->answers[r->answers_n++] = (struct answer){ best[0].p, place < 1 };
	if (place < 1 || truth < 0)
		return;
	mem_grow(&r->wrong, &r->wrong_cap, r->wrong_n + 1, sizeof(*r->wrong));
	r->wrong[r->wrong_n++] = (uint32_t)truth << 16 | (uint32_t)best[0].klass;
}

static int by_confidence(const void *a, const void *b)
{
	const struct answer *x = a, *y = b;

	return x->p < y->p ? 1 : x->p > y->p ? -1 : (int)x->hit - (int)y->hit;
}

static void rank_answers(struct reading *r)
{
	struct classifier_evaluation *e = r->e;
	uint32_t hits = 0;

	if (r->answers_n)
		qsort(r->answers, r->answers_n, sizeof(*r->answers), by_confidence);
	e->rows = r->answers_n;
	e->confidence = mem_array(e->rows + 1, sizeof(*e->confidence));
	e->hits = mem_array(e->rows + 1, sizeof(*e->hits));
	for (size_t i = 0; i < e->rows; i++) {
		hits += r->answers[i].hit;
		e->confidence[i] = r->answers[i].p;
		e->hits[i] = hits;
	}
}

/* The surest rows, `want` of them and those as sure as the last of them. */
static struct evaluation_coverage covered(const struct classifier_evaluation *e, size_t want)
{
	size_t n = want < 1 ? 1 : want < e->rows ? want : e->rows;

	while (n < e->rows && !(e->confidence[n] < e->confidence[n - 1]))
		n++;
	return (struct evaluation_coverage){ e->confidence[n - 1], (int64_t)n, e->hits[n - 1] };
}

static void cover(struct classifier_evaluation *e)
{
	for (int i = 0; i < EVALUATION_COVERAGES && e->rows; i++)
		e->coverage[e->coverage_n++] =
			covered(e, (size_t)ceil((double)e->rows * (1 - i * COVERAGE_STEP)));
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void insert_pair(struct classifier_evaluation *e, uint32_t pair, int64_t n)
{
	int at = e->pairs_n < EVALUATION_PAIRS ? e->pairs_n++ : EVALUATION_PAIRS;

	for (; at > 0 && e->pairs[at - 1].n < n; at--)
		if (at < EVALUATION_PAIRS)
			e->pairs[at] = e->pairs[at - 1];
	if (at < EVALUATION_PAIRS)
		e->pairs[at] = (struct evaluation_pair){ .truth = (int)(pair >> 16),
							 .guess = (int)(pair & 0xffffu),
							 .n = n };
}

static void count_pairs(struct reading *r)
{
	size_t from = 0;

	if (r->wrong_n)
		qsort(r->wrong, r->wrong_n, sizeof(*r->wrong), by_number);
	for (size_t i = 1; i <= r->wrong_n; i++) {
		if (i < r->wrong_n && r->wrong[i] == r->wrong[from])
			continue;
		insert_pair(r->e, r->wrong[from], (int64_t)(i - from));
		from = i;
	}
}

/* The title's first bytes, cut at a character. */
static struct str start_of(struct str title)
{
	size_t n = EXAMPLE_BYTES;

	if (title.n <= n)
		return title;
	while (n > 0 && ((unsigned char)title.p[n] & 0xc0) == 0x80)
		n--;
	return str_sub(title, 0, n);
}

static void keep_example(struct classifier_evaluation *e, struct evaluation_pair *pair,
			 struct str title, float p)
{
	int at = pair->titles_n < EVALUATION_EXAMPLES ? pair->titles_n : EVALUATION_EXAMPLES - 1;

	if (pair->titles_n == EVALUATION_EXAMPLES && !(p > pair->p[at]))
		return;
	pair->titles_n = at + 1 > pair->titles_n ? at + 1 : pair->titles_n;
	for (; at > 0 && p > pair->p[at - 1]; at--) {
		pair->p[at] = pair->p[at - 1];
		pair->titles[at] = pair->titles[at - 1];
	}
	pair->p[at] = p;
	pair->titles[at] = arena_str(e->arena, start_of(title));
}

/* Which titles stand for the commonest pairs is known after the first reading. */
static void read_examples(struct reading *r)
{
	struct classifier_evaluation *e = r->e;
	struct classifier_row row;

	if (e->pairs_n == 0)
		return;
	r->rows->rewind(r->rows->ctx);
	while (next_labeled(r->rows, &row)) {
		struct classifier_guess best[EVALUATE_BEST];
		int truth = classifier_find(e->model, row.labels[0].klass);

		if (truth < 0)
			continue;
		guess_row(e->model, &row, best);
		for (int i = 0; i < e->pairs_n && best[0].klass != truth; i++)
			if (e->pairs[i].truth == truth && e->pairs[i].guess == best[0].klass)
				keep_example(e, &e->pairs[i], row.title, best[0].p);
	}
}

static int by_field(const void *a, const void *b)
{
	const struct evaluation_slice *x = a, *y = b;
	int order = str_cmp(x->field, y->field);

	if (order)
		return order;
	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return str_cmp(x->value, y->value);
}

enum err classifier_evaluate(const struct classifier *c, const struct classifier_rows *rows,
			     struct classifier_evaluation **ret, struct reason *why)
{
	struct classifier_evaluation *e = mem_zero(sizeof(*e));
	struct reading r = { .e = e,
			     .rows = rows,
			     .index = mem_array(SLICES_INDEX, sizeof(*r.index)) };
	struct classifier_row row;
	enum err err = ERR_OK;

	e->model = c;
	e->arena = arena_new(16384);
	e->tallies = evaluate_new(classifier_classes(c));
	rows->rewind(rows->ctx);
	while (next_labeled(rows, &row))
		add_row(&r, &row);
	evaluate_score(e->tallies, &e->score);
	if (e->score.n == 0) {
		err = reason_set(why, ERR_BAD, "no labeled rows to measure on");
		goto out;
	}
	rank_answers(&r);
	cover(e);
	count_pairs(&r);
	read_examples(&r);
	if (e->slices_n)
		qsort(e->slices, e->slices_n, sizeof(*e->slices), by_field);
	*ret = e;
	e = NULL;
out:
	mem_free(r.index);
	mem_free(r.answers);
	mem_free(r.wrong);
	classifier_evaluation_free(e);
	return err;
}

void classifier_evaluation_free(struct classifier_evaluation *e)
{
	if (!e)
		return;
	evaluate_free(e->tallies);
	arena_free(e->arena);
	mem_free(e->slices);
	mem_free(e->confidence);
	mem_free(e->hits);
	mem_free(e);
}

struct classifier_score classifier_evaluation_score(const struct classifier_evaluation *e)
{
	return e->score;
}

/* A fixed sequence of tests, from the surest rows on, that ends at the first
 * that fails, needs no correction for their number. */
bool classifier_threshold(const struct classifier_evaluation *e, double precision, double level,
			  struct classifier_threshold *ret)
{
	const double wrong = 1 - precision, rows = (double)e->rows;
	const double least = THRESHOLD_ROWS_LEAST / wrong;
	double first = THRESHOLD_ROWS / wrong;
	bool found = false;

	if (!(precision > 0 && precision < 1) || least > rows)
		return false;
	if (first > rows / 2)
		first = fmax(rows / 2, least);
	for (int i = 0; i <= THRESHOLD_STEPS; i++) {
		struct evaluation_coverage c = covered(
			e, (size_t)(first * pow(rows / first, (double)i / THRESHOLD_STEPS)));

		if (interval_at_least(c.hits, c.n, level) < precision)
			break;
		found = true;
		*ret = (struct classifier_threshold){
			.p = c.least, .covered = c.n, .right = c.hits, .rows = (int64_t)e->rows
		};
	}
	return found;
}

static bool same_field(const struct classifier_evaluation *e, size_t i, size_t k)
{
	return i < e->slices_n && k < e->slices_n && str_eq(e->slices[i].field, e->slices[k].field);
}

bool evaluation_walk(struct evaluation_walk *w)
{
	while (w->slice && w->shown >= w->most && same_field(w->e, w->next, w->next - 1))
		w->next++;
	if (w->next >= w->e->slices_n)
		return false;
	w->first = w->next == 0 || !same_field(w->e, w->next, w->next - 1);
	w->shown = w->first ? 1 : w->shown + 1;
	w->slice = &w->e->slices[w->next++];
	w->rest = w->shown == w->most && same_field(w->e, w->next, w->next - 1);
	return true;
}

int64_t classifier_threshold_rows(double precision)
{
	return (int64_t)ceil(THRESHOLD_ROWS_LEAST / (1 - precision));
}

void classifier_evaluation_promise(struct classifier_evaluation *e, double precision,
				   const struct classifier_evaluation *of, const char *rows)
{
	struct evaluation_promise *p = &e->promise;

	*p = (struct evaluation_promise){ .precision = precision,
					  .what = rows,
					  .rows = of ? (int64_t)of->rows : 0,
					  .rows_least = classifier_threshold_rows(precision) };
	p->shown = of && classifier_threshold(of, precision, EVALUATION_LEVEL, &p->at);
}

enum err classifier_evaluation_print(const struct classifier_evaluation *e,
				     enum classifier_format format, struct buf *to)
{
	static void (*const print[])(const struct classifier_evaluation *, struct buf *) = {
		[CLASSIFIER_TEXT] = evaluation_text,
		[CLASSIFIER_JSON] = evaluation_json,
		[CLASSIFIER_HTML] = evaluation_html,
	};

	print[format](e, to);
	return to->full ? ERR_TOO_BIG : ERR_OK;
}
