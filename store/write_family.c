/* Of a duplicate family the listing with the lowest row is the first; the
 * others count as duplicates of their sources. */
#include "store/tx.h"

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
