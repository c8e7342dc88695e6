#include "daemon/labeled.h"

#include "base/hash.h"
#include "base/must.h"

#include <string.h>

static const char *const names[LABELED_SETS] = {
	[LABELED_TRAIN] = "train",   [LABELED_REVIEWED] = "reviewed", [LABELED_ALL] = "all",
	[LABELED_SELLER] = "seller", [LABELED_EVERY] = "every",
};

const char *labeled_name(enum labeled_set s)
{
	must(s < LABELED_SETS);
	return names[s];
}

struct reading {
	struct labeled *to;
	const struct view *view;
	uint64_t salt;
	const _Atomic bool *cancel;
	enum err err;
	struct reason *why;
};

static void add(struct reading *r, enum labeled_set s, const struct listing *l, struct str category,
		unsigned untold)
{
	struct trainer_rows *rows = &r->to->rows[s];

	if (rows->f && !r->err)
		r->err = trainer_rows_add(rows, l, category, untold, r->why);
}

/* What the source's own category maps to; {0}: nothing. */
static struct str mapped(const struct reading *r, const struct listing *l)
{
	const struct serve_view *v = &r->view->v;
	int taxon = labeler_map(v->labeler, l->source, l->category);

	return taxon < 0 ? (struct str){ 0 } : v->conf->taxonomy.taxa[taxon].code;
}

static void add_labeled(struct reading *r, const struct listing_view *v, bool test,
			struct str seller)
{
	const struct listing *l = &v->listing;
	const struct str category = v->label.category;
	const bool same = v->label.by != LABEL_BY_PERSON && str_eq(category, seller);
	const unsigned untold = same ? HINT_BIT(HINT_SOURCE_CATEGORY) : 0;

	add(r, LABELED_EVERY, l, category, untold);
	if (test) {
		add(r, LABELED_ALL, l, category, untold);
		if (v->label.by == LABEL_BY_PERSON)
			add(r, LABELED_REVIEWED, l, category, untold);
		return;
	}
	add(r, LABELED_TRAIN, l, category, untold);
	r->to->by[v->label.by]++;
	r->to->mapped += same;
}

static bool on_listing(void *ctx, const struct listing_view *v)
{
	struct reading *r = ctx;
	const struct conf *conf = r->view->v.conf;
	const struct listing *l = &v->listing;
	bool test = split_of(l->family, r->salt, conf->validation_share, conf->test_share) ==
		    SPLIT_TEST;
	struct str seller = mapped(r, l);

	if (listing_unfit(l->flags))
		return !atomic_load(r->cancel);
	if (test && seller.n)
		add(r, LABELED_SELLER, l, seller, HINT_BIT(HINT_SOURCE_CATEGORY));
	if (v->labeled && v->label.category.n)
		add_labeled(r, v, test, seller);
	return !r->err && !atomic_load(r->cancel);
}

/* By name, so that the same listings give the same model whatever order they came in. */
static enum err read_all(struct store *store, struct reading *x)
{
	struct listing_filter f = { .by_name = true, .most = INT64_MAX };
	struct arena *a = arena_new(16 << 10);
	struct reader *r = NULL;
	enum err err = reader_open(store, &r, x->why);

	if (!err)
		err = reader_begin(r, x->why);
	if (!err) {
		err = reader_listings(r, &f, a, on_listing, x, x->why);
		reader_end(r);
	}
	reader_close(r);
	arena_free(a);
	if (!err)
		err = x->err;
	if (!err && atomic_load(x->cancel))
		err = reason_set(x->why, ERR_CANCELLED, "cancelled");
	return err;
}

enum err labeled_read(struct store *store, const struct view *view, const char *file,
		      unsigned wanted, const _Atomic bool *cancel, struct labeled *ret,
		      struct reason *why)
{
	struct reading x = { .to = ret,
			     .view = view,
			     .salt = hash64(view->v.conf->salt, 0),
			     .cancel = cancel,
			     .why = why };
	char ending[32];
	enum err err = ERR_OK;

	memset(ret, 0, sizeof(*ret));
	for (int i = 0; i < LABELED_SETS && !err; i++) {
		snprintf(ending, sizeof(ending), ".%s.tsv", names[i]);
		if (wanted & (1u << i))
			err = trainer_rows_open(&ret->rows[i], file, ending, why);
	}
	if (!err)
		err = read_all(store, &x);
	for (int i = 0; i < LABELED_SETS && !err; i++)
		if (ret->rows[i].f)
			err = trainer_rows_flush(&ret->rows[i], why);
	return err;
}

void labeled_done(struct labeled *l)
{
	for (int i = 0; i < LABELED_SETS; i++)
		trainer_rows_close(&l->rows[i]);
}

unsigned labeled_fields(const struct conf *conf)
{
	unsigned fields = 0;
	enum hint f;

	for (int i = 0; i < conf->n_model_fields; i++)
		if (hint_parse(conf->model_fields[i], &f))
			fields |= HINT_BIT(f);
	return fields;
}

enum labeled_set labeled_held(const struct labeled *l)
{
	return l->rows[LABELED_REVIEWED].n >= LABELED_LEAST ? LABELED_REVIEWED : LABELED_ALL;
}

uint64_t labeled_split(const struct conf *conf)
{
	const double shares[] = { conf->validation_share, conf->test_share };

	return hash64((struct str){ (const char *)shares, sizeof(shares) }, hash64(conf->salt, 0));
}
