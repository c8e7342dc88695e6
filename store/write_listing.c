/* A listing that a page shows. What the page leaves out is no news: sites show
 * less of a listing on a list than on its own page. */
#include "store/row.h"
#include "store/tx.h"

#include <stdio.h>
#include <string.h>

/* A listing as stored. Text in the scratch arena; no description. */
struct old {
	struct listing listing;
	uint64_t label_version;
	int64_t model;
};

/* What a listing becomes when it is seen again. */
struct merge {
	struct listing now;
	bool changed; /* a column other than when and where it was seen */
	bool poorer;  /* the page left something out that is stored */
};

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

static enum err read_old(struct query *q, struct arena *a, struct old *ret)
{
	struct listing *l = &ret->listing;

	memset(ret, 0, sizeof(*ret));
	l->id = query_get_int(q);
	l->source = row_text(q, a);
	l->page = query_get_int(q);
	l->last_seen_ms = query_get_int(q);
	l->state = (enum listing_state)query_get_state(q, STATE_LISTING);
	l->price = query_at_null(q) ? LISTING_NO_PRICE : 0;
	l->price += query_get_int(q);
	l->price_digits = (int)query_get_int(q);
	l->posted_ms = query_get_int(q);
	l->family = query_get_version(q);
	l->flags = (uint32_t)query_get_int(q);
	l->title = row_text(q, a);
	l->title_clean = row_text(q, a);
	l->flag_reason = row_text(q, a);
	l->currency = row_text(q, a);
	l->category = row_text(q, a);
	l->url = row_text(q, a);
	l->image = row_text(q, a);
	l->brand = row_text(q, a);
	l->condition = row_text(q, a);
	l->location = row_text(q, a);
	l->clean_version = (uint32_t)query_get_int(q);
	ret->label_version = query_get_version(q);
	ret->model = query_get_int(q);
	return query_end(q);
}

/* The columns that a first and a later sight write alike. */
static void bind(struct query *q, const struct listing *l)
{
	query_int(q, l->page);
	query_int(q, l->last_seen_ms);
	query_state(q, STATE_LISTING, (int)l->state);
	if (l->price == LISTING_NO_PRICE)
		query_null(q);
	else
		query_int(q, l->price);
	query_int(q, l->price_digits);
	query_int(q, l->posted_ms);
	query_version(q, l->family);
	query_int(q, l->flags);
	query_text(q, l->title);
	query_text(q, l->title_clean);
	query_text(q, l->flag_reason);
	query_text(q, l->currency);
	query_text(q, l->category);
	query_text(q, l->url);
	query_text(q, l->image);
	query_text(q, l->brand);
	query_text(q, l->condition);
	query_text(q, l->location);
}

static void count_flags(struct tx *t, struct str source, uint32_t was, uint32_t now)
{
	tally_add(&t->tallies, source, TALLY_FLAGGED, (now != 0) - (was != 0));
	tally_add(&t->tallies, source, TALLY_UNFIT, listing_unfit(now) - listing_unfit(was));
}

static enum err fresh(struct tx *t, struct write *w, const struct write_listing *l)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_ADD);
	struct listing now = l->listing;
	int64_t id;
	enum err err = write_family_join(t, now.family, INT64_MAX, now.source);

	if (err)
		return err;
	now.page = w->page.id;
	query_text(q, now.source);
	query_text(q, now.ext_id);
	query_int(q, now.first_seen_ms);
	bind(q, &now);
	query_text(q, now.description);
	err = query_run(q);
	if (err)
		return err;
	id = store_engine_last_id(t->engine);
	tally_add(&t->tallies, now.source, TALLY_LISTINGS, 1);
	count_flags(t, now.source, 0, now.flags);
	w->ret_new_listings++;
	return write_label_judge(t, id, now.source, true, l, w->now_ms);
}

static void merge_texts(const struct old *old, struct merge *m)
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

static void merge_figures(const struct old *old, struct merge *m)
{
	const struct listing *was = &old->listing;
	struct listing *now = &m->now;

	if (now->price == LISTING_NO_PRICE && was->price != LISTING_NO_PRICE) {
		now->price = was->price;
		now->price_digits = was->price_digits;
		now->flags &= ~FLAG_BIT(FLAG_NO_PRICE);
		m->poorer = true;
	}
	if (now->state == LISTING_UNKNOWN)
		now->state = was->state;
	if (!now->posted_ms)
		now->posted_ms = was->posted_ms;
	m->changed |= now->price != was->price || now->price_digits != was->price_digits ||
		      now->state != was->state || now->posted_ms != was->posted_ms;
}

/* What the cleaner made of a poorer sight is only as good as the title is new. */
static void merge_clean(const struct old *old, struct merge *m)
{
	const struct listing *was = &old->listing;
	struct listing *now = &m->now;

	if (m->poorer && str_eq(now->title, was->title)) {
		now->title_clean = was->title_clean;
		now->family = was->family;
		now->flags = was->flags;
		now->flag_reason = was->flag_reason;
	}
	m->changed |= now->family != was->family || now->flags != was->flags ||
		      !str_eq(now->title_clean, was->title_clean) ||
		      !str_eq(now->flag_reason, was->flag_reason);
}

static enum err merge_description(struct tx *t, struct merge *m)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_DESCRIPTION);
	struct str was;
	enum err err;

	query_int(q, m->now.id);
	err = query_one(q);
	if (err)
		return err;
	was = query_get_text(q);
	if (m->now.description.n)
		m->changed |= !str_eq(was, m->now.description);
	else
		m->poorer |= was.n > 0;
	return query_end(q);
}

/* "12.50"; none: "". `to` holds 48. */
static struct str price_text(const struct listing *l, char to[48])
{
	uint64_t whole = l->price < 0 ? 0 - (uint64_t)l->price : (uint64_t)l->price, unit = 1;
	/* More than nine are refused by the table a moment later. */
	int digits = l->price_digits < 9 ? l->price_digits : 9, n = 0;

	if (l->price == LISTING_NO_PRICE)
		return STR("");
	for (int i = 0; i < digits; i++)
		unit *= 10;
	n = snprintf(to, 48, "%s%llu", l->price < 0 ? "-" : "", (unsigned long long)(whole / unit));
	if (digits > 0)
		n += snprintf(to + n, 48 - (size_t)n, ".%0*llu", digits,
			      (unsigned long long)(whole % unit));
	return (struct str){ to, (size_t)n };
}

static enum err record(struct tx *t, const struct write *w, const struct listing *l,
		       struct str field, struct str was, struct str now)
{
	struct query *q = sql_use(&t->sql, SQL_HISTORY_ADD);

	query_int(q, l->id);
	query_int(q, w->now_ms);
	query_int(q, w->page.id);
	query_text(q, field);
	query_text(q, was);
	query_text(q, now);
	tally_add(&t->tallies, l->source, TALLY_CHANGES, 1);
	return query_run(q);
}

static enum err history(struct tx *t, struct write *w, const struct listing *was,
			const struct listing *now)
{
	char a[48], b[48];
	bool title = !str_eq(was->title, now->title);
	bool price = was->price != now->price || was->price_digits != now->price_digits;
	bool state = was->state != now->state;
	enum err err = ERR_OK;

	if (title)
		err = record(t, w, was, STR("title"), was->title, now->title);
	if (price && !err)
		err = record(t, w, was, STR("price"), price_text(was, a), price_text(now, b));
	if (state && !err)
		err = record(t, w, was, STR("state"),
			     str_of(state_name(STATE_LISTING, (int)was->state)),
			     str_of(state_name(STATE_LISTING, (int)now->state)));
	w->ret_changed += title || price || state;
	return err;
}

static enum err move(struct tx *t, const struct listing *was, const struct listing *now)
{
	enum err err;

	if (was->family == now->family)
		return ERR_OK;
	err = write_family_leave(t, was->family, was->id, was->source);
	return err ? err : write_family_join(t, now->family, was->id, was->source);
}

static enum err update(struct tx *t, struct write *w, const struct listing *was,
		       const struct listing *now)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_UPDATE);
	enum err err = history(t, w, was, now);

	if (!err)
		err = move(t, was, now);
	if (err)
		return err;
	bind(q, now);
	query_maybe(q, now->description);
	query_int(q, now->id);
	count_flags(t, was->source, was->flags, now->flags);
	return query_run(q);
}

static enum err touch(struct tx *t, const struct listing *now)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_TOUCH);

	query_int(q, now->page);
	query_int(q, now->last_seen_ms);
	query_int(q, now->id);
	return query_run(q);
}

static enum err again(struct tx *t, struct write *w, const struct write_listing *l,
		      const struct old *old)
{
	struct merge m = { .now = l->listing };
	bool behind = old->label_version != l->label_version ||
		      old->listing.clean_version != l->listing.clean_version ||
		      (l->suggested && old->model != l->suggestion.model);
	enum err err = ERR_OK;

	m.now.id = old->listing.id;
	m.now.page = w->page.id;
	merge_texts(old, &m);
	merge_figures(old, &m);
	merge_clean(old, &m);
	if (m.now.description.n || m.changed || behind)
		err = merge_description(t, &m);
	if (!err)
		err = m.changed ? update(t, w, &old->listing, &m.now) : touch(t, &m.now);
	if (err || (!m.changed && !behind))
		return err;
	/* Rules that saw less than is stored would judge worse than before. */
	if (m.poorer)
		return m.changed ? write_label_stale(t, m.now.id) : ERR_OK;
	return write_label_judge(t, m.now.id, old->listing.source, false, l, w->now_ms);
}

static enum err find(struct tx *t, struct query *q, struct old *ret, bool *ret_found)
{
	enum err err = query_row(q, ret_found);

	return !err && *ret_found ? read_old(q, t->scratch, ret) : err;
}

enum err write_listing_store(struct tx *t, struct write *w, const struct write_listing *l,
			     bool *ret_first)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_FIND);
	bool found = false;
	struct old old;
	enum err err = tally_source(&t->tallies, &t->sql, l->listing.source);

	if (err)
		return err;
	query_text(q, l->listing.source);
	query_text(q, l->listing.ext_id);
	err = find(t, q, &old, &found);
	if (err)
		return err;
	*ret_first = !found || old.listing.page != w->page.id;
	if (!*ret_first)
		return ERR_OK;
	return found ? again(t, w, l, &old) : fresh(t, w, l);
}

static enum err clean(struct tx *t, const struct listing *was, const struct listing *now)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_CLEAN);
	enum err err;

	if (str_eq(was->title_clean, now->title_clean) && was->family == now->family &&
	    was->flags == now->flags && str_eq(was->flag_reason, now->flag_reason))
		return ERR_OK;
	err = move(t, was, now);
	if (err)
		return err;
	query_text(q, now->title_clean);
	query_version(q, now->family);
	query_int(q, now->flags);
	query_text(q, now->flag_reason);
	query_int(q, was->id);
	count_flags(t, was->source, was->flags, now->flags);
	return query_run(q);
}

enum err write_listing_derive(struct tx *t, const struct write *w, const struct write_listing *l)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_BY_ID);
	bool found = false;
	struct old old;
	enum err err;

	query_int(q, l->listing.id);
	err = find(t, q, &old, &found);
	if (!err && !found)
		err = reason_set(&t->engine->why, ERR_NOT_FOUND,
				 "listing=%lld is not in the database", (long long)l->listing.id);
	if (err)
		return err;
	/* A page showed it after it was read for this; what came then is newer. */
	if (l->listing.last_seen_ms && l->listing.last_seen_ms != old.listing.last_seen_ms)
		return ERR_OK;
	err = tally_source(&t->tallies, &t->sql, old.listing.source);
	if (!err && l->listing.clean_version)
		err = clean(t, &old.listing, &l->listing);
	return err ? err
		   : write_label_judge(t, old.listing.id, old.listing.source, false, l, w->now_ms);
}
