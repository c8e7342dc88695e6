#include "classifier/evaluation.h"

#define DIGITS 4

static void share(struct json *j, const char *key, int64_t hits, int64_t n)
{
	struct interval i = evaluation_share(hits, n);

	json_object(j, key);
	json_num(j, "share", evaluation_ratio(hits, n), DIGITS);
	json_num(j, "low", i.low, DIGITS);
	json_num(j, "high", i.high, DIGITS);
	json_end_object(j);
}

static void score(struct json *j, const struct classifier_score *s)
{
	json_int(j, "n", s->n);
	json_int(j, "unknown_class", s->unknown_class);
	json_num(j, "top1", s->top1, DIGITS);
	json_num(j, "top3", s->top3, DIGITS);
	json_num(j, "top5", s->top5, DIGITS);
	json_num(j, "micro_f1", s->top1, DIGITS);
	json_num(j, "macro_f1", s->macro_f1, DIGITS);
	json_num(j, "ece", s->ece, DIGITS);
	json_num(j, "ece_top3", s->ece3, DIGITS);
}

void evaluation_json_promise(struct json *j, const struct evaluation_promise *p)
{
	json_object(j, "threshold");
	json_num(j, "precision", p->precision, 6);
	json_int(j, "rows", p->rows);
	json_int(j, "rows_least", p->rows_least);
	if (p->shown) {
		json_num(j, "p", (double)p->at.p, 6);
		json_int(j, "covered", p->at.covered);
		json_num(j, "coverage", evaluation_ratio(p->at.covered, p->rows), DIGITS);
		json_int(j, "right", p->at.right);
	} else {
		json_null(j, "p");
	}
	json_end_object(j);
}

static void classes(struct json *j, const struct classifier_evaluation *e)
{
	json_array(j, "categories");
	for (int k = 0; k < classifier_classes(e->model); k++) {
		struct evaluate_class t = evaluate_class(e->tallies, k);

		if (t.truth + t.guessed == 0)
			continue;
		json_object(j, NULL);
		json_str(j, "category", classifier_class(e->model, k));
		json_int(j, "rows", t.truth);
		json_int(j, "guessed", t.guessed);
		json_int(j, "right", t.hits);
		share(j, "precision", t.hits, t.guessed);
		share(j, "recall", t.hits, t.truth);
		json_num(j, "f1", evaluate_f1(&t), DIGITS);
		json_end_object(j);
	}
	json_end_array(j);
}

static void confusions(struct json *j, const struct classifier_evaluation *e)
{
	json_array(j, "confusions");
	for (int i = 0; i < e->pairs_n; i++) {
		const struct evaluation_pair *p = &e->pairs[i];

		json_object(j, NULL);
		json_str(j, "category", classifier_class(e->model, p->truth));
		json_str(j, "taken_for", classifier_class(e->model, p->guess));
		json_int(j, "n", p->n);
		json_array(j, "examples");
		for (int k = 0; k < p->titles_n; k++) {
			json_object(j, NULL);
			json_str(j, "title", p->titles[k]);
			json_num(j, "p", (double)p->p[k], DIGITS);
			json_end_object(j);
		}
		json_end_array(j);
		json_end_object(j);
	}
	json_end_array(j);
}

static void reliability(struct json *j, const char *key, const struct calibration_bin *bins)
{
	json_array(j, key);
	for (int i = 0; i < CALIBRATION_BINS; i++) {
		if (bins[i].n == 0)
			continue;
		json_object(j, NULL);
		json_num(j, "above", (double)i / CALIBRATION_BINS, DIGITS);
		json_num(j, "to", (double)(i + 1) / CALIBRATION_BINS, DIGITS);
		json_int(j, "n", bins[i].n);
		json_num(j, "confidence", bins[i].confidence / (double)bins[i].n, DIGITS);
		share(j, "right", bins[i].hits, bins[i].n);
		json_end_object(j);
	}
	json_end_array(j);
}

static void coverage(struct json *j, const struct classifier_evaluation *e)
{
	json_array(j, "coverage");
	for (int i = 0; i < e->coverage_n; i++) {
		const struct evaluation_coverage *c = &e->coverage[i];

		json_object(j, NULL);
		json_num(j, "coverage", evaluation_ratio(c->n, e->score.n), DIGITS);
		json_num(j, "least_p", (double)c->least, DIGITS);
		share(j, "right", c->hits, c->n);
		json_end_object(j);
	}
	json_end_array(j);
}

static void slices(struct json *j, const struct classifier_evaluation *e)
{
	struct evaluation_walk w = { .e = e, .most = EVALUATION_SHOWN };

	json_array(j, "parts");
	while (evaluation_walk(&w)) {
		const struct evaluation_slice *s = w.slice;

		json_object(j, NULL);
		json_str(j, "field", s->field);
		json_str(j, "value", s->value);
		json_int(j, "n", s->n);
		share(j, "top1", s->top1, s->n);
		share(j, "top3", s->top3, s->n);
		json_end_object(j);
	}
	json_end_array(j);
}

void evaluation_json(const struct classifier_evaluation *e, struct buf *to)
{
	struct json j;

	json_init(&j, to);
	json_object(&j, NULL);
	score(&j, &e->score);
	if (e->promise.precision > 0)
		evaluation_json_promise(&j, &e->promise);
	classes(&j, e);
	confusions(&j, e);
	reliability(&j, "reliability", evaluate_bins(e->tallies));
	reliability(&j, "reliability_top3", evaluate_bins3(e->tallies));
	coverage(&j, e);
	slices(&j, e);
	json_end_object(&j);
}
