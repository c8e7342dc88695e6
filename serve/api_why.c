#include "base/clock.h"
#include "serve/api.h"
#include "serve/api_json.h"
#include "serve/verdict.h"

/* Counting what comes before a job ends here. */
#define AHEAD_MOST 100000

/* One source and the address: what the pool finds, for the loop to judge. */
struct one {
	struct serve_target target;
	struct verdict_case c; /* its pointers are set at the end: rows are moved */
	bool known, fetched;   /* `job`, `page` are there */
	struct job job;
	struct page page;
};

struct found {
	struct one *of;
	int n, shown; /* shown: all, or those that have to do with it */
};

static bool store_fault(struct request *rq, enum err err, const struct reason *why)
{
	if (err)
		request_err(rq, err, why, NULL);
	return err != ERR_OK;
}

/* The job of the address at this source, a page's or an image's, its newest page, what is
 * known for its next visit, what waits before it. */
static void look(struct request *rq, struct one *o)
{
	int64_t now_ms = clock_wall_ms(&clock_system);
	struct reason why = { "" };
	struct page *pages;
	enum err err;
	int n = 0;

	err = reader_job_by_key(rq->reader, o->c.source, o->target.job.key, rq->arena, &o->job,
				&why);
	if (err == ERR_NOT_FOUND)
		err = reader_job_by_key(rq->reader, o->c.source, o->target.image_key, rq->arena,
					&o->job, &why);
	if (err == ERR_NOT_FOUND || store_fault(rq, err, &why))
		return;
	o->known = true;
	err = reader_job_pages(rq->reader, o->job.id, 1, rq->arena, &pages, &n, &why);
	if (!err && n) {
		o->page = pages[0];
		o->fetched = true;
	}
	if (!err)
		err = reader_visit(rq->reader, o->job.id, rq->arena, &o->job.visit, &why);
	if (!err && o->job.state == JOB_DUE)
		err = reader_job_ahead(rq->reader, &o->job, now_ms, AHEAD_MOST, &o->c.ahead, &why);
	o->c.more_ahead = o->c.ahead == AHEAD_MOST;
	store_fault(rq, err, &why);
}

static struct one *add(struct found *f, const struct serve_target *t, struct str source)
{
	struct one *o = &f->of[f->n++];

	*o = (struct one){ .target = *t, .c = { .source = source } };
	return o;
}

/* What was fetched for no source, to draft one from. */
static void look_for_none(struct request *rq, struct str url, struct found *f)
{
	struct serve_target *t = NULL;
	struct reason why = { "" };
	int n = 0;

	if (rq->ops->targets(rq->ops->ctx, rq->view->conf, url, STR(CONF_NO_SOURCE), rq->arena, &t,
			     &n, &why) ||
	    n < 2)
		return;
	look(rq, add(f, &t[0], STR(CONF_NO_SOURCE)));
	f->n -= !f->of[f->n - 1].known;
}

static bool concerns(const struct one *o)
{
	return o->known || o->target.in_scope;
}

/* Those that have to do with it come first. */
static void order(struct found *f)
{
	struct one o;

	for (int i = 0; i < f->n; i++) {
		if (!concerns(&f->of[i]))
			continue;
		o = f->of[f->shown];
		f->of[f->shown++] = f->of[i];
		f->of[i] = o;
	}
	if (!f->shown)
		f->shown = f->n;
}

void api_why_work(struct request *rq)
{
	struct str url = request_text(rq, "url"), only = request_text(rq, "source");
	struct source_counts *counts = NULL;
	struct reason why = { "" };
	struct serve_target *t = NULL;
	struct found *f = arena_zero(rq->arena, sizeof(*f));
	int n = 0, n_counts = 0;
	enum err err;

	rq->kept = f;
	err = rq->ops->targets(rq->ops->ctx, rq->view->conf, url, only, rq->arena, &t, &n, &why);
	if (err) {
		request_err(rq, err, &why, "An absolute http or https address.");
		return;
	}
	if (store_fault(rq, reader_sources(rq->reader, rq->arena, &counts, &n_counts, &why), &why))
		return;
	f->of = arena_array(rq->arena, (size_t)n + (size_t)n_counts + 1, sizeof(*f->of));
	for (int i = 0; i < n - 1 && !rq->failed; i++)
		look(rq, add(f, &t[i], t[i].source->name));
	for (int i = 0; i < n_counts && !rq->failed; i++) {
		if (conf_source(rq->view->conf, counts[i].source) ||
		    (only.n && !str_eq(only, counts[i].source)))
			continue;
		look(rq, add(f, &t[n - 1], counts[i].source));
		/* one that is no longer configured matters for what it has left */
		f->n -= !f->of[f->n - 1].known;
	}
	if (!only.n && !rq->failed)
		look_for_none(rq, url, f);
	for (int i = 0; i < f->n; i++)
		for (int k = 0; k < n_counts; k++)
			if (str_eq(counts[k].source, f->of[i].c.source))
				f->of[i].c.paused = counts[k].paused;
	order(f);
	if (!rq->failed && !f->n)
		request_fail(rq, 404, "not-found", "GET /api/sources lists the sources.",
			     "no source %.*s", STR_ARG(only));
}

static void robots_json(struct json *j, const struct serve_known *k)
{
	if (!k->robots) {
		json_null(j, "robots");
		return;
	}
	json_object(j, "robots");
	json_text(j, "state", k->robots);
	if (k->robots_known)
		json_bool(j, "allowed", k->robots_allow);
	else
		json_null(j, "allowed");
	json_int(j, "line", k->robots_line);
	json_str(j, "rule", k->robots_rule.n ? k->robots_rule : (struct str){ 0 });
	json_text(j, "answer", k->robots_trouble[0] ? k->robots_trouble : NULL);
	api_json_time(j, "asked", k->robots_asked_ms);
	api_json_time(j, "until", k->robots_until_ms);
	json_int(j, "delay_ms", k->robots_delay_ms);
	json_end_object(j);
}

static void host_json(struct json *j, const struct one *o, const struct serve_known *k)
{
	json_object(j, "host");
	json_str(j, "host", o->target.job.host);
	json_text(j, "why", k->why);
	json_text(j, "why_doc", k->why_doc);
	api_json_time(j, "until", k->until_ms);
	json_int(j, "running", k->running);
	json_num(j, "rate", k->rate, 4);
	json_int(j, "troubles", k->troubles);
	json_str(j, "trouble", k->trouble.n ? k->trouble : (struct str){ 0 });
	json_int(j, "ahead", o->c.ahead);
	json_end_object(j);
}

static void one_json(struct json *j, const struct one *o, const struct serve_known *k,
		     const struct verdict *v)
{
	const struct conf_source *s = o->target.source;

	json_object(j, NULL);
	json_str(j, "source", o->c.source);
	json_text(j, "code", v->code);
	json_str(j, "answer", v->text);
	api_json_time(j, "when", v->when_ms);
	json_bool(j, "configured", s != NULL);
	json_bool(j, "enabled", s && s->enabled);
	json_bool(j, "paused", o->c.paused);
	json_str(j, "key", o->target.job.key);
	json_bool(j, "in_scope", o->target.in_scope);
	json_str(j, "out_of_scope", o->target.refused.n ? o->target.refused : (struct str){ 0 });
	json_str(j, "page_kind", o->known ? o->job.page : o->target.job.page);
	json_str(j, "held", k->held.n ? k->held : (struct str){ 0 });
	json_text(j, "step", k->step);
	robots_json(j, k);
	host_json(j, o, k);
	if (o->known) {
		json_object(j, "job");
		api_json_job(j, &o->job);
		json_end_object(j);
	} else {
		json_null(j, "job");
	}
	if (o->fetched) {
		json_object(j, "page");
		api_json_page(j, &o->page);
		json_end_object(j);
	} else {
		json_null(j, "page");
	}
	json_end_object(j);
}

static void judge(struct request *rq, struct one *o, struct serve_known *known, struct verdict *ret)
{
	o->c.target = &o->target;
	o->c.job = o->known ? &o->job : NULL;
	o->c.page = o->fetched ? &o->page : NULL;
	o->c.known = known;
	rq->ops->known(rq->ops->ctx, o->target.source, o->known ? &o->job : &o->target.job,
		       rq->arena, known);
	verdict_of(&o->c, rq->arena, ret);
}

void api_why_last(struct request *rq)
{
	struct found *f = rq->kept;
	struct str answer = STR("");
	struct json *j = &rq->j;
	struct serve_known known;
	struct verdict v;

	json_object(j, NULL);
	json_str(j, "url", request_text(rq, "url"));
	json_array(j, "sources");
	for (int i = 0; i < f->shown; i++) {
		struct one *o = &f->of[i];

		judge(rq, o, &known, &v);
		one_json(j, o, &known, &v);
		if (f->shown == 1)
			answer = v.text;
		else
			answer = arena_fmt(rq->arena, "%.*s%s%.*s: %.*s", STR_ARG(answer),
					   i ? "\n" : "", STR_ARG(o->c.source), STR_ARG(v.text));
	}
	json_end_array(j);
	json_str(j, "answer", answer);
	json_end_object(j);
}
