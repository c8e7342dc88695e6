/* vector.h: the few loops over floats that training and prediction spend their
 * time in, four lanes at a time in a fixed order, so that sums come out the
 * same wherever they run. Lengths are multiples of 16, pointers 16-byte
 * aligned. Pure. */
#ifndef PIPED_VECTOR_H
#define PIPED_VECTOR_H

#include <math.h>
#include <stdint.h>

typedef float vector4 __attribute__((vector_size(16), may_alias));

#define VECTOR_MOST 256 /* floats of one feature row */

static inline float vector_sum(vector4 a)
{
	return (a[0] + a[1]) + (a[2] + a[3]);
}

static inline float vector_dot(const float *a, const float *b, int n)
{
	const vector4 *x = (const vector4 *)a, *y = (const vector4 *)b;
	vector4 s0 = { 0 }, s1 = { 0 };

	for (int i = 0; i < n / 4; i += 2) {
		s0 += x[i] * y[i];
		s1 += x[i + 1] * y[i + 1];
	}
	return vector_sum(s0 + s1);
}

static inline void vector_add(float *to, const float *x, int n)
{
	vector4 *a = (vector4 *)to;
	const vector4 *b = (const vector4 *)x;

	for (int i = 0; i < n / 4; i++)
		a[i] += b[i];
}

static inline void vector_add_scaled(float *to, const float *x, float by, int n)
{
	vector4 *a = (vector4 *)to;
	const vector4 *b = (const vector4 *)x;

	for (int i = 0; i < n / 4; i++)
		a[i] += b[i] * by;
}

static inline void vector_scale(float *x, float by, int n)
{
	vector4 *a = (vector4 *)x;

	for (int i = 0; i < n / 4; i++)
		a[i] *= by;
}

/* Brings `x` to a root mean square of one; returns what it was scaled by. */
static inline float vector_unit(float *x, int n)
{
	float by = 1 / sqrtf(vector_dot(x, x, n) / (float)n + 1e-3f);

	vector_scale(x, by, n);
	return by;
}

#endif
