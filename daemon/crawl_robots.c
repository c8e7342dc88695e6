#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "crawler/canon.h"
#include "crawler/decode.h"
#include "crawler/freshness.h"
#include "crawler/warc.h"
#include "crawler/way.h"
#include "daemon/crawl_site.h"
#include "daemon/outcome.h"
#include "serve/serve.h"

#include <stdio.h>

#define MEMBER_MARGIN (1 << 20)

/* ---- the answer ---- */

/* The jobs whose turn the question took go back: they come again from the
 * database, in their order. */
static void unpark(struct site *s, const struct fetch_answer *a)
{
	struct crawl *c = s->c;
	struct crawl_work *w;
	int64_t id;

	if (s->elsewhere[0])
		frontier_visited(c->frontier, str_of(s->elsewhere), crawl_work_news(a),
				 a->retry_after_ms, crawl_wall(c));

	while ((w = s->parked)) {
		s->parked = w->queued;
		id = w->task.job.id;
		if (s->elsewhere[0]) {
			frontier_end(c->frontier, id, FRONTIER_UNSENT, -1, crawl_wall(c));
		} else {
			crawl_work_met(w, a, -1);
			crawl_work_ended(w, a);
		}
		frontier_forget(c->frontier, id);
		frontier_stir(c->frontier, w->task.job.source, w->task.job.host);
		crawl_work_end(w);
	}
	s->elsewhere[0] = 0;
}

static void note(struct site *s)
{
	int64_t until;

	if (s->rules && !s->cache.failures)
		log_info("host=%s robots.txt rules=%d delay_ms=%lld%s", s->host, s->rules->n_rules,
			 (long long)s->rules->delay_ms, s->rules->cut ? " cut" : "");
	else
		log_info("host=%s robots.txt %s %s", s->host,
			 robots_cache_name(robots_cache_at(&s->cache, crawl_wall(s->c), &until)),
			 s->cache.why);
}

/* The longest that the host wants: http and https are two sites of one host. */
void crawl_robots_tell(struct crawl *c, struct str host)
{
	static const char *const schemes[] = { "http", "https" };
	char name[sizeof(((struct site *)0)->host) + sizeof("https://")];
	const struct site *s;
	int64_t ms = -1;

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		snprintf(name, sizeof(name), "%s://%.*s", schemes[i], STR_ARG(host));
		s = crawl_site_find(c->sites, str_of(name));
		if (s && ms < 0 && s->cache.good)
			ms = 0;
		if (s && s->rules && s->rules->delay_ms > ms)
			ms = s->rules->delay_ms;
	}
	/* what is not known any more leaves what was heard */
	if (ms >= 0)
		frontier_delay(c->frontier, host, ms);
}

static void set_way(struct site *s, struct str way)
{
	mem_free((void *)(uintptr_t)s->way.p);
	s->way = (struct str){ way.n ? mem_dup(way.p, way.n) : NULL, way.n };
}

static void learn(struct site *s)
{
	const struct fetch_answer *a = s->answer;
	struct robots_cache_answer told = {
		.end = a->end,
		.status = a->status,
		.redirects = a->n_hops,
		.retry_after_ms = a->retry_after_ms,
		.why = a->why.text,
	};
	struct freshness fresh;
	struct crawl *c = s->c;

	freshness_read(a->response_head, a->status, crawl_wall(c), &fresh);
	told.max_age_ms = fresh.max_age_ms;
	/* An address that we may not ask has no rules for us; its jobs are refused
	 * by the same guard, with its reason. */
	if (a->end == FETCH_REFUSED) {
		told.end = FETCH_ANSWER;
		told.status = 404;
	}
	if (robots_cache_answered(&s->cache, &told, crawl_wall(c))) {
		robots_free(s->rules);
		s->rules = s->fresh;
		s->fresh = NULL;
	}
	robots_free(s->fresh);
	s->fresh = NULL;
	if (s->cache.good != ROBOTS_CACHE_RULES) {
		robots_free(s->rules);
		s->rules = NULL;
	}
	crawl_site_weigh(s);
	if (a->end == FETCH_CANCELLED)
		return;
	set_way(s, (struct str){ 0 });
	note(s);
	crawl_robots_tell(c, str_of(s->host));
	crawl_recall_keep(s);
}

static void settle(struct site *s)
{
	if (s->answer->end == FETCH_MOVED)
		set_way(s, s->answer->way);
	else
		learn(s);
	unpark(s, s->answer);
	fetch_answer_free(s->answer);
	s->answer = NULL;
	buf_done(&s->member);
	buf_done(&s->body);
	arena_free(s->arena);
	s->arena = NULL;
	view_release(s->view);
	s->view = NULL;
	s->asking = false;
	crawl_site_ended(s);
}

/* RFC 9309 2.2.2 compares other bytes as %XX: nothing is lost. */
static void keep_text(struct str body, struct buf *to)
{
	if (str_starts(body, STR("\xef\xbb\xbf")))
		body = str_sub(body, 3, body.n);
	for (size_t i = 0; i < body.n; i++) {
		unsigned char b = (unsigned char)body.p[i];

		if (b >= 0x7f || !b)
			buf_fmt(to, "%%%02X", b);
		else
			buf_add(to, str_sub(body, i, 1));
	}
	/* nothing at all would say that it is as it was */
	if (!body.n)
		buf_add_text(to, "#\n");
}

static void read_rules(struct site *s)
{
	const struct conf *conf = s->view->rules->conf;
	struct fetch_answer *a = s->answer;
	struct str body = { 0 };
	struct reason why;
	struct buf decoded;

	buf_init(&decoded, ROBOTS_BYTES * 2);
	if (decode_body(a->body, a->content_encoding, conf->max_ratio, &decoded, &body, &why)) {
		/* What cannot be read is as good as no answer. */
		a->end = FETCH_CUT;
		a->why = why;
	} else {
		s->fresh =
			robots_new(body, robots_token(conf->user_agent), conf->crawl_delay_max_ms);
		keep_text(str_sub(body, 0, ROBOTS_BYTES), &s->body);
	}
	buf_done(&decoded);
}

static void on_pool(uv_work_t *pool)
{
	struct site *s = pool->data;
	const struct fetch_answer *a = s->answer;
	uint64_t id = hash64_join(hash64_join(hash64(s->name, 0), (uint64_t)a->started_ms),
				  s->c->env.nonce);
	int64_t offset, bytes;

	if (warc_members(a, NULL, id, &s->member, &offset, &bytes))
		buf_clear(&s->member);
	if (a->status >= 200 && a->status < 300)
		read_rules(s);
}

static void on_pool_done(uv_work_t *pool, int status)
{
	(void)status;
	settle(pool->data);
}

static void on_answer(struct fetch_request *q, struct fetch_answer *a)
{
	struct site *s = q->ctx;

	s->answer = a;
	buf_init(&s->member, a->body.n * 2 + MEMBER_MARGIN);
	buf_init(&s->body, ROBOTS_BYTES * 3 + 16);
	if (a->end == FETCH_ANSWER)
		must(uv_queue_work(s->c->env.loop, &s->pool, on_pool, on_pool_done) == 0);
	else
		settle(s);
}

/* ---- the question ---- */

/* A request to where it was led takes a turn there. *ret_ms: the host has to wait. */
static bool set_out(struct site *s, int64_t *ret_ms)
{
	struct arena *a = arena_new(1024);
	struct str host = str_of(s->host);

	*ret_ms = 0;
	if (s->way.n && !canon_host(way_next(s->way), a, &host) && !str_is(host, s->host)) {
		snprintf(s->elsewhere, sizeof(s->elsewhere), "%.*s", STR_ARG(host));
		*ret_ms = frontier_visit_ms(s->c->frontier, str_of(s->elsewhere), crawl_wall(s->c));
		if (*ret_ms)
			s->elsewhere[0] = 0;
	}
	arena_free(a);
	return !*ret_ms;
}

static void ask(struct site *s, struct crawl_work *w)
{
	struct crawl *c = s->c;

	s->asking = true;
	crawl_site_begun(s);
	s->view = view_keep(w->view);
	s->arena = arena_new(1024);
	s->pool.data = s;
	s->request = (struct fetch_request){
		.anonymous = true,
		.fresh = true,
		.way = s->way,
		.url = arena_fmt(s->arena, "%.*s/robots.txt", STR_ARG(s->name)),
		.source = w->request.source,
		.done = on_answer,
		.ctx = s,
	};
	rate_add(&c->requests, crawl_mono(c), 1);
	c->env.fetch(c->env.net, &s->request);
}

static void park(struct site *s, struct crawl_work *w)
{
	w->queued = s->parked;
	s->parked = w;
}

static enum crawl_robots_says judge(struct site *s, struct crawl_work *w)
{
	struct robots_verdict v;

	v = robots_judge(s->rules, way_asked(&w->task.job), w->task.arena);
	if (v.allowed)
		return CRAWL_ROBOTS_ALLOW;
	w->task.job.reason = arena_fmt(w->task.arena, "robots.txt line %d: Disallow: %.*s", v.line,
				       STR_ARG(v.rule));
	return CRAWL_ROBOTS_DENY;
}

enum crawl_robots_says crawl_robots_check(struct crawl *c, struct crawl_work *w, int64_t *ret_ms)
{
	int64_t now = crawl_wall(c), until = 0, wait_ms = 0;
	struct site *s;

	s = crawl_site_of(c, &w->task.job);
	if (s->recalling || !s->recalled || !frontier_recalled(c->frontier, w->task.job.host)) {
		park(s, w);
		if (!s->recalling && !s->asking)
			crawl_recall_start(s);
		return CRAWL_ROBOTS_WAIT;
	}
	if (!w->request.source->robots)
		return CRAWL_ROBOTS_ALLOW;
	if (s->asking || (robots_cache_wants(&s->cache, now) && set_out(s, &wait_ms))) {
		park(s, w);
		if (!s->asking)
			ask(s, w);
		return CRAWL_ROBOTS_WAIT;
	}
	switch (robots_cache_at(&s->cache, now, &until)) {
	case ROBOTS_CACHE_RULES:
		return judge(s, w);
	case ROBOTS_CACHE_ALLOW:
		return CRAWL_ROBOTS_ALLOW;
	default:
		break;
	}
	*ret_ms = s->cache.ask_ms > now ? s->cache.ask_ms - now : 1000;
	if (wait_ms)
		*ret_ms = wait_ms;
	w->task.job.reason =
		wait_ms ? arena_fmt(w->task.arena, "robots.txt leads to %.*s, which has to wait",
				    STR_ARG(way_next(s->way)))
			: arena_fmt(w->task.arena, "robots.txt cannot be had (%s)", s->cache.why);
	return CRAWL_ROBOTS_LATER;
}

void crawl_robots_known(const struct crawl_sites *r, struct str url, int64_t now_ms,
			struct arena *a, struct serve_known *ret)
{
	const struct site *s = crawl_site_find(r, crawl_site_name(url));
	enum robots_cache_state state = ROBOTS_CACHE_UNKNOWN;
	struct robots_verdict v = { .allowed = true };

	if (s)
		state = robots_cache_at(&s->cache, now_ms, &ret->robots_until_ms);
	if (state == ROBOTS_CACHE_RULES && s->rules)
		v = robots_judge(s->rules, url, a);
	ret->robots = robots_cache_name(state);
	ret->robots_trouble = s ? arena_text(a, s->cache.why).p : "";
	ret->robots_known = state == ROBOTS_CACHE_RULES || state == ROBOTS_CACHE_ALLOW;
	ret->robots_allow = ret->robots_known && v.allowed;
	ret->robots_line = v.line;
	ret->robots_rule = arena_str(a, v.rule);
	ret->robots_asked_ms = s ? s->cache.asked_ms : 0;
	ret->robots_delay_ms = s && s->rules && s->rules->delay_ms > 0 ? s->rules->delay_ms : 0;
	if (state == ROBOTS_CACHE_DISALLOW)
		ret->robots_until_ms = s->cache.ask_ms;
}
