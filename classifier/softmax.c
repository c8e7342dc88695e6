#include "classifier/softmax.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef float vector4 __attribute__((vector_size(16), may_alias));
typedef int32_t integers4 __attribute__((vector_size(16)));

static inline vector4 bounded(vector4 x)
{
	const vector4 most = { 87, 87, 87, 87 };
	integers4 low = x<-most, high = x> most;

	x = (vector4)(((integers4)x & ~low) | ((integers4)-most & low));
	return (vector4)(((integers4)x & ~high) | ((integers4)most & high));
}

/* 2^f for |f| <= 0.5 by its Taylor series, 2^i by the exponent bits. */
static inline vector4 power_of_e(vector4 x)
{
	/* Adding this number rounds to whole ones. */
	const float round = 0x1.8p23f;
	vector4 t = bounded(x) * 1.44269504f, whole = (t + round) - round, f = t - whole, y;
	integers4 i = __builtin_convertvector(whole, integers4);

	y = f * 1.54035304e-4f + 1.33335581e-3f;
	y = y * f + 9.61812911e-3f;
	y = y * f + 5.55041087e-2f;
	y = y * f + 2.40226507e-1f;
	y = y * f + 6.93147181e-1f;
	y = y * f + 1.0f;
	return y * (vector4)((i + 127) << 23);
}

static inline vector4 load(const float *p, int n)
{
	vector4 x = { 0 };

	memcpy(&x, p, (size_t)n * sizeof(float));
	return x;
}

/* Four lanes, the last few alone; the sum is always taken in the same order. */
double softmax_sum(const float *x, int n, float less, float by)
{
	double sum = 0;

	for (int i = 0; i < n; i += 4) {
		int here = n - i < 4 ? n - i : 4;
		vector4 y =
			power_of_e(((here == 4 ? load(x + i, 4) : load(x + i, here)) - less) * by);

		for (int k = 0; k < here; k++)
			sum += (double)y[k];
	}
	return sum;
}

double softmax_ln(double x)
{
	int e;
	double m = frexp(x, &e), t, square, term, sum = 0;

	if (m < 0.70710678118654752) {
		m *= 2;
		e--;
	}
	t = (m - 1) / (m + 1);
	square = t * t;
	term = t;
	for (int k = 1; k < 19; k += 2) {
		sum += term / k;
		term *= square;
	}
	return 2 * sum + e * 0.69314718055994531;
}

void softmax_of(float *x, int n, float temperature)
{
	float most = x[0], sum = 0, by = 1 / temperature;
	vector4 sums = { 0 }, y;
	int i;

	for (i = 1; i < n; i++)
		most = x[i] > most ? x[i] : most;
	for (i = 0; i + 4 <= n; i += 4) {
		y = power_of_e((load(x + i, 4) - most) * by);
		memcpy(x + i, &y, sizeof(y));
		sums += y;
	}
	sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
	if (i < n) {
		y = power_of_e((load(x + i, n - i) - most) * by);
		for (int k = 0; i + k < n; k++) {
			x[i + k] = y[k];
			sum += y[k];
		}
	}
	by = 1 / sum;
	for (i = 0; i < n; i++)
		x[i] *= by;
}
