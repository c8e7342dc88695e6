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

	for (size_t i = 0; i < w->hosts_n; i++) {
		while (w->hosts[i]->first)
			window_drop(w, w->hosts[i]->first);
		mem_free(w->hosts[i]);
	}
	while ((s = w->sources)) {
		w->sources = s->next;
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
	struct window_source *s;
	char *text;

	for (s = w->sources; s; s = s->next)
		if (str_eq(s->name, name))
			return s;
	s = mem_zero(sizeof(*s) + name.n + 1);
	text = (char *)(s + 1);
	s->name = put(&text, name);
	s->next = w->sources;
	w->sources = s;
	return s;
}

static struct window_host **host_place(const struct window *w, struct str source, struct str host)
{
	struct window_host **at;

	at = &w->hosts_by_name[hash64(host, hash64(source, 0)) & (w->hosts_room - 1)];
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
	w->hosts[w->hosts_n++] = h;
	return h;
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

static void grow_jobs(struct window *w)
{
	struct window_job *j;

	mem_free(w->jobs);
	w->jobs_room *= 2;
	w->jobs = mem_array(w->jobs_room, sizeof(struct window_job *));
	for (size_t i = 0; i < w->hosts_n; i++) {
		for (j = w->hosts[i]->first; j; j = j->next) {
			j->in_bucket = NULL;
			*job_place(w, j->job.id) = j;
		}
	}
}

static struct window_job *copy(const struct job *j)
{
	size_t text =
		j->source.n + j->page.n + j->url.n + j->key.n + j->host.n + j->vars.n + j->reason.n;
	struct window_job *made = mem_zero(sizeof(*made) + text + 1);
	char *at = (char *)(made + 1);

	made->job = *j;
	made->job.source = put(&at, j->source);
	made->job.page = put(&at, j->page);
	made->job.url = put(&at, j->url);
	made->job.key = put(&at, j->key);
	made->job.host = put(&at, j->host);
	made->job.vars = put(&at, j->vars);
	made->job.reason = put(&at, j->reason);
	return made;
}

void window_add(struct window *w, struct window_host *h, const struct job *j)
{
	struct window_job *made = copy(j);

	if (w->jobs_n >= w->jobs_room)
		grow_jobs(w);
	must(!window_job(w, j->id));
	*job_place(w, j->id) = made;
	w->jobs_n++;
	made->host = h;
	made->prev = h->last;
	if (h->last)
		h->last->next = made;
	else
		h->first = made;
	h->last = made;
	h->n[WINDOW_WAITING]++;
}

void window_move(struct window_job *j, enum window_stage to)
{
	j->host->n[j->stage]--;
	j->stage = to;
	j->host->n[to]++;
}

void window_drop(struct window *w, struct window_job *j)
{
	struct window_host *h = j->host;

	*job_place(w, j->job.id) = j->in_bucket;
	w->jobs_n--;
	*(j->prev ? &j->prev->next : &h->first) = j->next;
	*(j->next ? &j->next->prev : &h->last) = j->prev;
	h->n[j->stage]--;
	mem_free(j);
}

struct window_job *window_pick(const struct window_host *h)
{
	struct window_job *best = NULL;

	for (struct window_job *j = h->first; j; j = j->next)
		if (j->stage == WINDOW_WAITING && (!best || j->job.priority < best->job.priority))
			best = j;
	return best;
}

int window_held(const struct window_host *h)
{
	return h->n[WINDOW_WAITING] + h->n[WINDOW_RUNNING] + h->n[WINDOW_ENDED];
}
