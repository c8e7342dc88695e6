/* label_model.h: from votes to the chance of each class. Made from a matrix of votes and,
 * some of them, rows that a person reviewed; then asked row by row. Read-only once
 * made: many threads may share one. Which one to take: label_choice.h.
 *
 * All but Dawid and Skene's own are sums: a class has its base, and each vote for it adds the
 * weight of its column, so that answers and each step of a fit take the time of the votes,
 * however many classes there are. */
#ifndef PIPED_LABEL_MODEL_H
#define PIPED_LABEL_MODEL_H

#include "base/err.h"
#include "labeler/vote_matrix.h"

enum label_model_kind {
	/* Weighs votes by the precision that the column had on reviewed rows. */
	LABEL_PRECISION,
	LABEL_MAJORITY, /* each vote is one */
	/* Each rule has a table: how often it says what (nothing, too) of things that are what
	 * (Dawid and Skene, Applied Statistics 28, 1979), by EM, without reviewed rows. */
	LABEL_DAWID_SKENE,
	/* The same with two rates a column, of its class and of all others, for many
	 * classes. */
	LABEL_TWO_RATE,
	LABEL_MODEL_KINDS
};
/* "precision", "majority", "dawid-skene", "two-rate" */
const char *label_model_name(enum label_model_kind kind);

/* Past so many classes the tables of LABEL_DAWID_SKENE have more cells than votes
 * could fill, and each row takes the time of all classes. */
#define LABEL_DENSE_CLASSES 32

/* A row that a person decided. */
struct label_reviewed {
	size_t row;
	int truth;
	uint64_t group; /* near-duplicates, which tell of each other; 0: alone */
};

struct label_model;

/* A precision that was counted on few rows, drawn to `centre` as by four rows more:
 * (hits + 4 centre) / (fires + 4). */
double label_model_smooth(double hits, double fires, double centre);
/* Where neither a configuration nor a reviewed row says anything. */
#define LABEL_MODEL_CENTRE 0.8
/* A column's centre is what it has configured, or the precision of all votes on
 * reviewed rows together. A vote weighs ballot_weight() of its smoothed precision; of several votes
 * of one family for one class the heaviest counts. n may be 0. */
struct label_model *label_model_precision(const struct vote_matrix *m,
					  const struct label_reviewed *rows, size_t n);
struct label_model *label_model_majority(const struct vote_matrix *m);

struct label_em_opt {
	int iterations;	  /* at most; 0: 1000 */
	double tolerance; /* stops when the sums of changes are less; 0: 1e-5 */
	/* Takes a rule that says nothing for one that was not asked (Dawid and Skene alone):
	 * only where each says several classes. */
	bool skip_abstains;
};
/* Begins with each row's shares of votes. ERR_BAD with the reason for input that it would
 * give a meaningless answer for: no votes, one class, too many classes, or abstains
 * skipped though a rule says one class only, which it then seems to say of all. */
enum err label_model_em(enum label_model_kind kind, const struct vote_matrix *m,
			const struct label_em_opt *opt, struct label_model **ret,
			struct reason *why);
void label_model_free(struct label_model *l);

/* Divides scores by this; 1 at first. */
void label_model_cool(struct label_model *l, double temperature);

struct label_model_about {
	enum label_model_kind kind;
	int classes;
	double temperature;
	/* Of EM; zero otherwise. */
	int iterations;
	bool converged;
	double log_likelihood;
};
struct label_model_about label_model_about(const struct label_model *l);
/* The share of the class that EM found; NAN for the others. */
double label_model_share(const struct label_model *l, int klass);
/* The weight of a vote; NAN of LABEL_DAWID_SKENE. */
double label_model_weight(const struct label_model *l, int column);
/* What LABEL_DAWID_SKENE found: how often the column's rule says the column's class of things that are
 * `truth`; NAN for the others. */
double label_model_rate(const struct label_model *l, int column, int truth);

struct label_answer {
	int klass; /* -1: `ties` are as good */
	int ties;  /* classes that share the best place; 1 without a tie */
	double p;  /* of each of them */
};
/* `votes` as a row of the matrix has them: those of a rule side by side. At most
 * VOTE_MATRIX_ROW. */
void label_model_answer(const struct label_model *l, const uint32_t *votes, int n,
			struct label_answer *ret);
/* Scores of all classes, before the temperature: their softmax is the chance. */
void label_model_scores(const struct label_model *l, const uint32_t *votes, int n, double *ret);

#endif
