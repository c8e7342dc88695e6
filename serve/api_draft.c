/* A source's file drafted from one page: from the archive, or as it is posted. Nothing is asked
 * of a site and nothing is stored. */
#include "base/clock.h"
#include "serve/api.h"
#include "serve/api_json.h"

#define PAGES_LOOKED_AT 20

/* The newest page of the job with that key that has an answer; false: `rq` failed. */
static bool newest(struct request *rq, struct str source, struct str key, const struct page **ret)
{
	struct reason why = { "" };
	struct page *pages = NULL;
	struct job job;
	int n = 0;
	enum err err = reader_job_by_key(rq->reader, source, key, rq->arena, &job, &why);

	if (err == ERR_NOT_FOUND)
		return true;
	if (!err)
		err = reader_job_pages(rq->reader, job.id, PAGES_LOOKED_AT, rq->arena, &pages, &n,
				       &why);
	for (int i = 0; i < n; i++) {
		if (!page_was_read(&pages[i]) || pages[i].removed_ms)
			continue;
		if (!*ret || pages[i].fetched_ms > (*ret)->fetched_ms)
			*ret = &pages[i];
		break;
	}
	if (err)
		request_err(rq, err, &why, NULL);
	return !err;
}

/* `source` {0}: any. */
static bool find_page(struct request *rq, struct str url, struct str source,
		      const struct page **ret)
{
	struct serve_target *target = NULL;
	struct reason why = { "" };
	int n = 0;
	enum err err = rq->ops->targets(rq->ops->ctx, rq->view->conf, url, source, rq->arena,
					&target, &n, &why);

	if (err) {
		request_err(rq, err, &why, "An absolute http or https address.");
		return false;
	}
	for (int i = 0; i < n; i++)
		if (target[i].source && !newest(rq, target[i].source->name, target[i].job.key, ret))
			return false;
	return true;
}

static void way_json(struct json *j, const char *key, const struct draft_way *w)
{
	json_object(j, key);
	json_text(j, "format", w->format);
	json_str(j, "what", w->what);
	json_str(j, "trouble", w->trouble);
	json_int(j, "listings", w->kept);
	json_int(j, "rejected", w->rejected);
	json_int(j, "skipped", w->skipped);
	json_array(j, "fields");
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (!w->filled[f])
			continue;
		json_object(j, NULL);
		json_text(j, "field", listing_fields[f].name);
		json_int(j, "found", w->filled[f]);
		json_str(j, "sample", w->sample[f]);
		json_text(j, "reader", w->reader[f]);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

static void show(struct request *rq, const struct draft_in *in, const struct draft *d)
{
	struct json *j = &rq->j;

	json_object(j, NULL);
	json_bool(j, "archived", true);
	json_str(j, "url", in->url);
	if (in->page)
		json_int(j, "page", in->page->id);
	else
		json_null(j, "page");
	json_str(j, "source", d->name);
	json_str(j, "yaml", d->yaml);
	if (d->best >= 0)
		way_json(j, "best", &d->ways[d->best]);
	else
		json_null(j, "best");
	json_array(j, "others");
	for (int i = 0; i < d->n; i++)
		if (i != d->best)
			way_json(j, NULL, &d->ways[i]);
	json_end_array(j);
	json_end_object(j);
}

/* Who may fetch it is for the asker to say to `POST /api/crawl`. */
static void show_unknown(struct request *rq, struct str url)
{
	struct json *j = &rq->j;

	json_object(j, NULL);
	json_bool(j, "archived", false);
	json_str(j, "url", url);
	json_text(j, "crawl_as", CONF_NO_SOURCE);
	json_end_object(j);
}

void api_draft_work(struct request *rq)
{
	struct draft_in in = { .view = rq->view,
			       .reader = rq->reader,
			       .body = rq->body,
			       .url = request_text(rq, "url"),
			       .name = request_text(rq, "name"),
			       .now_ms = clock_wall_ms(&clock_system) };
	struct draft *d = arena_zero(rq->arena, sizeof(*d));
	struct reason why = { "" };
	enum err err;

	if (!in.body.n && !in.url.n) {
		request_fail(rq, 400, "bad", "`url`, or the page itself as the body.",
			     "nothing says which page is looked at");
		return;
	}
	if (!in.body.n && (!find_page(rq, in.url, (struct str){ 0 }, &in.page) ||
			   !find_page(rq, in.url, STR(CONF_NO_SOURCE), &in.page)))
		return;
	if (!in.body.n && !in.page) {
		show_unknown(rq, in.url);
		return;
	}
	if (in.page)
		in.url = in.page->url;
	err = rq->ops->draft(rq->ops->ctx, &in, rq->arena, d, &why);
	if (err)
		request_err(rq, err, &why, "A page in HTML, or JSON.");
	else
		show(rq, &in, d);
}
