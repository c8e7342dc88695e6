#include "serve/trial_value.h"

#include "base/clock.h"
#include "exporter/exporter.h"

static struct str time_text(int64_t ms, struct arena *a)
{
	char text[32];

	if (!ms)
		return (struct str){ 0 };
	clock_iso(ms, text);
	return arena_text(a, text);
}

static struct str value_of(const struct listing *l, enum listing_field f, struct arena *a)
{
	switch (f) {
	case FIELD_PRICE:
		return export_columns_price(l, a);
	case FIELD_STATUS:
		return l->state == LISTING_UNKNOWN
			       ? (struct str){ 0 }
			       : str_of(state_name(STATE_LISTING, (int)l->state));
	case FIELD_POSTED:
		return time_text(l->posted_ms, a);
	case FIELD_UPDATED:
		return time_text(l->updated_ms, a);
	default:
		return listing_text(l, f);
	}
}

struct str trial_value(const struct listing *l, enum listing_field f, struct arena *a)
{
	struct str s = value_of(l, f, a);

	return s.n ? s : (struct str){ 0 };
}
