#include "daemon/adopt.h"

#include "base/hash.h"

#include <stdlib.h>
#include <time.h>

static uint64_t with(uint64_t h, struct str s)
{
	return hash64_join(h, hash64(s, 1));
}

/* Of what the store keeps. */
static uint64_t hash_of(const struct conf_taxonomy *t)
{
	uint64_t h = with((uint64_t)t->version, t->name);

	for (int i = 0; i < t->n_taxa; i++)
		h = with(h, t->taxa[i].code);
	for (int i = 0; i < t->n_recodes; i++) {
		const struct recode *m = &t->recodes[i];

		h = with(with(with(h, m->code), m->category), m->why);
		h = hash64_join(h, (uint64_t)m->since);
		h = hash64_join(h, (uint64_t)m->until);
		h = hash64_join(h, m->fate);
	}
	return h;
}

/* What the store knows, and the labels that stand in it. */
struct known {
	struct taxonomy_edition *editions;
	struct str *codes;
	struct label_count *labels;
	int n_editions, n_codes, n_labels;
};

static void day(int64_t ms, char to[16])
{
	const time_t s = (time_t)(ms / 1000);
	struct tm tm;

	gmtime_r(&s, &tm);
	strftime(to, 16, "%Y-%m-%d", &tm);
}

static enum err older(const struct conf_taxonomy *t, const struct taxonomy_edition *last,
		      struct reason *why)
{
	char since[16];

	day(last->first_ms, since);
	return reason_set(
		why, ERR_BAD,
		"taxonomy %.*s is version %lld, but version %lld has been in force since "
		"%s: an older file would make its labels mean something else. To undo what "
		"it did, raise `version` and write the opposite changes into `history`",
		STR_ARG(t->name), (long long)t->version, (long long)last->version, since);
}

static int code_order(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str *sorted_codes(const struct conf_taxonomy *t, struct arena *a)
{
	struct str *codes = arena_array(a, (size_t)t->n_taxa + 1, sizeof(*codes));

	for (int i = 0; i < t->n_taxa; i++)
		codes[i] = t->taxa[i].code;
	qsort(codes, (size_t)t->n_taxa, sizeof(*codes), code_order);
	return codes;
}

static int64_t labels_of(const struct known *k, struct str code)
{
	int64_t n = 0;

	for (int i = 0; i < k->n_labels; i++)
		if (str_eq(k->labels[i].written, code))
			n += k->labels[i].labels;
	return n;
}

/* The categories of the last version that are neither there nor accounted for. */
static enum err vanished(struct reader *r, const struct conf_taxonomy *t, struct known *k,
			 struct arena *a, struct reason *why)
{
	const struct taxonomy_edition *last = &k->editions[k->n_editions - 1];
	const struct str *codes = sorted_codes(t, a);
	enum err err = ERR_OK;

	for (int i = 0; i < k->n_codes && !err; i++) {
		int64_t labels;

		if (bsearch(&k->codes[i], codes, (size_t)t->n_taxa, sizeof(*codes), code_order) ||
		    conf_taxonomy_recode(t, k->codes[i], last->version))
			continue;
		if (!k->labels)
			err = reader_label_counts(r, a, &k->labels, &k->n_labels, why);
		labels = err ? 0 : labels_of(k, k->codes[i]);
		if (labels)
			err = reason_set(
				why, ERR_BAD,
				"category `%.*s` of taxonomy %.*s is gone, and %lld labels of "
				"version %lld have it: raise `version` and say in `history` what "
				"became of it (rename, merge, split or retire)",
				STR_ARG(k->codes[i]), STR_ARG(t->name), (long long)labels,
				(long long)last->version);
	}
	return err;
}

static enum err another(struct reader *r, const struct conf_taxonomy *t, struct known *k,
			struct arena *a, struct reason *why)
{
	const struct taxonomy_edition *last = &k->editions[k->n_editions - 1];
	enum err err = reader_label_counts(r, a, &k->labels, &k->n_labels, why);

	if (err || !k->n_labels)
		return err;
	return reason_set(why, ERR_BAD,
			  "the labels of this database are of taxonomy %.*s, not of %.*s: another "
			  "taxonomy wants a database of its own",
			  STR_ARG(last->name), STR_ARG(t->name));
}

static enum err check(struct reader *r, const struct conf_taxonomy *t, struct arena *a,
		      bool *ret_news, struct reason *why)
{
	const struct taxonomy_edition *last;
	struct known k = { 0 };
	enum err err = reader_taxonomy(r, a, &k.editions, &k.n_editions, &k.codes, &k.n_codes, why);

	*ret_news = !err;
	if (err || !k.n_editions)
		return err;
	last = &k.editions[k.n_editions - 1];
	*ret_news = last->version != t->version || last->hash != hash_of(t);
	if (!str_eq(last->name, t->name))
		return another(r, t, &k, a, why);
	if (t->version < last->version)
		return older(t, last, why);
	return *ret_news ? vanished(r, t, &k, a, why) : ERR_OK;
}

enum err adopt_check(struct reader *r, const struct conf_taxonomy *t, bool *ret_news,
		     struct reason *why)
{
	struct arena *a;
	enum err err;

	*ret_news = false;
	if (!t->n_taxa)
		return ERR_OK;
	a = arena_new(16 << 10);
	err = check(r, t, a, ret_news, why);
	arena_free(a);
	return err;
}

enum err adopt_look(struct store *store, const struct conf_taxonomy *t, bool *ret_news,
		    struct reason *why)
{
	struct reader *r = NULL;
	enum err err = reader_open(store, &r, why);

	if (!err)
		err = adopt_check(r, t, ret_news, why);
	reader_close(r);
	return err;
}

struct write *adopt_write(const struct conf_taxonomy *t, int64_t now_ms,
			  void (*done)(struct write *w), void *ctx)
{
	struct arena *a = arena_new(16 << 10);
	struct str *codes = arena_array(a, (size_t)t->n_taxa, sizeof(*codes));
	struct write *w = arena_zero(a, sizeof(*w));

	for (int i = 0; i < t->n_taxa; i++)
		codes[i] = t->taxa[i].code;
	*w = (struct write){ .kind = WRITE_TAXONOMY,
			     .arena = a,
			     .done = done,
			     .ctx = ctx,
			     .now_ms = now_ms,
			     .taxonomy = t->version,
			     .taxonomy_name = t->name,
			     .taxonomy_hash = hash_of(t),
			     .codes = codes,
			     .n_codes = t->n_taxa,
			     .recodes = t->recodes,
			     .n_recodes = t->n_recodes };
	return w;
}
