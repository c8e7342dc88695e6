#include "base/log.h"
#include "base/mem.h"
#include "daemon/crawl_inner.h"

struct crawl_values {
	struct crawl_values *next; /* of another source */
	struct str source;	   /* owned */
	struct values *set;	   /* or NULL */
	int users;
};

static void release(struct crawl_values *v)
{
	if (--v->users)
		return;
	values_free(v->set);
	mem_free((void *)(uintptr_t)v->source.p);
	mem_free(v);
}

static struct crawl_values **place_of(struct crawl *c, struct str source)
{
	struct crawl_values **at = &c->values;

	while (*at && !str_eq((*at)->source, source))
		at = &(*at)->next;
	return at;
}

bool crawl_values_wanted(const struct conf_source *s)
{
	for (int i = 0; i < s->n_pages; i++)
		if (s->pages[i].n_values)
			return true;
	return false;
}

struct crawl_values *crawl_values_keep(struct crawl *c, struct str source)
{
	struct crawl_values *v = *place_of(c, source);

	if (v)
		v->users++;
	return v;
}

void crawl_values_release(struct crawl_values *v)
{
	if (v)
		release(v);
}

const struct values *crawl_values_set(const struct crawl_values *v)
{
	return v ? v->set : NULL;
}

void crawl_values_take(struct crawl *c, struct str source, const struct value *rows, int n)
{
	struct crawl_values **at = place_of(c, source), *v = mem_zero(sizeof(*v)), *old = *at;

	v->source = (struct str){ mem_dup(source.p, source.n), source.n };
	v->set = values_new(rows, n);
	v->users = 1;
	v->next = old ? old->next : NULL;
	*at = v;
	if (old)
		release(old);
}

void crawl_values_drop(struct crawl *c)
{
	struct crawl_values *v;

	while ((v = c->values)) {
		c->values = v->next;
		release(v);
	}
}
