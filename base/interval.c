#include "base/interval.h"

#include <math.h>

#define TERMS 400 /* and ten for each root of a + b */
#define CLOSE 1e-15
#define LEAST 1e-300

/* The continued fraction of DLMF 8.17.22 by Lentz's method; fast for
 * x < (a + 1) / (a + b + 2). */
static double fraction(double a, double b, double x)
{
	const int terms = TERMS + (int)(10 * sqrt(fmin(a + b, 1e12)));
	double c = 1, d = 1 - (a + b) * x / (a + 1), ret;

	d = 1 / (fabs(d) < LEAST ? LEAST : d);
	ret = d;
	for (int m = 1; m < terms; m++) {
		const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double by;

		d = 1 + even * d;
		d = 1 / (fabs(d) < LEAST ? LEAST : d);
		c = 1 + even / c;
		c = fabs(c) < LEAST ? LEAST : c;
		ret *= d * c;
		d = 1 + odd * d;
		d = 1 / (fabs(d) < LEAST ? LEAST : d);
		c = 1 + odd / c;
		c = fabs(c) < LEAST ? LEAST : c;
		by = d * c;
		ret *= by;
		if (fabs(by - 1) < CLOSE)
			break;
	}
	return ret;
}

static double ln_gamma(double x)
{
	int sign;

	return lgamma_r(x, &sign);
}

double interval_beta(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x > 0;
	front = exp(ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * log(x) + b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * fraction(a, b, x) / a;
	return 1 - front * fraction(b, a, 1 - x) / b;
}

double interval_beta_quantile(double a, double b, double p)
{
	double low = 0, high = 1;

	for (int i = 0; i < 80 && high - low > 1e-14; i++) {
		double middle = (low + high) / 2;

		if (interval_beta(a, b, middle) < p)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

double interval_normal(double p)
{
	double low = -40, high = 40;

	for (int i = 0; i < 100 && high - low > 1e-14; i++) {
		double middle = (low + high) / 2;

		if (0.5 * erfc(-middle * 0.70710678118654752) < p)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

struct interval interval_wilson(double hits, double n, double level)
{
	const double z = interval_normal(0.5 + level / 2);
	double share, middle, half, by;

	if (!(n > 0))
		return (struct interval){ 0, 1 };
	share = hits / n;
	by = 1 / (1 + z * z / n);
	middle = by * (share + z * z / (2 * n));
	half = by * z * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
	return (struct interval){ share <= 0 ? 0 : fmax(0, middle - half),
				  share >= 1 ? 1 : fmin(1, middle + half) };
}

double interval_at_least(int64_t hits, int64_t n, double level)
{
	if (hits <= 0)
		return 0;
	return interval_beta_quantile((double)hits, (double)(n - hits + 1), 1 - level);
}

double interval_at_most(double hits, double n, double level)
{
	return n > hits ? interval_beta_quantile(hits + 1, n - hits, level) : 1;
}

struct interval interval_exact(int64_t hits, int64_t n, double level)
{
	const double one_side = 0.5 + level / 2;

	return (struct interval){ interval_at_least(hits, n, one_side),
				  1 - interval_at_least(n - hits, n, one_side) };
}

struct interval interval_jeffreys(double hits, double n, double level)
{
	const double a = hits + 0.5, b = n - hits + 0.5;

	if (!(n > 0))
		return (struct interval){ 0, 1 };
	return (struct interval){ hits <= 0 ? 0 : interval_beta_quantile(a, b, 0.5 - level / 2),
				  hits >= n ? 1 : interval_beta_quantile(a, b, 0.5 + level / 2) };
}

double interval_student(double p, double freedom)
{
	const double tail = p < 0.5 ? p : 1 - p;
	double x, t;

	if (freedom > 1e6)
		return interval_normal(p);
	x = interval_beta_quantile(freedom / 2, 0.5, 2 * tail);
	t = x > 0 ? sqrt(freedom * (1 - x) / x) : HUGE_VAL;
	return p < 0.5 ? -t : t;
}

double interval_even(int64_t a, int64_t b)
{
	const int64_t n = a + b, less = a < b ? a : b;
	double p;

	if (a == b)
		return 1;
	/* At most `less` of n at even odds, both ways. */
	p = 2 * interval_beta((double)(n - less), (double)(less + 1), 0.5);
	return p < 1 ? p : 1;
}
