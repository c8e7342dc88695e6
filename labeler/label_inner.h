/* label_inner.h: what the makers of label models share. */
#ifndef PIPED_LABEL_INNER_H
#define PIPED_LABEL_INNER_H

#include "labeler/label_model.h"
#include "labeler/label_sum.h"

struct label_model {
	struct label_model_about about;
	struct vote_column *column;
	int rules;
	struct label_sum sum;
	/* Of LABEL_DAWID_SKENE, logs: of the column being said, and of the rule saying
	 * nothing, by truth. The base of `sum` has all rules silent. */
	double *said;	/* [column][class] */
	double *silent; /* [rule][class]; 0 where abstains are skipped */
	double *share;	/* [class]; of EM */
};

struct label_model *label_inner_new(enum label_model_kind kind, const struct vote_matrix *m);
/* What Dawid and Skene's tables have of the votes is added to ret[classes]. */
void label_inner_add(const struct label_model *l, const uint32_t *votes, int n, double *ret);
/* Fit `l`, which is new; all of `opt` is set, the matrix was checked. */
void label_dawid_fit(struct label_model *l, const struct vote_matrix *m,
		     const struct label_em_opt *opt);
void label_rates_fit(struct label_model *l, const struct vote_matrix *m,
		     const struct label_em_opt *opt);

#endif
