#include "classifier/explain.h"

#include "base/must.h"
#include "base/normal.h"
#include "classifier/feature_place.h"
#include "classifier/kernel.h"
#include "classifier/predict.h"

#include <math.h>
#include <string.h>

_Static_assert(CLASSIFIER_FORM == NORMAL_MOST, "a form holds any title's");

#define RIVALS 8
/* A word is cut where its parts disagree by more than chance: so much of its weight, and so
 * many nats, speak for either side. Else it is told whole, as people read words. */
#define CUT_SHARE 0.25f
#define CUT_LEAST 0.5f

/* What is known of a title before any class is asked about. */
struct evidence {
	const struct model *m;
	struct str form;
	unsigned n, known,
		of_title; /* features; of the known ones the first so many are the title's */
	uint32_t entries[CORPUS_FEATURES];
	struct feature_place places[CORPUS_FEATURES];
	uint16_t starts[FEATURE_MOST];
	unsigned characters;
	float temperature;
	float by[KERNEL_WIDTH]; /* each member's factor between sum of rows and unit vector */
	float p[CORPUS_CLASSES];
	struct classifier_guess best[CORPUS_CLASSES];
	int n_best;
};

static void read_title(struct evidence *e, const struct classifier_item *item, char *form)
{
	uint32_t keys[CORPUS_FEATURES];
	const size_t width = (size_t)e->m->members * (size_t)e->m->dim;
	unsigned title, known = 0;

	e->form = (struct str){ form, normal_title(item->title, form, CLASSIFIER_FORM) };
	title = feature_keys(e->form, keys);
	must(feature_place_all(e->form, e->places, e->starts, &e->characters) == title);
	e->n = title + predict_fields(item, keys + title);
	/* Fetched ahead, as predict_known does, which keeps no places. */
	for (unsigned i = 0; i < e->n; i++)
		__builtin_prefetch(&e->m->slots[slots_first(keys[i], e->m->bits)]);
	for (unsigned i = 0; i < e->n; i++) {
		uint32_t entry = slots_find(e->m->slots, e->m->bits, keys[i]);

		if (entry == SLOTS_NONE)
			continue;
		if (i < title)
			e->places[e->of_title++] = e->places[i];
		e->entries[known++] = entry;
		__builtin_prefetch(e->m->rows + slots_row(entry) * width);
	}
	e->known = known;
}

static struct kernel_rows rows_of(const struct model *m)
{
	return (struct kernel_rows){ m->rows, m->scale, m->members * m->dim };
}

/* As kernel.h's `logits` scales, which does not tell. */
static void find_factors(struct evidence *e)
{
	const struct model *m = e->m;
	const struct kernel_rows rows = rows_of(m);
	const float root = sqrtf((float)e->known);
	const float known = (float)e->known * (float)m->dim;
	float sum[KERNEL_WIDTH] __attribute__((aligned(64)));

	kernel_get()->sum(&rows, e->entries, e->known, sum);
	for (int i = 0; i < m->members; i++) {
		const float *x = sum + (size_t)i * (size_t)m->dim;
		float squares = 0;

		for (int d = 0; d < m->dim; d++)
			squares += x[d] * x[d];
		e->by[i] = 1 / sqrtf(squares / known + 1e-3f) / root;
	}
}

static void weigh(struct evidence *e, int k)
{
	const struct model *m = e->m;
	int wanted = k > RIVALS ? k : RIVALS + 1;

	if (e->known == 0) {
		memcpy(e->p, m->shares, (size_t)m->classes * sizeof(float));
	} else {
		e->temperature = predict_temperature(m, e->n, e->known);
		predict_logits(m, e->entries, e->known, e->p);
		kernel_get()->softmax(e->p, m->classes, 1 / e->temperature);
		find_factors(e);
	}
	e->n_best =
		predict_best(e->p, m->classes, wanted < m->classes ? wanted : m->classes, e->best);
}

struct rival {
	int klass;
	float share;
};

static int find_rivals(const struct evidence *e, int klass, struct rival ret[RIVALS])
{
	float all = 0;
	int n = 0;

	for (int i = 0; i < e->n_best && n < RIVALS; i++)
		if (e->best[i].klass != klass)
			ret[n++] = (struct rival){ e->best[i].klass, e->best[i].p };
	for (int i = 0; i < n; i++)
		all += ret[i].share;
	for (int i = 0; i < n; i++)
		ret[i].share = all > 0 ? ret[i].share / all : 1 / (float)n;
	return n;
}

static float ln_p(float p)
{
	return logf(p > 1e-37f ? p : 1e-37f);
}

/* The direction in which a row makes the class lead its rivals; gives the bias. */
static float direction(const struct evidence *e, int klass, const struct rival *r, int n, float *to)
{
	const struct model *m = e->m;
	const size_t dim = (size_t)m->dim, classes = (size_t)m->classes;
	float bias = 0;

	for (size_t i = 0; i < (size_t)m->members; i++) {
		const float *head = m->head + i * classes * dim, *b = m->bias + i * classes;
		const float by = e->by[i] / (float)m->members / e->temperature;
		float *x = to + i * dim;

		memcpy(x, head + (size_t)klass * dim, dim * sizeof(float));
		bias += b[klass];
		for (int k = 0; k < n; k++) {
			const float *h = head + (size_t)r[k].klass * dim;

			bias -= r[k].share * b[r[k].klass];
			for (size_t d = 0; d < dim; d++)
				x[d] -= r[k].share * h[d];
		}
		for (size_t d = 0; d < dim; d++)
			x[d] *= by;
	}
	return bias / (float)m->members / e->temperature;
}

static bool space_at(const struct evidence *e, unsigned character)
{
	return e->form.p[e->starts[character]] == ' ';
}

static void share_out(const struct evidence *e, const struct feature_place *at, float weight,
		      float *characters)
{
	unsigned n = 0;

	for (int part = 0; part < 2; part++)
		for (unsigned i = at->from[part]; i < at->to[part]; i++)
			n += !space_at(e, i);
	for (int part = 0; part < 2; part++)
		for (unsigned i = at->from[part]; i < at->to[part]; i++)
			if (!space_at(e, i))
				characters[i] += weight / (float)n;
}

/* Keeps the strongest, strongest first; gives the weight of the one that has no place. */
static float keep(struct classifier_span *list, int *n, struct classifier_span s)
{
	float lost = 0;
	int at = *n;

	if (*n < CLASSIFIER_SPANS)
		(*n)++;
	else if (fabsf(s.weight) > fabsf(list[--at].weight))
		lost = list[at].weight;
	else
		return s.weight;
	for (; at > 0 && fabsf(s.weight) > fabsf(list[at - 1].weight); at--)
		list[at] = list[at - 1];
	list[at] = s;
	return lost;
}

static void add_span(const struct evidence *e, unsigned from, unsigned to, float weight,
		     struct classifier_argument *a)
{
	const struct classifier_span s = { e->starts[from], e->starts[to] - e->starts[from],
					   weight };

	a->rest += weight > 0 ? keep(a->pro, &a->n_pro, s) : keep(a->con, &a->n_con, s);
}

/* A word whole, or where its parts disagree in runs of one mind. */
static void add_word(const struct evidence *e, unsigned from, unsigned to, const float *weights,
		     struct classifier_argument *a)
{
	float sides[2] = { 0, 0 }, sum = 0, minority;
	unsigned begun = from;

	for (unsigned i = from; i < to; i++)
		sides[weights[i] > 0] += fabsf(weights[i]);
	minority = fminf(sides[0], sides[1]);
	if (minority < CUT_LEAST || minority < CUT_SHARE * (sides[0] + sides[1])) {
		add_span(e, from, to, sides[1] - sides[0], a);
		return;
	}
	for (unsigned i = from; i < to; i++) {
		sum += weights[i];
		if (i + 1 < to && (weights[i + 1] > 0) == (weights[i] > 0))
			continue;
		add_span(e, begun, i + 1, sum, a);
		begun = i + 1;
		sum = 0;
	}
}

static void add_spans(const struct evidence *e, const float *weights, struct classifier_argument *a)
{
	unsigned begun = 0;

	for (unsigned i = 0; i <= e->characters; i++) {
		if (i < e->characters && !space_at(e, i))
			continue;
		if (i > begun)
			add_word(e, begun, i, weights, a);
		begun = i + 1;
	}
}

static void argue(const struct evidence *e, struct classifier_guess g,
		  struct classifier_argument *ret)
{
	const struct kernel_rows rows = rows_of(e->m);
	float to[KERNEL_WIDTH] __attribute__((aligned(64)));
	float of_features[CORPUS_FEATURES], weights[FEATURE_MOST];
	struct rival rivals[RIVALS];
	int n = find_rivals(e, g.klass, rivals);

	*ret = (struct classifier_argument){ .klass = g.klass, .p = g.p, .lead = ln_p(g.p) };
	for (int i = 0; i < n; i++)
		ret->lead -= rivals[i].share * ln_p(e->p[rivals[i].klass]);
	ret->bias = ret->lead;
	if (e->known == 0)
		return;
	memset(weights, 0, e->characters * sizeof(float));
	ret->bias = direction(e, g.klass, rivals, n, to);
	kernel_get()->along(&rows, e->entries, e->known, to, of_features);
	for (unsigned i = 0; i < e->of_title; i++)
		share_out(e, &e->places[i], of_features[i], weights);
	for (unsigned i = e->of_title; i < e->known; i++)
		ret->fields += of_features[i];
	add_spans(e, weights, ret);
}

int explain_item(const struct model *m, const struct classifier_item *item, int k,
		 char form[CLASSIFIER_FORM], size_t *ret_form, struct classifier_argument *ret)
{
	struct evidence e;

	e.m = m;
	e.of_title = 0;
	read_title(&e, item, form);
	weigh(&e, k);
	*ret_form = e.form.n;
	if (k > m->classes)
		k = m->classes;
	for (int i = 0; i < k; i++)
		argue(&e, e.best[i], &ret[i]);
	return k > 0 ? k : 0;
}
