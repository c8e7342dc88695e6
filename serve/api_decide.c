/* What a person says: events of review. */
#include "serve/api.h"
#include "serve/review_item.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>

/* What the decision is about when the request does not say. */
static struct str implied(struct request *rq, const struct listing_view *v)
{
	struct str kept = { 0 };
	struct reason why = { "" };
	enum err err;

	if (rq->write.action == REVIEW_ACCEPT && v->suggested)
		return v->suggestion.category[0];
	if (rq->write.action != REVIEW_KEEP)
		return kept;
	err = review_item_kept(rq, v, &kept, &why);
	if (err)
		request_err(rq, err, &why, NULL);
	return kept;
}

static void check_category(struct request *rq, const struct listing_view *v)
{
	struct write *w = &rq->write;
	bool may_lack = w->action == REVIEW_NONE || w->action == REVIEW_FLAG ||
			w->action == REVIEW_ADJUDICATE || !review_actions[w->action].decides;

	if (!w->category.n && !may_lack)
		w->category = implied(rq, v);
	if (rq->failed)
		return;
	if (w->category.n && may_lack && w->action != REVIEW_ADJUDICATE)
		request_fail(rq, 400, "bad", NULL, "%s names no category",
			     review_actions[w->action].name);
	else if (!w->category.n && !may_lack)
		request_fail(rq, 400, "bad", "Give `category`: a code of the taxonomy.",
			     "listing %" PRId64 " has nothing to %s", w->listing,
			     review_actions[w->action].name);
	else if (w->category.n && conf_taxon(rq->view->conf, w->category) < 0)
		request_fail(rq, 400, "bad", "GET /api/taxonomy/search?text=... finds codes.",
			     "no category `%.*s`", STR_ARG(w->category));
}

/* The draw knows how the listing came to be asked. */
static void check_draw(struct request *rq)
{
	struct review_event *e = &rq->write.event;
	struct review_draw_item item = { 0 };
	struct reason why = { "" };
	enum err err;

	if (!review_actions[rq->write.action].blind) {
		request_fail(rq, 400, "bad",
			     "Of a drawn listing neither suggestions nor the seller's category are "
			     "shown: choose, none, flag, unsure or skip.",
			     "an audit is blind: there is nothing to %s",
			     review_actions[rq->write.action].name);
		return;
	}
	e->draw = request_int(rq, "draw");
	err = reader_draw_item(rq->reader, e->draw, rq->write.listing, rq->arena, &item, &why);
	if (err) {
		request_err(rq, err, &why, "`draw` is the one that the listing was shown of.");
		return;
	}
	e->place = item.place;
	e->drawn_p = item.drawn_p;
	e->wants = item.wants;
	e->shown = STR("{\"blind\":true}");
}

static void check_listing(struct request *rq)
{
	struct write *w = &rq->write;
	struct reason why = { "" };
	struct listing_view v;
	enum err err;

	if (w->listing == 0) {
		request_fail(rq, 400, "bad", "Only undo does without.", "`listing` is missing");
		return;
	}
	err = reader_listing(rq->reader, w->listing, (struct str){ 0 }, (struct str){ 0 },
			     rq->arena, &v, &why);
	if (err == ERR_NOT_FOUND)
		request_fail(rq, 404, "not-found", NULL, "no listing %" PRId64, w->listing);
	else if (err)
		request_err(rq, err, &why, NULL);
	if (rq->failed)
		return;
	w->event.model = v.suggested ? v.suggestion.model : 0;
	check_category(rq, &v);
	if (!rq->failed && w->event.queue == QUEUE_AUDIT)
		check_draw(rq);
}

/* The further listings of a bulk. */
static void check_listings(struct request *rq)
{
	const struct request_arg *a = request_arg(rq, "listings");
	struct write *w = &rq->write;
	int64_t *ids = arena_array(rq->arena, (size_t)a->n_texts + 1, sizeof(*ids));

	for (int i = 0; i < a->n_texts; i++)
		if (!str_i64(a->texts[i], &ids[i])) {
			request_fail(rq, 400, "bad", "Row numbers, as texts.",
				     "`listings` holds \"%.*s\"", STR_ARG(a->texts[i]));
			return;
		}
	w->ids = ids;
	w->n_ids = a->n_texts;
	w->with_family = request_bool(rq, "family");
	if ((w->n_ids || w->with_family) &&
	    (!review_actions[w->action].decides || w->event.queue == QUEUE_AUDIT))
		request_fail(rq, 400, "bad", "Decide it, or leave out `listings` and `family`.",
			     "%s is said of one listing at a time",
			     w->event.queue == QUEUE_AUDIT ? "in an audit it"
							   : review_actions[w->action].name);
}

static void read_event(struct request *rq)
{
	const struct conf *c = rq->view->conf;
	struct review_event *e = &rq->write.event;
	int64_t served = request_int(rq, "served"), since;

	e->client = request_text(rq, "event");
	e->shown = request_text(rq, "shown");
	e->key = request_text(rq, "key");
	e->reason = str_trim(request_text(rq, "reason"));
	e->place = request_int(rq, "place");
	review_queue_parse(request_text(rq, "queue"), &e->queue);
	e->took_ms = request_int(rq, "took_ms");
	since = clock_wall_ms(&clock_system) - served;
	if (served && e->took_ms > since)
		e->took_ms = since > 0 ? since : 0;
	if (e->took_ms > REVIEW_TOOK_MOST_MS)
		e->took_ms = REVIEW_TOOK_MOST_MS;
	rq->write.taxonomy = c->taxonomy.version;
	e->rules = labeler_version(rq->view->labeler);
	e->wants = e->queue != QUEUE_ADJUDICATE && request_arg(rq, "listings")->n_texts == 0 &&
				   review_second(rq->write.listing, c->review_double)
			   ? 2
			   : 1;
}

void api_decide_work(struct request *rq)
{
	struct write *w = &rq->write;

	w->kind = WRITE_REVIEW;
	review_action_parse(request_text(rq, "action"), &w->action);
	w->listing = request_int(rq, "listing");
	w->category = request_text(rq, "category");
	w->who = str_trim(request_text(rq, "who"));
	read_event(rq);
	if (!w->who.n)
		request_fail(rq, 400, "bad", "A person's name goes into the log of labels.",
			     "`who` is empty");
	else if (w->action == REVIEW_FLAG && !w->event.reason.n)
		request_fail(rq, 400, "bad", "Say in `reason` why it is no example.",
			     "a flag needs a reason");
	else
		check_listings(rq);
	if (!rq->failed && w->action != REVIEW_UNDO)
		check_listing(rq);
}

static void written(struct request *rq)
{
	struct str action = request_text(rq, "action");
	const struct write *w = &rq->write;
	struct json *j = &rq->j;

	if (!w->ret_known)
		log_info("listing=%" PRId64 " reviewed action=%.*s category=%.*s who=%.*s "
			 "queue=%s listings=%d",
			 w->listing, STR_ARG(action), STR_ARG(w->category), STR_ARG(w->who),
			 review_queues[w->event.queue].name, w->ret_changed);
	json_object(j, NULL);
	json_int(j, "listing", w->listing);
	json_str(j, "action", action);
	json_str(j, "category", w->category);
	json_int(j, "label", w->ret_label);
	json_int(j, "listings", w->ret_changed);
	json_bool(j, "known", w->ret_known);
	json_end_object(j);
}

void api_decide_last(struct request *rq)
{
	request_write(rq, written);
}
