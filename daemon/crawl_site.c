#include "daemon/crawl_site.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "crawler/way.h"

#include <stdio.h>

#define BUCKETS 8192
/* What is known of sites takes at most this, or little more. */
#define SITES_BYTES ((size_t)64 << 20)

struct crawl_sites {
	struct site *buckets[BUCKETS];
	struct site *newest, *oldest;
	size_t bytes; /* of all */
	int asking;
};

struct crawl_sites *crawl_site_open(void)
{
	return mem_zero(sizeof(struct crawl_sites));
}

static void site_free(struct site *s)
{
	must(!s->asking && !s->recalling);
	robots_free(s->rules);
	mem_free((void *)(uintptr_t)s->name.p);
	mem_free((void *)(uintptr_t)s->way.p);
	mem_free(s);
}

void crawl_site_close(struct crawl_sites *all)
{
	struct site *s, *next;

	if (!all)
		return;
	for (int i = 0; i < BUCKETS; i++) {
		for (s = all->buckets[i]; s; s = next) {
			next = s->next;
			site_free(s);
		}
	}
	mem_free(all);
}

int crawl_site_busy(const struct crawl_sites *all)
{
	return all->asking;
}

struct str crawl_site_name(struct str url)
{
	ptrdiff_t at = str_find(url, STR("://"));
	size_t n = at < 0 ? 0 : (size_t)at + 3;

	while (n < url.n && url.p[n] != '/' && url.p[n] != '?' && url.p[n] != '#')
		n++;
	return str_sub(url, 0, n);
}

static size_t bucket_of(struct str name)
{
	return hash64(name, 0) % BUCKETS;
}

struct site *crawl_site_find(const struct crawl_sites *all, struct str name)
{
	struct site *s = all->buckets[bucket_of(name)];

	while (s && !str_eq(s->name, name))
		s = s->next;
	return s;
}

static void take_out(struct crawl_sites *all, struct site *s)
{
	*(s->newer ? &s->newer->older : &all->newest) = s->older;
	*(s->older ? &s->older->newer : &all->oldest) = s->newer;
	s->newer = s->older = NULL;
}

static void put_first(struct crawl_sites *all, struct site *s)
{
	s->older = all->newest;
	*(s->older ? &s->older->newer : &all->oldest) = s;
	all->newest = s;
}

void crawl_site_weigh(struct site *s)
{
	struct crawl_sites *all = s->c->sites;

	all->bytes -= s->bytes;
	s->bytes = sizeof(*s) + s->name.n + (s->rules ? arena_used(s->rules->arena) : 0);
	all->bytes += s->bytes;
}

static void forget(struct crawl_sites *all, struct site *s)
{
	struct site **at = &all->buckets[bucket_of(s->name)];

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	take_out(all, s);
	all->bytes -= s->bytes;
	site_free(s);
}

/* Those that were not needed for longest are remembered, and read when they are. */
static void shrink(struct crawl *c)
{
	struct crawl_sites *all = c->sites;
	size_t most = c->env.robots_bytes ? c->env.robots_bytes : SITES_BYTES;
	struct site *newer;

	for (struct site *s = all->oldest; s && s != all->newest && all->bytes > most; s = newer) {
		newer = s->newer;
		if (!s->asking && !s->recalling)
			forget(all, s);
	}
}

struct site *crawl_site_of(struct crawl *c, const struct job *job)
{
	struct str name = crawl_site_name(way_asked(job));
	struct site **bucket, *s = crawl_site_find(c->sites, name);

	if (s) {
		take_out(c->sites, s);
		put_first(c->sites, s);
		return s;
	}
	s = mem_zero(sizeof(*s));
	s->c = c;
	s->name = (struct str){ mem_dup(name.p, name.n), name.n };
	snprintf(s->host, sizeof(s->host), "%.*s", STR_ARG(job->host));
	bucket = &c->sites->buckets[bucket_of(name)];
	s->next = *bucket;
	*bucket = s;
	put_first(c->sites, s);
	crawl_site_weigh(s);
	shrink(c);
	return s;
}

void crawl_site_begun(struct site *s)
{
	s->c->sites->asking++;
}

void crawl_site_ended(struct site *s)
{
	s->c->sites->asking--;
	crawl_ended(s->c);
}
