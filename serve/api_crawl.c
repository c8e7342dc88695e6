#include "serve/api.h"
#include "serve/api_json.h"

/* What the pool found of each URL, for the write and the answer. */
struct wanted {
	struct job *jobs;
	int64_t *newest; /* id of the newest page of each; 0: none yet */
	int n;
};

/* "attic, shop" of the sources that have it in their scope and run, or do not. */
static struct str names(const struct serve_target *t, int n, bool running, struct arena *a)
{
	struct str out = STR("");

	for (int i = 0; i < n; i++)
		if (t[i].source && t[i].in_scope && conf_source_runs(t[i].source) == running)
			out = arena_fmt(a, "%.*s%s%.*s", STR_ARG(out), out.n ? ", " : "",
					STR_ARG(t[i].source->name));
	return out;
}

/* The one source that runs and has it in its scope; NULL: `rq` says why not. */
static const struct serve_target *pick(struct request *rq, struct str url,
				       const struct serve_target *t, int n)
{
	const struct serve_target *found = NULL;
	struct str off;
	int fits = 0;

	for (int i = 0; i < n; i++) {
		if (!t[i].source || !t[i].in_scope || !conf_source_runs(t[i].source))
			continue;
		found = &t[i];
		fits++;
	}
	if (fits == 1)
		return found;
	off = names(t, n, false, rq->arena);
	if (n == 1)
		request_fail(rq, 404, "not-found", "GET /api/sources lists the sources.",
			     "no source %.*s in the configuration",
			     STR_ARG(request_text(rq, "source")));
	else if (fits > 1)
		request_fail(rq, 400, "bad", "Name one of them: `source`.",
			     "several sources have %.*s in their scope: %.*s", STR_ARG(url),
			     STR_ARG(names(t, n, true, rq->arena)));
	else if (off.n)
		request_fail(rq, 404, "not-found", "GET /api/sources says for what.",
			     "%.*s is only in the scope of what is disabled, or waits: %.*s",
			     STR_ARG(url), STR_ARG(off));
	else if (n == 2 && t[0].source)
		request_fail(rq, 404, "not-found", NULL, "%.*s does not belong to %.*s: %.*s",
			     STR_ARG(url), STR_ARG(t[0].source->name), STR_ARG(t[0].refused));
	else
		request_fail(rq, 404, "not-found", "GET /api/why?url= says why, for each source.",
			     "%.*s is in the scope of no source", STR_ARG(url));
	return NULL;
}

/* The page kind, as a person said or as the address tells. */
static void set_kind(struct request *rq, const struct conf_source *s, struct job *j)
{
	struct str said = request_text(rq, "page"), kinds = STR("");

	for (int i = 0; i < s->n_pages; i++)
		kinds = arena_fmt(rq->arena, "%.*s%s%.*s", STR_ARG(kinds), i ? ", " : "",
				  STR_ARG(s->pages[i].name));
	if (said.n)
		j->page = said;
	if (said.n && !conf_page(s, said))
		request_fail(rq, 400, "bad", arena_fmt(rq->arena, "One of: %s", kinds.p).p,
			     "%.*s has no page kind %.*s", STR_ARG(s->name), STR_ARG(said));
	else if (!j->page.n)
		request_fail(rq, 400, "bad",
			     arena_fmt(rq->arena, "Say what it is, with `page`: %s", kinds.p).p,
			     "no seed and no `match` of %.*s tells what kind of page %.*s is",
			     STR_ARG(s->name), STR_ARG(j->url));
}

/* A job that is there already stays of the kind that it is. */
static void meet(struct request *rq, const struct conf_source *s, struct job *j, int64_t *newest)
{
	struct str said = request_text(rq, "page");
	struct reason why = { "" };
	struct job was;
	struct page *pages;
	enum err err;
	int n = 0;

	err = reader_job_by_key(rq->reader, s->name, j->key, rq->arena, &was, &why);
	if (err == ERR_NOT_FOUND) {
		set_kind(rq, s, j);
		return;
	}
	if (!err)
		err = reader_job_pages(rq->reader, was.id, 1, rq->arena, &pages, &n, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	*newest = n ? pages[0].id : 0;
	*j = was;
	if (said.n && !str_eq(said, was.page))
		request_fail(rq, 400, "bad", "Leave `page` out.",
			     "%.*s is known as a page of kind %.*s (job %lld)", STR_ARG(j->url),
			     STR_ARG(was.page), (long long)was.id);
	else if (!conf_page(s, was.page))
		request_fail(rq, 409, "exists", "Configure that page kind again.",
			     "%.*s is a page of kind %.*s, which %.*s no longer has (job %lld)",
			     STR_ARG(j->url), STR_ARG(was.page), STR_ARG(s->name),
			     (long long)was.id);
}

void api_crawl_work(struct request *rq)
{
	const struct request_arg *urls = request_arg(rq, "urls");
	struct wanted *w = arena_zero(rq->arena, sizeof(*w));
	const struct serve_target *one;
	struct reason why = { "" };
	struct serve_target *t;
	enum err err;
	int n;

	rq->kept = w;
	w->jobs = arena_array(rq->arena, (size_t)urls->n_texts, sizeof(*w->jobs));
	w->newest = arena_array(rq->arena, (size_t)urls->n_texts, sizeof(*w->newest));
	for (int i = 0; i < urls->n_texts && !rq->failed; i++) {
		err = rq->ops->targets(rq->ops->ctx, rq->view->conf, urls->texts[i],
				       request_text(rq, "source"), rq->arena, &t, &n, &why);
		if (err) {
			request_err(rq, err, &why, "Absolute http or https addresses.");
			return;
		}
		one = pick(rq, urls->texts[i], t, n);
		if (!one)
			return;
		w->jobs[w->n] = one->job;
		meet(rq, one->source, &w->jobs[w->n], &w->newest[w->n]);
		w->n++;
	}
}

static void asked(struct request *rq)
{
	const struct wanted *w = rq->kept;
	struct json *j = &rq->j;

	rq->status = 202;
	json_object(j, NULL);
	json_int(j, "new", rq->write.ret_new_jobs);
	json_array(j, "jobs");
	for (int i = 0; i < w->n; i++) {
		json_object(j, NULL);
		json_int(j, "job", w->jobs[i].id);
		json_str(j, "source", w->jobs[i].source);
		json_str(j, "page", w->jobs[i].page);
		json_str(j, "url", w->jobs[i].url);
		json_int(j, "newest_page", w->newest[i]);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

void api_crawl_last(struct request *rq)
{
	struct wanted *w = rq->kept;

	rq->write.kind = WRITE_ASK;
	rq->write.jobs = w->jobs;
	rq->write.n_jobs = w->n;
	request_write(rq, asked);
}
