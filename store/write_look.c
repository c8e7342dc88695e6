/* What images look like, and families that it joins: a picture that is near, words that are a little
 * alike, and a price that is near (NEAR_PICTURE). It comes later than the title, and so a title may
 * leave a family that is its own alone; it never takes another one along. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "near/near_find.h"
#include "store/row.h"
#include "store/tx.h"

/* Listings that show pictures which are near. More are no picture of one thing, nor are those of more
 * than NEAR_IMAGE_MOST titles. */
#define SHOWN_MOST 64

static void read_look(struct query *q, int64_t *ret_image, struct look *ret, bool *ret_ok)
{
	*ret_image = query_get_int(q);
	ret->quality = (int)query_get_int(q);
	*ret_ok = pdq_parse(query_get_text(q), &ret->part[LOOK_WHOLE]);
	*ret_ok &= pdq_parse(query_get_text(q), &ret->part[LOOK_INSIDE]);
	*ret_ok &= pdq_parse(query_get_text(q), &ret->part[LOOK_CORE]);
}

/* *ret_found: it is known by LOOK_VERSION. */
static enum err find(struct tx *t, int64_t image, struct look *ret, bool *ret_found)
{
	struct query *q = sql_use(&t->sql, SQL_LOOK);
	enum err err;

	*ret_found = false;
	query_int(q, image);
	query_int(q, LOOK_VERSION);
	err = query_one(q);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	read_look(q, &image, ret, ret_found);
	return query_end(q);
}

static void put_text(struct query *q, const struct write_look *l, enum look_part part,
		     char to[PDQ_TEXT])
{
	if (l->reason.n) {
		query_text(q, STR(""));
		return;
	}
	pdq_text(&l->look.part[part], to);
	query_text(q, str_of(to));
}

/* Told once: it stays full until pictures go. */
static void index_add(struct tx *t, const struct look *l, int64_t image)
{
	if (look_index_add(t->looks, l, image) || t->looks_full)
		return;
	t->looks_full = true;
	log_warn(
		"store=writer image=%lld the index of pictures is full at %zu hashes: from here on "
		"pictures are compared with those in it, but are not found by later ones",
		(long long)image, look_index_count(t->looks));
}

enum err write_look_put(struct tx *t, const struct write_look *l, int64_t now_ms)
{
	char text[LOOK_PARTS][PDQ_TEXT];
	struct query *q;
	struct look was;
	bool known;
	enum err err = find(t, l->image, &was, &known);

	if (err || known)
		return err;
	q = sql_use(&t->sql, SQL_LOOK_SET);
	query_int(q, l->image);
	query_int(q, LOOK_VERSION);
	query_int(q, l->reason.n ? 0 : l->look.quality);
	for (int i = 0; i < LOOK_PARTS; i++)
		put_text(q, l, (enum look_part)i, text[i]);
	query_text(q, l->reason);
	query_int(q, now_ms);
	err = query_run(q);
	if (!err && t->looks && !l->reason.n)
		index_add(t, &l->look, l->image);
	return err;
}

enum err write_look_drop(struct tx *t, int64_t image)
{
	struct query *q;
	struct look look;
	bool found = false;
	enum err err = t->looks ? find(t, image, &look, &found) : ERR_OK;

	if (err)
		return err;
	if (found) {
		look_index_drop(t->looks, &look, image);
		t->looks_full = false;
	}
	q = sql_use(&t->sql, SQL_LOOK_DROP);
	query_int(q, image);
	return query_run(q);
}

/* A listing that shows a picture which is near that in question, or is it. */
struct shown {
	struct listing listing;
	uint64_t key; /* of its title */
	struct near_item item;
	struct shingle_set set;
	int64_t image;
	int bits;   /* between the two pictures */
	bool alone; /* its title may join another's family */
};

struct group {
	struct shown *shown; /* SHOWN_MOST */
	int n, titles;
	bool full;
};

static enum err alone(struct tx *t, struct shown *s)
{
	s->alone = false;
	return s->listing.family == s->key ? write_family_alone(t, s->key, &s->alone) : ERR_OK;
}

static void add(struct tx *t, struct group *g, struct query *q, int64_t image, int bits)
{
	struct shown *s = &g->shown[g->n++];

	*s = (struct shown){ .image = image, .bits = bits, .listing.id = query_get_int(q) };
	write_near_read(q, t->scratch, &s->listing);
	s->key = listing_title_key(&s->listing);
	s->item = write_near_item(&s->listing, s->key);
	shingle_title(listing_core(&s->listing), &s->set);
	g->titles++;
	for (int i = 0; i < g->n - 1; i++)
		if (g->shown[i].key == s->key) {
			g->titles--;
			break;
		}
}

static enum err add_listings(struct tx *t, struct group *g, int64_t image, int bits)
{
	struct query *q = sql_use(&t->sql, SQL_LOOK_LISTINGS);
	bool more = true;
	enum err err;

	query_int(q, image);
	query_int(q, SHOWN_MOST);
	err = query_row(q, &more);
	while (!err && more) {
		if (g->n == SHOWN_MOST) {
			g->full = true;
			return query_end(q);
		}
		add(t, g, q, image, bits);
		err = query_row(q, &more);
	}
	return err;
}

static enum err gather(struct tx *t, const struct look *look, struct group *g)
{
	int64_t near[LOOK_INDEX_FOUND];
	int n = look_index_find(t->looks, look, near);
	enum err err = ERR_OK;

	g->full = n == LOOK_INDEX_FOUND;
	for (int i = 0; i < n && !err && !g->full && g->titles <= NEAR_IMAGE_MOST; i++) {
		struct look other;
		bool found;
		int bits;

		err = find(t, near[i], &other, &found);
		if (err || !found)
			continue;
		bits = look_distance(look, &other);
		if (bits <= LOOK_NEAR)
			err = add_listings(t, g, near[i], bits);
	}
	g->full |= g->titles > NEAR_IMAGE_MOST;
	for (int i = 0; i < g->n && !err && !g->full; i++)
		err = alone(t, &g->shown[i]);
	return err;
}

struct pair {
	struct shown *from, *into; /* NULL: none */
	double alike;
	int bits;
};

/* Of two that may, the newer one joins the older one's. */
static void direct(struct shown *a, struct shown *b, struct pair *p)
{
	bool a_goes = a->alone && (!b->alone || a->listing.id > b->listing.id);

	p->from = a_goes ? a : b;
	p->into = a_goes ? b : a;
}

/* The two that are most alike, of those that may be joined. */
static void best(const struct tx *t, const struct group *g, int64_t image, struct pair *ret)
{
	*ret = (struct pair){ .alike = -1 };
	for (int i = 0; i < g->n; i++)
		for (int k = 0; k < g->n; k++) {
			struct shown *a = &g->shown[i], *b = &g->shown[k];
			struct near_likeness l;

			if (a->image != image || (b->image == image && k <= i) ||
			    a->listing.family == b->listing.family || (!a->alone && !b->alone))
				continue;
			if (near_find_compare(t->near, &a->set, &a->item, &b->set, &b->item, true,
					      &l) == NEAR_SIGNALS ||
			    l.alike <= ret->alike)
				continue;
			direct(a, b, ret);
			ret->alike = l.alike;
			ret->bits = b->bits;
		}
}

static enum err join(struct tx *t, struct group *g, const struct pair *p, int64_t now_ms)
{
	uint64_t key = p->from->key, into = p->into->listing.family;
	int moved = 0;
	enum err err = write_near_put(t, key, into, str_of(near_rules[NEAR_PICTURE].name), p->alike,
				      p->bits, now_ms);

	if (!err)
		err = write_family_move(t, key, key, into, &moved);
	for (int i = 0; i < g->n; i++) {
		struct shown *s = &g->shown[i];

		if (s->listing.family == key)
			s->listing.family = into;
		s->alone &= s->listing.family != into;
	}
	return err;
}

enum err write_look_join(struct tx *t, int64_t image, int64_t now_ms)
{
	struct group g = { .n = 0 };
	struct pair p = { .alike = 0 };
	struct look look;
	bool found = false;
	enum err err = ERR_OK;

	if (t->near && t->looks)
		err = find(t, image, &look, &found);
	if (err || !found || look.quality < PDQ_QUALITY_LEAST)
		return err;
	g.shown = mem_array(SHOWN_MOST, sizeof(*g.shown));
	err = gather(t, &look, &g);
	while (!err && !g.full) {
		best(t, &g, image, &p);
		if (!p.from)
			break;
		err = join(t, &g, &p, now_ms);
	}
	mem_free(g.shown);
	return err;
}

enum err write_look_shown(struct tx *t, int64_t listing, int64_t now_ms)
{
	struct query *q;
	int64_t image;
	enum err err;

	if (!t->looks || !look_index_count(t->looks))
		return ERR_OK;
	q = sql_use(&t->sql, SQL_LOOK_OF_LISTING);
	query_int(q, listing);
	err = query_one(q);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	image = query_get_int(q);
	err = query_end(q);
	return err ? err : write_look_join(t, image, now_ms);
}

/* Images of WRITE_LOOKS may have been let go since they were read. */
static enum err kept(struct tx *t, int64_t image, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_IMAGE_COUNTED);
	enum err err;

	query_int(q, image);
	err = query_one(q);
	*ret = !err;
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	return query_end(q);
}

enum err write_look_do(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;

	for (int i = 0; i < w->n_looks && !err; i++) {
		const struct write_look *l = &w->looks[i];
		bool there = false;

		err = kept(t, l->image, &there);
		if (!err && there)
			err = write_look_put(t, l, w->now_ms);
		if (!err && there)
			err = write_look_join(t, l->image, w->now_ms);
	}
	return err;
}

enum err write_look_load(struct tx *t)
{
	int64_t began = clock_mono_ms(&clock_system);
	struct query *q = sql_use(&t->sql, SQL_LOOKS);
	bool more = true;
	enum err err;

	t->looks = look_index_new(LOOK_INDEX_MOST);
	query_int(q, LOOK_VERSION);
	err = query_row(q, &more);
	while (!err && more) {
		struct look l;
		int64_t image;
		bool ok;

		read_look(q, &image, &l, &ok);
		if (ok)
			index_add(t, &l, image);
		look_index_keep(t->looks);
		err = query_row(q, &more);
	}
	if (err)
		return err;
	log_info("store=writer knows %zu hashes of pictures, read in %lld ms",
		 look_index_count(t->looks), (long long)(clock_mono_ms(&clock_system) - began));
	return ERR_OK;
}
