/* toy.h: made-up labeled titles, and models of them, for the classifier's
 * tests. */
#ifndef PIPED_TOY_H
#define PIPED_TOY_H

#include "base/rng.h"
#include "classifier/classifier.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct toy_row {
	const char *title, *klass;
	float weight; /* 0 stands for 1 */
};

/* Rows of a table, or, without one, `n` made from a seed: a word of one of
 * four classes among noise, and in a share of `wrong` another's label. */
struct toy {
	const struct toy_row *rows;
	size_t n, at;
	double wrong;
	uint64_t seed;
	struct rng rng;
	char made[256];
	int hidden; /* the class that the title speaks of */
};

static const char *const toy_classes[] = { "상의>셔츠", "하의>청바지", "신발>운동화", "가방" };

static inline void toy_rewind(void *ctx)
{
	struct toy *t = ctx;

	t->at = 0;
	t->rng = (struct rng){ t->seed };
}

static inline const char *toy_make(struct toy *t)
{
	static const char *const words[] = { "셔츠",   "남방", "청바지", "데님",
					     "운동화", "조던", "백팩",	 "토트백" };
	int word = (int)rng_below(&t->rng, 8), brand = (int)rng_below(&t->rng, 50);
	int price = (int)rng_below(&t->rng, 300), size = (int)rng_below(&t->rng, 5);

	snprintf(t->made, sizeof(t->made), "브랜드%d %s %d 사이즈%d", brand, words[word], price,
		 size);
	t->hidden = word / 2;
	if (rng_unit(&t->rng) < t->wrong)
		return toy_classes[rng_below(&t->rng, 4)];
	return toy_classes[t->hidden];
}

static inline bool toy_next(void *ctx, struct classifier_row *ret)
{
	struct toy *t = ctx;

	if (t->at == t->n)
		return false;
	if (t->rows) {
		classifier_row_of(str_of(t->rows[t->at].title), str_of(t->rows[t->at].klass), ret);
		if (t->rows[t->at].weight > 0)
			ret->weight = t->rows[t->at].weight;
	} else {
		struct str klass = str_of(toy_make(t));

		classifier_row_of(str_of(t->made), klass, ret);
	}
	t->at++;
	return true;
}

static inline struct classifier_rows toy_rows(struct toy *t)
{
	return (struct classifier_rows){ .ctx = t, .rewind = toy_rewind, .next = toy_next };
}

static char toy_folder[] = "/tmp/piped-toy-XXXXXX";

static inline void toy_leave(void)
{
	rmdir(toy_folder);
}

/* A path of that name in a folder of this process alone, which goes with it. */
static inline const char *toy_path(const char *name)
{
	static char path[4][64];
	static int turn;

	if (!turn++ && (!mkdtemp(toy_folder) || atexit(toy_leave)))
		abort();
	snprintf(path[turn % 4], sizeof(path[0]), "%s/%s", toy_folder, name);
	return path[turn % 4];
}

static inline void toy_remove(const char *name)
{
	unlink(toy_path(name));
}

#endif
