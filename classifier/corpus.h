/* corpus.h: the rows to train on, read once: normal forms, class numbers,
 * weights. Up to CORPUS_MEMORY bytes are kept in memory, more in an unlinked
 * file beside the model, mapped; so rows may be visited in any order at any
 * size. One thread. */
#ifndef PIPED_CORPUS_H
#define PIPED_CORPUS_H

#include "classifier/classifier.h"

#define CORPUS_MEMORY ((size_t)96 << 20)
#define CORPUS_ROWS ((size_t)1 << 26)
#define CORPUS_TEXT ((size_t)15 << 30) /* bytes of all rows */
#define CORPUS_CLASSES 4096
#define CORPUS_NAME 1024 /* bytes of a class name */

struct corpus;

struct corpus_row {
	struct str text; /* normal form; borrowed */
	uint32_t klass;
	float weight;
};

/* Classes with fewer than `min_rows` rows, rows without a class and rows
 * whose weight is not above 0 are left out. Class numbers follow the names
 * sorted by bytes. `beside` names the file whose folder may hold the spill.
 * ERR_BAD: fewer than two classes; ERR_TOO_BIG; ERR_IO, ERR_FULL. */
enum err corpus_read(const struct classifier_rows *rows, int64_t min_rows, const char *beside,
		     struct corpus **ret, struct reason *why);
void corpus_free(struct corpus *c);

uint32_t corpus_rows(const struct corpus *c);
int64_t corpus_left_out(const struct corpus *c);
int corpus_classes(const struct corpus *c);
struct str corpus_class(const struct corpus *c, int k);
/* Row i in 0..corpus_rows-1, in the order read. */
struct corpus_row corpus_row(const struct corpus *c, uint32_t i);
/* That row i is read soon. */
void corpus_fetch(const struct corpus *c, uint32_t i);

#endif
