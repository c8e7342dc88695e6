#include "daemon/rejects.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "cleaner/mask.h"
#include "cleaner/place.h"

#include <string.h>

/* Of each field, in an excerpt. */
#define EXCERPT_FIELD_BYTES 80

/* Masked as a whole before it is cut: half a number is none any more. */
static struct str shown(struct arena *a, const struct conf_source *s, struct str text, size_t most)
{
	text = str_trim(utf8_clean(a, utf8_cut(text, most * 4)));
	if (s->mask_personal)
		text = mask_personal(text, a);
	return arena_str(a, utf8_cut(text, most));
}

/* The end of one that is cut may be half a number. */
#define CUT_BYTES 40

struct str rejects_reason(struct arena *a, const struct conf_source *s, const struct reason *why)
{
	struct str text = str_of(why->text);
	bool cut = text.n > sizeof(why->text) - 5;

	if (s->mask_personal)
		text = mask_personal(utf8_clean(a, text), a);
	return arena_str(a, cut ? utf8_cut(text, text.n - CUT_BYTES) : text);
}

/* No more of a place than is kept of listings. */
static struct str given(struct arena *a, const struct conf_source *s, const struct listing_raw *raw,
			int field)
{
	struct str text = listing_raw_text(raw, (enum listing_field)field, a);

	return field == FIELD_LOCATION ? place_cut(text, s->location_parts, s->language) : text;
}

static struct str excerpt(struct arena *a, const struct conf_source *s,
			  const struct listing_raw *raw)
{
	struct str text;
	struct buf b;

	buf_init(&b, (size_t)REJECT_EXCERPT_BYTES * 4);
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (!raw->field[f].n)
			continue;
		text = shown(a, s, given(a, s, raw, f), EXCERPT_FIELD_BYTES);
		buf_fmt(&b, "%s%s: %.*s", b.n ? "; " : "", listing_fields[f].name, STR_ARG(text));
	}
	text = arena_str(a, utf8_cut(buf_str(&b), REJECT_EXCERPT_BYTES));
	buf_done(&b);
	return text;
}

static struct str id_of(struct arena *a, struct str raw)
{
	return arena_str(a, str_trim(utf8_clean(a, raw)));
}

/* Of a page's records that are rejected beyond those kept. */
static void keep_id(struct write *w, struct str raw)
{
	struct str id = id_of(w->arena, raw);

	if (id.n)
		w->rejected_ids[w->n_rejected_ids++] = id;
}

static void keep(struct write *w, const struct conf_source *s, const struct extract_reject *r)
{
	struct str value = { 0 };

	if (w->n_rejects == REJECT_MOST) {
		keep_id(w, r->raw.field[FIELD_ID]);
		return;
	}
	if (!w->rejects)
		w->rejects = arena_array(w->arena, REJECT_MOST, sizeof(*w->rejects));
	if (r->field != REJECT_NO_FIELD)
		value = given(w->arena, s, &r->raw, r->field);
	w->rejects[w->n_rejects++] = (struct reject){
		.code = r->code,
		.field = r->field,
		.place = r->raw.place,
		.ext_id = id_of(w->arena, r->raw.field[FIELD_ID]),
		.value = shown(w->arena, s, value, REJECT_VALUE_BYTES),
		.why = shown(w->arena, s, r->why, REJECT_WHY_BYTES),
		.excerpt = excerpt(w->arena, s, &r->raw),
	};
}

void rejects_add(struct write *w, const struct conf_source *source, const struct extract_reject *r)
{
	w->reject_times[r->code]++;
	keep(w, source, r);
}

void rejects_found(struct write *w, const struct conf_source *source, const struct extract_out *out)
{
	for (int i = 0; i < REJECTS; i++)
		w->reject_times[i] += out->reject_times[i];
	for (int i = 0; i < out->n_rejects; i++)
		keep(w, source, &out->rejects[i]);
	/* and those of its listings that fail checks */
	w->rejected_ids =
		arena_array(w->arena, (size_t)out->n_rejected_ids + (size_t)out->n_listings,
			    sizeof(*w->rejected_ids));
	for (int i = 0; i < out->n_rejected_ids; i++)
		keep_id(w, out->rejected_ids[i]);
}
