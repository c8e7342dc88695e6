#include "classifier/softmax.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* 2^f for |f| <= 0.5 by its Taylor series, 2^i by the exponent bits. */
static inline float power_of_e(float x)
{
	float t, f, y;
	int32_t i;

	x = x < -87 ? -87 : x;
	x = x > 87 ? 87 : x;
	t = x * 1.44269504f;
	i = (int32_t)(t + (t < 0 ? -0.5f : 0.5f));
	f = t - (float)i;
	y = 1.54035304e-4f;
	y = y * f + 1.33335581e-3f;
	y = y * f + 9.61812911e-3f;
	y = y * f + 5.55041087e-2f;
	y = y * f + 2.40226507e-1f;
	y = y * f + 6.93147181e-1f;
	y = y * f + 1.0f;
	i = (i + 127) << 23;
	memcpy(&t, &i, sizeof(t));
	return y * t;
}

float softmax_exp(float x)
{
	return power_of_e(x);
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
	float most = x[0], sum = 0;

	for (int i = 1; i < n; i++)
		most = x[i] > most ? x[i] : most;
	for (int i = 0; i < n; i++) {
		x[i] = power_of_e((x[i] - most) / temperature);
		sum += x[i];
	}
	for (int i = 0; i < n; i++)
		x[i] /= sum;
}
