/* calibration.h: whether confidences can be believed, and the temperature that
 * makes them so. Pure. */
#ifndef PIPED_CALIBRATION_H
#define PIPED_CALIBRATION_H

#include <stdbool.h>
#include <stdint.h>

#define CALIBRATION_BINS 15

/* Answers whose confidence is in (i, i + 1] / CALIBRATION_BINS. */
struct calibration_bin {
	int64_t n, hits;
	double confidence; /* sum */
};

/* Adds an answer; `bins` are CALIBRATION_BINS of them, zero at first. */
void calibration_add(struct calibration_bin *bins, double confidence, bool hit);
/* The expected calibration error over equal bins, 0 of none (Guo et al., ICML
 * 2017, eq. 3). */
double calibration_error(const struct calibration_bin *bins);

/* The temperature in 1/20 .. 20 at which `loss` is least, by golden section on its
 * logarithm. The mean log loss of softmax(z / T) is convex in 1 / T, so there is
 * one least. For scores that are kept; the classifier, which keeps none, tries a
 * grid in one pass (classifier/choose.h). */
double calibration_temperature(double (*loss)(void *ctx, double temperature), void *ctx);

#endif
