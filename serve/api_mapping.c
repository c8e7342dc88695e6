/* How well sources' own categories are mapped to ours. */
#include "base/interval.h"
#include "labeler/category_map.h"
#include "serve/api.h"
#include "serve/api_json.h"

#include <stdlib.h>

#define LEVEL 0.95
#define UNMAPPED_SHOWN 100
#define OVERLAPS_SHOWN 100
#define MOST_AGAINST 0.5

struct uses {
	struct category_use *u;
	int n;
};

struct report {
	struct request *rq;
	struct uses listings, reviews, votes;
};

/* Of one category of a source. */
struct figures {
	int64_t reviewed, agreed;    /* by people */
	int64_t voted, contradicted; /* by rules */
	struct interval agree, against;
	struct str instead; /* what is said most often */
	int64_t instead_n;
};

static bool same_way(const struct conf_taxonomy *t, int mapped, struct str says, bool above_too)
{
	int at = -1;

	for (int i = 0; i < t->n_taxa && at < 0; i++)
		if (str_eq(t->taxa[i].code, says))
			at = i;
	for (int up = at; up >= 0; up = t->taxa[up].parent)
		if (up == mapped)
			return true;
	for (int up = mapped; above_too && up >= 0; up = t->taxa[up].parent)
		if (up == at)
			return true;
	return false;
}

static int use_order(const struct category_use *u, struct str source, struct str own)
{
	int order = str_cmp(u->source, source);

	return order ? order : str_cmp(u->own, own);
}

/* The first of `own`; they stand together. */
static int first_of(const struct uses *s, struct str source, struct str own)
{
	int low = 0, high = s->n;

	while (low < high) {
		int mid = low + (high - low) / 2;

		if (use_order(&s->u[mid], source, own) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* What is below the mapped category says it, too; rules that only know what is above do not
 * contradict it. */
static int64_t count(const struct report *r, const struct uses *s, const struct category_use *l,
		     int mapped, bool above_too, int64_t *ret_same, struct figures *f)
{
	const struct conf_taxonomy *t = &r->rq->view->conf->taxonomy;
	int64_t all = 0;

	*ret_same = 0;
	for (int i = first_of(s, l->source, l->own);
	     i < s->n && !use_order(&s->u[i], l->source, l->own); i++) {
		bool same = same_way(t, mapped, s->u[i].says, above_too);

		all += s->u[i].listings;
		if (same) {
			*ret_same += s->u[i].listings;
		} else if (s->u[i].listings > f->instead_n) {
			f->instead = s->u[i].says;
			f->instead_n = s->u[i].listings;
		}
	}
	return all;
}

static bool conflict(const struct report *r, const struct category_use *l, int mapped,
		     struct figures *f)
{
	int64_t same;

	*f = (struct figures){ 0 };
	f->voted = count(r, &r->votes, l, mapped, true, &same, f);
	f->contradicted = f->voted - same;
	f->instead_n = 0; /* people's word goes before */
	f->reviewed = count(r, &r->reviews, l, mapped, false, &f->agreed, f);
	f->agree = interval_wilson((double)f->agreed, (double)f->reviewed, LEVEL);
	f->against = interval_wilson((double)f->contradicted, (double)f->voted, LEVEL);
	return (f->reviewed && f->agree.high < LABELER_SOURCE_PRECISION) ||
	       (f->voted && f->against.low > MOST_AGAINST);
}

static void interval_json(struct json *j, const char *key, struct interval i, int64_t n)
{
	if (!n) {
		json_null(j, key);
		return;
	}
	json_array(j, key);
	json_num(j, NULL, i.low, 4);
	json_num(j, NULL, i.high, 4);
	json_end_array(j);
}

static void conflict_json(struct json *j, const struct conf_taxonomy *t,
			  const struct category_use *l, int mapped, const struct figures *f)
{
	json_object(j, NULL);
	json_str(j, "category", l->own);
	json_int(j, "listings", l->listings);
	json_str(j, "mapped", t->taxa[mapped].code);
	json_int(j, "reviewed", f->reviewed);
	json_int(j, "agreed", f->agreed);
	interval_json(j, "agree", f->agree, f->reviewed);
	json_int(j, "voted", f->voted);
	json_int(j, "contradicted", f->contradicted);
	interval_json(j, "against", f->against, f->voted);
	json_str(j, "instead", f->instead);
	json_end_object(j);
}

static void coverage(const struct report *r, struct str source)
{
	int64_t listings = 0, mapped = 0, categories = 0, categories_mapped = 0;
	struct json *j = &r->rq->j;

	for (int i = first_of(&r->listings, source, STR("")); i < r->listings.n; i++) {
		const struct category_use *l = &r->listings.u[i];
		bool is = str_eq(l->source, source) &&
			  labeler_map(r->rq->view->labeler, source, l->own) >= 0;

		if (!str_eq(l->source, source))
			break;
		listings += l->listings;
		mapped += is ? l->listings : 0;
		categories += l->own.n > 0;
		categories_mapped += is;
	}
	json_int(j, "listings", listings);
	json_int(j, "mapped", mapped);
	json_int(j, "categories", categories);
	json_int(j, "categories_mapped", categories_mapped);
}

static int most_first(const void *a, const void *b)
{
	const struct category_use *x = a, *y = b;

	if (x->listings != y->listings)
		return x->listings < y->listings ? 1 : -1;
	return str_cmp(x->own, y->own);
}

static void unmapped(const struct report *r, struct str source)
{
	struct category_use *u = arena_array(r->rq->arena, (size_t)r->listings.n + 1, sizeof(*u));
	struct json *j = &r->rq->j;
	int n = 0;

	for (int i = 0; i < r->listings.n; i++) {
		const struct category_use *l = &r->listings.u[i];

		if (l->own.n && str_eq(l->source, source) &&
		    labeler_map(r->rq->view->labeler, source, l->own) < 0)
			u[n++] = *l;
	}
	qsort(u, (size_t)n, sizeof(*u), most_first);
	json_array(j, "unmapped");
	for (int i = 0; i < n && i < UNMAPPED_SHOWN; i++) {
		json_object(j, NULL);
		json_str(j, "category", u[i].own);
		json_int(j, "listings", u[i].listings);
		json_end_object(j);
	}
	json_end_array(j);
}

static void conflicts(const struct report *r, struct str source)
{
	const struct conf_taxonomy *t = &r->rq->view->conf->taxonomy;
	struct json *j = &r->rq->j;
	struct figures f;

	json_array(j, "conflicts");
	for (int i = 0; i < r->listings.n; i++) {
		const struct category_use *l = &r->listings.u[i];
		int mapped = str_eq(l->source, source)
				     ? labeler_map(r->rq->view->labeler, source, l->own)
				     : -1;

		if (mapped >= 0 && conflict(r, l, mapped, &f))
			conflict_json(j, t, l, mapped, &f);
	}
	json_end_array(j);
}

static void overlaps(const struct report *r, struct str source)
{
	const struct conf_taxonomy *t = &r->rq->view->conf->taxonomy;
	struct category_overlap o[OVERLAPS_SHOWN];
	int n = category_map_overlaps(t, source, o, OVERLAPS_SHOWN);
	struct json *j = &r->rq->j;

	json_array(j, "overlaps");
	for (int i = 0; i < n; i++) {
		const struct conf_mapping *in = &t->mappings[o[i].inner],
					  *out = &t->mappings[o[i].outer];

		json_object(j, NULL);
		json_str(j, "from", in->from);
		json_str(j, "says", t->taxa[in->taxon].code);
		json_str(j, "within", out->from);
		json_str(j, "which_says", t->taxa[out->taxon].code);
		json_end_object(j);
	}
	json_end_array(j);
}

static bool met(const struct report *r, const struct conf_mapping *m)
{
	for (int i = 0; i < r->listings.n; i++)
		if (str_eq(r->listings.u[i].source, m->source) &&
		    str_like(r->listings.u[i].own, m->from))
			return true;
	return false;
}

static void unused(const struct report *r, struct str source)
{
	const struct conf_taxonomy *t = &r->rq->view->conf->taxonomy;
	struct json *j = &r->rq->j;

	json_array(j, "unused");
	for (int i = 0; i < t->n_mappings; i++)
		if (str_eq(t->mappings[i].source, source) && !met(r, &t->mappings[i]))
			json_str(j, NULL, t->mappings[i].from);
	json_end_array(j);
}

static void source_json(const struct report *r, struct str source)
{
	json_object(&r->rq->j, NULL);
	json_str(&r->rq->j, "source", source);
	coverage(r, source);
	unmapped(r, source);
	conflicts(r, source);
	overlaps(r, source);
	unused(r, source);
	json_end_object(&r->rq->j);
}

static enum err read_uses(struct request *rq, enum category_use_of what, struct uses *ret,
			  struct reason *why)
{
	return reader_category_use(rq->reader, what, rq->arena, &ret->u, &ret->n, why);
}

/* Whether anything is known of it: listings or mappings. */
static bool known(const struct report *r, struct str source)
{
	const struct conf_taxonomy *t = &r->rq->view->conf->taxonomy;

	for (int i = 0; i < r->listings.n; i++)
		if (str_eq(r->listings.u[i].source, source))
			return true;
	for (int i = 0; i < t->n_mappings; i++)
		if (str_eq(t->mappings[i].source, source))
			return true;
	return false;
}

static void sources(const struct report *r, struct str only)
{
	const struct conf *c = r->rq->view->conf;

	if (only.n) {
		source_json(r, only);
		return;
	}
	for (int i = 0; i < c->n_sources; i++)
		if (known(r, c->sources[i].name))
			source_json(r, c->sources[i].name);
	for (int i = 0; i < c->taxonomy.n_sources; i++)
		if (!conf_source(c, c->taxonomy.sources[i]) && known(r, c->taxonomy.sources[i]))
			source_json(r, c->taxonomy.sources[i]);
}

void api_mapping_report(struct request *rq)
{
	struct str only = request_text(rq, "source");
	struct report r = { .rq = rq };
	struct reason why = { "" };
	enum err err = read_uses(rq, CATEGORY_LISTINGS, &r.listings, &why);

	if (!err)
		err = read_uses(rq, CATEGORY_REVIEWS, &r.reviews, &why);
	if (!err)
		err = read_uses(rq, CATEGORY_VOTES, &r.votes, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	if (only.n && !known(&r, only)) {
		request_fail(rq, 404, "not-found", "GET /api/sources has the sources.",
			     "no listing and no mapping is of source `%.*s`", STR_ARG(only));
		return;
	}
	json_object(&rq->j, NULL);
	json_array(&rq->j, "sources");
	sources(&r, only);
	json_end_array(&rq->j);
	json_end_object(&rq->j);
}
