#include "picture/look.h"

#include "base/mem.h"

/* Left off at each side of the core: half of what a crop by a tenth leaves off. */
#define CORE_OFF 20

static const struct {
	enum look_part a, b;
} pairs[] = {
	{ LOOK_WHOLE, LOOK_WHOLE }, { LOOK_INSIDE, LOOK_INSIDE }, { LOOK_INSIDE, LOOK_CORE },
	{ LOOK_CORE, LOOK_INSIDE }, { LOOK_CORE, LOOK_CORE },
};

static struct pdq_part core_of(struct pdq_part p)
{
	int w = (p.right - p.left) / CORE_OFF, h = (p.bottom - p.top) / CORE_OFF;

	return (struct pdq_part){
		.left = p.left + w, .top = p.top + h, .right = p.right - w, .bottom = p.bottom - h
	};
}

void look_of(const struct luma *l, struct look *ret)
{
	struct pdq_part inside = pdq_inside(l);

	ret->quality = pdq_of(l, pdq_whole, &ret->part[LOOK_WHOLE]);
	pdq_of(l, inside, &ret->part[LOOK_INSIDE]);
	pdq_of(l, core_of(inside), &ret->part[LOOK_CORE]);
}

enum err look_read(struct str bytes, struct look *ret, struct reason *why)
{
	struct luma *l = mem_alloc(sizeof(*l));
	enum err err = luma_read(bytes, l, why);

	if (!err)
		look_of(l, ret);
	mem_free(l);
	return err;
}

int look_distance(const struct look *a, const struct look *b)
{
	int least = 256;

	if (a->quality < PDQ_QUALITY_LEAST || b->quality < PDQ_QUALITY_LEAST)
		return least;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct pdq *p = &a->part[pairs[i].a], *q = &b->part[pairs[i].b];
		struct pdq mirrored = pdq_mirrored(p);
		int d = pdq_distance(p, q), m = pdq_distance(&mirrored, q);

		d = d < m ? d : m;
		least = d < least ? d : least;
	}
	return least;
}
