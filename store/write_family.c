/* Of a duplicate family the listing with the lowest row is the first; the
 * others count as duplicates of their sources. Families that a person splits and merges. */
#include "store/row.h"
#include "store/tx.h"

/* A title that more listings have is no name of one thing: it stays where it is. */
#define LISTINGS_MOST 8

struct first {
	int n; /* 2: or more */
	int64_t id[2];
	struct str source[2];
};

static enum err first_of(struct tx *t, uint64_t family, struct first *ret)
{
	struct query *q = sql_use(&t->sql, SQL_FAMILY_FIRST);
	bool more = true;
	enum err err;

	ret->n = 0;
	query_version(q, family);
	err = query_row(q, &more);
	while (!err && more && ret->n < 2) {
		ret->id[ret->n] = query_get_int(q);
		ret->source[ret->n] = arena_str(t->scratch, query_get_text(q));
		ret->n++;
		err = query_row(q, &more);
	}
	return !err && more ? query_end(q) : err;
}

static enum err resize(struct tx *t, enum sql_id how, uint64_t family)
{
	struct query *q = sql_use(&t->sql, how);

	query_version(q, family);
	return query_run(q);
}

static enum err count(struct tx *t, struct str source, int by)
{
	enum err err = tally_source(&t->tallies, &t->sql, source);

	if (!err)
		tally_add(&t->tallies, source, TALLY_DUPLICATES, by);
	return err;
}

enum err write_family_join(struct tx *t, uint64_t family, int64_t listing, struct str source)
{
	struct first f;
	enum err err = first_of(t, family, &f);

	if (err || !f.n)
		return err;
	err = resize(t, SQL_FAMILY_GROW, family);
	return err ? err : count(t, listing < f.id[0] ? f.source[0] : source, 1);
}

enum err write_family_leave(struct tx *t, uint64_t family, int64_t listing, struct str source)
{
	struct first f;
	enum err err = first_of(t, family, &f);

	if (err)
		return err;
	if (f.n < 2)
		return resize(t, SQL_FAMILY_END, family);
	err = resize(t, SQL_FAMILY_SHRINK, family);
	return err ? err : count(t, listing == f.id[0] ? f.source[1] : source, -1);
}

/* A member that is to move, or the listing that a person names. */
struct member {
	int64_t id;
	struct listing listing; /* source, ext_id, title_clean, family */
};

static void read_title(struct query *q, struct arena *a, struct listing *l)
{
	l->source = row_text(q, a);
	l->ext_id = row_text(q, a);
	l->title_clean = row_text(q, a);
}

static void make_member(struct query *q, struct arena *a, void *row)
{
	struct member *m = row;

	m->id = query_get_int(q);
	read_title(q, a, &m->listing);
}

static enum err named(struct tx *t, int64_t id, struct member *ret)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_TITLE);
	enum err err;

	query_int(q, id);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return reason_set(&t->engine->why, err, "no listing %lld", (long long)id);
	if (err)
		return err;
	ret->id = id;
	read_title(q, t->scratch, &ret->listing);
	ret->listing.family = query_get_version(q);
	return query_end(q);
}

static enum err members_of(struct tx *t, uint64_t family, struct member **ret, int *ret_n)
{
	struct query *q = sql_use(&t->sql, SQL_FAMILY_MEMBERS);

	query_version(q, family);
	return row_all(q, t->scratch, sizeof(**ret), make_member, ret, ret_n);
}

static enum err put(struct tx *t, enum sql_id how, uint64_t a, uint64_t b)
{
	struct query *q = sql_use(&t->sql, how);

	query_version(q, a);
	query_version(q, b);
	return query_run(q);
}

static enum err move(struct tx *t, const struct member *m, uint64_t from, uint64_t to,
		     int *ret_moved)
{
	enum err err = tally_source(&t->tallies, &t->sql, m->listing.source);

	if (!err)
		err = write_family_leave(t, from, m->id, m->listing.source);
	if (!err)
		err = write_family_join(t, to, m->id, m->listing.source);
	if (!err)
		err = put(t, SQL_LISTING_FAMILY, to, (uint64_t)m->id);
	++*ret_moved;
	return err;
}

static enum err pin_of(struct tx *t, int64_t listing, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_FAMILY_PIN);
	enum err err;

	query_int(q, listing);
	err = query_row(q, ret);
	return !err && *ret ? query_end(q) : err;
}

static enum err event(struct tx *t, const struct write *w, const char *action, uint64_t was)
{
	struct query *q = sql_use(&t->sql, SQL_FAMILY_EVENT_ADD);

	query_int(q, w->now_ms);
	query_text(q, w->who);
	query_text(q, str_of(action));
	query_int(q, w->listing);
	query_version(q, was);
	query_version(q, w->ret_family);
	query_int(q, w->ret_changed);
	return query_run(q);
}

enum err write_family_move(struct tx *t, uint64_t from, uint64_t key, uint64_t to, int *ret_moved)
{
	struct member *all = NULL;
	int n = 0;
	enum err err = members_of(t, from, &all, &n);

	for (int i = 0; i < n && !err; i++) {
		bool pinned = false;

		if (listing_title_key(&all[i].listing) != key)
			continue;
		err = pin_of(t, all[i].id, &pinned);
		if (!err && !pinned)
			err = move(t, &all[i], from, to, ret_moved);
	}
	return err;
}

enum err write_family_alone(struct tx *t, uint64_t key, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_FAMILY_ALONE);
	enum err err;

	for (int i = 0; i < 5; i++)
		query_version(q, key);
	query_int(q, LISTINGS_MOST);
	err = query_row(q, ret);
	return !err && *ret ? query_end(q) : err;
}

/* All of the listing's title, which is not the family's own: the title gets its family back. */
static enum err split_title(struct tx *t, struct write *w, uint64_t family, uint64_t key)
{
	enum err err = write_near_put(t, key, key, STR("person"), 1, WRITE_NEAR_UNSEEN, w->now_ms);

	w->ret_family = key;
	return err ? err : write_family_move(t, family, key, key, &w->ret_changed);
}

static enum err split_alone(struct tx *t, struct write *w, const struct member *m)
{
	uint64_t lone = listing_lone_key(&m->listing);
	enum err err = put(t, SQL_FAMILY_PIN_SET, (uint64_t)m->id, lone);

	w->ret_family = lone;
	return err ? err : move(t, m, m->listing.family, lone, &w->ret_changed);
}

static enum err split(struct tx *t, struct write *w)
{
	struct member m = { .id = 0 }, *all = NULL;
	uint64_t key;
	bool pinned = false;
	int n = 0, same = 0;
	enum err err = named(t, w->listing, &m);

	if (!err)
		err = members_of(t, m.listing.family, &all, &n);
	if (!err)
		err = pin_of(t, m.id, &pinned);
	if (err)
		return err;
	key = listing_title_key(&m.listing);
	for (int i = 0; i < n; i++)
		same += listing_title_key(&all[i].listing) == key;
	if (n < 2)
		return reason_set(&t->engine->why, ERR_BAD, "listing %lld is alone in its family",
				  (long long)m.id);
	if (!pinned && key != m.listing.family && same < n)
		err = split_title(t, w, m.listing.family, key);
	else if (listing_lone_key(&m.listing) != m.listing.family)
		err = split_alone(t, w, &m);
	else
		err = reason_set(&t->engine->why, ERR_BAD,
				 "the family is named after listing %lld: split the others",
				 (long long)m.id);
	return err ? err : event(t, w, "split", m.listing.family);
}

static enum err merge(struct tx *t, struct write *w)
{
	struct member from = { .id = 0 }, into = { .id = 0 }, *all = NULL;
	uint64_t was, now;
	int n = 0;
	enum err err = named(t, w->listing, &from);

	if (!err)
		err = named(t, w->into, &into);
	if (err)
		return err;
	was = from.listing.family;
	w->ret_family = now = into.listing.family;
	if (was == now)
		return reason_set(&t->engine->why, ERR_BAD,
				  "listings %lld and %lld are of one family already",
				  (long long)from.id, (long long)into.id);
	err = members_of(t, was, &all, &n);
	for (int i = 0; i < n && !err; i++)
		err = move(t, &all[i], was, now, &w->ret_changed);
	if (!err)
		err = put(t, SQL_FAMILY_TITLES_MOVE, now, was);
	if (!err)
		err = put(t, SQL_FAMILY_PINS_MOVE, now, was);
	if (!err)
		err = write_near_put(t, was, now, STR("person"), 1, WRITE_NEAR_UNSEEN, w->now_ms);
	return err ? err : event(t, w, "merge", was);
}

enum err write_family_do(struct tx *t, struct write *w)
{
	return w->family_action == FAMILY_SPLIT ? split(t, w) : merge(t, w);
}
