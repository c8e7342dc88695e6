#include "labeler/audit_draw.h"

#include "base/mem.h"
#include "base/must.h"

void audit_draw_init(struct audit_draw *d, uint64_t seed, const struct audit_stratum *strata, int n)
{
	*d = (struct audit_draw){ .rng = { seed }, .n = n };
	d->part = mem_array((size_t)n, sizeof(*d->part));
	for (int i = 0; i < n; i++) {
		must(strata[i].drawn >= 0 && strata[i].drawn <= strata[i].units);
		d->part[i] = (struct audit_draw_part){ strata[i].units, strata[i].drawn };
	}
}

void audit_draw_done(struct audit_draw *d)
{
	mem_free(d->part);
	d->part = NULL;
}

bool audit_draw_next(struct audit_draw *d, int stratum)
{
	struct audit_draw_part *p = &d->part[stratum];

	must(stratum >= 0 && stratum < d->n);
	if (p->left == 0) {
		d->too_many = true;
		return false;
	}
	if (rng_below(&d->rng, (uint64_t)p->left--) >= (uint64_t)p->wanted)
		return false;
	p->wanted--;
	return true;
}

enum err audit_draw_end(const struct audit_draw *d, struct reason *why)
{
	if (d->too_many)
		return reason_set(why, ERR_BAD, "the frame has more units than its plan");
	for (int i = 0; i < d->n; i++)
		if (d->part[i].left)
			return reason_set(why, ERR_BAD,
					  "the frame lacks %lld units of stratum %d of its plan",
					  (long long)d->part[i].left, i);
	return ERR_OK;
}
