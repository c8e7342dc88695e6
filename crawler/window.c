#include "crawler/window.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"

#include <string.h>

#define FIRST_ROOM 256 /* powers of two */

void window_init(struct window *w)
{
	*w = (struct window){ .jobs_room = FIRST_ROOM, .hosts_room = FIRST_ROOM };
	w->jobs = mem_array(FIRST_ROOM, sizeof(struct window_job *));
	w->hosts_by_name = mem_array(FIRST_ROOM, sizeof(struct window_host *));
}

void window_done(struct window *w)
{
	struct window_source *s;

	while (w->hosts_n) {
		struct window_host *h = w->hosts[w->hosts_n - 1];

		while (h->waiting.first)
			window_drop(w, h->waiting.first);
		while (h->busy.first)
			window_drop(w, h->busy.first);
		window_host_drop(w, h);
	}
	while ((s = w->sources)) {
		w->sources = s->next;
		mem_free((char *)(uintptr_t)s->after.p);
		mem_free(s);
	}
	mem_free(w->jobs);
	mem_free(w->hosts_by_name);
	mem_free(w->hosts);
}

/* Copies `s` to *at and moves that behind it. */
static struct str put(char **at, struct str s)
{
	struct str copy = { *at, s.n };

	if (!s.p)
		return s;
	if (s.n)
		memcpy(*at, s.p, s.n);
	*at += s.n;
	return copy;
}

struct window_source *window_source(struct window *w, struct str name)
{
	struct window_source **bucket = &w->sources_by_name[hash64(name, 0) % WINDOW_SOURCES];
	struct window_source *s;
	char *text;

	for (s = *bucket; s; s = s->in_bucket)
		if (str_eq(s->name, name))
			return s;
	s = mem_zero(sizeof(*s) + name.n + 1);
	text = (char *)(s + 1);
	s->name = put(&text, name);
	s->outside_ms = JOB_NEVER;
	s->next = w->sources;
	w->sources = s;
	s->in_bucket = *bucket;
	*bucket = s;
	return s;
}

/* By the host's name alone: those of all sources lie in one bucket. */
static struct window_host **host_bucket(const struct window *w, struct str host)
{
	return &w->hosts_by_name[hash64(host, 0) & (w->hosts_room - 1)];
}

static struct window_host **host_place(const struct window *w, struct str source, struct str host)
{
	struct window_host **at = host_bucket(w, host);

	while (*at && !(str_eq((*at)->name, host) && str_eq((*at)->source->name, source)))
		at = &(*at)->in_bucket;
	return at;
}

struct window_host *window_host(const struct window *w, struct str source, struct str host)
{
	return *host_place(w, source, host);
}

static void grow_hosts(struct window *w)
{
	struct window_host *h;

	mem_free(w->hosts_by_name);
	w->hosts_room *= 2;
	w->hosts_by_name = mem_array(w->hosts_room, sizeof(struct window_host *));
	for (size_t i = 0; i < w->hosts_n; i++) {
		h = w->hosts[i];
		h->in_bucket = NULL;
		*host_place(w, h->source->name, h->name) = h;
	}
}

struct window_host *window_host_add(struct window *w, struct str source, struct str host)
{
	struct window_host *h = mem_zero(sizeof(*h) + host.n + 1);
	char *text = (char *)(h + 1);

	h->name = put(&text, host);
	h->source = window_source(w, source);
	if (w->hosts_n >= w->hosts_room)
		grow_hosts(w);
	must(!window_host(w, source, host));
	*host_place(w, source, host) = h;
	mem_grow(&w->hosts, &w->hosts_list_room, w->hosts_n + 1, sizeof(struct window_host *));
	h->place = w->hosts_n;
	w->hosts[w->hosts_n++] = h;
	return h;
}

struct window_host *window_host_named(const struct window *w, struct str host,
				      const struct window_host *h)
{
	struct window_host *next = h ? h->in_bucket : *host_bucket(w, host);

	while (next && !str_eq(next->name, host))
		next = next->in_bucket;
	return next;
}

void window_host_drop(struct window *w, struct window_host *h)
{
	must(window_held(h) == 0);
	*host_place(w, h->source->name, h->name) = h->in_bucket;
	w->hosts[h->place] = w->hosts[--w->hosts_n];
	w->hosts[h->place]->place = h->place;
	mem_free(h);
}

static struct window_job **job_place(const struct window *w, int64_t id)
{
	struct window_job **at;

	at = &w->jobs[hash64_join((uint64_t)id, 0) & (w->jobs_room - 1)];
	while (*at && (*at)->job.id != id)
		at = &(*at)->in_bucket;
	return at;
}

struct window_job *window_job(const struct window *w, int64_t id)
{
	return *job_place(w, id);
}

static void put_jobs(struct window *w, const struct window_list *l)
{
	for (struct window_job *j = l->first; j; j = j->next) {
		j->in_bucket = NULL;
		*job_place(w, j->job.id) = j;
	}
}

static void grow_jobs(struct window *w)
{
	mem_free(w->jobs);
	w->jobs_room *= 2;
	w->jobs = mem_array(w->jobs_room, sizeof(struct window_job *));
	for (size_t i = 0; i < w->hosts_n; i++) {
		put_jobs(w, &w->hosts[i]->waiting);
		put_jobs(w, &w->hosts[i]->busy);
	}
}

/* The visit first, which has to be aligned; then all text. */
static struct window_job *copy(const struct job *j)
{
	size_t visit = j->visit ? visit_bytes(j->visit) : 0;
	size_t text = j->source.n + j->page.n + j->url.n + j->key.n + j->host.n + j->vars.n +
		      j->reason.n + j->body.n + j->body_type.n + j->way.n;
	struct window_job *made = mem_zero(sizeof(*made) + visit + text + 1);
	char *at = (char *)(made + 1) + visit;

	made->job = *j;
	made->job.source = put(&at, j->source);
	made->job.page = put(&at, j->page);
	made->job.url = put(&at, j->url);
	made->job.key = put(&at, j->key);
	made->job.host = put(&at, j->host);
	made->job.vars = put(&at, j->vars);
	made->job.reason = put(&at, j->reason);
	made->job.body = put(&at, j->body);
	made->job.body_type = put(&at, j->body_type);
	made->job.way = put(&at, j->way);
	if (j->visit)
		made->job.visit = visit_put(made + 1, j->visit);
	return made;
}

static void put_behind(struct window_list *l, struct window_job *before, struct window_job *j)
{
	j->prev = before;
	j->next = before ? before->next : l->first;
	*(before ? &before->next : &l->first) = j;
	*(j->next ? &j->next->prev : &l->last) = j;
}

static struct window_list *list_of(struct window_job *j)
{
	return j->stage == WINDOW_WAITING ? &j->host->waiting : &j->host->busy;
}

static void take_out(struct window_job *j)
{
	struct window_list *l = list_of(j);

	*(j->prev ? &j->prev->next : &l->first) = j->next;
	*(j->next ? &j->next->prev : &l->last) = j->prev;
}

void window_add(struct window *w, struct window_host *h, const struct job *j)
{
	struct window_job *made = copy(j), *before = h->waiting.last;

	if (w->jobs_n >= w->jobs_room)
		grow_jobs(w);
	must(!window_job(w, j->id));
	*job_place(w, j->id) = made;
	w->jobs_n++;
	made->host = h;
	/* They come in order, but for what was found since the last. */
	while (before && before->job.priority > j->priority)
		before = before->prev;
	put_behind(&h->waiting, before, made);
	h->n[WINDOW_WAITING]++;
}

void window_move(struct window_job *j, enum window_stage to)
{
	struct window_list *l;

	take_out(j);
	j->host->n[j->stage]--;
	j->stage = to;
	j->host->n[to]++;
	l = list_of(j);
	put_behind(l, l->last, j);
}

void window_drop(struct window *w, struct window_job *j)
{
	*job_place(w, j->job.id) = j->in_bucket;
	w->jobs_n--;
	take_out(j);
	j->host->n[j->stage]--;
	mem_free(j);
}

struct window_job *window_pick(const struct window_host *h)
{
	return h->waiting.first;
}

int window_held(const struct window_host *h)
{
	return h->n[WINDOW_WAITING] + h->n[WINDOW_RUNNING] + h->n[WINDOW_ENDED];
}
