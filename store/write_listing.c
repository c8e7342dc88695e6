/* A listing that a page shows, for the first time or again, and a stored one
 * that is cleaned and judged again. */
#include "store/row.h"
#include "store/write_merge.h"

#include <stdio.h>

/* The columns that a first and a later sight write alike. */
static void bind(struct query *q, const struct listing *l)
{
	query_int(q, l->page);
	query_int(q, l->last_seen_ms);
	query_state(q, STATE_LISTING, (int)l->state);
	query_int(q, l->state_ms);
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
	query_text(q, l->title_marks);
	query_text(q, l->title_core);
	query_text(q, l->flag_reason);
	query_text(q, l->currency);
	query_text(q, l->category);
	query_text(q, l->url);
	query_text(q, l->image);
	query_text(q, l->brand);
	query_text(q, l->condition);
	query_text(q, l->location);
	query_version(q, l->own_key);
	query_int(q, l->updated_ms);
	query_text(q, l->images);
	query_text(q, l->category_path);
	query_text(q, l->attributes);
}

void write_listing_flags(struct tx *t, struct str source, uint32_t was, uint32_t now)
{
	tally_add(&t->tallies, source, TALLY_FLAGGED, (now != 0) - (was != 0));
	tally_add(&t->tallies, source, TALLY_UNFIT, listing_unfit(now) - listing_unfit(was));
}

static void count_gone(struct tx *t, struct str source, enum listing_state was,
		       enum listing_state now)
{
	tally_add(&t->tallies, source, TALLY_GONE, (now == LISTING_GONE) - (was == LISTING_GONE));
}

static enum err fresh(struct tx *t, struct write *w, const struct write_listing *l, int64_t *ret_id)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_ADD);
	struct listing now = l->listing;
	int64_t id;
	enum err err = write_near_family(t, NULL, &now, w->now_ms);

	if (!err)
		err = write_family_join(t, now.family, INT64_MAX, now.source);
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
	*ret_id = id = store_engine_last_id(t->engine);
	tally_add(&t->tallies, now.source, TALLY_LISTINGS, 1);
	count_gone(t, now.source, LISTING_UNKNOWN, now.state);
	write_listing_flags(t, now.source, 0, now.flags);
	w->ret_new_listings++;
	return write_label_judge(t, id, now.source, true, l, w->now_ms);
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

static enum err record_state(struct tx *t, const struct write *w, const struct listing *was,
			     enum listing_state now)
{
	return record(t, w, was, STR("state"), str_of(state_name(STATE_LISTING, (int)was->state)),
		      str_of(state_name(STATE_LISTING, (int)now)));
}

static enum err history(struct tx *t, struct write *w, const struct listing *was,
			const struct listing *now)
{
	char a[48], b[48];
	bool title = !str_eq(was->title, now->title);
	bool price = was->price != now->price ||
		     (was->price != LISTING_NO_PRICE && was->price_digits != now->price_digits);
	bool state = was->state != now->state;
	enum err err = ERR_OK;

	if (title)
		err = record(t, w, was, STR("title"), was->title, now->title);
	if (price && !err)
		err = record(t, w, was, STR("price"), price_text(was, a), price_text(now, b));
	if (state && !err)
		err = record_state(t, w, was, now->state);
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
	enum err err = ERR_OK;

	/* What was read wrong has not changed at the site. */
	if (w->kind == WRITE_REREAD)
		w->ret_changed++;
	else
		err = history(t, w, was, now);
	if (!err)
		err = move(t, was, now);
	if (err)
		return err;
	if (!str_eq(was->image, now->image))
		err = write_image_unlink(t, now->id);
	if (err)
		return err;
	bind(q, now);
	query_maybe(q, now->description);
	query_int(q, now->id);
	write_listing_flags(t, was->source, was->flags, now->flags);
	count_gone(t, was->source, was->state, now->state);
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

static enum err earlier(struct tx *t, const struct listing *now, int64_t seen_ms)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_EARLIER);

	query_int(q, seen_ms);
	query_int(q, now->id);
	query_int(q, seen_ms);
	return query_run(q);
}

/* Whether an item before it on its page has the same name. */
static bool repeated(const struct write *w, const struct write_listing *l)
{
	for (const struct write_listing *x = w->listings; x < l; x++)
		if (str_eq(x->listing.ext_id, l->listing.ext_id) &&
		    str_eq(x->listing.source, l->listing.source))
			return true;
	return false;
}

/* It is back: so may be its page, which is not asked again once it was gone. */
static enum err own_again(struct tx *t, const struct write *w, const struct write_listing *l)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_BY_KEY);
	struct job j;
	enum err err;

	if (w->kind != WRITE_PAGE || !l->own_job.n)
		return ERR_OK;
	query_text(q, l->listing.source);
	query_text(q, l->own_job);
	err = query_one(q);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	row_job(q, t->scratch, &j);
	err = query_end(q);
	if (err || j.state != JOB_GONE)
		return err;
	j.state = JOB_DUE;
	j.due_ms = w->now_ms;
	j.attempts = 0;
	j.reason = STR("its listing is shown again");
	return write_job_move(t, &j, w->now_ms);
}

/* What a picture is asked with, when families are joined, has changed. */
static bool other(const struct listing *was, const struct listing *now)
{
	return !str_eq(was->title_clean, now->title_clean) || was->price != now->price;
}

static void count_category(struct write *w, const struct listing *was, const struct listing *now)
{
	if (w->kind != WRITE_PAGE || !was->category.n || !now->category.n)
		return;
	w->ret_categories++;
	w->ret_moved += !str_eq(was->category, now->category);
}

static enum err again(struct tx *t, struct write *w, const struct write_listing *l,
		      const struct write_merge_old *old)
{
	bool behind = old->label_version != l->label_version ||
		      old->listing.clean_version != l->listing.clean_version ||
		      (l->suggested && old->model != l->suggestion.model);
	struct write_merge m = { .changed = false };
	/* what is just fetched is newer than what a clock ahead has stored */
	bool ahead = w->kind == WRITE_PAGE && old->listing.last_seen_ms > w->now_ms;
	struct listing seen = l->listing;
	enum err err;

	count_category(w, &old->listing, &seen);
	if (t->near && str_eq(seen.title_clean, old->listing.title_clean))
		seen.family = old->listing.family;
	err = write_merge_make(t, old, &seen, w->page.id, ahead, behind, &m);
	if (!err && m.changed && !m.older)
		err = write_near_family(t, &old->listing, &m.now, w->now_ms);
	if (!err && m.older)
		err = earlier(t, &m.now, l->listing.first_seen_ms);
	if (!err && (m.changed || !m.older))
		err = m.changed ? update(t, w, &old->listing, &m.now) : touch(t, &m.now);
	if (!err && other(&old->listing, &m.now))
		err = write_look_shown(t, m.now.id, w->now_ms);
	if (!err && old->listing.state == LISTING_GONE && m.now.state != LISTING_GONE)
		err = own_again(t, w, l);
	if (err || (!m.changed && !behind))
		return err;
	/* Rules that saw less than is stored would judge worse than before. */
	if (m.poorer && !m.changed)
		return ERR_OK;
	if (m.poorer) {
		w->ret_stale++;
		return write_label_stale(t, m.now.id);
	}
	return write_label_judge(t, m.now.id, old->listing.source, false, l, w->now_ms);
}

enum err write_listing_store(struct tx *t, struct write *w, const struct write_listing *l,
			     int64_t *ret_id, bool *ret_first, int64_t *ret_was)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_FIND);
	bool found = false;
	struct write_merge_old old = { .model = 0 };
	enum err err = tally_source(&t->tallies, &t->sql, l->listing.source);

	if (err)
		return err;
	query_text(q, l->listing.source);
	query_text(q, l->listing.ext_id);
	err = write_merge_find(t, q, &old, &found);
	if (err)
		return err;
	/* A page that is read again has shown its listings before. */
	*ret_first = !found || old.listing.page != w->page.id ||
		     (w->kind == WRITE_REREAD && !repeated(w, l));
	*ret_id = old.listing.id;
	*ret_was = old.listing.page;
	if (!*ret_first)
		return ERR_OK;
	return found ? again(t, w, l, &old) : fresh(t, w, l, ret_id);
}

/* The state alone: the page shows nothing of the listing. */
static enum err move_state(struct tx *t, struct write *w, const struct listing *was,
			   enum listing_state to)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_STATE);
	enum err err = tally_source(&t->tallies, &t->sql, was->source);

	if (!err)
		err = record_state(t, w, was, to);
	if (err)
		return err;
	w->ret_changed++;
	count_gone(t, was->source, was->state, to);
	query_state(q, STATE_LISTING, state_move(STATE_LISTING, (int)was->state, (int)to));
	query_int(q, w->now_ms);
	query_int(q, was->id);
	return query_run(q);
}

static enum err find_state(struct tx *t, int64_t id, struct listing *ret)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_STATE_NOW);
	enum err err;

	query_int(q, id);
	err = query_one(q);
	if (err)
		return err;
	*ret = (struct listing){ .id = id, .source = row_text(q, t->scratch) };
	ret->state = (enum listing_state)query_get_state(q, STATE_LISTING);
	return query_end(q);
}

enum err write_listing_gone(struct tx *t, struct write *w, int64_t id)
{
	struct listing was;
	enum err err = find_state(t, id, &was);

	if (err || was.state == LISTING_GONE || was.state == LISTING_SOLD)
		return err;
	return move_state(t, w, &was, LISTING_GONE);
}

enum err write_listing_back(struct tx *t, struct write *w, int64_t id)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_STATE_BEFORE);
	struct listing was;
	int before;
	enum err err = find_state(t, id, &was);

	if (err || was.state != LISTING_GONE)
		return err;
	query_int(q, id);
	err = query_one(q);
	if (err)
		return err;
	before = query_get_state(q, STATE_LISTING);
	err = query_end(q);
	return err ? err : move_state(t, w, &was, (enum listing_state)before);
}

/* What the cleaner and the rules say, and what a page that was read again did. */
static void take_flags(struct listing *now, const struct listing *made)
{
	bool rejected = now->flags & FLAG_BIT(FLAG_REJECTED);

	now->flags = made->flags;
	if (rejected)
		now->flags |= FLAG_BIT(FLAG_REJECTED);
	else
		now->flag_reason = made->flag_reason;
}

static enum err clean(struct tx *t, const struct write *w, const struct listing *was,
		      const struct listing *made)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_CLEAN);
	struct listing now = *was;
	enum err err;

	now.title_clean = made->title_clean;
	now.title_core = made->title_core;
	now.family = made->family;
	take_flags(&now, made);
	err = write_near_family(t, was, &now, w->now_ms);
	if (err || (str_eq(was->title_clean, now.title_clean) && was->family == now.family &&
		    str_eq(was->title_marks, made->title_marks) &&
		    str_eq(was->title_core, made->title_core) && was->flags == now.flags &&
		    str_eq(was->flag_reason, now.flag_reason)))
		return err;
	err = move(t, was, &now);
	if (err)
		return err;
	query_text(q, now.title_clean);
	query_text(q, made->title_marks);
	query_text(q, made->title_core);
	query_version(q, now.family);
	query_int(q, now.flags);
	query_text(q, now.flag_reason);
	query_int(q, was->id);
	write_listing_flags(t, was->source, was->flags, now.flags);
	return query_run(q);
}

/* Whether it is still what `from` was when it was read. One that its page, read again from
 * the archive, says otherwise of was seen as before. */
static bool is_as_read(const struct listing *now, const struct listing *from)
{
	if (from->last_seen_ms && from->last_seen_ms != now->last_seen_ms)
		return false;
	return !from->title.p ||
	       (str_eq(from->title, now->title) && from->price == now->price &&
		str_eq(from->currency, now->currency) && str_eq(from->category, now->category) &&
		str_eq(from->brand, now->brand) && str_eq(from->condition, now->condition));
}

static enum err late(struct tx *t, const struct listing *was, const struct listing *made,
		     int64_t now_ms)
{
	struct listing now = *was;
	bool leads;
	enum err err;

	if (!t->near)
		return ERR_OK;
	err = write_near_title(t, made->family, &now.family, &leads);

	now.title_clean = made->title_clean;
	now.title_core = made->title_core;
	return err ? err : write_near_late(t, &now, made->family, now_ms);
}

enum err write_listing_derive(struct tx *t, const struct write *w, const struct write_listing *l)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_BY_ID);
	bool found = false;
	struct write_merge_old old = { .model = 0 };
	enum err err;

	/* A new model says something of every listing: that is to be cheap. */
	if (!l->listing.clean_version && !write_label_judged(l))
		return l->suggested ? write_standing_suggest(t, l) : ERR_OK;
	query_int(q, l->listing.id);
	err = write_merge_find(t, q, &old, &found);
	if (!err && !found)
		err = reason_set(&t->engine->why, ERR_NOT_FOUND,
				 "listing=%lld is not in the database", (long long)l->listing.id);
	if (err)
		return err;
	/* A page showed it after it was read for this; what came then is newer. */
	if (!is_as_read(&old.listing, &l->listing))
		return ERR_OK;
	err = tally_source(&t->tallies, &t->sql, old.listing.source);
	if (!err && l->listing.clean_version)
		err = clean(t, w, &old.listing, &l->listing);
	if (!err && l->listing.clean_version &&
	    l->listing.clean_version != old.listing.clean_version)
		err = late(t, &old.listing, &l->listing, w->now_ms);
	return err ? err
		   : write_label_judge(t, old.listing.id, old.listing.source, false, l, w->now_ms);
}
