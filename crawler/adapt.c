#include "crawler/adapt.h"

#include "base/must.h"

#include <math.h>
#include <stdlib.h>

/* How fast the usual follows, in log2 per answer: a host that stays slow is
 * slow by nature after some minutes of asking; one that gets faster, sooner. */
#define FOLLOW_UP 0.01f
#define FOLLOW_DOWN 0.03f
#define SLOWER_BY 0.8

static const struct {
	const char *name, *doc;
} rows[ADAPT_WHYS] = {
	[ADAPT_FULL] = { "full", "the whole rate is used" },
	[ADAPT_LATENCY] = { "latency", "its answers take longer than is usual for it" },
	[ADAPT_SLOW_DOWN] = { "slow-down", "it answered 429 or 503" },
	[ADAPT_TROUBLE] = { "trouble", "requests to it failed" },
};

const char *adapt_why_name(enum adapt_why w)
{
	must(w < ADAPT_WHYS);
	return rows[w].name;
}

const char *adapt_why_doc(enum adapt_why w)
{
	must(w < ADAPT_WHYS);
	return rows[w].doc;
}

double adapt_factor(const struct adapt *a)
{
	return 1 - a->slower;
}

static void set(struct adapt *a, double factor, enum adapt_why why, int64_t now_ms)
{
	factor = fmin(1, fmax(ADAPT_LEAST, factor));
	/* steps of a tenth do not add up to one */
	a->slower = factor > 1 - 1e-6 ? 0 : 1 - factor;
	a->why = a->slower > 0 ? why : ADAPT_FULL;
	a->changed_ms = now_ms;
}

static int by_size(const void *x, const void *y)
{
	const float *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static float median(const struct adapt *a)
{
	float sorted[ADAPT_WINDOW];

	for (int i = 0; i < ADAPT_WINDOW; i++)
		sorted[i] = a->recent[i];
	qsort(sorted, ADAPT_WINDOW, sizeof(sorted[0]), by_size);
	return sorted[ADAPT_WINDOW / 2];
}

static bool judge(struct adapt *a, int64_t now_ms)
{
	float now = median(a);
	double over_ms = exp2((double)now) - exp2((double)a->usual);

	a->n_recent = 0;
	if (!a->windows) {
		a->windows = 1;
		a->usual = now;
		return false;
	}
	if (a->windows < 1000)
		a->windows++;
	if (now - a->usual >= log2(ADAPT_SLOW_TIMES) && over_ms >= ADAPT_SLOW_MS) {
		set(a, adapt_factor(a) * SLOWER_BY, ADAPT_LATENCY, now_ms);
		return true;
	}
	if (a->slower <= 0 || now_ms - a->changed_ms < ADAPT_CALM_MS)
		return false;
	/* between usual and slow it stays as it is */
	if (now - a->usual >= log2(ADAPT_SLOW_TIMES) / 2 && over_ms >= ADAPT_SLOW_MS)
		return false;
	set(a, adapt_factor(a) + ADAPT_STEP, a->why, now_ms);
	return true;
}

bool adapt_answered(struct adapt *a, int64_t took_ms, int64_t now_ms)
{
	float x = (float)log2((double)(took_ms > 1 ? took_ms : 1));

	if (a->windows)
		a->usual += x > a->usual ? FOLLOW_UP : x < a->usual ? -FOLLOW_DOWN : 0;
	a->recent[a->n_recent++] = x;
	return a->n_recent == ADAPT_WINDOW && judge(a, now_ms);
}

void adapt_recall(struct adapt *a, double factor, struct str why, int64_t now_ms)
{
	for (int w = 0; w < ADAPT_WHYS; w++)
		if (str_is(why, rows[w].name))
			set(a, factor, (enum adapt_why)w, now_ms);
}

void adapt_troubled(struct adapt *a, enum adapt_why why, int64_t now_ms)
{
	a->n_recent = 0;
	set(a, adapt_factor(a) / 2, why, now_ms);
}
