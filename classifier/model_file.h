/* model_file.h: a model as bytes. A header of 128 bytes, then sections that
 * each begin at a multiple of 64, in this order (docs in model_file.c):
 *
 *   shares   float[classes]                  of the training rows
 *   bias     float[members][classes]
 *   head     float[members][classes][dim]
 *   ends     uint32[classes]                 where each name ends
 *   names    bytes, sorted, not terminated
 *   fields   bytes, names of the fields beside the title, each with a NUL
 *   slots    slots_bucket[2^(bits - 3)]      slots.h: a feature's row and its level
 *   rows     int8[features][members * dim]   times the scale of the level; commonest first
 *
 * Numbers are in the byte order of the machine that wrote them, which the
 * header tells. The checksum is XXH3 over all bytes with its own field zero. */
#ifndef PIPED_MODEL_FILE_H
#define PIPED_MODEL_FILE_H

#include "base/buf.h"
#include "classifier/learn.h"
#include "classifier/slots.h"

#define MODEL_BYTES ((size_t)1 << 30) /* the longest file that is opened */
#define MODEL_BITS_LEAST SLOTS_BITS_LEAST
#define MODEL_BITS_MOST SLOTS_BITS_MOST

/* Bias of a class that was not learned: it can't win. */
#define MODEL_NEVER (-1e5f)

/* How a model came to be; kept in its file. */
struct model_facts {
	uint64_t rows, seed;
	double rate;
	uint32_t epochs;
	float temperature;
	float dev_top1, dev_top3; /* NAN: nothing was held out */
};

/* A checked view of bytes that somebody else keeps. */
struct model {
	int classes, members, dim;
	unsigned bits; /* of slots.h */
	uint32_t features;
	struct model_facts facts;
	const float *shares, *bias, *head;
	const uint32_t *ends;
	const char *names;
	struct str fields; /* names, each with a NUL */
	const struct slots_bucket *slots;
	const int8_t *rows;
	float scale[256]; /* of one step of a row, by its level */
};

/* Weights learned of `c`; `bits` as slots.h has them. The same weights, corpus
 * and facts give the same bytes. `shares` has one entry a class; a class whose
 * share is 0 can't win. */
void model_pack(const struct learn_weights *w, const struct corpus *c, unsigned bits,
		const float *shares, const struct model_facts *facts, struct buf *to);
/* Checks everything that later reads rely on. `bytes` is 16-byte aligned.
 * ERR_BAD, ERR_VERSION. */
enum err model_view(struct str bytes, struct model *ret, struct reason *why);
struct str model_name(const struct model *m, int k);
/* Number of the class of that name, or -1. */
int model_find(const struct model *m, struct str name);

#endif
