#include "model/part.h"

#include "base/mem.h"

#include <stdlib.h>

const char *const part_says_names[PART_SAYS + 1] = {
	[PART_FITS] = "fits", [PART_SPLIT] = "split", [PART_CUT] = "cut", NULL
};
const char *const part_covers_names[PART_COVERS + 1] = {
	[PART_ALL] = "all", [PART_SOME] = "some", [PART_ENDS] = "ends", NULL
};

/* The lists that are part of one. */
struct below {
	int64_t n, total, shown;
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int by_job(const void *a, const void *b)
{
	const struct part *x = *(const struct part *const *)a, *y = *(const struct part *const *)b;

	return (x->job > y->job) - (x->job < y->job);
}

static ptrdiff_t find(const struct part **sorted, int n, int64_t job)
{
	int from = 0, to = n, at;

	while (from < to) {
		at = from + (to - from) / 2;
		if (sorted[at]->job < job)
			from = at + 1;
		else
			to = at;
	}
	return from < n && sorted[from]->job == job ? from : -1;
}

/* What is lost at `p` itself. While parts are waiting nothing is known of what they
 * leave out together. */
static int64_t lost_at(const struct part *p, const struct below *b)
{
	int64_t shown = p->own ? least(p->total, p->window) : 0;

	if (p->says == PART_FITS)
		return 0;
	if (p->says == PART_CUT)
		return p->total - least(p->total, p->window);
	if (b->n < p->parts)
		return 0;
	switch (p->covers) {
	case PART_ALL:
		return p->total > b->total ? p->total - b->total : 0;
	case PART_ENDS:
		return p->total - least(p->total, shown + b->shown);
	default:
		return p->total - least(p->total, shown);
	}
}

/* A part that is cut loses for its list, unless that list's parts overlap: then the
 * list itself says what is lost. */
static bool counts(const struct part *above)
{
	return !above || above->covers == PART_ALL;
}

void part_add_up(const struct part *p, int n, struct part_sum *ret, int64_t *lost)
{
	const struct part **sorted = mem_array((size_t)n + 1, sizeof(struct part *));
	struct below *below = mem_array((size_t)n + 1, sizeof(*below));
	int64_t mine;
	ptrdiff_t at;

	*ret = (struct part_sum){ 0 };
	for (int i = 0; i < n; i++)
		sorted[i] = &p[i];
	qsort(sorted, (size_t)n, sizeof(struct part *), by_job);
	for (int i = 0; i < n; i++) {
		at = p[i].parent ? find(sorted, n, p[i].parent) : -1;
		if (at < 0)
			continue;
		below[at].n++;
		below[at].total += p[i].total;
		below[at].shown += least(p[i].total, p[i].window);
	}
	for (int i = 0; i < n; i++) {
		ptrdiff_t self = find(sorted, n, p[i].job);

		at = p[i].parent ? find(sorted, n, p[i].parent) : -1;
		mine = counts(at < 0 ? NULL : sorted[at]) ? lost_at(&p[i], &below[self]) : 0;
		if (lost)
			lost[i] = mine;
		ret->unreachable += mine;
		if (at < 0) {
			ret->lists++;
			ret->total += p[i].total;
		} else {
			ret->parts++;
		}
		if (p[i].says == PART_SPLIT && p[i].parts > below[self].n)
			ret->waiting += p[i].parts - below[self].n;
	}
	ret->unreachable = least(ret->unreachable, ret->total);
	ret->reached = ret->total - ret->unreachable;
	mem_free(below);
	mem_free(sorted);
}
