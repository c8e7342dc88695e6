#include "labeler/ruleset.h"

#include "base/mem.h"
#include "base/must.h"
#include "labeler/ruleset_inner.h"

#include <stdlib.h>

enum err ruleset_new(const struct conf *conf, const char *cache, struct ruleset **ret,
		     struct reason *why)
{
	struct ruleset *s = mem_zero(sizeof(*s));
	enum err err;

	s->arena = arena_new(1 << 16);
	s->conf = conf;
	err = ruleset_make(s, cache, why);
	if (err) {
		ruleset_free(s);
		return err;
	}
	*ret = s;
	return ERR_OK;
}

void ruleset_free(struct ruleset *s)
{
	if (!s)
		return;
	for (int i = 0; i < s->n_patterns; i++)
		regex_free(s->patterns[i].regex);
	for (int t = 0; t < TEXTS; t++)
		sieve_free(s->sieve[t]);
	arena_free(s->arena);
	mem_free(s);
}

bool ruleset_was_cached(const struct ruleset *s)
{
	bool cached = true;

	for (int t = 0; t < TEXTS; t++)
		cached &= !s->sieve[t] || sieve_was_cached(s->sieve[t]);
	return cached;
}

struct labeler_scratch *ruleset_scratch_new(void)
{
	struct labeler_scratch *x = mem_zero(sizeof(*x));

	x->regex = regex_match_new();
	x->sieve = sieve_scratch_new();
	return x;
}

void ruleset_scratch_free(struct labeler_scratch *x)
{
	if (!x)
		return;
	regex_match_free(x->regex);
	sieve_scratch_free(x->sieve);
	mem_free(x->met);
	mem_free(x->rule_run);
	mem_free(x->rules);
	mem_free(x);
}

/* ---- what stands in the title ---- */

/* New room is zero, which no run is. */
static void *room_for(void *p, size_t *room, size_t need, size_t each)
{
	void *bigger;

	if (need <= *room)
		return p;
	bigger = mem_array(need, each);
	mem_free(p);
	*room = need;
	return bigger;
}

static void start(struct labeler_scratch *x, const struct ruleset *s, enum ruleset_kind kinds,
		  const struct listing *l)
{
	size_t n = (size_t)s->n + 1, patterns = (size_t)s->n_patterns + 1;

	x->met = room_for(x->met, &x->met_room, patterns, sizeof(*x->met));
	x->rule_run = room_for(x->rule_run, &x->rule_room, n, sizeof(*x->rule_run));
	x->rules = room_for(x->rules, &x->list_room, n, sizeof(*x->rules));
	x->n_rules = 0;
	x->set = s;
	x->listing = l;
	x->kinds = kinds;
	x->run++;
	fields_start(&x->fields);
}

static void look_at(struct labeler_scratch *x, int rule)
{
	if (x->rule_run[rule] == x->run ||
	    !(x->kinds & (x->set->rules[rule].flags ? RULESET_FLAGS : RULESET_VOTES)))
		return;
	x->rule_run[rule] = x->run;
	x->rules[x->n_rules++] = rule;
}

static bool ends_first(const struct ruleset *s, const struct ruleset_met *m, int word, uint32_t end)
{
	return end != m->end ? end < m->end
			     : s->patterns[word].text.n > s->patterns[m->word].text.n;
}

/* The pattern stands there; of a list, by that word. */
static void meet(struct labeler_scratch *x, int pattern, int word, uint32_t end)
{
	const struct ruleset *s = x->set;
	struct ruleset_met *m = &x->met[pattern];

	if (m->run == x->run) {
		if (!ends_first(s, m, word, end))
			return;
		m->end = end;
		m->word = word;
		return;
	}
	*m = (struct ruleset_met){ .run = x->run, .end = end, .word = word };
	for (int i = s->triggers.first[pattern]; i < s->triggers.first[pattern + 1]; i++)
		look_at(x, s->triggers.of[i]);
}

static void hit(void *ctx, int number, size_t end)
{
	struct labeler_scratch *x = ctx;
	const struct ruleset *s = x->set;
	int pattern = s->sieved[x->text][number];

	meet(x, pattern, pattern, (uint32_t)end);
	for (int i = s->lists.first[pattern]; i < s->lists.first[pattern + 1]; i++)
		meet(x, s->lists.of[i], pattern, (uint32_t)end);
}

/* Expressions of a text that no sieve can look through. */
static void meet_expressions(struct labeler_scratch *x, int text)
{
	const struct ruleset *s = x->set;

	for (int i = 0; i < s->n_sieved[text]; i++) {
		int pattern = s->sieved[text][i];

		if (s->patterns[pattern].regex)
			meet(x, pattern, pattern, 0);
	}
}

static struct str text_of(const struct listing *l, int text)
{
	return text == TEXT_WRITTEN ? l->title : l->title_clean;
}

static void find(struct labeler_scratch *x)
{
	const struct ruleset *s = x->set;

	for (int t = 0; t < TEXTS; t++) {
		x->text = t;
		if (s->sieve[t] &&
		    !sieve_run(s->sieve[t], x->sieve, text_of(x->listing, t), hit, x))
			meet_expressions(x, t);
	}
	for (int i = 0; i < s->n_blind; i++)
		meet(x, s->blind[i], s->blind[i], 0);
	for (int i = 0; i < s->n_always; i++)
		look_at(x, s->always[i]);
}

/* ---- which rules hold ---- */

static bool is_met(const struct labeler_scratch *x, int pattern)
{
	return x->met[pattern].run == x->run;
}

static bool is_regex(const struct labeler_scratch *x, int pattern)
{
	return x->set->patterns[pattern].regex != NULL;
}

enum regex_answer ruleset_ask(struct labeler_scratch *x, int pattern)
{
	const struct ruleset_pattern *p = &x->set->patterns[pattern];
	struct ruleset_met *m = &x->met[pattern];

	if (!is_met(x, pattern))
		return REGEX_NO;
	if (!p->regex)
		return REGEX_YES;
	if (!m->asked)
		m->answer =
			regex_ask(p->regex, x->regex,
				  text_of(x->listing, p->kind == CONF_TERM_WRITTEN ? TEXT_WRITTEN
										   : TEXT_CLEAN));
	m->asked = true;
	return m->answer;
}

/* As far as the sieves tell: expressions may yet turn out not to be found. */
static bool may_hold(const struct labeler_scratch *x, const struct ruleset_rule *r)
{
	bool any = r->n[LIST_ANY] == 0;

	for (int i = 0; i < r->n[LIST_ALL]; i++)
		if (!is_met(x, r->patterns[LIST_ALL][i]))
			return false;
	for (int i = 0; i < r->n[LIST_NONE]; i++)
		if (is_met(x, r->patterns[LIST_NONE][i]) && !is_regex(x, r->patterns[LIST_NONE][i]))
			return false;
	for (int i = 0; i < r->n[LIST_ANY] && !any; i++)
		any = is_met(x, r->patterns[LIST_ANY][i]);
	return any;
}

static bool any_holds(struct labeler_scratch *x, const struct ruleset_rule *r)
{
	const int *any = r->patterns[LIST_ANY];

	for (int i = 0; i < r->n[LIST_ANY]; i++)
		if (is_met(x, any[i]) && !is_regex(x, any[i]))
			return true;
	for (int i = 0; i < r->n[LIST_ANY]; i++)
		if (ruleset_ask(x, any[i]) == REGEX_YES)
			return true;
	return r->n[LIST_ANY] == 0;
}

/* A rule that cannot tell says nothing. */
static bool expressions_hold(struct labeler_scratch *x, const struct ruleset_rule *r)
{
	for (int i = 0; i < r->n[LIST_ALL]; i++)
		if (ruleset_ask(x, r->patterns[LIST_ALL][i]) != REGEX_YES)
			return false;
	for (int i = 0; i < r->n[LIST_NONE]; i++)
		if (ruleset_ask(x, r->patterns[LIST_NONE][i]) != REGEX_NO)
			return false;
	return any_holds(x, r);
}

/* Of the words and lists in one list of a rule, the one that ends first, or what it was. */
static int first_word(const struct labeler_scratch *x, const int *patterns, int n, int best)
{
	for (int i = 0; i < n; i++)
		if (is_met(x, patterns[i]) && !is_regex(x, patterns[i]) &&
		    (best < 0 || ends_first(x->set, &x->met[best], x->met[patterns[i]].word,
					    x->met[patterns[i]].end)))
			best = patterns[i];
	return best;
}

static struct str word_of(const struct labeler_scratch *x, const struct ruleset_rule *r)
{
	int best = first_word(x, r->patterns[LIST_ANY], r->n[LIST_ANY], -1);

	best = first_word(x, r->patterns[LIST_ALL], r->n[LIST_ALL], best);
	return best < 0 ? (struct str){ 0 } : x->set->patterns[x->met[best].word].term->text;
}

static int by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

void ruleset_find(const struct ruleset *s, struct labeler_scratch *x, enum ruleset_kind kinds,
		  const struct listing *l)
{
	start(x, s, kinds, l);
	find(x);
	qsort(x->rules, (size_t)x->n_rules, sizeof(*x->rules), by_number);
}

void ruleset_run(const struct ruleset *s, struct labeler_scratch *x, enum ruleset_kind kinds,
		 const struct listing *l,
		 void (*each)(void *ctx, const struct conf_rule *rule, struct str word), void *ctx)
{
	ruleset_find(s, x, kinds, l);
	for (int i = 0; i < x->n_rules; i++) {
		const struct ruleset_rule *r = &s->rules[x->rules[i]];

		if (may_hold(x, r) && (!r->fields || !fields_against(r->fields, &x->fields, l)) &&
		    expressions_hold(x, r))
			each(ctx, r->conf, word_of(x, r));
	}
}
