/* corpus.h: the rows to train on, read once: features, labels, weights. Up to
 * CORPUS_MEMORY bytes are kept in memory, more in an unlinked file beside the
 * model, from which rows are read as they are needed; so memory hardly grows
 * with the rows, which may be visited in any order. Reading a made corpus is
 * safe on any thread. */
#ifndef PIPED_CORPUS_H
#define PIPED_CORPUS_H

#include "classifier/classifier.h"
#include "classifier/feature.h"
#include "classifier/vocab.h"

#define CORPUS_MEMORY ((size_t)128 << 20)
#define CORPUS_ROWS ((size_t)1 << 26)
#define CORPUS_BYTES ((size_t)15 << 30) /* of all rows */
#define CORPUS_CLASSES 4096
#define CORPUS_NAME 1024 /* bytes of a class name */
#define CORPUS_FEATURES (FEATURE_MOST + CLASSIFIER_FIELDS)

struct corpus;

/* A share of a row's truth. */
struct corpus_label {
	uint32_t klass;
	float share;
};

/* A row's known features, and what it is. */
struct corpus_row {
	const uint32_t *features;
	unsigned n;
	const struct corpus_label *labels; /* the largest share first */
	int labels_n;
	/* Where the above stands if it was read from the disk. */
	struct corpus_label labels_held[CLASSIFIER_LABELS];
	uint32_t features_held[CORPUS_FEATURES];
};

struct corpus_opt {
	int64_t min_rows; /* of a class */
	/* Times that a feature is met, vocab_choose; 0: once in few rows, in many
	 * twice, as what stands in one row of many is never learned. */
	uint32_t least;
	uint32_t most;	       /* features */
	double balance, newer; /* classifier.h */
	const char *beside;    /* the file whose folder may hold the spill */
};

/* Classes with fewer than `min_rows` rows, rows without a class and rows
 * whose weight is not above 0 are left out. Class numbers follow the names
 * sorted by bytes. ERR_BAD: fewer than two classes; ERR_TOO_BIG; ERR_IO,
 * ERR_FULL. */
enum err corpus_read(const struct classifier_rows *rows, const struct corpus_opt *opt,
		     struct corpus **ret, struct reason *why);
void corpus_free(struct corpus *c);

uint32_t corpus_rows(const struct corpus *c);
int64_t corpus_left_out(const struct corpus *c);
int corpus_classes(const struct corpus *c);
struct str corpus_class(const struct corpus *c, int k);
const struct vocab *corpus_vocab(const struct corpus *c);
/* Names of the fields beside the titles, each once. */
int corpus_fields(const struct corpus *c);
struct str corpus_field(const struct corpus *c, int i);
/* Row i in 0..corpus_rows-1, in the order read. What can't be read back from
 * the disk is ERR_IO. */
enum err corpus_row(const struct corpus *c, uint32_t i, struct corpus_row *ret);
/* What the row counts for; 1 on average. */
float corpus_weight(const struct corpus *c, uint32_t i);
/* The group of a row whose title's normal form is `normal`: its own, or that of all rows of
 * that title. */
uint64_t corpus_group_of(const struct classifier_row *row, struct str normal);
/* Equal for rows that a split must not part. */
uint64_t corpus_group(const struct corpus *c, uint32_t i);
/* The class of which it has the largest share. */
uint32_t corpus_main(const struct corpus *c, uint32_t i);
/* Number of the row among all that were given, those left out counted, from 0. */
int64_t corpus_input(const struct corpus *c, uint32_t i);
/* That row i is read soon. */
void corpus_fetch(const struct corpus *c, uint32_t i);

#endif
