#include "drift/drift_ref.h"

#include <math.h>
#include <string.h>

#define DOUBT 9.2103 /* ln 1e4 */

int drift_ref_below(const struct drift_ref *r, double x)
{
	int lo = 0, hi = r->n;

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if ((double)r->sorted[mid] < x)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int drift_ref_above(const struct drift_ref *r, double x)
{
	int lo = 0, hi = r->n;

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if ((double)r->sorted[mid] <= x)
			lo = mid + 1;
		else
			hi = mid;
	}
	return r->n - lo;
}

static void drop_oldest(struct drift_ref *r)
{
	int at = drift_ref_below(r, (double)r->value[r->at]);

	memmove(&r->sorted[at], &r->sorted[at + 1], (size_t)(r->n - 1 - at) * sizeof(*r->sorted));
	r->n--;
}

void drift_ref_add(struct drift_ref *r, double x)
{
	float v = (float)x;
	int at;

	if (r->n == DRIFT_SAMPLE)
		drop_oldest(r);
	else
		r->at = r->n;
	at = drift_ref_below(r, (double)v);
	memmove(&r->sorted[at + 1], &r->sorted[at], (size_t)(r->n - at) * sizeof(*r->sorted));
	r->sorted[at] = v;
	r->value[r->at] = v;
	r->at = (r->at + 1) % DRIFT_SAMPLE;
	r->n++;
}

double drift_ref_median(const struct drift_ref *r)
{
	return r->n ? (double)r->sorted[r->n / 2] : NAN;
}

double drift_ref_mean(const struct drift_ref *r)
{
	double sum = 0;

	for (int i = 0; i < r->n; i++)
		sum += (double)r->sorted[i];
	return r->n ? sum / r->n : NAN;
}

double drift_ref_sd(const struct drift_ref *r)
{
	double mean = drift_ref_mean(r), sum = 0;

	for (int i = 0; i < r->n; i++)
		sum += ((double)r->sorted[i] - mean) * ((double)r->sorted[i] - mean);
	return r->n > 1 ? sqrt(sum / (r->n - 1)) : 0;
}

static double entropy(double a, double p)
{
	double e = 0;

	if (a > 0)
		e += a * log(a / p);
	if (a < 1)
		e += (1 - a) * log((1 - a) / (1 - p));
	return e;
}

double drift_ref_most(int k, int n)
{
	double a = n ? (double)k / n : 1, lo = a, hi = 1;

	if (a >= 1)
		return 1;
	for (int i = 0; i < 30; i++) {
		double mid = (lo + hi) / 2;

		if (mid < 1 && n * entropy(a, mid) < DOUBT)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}
