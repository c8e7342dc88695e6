#include "base/interval.h"
#include "base/mem.h"
#include "daemon/rule_report.h"
#include "serve/api_json.h"

#include <stdlib.h>

/* How each rule does on the listings there are, and beside the others. */

#define PAIRS_MOST ((size_t)1 << 20) /* that are counted; those met later are left out */
#define PAIRS_SHOWN 50
#define LEVEL 0.95
/* Fired together less often than this says nothing of two rules. */
#define TOGETHER_LEAST 5

struct rule_sum {
	int64_t fired, alone, conflicts; /* alone: no other rule voted */
	int64_t reviewed, right;
	int64_t last_ms;
};

/* Two rules that vote for one listing; key 0: none. */
struct pair {
	uint64_t key; /* a * n + b + 1, a < b */
	int64_t both, apart;
};

struct stats {
	const struct conf *conf;
	const struct labeler *labeler;
	struct labeler_scratch *scratch;
	struct rule_sum *rules;
	struct pair *pairs; /* open addressing */
	size_t n_pairs, room;
	bool full;
	int64_t listings, voted, votes, reviewed;
	/* of the listing at hand */
	int met[1024];
	int n_met;
};

static void *stats_start(const struct rule_report_in *in)
{
	struct stats *s = mem_zero(sizeof(*s));

	s->conf = in->view->conf;
	s->labeler = in->view->labeler;
	s->scratch = labeler_scratch_new();
	s->rules = mem_array((size_t)s->conf->rules.n_rules + 1, sizeof(*s->rules));
	s->room = 1024;
	s->pairs = mem_array(s->room, sizeof(*s->pairs));
	return s;
}

static struct pair *slot(struct pair *pairs, size_t room, uint64_t key)
{
	size_t i = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (room - 1);

	while (pairs[i].key && pairs[i].key != key)
		i = (i + 1) & (room - 1);
	return &pairs[i];
}

static void grow(struct stats *s)
{
	struct pair *bigger = mem_array(2 * s->room, sizeof(*bigger));

	for (size_t i = 0; i < s->room; i++)
		if (s->pairs[i].key)
			*slot(bigger, 2 * s->room, s->pairs[i].key) = s->pairs[i];
	mem_free(s->pairs);
	s->pairs = bigger;
	s->room *= 2;
}

static struct pair *pair_of(struct stats *s, int a, int b)
{
	uint64_t key = (uint64_t)a * (uint64_t)s->conf->rules.n_rules + (uint64_t)b + 1;
	struct pair *p = slot(s->pairs, s->room, key);

	if (p->key)
		return p;
	if (s->n_pairs == PAIRS_MOST) {
		s->full = true;
		return NULL;
	}
	if (s->n_pairs * 2 > s->room) {
		grow(s);
		p = slot(s->pairs, s->room, key);
	}
	s->n_pairs++;
	p->key = key;
	return p;
}

static void met(void *ctx, const struct conf_rule *rule)
{
	struct stats *s = ctx;
	int i = (int)(rule - s->conf->rules.rules);

	s->rules[i].fired++;
	if (rule->taxon >= 0 && s->n_met < (int)(sizeof(s->met) / sizeof(s->met[0])))
		s->met[s->n_met++] = i;
}

static bool at_or_below(const struct conf_taxonomy *t, int taxon, int above)
{
	for (int steps = 0; taxon >= 0 && steps <= t->n_taxa; steps++) {
		if (taxon == above)
			return true;
		taxon = t->taxa[taxon].parent;
	}
	return false;
}

/* One of them votes for what the other votes for, or for a part of it. */
static bool agree(const struct stats *s, int a, int b)
{
	int x = s->conf->rules.rules[a].taxon, y = s->conf->rules.rules[b].taxon;

	return at_or_below(&s->conf->taxonomy, x, y) || at_or_below(&s->conf->taxonomy, y, x);
}

static void count_pairs(struct stats *s)
{
	bool conflict[1024] = { false };

	for (int i = 0; i < s->n_met; i++)
		for (int k = i + 1; k < s->n_met; k++) {
			struct pair *p = pair_of(s, s->met[i], s->met[k]);
			bool apart = !agree(s, s->met[i], s->met[k]);

			conflict[i] |= apart;
			conflict[k] |= apart;
			if (!p)
				continue;
			p->both++;
			p->apart += apart;
		}
	for (int i = 0; i < s->n_met; i++) {
		s->rules[s->met[i]].conflicts += conflict[i];
		s->rules[s->met[i]].alone += s->n_met == 1;
	}
}

static void stats_add(void *ctx, int pass, const struct listing_view *v, struct arena *a)
{
	struct stats *s = ctx;
	struct vote votes[LABEL_MOST_VOTES];
	struct listing l = v->listing;

	(void)pass;
	(void)a;
	s->n_met = 0;
	s->listings++;
	labeler_judge_counted(s->labeler, s->scratch, &l, votes, met, s);
	s->voted += s->n_met > 0;
	s->votes += s->n_met;
	count_pairs(s);
	for (int i = 0; i < s->n_met; i++)
		if (v->listing.first_seen_ms > s->rules[s->met[i]].last_ms)
			s->rules[s->met[i]].last_ms = v->listing.first_seen_ms;
	if (!v->labeled || v->label.by != LABEL_BY_PERSON)
		return;
	s->reviewed++;
	for (int i = 0; i < s->n_met; i++) {
		struct rule_sum *r = &s->rules[s->met[i]];

		r->reviewed++;
		r->right += rule_report_right(s->conf, s->conf->rules.rules[s->met[i]].taxon,
					      v->label.category);
	}
}

/* ---- the report */

static double share(int64_t part, int64_t of)
{
	return of ? (double)part / (double)of : 0;
}

static void precision(struct json *j, const struct rule_sum *r)
{
	struct interval w = interval_wilson((double)r->right, (double)r->reviewed, LEVEL);

	json_int(j, "reviewed", r->reviewed);
	json_int(j, "right", r->right);
	if (!r->reviewed) {
		json_null(j, "measured");
		json_null(j, "low");
		json_null(j, "high");
		return;
	}
	json_num(j, "measured", share(r->right, r->reviewed), 4);
	json_num(j, "low", w.low, 4);
	json_num(j, "high", w.high, 4);
}

static void print_rule(const struct stats *s, struct json *j, int i)
{
	const struct conf_rule *c = &s->conf->rules.rules[i];
	const struct rule_sum *r = &s->rules[i];

	json_object(j, NULL);
	json_str(j, "rule", c->name);
	api_json_category(j, s->conf,
			  c->taxon < 0 ? (struct str){ 0 } : s->conf->taxonomy.taxa[c->taxon].code);
	json_text(j, "flag", c->flag < 0 ? NULL : listing_flags[c->flag].name);
	json_str(j, "family", c->family);
	json_num(j, "precision", c->precision, 4);
	json_int(j, "fired", r->fired);
	json_num(j, "coverage", share(r->fired, s->listings), 6);
	json_num(j, "share", c->taxon < 0 ? 0 : share(r->fired, s->votes), 6);
	json_int(j, "alone", r->alone);
	json_int(j, "conflicts", r->conflicts);
	precision(j, r);
	api_json_time(j, "last", r->last_ms);
	json_end_object(j);
}

static int most_apart(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->apart != y->apart)
		return x->apart < y->apart ? 1 : -1;
	return x->key < y->key ? -1 : x->key > y->key;
}

static int most_together(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->both - x->apart != y->both - y->apart)
		return x->both - x->apart < y->both - y->apart ? 1 : -1;
	return x->key < y->key ? -1 : x->key > y->key;
}

static void print_pair(const struct stats *s, struct json *j, const struct pair *p)
{
	uint64_t n = (uint64_t)s->conf->rules.n_rules;
	int a = (int)((p->key - 1) / n), b = (int)((p->key - 1) % n);
	int64_t either = s->rules[a].fired + s->rules[b].fired - p->both;

	json_object(j, NULL);
	json_str(j, "a", s->conf->rules.rules[a].name);
	json_str(j, "b", s->conf->rules.rules[b].name);
	json_int(j, "both", p->both);
	json_int(j, "apart", p->apart);
	json_num(j, "overlap", share(p->both, either), 4);
	json_end_object(j);
}

static void print_pairs(const struct stats *s, struct json *j, const char *key, bool apart)
{
	size_t n = 0;

	json_array(j, key);
	for (size_t i = 0; i < s->n_pairs && n < PAIRS_SHOWN; i++) {
		const struct pair *p = &s->pairs[i];

		if (apart ? p->apart > 0 : p->both - p->apart >= TOGETHER_LEAST) {
			print_pair(s, j, p);
			n++;
		}
	}
	json_end_array(j);
}

static void compact(struct stats *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->room; i++)
		if (s->pairs[i].key)
			s->pairs[n++] = s->pairs[i];
}

static void stats_print(void *ctx, struct json *j)
{
	struct stats *s = ctx;

	json_int(j, "listings", s->listings);
	json_int(j, "voted", s->voted);
	json_int(j, "votes", s->votes);
	json_int(j, "reviewed", s->reviewed);
	json_array(j, "rules");
	for (int i = 0; i < s->conf->rules.n_rules; i++)
		print_rule(s, j, i);
	json_end_array(j);
	compact(s);
	if (s->n_pairs)
		qsort(s->pairs, s->n_pairs, sizeof(*s->pairs), most_apart);
	print_pairs(s, j, "conflicts", true);
	if (s->n_pairs)
		qsort(s->pairs, s->n_pairs, sizeof(*s->pairs), most_together);
	print_pairs(s, j, "overlaps", false);
	json_bool(j, "pairs_left_out", s->full);
}

static void stats_free(void *ctx)
{
	struct stats *s = ctx;

	labeler_scratch_free(s->scratch);
	mem_free(s->rules);
	mem_free(s->pairs);
	mem_free(s);
}

const struct rule_report rule_stats_report = {
	.name = "stats",
	.passes = 1,
	.start = stats_start,
	.add = stats_add,
	.print = stats_print,
	.free = stats_free,
};
