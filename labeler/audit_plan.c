#include "labeler/audit_plan.h"

#include "base/interval.h"

#include <math.h>

/* Doubts are estimates: none is taken for surer than this. */
#define LEAST_VARIANCE 0.01

int audit_plan_stratum(double doubt)
{
	static const double cuts[AUDIT_PLAN_STRATA - 1] = { 0.05, 0.2, 0.5, 0.9 };
	int i = 0;

	while (i < AUDIT_PLAN_STRATA - 1 && doubt >= cuts[i])
		i++;
	return i;
}

double audit_plan_whole(double size, int64_t draw)
{
	return draw > 0 ? size / (double)draw : HUGE_VAL;
}

static double variance(const struct audit_stratum *s)
{
	return fmax(s->doubt * (1 - s->doubt), LEAST_VARIANCE);
}

/* What a draw of it is worth. */
static double worth(const struct audit_stratum *s)
{
	return sqrt((double)s->units * s->squares * variance(s));
}

static int64_t within(int64_t x, int64_t low, int64_t high)
{
	return x < low ? low : x > high ? high : x;
}

/* What `each` draws per worth make of a stratum, between its bounds. */
static int64_t share_of(const struct audit_stratum *s, double each, int64_t least)
{
	const double want = each * worth(s);

	if (s->whole || want >= (double)s->units)
		return s->units;
	return within((int64_t)llround(want), least < s->units ? least : s->units, s->units);
}

static int64_t total(const struct audit_stratum *strata, int n, double each, int64_t least)
{
	int64_t sum = 0;

	for (int i = 0; i < n; i++)
		sum += share_of(&strata[i], each, least);
	return sum;
}

/* Bounds of some shift what is left for others; the total rises with `each`. */
int64_t audit_plan_allot(struct audit_stratum *strata, int n, int64_t draw, int64_t least)
{
	double low = 0, high = 0;
	int64_t sum = 0;

	for (int i = 0; i < n; i++)
		if (worth(&strata[i]) > 0)
			high = fmax(high, (double)(strata[i].units + 1) / worth(&strata[i]));
	for (int i = 0; i < 100; i++) {
		double middle = (low + high) / 2;

		if (total(strata, n, middle, least) >= draw)
			high = middle;
		else
			low = middle;
	}
	for (int i = 0; i < n; i++) {
		strata[i].drawn = share_of(&strata[i], high, least);
		sum += strata[i].drawn;
	}
	return sum;
}

double audit_plan_half(const struct audit_stratum *strata, int n, double level)
{
	double size = 0, sum = 0;

	for (int i = 0; i < n; i++) {
		const struct audit_stratum *s = &strata[i];
		double rest = (double)(s->units - s->drawn);

		size += s->size;
		if (s->units == 0 || s->drawn == s->units)
			continue;
		if (s->drawn == 0)
			return 1;
		sum += rest * s->squares * variance(s) / (double)s->drawn;
	}
	return size > 0 ? interval_normal(0.5 + level / 2) * sqrt(sum) / size : 0;
}

int64_t audit_plan_for(struct audit_stratum *strata, int n, double half, double level,
		       int64_t least)
{
	int64_t low = 0, high = 0;

	for (int i = 0; i < n; i++)
		high += strata[i].units;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		(void)audit_plan_allot(strata, n, middle, least);
		if (audit_plan_half(strata, n, level) <= half)
			high = middle;
		else
			low = middle + 1;
	}
	return audit_plan_allot(strata, n, high, least);
}

double audit_plan_minutes(int64_t draw, double twice, double seconds_each)
{
	return (double)draw * (1 + twice) * seconds_each / 60;
}

double audit_plan_inclusion(const struct audit_stratum *s)
{
	return s->units ? (double)s->drawn / (double)s->units : 0;
}
