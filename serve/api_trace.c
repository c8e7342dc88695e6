#include "serve/api.h"
#include "serve/api_json.h"

#include <inttypes.h>

#define FAMILY_SHOWN 20
#define PAGES_SHOWN 20
/* Jobs from a page up to its seed: links are followed only so deep. */
#define CHAIN_MOST 64

struct family {
	struct request *rq;
	int64_t self;
	int n;
};

static bool put_member(void *ctx, const struct listing_view *v)
{
	struct family *f = ctx;
	struct json *j = &f->rq->j;

	if (v->listing.id == f->self)
		return true;
	json_object(j, NULL);
	json_int(j, "id", v->listing.id);
	json_str(j, "source", v->listing.source);
	json_str(j, "ext_id", v->listing.ext_id);
	json_str(j, "title", v->listing.title);
	json_str(j, "url", v->listing.url);
	json_text(j, "state", state_name(STATE_LISTING, (int)v->listing.state));
	json_end_object(j);
	return ++f->n < FAMILY_SHOWN;
}

static bool family(struct request *rq, const struct listing_view *v)
{
	struct listing_filter filter = { .family = (int64_t)v->listing.family,
					 .most = FAMILY_SHOWN + 1 };
	struct family f = { .rq = rq, .self = v->listing.id };
	struct reason why = { "" };
	struct arena *a;
	enum err err = ERR_OK;

	json_array(&rq->j, "family");
	if (filter.family) {
		a = arena_new((size_t)16 << 10);
		err = reader_listings(rq->reader, &filter, a, put_member, &f, &why);
		arena_free(a);
	}
	json_end_array(&rq->j);
	if (err)
		request_err(rq, err, &why, NULL);
	return !err;
}

static void seed(struct request *rq, const struct job *job)
{
	const struct conf_source *s = conf_source(rq->view->conf, job->source);
	struct json *j = &rq->j;

	if (!s || job->seed < 0 || job->seed >= s->n_seeds) {
		json_null(j, "seed");
		return;
	}
	json_object(j, "seed");
	json_int(j, "index", job->seed);
	json_str(j, "page", s->seeds[job->seed].page);
	json_str(j, "url", s->seeds[job->seed].url);
	json_text(j, "file", s->seeds[job->seed].at.file);
	json_int(j, "line", s->seeds[job->seed].at.line);
	json_end_object(j);
}

/* "jobs": the job and the jobs whose pages named it, up to its seed. */
static bool chain(struct request *rq, int64_t id)
{
	struct job job = { .seed = -1 };
	struct reason why = { "" };
	enum err err = ERR_OK;
	int n = 0;

	json_array(&rq->j, "jobs");
	for (int64_t at = id; at && n < CHAIN_MOST; n++) {
		err = reader_job(rq->reader, at, rq->arena, &job, &why);
		if (!err)
			err = reader_visit(rq->reader, at, rq->arena, &job.visit, &why);
		if (err)
			break;
		json_object(&rq->j, NULL);
		api_json_job(&rq->j, &job);
		json_end_object(&rq->j);
		at = job.parent;
	}
	json_end_array(&rq->j);
	if (err == ERR_NOT_FOUND && n == 0)
		request_fail(rq, 404, "not-found", NULL, "no job %" PRId64, id);
	else if (err && err != ERR_NOT_FOUND)
		request_err(rq, err, &why, NULL);
	else
		seed(rq, &job);
	return !rq->failed;
}

static bool find_page(struct request *rq, int64_t id, struct page *ret)
{
	struct reason why = { "" };
	enum err err;

	err = reader_page(rq->reader, id, rq->arena, ret, &why);
	if (err == ERR_NOT_FOUND)
		request_fail(rq, 404, "not-found", NULL, "no page %" PRId64, id);
	else if (err)
		request_err(rq, err, &why, NULL);
	return !err;
}

/* "page", "jobs", "seed". */
static bool from_page(struct request *rq, int64_t id)
{
	struct page p;

	if (!find_page(rq, id, &p))
		return false;
	json_object(&rq->j, "page");
	api_json_page(&rq->j, &p);
	json_end_object(&rq->j);
	return chain(rq, p.job);
}

void api_trace_listing(struct request *rq)
{
	struct listing_view v;

	if (!api_listing_find(rq, &v))
		return;
	json_object(&rq->j, NULL);
	if (api_listing_members(rq, &v) && family(rq, &v) && from_page(rq, v.listing.page))
		json_end_object(&rq->j);
}

void api_trace_page(struct request *rq)
{
	int64_t id = request_int(rq, "id");

	json_object(&rq->j, NULL);
	if (from_page(rq, id) && api_rejected_of_page(rq, id))
		json_end_object(&rq->j);
}

void api_trace_job(struct request *rq)
{
	int64_t id = request_int(rq, "id");
	struct reason why = { "" };
	struct page *pages = NULL;
	int n = 0;
	enum err err;

	json_object(&rq->j, NULL);
	if (!chain(rq, id))
		return;
	err = reader_job_pages(rq->reader, id, PAGES_SHOWN, rq->arena, &pages, &n, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_array(&rq->j, "pages");
	for (int i = 0; i < n; i++) {
		json_object(&rq->j, NULL);
		api_json_page(&rq->j, &pages[i]);
		json_end_object(&rq->j);
	}
	json_end_array(&rq->j);
	json_end_object(&rq->j);
}
