#include "daemon/lead.h"

#include "base/clock.h"
#include "crawler/link.h"
#include "crawler/seed.h"
#include "crawler/split.h"

/* Pages of one list that are asked for at once; the rest follow page by page. */
#define MOST_PAGES_AT_ONCE 10000
/* Pages of a list each of which names the next, unless the configuration has a number. */
#define MOST_PAGES_NAMED 10000

struct lead {
	struct task *t;
	const struct conf_source *source;
	const struct conf_page *page;
	const struct extract_out *out;
	int64_t now_at; /* the page's own number; -1: none */
	bool first;	/* of its list */
	bool narrow;	/* the list has more results than can be read */
	int64_t end;	/* last page that can be read; -1: not known */
};

/* As the variables of a band have it: in whole units of the currency. */
static int64_t units(const struct listing *l)
{
	int64_t price = l->price;

	for (int i = 0; i < l->price_digits; i++)
		price /= 10;
	return price;
}

static void see_prices(const struct lead *l, struct split_in *in)
{
	const struct write *w = &l->t->write;

	in->prices = arena_array(l->t->arena, (size_t)w->n_listings + 1, sizeof(*in->prices));
	for (int i = 0; i < w->n_listings; i++) {
		if (w->listings[i].listing.price == LISTING_NO_PRICE)
			in->n_unpriced++;
		else
			in->prices[in->n_prices++] = units(&w->listings[i].listing);
	}
}

static void take_parts(struct lead *l, const struct split_out *split)
{
	struct write *w = &l->t->write;

	w->parts = arena_array(l->t->arena, (size_t)split->n_parts + 1, sizeof(*w->parts));
	for (int i = 0; i < split->n_parts; i++)
		if (seed_part(l->source, &l->t->job, split->parts[i], l->t->now_ms, l->t->arena,
			      &w->parts[w->n_parts]))
			w->n_parts++;
	w->part.parts = w->n_parts;
}

/* What becomes of a list, told by its first page. One that was parted before keeps its
 * parts: each of them is parted further where it grows. */
static void part(struct lead *l)
{
	struct write *w = &l->t->write;
	struct split_in in = { .values = l->t->values,
			       .vars = l->t->job.vars,
			       .total = l->out->total,
			       .window = l->page->paging.window };
	struct split_out split;

	in.seed = seed_of_job(l->source, &l->t->job, l->t->arena);
	w->parted = true;
	w->again = l->t->job.part != JOB_WHOLE;
	w->part = (struct part){ .total = in.total, .window = in.window, .says = PART_SPLIT };
	if (w->again || !in.seed)
		return;
	see_prices(l, &in);
	split_run(&in, l->t->arena, &split);
	w->part.says = split.says;
	w->part.covers = split.covers;
	w->part.own = split.own;
	w->part.reason = split.why;
	if (split.says != PART_SPLIT)
		return;
	take_parts(l, &split);
	w->job.part = split.own ? JOB_PARTED_READ : JOB_PARTED;
}

/* Pages of the list hold so many results each as its last one tells. */
static void find_end(struct lead *l)
{
	int64_t pages = l->out->last - seed_first_page(l->source, l->page, &l->t->job) + 1;
	int64_t total = l->out->total, window = l->page->paging.window, each;

	l->narrow = total > window;
	if (l->out->last < 0 || pages < 1)
		return;
	l->end = l->out->last;
	if (!l->narrow)
		return;
	each = (total + pages - 1) / pages;
	l->end = l->out->last - pages + (window + each - 1) / each;
}

/* The last page to ask for now; only the first page of a list says how long it is,
 * as later ones would name the same jobs over and over. */
static int64_t ask_to(const struct lead *l)
{
	const struct write *w = &l->t->write;
	int64_t to = l->now_at;

	if (l->now_at < 0 || !l->out->more || w->job.part == JOB_PARTED)
		return to;
	to = l->now_at + 1;
	if (l->first && l->out->last > to)
		to = l->out->last - l->now_at > MOST_PAGES_AT_ONCE ? l->now_at + MOST_PAGES_AT_ONCE
								   : l->out->last;
	return l->end >= 0 && to > l->end ? l->end : to;
}

/* The list has as many pages as are read. */
static bool beyond(const struct lead *l)
{
	int64_t most = l->page->paging.max ? l->page->paging.max : MOST_PAGES_NAMED;

	return l->t->job.nth + 1 >= most;
}

/* Jobs of the links; how many. What is refused is counted. */
static int add_links(const struct lead *l, struct job *jobs)
{
	struct task *t = l->t;
	struct url base;
	bool based = !url_parse(t->write.page.url, t->arena, &base, NULL);
	int n = 0;

	for (int i = 0; i < l->out->n_links; i++) {
		const struct extract_link *link = &l->out->links[i];
		const struct link_found found = { .url = link->url,
						  .page = link->page,
						  .next = link->next,
						  .priority = link->priority,
						  .lastmod_ms = link->lastmod_ms };
		struct link_refused refused = { .kind = REFUSAL_ADDRESS, .url = link->url };

		if (link->next && beyond(l)) {
			refusal_add(&t->write.refused, REFUSAL_ENDLESS, link->url);
			t->write.cut = true;
		} else if (based && link_job(l->source, &t->job, &base, &found, t->now_ms, t->arena,
					     &jobs[n], &refused)) {
			if (link->next)
				seed_further(&t->job, 1, &jobs[n]);
			n++;
		} else {
			refusal_add(&t->write.refused, refused.kind, refused.url);
			t->write.cut |= link->next;
		}
	}
	return n;
}

static bool canonical(struct task *t, const struct conf_source *source,
		      const struct conf_page *page, const struct extract_out *out, struct job *ret)
{
	/* Another name of the same page: as deep, and of no folder's budget. */
	const struct link_found found = {
		.url = out->canonical, .page = page->name, .next = true, .priority = -1
	};
	struct link_refused refused;
	struct url base;

	return out->canonical.n && !t->job.body.n &&
	       !url_parse(t->write.page.url, t->arena, &base, NULL) &&
	       link_job(source, &t->job, &base, &found, t->now_ms, t->arena, ret, &refused);
}

struct str lead_address(struct task *t, const struct conf_source *source,
			const struct conf_page *page, const struct extract_out *out)
{
	struct job j;

	return canonical(t, source, page, out, &j) ? j.url : t->write.page.url;
}

/* The page's own address is as good as asked: links to it lead to a job that is done. */
static bool canonical_job(const struct lead *l, struct job *ret)
{
	struct task *t = l->t;

	if (!canonical(t, l->source, l->page, l->out, ret) || str_eq(ret->key, t->job.key))
		return false;
	ret->state = JOB_DONE;
	ret->reason = arena_fmt(t->arena, "is the page of job %lld", (long long)t->job.id);
	return true;
}

/* The page that the cursor leads to; how many. */
static int add_cursor(const struct lead *l, struct job *job)
{
	struct task *t = l->t;

	if (!l->out->cursor.n)
		return 0;
	if (beyond(l)) {
		refusal_add(&t->write.refused, REFUSAL_ENDLESS, t->job.url);
		return 0;
	}
	return seed_cursor(l->source, l->page, &t->job, l->out->cursor, t->now_ms, t->arena, job);
}

static void add_jobs(struct lead *l)
{
	struct task *t = l->t;
	struct write *w = &t->write;
	int64_t to = ask_to(l);
	size_t room = (size_t)l->out->n_links + (to > l->now_at ? (size_t)(to - l->now_at) : 0);
	int64_t from = clock_thread_cpu_ns();
	int n = 0;

	w->jobs = arena_array(t->arena, room + 3, sizeof(*w->jobs));
	if (canonical_job(l, &w->jobs[n]))
		n++;
	n += add_cursor(l, &w->jobs[n]);
	for (int64_t v = l->now_at + 1; l->now_at >= 0 && v <= to; v++)
		if (seed_page(l->source, l->page, &t->job, v, t->now_ms, t->arena, &w->jobs[n]))
			n++;
		else
			w->cut = true;
	w->n_jobs = n + add_links(l, w->jobs + n);
	stage_spent(&t->cpu_ns[STAGE_LINKS], &from);
}

void lead_run(struct task *t, const struct conf_source *source, const struct conf_page *page,
	      const struct extract_out *out)
{
	struct lead l = {
		.t = t, .source = source, .page = page, .out = out, .now_at = -1, .end = -1
	};

	if (page->paging.next.kind || !seed_page_value(page, &t->job, &l.now_at))
		l.now_at = -1;
	l.first = l.now_at >= 0 && l.now_at == seed_first_page(source, page, &t->job);
	if (page->paging.window && out->total >= 0 && l.now_at >= 0) {
		find_end(&l);
		if (l.first)
			part(&l);
		/* Not all of it can be seen: what is not need not be gone. */
		t->write.cut |= t->write.job.part == JOB_PARTED_READ ||
				(l.narrow && t->write.job.part == JOB_WHOLE);
	}
	t->write.values = out->values;
	t->write.n_values = out->n_values;
	add_jobs(&l);
}
