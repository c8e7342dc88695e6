/* classifier.h: short titles -> top categories with calibrated probabilities.
 * A linear softmax over the mean embedding of hashed character n-grams and words
 * (Joulin et al., "Bag of Tricks", EACL 2017), two members whose logits are
 * averaged, most features dropped at each step of training, logits
 * divided by a temperature fitted on held-out rows (Guo et al., ICML 2017). A
 * model is a file, memory-mapped, shared by threads and processes.
 *
 * Prediction is thread-safe on a shared model and allocates nothing. */
#ifndef PIPED_CLASSIFIER_H
#define PIPED_CLASSIFIER_H

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

struct classifier_opt {
	uint64_t seed;
	int epochs;	  /* 0: chosen on a held-out part */
	double rate;	  /* 0: chosen on a held-out part */
	int64_t min_rows; /* classes with fewer rows are left out; at least 1 */
	int bits;	  /* log2 of hash rows, 8 to 21; 0: chosen from the number of rows */
	/* Called now and then, with 0..1 done; false cancels (ERR_CANCELLED). May be NULL. */
	bool (*progress)(void *ctx, double done, const char *what);
	void *ctx;
};

/* Rows to train on. Gives row i of the same sequence each time it is rewound;
 * `rewind` before each pass. `next` false: at the end. Text borrowed until the next call. */
struct classifier_rows {
	void *ctx;
	void (*rewind)(void *ctx);
	bool (*next)(void *ctx, struct str *ret_title, struct str *ret_class, float *ret_weight);
};

struct classifier_report {
	int64_t rows;	  /* trained on */
	int64_t left_out; /* empty class, or class too small */
	int classes;
	int epochs;
	double rate;
	double dev_top1, dev_top3; /* on the part held out to choose; NAN when nothing was */
};

/* Trains and writes `path` in one step. The same rows and options give the
 * same bytes. ERR_BAD: fewer than two classes. */
enum err classifier_train(const struct classifier_rows *rows, const struct classifier_opt *opt,
			  const char *path, struct classifier_report *ret, struct reason *why);

/* Measures on labeled titles. */
struct classifier_score {
	int64_t n,
		unknown_class; /* unknown_class: truth the model does not have; counts as wrong */
	double top1, top3, macro_f1, ece; /* ece: 15 equal bins of top-1 confidence, (lo, hi] */
};
enum err classifier_test(const struct classifier *c, const struct classifier_rows *rows,
			 struct classifier_score *ret, struct reason *why);

#endif
