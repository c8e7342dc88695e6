#include "serve/api.h"
#include "serve/api_json.h"
#include "serve/body.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/normal.h"
#include "model/label_in.h"

#include <string.h>

#define NAMES_MOST 200
/* A clock that is a little ahead is no reason to refuse. */
#define AHEAD_MS ((int64_t)10 * 60 * 1000)

/* What came, row by row: what is to be written, or why it is not. */
struct intake_rows {
	struct label_in *in; /* of those without a reason; n_in */
	int n, n_in;
	int *at;	      /* row of each in `in` */
	const char **refused; /* of each row; NULL: it is in `in` */
};

/* A row as it is read. */
struct row {
	struct request *rq;
	const struct body_object *o;
	struct label_in in;
	struct reason why;
};

static struct str text(const struct row *r, const char *name)
{
	for (int i = 0; i < r->o->n; i++) {
		const struct body_member *m = &r->o->members[i];

		if (!str_is(m->name, name))
			continue;
		if (m->type == BODY_TEXT)
			return str_trim(m->text);
		/* A number stands for its digits: ids are numbers at many sites. */
		return m->type == BODY_INT ? m->json : (struct str){ 0 };
	}
	return (struct str){ 0 };
}

static enum err by_name(struct row *r, struct str source, struct str id)
{
	struct listing_view v;
	enum err err = reader_listing(r->rq->reader, 0, source, id, r->rq->arena, &v, &r->why);

	if (!err)
		r->in.listing = v.listing.id;
	return err;
}

/* SOURCE/ID, or the row number. */
static enum err by_listing(struct row *r, struct str listing)
{
	ptrdiff_t slash = str_find_char(listing, '/');
	struct listing_view v;
	int64_t id;
	enum err err;

	if (slash > 0)
		return by_name(r, str_sub(listing, 0, (size_t)slash),
			       str_sub(listing, (size_t)slash + 1, listing.n));
	if (!str_i64(listing, &id) || id <= 0)
		return reason_set(&r->why, ERR_BAD, "`listing` is no row number and no SOURCE/ID");
	err = reader_listing(r->rq->reader, id, (struct str){ 0 }, (struct str){ 0 }, r->rq->arena,
			     &v, &r->why);
	r->in.listing = id;
	return err;
}

static enum err find_listing(struct row *r)
{
	struct str listing = text(r, "listing"), source = text(r, "source"), url = text(r, "url");
	struct str id = text(r, "id");

	if (listing.n)
		return by_listing(r, listing);
	if (source.n && id.n)
		return by_name(r, source, id);
	if (url.n)
		return reader_listing_at(r->rq->reader, url, &r->in.listing, &r->why);
	return reason_set(&r->why, ERR_BAD,
			  "names no listing: `source` and `id`, or `listing`, or `url`");
}

static bool named(const struct conf_taxon *t, struct str name, struct arena *a)
{
	bool same = str_eq(normal_str(a, t->ko), name) || str_eq(normal_str(a, t->en), name);

	for (int i = 0; i < t->n_names && !same; i++)
		same = str_eq(normal_str(a, t->names[i].text), name);
	for (int i = 0; i < t->n_aliases && !same; i++)
		same = str_eq(normal_str(a, t->aliases[i]), name);
	return same;
}

/* A code; else a whole name or alias that only one category has. */
static enum err find_category(struct row *r)
{
	const struct conf_taxonomy *t = &r->rq->view->conf->taxonomy;
	struct str said = text(r, "category"), name;
	int found = -1;

	if (!said.n)
		return reason_set(&r->why, ERR_BAD,
				  "`category` is missing; `none` is none of them");
	if (str_is(said, "none"))
		return ERR_OK;
	found = conf_taxon(r->rq->view->conf, said);
	name = normal_str(r->rq->arena, said);
	for (int i = 0, first = found; i < t->n_taxa && first < 0; i++) {
		if (!named(&t->taxa[i], name, r->rq->arena))
			continue;
		if (found >= 0)
			return reason_set(&r->why, ERR_BAD,
					  "\"%.*s\" names several categories: %.*s, %.*s; give the "
					  "code",
					  STR_ARG(str_sub(said, 0, 80)),
					  STR_ARG(t->taxa[found].code), STR_ARG(t->taxa[i].code));
		found = i;
	}
	if (found < 0)
		return reason_set(&r->why, ERR_BAD, "no category \"%.*s\"",
				  STR_ARG(str_sub(said, 0, 80)));
	r->in.category = t->taxa[found].code;
	return ERR_OK;
}

static enum err read_when(struct row *r, int64_t now_ms)
{
	struct str when = text(r, "when");

	r->in.made_ms = now_ms;
	if (!when.n)
		return ERR_OK;
	if (!clock_read(when, &r->in.made_ms))
		return reason_set(&r->why, ERR_BAD, "`when` is no time: \"%.*s\"",
				  STR_ARG(str_sub(when, 0, 40)));
	if (r->in.made_ms > now_ms + AHEAD_MS)
		return reason_set(&r->why, ERR_BAD, "`when` is yet to come");
	return ERR_OK;
}

/* What names the item at its origin: its own name; else what it says of what. */
static struct str item_of(const struct row *r)
{
	struct str item = text(r, "row");

	if (item.n)
		return item;
	return arena_fmt(r->rq->arena, "%lld/%.*s/%.*s", (long long)r->in.listing,
			 STR_ARG(r->in.who), STR_ARG(text(r, "when")));
}

static enum err read_row(struct row *r, int64_t now_ms)
{
	enum err err;

	r->in.origin = request_text(r->rq, "origin");
	r->in.who = text(r, "who");
	r->in.note = text(r, "note");
	if (!r->in.who.n)
		return reason_set(&r->why, ERR_BAD, "`who` is missing: labels are people's");
	if (r->in.who.n > NAMES_MOST || r->in.note.n > 2000 || text(r, "row").n > 2000)
		return reason_set(&r->why, ERR_BAD, "`who`, `note` or `row` is too long");
	err = find_listing(r);
	if (!err)
		err = find_category(r);
	if (!err)
		err = read_when(r, now_ms);
	if (!err)
		r->in.item = item_of(r);
	return err;
}

void api_label_in_work(struct request *rq)
{
	int64_t now_ms = clock_wall_ms(&clock_system);
	struct body_object *o = NULL;
	struct intake_rows *x = arena_zero(rq->arena, sizeof(*x));
	struct reason why = { "" };
	enum err err;

	err = body_read_objects(request_text(rq, "rows"), rq->arena, &o, &x->n, &why);
	if (err) {
		request_err(rq, err, &why, "`rows` is an array of at most 1000 objects.");
		return;
	}
	x->in = arena_array(rq->arena, (size_t)x->n + 1, sizeof(*x->in));
	x->at = arena_array(rq->arena, (size_t)x->n + 1, sizeof(*x->at));
	x->refused = arena_array(rq->arena, (size_t)x->n + 1, sizeof(*x->refused));
	rq->kept = x;
	for (int i = 0; i < x->n && !rq->failed; i++) {
		struct row r = { .rq = rq, .o = &o[i] };

		err = read_row(&r, now_ms);
		if (err && err_is_world(err)) {
			request_err(rq, err, &r.why, NULL);
		} else if (err) {
			x->refused[i] = arena_text(rq->arena, r.why.text).p;
		} else {
			x->at[x->n_in] = i;
			x->in[x->n_in++] = r.in;
		}
	}
}

static void answer(struct request *rq)
{
	struct intake_rows *x = rq->kept;
	struct json *j = &rq->j;
	int64_t ends[LABEL_IN_ENDS] = { 0 };

	for (int i = 0; i < x->n_in; i++) {
		ends[x->in[i].end]++;
		if (x->in[i].end == LABEL_IN_OLDER)
			x->refused[x->at[i]] = "a person has said something since";
	}
	log_info("labels=%d taken in origin=%.*s stored=%lld", x->n,
		 STR_ARG(request_text(rq, "origin")), (long long)ends[LABEL_IN_STORED]);
	json_object(j, NULL);
	json_int(j, "rows", x->n);
	json_int(j, "stored", ends[LABEL_IN_STORED]);
	json_int(j, "known", ends[LABEL_IN_KNOWN]);
	json_array(j, "rejected");
	for (int i = 0; i < x->n; i++) {
		if (!x->refused[i])
			continue;
		json_object(j, NULL);
		json_int(j, "row", i);
		json_text(j, "reason", x->refused[i]);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

void api_label_in_last(struct request *rq)
{
	struct intake_rows *x = rq->kept;

	if (!x->n_in) {
		answer(rq);
		return;
	}
	rq->write.kind = WRITE_LABELS_IN;
	rq->write.taxonomy = rq->view->conf->taxonomy.version;
	rq->write.labels_in = x->in;
	rq->write.n_labels_in = x->n_in;
	request_write(rq, answer);
}
