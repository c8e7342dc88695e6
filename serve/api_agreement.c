/* How far people who decided the same listings agree, level by level of the taxonomy. */
#include "serve/api.h"

#include "base/mem.h"
#include "labeler/agreement.h"

#include <stdlib.h>

/* Those who come later are counted, and not compared. */
#define MOST_PEOPLE 64

struct said {
	int64_t listing, took_ms;
	int who, answer; /* answer: a taxon, or the number of taxa for "none of them" */
};

struct person {
	struct str name;
	int64_t decisions, shared; /* shared: of listings that somebody else decided, too */
	int rater;		   /* place among the raters */
};

struct panel {
	const struct conf *conf;
	struct arena *arena;
	struct person people[MOST_PEOPLE];
	int n_people;
	struct said *said; /* by listing */
	size_t n, room;
	int64_t others, unknown; /* decisions of people past the most; with codes we have not */
};

static int who_is(struct panel *p, struct str name)
{
	int i = 0;

	while (i < p->n_people && !str_eq(p->people[i].name, name))
		i++;
	if (i == MOST_PEOPLE)
		return -1;
	if (i == p->n_people)
		p->people[p->n_people++] = (struct person){ .name = arena_str(p->arena, name) };
	return i;
}

/* The place of what that person said of the listing before, or a new one. */
static struct said *place_of(struct panel *p, int64_t listing, int who)
{
	for (size_t i = p->n; i > 0 && p->said[i - 1].listing == listing; i--)
		if (p->said[i - 1].who == who)
			return &p->said[i - 1];
	mem_grow(&p->said, &p->room, p->n + 1, sizeof(*p->said));
	return &p->said[p->n++];
}

static bool on_decision(void *ctx, const struct review_decision *d)
{
	struct panel *p = ctx;
	int answer = p->conf->taxonomy.n_taxa, who;

	/* The last word was said in the knowledge of the others'. */
	if (d->action == REVIEW_ADJUDICATE)
		return true;
	if (d->category.n)
		answer = conf_taxon(p->conf, d->category);
	who = who_is(p, d->who);
	p->unknown += answer < 0;
	p->others += who < 0;
	if (answer < 0 || who < 0)
		return true;
	*place_of(p, d->listing, who) = (struct said){
		.listing = d->listing, .took_ms = d->took_ms, .who = who, .answer = answer
	};
	return true;
}

static size_t unit_end(const struct panel *p, size_t from)
{
	size_t end = from;

	while (end < p->n && p->said[end].listing == p->said[from].listing)
		end++;
	return end;
}

/* Who shares most listings with others comes first: Cohen's kappa is of the first two. */
static void order_raters(struct panel *p)
{
	size_t end;

	for (size_t i = 0; i < p->n; i = end) {
		end = unit_end(p, i);
		for (size_t k = i; k < end; k++) {
			p->people[p->said[k].who].decisions++;
			p->people[p->said[k].who].shared += end - i > 1;
		}
	}
	for (int i = 0; i < p->n_people; i++) {
		p->people[i].rater = 0;
		for (int k = 0; k < p->n_people; k++)
			p->people[i].rater += p->people[k].shared > p->people[i].shared ||
					      (p->people[k].shared == p->people[i].shared && k < i);
	}
}

static int depth_of(const struct conf_taxonomy *t, int i)
{
	int depth = 1;

	for (; t->taxa[i].parent >= 0 && depth <= t->n_taxa; i = t->taxa[i].parent)
		depth++;
	return depth;
}

static int deepest(const struct conf_taxonomy *t)
{
	int most = 0, depth;

	for (int i = 0; i < t->n_taxa; i++) {
		depth = depth_of(t, i);
		most = depth > most ? depth : most;
	}
	return most;
}

/* Each taxon's group at a level: its ancestor there, itself where it stands higher; "none" is its
 * own. Gives how many groups there are. */
static int groups_at(const struct conf_taxonomy *t, int level, struct arena *a, int *map)
{
	int *number = arena_array(a, (size_t)t->n_taxa + 1, sizeof(*number)), n = 0;

	for (int i = 0; i < t->n_taxa; i++)
		number[i] = -1;
	for (int i = 0; i < t->n_taxa; i++) {
		int at = i;

		for (int depth = depth_of(t, i); depth > level; depth--)
			at = t->taxa[at].parent;
		if (number[at] < 0)
			number[at] = n++;
		map[i] = number[at];
	}
	map[t->n_taxa] = n++;
	return n;
}

static void measure(const struct panel *p, const int *map, int groups,
		    struct agreement_measures *ret)
{
	struct agreement *a = agreement_new(p->conf->taxonomy.n_taxa + 1, map, groups);
	int answers[MOST_PEOPLE];
	size_t end;

	for (size_t i = 0; i < p->n; i = end) {
		end = unit_end(p, i);
		if (end - i < 2)
			continue;
		for (int k = 0; k < p->n_people; k++)
			answers[k] = AGREEMENT_NONE;
		for (size_t k = i; k < end; k++)
			answers[p->people[p->said[k].who].rater] = p->said[k].answer;
		agreement_add(a, answers, p->n_people);
	}
	agreement_measure(a, ret);
	agreement_free(a);
}

static void put_level(struct json *j, int level, int groups, const struct agreement_measures *m)
{
	json_object(j, NULL);
	json_int(j, "level", level);
	json_int(j, "groups", groups);
	json_int(j, "listings", m->pairable);
	json_num(j, "observed", m->observed, 4);
	json_num(j, "cohen", m->cohen, 4);
	json_array(j, "cohen_95");
	json_num(j, NULL, m->cohen_95.low, 4);
	json_num(j, NULL, m->cohen_95.high, 4);
	json_end_array(j);
	json_int(j, "cohen_listings", m->cohen_units);
	json_num(j, "fleiss", m->fleiss, 4);
	json_num(j, "krippendorff", m->nominal, 4);
	json_num(j, "ac1", m->ac1, 4);
	json_end_object(j);
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Of the decisions whose time is known; 0: of none is it. */
static int64_t median_of(const struct panel *p, int who)
{
	int64_t *took = mem_array(p->n + 1, sizeof(*took)), median;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->said[i].who == who && p->said[i].took_ms)
			took[n++] = p->said[i].took_ms;
	qsort(took, n, sizeof(*took), by_number);
	median = n ? took[n / 2] : 0;
	mem_free(took);
	return median;
}

static void put_people(struct json *j, const struct panel *p)
{
	json_array(j, "people");
	for (int rater = 0; rater < p->n_people; rater++)
		for (int i = 0; i < p->n_people; i++) {
			if (p->people[i].rater != rater)
				continue;
			json_object(j, NULL);
			json_str(j, "who", p->people[i].name);
			json_int(j, "decisions", p->people[i].decisions);
			json_int(j, "shared", p->people[i].shared);
			json_int(j, "median_ms", median_of(p, i));
			json_end_object(j);
		}
	json_end_array(j);
}

static void put(struct request *rq, struct panel *p)
{
	const struct conf_taxonomy *t = &p->conf->taxonomy;
	int *map = arena_array(rq->arena, (size_t)t->n_taxa + 1, sizeof(*map));
	int levels = deepest(t), groups;
	struct agreement_measures m;

	order_raters(p);
	json_object(&rq->j, NULL);
	put_people(&rq->j, p);
	json_array(&rq->j, "levels");
	for (int level = 1; level <= levels; level++) {
		groups = groups_at(t, level, rq->arena, map);
		measure(p, map, groups, &m);
		put_level(&rq->j, level, groups, &m);
	}
	json_end_array(&rq->j);
	json_int(&rq->j, "left_out", p->others + p->unknown);
}

void api_agreement(struct request *rq)
{
	struct panel p = { .conf = rq->view->conf, .arena = rq->arena };
	struct str queue = request_text(rq, "queue");
	struct reason why = { "" };
	int64_t disputed = 0;
	enum err err;

	if (str_is(queue, review_queues[QUEUE_ALL].name))
		queue = (struct str){ 0 };
	err = reader_decisions(rq->reader, queue, request_int(rq, "draw"), on_decision, &p, &why);
	if (!err)
		err = reader_queue_size(rq->reader, QUEUE_ADJUDICATE, &disputed, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
	} else {
		put(rq, &p);
		json_int(&rq->j, "disputed", disputed);
		json_end_object(&rq->j);
	}
	mem_free(p.said);
}
