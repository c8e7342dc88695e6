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

static struct str text_of(const struct listing *l, enum listing_field f, struct arena *a)
{
	switch (f) {
	case FIELD_ID:
		return l->ext_id;
	case FIELD_URL:
		return l->url;
	case FIELD_TITLE:
		return l->title;
	case FIELD_DESCRIPTION:
		return l->description;
	case FIELD_PRICE:
		return export_columns_price(l, a);
	case FIELD_CURRENCY:
		return l->currency;
	case FIELD_IMAGE:
		return l->image;
	case FIELD_CATEGORY:
		return l->category;
	case FIELD_BRAND:
		return l->brand;
	case FIELD_CONDITION:
		return l->condition;
	case FIELD_STATUS:
		return l->state == LISTING_UNKNOWN
			       ? (struct str){ 0 }
			       : str_of(state_name(STATE_LISTING, (int)l->state));
	case FIELD_LOCATION:
		return l->location;
	case FIELD_POSTED:
		return time_text(l->posted_ms, a);
	case FIELD_UPDATED:
		return time_text(l->updated_ms, a);
	case FIELD_IMAGES:
		return l->images;
	case FIELD_CATEGORY_PATH:
		return l->category_path;
	case FIELD_ATTRIBUTES:
		return l->attributes;
	case FIELD_COUNT:
		break;
	}
	return (struct str){ 0 };
}

struct str trial_value(const struct listing *l, enum listing_field f, struct arena *a)
{
	struct str s = text_of(l, f, a);

	return s.n ? s : (struct str){ 0 };
}
