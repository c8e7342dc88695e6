/* classifier.h: short titles -> top categories with calibrated probabilities.
 * A linear softmax over the mean embedding of character n-grams and words
 * (Joulin et al., "Bag of Tricks", EACL 2017), two to four members whose logits are
 * averaged, most features dropped at each step of training, logits
 * divided by a temperature fitted on held-out rows (Guo et al., ICML 2017). A
 * model is a file, memory-mapped, shared by threads and processes.
 *
 * Prediction is thread-safe on a shared model and allocates nothing. */
#ifndef PIPED_CLASSIFIER_H
#define PIPED_CLASSIFIER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

struct classifier;

/* Opens and checks a model file: magic, version, endianness, sizes, checksum.
 * ERR_BAD, ERR_VERSION, ERR_NOT_FOUND, ERR_IO with `why`. */
enum err classifier_open(const char *path, struct classifier **ret, struct reason *why);
void classifier_close(struct classifier *c);

int classifier_classes(const struct classifier *c);
/* Name of class i; borrowed until close. */
struct str classifier_class(const struct classifier *c, int i);
/* Number of the class of that name, or -1. */
int classifier_find(const struct classifier *c, struct str name);

/* What a model may be told beside the title: "brand", "price", "source". A field
 * is a name and one value; a title may have several of one name, or none. */
struct classifier_field {
	struct str name, value;
};
#define CLASSIFIER_FIELDS 16 /* of a title, and names of them in all */
/* Names of the fields that it was trained with; returns how many. Borrowed until close. */
int classifier_fields(const struct classifier *c, struct str ret[CLASSIFIER_FIELDS]);

/* A price's band, to be the value of a field: four to a factor of ten, as far
 * apart as people's idea of dear and cheap. Of nothing above 0: "". Written to `to`. */
#define CLASSIFIER_BAND 16
struct str classifier_price_band(double price, char to[CLASSIFIER_BAND]);

struct classifier_item {
	struct str title; /* any bytes */
	const struct classifier_field *fields;
	int fields_n;
};

struct classifier_guess {
	int klass;
	float p;
};

/* The best `k` classes of a title, best first; returns how many (min(k,
 * classes)). `title` is any bytes: it is normalised here exactly as in training
 * (idempotent on a title that is normalised already). A title without a known
 * feature gets the training shares of the classes. */
int classifier_top(const struct classifier *c, struct str title, int k,
		   struct classifier_guess *ret);
/* All probabilities, `classifier_classes` of them. */
void classifier_probabilities(const struct classifier *c, struct str title, float *ret);
/* The same, of a title and what is known beside it; fields that the model was
 * not trained with say nothing. */
int classifier_item_top(const struct classifier *c, const struct classifier_item *item, int k,
			struct classifier_guess *ret);
void classifier_item_probabilities(const struct classifier *c, const struct classifier_item *item,
				   float *ret);

/* Why a class: the parts of the title that argue for it and against it. */
struct classifier_span {
	int from, bytes; /* of the title's normal form: whole characters, within one word */
	float weight;	 /* its part of `lead` */
};
#define CLASSIFIER_SPANS 4 /* of either kind */
struct classifier_argument {
	int klass;
	float p;
	/* How far the class is ahead, in nats: ln p less the mean of ln p of the
	 * eight likeliest others, each weighed by its p. It is a sum over the title's
	 * features, as the model is linear in them: n-grams, words and pairs of words
	 * are shared out evenly among their characters, those of a word added up. */
	float lead;
	float bias;   /* the part of it that the title has none in */
	float fields; /* the part of what is known beside the title */
	float rest;   /* the part of spans that are not among the strongest */
	/* bias + fields + rest + all weights == lead. Strongest first. */
	int n_pro, n_con;
	struct classifier_span pro[CLASSIFIER_SPANS], con[CLASSIFIER_SPANS];
};
#define CLASSIFIER_FORM 8192
/* classifier_item_top with reasons. Writes the normal form that the spans are
 * parts of to `form`; allocates nothing. A title without a known feature gets no spans. */
int classifier_explain(const struct classifier *c, const struct classifier_item *item, int k,
		       char form[CLASSIFIER_FORM], size_t *ret_form,
		       struct classifier_argument *ret);

/* The tree that class names with a separator ("men>coats") are leaves of, or
 * such paths that the caller gives. Node 0 is the root, a parent comes before its children.
 * Where a class's path is also another's ancestor, its own probability counts there, beside
 * its children's. Read-only once made: any thread. */
struct classifier_tree;
/* `path` gives class k's path, borrowed till the end; NULL: its name. Parts that are
 * empty or blank at their ends are taken as they are. `c` is read here only. */
struct classifier_tree *classifier_tree_new(const struct classifier *c, struct str separator,
					    struct str (*path)(void *ctx, int k), void *ctx);
void classifier_tree_free(struct classifier_tree *t);
int classifier_tree_nodes(const struct classifier_tree *t);
/* "men", "men>coats"; "" of the root. Borrowed. */
struct str classifier_tree_path(const struct classifier_tree *t, int node);
int classifier_tree_parent(const struct classifier_tree *t, int node); /* -1 of the root */
int classifier_tree_depth(const struct classifier_tree *t, int node);  /* 0 of the root */
/* From the classes' probabilities those of all nodes: children, and a class that
 * ends at the node, add up to their parent. */
void classifier_tree_probabilities(const struct classifier_tree *t, const float *p, float *ret);
/* The deepest node on the likeliest way down that is at least `sure` likely; the root
 * when not even a first step is. `p`: of the nodes. */
int classifier_tree_deepest(const struct classifier_tree *t, const float *p, float sure);

/* How a model was made. */
struct classifier_about {
	int classes, members, dim, bits, epochs;
	double rate;
	int64_t rows;
	uint64_t seed;
	double temperature;
	double dev_top1, dev_top3; /* NAN: nothing was held out */
	int64_t bytes;		   /* of the file */
};
void classifier_about(const struct classifier *c, struct classifier_about *ret);

/* A category, and how much of the row's truth it is. */
struct classifier_label {
	struct str klass;
	float share;
};
#define CLASSIFIER_LABELS 8

/* A row to learn from. Text is borrowed until the next call. */
struct classifier_row {
	struct str title;
	/* One label of share 1, or soft ones; shares are brought to a sum of 1. A
	 * row without a label that has a name is left out. */
	struct classifier_label labels[CLASSIFIER_LABELS];
	int labels_n;
	/* How much it counts for in learning, up to 16, beside others' 1; 0 or less:
	 * left out. Shares, min_rows and measures count rows. */
	float weight;
	/* Rows of one group never stand on both sides of a split. 0: rows of one
	 * title are a group. */
	uint64_t group;
	struct classifier_field fields[CLASSIFIER_FIELDS];
	int fields_n;
};

/* A row that is one title of one class and weighs 1. */
void classifier_row_of(struct str title, struct str klass, struct classifier_row *ret);

/* Rows to train on. Gives the same sequence each time it is rewound; `rewind`
 * before each pass. `next` gets a row that is zero but for weight 1; false: at the end. */
struct classifier_rows {
	void *ctx;
	void (*rewind)(void *ctx);
	bool (*next)(void *ctx, struct classifier_row *ret);
};

/* How to train; begin with classifier_defaults. */
struct classifier_opt {
	uint64_t seed;
	int epochs;	  /* 0: chosen on a held-out part */
	double rate;	  /* 0: chosen on a held-out part */
	int64_t min_rows; /* classes with fewer rows are left out; at least 1 */
	int bits; /* log2 of the places for features, 8 to 21; 0: by their number, up to 18 */
	/* A class of n rows counts as n^(1 - balance): small ones for more than
	 * they are. 0: as they are. */
	double balance;
	/* In each class the last row counts for (1 + newer/2) / (1 - newer/2)
	 * times the first, as markets change and rows come in their order of time. 0 to
	 * 1.9; 0: all alike. */
	double newer;
	/* Goes on from what this model knows (by the names of its classes) instead
	 * of from nothing, in fewer epochs: for rows that grew since, all of them given
	 * again. Nothing is held out, as it may have learned any of them; its temperature is kept. NULL: afresh. */
	const struct classifier *start;
	int threads; /* at most; the result is the same with any number */
	/* Called now and then on the calling thread, with 0..1 done; false cancels
	 * (ERR_CANCELLED). May be NULL. */
	bool (*progress)(void *ctx, double done, const char *what);
	void *ctx;
};
struct classifier_opt classifier_defaults(void);

struct classifier_report {
	int64_t rows;	  /* trained on */
	int64_t left_out; /* empty class, or class too small */
	int classes;
	int epochs;
	double rate;
	double dev_top1, dev_top3; /* on the part held out to choose; NAN when nothing was */
};

/* Trains and writes `path` in one step. The same rows and options give the
 * same bytes, on any x86-64 machine and with any number of threads. ERR_BAD:
 * fewer than two classes; ERR_TOO_BIG. */
enum err classifier_train(const struct classifier_rows *rows, const struct classifier_opt *opt,
			  const char *path, struct classifier_report *ret, struct reason *why);

/* Probabilities of each row by a model that did not see it nor any other row of
 * its group: the groups are dealt into `folds` parts, each is answered by a model of the
 * others, and one temperature is fitted to all those answers. What looks for
 * wrong labels (Northcutt et al., JAIR 70, 2021) and audits reads them. On disk,
 * in an unlinked file, past some memory. */
#define CLASSIFIER_FOLDS 100
struct classifier_folds;
/* `beside`: a file in the folder that may hold it. Errors of classifier_train; ERR_BAD, too,
 * if opt->start is given. */
enum err classifier_folds_make(const struct classifier_rows *rows, const struct classifier_opt *opt,
			       int folds, const char *beside, struct classifier_folds **ret,
			       struct reason *why);
void classifier_folds_free(struct classifier_folds *f);

struct classifier_folds_about {
	int64_t rows;	  /* answered */
	int64_t left_out; /* rows without a label, or of a class too small */
	int classes, folds, epochs;
	double rate, temperature;
	double loss; /* mean, in nats */
	double top1, top3;
};
struct classifier_folds_about classifier_folds_about(const struct classifier_folds *f);
/* Names are sorted by bytes; borrowed until free. */
struct str classifier_folds_class(const struct classifier_folds *f, int k);

struct classifier_folds_row {
	int64_t input; /* which of the rows given, from 0; it rises from one to the next */
	int klass;     /* its label, of several the one with the largest share */
	int fold;
	/* Whether any of the others had its class: a class that stands in one fold alone
	 * can't be answered, its p is 0 and says nothing of the label. Such rows count
	 * as wrong in top1 and top3; loss and temperature leave them out. */
	bool learned;
};
/* Row i of about.rows; `p` has room for all classes. ERR_IO. Any thread. */
enum err classifier_folds_row(const struct classifier_folds *f, int64_t i,
			      struct classifier_folds_row *ret, float *p);

/* What more labels would bring: models of growing parts of the rows, all
 * measured on the same part that is held out. */
#define CLASSIFIER_CURVE 8
struct classifier_curve {
	struct {
		int64_t rows;
		double top1, low, high; /* 95% interval (Wilson) */
	} points[CLASSIFIER_CURVE];
	int points_n;
	int64_t dev_rows;
	/* The error is taken for floor + b * rows^-c (Hestness et al., 2017). */
	double floor, b, c;
	/* What twice as many rows would add to top1, and a 95% interval: the rows
	 * held out drawn again and again. That other rows might have been learned is not in it. */
	double gain, gain_low, gain_high;
};
/* Rate and epochs are chosen for each part. ERR_BAD: too few rows to hold any out, or
 * opt->start is given. */
enum err classifier_curve(const struct classifier_rows *rows, const struct classifier_opt *opt,
			  const char *beside, struct classifier_curve *ret, struct reason *why);

/* How good a model is on labeled rows; of a row's labels the first counts, and
 * its fields say what parts of the rows to look at apart (source, brand, band of prices). */
struct classifier_score {
	int64_t n,
		unknown_class; /* unknown_class: truth the model does not have; counts as wrong */
	/* micro-F1 is top1, as each row has one truth. */
	double top1, top3, top5, macro_f1;
	/* 15 equal bins, (lo, hi]: of the first guess, of the first three together. */
	double ece, ece3;
};
enum err classifier_test(const struct classifier *c, const struct classifier_rows *rows,
			 struct classifier_score *ret, struct reason *why);

/* The same with all that a person wants to know of it: each class's precision
 * and recall, what is taken for what, with titles, reliability, accuracy at
 * coverage, parts by field. Reads the rows twice. Borrows `c`. */
struct classifier_evaluation;
enum err classifier_evaluate(const struct classifier *c, const struct classifier_rows *rows,
			     struct classifier_evaluation **ret, struct reason *why);
void classifier_evaluation_free(struct classifier_evaluation *e);
struct classifier_score classifier_evaluation_score(const struct classifier_evaluation *e);

/* Text for a terminal; one line of JSON; a page that needs nothing beside it. */
enum classifier_format { CLASSIFIER_TEXT, CLASSIFIER_JSON, CLASSIFIER_HTML };
/* Adds to `to`. ERR_TOO_BIG past its cap. */
enum err classifier_evaluation_print(const struct classifier_evaluation *e,
				     enum classifier_format format, struct buf *to);

/* Two models on the same rows. */
struct classifier_change {
	double a, b;	  /* the measure of each */
	double low, high; /* 95% interval of b - a: pairs of answers drawn again, groups whole */
};
struct classifier_comparison {
	int64_t n;
	int64_t both, only_a, only_b, neither; /* right at first */
	/* Groups of rows in which one of them has more right than the other, and
	 * McNemar's exact test that both kinds are equally likely. */
	int64_t groups_a, groups_b;
	double p;
	struct classifier_change top1, top3, macro_f1;
};
/* The models may have different classes; they are told apart by their names.
 * ERR_BAD: no labeled rows. */
enum err classifier_compare(const struct classifier *a, const struct classifier *b,
			    const struct classifier_rows *rows, uint64_t seed,
			    struct classifier_comparison *ret, struct reason *why);

struct classifier_threshold {
	float p;		      /* take first guesses at least this likely */
	int64_t covered, right, rows; /* of rows: taken, and right of those */
};
/* The lowest confidence from which on at least that share of first guesses is
 * right, at that level (one-sided; Clopper and Pearson). False: the rows don't
 * show it for any. */
bool classifier_threshold(const struct classifier_evaluation *e, double precision, double level,
			  struct classifier_threshold *ret);
/* With fewer rows than this no such precision is shown. 0 < precision < 1. */
int64_t classifier_threshold_rows(double precision);
/* Has the report of `e` say the threshold for that precision, at a level of 95%, as the rows
 * of `of` show it: an evaluation of the same model, `e` itself or one of labels that are to be
 * trusted; NULL: there is not one such row. `rows`: what they are called ("reviewed titles"),
 * borrowed till `e` is freed. */
void classifier_evaluation_promise(struct classifier_evaluation *e, double precision,
				   const struct classifier_evaluation *of, const char *rows);

#endif
