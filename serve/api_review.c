/* What a person is asked: the queues of review. */
#include "serve/api.h"
#include "serve/api_json.h"
#include "serve/review_item.h"

#include "labeler/pick.h"

/* Of one predicted category, on a page of what the model is not sure of. */
#define MOST_OF_CLASS 2

static enum err put_items(struct request *rq, const struct review_item *items, int n,
			  struct reason *why)
{
	enum err err = ERR_OK;

	json_array(&rq->j, "items");
	for (int i = 0; i < n && !err; i++)
		err = review_item_put(rq, &items[i], why);
	json_end_array(&rq->j);
	return err;
}

/* What waits for a second person as it is; of the others those that pick.h says. */
static int diverse(struct arena *a, const struct review_pick *picks, int n, int most,
		   struct review_pick *to)
{
	struct pick_item *items = arena_array(a, (size_t)n + 1, sizeof(*items));
	int *at = arena_array(a, (size_t)most, sizeof(*at)), seconds = 0, taken;

	while (seconds < n && seconds < most && picks[seconds].second) {
		to[seconds] = picks[seconds];
		seconds++;
	}
	for (int i = seconds; i < n; i++)
		items[i - seconds] = (struct pick_item){ .title = picks[i].title_core,
							 .family = picks[i].family,
							 .klass = picks[i].first,
							 .worth = picks[i].score };
	taken = pick_diverse(items, n - seconds, MOST_OF_CLASS, most - seconds, at);
	for (int i = 0; i < taken; i++)
		to[seconds + i] = picks[seconds + at[i]];
	return seconds + taken;
}

static enum err pick(struct request *rq, struct review_filter *f, struct review_item **ret,
		     int *ret_n, struct reason *why)
{
	int most = f->most, n = 0;
	struct review_pick *picks = NULL, *some;
	struct review_item *items;
	enum err err;

	if (f->queue == QUEUE_UNCERTAIN)
		f->most = PICK_POOL;
	err = reader_review_queue(rq->reader, f, rq->arena, &picks, &n, why);
	if (err)
		return err;
	if (f->queue == QUEUE_UNCERTAIN) {
		some = arena_array(rq->arena, (size_t)most, sizeof(*some));
		n = diverse(rq->arena, picks, n, most, some);
		picks = some;
	}
	items = arena_zero(rq->arena, ((size_t)n + 1) * sizeof(*items));
	for (int i = 0; i < n; i++)
		items[i] = (struct review_item){ .listing = picks[i].listing,
						 .second = picks[i].second,
						 .disputed = f->queue == QUEUE_ADJUDICATE };
	*ret = items;
	*ret_n = n;
	return ERR_OK;
}

static void next_of_queue(struct request *rq, enum review_queue queue)
{
	struct review_filter f = { .queue = queue,
				   .most = (int)request_int(rq, "n"),
				   .source = request_text(rq, "source"),
				   .who = request_text(rq, "who") };
	struct review_item *items = NULL;
	struct reason why = { "" };
	int64_t size = 0;
	int n = 0;
	enum err err = reader_queue_size(rq->reader, queue, &size, &why);

	if (!err)
		err = pick(rq, &f, &items, &n, &why);
	json_object(&rq->j, NULL);
	json_int(&rq->j, "queue", size > n ? size : n);
	if (!err)
		err = put_items(rq, items, n, &why);
	json_end_object(&rq->j);
	if (err)
		request_err(rq, err, &why, NULL);
}

static void next_of_draw(struct request *rq)
{
	int64_t id = request_int(rq, "draw");
	struct str who = request_text(rq, "who");
	struct review_draw_item *drawn = NULL;
	struct review_draw *draws = NULL;
	struct review_item *items;
	struct reason why = { "" };
	int n = 0, n_draws = 0;
	enum err err;

	if (!who.n) {
		request_fail(rq, 400, "bad", "Some of it is decided by two people.",
			     "an audit is asked for with `who`");
		return;
	}
	err = reader_draws(rq->reader, id, rq->arena, &draws, &n_draws, &why);
	if (!err && !n_draws)
		err = reason_set(&why, ERR_NOT_FOUND, id ? "no draw %lld" : "nothing was drawn",
				 (long long)id);
	if (!err)
		err = reader_draw_next(rq->reader, draws->id, who, (int)request_int(rq, "n"),
				       rq->arena, &drawn, &n, &why);
	items = arena_zero(rq->arena, ((size_t)n + 1) * sizeof(*items));
	for (int i = 0; i < n; i++)
		items[i] = (struct review_item){ .listing = drawn[i].listing,
						 .drawn = &drawn[i],
						 .draw = draws->id };
	json_object(&rq->j, NULL);
	json_int(&rq->j, "queue", n_draws ? draws->items - draws->done : 0);
	if (!err)
		err = put_items(rq, items, n, &why);
	json_end_object(&rq->j);
	if (err)
		request_err(rq, err, &why, "GET /api/review/draws lists them.");
}

void api_review_next(struct request *rq)
{
	enum review_queue queue = QUEUE_ALL;

	review_queue_parse(request_text(rq, "queue"), &queue);
	if (queue == QUEUE_AUDIT)
		next_of_draw(rq);
	else
		next_of_queue(rq, queue);
}

/* A listing of a queue again: after its decision was taken back. */
void api_review_item(struct request *rq)
{
	int64_t draw = request_int(rq, "draw");
	enum review_queue queue = QUEUE_ALL;
	struct review_item item = { .listing = request_int(rq, "id"), .draw = draw };
	struct review_draw_item drawn = { 0 };
	struct reason why = { "" };
	enum err err = ERR_OK;

	review_queue_parse(request_text(rq, "queue"), &queue);
	item.disputed = queue == QUEUE_ADJUDICATE;
	item.second = !item.disputed; /* whoever has said something of it meanwhile */
	if (queue == QUEUE_AUDIT) {
		err = reader_draw_item(rq->reader, draw, item.listing, rq->arena, &drawn, &why);
		item.drawn = &drawn;
	}
	json_object(&rq->j, NULL);
	if (!err)
		err = put_items(rq, &item, 1, &why);
	json_end_object(&rq->j);
	if (err)
		request_err(rq, err, &why, NULL);
}

static enum err put_title(struct request *rq, int64_t listing, struct reason *why)
{
	struct listing_view v;
	enum err err = reader_listing(rq->reader, listing, (struct str){ 0 }, (struct str){ 0 },
				      rq->arena, &v, why);

	if (err)
		return err;
	json_object(&rq->j, NULL);
	api_json_listing(&rq->j, rq->view->conf, &v, rq->arena);
	json_end_object(&rq->j);
	return ERR_OK;
}

/* Titles that are likely of one category, to be accepted at once. */
void api_review_grid(struct request *rq)
{
	struct review_filter f = { .category = request_text(rq, "category"),
				   .most = (int)request_int(rq, "n"),
				   .source = request_text(rq, "source"),
				   .who = request_text(rq, "who") };
	struct review_pick *picks = NULL;
	struct reason why = { "" };
	int n = 0;
	enum err err;

	if (conf_taxon(rq->view->conf, f.category) < 0) {
		request_fail(rq, 400, "bad", "GET /api/taxonomy/search?text=... finds codes.",
			     "no category `%.*s`", STR_ARG(f.category));
		return;
	}
	err = reader_review_queue(rq->reader, &f, rq->arena, &picks, &n, &why);
	json_object(&rq->j, NULL);
	api_json_category(&rq->j, rq->view->conf, f.category);
	json_array(&rq->j, "items");
	for (int i = 0; i < n && !err; i++)
		err = put_title(rq, picks[i].listing, &why);
	json_end_array(&rq->j);
	json_end_object(&rq->j);
	if (err)
		request_err(rq, err, &why, NULL);
}

static void put_draw(struct json *j, const struct review_draw *d)
{
	json_object(j, NULL);
	json_int(j, "id", d->id);
	json_str(j, "name", d->name);
	json_str(j, "who", d->who);
	api_json_time(j, "made", d->made_ms);
	json_int(j, "population", d->population);
	json_int(j, "items", d->items);
	json_int(j, "decisions", d->decisions);
	json_int(j, "done", d->done);
	json_object(j, "versions");
	json_int(j, "taxonomy", d->taxonomy);
	api_json_hex(j, "labeler", d->rules);
	json_int(j, "model", d->model);
	json_end_object(j);
	json_end_object(j);
}

void api_review_draws(struct request *rq)
{
	struct review_draw *d = NULL;
	struct reason why = { "" };
	int n = 0;
	enum err err = reader_draws(rq->reader, 0, rq->arena, &d, &n, &why);

	json_object(&rq->j, NULL);
	json_array(&rq->j, "draws");
	for (int i = 0; i < n && !err; i++)
		put_draw(&rq->j, &d[i]);
	json_end_array(&rq->j);
	json_end_object(&rq->j);
	if (err)
		request_err(rq, err, &why, NULL);
}
