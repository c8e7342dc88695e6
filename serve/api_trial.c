/* A page of a source read with the rules of now, or with others, for a person to see which
 * selector finds what. Nothing is stored. */
#include "base/clock.h"
#include "base/mem.h"
#include "serve/api.h"
#include "serve/api_json.h"
#include "serve/trial_show.h"

#define PAGES_LOOKED_AT 20
#define PROBLEMS_SHOWN 100

/* --- the rules */

static void begin_answer(struct request *rq, struct str config)
{
	json_object(&rq->j, NULL);
	json_str(&rq->j, "source", request_text(rq, "name"));
	json_str(&rq->j, "config", config);
	json_array(&rq->j, "problems");
}

static void end_faulty(struct request *rq)
{
	json_end_array(&rq->j);
	json_bool(&rq->j, "good", false);
	json_end_object(&rq->j);
}

/* The posted rules; NULL: they are faulty, and the answer is made. */
static struct conf *read_rules(struct request *rq, struct str text)
{
	struct str file = request_text(rq, "config");
	struct conf_problem *problems = NULL;
	struct conf *c = NULL;
	int n = 0;

	begin_answer(rq, file);
	if (conf_load_source(text, file, &c, &problems, &n)) {
		for (int i = 0; i < n && i < PROBLEMS_SHOWN; i++)
			api_json_problem(&rq->j, &problems[i]);
		mem_free(problems);
		end_faulty(rq);
		return NULL;
	}
	if (rq->ops->check(c, api_json_problem, &rq->j)) {
		end_faulty(rq);
		conf_free(c);
		return NULL;
	}
	json_end_array(&rq->j);
	return c;
}

/* --- the page */

static bool store_fault(struct request *rq, enum err err, const struct reason *why)
{
	if (err)
		request_err(rq, err, why, NULL);
	return err != ERR_OK;
}

static void keep_page(struct trial_show *t, const struct page *p, bool take)
{
	if (take && !t->page)
		t->page = p;
	if (!t->last && p->state == PAGE_EXTRACTED &&
	    (p->listings || !t->in.kind || !t->in.kind->lists))
		t->last = p;
}

/* The newest page of the address that `source` has, and the newest one that gave something;
 * false: `rq` failed. */
static bool find_pages(struct request *rq, struct trial_show *t, struct str source,
		       const struct job *asked)
{
	struct reason why = { "" };
	struct page *pages = NULL;
	struct job job;
	enum err err;
	int n = 0;

	err = reader_job_by_key(rq->reader, source, asked->key, rq->arena, &job, &why);
	if (err == ERR_NOT_FOUND)
		return true;
	if (!err)
		err = reader_job_pages(rq->reader, job.id, PAGES_LOOKED_AT, rq->arena, &pages, &n,
				       &why);
	if (store_fault(rq, err, &why))
		return false;
	if (!t->in.kind)
		t->in.kind = conf_page(t->in.source, job.page);
	for (int i = 0; i < n; i++)
		if (page_was_read(&pages[i])) {
			keep_page(t, &pages[i], !t->posted && !pages[i].removed_ms);
			if (pages[i].removed_ms && !t->removed)
				t->removed = &pages[i];
		}
	return true;
}

/* What was fetched for it before it was loaded; false: `rq` failed. */
static bool find_unsourced(struct request *rq, struct trial_show *t, struct str url)
{
	struct serve_target *target = NULL;
	struct reason why = { "" };
	int n = 0;
	enum err err = rq->ops->targets(rq->ops->ctx, rq->view->conf, url, STR(CONF_NO_SOURCE),
					rq->arena, &target, &n, &why);

	if (err)
		request_err(rq, err, &why, NULL);
	return !err && (n < 2 || find_pages(rq, t, STR(CONF_NO_SOURCE), &target[0].job));
}

/* Who may fetch it, or what to do. */
static void not_archived(struct request *rq, const struct trial_show *t)
{
	struct str name = t->in.source->name;
	const struct conf_source *loaded = conf_source(rq->view->conf, name);
	const char *hint = "--fetch has the daemon fetch it first (`pipectl crawl URL` does, "
			   "too); or save the page, and name the file.";

	if (t->removed && !request_bool(rq, "fetch")) {
		api_archive_removed(rq, t->removed, hint);
		return;
	}
	if (!request_bool(rq, "fetch")) {
		request_fail(rq, 404, "not-found", hint,
			     "no page of this address is in the archive for source %.*s",
			     STR_ARG(name));
		return;
	}
	json_bool(&rq->j, "archived", false);
	json_str(&rq->j, "crawl_as",
		 loaded && conf_source_runs(loaded) ? name : STR(CONF_NO_SOURCE));
	json_end_object(&rq->j);
}

static bool by_url(struct request *rq, struct trial_show *t, struct str url)
{
	struct serve_target *target = NULL;
	struct reason why = { "" };
	int n = 0;
	enum err err = rq->ops->targets(rq->ops->ctx, t->in.conf, url, t->in.source->name,
					rq->arena, &target, &n, &why);

	if (err) {
		request_err(rq, err, &why, "An absolute http or https address.");
		return false;
	}
	if (!find_pages(rq, t, t->in.source->name, &target[0].job))
		return false;
	if (!t->page && !t->posted && !find_unsourced(rq, t, url))
		return false;
	if (!t->in.kind && target[0].job.page.n)
		t->in.kind = conf_page(t->in.source, target[0].job.page);
	if (t->page || t->posted)
		return true;
	not_archived(rq, t);
	return false;
}

static bool by_listing(struct request *rq, struct trial_show *t)
{
	struct listing_view *v = arena_zero(rq->arena, sizeof(*v));
	struct page *page = arena_zero(rq->arena, sizeof(*page));
	int64_t row = request_int(rq, "listing");
	struct str ext_id = request_text(rq, "ext_id"), name = t->in.source->name;
	struct reason why = { "" };
	enum err err = reader_listing(rq->reader, row, row ? (struct str){ 0 } : name, ext_id,
				      rq->arena, v, &why);

	if (err == ERR_NOT_FOUND || (!err && !str_eq(v->listing.source, name))) {
		request_fail(rq, 404, "not-found", "`pipectl listings` finds them.",
			     "source %.*s has no such listing", STR_ARG(name));
		return false;
	}
	if (!err)
		err = reader_page(rq->reader, v->listing.page, rq->arena, page, &why);
	if (store_fault(rq, err, &why))
		return false;
	if (page->removed_ms && !t->posted) {
		api_archive_removed(rq, page, "Name the page's address, and --fetch.");
		return false;
	}
	t->only = v;
	if (!t->in.kind)
		t->in.kind = conf_page(t->in.source, page->page_kind);
	keep_page(t, page, true);
	return true;
}

/* Without an address of its own, a posted page is at the source's first host. */
static struct str some_address(struct request *rq, const struct conf_source *s)
{
	return s->n_hosts && !str_starts(s->hosts[0], STR("*"))
		       ? arena_fmt(rq->arena, "https://%.*s/", STR_ARG(s->hosts[0]))
		       : STR("https://invalid/");
}

static bool named_kind(struct request *rq, struct trial_show *t)
{
	struct str kind = request_text(rq, "kind");

	t->in.kind = kind.n ? conf_page(t->in.source, kind) : NULL;
	if (!kind.n || t->in.kind)
		return true;
	request_fail(rq, 400, "bad", NULL, "source %.*s has no page kind %.*s",
		     STR_ARG(t->in.source->name), STR_ARG(kind));
	return false;
}

static bool some_kind(struct request *rq, struct trial_show *t)
{
	const struct conf_source *s = t->in.source;
	struct buf names;

	if (!t->in.kind && s->n_pages == 1)
		t->in.kind = &s->pages[0];
	if (t->in.kind)
		return true;
	buf_init(&names, 300);
	for (int i = 0; i < s->n_pages; i++)
		buf_fmt(&names, "%s%.*s", i ? ", " : "", STR_ARG(s->pages[i].name));
	request_fail(rq, 400, "bad", "Name it: --page KIND, `kind` of the API.",
		     "nothing tells which kind of page it is: %.*s", STR_ARG(buf_str(&names)));
	buf_done(&names);
	return false;
}

static bool find_page(struct request *rq, struct trial_show *t, struct str body)
{
	struct str url = request_text(rq, "url");

	t->posted = body.n > 0;
	if (!named_kind(rq, t))
		return false;
	if (request_int(rq, "listing") || request_text(rq, "ext_id").n) {
		if (!by_listing(rq, t))
			return false;
	} else if (url.n) {
		if (!by_url(rq, t, url))
			return false;
	} else if (!t->posted) {
		request_fail(rq, 400, "bad", "`url`, `listing`, `ext_id`, or the page itself.",
			     "nothing says which page is looked at");
		return false;
	}
	if (t->posted)
		t->page = NULL;
	t->in.page = t->page;
	t->in.body = body;
	t->in.addressed = url.n || t->page;
	t->in.url = url.n ? url : some_address(rq, t->in.source);
	return some_kind(rq, t);
}

/* --- both */

static void look(struct request *rq, const struct conf *conf, struct str config, struct str body)
{
	struct str name = request_text(rq, "name");
	struct trial_show t = { .rq = rq };
	struct reason why = { "" };
	enum err err;

	t.in = (struct trial_in){ .view = rq->view,
				  .conf = conf,
				  .source = conf_source(conf, name),
				  .reader = rq->reader,
				  .now_ms = clock_wall_ms(&clock_system) };
	t.config = config;
	if (!t.in.source && config.p)
		request_fail(rq, 400, "bad", NULL, "%.*s describes source %.*s, not %.*s",
			     STR_ARG(config), STR_ARG(conf->sources[0].name), STR_ARG(name));
	else if (!t.in.source)
		request_fail(rq, 404, "not-found",
			     "`pipectl sources` lists them; --config FILE takes one that is not "
			     "loaded.",
			     "no source %.*s in the configuration", STR_ARG(name));
	if (!t.in.source || !find_page(rq, &t, body))
		return;
	err = rq->ops->trial(rq->ops->ctx, &t.in, rq->arena, &t.trial, &why);
	if (err)
		request_err(rq, err, &why, "Its record cannot be read from the archive.");
	else
		trial_show(&t);
}

void api_trial_work(struct request *rq)
{
	size_t n = (size_t)request_int(rq, "config_bytes");
	struct str config = request_text(rq, "config");
	struct conf *conf = NULL;

	if (n > rq->body.n || !n != !config.n) {
		request_fail(rq, 400, "bad",
			     "The body is the configuration, `config_bytes` long, then the page.",
			     "`config` and `config_bytes` do not fit the body");
		return;
	}
	if (!n) {
		begin_answer(rq, (struct str){ 0 });
		json_end_array(&rq->j);
		look(rq, rq->view->conf, (struct str){ 0 }, rq->body);
		return;
	}
	conf = read_rules(rq, str_sub(rq->body, 0, n));
	if (conf)
		look(rq, conf, config, str_sub(rq->body, n, rq->body.n));
	conf_free(conf);
}
