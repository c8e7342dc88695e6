/* evaluation.h: what an evaluation found, as its printers read it. */
#ifndef PIPED_EVALUATION_H
#define PIPED_EVALUATION_H

#include "base/arena.h"
#include "base/interval.h"
#include "base/json.h"
#include "classifier/classifier.h"
#include "classifier/evaluate.h"

#define EVALUATION_LEVEL 0.95
#define EVALUATION_PAIRS 20
#define EVALUATION_EXAMPLES 3
#define EVALUATION_SLICES 32768 /* values of fields; the rest are one */
#define EVALUATION_SHOWN 50	/* of a field, the commonest */
#define EVALUATION_COVERAGES 10

/* Rows of class `truth` that were taken for `guess`. */
struct evaluation_pair {
	int truth, guess;
	int64_t n;
	/* Those that the model was surest of. */
	struct str titles[EVALUATION_EXAMPLES];
	float p[EVALUATION_EXAMPLES];
	int titles_n;
};

struct evaluation_slice {
	struct str field, value;
	int64_t n, top1, top3;
};

/* The rows whose first guess is at least `least` likely. */
struct evaluation_coverage {
	float least;
	int64_t n, hits;
};

/* See classifier_evaluation_promise. */
struct evaluation_promise {
	double precision;   /* 0: none was asked for */
	const char *what;   /* the rows are */
	int64_t rows;	    /* there are */
	int64_t rows_least; /* that it takes */
	bool shown;
	struct classifier_threshold at; /* when shown */
};

struct classifier_evaluation {
	const struct classifier *model; /* borrowed */
	struct arena *arena;
	struct evaluate *tallies;
	struct classifier_score score;
	struct evaluation_pair pairs[EVALUATION_PAIRS]; /* commonest first */
	int pairs_n;
	struct evaluation_slice *slices; /* by field, commonest value first */
	size_t slices_n, slices_cap;
	struct evaluation_coverage coverage[EVALUATION_COVERAGES]; /* all rows first */
	int coverage_n;
	struct evaluation_promise promise;
	/* Surest first: all rows' confidence, and how many of so many are right. */
	float *confidence;
	uint32_t *hits;
	size_t rows;
};

/* Goes through the parts, of each field the `most` commonest values: what is set at first is `e`
 * and `most`. */
struct evaluation_walk {
	const struct classifier_evaluation *e;
	size_t most;
	const struct evaluation_slice *slice;
	bool first; /* of its field */
	bool rest;  /* the last that is shown of a field that has more */
	size_t next, shown;
};
bool evaluation_walk(struct evaluation_walk *w); /* false: at the end */

/* Interval at EVALUATION_LEVEL. */
struct interval evaluation_share(int64_t hits, int64_t n);
double evaluation_ratio(int64_t part, int64_t n); /* 0 of none */

/* "threshold": {...} into the open object. */
void evaluation_json_promise(struct json *j, const struct evaluation_promise *p);
void evaluation_json(const struct classifier_evaluation *e, struct buf *to);
void evaluation_text(const struct classifier_evaluation *e, struct buf *to);
void evaluation_html(const struct classifier_evaluation *e, struct buf *to);

#endif
