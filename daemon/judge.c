#include "daemon/judge.h"

#include "base/clock.h"
#include "daemon/beside.h"

static void label_one(const struct serve_view *view, struct labeler_scratch *scratch,
		      struct arena *arena, int64_t now_ms, struct write_listing *w)
{
	struct vote votes[LABEL_MOST_VOTES];
	struct label *l = &w->label;
	int n;

	w->label_version = labeler_version(view->labeler);
	n = labeler_judge(view->labeler, scratch, &w->listing, votes);
	w->votes = arena_array(arena, (size_t)n, sizeof(*votes));
	for (int i = 0; i < n; i++)
		w->votes[i] = votes[i];
	w->n_votes = n;
	*l = (struct label){
		.by = LABEL_BY_RULES,
		.who = STR(""),
		.version = w->label_version,
		.taxonomy = view->conf->taxonomy.version,
		.made_ms = now_ms,
	};
	w->labeled = labeler_resolve(view->labeler, votes, n, arena, &l->category, &l->confidence,
				     &l->why);
}

/* The model's probability of the seller's category: of taxon `given` and all below. */
static double p_of(const struct serve_view *view, struct arena *arena,
		   const struct classifier_item *item, const struct suggestion *s, int given)
{
	int n = classifier_classes(view->model);
	double sum = 0;
	float *p;

	if (labeler_within(view->labeler, s->category[0], given)) {
		for (int i = 0; i < SUGGESTION_K; i++)
			sum += labeler_within(view->labeler, s->category[i], given) ? s->p[i] : 0;
		return sum;
	}
	/* Rare, so that asking the model twice is cheap. */
	p = arena_array(arena, (size_t)n, sizeof(*p));
	classifier_item_probabilities(view->model, item, p);
	for (int i = 0; i < n; i++)
		if (labeler_within(view->labeler,
				   labeler_now(view->labeler, classifier_class(view->model, i)),
				   given))
			sum += (double)p[i];
	return sum;
}

/* More of the model's guesses, when some are of categories that are no more. */
#define GUESSES_MORE (3 * SUGGESTION_K)

/* What the model learned, as it is called now; of categories that were merged, the sum. False: some
 * guess was left out. */
static bool fill(const struct serve_view *view, struct arena *arena,
		 const struct classifier_guess *top, int n, struct suggestion *ret)
{
	bool all = true;
	int kept = 0;

	*ret = (struct suggestion){ .model = view->model_id };
	for (int i = 0; i < n; i++) {
		struct str code =
			labeler_now(view->labeler, classifier_class(view->model, top[i].klass));
		int k = 0;

		while (k < kept && !str_eq(ret->category[k], code))
			k++;
		all &= code.n && k == kept;
		if (!code.n || k == SUGGESTION_K)
			continue;
		if (k == kept)
			ret->category[kept++] = arena_str(arena, code);
		ret->p[k] += (double)top[i].p;
		for (; k > 0 && ret->p[k] > ret->p[k - 1]; k--) {
			struct str c = ret->category[k];
			double p = ret->p[k];

			ret->category[k] = ret->category[k - 1];
			ret->p[k] = ret->p[k - 1];
			ret->category[k - 1] = c;
			ret->p[k - 1] = p;
		}
	}
	return all;
}

static void suggest_one(const struct serve_view *view, struct arena *arena, struct write_listing *w)
{
	int given = labeler_map(view->labeler, w->listing.source, w->listing.category);
	struct labeler_facts facts = { .given = given, .margin = view->conf->review_margin };
	struct classifier_field fields[HINT_N];
	struct classifier_item item = { .title = w->listing.title_clean, .fields = fields };
	struct classifier_guess top[GUESSES_MORE];
	struct beside beside;
	int n;

	w->suggested = view->model && !(w->listing.flags & FLAG_BIT(FLAG_EMPTY_TITLE));
	if (w->suggested) {
		w->suggestion = (struct suggestion){ .model = view->model_id };
		/* All of them: a model leaves aside what it was not trained with. */
		beside_of(&w->listing, &beside);
		item.fields_n = beside_fields(beside.values, BESIDE_ALL, fields);
		n = classifier_item_top(view->model, &item, SUGGESTION_K, top);
		/* Classes that are no categories any more leave room for others. */
		if (!fill(view, arena, top, n, &w->suggestion)) {
			n = classifier_item_top(view->model, &item, GUESSES_MORE, top);
			fill(view, arena, top, n, &w->suggestion);
		}
		facts.suggestion = &w->suggestion;
		if (given >= 0)
			facts.p_given = p_of(view, arena, &item, &w->suggestion, given);
	}
	if (listing_unfit(w->listing.flags))
		return;
	facts.label = w->labeled ? &w->label : NULL;
	labeler_worth(view->labeler, &facts, &w->worth);
	w->review_score = labeler_review_score(w->labeled ? &w->label : NULL,
					       w->suggested ? &w->suggestion : NULL,
					       view->conf->review_margin);
}

void judge_listings(const struct serve_view *view, struct labeler_scratch *scratch,
		    struct arena *arena, int64_t now_ms, struct write_listing *listings, int n,
		    int64_t cpu_ns[STAGE_COUNT])
{
	int64_t from = clock_thread_cpu_ns();

	for (int i = 0; i < n; i++)
		label_one(view, scratch, arena, now_ms, &listings[i]);
	stage_spent(&cpu_ns[STAGE_LABEL], &from);
	judge_suggest(view, arena, listings, n, cpu_ns);
}

void judge_suggest(const struct serve_view *view, struct arena *arena,
		   struct write_listing *listings, int n, int64_t cpu_ns[STAGE_COUNT])
{
	int64_t from = clock_thread_cpu_ns();

	for (int i = 0; i < n; i++)
		suggest_one(view, arena, &listings[i]);
	stage_spent(&cpu_ns[STAGE_SUGGEST], &from);
}
