#include "base/hash.h"
#include "base/interval.h"
#include "base/match.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "daemon/beside.h"
#include "daemon/rule_report.h"
#include "serve/api_json.h"

#include <stdlib.h>
#include <string.h>

/* Words that the model finds telling where no rule speaks: of listings that it is sure of and no
 * rule votes for, why it is; then, over all, how often a word's titles are labeled so. */

#define SURE 0.8		/* of its first suggestion */
#define TELLING 1.0		/* weight, in nats, of a word in the lead over its rivals */
#define LOOKED ((int64_t)20000) /* listings that the model explains before it takes every other */
#define WORDS_MOST ((size_t)1 << 18)
#define TRIED_MOST 2000
#define SHOWN 200
#define EXAMPLES 3
#define LETTERS_LEAST 2
#define MET_LEAST 3
#define LEVEL 0.95
/* A word of which less is right is none to make a rule of. */
#define PRECISION_LEAST 0.6

/* A word and the category that it tells of. */
struct clue {
	uint64_t key; /* 0: none */
	int taxon;
	char *text;
	int64_t met; /* titles without a rule's vote where the model gave it as a reason */
	double weight;
	char *examples[EXAMPLES];
	int n_examples;
	/* of all listings */
	int word; /* of the matcher */
	int64_t titles, labeled, right, reviewed, reviewed_right;
};

struct clues {
	const struct serve_view *view;
	struct labeler_scratch *scratch;
	struct clue *all; /* open addressing; then the tried ones, by word */
	size_t n, room;
	int64_t listings, uncovered, explained, step;
	struct match *match;
	int *first; /* of each word: its hints begin here; one more than there are words */
	int n_words, n_tried;
	/* of the listing at hand */
	bool voted;
	int taxon;
	const struct listing_view *v;
};

static void *hints_start(const struct rule_report_in *in)
{
	struct clues *h = mem_zero(sizeof(*h));

	h->view = in->view;
	h->scratch = labeler_scratch_new();
	h->room = 1024;
	h->all = mem_array(h->room, sizeof(*h->all));
	h->step = 1;
	return h;
}

/* ---- the first pass: what the model says */

static bool related(const struct conf_taxonomy *t, int a, int b)
{
	for (int x = a, steps = 0; x >= 0 && steps <= t->n_taxa; x = t->taxa[x].parent, steps++)
		if (x == b)
			return true;
	for (int x = b, steps = 0; x >= 0 && steps <= t->n_taxa; x = t->taxa[x].parent, steps++)
		if (x == a)
			return true;
	return false;
}

static void voted(void *ctx, const struct conf_rule *rule)
{
	struct clues *h = ctx;

	h->voted |= rule->taxon >= 0 && related(&h->view->conf->taxonomy, rule->taxon, h->taxon);
}

static bool is_uncovered(struct clues *h, const struct listing_view *v)
{
	struct vote votes[LABEL_MOST_VOTES];
	struct listing l = v->listing;

	if (!v->suggested || v->suggestion.p[0] < SURE || listing_unfit(l.flags))
		return false;
	h->taxon = conf_taxon(h->view->conf, v->suggestion.category[0]);
	if (h->taxon < 0)
		return false;
	h->voted = false;
	labeler_judge_counted(h->view->labeler, h->scratch, &l, votes, voted, h);
	return !h->voted;
}

static struct clue *slot(struct clue *all, size_t room, uint64_t key)
{
	size_t i = (size_t)key & (room - 1);

	while (all[i].key && all[i].key != key)
		i = (i + 1) & (room - 1);
	return &all[i];
}

static void grow(struct clues *h)
{
	struct clue *bigger = mem_array(2 * h->room, sizeof(*bigger));

	for (size_t i = 0; i < h->room; i++)
		if (h->all[i].key)
			*slot(bigger, 2 * h->room, h->all[i].key) = h->all[i];
	mem_free(h->all);
	h->all = bigger;
	h->room *= 2;
}

static char *copy_of(struct str s)
{
	char *to = mem_alloc(s.n + 1);

	if (s.n)
		memcpy(to, s.p, s.n);
	to[s.n] = 0;
	return to;
}

static struct clue *clue_of(struct clues *h, struct str text)
{
	uint64_t key = hash64(text, (uint64_t)h->taxon) | 1;
	struct clue *x = slot(h->all, h->room, key);

	if (x->key)
		return x;
	if (h->n == WORDS_MOST)
		return NULL;
	if (2 * h->n > h->room) {
		grow(h);
		x = slot(h->all, h->room, key);
	}
	h->n++;
	*x = (struct clue){ .key = key, .taxon = h->taxon, .text = copy_of(text) };
	return x;
}

static size_t letters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80 && s.p[i] != ' ';
	return n;
}

static void note(struct clues *h, struct str text, double weight)
{
	struct clue *x;

	text = str_trim(text);
	/* what a rule would not find there is no word for one */
	if (letters(text) < LETTERS_LEAST ||
	    !match_one((struct match_word){ .text = text }, h->v->listing.title_clean))
		return;
	x = clue_of(h, text);
	if (!x)
		return;
	x->met++;
	x->weight += weight;
	if (x->n_examples < EXAMPLES)
		x->examples[x->n_examples++] = copy_of(h->v->listing.title);
}

static void explain(struct clues *h)
{
	const struct serve_view *view = h->view;
	struct classifier_field fields[HINT_N];
	struct classifier_item item = { .title = h->v->listing.title_clean, .fields = fields };
	struct classifier_argument arg;
	char form[CLASSIFIER_FORM];
	struct beside beside;
	size_t form_n;

	beside_of(&h->v->listing, &beside);
	item.fields_n = beside_fields(beside.values, BESIDE_ALL, fields);
	if (classifier_explain(view->model, &item, 1, form, &form_n, &arg) < 1)
		return;
	for (int i = 0; i < arg.n_pro; i++)
		if ((double)arg.pro[i].weight >= TELLING)
			note(h,
			     str_sub((struct str){ form, form_n }, (size_t)arg.pro[i].from,
				     (size_t)arg.pro[i].bytes),
			     (double)arg.pro[i].weight);
}

static void look(struct clues *h, const struct listing_view *v)
{
	h->listings++;
	if (!is_uncovered(h, v))
		return;
	h->v = v;
	if (h->uncovered++ % h->step)
		return;
	explain(h);
	if (++h->explained % LOOKED == 0)
		h->step *= 2;
}

/* ---- between: the most promising ones */

static int most_met(const void *a, const void *b)
{
	const struct clue *x = a, *y = b;

	if (x->met != y->met)
		return x->met < y->met ? 1 : -1;
	return x->key < y->key ? -1 : x->key > y->key;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct clue *)a)->text, ((const struct clue *)b)->text);
}

static void clue_done(struct clue *x)
{
	mem_free(x->text);
	for (int i = 0; i < x->n_examples; i++)
		mem_free(x->examples[i]);
}

static void keep_best(struct clues *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->room; i++)
		if (h->all[i].key)
			h->all[n++] = h->all[i];
	if (n)
		qsort(h->all, n, sizeof(*h->all), most_met);
	for (size_t i = 0; i < n; i++) {
		if (h->n_tried < TRIED_MOST && h->all[i].met >= MET_LEAST)
			h->n_tried++;
		else
			clue_done(&h->all[i]);
	}
	if (h->n_tried)
		qsort(h->all, (size_t)h->n_tried, sizeof(*h->all), by_text);
}

static void choose(struct clues *h)
{
	struct match_word *words;

	keep_best(h);
	words = mem_array((size_t)h->n_tried + 1, sizeof(*words));
	h->first = mem_array((size_t)h->n_tried + 2, sizeof(*h->first));
	for (int i = 0; i < h->n_tried; i++) {
		if (i == 0 || by_text(&h->all[i], &h->all[i - 1]) != 0) {
			h->first[h->n_words] = i;
			words[h->n_words++].text = str_of(h->all[i].text);
		}
		h->all[i].word = h->n_words - 1;
	}
	h->first[h->n_words] = h->n_tried;
	h->match = match_new(words, h->n_words);
	mem_free(words);
}

/* ---- the second: how titles with these words are labeled */

static void found(void *ctx, const struct match_hit *hit)
{
	struct clues *h = ctx;
	const struct listing_view *v = h->v;
	bool labeled = v->labeled && v->label.category.n;

	for (int i = h->first[hit->word]; i < h->first[hit->word + 1]; i++) {
		struct clue *x = &h->all[i];
		bool right =
			labeled && rule_report_right(h->view->conf, x->taxon, v->label.category);

		x->titles++;
		x->labeled += labeled;
		x->right += right;
		if (labeled && v->label.by == LABEL_BY_PERSON) {
			x->reviewed++;
			x->reviewed_right += right;
		}
	}
}

static void hints_add(void *ctx, int pass, const struct listing_view *v, struct arena *a)
{
	struct clues *h = ctx;

	(void)a;
	if (pass == 0) {
		look(h, v);
		return;
	}
	if (!h->match)
		choose(h);
	h->v = v;
	if (!listing_unfit(v->listing.flags))
		match_run(h->match, v->listing.title_clean, found, h);
}

/* ---- the report */

static void print_clue(const struct clues *h, struct json *j, const struct clue *x)
{
	struct interval w = interval_wilson((double)x->right, (double)x->labeled, LEVEL);

	json_object(j, NULL);
	api_json_category(j, h->view->conf, h->view->conf->taxonomy.taxa[x->taxon].code);
	json_text(j, "word", x->text);
	json_int(j, "met", x->met);
	json_num(j, "weight", x->weight / (double)x->met, 2);
	json_int(j, "titles", x->titles);
	json_int(j, "labeled", x->labeled);
	json_int(j, "right", x->right);
	json_num(j, "low", w.low, 4);
	json_num(j, "high", w.high, 4);
	json_int(j, "reviewed", x->reviewed);
	json_int(j, "reviewed_right", x->reviewed_right);
	json_array(j, "examples");
	for (int i = 0; i < x->n_examples; i++)
		json_text(j, NULL, x->examples[i]);
	json_end_array(j);
	json_end_object(j);
}

static void hints_print(void *ctx, struct json *j)
{
	struct clues *h = ctx;
	int shown = 0;

	if (!h->match)
		choose(h);
	if (h->n_tried)
		qsort(h->all, (size_t)h->n_tried, sizeof(*h->all), most_met);
	json_int(j, "listings", h->listings);
	json_int(j, "uncovered", h->uncovered);
	json_int(j, "explained", h->explained);
	json_array(j, "words");
	for (int i = 0; i < h->n_tried && shown < SHOWN; i++) {
		const struct clue *x = &h->all[i];

		if (x->labeled && (double)x->right < PRECISION_LEAST * (double)x->labeled)
			continue;
		print_clue(h, j, x);
		shown++;
	}
	json_end_array(j);
}

static void hints_free(void *ctx)
{
	struct clues *h = ctx;

	if (h->match) {
		for (int i = 0; i < h->n_tried; i++)
			clue_done(&h->all[i]);
	} else {
		for (size_t i = 0; i < h->room; i++)
			if (h->all[i].key)
				clue_done(&h->all[i]);
	}
	match_free(h->match);
	labeler_scratch_free(h->scratch);
	mem_free(h->first);
	mem_free(h->all);
	mem_free(h);
}

const struct rule_report rule_hint_report = {
	.name = "suggest",
	.passes = 2,
	.start = hints_start,
	.add = hints_add,
	.print = hints_print,
	.free = hints_free,
};
