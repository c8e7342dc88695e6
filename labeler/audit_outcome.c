#include "labeler/audit_outcome.h"

#include "base/mem.h"
#include "base/must.h"

#include <stddef.h>

static bool reachable(const struct audit_listing *l)
{
	bool ret = l->truth == l->given;

	for (int i = 0; i < AUDIT_BEST; i++)
		ret |= l->best[i] == l->truth;
	return l->truth >= 0 && ret;
}

struct audit_outcome audit_outcome_of(const struct audit_listing *listings, int n, double threshold)
{
	struct audit_outcome o = { 0 };

	must(n > 0);
	for (int i = 0; i < n; i++) {
		const struct audit_listing *l = &listings[i];
		const int after = l->best[0] >= 0 && l->p >= threshold ? l->best[0] : l->given;
		const bool was_right = l->truth >= 0 && l->given == l->truth;
		const bool is_right = l->truth >= 0 && after == l->truth;

		o.before += !was_right;
		o.after += !is_right;
		o.fixed += !was_right && is_right;
		o.broken += was_right && !is_right;
		o.reachable += reachable(l);
	}
	o.before /= n;
	o.after /= n;
	o.fixed /= n;
	o.broken /= n;
	o.reachable /= n;
	return o;
}

static double *column(const struct audit_outcome *o, size_t n, size_t at)
{
	double *ret = mem_array(n, sizeof(*ret));

	for (size_t i = 0; i < n; i++)
		ret[i] = *(const double *)((const char *)&o[i] + at);
	return ret;
}

static double listings(const struct audit_sample *s, const double *part)
{
	double sum = 0;
	double *each = mem_array((size_t)s->n_strata, sizeof(*each));

	for (size_t i = 0; i < s->n; i++)
		each[s->units[i].stratum]++;
	for (size_t i = 0; i < s->n && part; i++)
		sum += s->units[i].size * part[i] * (double)s->strata[s->units[i].stratum].units /
		       each[s->units[i].stratum];
	for (int h = 0; h < s->n_strata && !part; h++)
		sum += s->strata[h].size;
	mem_free(each);
	return sum;
}

enum err audit_report_make(const struct audit_sample *sample, const struct audit_outcome *outcomes,
			   const double *part, enum audit_world world, double level,
			   struct audit_report *ret, struct reason *why)
{
	struct audit_report r = { .listings = listings(sample, part) };
	const struct {
		size_t at;
		struct audit_estimate *to;
	} shares[] = {
		{ offsetof(struct audit_outcome, before), &r.before },
		{ offsetof(struct audit_outcome, after), &r.after },
		{ offsetof(struct audit_outcome, fixed), &r.fixed },
		{ offsetof(struct audit_outcome, broken), &r.broken },
		{ offsetof(struct audit_outcome, reachable), &r.reachable },
	};
	double *fixed = column(outcomes, sample->n, offsetof(struct audit_outcome, fixed));
	double *broken = column(outcomes, sample->n, offsetof(struct audit_outcome, broken));
	enum err err =
		audit_estimate_change(sample, fixed, broken, part, world, level, &r.net, why);

	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]) && !err; i++) {
		double *value = column(outcomes, sample->n, shares[i].at);

		err = audit_estimate_share(sample, value, part, world, level, shares[i].to, why);
		mem_free(value);
	}
	mem_free(fixed);
	mem_free(broken);
	r.units = r.before.units;
	if (!err)
		*ret = r;
	return err;
}

enum err audit_report_by(const struct audit_sample *sample, const struct audit_outcome *outcomes,
			 const int *domain, int n, enum audit_world world, double level,
			 struct audit_report *ret, struct reason *why)
{
	double *part = mem_array(sample->n, sizeof(*part));
	enum err err = ERR_OK;

	for (int d = 0; d < n && !err; d++) {
		for (size_t i = 0; i < sample->n; i++)
			part[i] = domain[i] == d;
		err = audit_report_make(sample, outcomes, part, world, level, &ret[d], why);
	}
	mem_free(part);
	return err;
}
