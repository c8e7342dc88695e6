#include "base/mem.h"
#include "base/utf8.h"
#include "classifier/evaluation.h"

#include <stdlib.h>

#define SHOWN 12 /* of a field's values */

/* Names and titles are anybody's: nothing of them may steer a terminal. */
static void add_plain(struct buf *to, struct str s)
{
	char *plain = mem_array(s.n + 1, 1);

	buf_add(to, (struct str){ plain, utf8_plain(s, plain) });
	mem_free(plain);
}

static void add_share(struct buf *to, int64_t hits, int64_t n)
{
	struct interval i = evaluation_share(hits, n);

	if (n == 0)
		buf_fmt(to, "      -                ");
	else
		buf_fmt(to, " %6.2f (%5.1f to %5.1f)", evaluation_ratio(hits, n) * 100, i.low * 100,
			i.high * 100);
}

static void add_score(struct buf *to, const struct classifier_evaluation *e)
{
	const struct classifier_score *s = &e->score;

	buf_fmt(to,
		"%lld titles, %lld of a category that the model does not have; shares in percent, "
		"in brackets their 95%% intervals\n\n",
		(long long)s->n, (long long)s->unknown_class);
	buf_fmt(to, "best category right   ");
	add_share(to, (int64_t)(s->top1 * (double)s->n + 0.5), s->n);
	buf_fmt(to, "\namong the best three  ");
	add_share(to, (int64_t)(s->top3 * (double)s->n + 0.5), s->n);
	buf_fmt(to, "\namong the best five   ");
	add_share(to, (int64_t)(s->top5 * (double)s->n + 0.5), s->n);
	buf_fmt(to,
		"\nmacro-F1               %6.2f\ncalibration error      %6.2f\n"
		"  of the best three    %6.2f\n",
		s->macro_f1 * 100, s->ece * 100, s->ece3 * 100);
}

static void add_promise(struct buf *to, const struct evaluation_promise *p)
{
	buf_fmt(to, "\nthreshold for a precision of %.4g%%: ", p->precision * 100);
	if (p->shown)
		buf_fmt(to,
			"%.4f\n  from that confidence on so many of the best categories are right "
			"(lower bound at 95%%, Clopper and Pearson);\n  %lld of %lld %s are that "
			"sure "
			"(%.1f%%), %lld of them are right\n",
			(double)p->at.p, (long long)p->at.covered, (long long)p->rows, p->what,
			evaluation_ratio(p->at.covered, p->rows) * 100, (long long)p->at.right);
	else if (p->rows < p->rows_least)
		buf_fmt(to, "not known\n  there are %lld %s; it takes %lld at least to show one\n",
			(long long)p->rows, p->what, (long long)p->rows_least);
	else
		buf_fmt(to, "none\n  the %lld %s do not show it from any confidence on\n",
			(long long)p->rows, p->what);
}

static void add_coverage(struct buf *to, const struct classifier_evaluation *e)
{
	buf_add_text(to, "\nwhen only the surest answers are taken\n"
			 "   taken  confidence  right\n");
	for (int i = 0; i < e->coverage_n; i++) {
		const struct evaluation_coverage *c = &e->coverage[i];

		buf_fmt(to, "%7.1f%%    %7.4f ", evaluation_ratio(c->n, e->score.n) * 100,
			(double)c->least);
		add_share(to, c->hits, c->n);
		buf_add_char(to, '\n');
	}
}

static void add_bins(struct buf *to, const char *what, const struct calibration_bin *bins)
{
	buf_fmt(to, "\n%s\n   titles   said   right\n", what);
	for (int i = 0; i < CALIBRATION_BINS; i++) {
		const struct calibration_bin *b = &bins[i];

		if (b->n == 0)
			continue;
		buf_fmt(to, "%9lld %6.2f ", (long long)b->n, b->confidence / (double)b->n * 100);
		add_share(to, b->hits, b->n);
		buf_add_char(to, '\n');
	}
}

struct line {
	struct evaluate_class t;
	int klass;
};

static int by_truth(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->t.truth != y->t.truth)
		return x->t.truth < y->t.truth ? 1 : -1;
	return x->klass - y->klass;
}

static void add_classes(struct buf *to, const struct classifier_evaluation *e)
{
	int classes = classifier_classes(e->model), n = 0;
	struct line *lines = mem_array((size_t)classes, sizeof(*lines));

	for (int k = 0; k < classes; k++) {
		lines[n] = (struct line){ evaluate_class(e->tallies, k), k };
		n += lines[n].t.truth + lines[n].t.guessed > 0;
	}
	qsort(lines, (size_t)n, sizeof(*lines), by_truth);
	buf_add_text(to, "\n   titles  recall                precision                F1  "
			 "category\n");
	for (int i = 0; i < n; i++) {
		const struct evaluate_class *t = &lines[i].t;

		buf_fmt(to, "%9lld", (long long)t->truth);
		add_share(to, t->hits, t->truth);
		add_share(to, t->hits, t->guessed);
		buf_fmt(to, " %5.1f  ", evaluate_f1(t) * 100);
		add_plain(to, classifier_class(e->model, lines[i].klass));
		buf_add_char(to, '\n');
	}
	mem_free(lines);
}

static void add_pairs(struct buf *to, const struct classifier_evaluation *e)
{
	if (e->pairs_n)
		buf_add_text(to, "\nwhat is taken for what, with the titles it was surest of\n");
	for (int i = 0; i < e->pairs_n; i++) {
		const struct evaluation_pair *p = &e->pairs[i];

		buf_fmt(to, "%6lld  ", (long long)p->n);
		add_plain(to, classifier_class(e->model, p->truth));
		buf_add_text(to, " -> ");
		add_plain(to, classifier_class(e->model, p->guess));
		buf_add_char(to, '\n');
		for (int k = 0; k < p->titles_n; k++) {
			buf_fmt(to, "          %5.1f  ", (double)p->p[k] * 100);
			add_plain(to, p->titles[k]);
			buf_add_char(to, '\n');
		}
	}
}

static void add_slices(struct buf *to, const struct classifier_evaluation *e)
{
	struct evaluation_walk w = { .e = e, .most = SHOWN };

	while (evaluation_walk(&w)) {
		const struct evaluation_slice *s = w.slice;

		if (w.first) {
			buf_add_text(to, "\nby ");
			add_plain(to, s->field);
			buf_add_text(to, "\n   titles   best right              among three\n");
		}
		buf_fmt(to, "%9lld ", (long long)s->n);
		add_share(to, s->top1, s->n);
		add_share(to, s->top3, s->n);
		buf_add_text(to, "  ");
		add_plain(to, s->value.n ? s->value : STR("(none)"));
		buf_add_text(to, w.rest ? "\n          (and rarer ones)\n" : "\n");
	}
}

void evaluation_text(const struct classifier_evaluation *e, struct buf *to)
{
	add_score(to, e);
	if (e->promise.precision > 0)
		add_promise(to, &e->promise);
	add_coverage(to, e);
	add_bins(to, "how far its confidence can be believed", evaluate_bins(e->tallies));
	add_bins(to, "the same of the best three together", evaluate_bins3(e->tallies));
	add_classes(to, e);
	add_pairs(to, e);
	add_slices(to, e);
}
