/* drift_bet.h: bets that the pages' values of one statistic are no longer what they were.
 *
 * A test scores each value with 0 (usual) to 1, and holds that a usual page scores p0 at most on
 * average, whatever came before. Bets on it multiply their wealth by 1 + bet * (score - p0),
 * bet <= 1 / p0: at most 1 on average while the test's claim is true. Before each page a new unit
 * is put in (Shiryaev-Roberts), so that a change counts from whenever it comes. Pure. */
#ifndef PIPED_DRIFT_BET_H
#define PIPED_DRIFT_BET_H

#include "drift/drift_ref.h"

#include <stdbool.h>
#include <stdint.h>

/* Pages that may be odd, whatever the sample says. */
#define DRIFT_TOLERANCE 0.25

enum drift_test {
	/* the value lies beyond all of the sample, a tenth of it, three tenths of it */
	DRIFT_BELOW_ALL,
	DRIFT_BELOW_TENTH,
	DRIFT_BELOW_THIRD,
	DRIFT_ABOVE_ALL,
	DRIFT_ABOVE_TENTH,
	/* of a value from 0 to 1: how far it is below 1, above 0 */
	DRIFT_MEAN_BELOW,
	DRIFT_MEAN_ABOVE,
	DRIFT_TESTS
};
#define DRIFT_STAKES 2 /* bets on each test: bold and careful */
#define DRIFT_WEALTH_MOST 1e200

struct drift_bets {
	unsigned tests; /* 1 << enum drift_test: those that can be made */
	double p0[DRIFT_TESTS], edge[DRIFT_TESTS];
	double wealth[DRIFT_TESTS][DRIFT_STAKES];
};

/* How a statistic is looked at. */
struct drift_look {
	unsigned tests; /* 1 << enum drift_test */
	double margin;	/* nearer than this to the sample is usual */
	bool share;	/* of what is left to 0 or 1 no more than two thirds are margin */
	bool scaled;	/* the mean tests take 2^value - 1 in times of the usual one, at most 1 */
};

/* The sample has changed: where its tests' edges are, and what they claim. */
void drift_bets_set(struct drift_bets *b, const struct drift_ref *r, const struct drift_look *look);
/* One more page. */
void drift_bets_add(struct drift_bets *b, const struct drift_look *look, double x);
double drift_bets_score(const struct drift_bets *b, const struct drift_look *look,
			enum drift_test t, double x);
/* Of all bets together. */
double drift_bets_wealth(const struct drift_bets *b);
/* The test with most of it. */
enum drift_test drift_bets_loudest(const struct drift_bets *b);
/* All lost: counting begins anew. */
void drift_bets_end(struct drift_bets *b);

#endif
