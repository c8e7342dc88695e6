/* train.h: from rows to weights: what to hold out, which rate and how many
 * epochs, the temperature, the last fit on all rows. One thread. */
#ifndef PIPED_TRAIN_H
#define PIPED_TRAIN_H

#include "classifier/choose.h"
#include "classifier/classifier.h"

struct train {
	const struct classifier_opt *opt;
	struct corpus *corpus;
	struct choose_split split; /* `rest` in an order drawn by the seed */
	struct learn_weights weights;
	unsigned bits;
	struct learn_opt learn; /* rate and epochs as chosen so far */
	double rate;		/* that is noted in the model */
	int64_t rows_planned, rows_done;
	const char *what;	   /* is being done, for the progress */
	struct choose_score score; /* of the chosen setting, on dev; NAN: of none */
};

/* Reads the rows; room for what doesn't fit in memory is beside `path`. On any
 * error nothing is left to be done. */
enum err train_open(struct train *t, const struct classifier_rows *rows,
		    const struct classifier_opt *opt, const char *path, struct reason *why);
void train_done(struct train *t);
/* Back to the rate and the epochs that so many rows begin with. */
void train_begin(struct train *t, uint32_t rows);
/* Adds to what is planned: so many rows, times members, times epochs, and what train_choose
 * takes beside them. */
void train_plan(struct train *t, int64_t rows);
/* Rate and epochs, where the options leave them open, for the rows of split.rest. */
enum err train_choose(struct train *t);
/* Learns rows order[0..n-1] into t->weights, epochs from <= i < to. */
enum err train_fit(struct train *t, const uint32_t *order, uint32_t n, int from, int to);
/* ERR_BAD if the options give a model to start from, where none can be: `what` measures
 * rows that it may have learned. */
enum err train_afresh(const struct classifier_opt *opt, const char *what, struct reason *why);
/* Tells why an error of the above came. */
enum err train_why(enum err err, const char *path, struct reason *why);

/* What classifier_train promises. */
enum err train_model(const struct classifier_rows *rows, const struct classifier_opt *opt,
		     const char *path, struct classifier_report *ret, struct reason *why);

#endif
