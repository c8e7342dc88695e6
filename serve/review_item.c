#include "serve/review_item.h"

#include "base/clock.h"
#include "exporter/exporter.h"
#include "labeler/pick.h"
#include "serve/api_json.h"

#define MOST_HITS 16
#define MOST_NEAREST 2
/* Reviewed listings that are compared with: the newest of each category in question, and the
 * newest of all. */
#define NEAREST_OF_CATEGORY 100
#define NEAREST_OF_ALL 200

/* What rules say, whoever's label stands. */
static struct str by_rules(struct request *rq, const struct listing_view *v,
			   const struct vote *votes, int n)
{
	struct str category = { 0 }, why = { 0 };
	double confidence;

	if (v->labeled && v->label.by == LABEL_BY_RULES)
		return v->label.category;
	if (!labeler_resolve(rq->view->labeler, votes, n, rq->arena, &category, &confidence, &why))
		return (struct str){ 0 };
	return category;
}

enum err review_item_kept(struct request *rq, const struct listing_view *v, struct str *ret,
			  struct reason *why)
{
	const struct labeler *l = rq->view->labeler;
	int own = labeler_map(l, v->listing.source, v->listing.category), n = 0;
	struct vote *votes = NULL;
	struct str label;
	enum err err = reader_votes(rq->reader, v->listing.id, rq->arena, &votes, &n, why);

	if (err)
		return err;
	label = by_rules(rq, v, votes, n);
	*ret = own < 0 || labeler_within(l, label, own) ? label
							: rq->view->conf->taxonomy.taxa[own].code;
	return ERR_OK;
}

static bool same(char a, char b)
{
	return str_eq_nocase((struct str){ &a, 1 }, (struct str){ &b, 1 });
}

/* Bytes of `s` that are `word`, spaces and case aside; 0: it does not begin with it. */
static size_t begins(struct str s, struct str word)
{
	size_t i = 0, k = 0;

	while (k < word.n) {
		if (word.p[k] == ' ') {
			k++;
		} else if (i && i < s.n && s.p[i] == ' ') {
			i++;
		} else {
			if (i >= s.n || !same(s.p[i], word.p[k]))
				return 0;
			i++;
			k++;
		}
	}
	return i;
}

static void put_place(struct json *j, struct str title, struct str word)
{
	size_t n = 0;

	for (size_t i = 0; i < title.n && word.n; i++) {
		n = begins(str_sub(title, i, title.n), word);
		if (!n)
			continue;
		json_array(j, "at");
		json_int(j, NULL, (int64_t)i);
		json_int(j, NULL, (int64_t)(i + n));
		json_end_array(j);
		return;
	}
	json_null(j, "at");
}

static void put_hits(struct request *rq, const struct listing *l)
{
	struct labeler_scratch *scratch = labeler_scratch_new();
	struct labeler_hit hits[MOST_HITS];
	int n = labeler_hits(rq->view->labeler, scratch, l, hits, MOST_HITS);

	json_array(&rq->j, "hits");
	for (int i = 0; i < n; i++) {
		json_object(&rq->j, NULL);
		json_str(&rq->j, "rule", hits[i].rule);
		api_json_category(&rq->j, rq->view->conf, hits[i].category);
		json_str(&rq->j, "word", hits[i].word.n ? hits[i].word : (struct str){ 0 });
		put_place(&rq->j, l->title, hits[i].word);
		json_end_object(&rq->j);
	}
	json_end_array(&rq->j);
	labeler_scratch_free(scratch);
}

/* Reviewed listings of which some may be like it. */
struct pool {
	struct reviewed_row rows[NEAREST_OF_CATEGORY * (SUGGESTION_K + 1) + NEAREST_OF_ALL];
	struct str titles[NEAREST_OF_CATEGORY * (SUGGESTION_K + 1) + NEAREST_OF_ALL];
	int n;
};

static bool is_in(const struct pool *p, int64_t listing)
{
	for (int i = 0; i < p->n; i++)
		if (p->rows[i].listing == listing)
			return true;
	return false;
}

static enum err gather(struct request *rq, struct str category, int most, int64_t not,
		       struct pool *p, struct reason *why)
{
	struct reviewed_row *rows = NULL;
	int n = 0;
	enum err err = reader_reviewed(rq->reader, category, most, rq->arena, &rows, &n, why);

	for (int i = 0; i < n && !err; i++) {
		if (rows[i].listing == not || is_in(p, rows[i].listing))
			continue;
		p->titles[p->n] = rows[i].title_core;
		p->rows[p->n++] = rows[i];
	}
	return err;
}

static enum err put_nearest(struct request *rq, const struct listing_view *v, struct str kept,
			    struct reason *why)
{
	struct pool *p = arena_zero(rq->arena, sizeof(*p));
	int64_t id = v->listing.id;
	double cosines[MOST_NEAREST];
	int at[MOST_NEAREST], n;
	enum err err = ERR_OK;

	for (int i = 0; i < SUGGESTION_K && !err; i++)
		if (v->suggestion.category[i].n)
			err = gather(rq, v->suggestion.category[i], NEAREST_OF_CATEGORY, id, p,
				     why);
	if (!err && kept.n)
		err = gather(rq, kept, NEAREST_OF_CATEGORY, id, p, why);
	if (!err)
		err = gather(rq, (struct str){ 0 }, NEAREST_OF_ALL, id, p, why);
	if (err)
		return err;
	n = pick_alike(listing_core(&v->listing), p->titles, p->n, MOST_NEAREST, at, cosines);
	json_array(&rq->j, "nearest");
	for (int i = 0; i < n; i++) {
		json_object(&rq->j, NULL);
		json_int(&rq->j, "id", p->rows[at[i]].listing);
		json_str(&rq->j, "title", p->rows[at[i]].title);
		api_json_category(&rq->j, rq->view->conf, p->rows[at[i]].category);
		json_num(&rq->j, "alike", cosines[i], 3);
		json_end_object(&rq->j);
	}
	json_end_array(&rq->j);
	return ERR_OK;
}

static enum err put_decisions(struct request *rq, int64_t listing, struct reason *why)
{
	struct review_decision *d = NULL;
	int n = 0;
	enum err err = reader_decisions_of(rq->reader, listing, rq->arena, &d, &n, why);

	if (err)
		return err;
	json_array(&rq->j, "decisions");
	for (int i = 0; i < n; i++) {
		json_object(&rq->j, NULL);
		json_str(&rq->j, "who", d[i].who);
		json_text(&rq->j, "action", review_actions[d[i].action].name);
		api_json_category(&rq->j, rq->view->conf, d[i].category);
		json_str(&rq->j, "reason", d[i].reason.n ? d[i].reason : (struct str){ 0 });
		api_json_time(&rq->j, "made", d[i].made_ms);
		json_end_object(&rq->j);
	}
	json_end_array(&rq->j);
	return ERR_OK;
}

static enum err put_open(struct request *rq, const struct review_item *i, struct listing_view *v,
			 struct reason *why)
{
	const struct conf *c = rq->view->conf;
	struct vote *votes = NULL;
	struct str kept = { 0 };
	int n = 0;
	enum err err = review_item_kept(rq, v, &kept, why);

	if (!err)
		err = reader_votes(rq->reader, v->listing.id, rq->arena, &votes, &n, why);
	if (err)
		return err;
	if (i->second && v->label.by == LABEL_BY_PERSON) {
		v->labeled = false;
		v->label = (struct label){ 0 };
	}
	json_object(&rq->j, NULL);
	api_json_listing(&rq->j, c, v, rq->arena);
	api_json_votes(&rq->j, "votes", c, votes, n);
	if (kept.n) {
		json_object(&rq->j, "keep");
		api_json_category(&rq->j, c, kept);
		json_end_object(&rq->j);
	} else {
		json_null(&rq->j, "keep");
	}
	put_hits(rq, &v->listing);
	err = put_nearest(rq, v, kept, why);
	if (!err && i->disputed)
		err = put_decisions(rq, v->listing.id, why);
	json_bool(&rq->j, "second", i->second);
	return err;
}

/* By the thing alone: its address leads to a page that names the seller's category. */
static void put_blind(struct request *rq, const struct review_item *i, const struct listing *l)
{
	struct str price = export_columns_price(l, rq->arena);
	struct str images = listing_images(l, rq->arena);
	struct json *j = &rq->j;

	json_object(j, NULL);
	json_int(j, "id", l->id);
	json_str(j, "title", l->title);
	json_str(j, "description", l->description);
	if (price.n)
		json_raw(j, "price", price);
	else
		json_null(j, "price");
	json_str(j, "currency", l->currency);
	json_str(j, "image", l->image);
	if (images.n)
		json_raw(j, "images", images);
	else
		json_null(j, "images");
	json_str(j, "brand", l->brand);
	json_str(j, "condition", l->condition);
	json_bool(j, "blind", true);
	json_int(j, "draw", i->draw);
	json_int(j, "place", i->drawn->place);
}

enum err review_item_put(struct request *rq, const struct review_item *i, struct reason *why)
{
	struct listing_view v;
	enum err err = reader_listing(rq->reader, i->listing, (struct str){ 0 }, (struct str){ 0 },
				      rq->arena, &v, why);

	if (err)
		return err;
	if (i->drawn)
		put_blind(rq, i, &v.listing);
	else
		err = put_open(rq, i, &v, why);
	json_int(&rq->j, "served", clock_wall_ms(&clock_system));
	json_end_object(&rq->j);
	return err;
}
