/* Which family a title is of: its own, or the one that likeness or a person gave it. */
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "near/near_find.h"
#include "store/row.h"
#include "store/tx.h"

#include <math.h>

/* How a title came into a family that is not its own. */
#define BY_SELF "self" /* a listing of the family was reworded */
#define BY_PERSON "person"
/* A title that looks brought into a family later was compared with before, and goes on to be. */
#define BY_PICTURE (near_rules[NEAR_PICTURE].name)

struct near_item write_near_item(const struct listing *l, uint64_t key)
{
	bool priced = l->price != LISTING_NO_PRICE && l->price > 0;

	return (struct near_item){
		.key = key,
		.price = priced ? (double)l->price / pow(10, l->price_digits) : 0,
		.currency = hash64(l->currency, 0),
		.image = l->image.n ? hash64(l->image, 0) : 0,
		.category = l->category.n ? hash64(l->category, hash64(l->source, 0)) : 0,
		.leader = true,
	};
}

enum err write_near_title(struct tx *t, uint64_t key, uint64_t *ret_family, bool *ret_leads)
{
	struct query *q = sql_use(&t->sql, SQL_FAMILY_TITLE);
	bool found = false;
	struct str by;
	enum err err;

	*ret_family = key;
	*ret_leads = true;
	query_version(q, key);
	err = query_row(q, &found);
	if (err || !found)
		return err;
	*ret_family = query_get_version(q);
	by = query_get_text(q);
	*ret_leads = str_is(by, BY_SELF) || str_is(by, BY_PERSON) || str_is(by, BY_PICTURE);
	return query_end(q);
}

static enum err pinned(struct tx *t, int64_t listing, uint64_t *ret_family)
{
	struct query *q = sql_use(&t->sql, SQL_FAMILY_PIN);
	bool found = false;
	enum err err;

	query_int(q, listing);
	err = query_row(q, &found);
	if (err || !found)
		return err;
	*ret_family = query_get_version(q);
	return query_end(q);
}

enum err write_near_put(struct tx *t, uint64_t key, uint64_t family, struct str by, double alike,
			int picture, int64_t now_ms)
{
	struct query *q = sql_use(&t->sql, SQL_FAMILY_TITLE_SET);

	query_version(q, key);
	query_version(q, family);
	query_text(q, by);
	query_real(q, alike);
	if (picture == WRITE_NEAR_UNSEEN)
		query_null(q);
	else
		query_int(q, picture);
	query_int(q, now_ms);
	return query_run(q);
}

/* Whether `was` has only been reworded: the signal is that it is one listing. */
static bool reworded(const struct tx *t, const struct listing *was, const struct shingle_set *now,
		     struct near_item item, double *ret_alike)
{
	struct near_item before = { .key = 1, .image = 1 };
	struct near_likeness l;
	struct shingle_set s;

	item.image = 1;
	shingle_title(listing_core(was), &s);
	if (near_find_compare(t->near, &s, &before, now, &item, false, &l) == NEAR_SIGNALS)
		return false;
	*ret_alike = l.alike;
	return true;
}

/* A title that no listing had before. */
static enum err join(struct tx *t, const struct listing *was, struct listing *now, int64_t now_ms)
{
	struct near_item item = write_near_item(now, now->family);
	struct str by = STR(BY_SELF);
	struct near_match m;
	struct shingle_set s;
	double alike = 1;
	bool leads;
	enum err err = ERR_OK;

	shingle_title(listing_core(now), &s);
	if (was && reworded(t, was, &s, item, &alike)) {
		now->family = was->family;
	} else if (near_find_best(t->near, &s, &item, &m)) {
		by = str_of(near_rules[m.signal].name);
		alike = m.likeness.alike;
		item.leader = false;
		err = write_near_title(t, m.key, &now->family, &leads);
	}
	if (!err && now->family != item.key)
		err = write_near_put(t, item.key, now->family, by, alike, WRITE_NEAR_UNSEEN,
				     now_ms);
	if (!err)
		near_index_add(t->near, &s, &item);
	return err;
}

enum err write_near_family(struct tx *t, const struct listing *was, struct listing *now,
			   int64_t now_ms)
{
	uint64_t key = now->family, pin = 0;
	bool leads;
	enum err err = ERR_OK;

	if (!t->near)
		return ERR_OK;
	if (was && str_eq(was->title_clean, now->title_clean)) {
		now->family = was->family;
		return ERR_OK;
	}
	if (was)
		err = pinned(t, was->id, &pin);
	if (!err && pin)
		now->family = pin;
	else if (!err)
		err = write_near_title(t, key, &now->family, &leads);
	if (err || pin || now->family != key || near_index_knows(t->near, key))
		return err;
	return join(t, was, now, now_ms);
}

enum err write_near_late(struct tx *t, const struct listing *l, uint64_t key, int64_t now_ms)
{
	struct near_item item = write_near_item(l, key);
	struct near_match m;
	struct shingle_set s;
	uint64_t family = key;
	bool alone = false, leads;
	int moved = 0;
	enum err err;

	if (l->family != key)
		return ERR_OK;
	shingle_title(listing_core(l), &s);
	near_index_again(t->near, &s, &item);
	if (!near_find_older(t->near, &s, &item, &m))
		return ERR_OK;
	err = write_family_alone(t, key, &alone);
	if (!err && alone)
		err = write_near_title(t, m.key, &family, &leads);
	if (err || family == key)
		return err;
	err = write_near_put(t, key, family, str_of(near_rules[m.signal].name), m.likeness.alike,
			     WRITE_NEAR_UNSEEN, now_ms);
	return err ? err : write_family_move(t, key, key, family, &moved);
}

void write_near_read(struct query *q, struct arena *a, struct listing *l)
{
	l->source = row_text(q, a);
	l->ext_id = row_text(q, a);
	l->title_clean = row_text(q, a);
	l->title_core = row_text(q, a);
	l->price = query_at_null(q) ? LISTING_NO_PRICE : 0;
	l->price += query_get_int(q);
	l->price_digits = (int)query_get_int(q);
	l->currency = row_text(q, a);
	l->image = row_text(q, a);
	l->category = row_text(q, a);
	l->family = query_get_version(q);
}

static enum err load(struct tx *t, const struct listing *l)
{
	uint64_t key = listing_title_key(l), family;
	struct near_item item = write_near_item(l, key);
	struct shingle_set s;
	enum err err = ERR_OK;

	if (near_index_knows(t->near, key))
		return ERR_OK;
	if (l->family != key)
		err = write_near_title(t, key, &family, &item.leader);
	shingle_title(listing_core(l), &s);
	if (!err)
		near_index_add(t->near, &s, &item);
	return err;
}

static enum err reserve(struct tx *t)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_LAST);
	enum err err = query_one(q);

	if (err)
		return err;
	near_index_reserve(t->near, (size_t)query_get_int(q));
	return query_end(q);
}

enum err write_near_load(struct tx *t)
{
	int64_t began = clock_mono_ms(&clock_system);
	struct query *q = sql_use(&t->sql, SQL_NEAR_TITLES);
	struct listing l = { .id = 0 };
	bool more = true;
	enum err err;

	t->near = near_index_new();
	err = reserve(t);
	if (!err)
		err = query_row(q, &more);
	while (!err && more) {
		write_near_read(q, NULL, &l);
		err = load(t, &l);
		if (!err)
			err = query_row(q, &more);
	}
	if (err)
		return err;
	log_info("store=writer knows %zu titles by likeness, read in %lld ms",
		 near_index_count(t->near), (long long)(clock_mono_ms(&clock_system) - began));
	return ERR_OK;
}
