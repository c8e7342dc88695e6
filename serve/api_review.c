#include "serve/api.h"
#include "serve/api_json.h"

#include "base/log.h"

#include <inttypes.h>

#define MOST_NEXT 50

struct picks {
	int64_t id[MOST_NEXT];
	int n, most;
};

static bool pick(void *ctx, const struct listing_view *v)
{
	struct picks *p = ctx;

	p->id[p->n++] = v->listing.id;
	return p->n < p->most;
}

static bool is_below(const struct conf *c, struct str code, int above)
{
	int at = conf_taxon(c, code);

	while (at >= 0 && at != above)
		at = c->taxonomy.taxa[at].parent;
	return at == above;
}

/* What `keep` means: where the seller put it, or the label when that says it
 * closer or when the seller's category is not mapped. */
static struct str kept(const struct request *rq, const struct listing_view *v)
{
	const struct conf *c = rq->view->conf;
	int own = labeler_map(rq->view->labeler, v->listing.source, v->listing.category);
	struct str label = { 0 };

	if (v->labeled)
		label = v->label.category;
	return own < 0 || is_below(c, label, own) ? label : c->taxonomy.taxa[own].code;
}

static void put_kept(struct request *rq, const struct listing_view *v)
{
	struct str code = kept(rq, v);

	if (!code.n) {
		json_null(&rq->j, "keep");
		return;
	}
	json_object(&rq->j, "keep");
	api_json_category(&rq->j, rq->view->conf, code);
	json_end_object(&rq->j);
}

static enum err put(struct request *rq, int64_t id, struct reason *why)
{
	struct vote *votes = NULL;
	struct listing_view v;
	int n = 0;
	enum err err;

	err = reader_listing(rq->reader, id, (struct str){ 0 }, (struct str){ 0 }, rq->arena, &v,
			     why);
	if (!err)
		err = reader_votes(rq->reader, id, rq->arena, &votes, &n, why);
	if (err)
		return err;
	json_object(&rq->j, NULL);
	api_json_listing(&rq->j, rq->view->conf, &v, rq->arena);
	api_json_votes(&rq->j, "votes", rq->view->conf, votes, n);
	put_kept(rq, &v);
	json_end_object(&rq->j);
	return ERR_OK;
}

void api_review_next(struct request *rq)
{
	struct picks picks = { .most = (int)request_int(rq, "n") };
	struct listing_filter f = { .review_queue = true,
				    .most = picks.most,
				    .source = request_text(rq, "source"),
				    .who = request_text(rq, "who") };
	struct reason why = { "" };
	struct arena *a;
	int64_t size = 0;
	enum err err;

	a = arena_new((size_t)16 << 10);
	err = reader_review_size(rq->reader, &size, &why);
	if (!err)
		err = reader_listings(rq->reader, &f, a, pick, &picks, &why);
	arena_free(a);
	json_object(&rq->j, NULL);
	json_int(&rq->j, "queue", size);
	json_array(&rq->j, "items");
	for (int i = 0; i < picks.n && !err; i++)
		err = put(rq, picks.id[i], &why);
	json_end_array(&rq->j);
	json_end_object(&rq->j);
	if (err)
		request_err(rq, err, &why, NULL);
}

static const struct action {
	const char *name;
	enum write_review_action action;
} actions[] = {
	{ "accept", REVIEW_ACCEPT }, { "keep", REVIEW_KEEP }, { "choose", REVIEW_CHOOSE },
	{ "skip", REVIEW_SKIP },     { "undo", REVIEW_UNDO },
};

/* What the decision is about when the request does not say. */
static struct str implied(const struct request *rq, const struct listing_view *v)
{
	if (rq->write.action == REVIEW_ACCEPT && v->suggested)
		return v->suggestion.category[0];
	if (rq->write.action == REVIEW_KEEP)
		return kept(rq, v);
	return (struct str){ 0 };
}

static void check_category(struct request *rq, const struct listing_view *v)
{
	const struct conf *c = rq->view->conf;
	struct write *w = &rq->write;

	if (!w->category.n)
		w->category = implied(rq, v);
	if (!w->category.n)
		request_fail(rq, 400, "bad", "Give `category`: a code of the taxonomy.",
			     "listing %" PRId64 " has nothing to %.*s", w->listing,
			     STR_ARG(request_text(rq, "action")));
	else if (conf_taxon(c, w->category) < 0)
		request_fail(rq, 400, "bad", "GET /api/taxonomy/search?text=... finds codes.",
			     "no category `%.*s`", STR_ARG(w->category));
}

static void check_listing(struct request *rq)
{
	struct reason why = { "" };
	struct listing_view v;
	enum err err;

	if (rq->write.listing == 0) {
		request_fail(rq, 400, "bad", "Only undo does without.", "`listing` is missing");
		return;
	}
	err = reader_listing(rq->reader, rq->write.listing, (struct str){ 0 }, (struct str){ 0 },
			     rq->arena, &v, &why);
	if (err == ERR_NOT_FOUND)
		request_fail(rq, 404, "not-found", NULL, "no listing %" PRId64, rq->write.listing);
	else if (err)
		request_err(rq, err, &why, NULL);
	else if (rq->write.action != REVIEW_SKIP)
		check_category(rq, &v);
}

void api_review_work(struct request *rq)
{
	struct str action = request_text(rq, "action");
	struct write *w = &rq->write;

	w->kind = WRITE_REVIEW;
	w->taxonomy = rq->view->conf->taxonomy.version;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (str_is(action, actions[i].name))
			w->action = actions[i].action;
	w->listing = request_int(rq, "listing");
	w->category = request_text(rq, "category");
	w->who = str_trim(request_text(rq, "who"));
	w->shown = request_text(rq, "shown");
	if (!w->who.n)
		request_fail(rq, 400, "bad", "A person's name goes into the log of labels.",
			     "`who` is empty");
	else if (w->action != REVIEW_UNDO)
		check_listing(rq);
}

static void written(struct request *rq)
{
	struct str action = request_text(rq, "action");
	const struct write *w = &rq->write;
	struct json *j = &rq->j;

	log_info("listing=%" PRId64 " reviewed action=%.*s category=%.*s who=%.*s", w->listing,
		 STR_ARG(action), STR_ARG(w->category), STR_ARG(w->who));
	json_object(j, NULL);
	json_int(j, "listing", w->listing);
	json_str(j, "action", action);
	json_str(j, "category", w->category);
	json_int(j, "label", w->ret_label);
	json_end_object(j);
}

void api_review_last(struct request *rq)
{
	request_write(rq, written);
}
