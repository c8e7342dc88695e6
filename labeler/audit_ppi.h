/* audit_ppi.h: a mean from few decided rows and a model's guess of all of them
 * (prediction-powered inference; Angelopoulos et al., Science 382, 2023; PPI++, arXiv
 * 2311.01453). Pure.
 *
 * Gains where guesses vary within what was drawn at random and are right; the doubt by which
 * strata were cut hardly varies within them. */
#ifndef PIPED_AUDIT_PPI_H
#define PIPED_AUDIT_PPI_H

#include "base/err.h"
#include "base/interval.h"

#include <stdbool.h>
#include <stddef.h>

/* Decided rows, drawn at random of one stratum, and guesses of its other rows. */
struct audit_ppi_rows {
	const double *truth, *guess; /* [n] */
	size_t n;
	const double *rest; /* [rest_n]: guesses */
	size_t rest_n;
	double weight; /* the stratum's share of all; their sum is 1 */
};

struct audit_ppi {
	double value, error;
	struct interval in;
	double lambda; /* how far guesses are followed, 0..1; of several strata the mean */
};

#define AUDIT_PPI_TUNED (-1.0)
/* Strata with fewer decided rows follow no guess when it is tuned. */
#define AUDIT_PPI_STRATUM 50
/* sum of weight (lambda mean(rest) + mean(truth - lambda guess)). `lambda` 0 is the plain
 * mean, 1 plain PPI; AUDIT_PPI_TUNED is PPI++, of each stratum cov(truth, guess) / ((1 + n / N) var(guess)),
 * between 0 and 1. The interval is normal. */
void audit_ppi_mean(const struct audit_ppi_rows *strata, int n, double lambda, double level,
		    struct audit_ppi *ret);

/* Whether its interval covers what it says: not with fewer than 200 decided rows or ten of either
 * kind, nor with guesses of a model that saw those rows' decisions. `why` says what is lacking. */
bool audit_ppi_valid(size_t decided, double hits, bool model_saw_them, struct reason *why);

#endif
