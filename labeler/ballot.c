#include "labeler/ballot.h"

#include "base/must.h"

#include <math.h>

/* A rule that is always wrong says nothing, and none is always right. The most
 * must stay above what a good rule earns among 157 leaves (7.2 at .9): a lower
 * one makes all good rules equal, and their conflicts ties. */
#define WEIGHT_LEAST 0.01
#define WEIGHT_MOST 12.0
/* Sums of the same weights in another order differ by less. */
#define TIE 1e-9

struct candidate {
	int taxon;
	double score;
	bool dropped; /* somebody voted below it */
};

struct ballot {
	struct candidate c[LABEL_MOST_VOTES];
	int n;
	int of[LABEL_MOST_VOTES]; /* candidate of each vote, or -1 */
};

double ballot_weight(double precision, int classes)
{
	double others = classes > 2 ? classes - 1 : 1, w;

	if (!(precision > 0))
		return WEIGHT_LEAST;
	if (precision >= 1)
		return WEIGHT_MOST;
	w = log(precision * others / (1 - precision));
	return w < WEIGHT_LEAST ? WEIGHT_LEAST : w > WEIGHT_MOST ? WEIGHT_MOST : w;
}

static int candidate_of(struct ballot *b, int taxon)
{
	int i = 0;

	while (i < b->n && b->c[i].taxon != taxon)
		i++;
	if (i == b->n)
		b->c[b->n++] = (struct candidate){ .taxon = taxon };
	return i;
}

/* Whether another vote of its family for the same category counts in its place: rules that
 * go by the same words tell one thing once. */
static bool stands_behind(const struct ballot *b, const struct vote *votes, int n, int i)
{
	for (int j = 0; j < n && votes[i].family.n; j++) {
		double ahead = votes[j].weight - votes[i].weight;

		if (j != i && b->of[j] == b->of[i] && str_eq(votes[j].family, votes[i].family) &&
		    (ahead > 0 || (!(ahead < 0) && j < i)))
			return true;
	}
	return false;
}

static void add_votes(struct ballot *b, const struct taxon *taxa, const struct vote *votes, int n)
{
	for (int i = 0; i < n; i++) {
		int taxon = taxon_find(taxa, votes[i].category);

		/* Stored votes may name what a newer taxonomy no longer has. */
		b->of[i] = taxon < 0 ? -1 : candidate_of(b, taxon);
	}
	for (int i = 0; i < n; i++)
		if (b->of[i] >= 0 && !stands_behind(b, votes, n, i))
			b->c[b->of[i]].score += ballot_weight(votes[i].weight, taxon_leaves(taxa));
	for (int i = 0; i < b->n; i++)
		for (int j = 0; j < b->n; j++)
			if (taxon_is_below(taxa, b->c[j].taxon, b->c[i].taxon))
				b->c[i].dropped = true;
}

/* The best candidate; -1: none, or another as good. */
static int winner(const struct ballot *b)
{
	int best = -1;
	bool tie = false;

	for (int i = 0; i < b->n; i++) {
		if (b->c[i].dropped)
			continue;
		if (best < 0 || b->c[i].score > b->c[best].score + TIE) {
			best = i;
			tie = false;
		} else if (b->c[i].score > b->c[best].score - TIE) {
			tie = true;
		}
	}
	return tie ? -1 : best;
}

/* Softmax over leaves. An inner node stands for all leaves below it; leaves
 * that nobody voted for have score 0. */
static double confidence(const struct ballot *b, const struct taxon *taxa, int best)
{
	double sum = 0, rest = taxon_leaves(taxa), top = b->c[best].score;

	for (int i = 0; i < b->n; i++) {
		if (b->c[i].dropped)
			continue;
		sum += exp(b->c[i].score - top);
		rest -= taxon_leaves_below(taxa, b->c[i].taxon);
	}
	if (rest > 0)
		sum += rest * exp(-top);
	return 1 / sum;
}

bool ballot_count(const struct taxon *taxa, const struct vote *votes, int n, struct arena *a,
		  struct str *ret_category, double *ret_confidence, struct str *ret_why)
{
	struct ballot b = { .n = 0 };
	struct str why = STR("");
	int best;

	must(n >= 0 && n <= LABEL_MOST_VOTES);
	add_votes(&b, taxa, votes, n);
	best = winner(&b);
	if (best < 0)
		return false;
	for (int i = 0; i < n; i++)
		if (b.of[i] == best)
			why = arena_fmt(a, "%.*s%s%.*s", STR_ARG(why), why.n ? "," : "",
					STR_ARG(votes[i].rule));
	*ret_category = arena_str(a, taxon_code(taxa, b.c[best].taxon));
	*ret_confidence = confidence(&b, taxa, best);
	*ret_why = why;
	return true;
}
