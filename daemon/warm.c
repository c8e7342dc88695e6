#include "daemon/warm.h"

#include "base/hash.h"

#include <stdio.h>

/* More new rows than this, and a model from nothing is worth its time; fewer rows than there were, and
 * the live one knows what nobody wants it to know any more. */
#define GROWN_MOST 1.25
#define SHRUNK_MOST 0.95

struct str warm_recipe(const struct conf *conf, unsigned fields, uint64_t split,
		       char to[WARM_RECIPE])
{
	uint64_t h = hash64_join(split, fields);

	h = hash64_join(h, (uint64_t)conf->taxonomy.version);
	h = hash64_join(h, (uint64_t)conf->train_min_rows);
	snprintf(to, WARM_RECIPE, "%016llx", (unsigned long long)h);
	return str_of(to);
}

static struct warm from_nothing(const char *why)
{
	struct warm w = { .on = false };

	snprintf(w.text, sizeof(w.text), "from nothing: %s", why);
	return w;
}

struct warm warm_decide(const struct conf *conf, const struct model_row *live, struct str recipe,
			int64_t rows)
{
	struct warm w = { .on = true };
	char why[160];

	if (!conf->warm_starts)
		return from_nothing("warm-starts is 0");
	if (!live)
		return from_nothing("no model is live");
	if (!str_eq(live->recipe, recipe))
		return from_nothing("the live model has other fields, split, taxonomy or "
				    "train-min-rows");
	if (live->warm >= conf->warm_starts) {
		snprintf(why, sizeof(why), "%lld in a row went on from the one before",
			 (long long)live->warm);
		return from_nothing(why);
	}
	if ((double)rows > (double)live->rows * GROWN_MOST ||
	    (double)rows < (double)live->rows * SHRUNK_MOST) {
		snprintf(why, sizeof(why),
			 "%lld listings are not nearly the %lld of the live model", (long long)rows,
			 (long long)live->rows);
		return from_nothing(why);
	}
	w.in_a_row = live->warm + 1;
	snprintf(w.text, sizeof(w.text),
		 "on from %.*s, the live model (%lld of at most %lld in a row)",
		 STR_ARG(live->name), (long long)w.in_a_row, (long long)conf->warm_starts);
	return w;
}
