/* label_choice.h: which label model to take, by how often each is right on rows that a
 * person reviewed. Pure.
 *
 * Reviewed rows should be a random draw (the audit's): those that a queue picked as
 * doubtful show all models worse than they are, and other shares of classes. */
#ifndef PIPED_LABEL_CHOICE_H
#define PIPED_LABEL_CHOICE_H

#include "base/interval.h"
#include "labeler/label_model.h"

/* With fewer reviewed rows nothing is compared: the weights of LABEL_PRECISION are what is
 * configured and what those rows say. */
#define LABEL_CHOICE_ROWS 30

enum label_trial_end {
	LABEL_TRIED,
	LABEL_REFUSED, /* the input does not allow it */
	/* EM's share of a class is three times beyond the 95% interval of its share of
	 * reviewed rows: it found other classes than the ones that are meant. */
	LABEL_STRAYED,
};

struct label_trial {
	enum label_model_kind kind;
	enum label_trial_end end;
	/* Of reviewed rows by models that did not see them (precision in ten parts, whole
	 * groups; the others see no truth). Of a tie, the chance that the lot hits. Measured for
	 * LABEL_STRAYED, too; NAN where nothing was. */
	double accuracy;
	struct interval accuracy_95; /* Wilson; duplicates count as if they were apart */
	double decided;		     /* the share of rows without a tie */
	/* How little such a gain, or a larger one, over LABEL_PRECISION would surprise were they
	 * equally good: McNemar's exact test, one-sided, on groups of rows. 1: no gain. */
	double p;
	double temperature;
	double loss;		  /* mean log loss at that temperature, in nats */
	double calibration_error; /* of decided rows at that temperature */
	double largest_share;	  /* of a class as EM finds it; NAN of the others */
	struct reason why;	  /* of LABEL_REFUSED and LABEL_STRAYED */
};

struct label_choice {
	size_t reviewed;
	struct label_trial trial[LABEL_MODEL_KINDS]; /* by kind */
	enum label_model_kind winner;
	struct reason why; /* a sentence with the figures it rests on */
};

/* Tries all kinds and gives the model of the one chosen, made of all rows, cooled by
 * its temperature. LABEL_PRECISION stands unless another is right more often at the
 * 5% level, of all of them together. `n` may be 0. The same seed and input give the same. */
struct label_model *label_choice_make(const struct vote_matrix *m,
				      const struct label_reviewed *rows, size_t n, uint64_t seed,
				      struct label_choice *ret);

/* A model's accuracy as above on rows that it did not learn from; of a tie the lot. */
double label_choice_accuracy(const struct label_model *l, const struct vote_matrix *m,
			     const struct label_reviewed *rows, size_t n);

#endif
