#include "base/calibration.h"

#include <math.h>

#define MOST 20.0
#define GOLDEN 0.61803398874989485
#define CLOSE 1e-6

void calibration_add(struct calibration_bin *bins, double confidence, bool hit)
{
	/* Bins are (lo, hi]. */
	int bin = (int)ceil(confidence * CALIBRATION_BINS) - 1;

	bin = bin < 0 ? 0 : bin >= CALIBRATION_BINS ? CALIBRATION_BINS - 1 : bin;
	bins[bin].n++;
	bins[bin].hits += hit;
	bins[bin].confidence += confidence;
}

double calibration_error(const struct calibration_bin *bins)
{
	double gap = 0, n = 0;

	for (int i = 0; i < CALIBRATION_BINS; i++) {
		gap += fabs(bins[i].confidence - (double)bins[i].hits);
		n += (double)bins[i].n;
	}
	return n > 0 ? gap / n : 0;
}

double calibration_temperature(double (*loss)(void *ctx, double temperature), void *ctx)
{
	double low = -log(MOST), high = log(MOST);
	double left = high - GOLDEN * (high - low), right = low + GOLDEN * (high - low);
	double at_left = loss(ctx, exp(left)), at_right = loss(ctx, exp(right));

	while (high - low > CLOSE) {
		if (at_left <= at_right) {
			high = right;
			right = left;
			at_right = at_left;
			left = high - GOLDEN * (high - low);
			at_left = loss(ctx, exp(left));
		} else {
			low = left;
			left = right;
			at_left = at_right;
			right = low + GOLDEN * (high - low);
			at_right = loss(ctx, exp(right));
		}
	}
	return exp((low + high) / 2);
}
