#include "store/write_merge.h"

#include "base/buf.h"
#include "store/row.h"

#include <string.h>

static const size_t texts[] = {
	offsetof(struct listing, title),     offsetof(struct listing, currency),
	offsetof(struct listing, category),  offsetof(struct listing, url),
	offsetof(struct listing, image),     offsetof(struct listing, brand),
	offsetof(struct listing, condition), offsetof(struct listing, location),
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static struct str text_of(const struct listing *l, size_t at)
{
	struct str s;

	memcpy(&s, (const char *)l + at, sizeof(s));
	return s;
}

static enum err read_old(struct query *q, struct arena *a, struct write_merge_old *ret)
{
	struct listing *l = &ret->listing;

	memset(ret, 0, sizeof(*ret));
	l->id = query_get_int(q);
	l->source = row_text(q, a);
	l->page = query_get_int(q);
	l->last_seen_ms = query_get_int(q);
	l->state = (enum listing_state)query_get_state(q, STATE_LISTING);
	l->state_ms = query_get_int(q);
	l->price = query_at_null(q) ? LISTING_NO_PRICE : 0;
	l->price += query_get_int(q);
	l->price_digits = (int)query_get_int(q);
	l->posted_ms = query_get_int(q);
	l->family = query_get_version(q);
	l->flags = (uint32_t)query_get_int(q);
	l->title = row_text(q, a);
	l->title_clean = row_text(q, a);
	l->title_marks = row_text(q, a);
	l->title_core = row_text(q, a);
	l->flag_reason = row_text(q, a);
	l->currency = row_text(q, a);
	l->category = row_text(q, a);
	l->url = row_text(q, a);
	l->image = row_text(q, a);
	l->brand = row_text(q, a);
	l->condition = row_text(q, a);
	l->location = row_text(q, a);
	l->own_key = query_get_version(q);
	l->updated_ms = query_get_int(q);
	l->images = row_text(q, a);
	l->category_path = row_text(q, a);
	l->attributes = row_text(q, a);
	l->clean_version = (uint32_t)query_get_int(q);
	ret->label_version = query_get_version(q);
	ret->model = query_get_int(q);
	return query_end(q);
}

enum err write_merge_find(struct tx *t, struct query *q, struct write_merge_old *ret,
			  bool *ret_found)
{
	enum err err = query_row(q, ret_found);

	return !err && *ret_found ? read_old(q, t->scratch, ret) : err;
}

static void merge_texts(const struct write_merge_old *old, struct write_merge *m)
{
	for (size_t i = 0; i < TEXTS; i++) {
		struct str was = text_of(&old->listing, texts[i]);
		struct str now = text_of(&m->now, texts[i]);

		if (now.n || !was.n) {
			m->changed |= !str_eq(was, now);
			continue;
		}
		memcpy((char *)&m->now + texts[i], &was, sizeof(was));
		m->poorer = true;
	}
}

/* The levels go with the category that they are of. */
static void merge_path(const struct write_merge_old *old, struct write_merge *m)
{
	const struct listing *was = &old->listing;

	if (!m->now.category_path.n && str_eq(m->now.category, was->category))
		m->now.category_path = was->category_path;
	m->changed |= !str_eq(m->now.category_path, was->category_path);
}

static bool find_attribute(struct str attributes, struct str name, struct str *ret_value)
{
	struct str each, value;

	while (listing_attribute_next(&attributes, &each, &value)) {
		if (!str_eq(each, name))
			continue;
		*ret_value = value;
		return true;
	}
	return false;
}

/* Pages say different ones, as a thing's own says more of it than a list: those of both, in the
 * order of `was`, so that pages that take turns change nothing. `now` wins if it is newer. */
static struct str merged(struct str was, struct str now, bool newer, struct arena *a)
{
	int left = listing_fields[FIELD_ATTRIBUTES].most;
	struct str rest = was, name, value, ignored;
	struct buf b;

	if (!was.n || !now.n || str_eq(was, now))
		return was.n ? was : now;
	buf_init(&b, was.n + now.n);
	for (; listing_attribute_next(&rest, &name, &value); left--) {
		if (newer)
			find_attribute(now, name, &value);
		buf_fmt(&b, "%c%.*s:%.*s", b.n ? ',' : '{', STR_ARG(name), STR_ARG(value));
	}
	while (left > 0 && listing_attribute_next(&now, &name, &value)) {
		if (find_attribute(was, name, &ignored))
			continue;
		buf_fmt(&b, ",%.*s:%.*s", STR_ARG(name), STR_ARG(value));
		left--;
	}
	buf_add_char(&b, '}');
	rest = arena_str(a, buf_str(&b));
	buf_done(&b);
	return rest;
}

/* No rule looks at these: a page that leaves them out is none the poorer. */
static void merge_several(const struct write_merge_old *old, struct arena *a, struct write_merge *m)
{
	const struct listing *was = &old->listing;

	if (!m->now.images.n)
		m->now.images = was->images;
	m->now.attributes = merged(was->attributes, m->now.attributes, true, a);
	m->changed |=
		!str_eq(m->now.images, was->images) || !str_eq(m->now.attributes, was->attributes);
}

/* Its page is where its address leads: the one goes with the other. */
static void merge_own(const struct write_merge_old *old, struct write_merge *m)
{
	if (!m->now.own_key)
		m->now.own_key = old->listing.own_key;
	m->changed |= m->now.own_key != old->listing.own_key;
}

static void merge_figures(const struct write_merge_old *old, struct write_merge *m)
{
	const struct listing *was = &old->listing;
	struct listing *now = &m->now;

	if (now->price == LISTING_NO_PRICE && was->price != LISTING_NO_PRICE) {
		/* Without a price the currency is only what is usual at the source. */
		now->currency = was->currency;
		now->price = was->price;
		now->price_digits = was->price_digits;
		now->flags &= ~FLAG_BIT(FLAG_NO_PRICE);
		m->poorer = true;
	}
	/* That it is shown at all is news of one that was gone, but not in the page that
	 * showed it last, read again. */
	if (was->state == LISTING_GONE ? was->page == now->page : now->state == LISTING_UNKNOWN)
		now->state = was->state;
	now->state =
		(enum listing_state)state_move(STATE_LISTING, (int)was->state, (int)now->state);
	now->state_ms = now->state == was->state ? was->state_ms : now->last_seen_ms;
	if (!now->posted_ms)
		now->posted_ms = was->posted_ms;
	if (!now->updated_ms)
		now->updated_ms = was->updated_ms;
	m->changed |= now->price != was->price || now->price_digits != was->price_digits ||
		      now->state != was->state || now->posted_ms != was->posted_ms ||
		      now->updated_ms != was->updated_ms;
}

/* What the cleaner made of a poorer sight is only as good as the title is new. */
static void merge_clean(const struct write_merge_old *old, struct write_merge *m)
{
	const struct listing *was = &old->listing;
	struct listing *now = &m->now;

	if (m->poorer && str_eq(now->title, was->title)) {
		now->title_clean = was->title_clean;
		now->title_marks = was->title_marks;
		now->title_core = was->title_core;
		now->family = was->family;
		now->flags = was->flags;
		now->flag_reason = was->flag_reason;
	}
	m->changed |= now->family != was->family || now->flags != was->flags ||
		      !str_eq(now->title_clean, was->title_clean) ||
		      !str_eq(now->title_marks, was->title_marks) ||
		      !str_eq(now->title_core, was->title_core) ||
		      !str_eq(now->flag_reason, was->flag_reason);
}

static enum err merge_description(struct tx *t, struct write_merge *m)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_DESCRIPTION);
	struct str was;
	enum err err;

	query_int(q, m->now.id);
	err = query_one(q);
	if (err)
		return err;
	was = query_get_text(q);
	if (m->older && was.n)
		m->now.description = (struct str){ 0 };
	else if (m->now.description.n)
		m->changed |= !str_eq(was, m->now.description);
	else
		m->poorer |= was.n > 0;
	return query_end(q);
}

/* An older page than the one that showed it last: what that left out is taken, and
 * nothing else. */
static void fill_in(const struct write_merge_old *old, struct arena *a, struct write_merge *m)
{
	struct listing seen = m->now;

	m->now = old->listing;
	m->now.description = seen.description;
	m->poorer = true;
	for (size_t i = 0; i < TEXTS; i++) {
		struct str was = text_of(&old->listing, texts[i]), then = text_of(&seen, texts[i]);

		/* Without a price the currency is only what is usual at the source. */
		if (was.n || !then.n || texts[i] == offsetof(struct listing, currency))
			continue;
		memcpy((char *)&m->now + texts[i], &then, sizeof(then));
		m->changed = true;
	}
	if (m->now.price == LISTING_NO_PRICE && seen.price != LISTING_NO_PRICE) {
		m->now.price = seen.price;
		m->now.price_digits = seen.price_digits;
		m->now.currency = seen.currency;
		m->now.flags &= ~FLAG_BIT(FLAG_NO_PRICE);
		m->changed = true;
	}
	if (!m->now.own_key && seen.own_key) {
		m->now.own_key = seen.own_key;
		m->changed = true;
	}
	if (!m->now.posted_ms && seen.posted_ms) {
		m->now.posted_ms = seen.posted_ms;
		m->changed = true;
	}
	if (!m->now.updated_ms && seen.updated_ms) {
		m->now.updated_ms = seen.updated_ms;
		m->changed = true;
	}
	if (!m->now.category_path.n && str_eq(m->now.category, seen.category))
		m->now.category_path = seen.category_path;
	if (!m->now.images.n)
		m->now.images = seen.images;
	m->now.attributes = merged(m->now.attributes, seen.attributes, false, a);
	m->changed |= !str_eq(m->now.category_path, old->listing.category_path) ||
		      !str_eq(m->now.images, old->listing.images) ||
		      !str_eq(m->now.attributes, old->listing.attributes);
}

enum err write_merge_make(struct tx *t, const struct write_merge_old *old,
			  const struct listing *seen, int64_t page, bool ahead, bool behind,
			  struct write_merge *ret)
{
	struct write_merge m = { .now = *seen };
	enum err err = ERR_OK;

	m.now.id = old->listing.id;
	m.now.page = page;
	m.older = !ahead && old->listing.page != page &&
		  old->listing.last_seen_ms > seen->last_seen_ms;
	if (m.older) {
		fill_in(old, t->scratch, &m);
	} else {
		merge_figures(old, &m);
		merge_texts(old, &m);
		merge_path(old, &m);
		merge_several(old, t->scratch, &m);
		merge_own(old, &m);
		merge_clean(old, &m);
	}
	/* Long and rarely there: looked at only when it matters. */
	if (m.now.description.n || m.changed || behind)
		err = merge_description(t, &m);
	if (!err)
		*ret = m;
	return err;
}
