#include "base/mem.h"
#include "base/must.h"
#include "base/normal.h"
#include "base/utf8.h"
#include "labeler/ruleset_inner.h"

#include <stdlib.h>
#include <string.h>

/* A word or expression as one place has it; sorted, the same ones stand side by side. */
struct use {
	struct ruleset_pattern p;
	int *id; /* where the pattern's number goes */
};

struct maker {
	struct ruleset *s;
	struct use *uses;
	int n;
	int **members; /* of each list of the configuration: pattern of each word */
	int *of_list;  /* pattern of each list, or -1: no rule has it */
	struct reason *why;
};

static enum err at_term(const struct conf_rule *r, const struct conf_term *t, struct reason *why,
			const char *detail)
{
	static const char *const kinds[] = { [CONF_TERM_WORD] = "word",
					     [CONF_TERM_REGEX] = "regex",
					     [CONF_TERM_WRITTEN] = "written",
					     [CONF_TERM_LIST] = "list" };
	const struct conf_at *at = t->at.file || !r ? &t->at : &r->at;

	return reason_set(why, ERR_BAD, "%s:%d:%d: %s%.*s%s%s `%.*s`: %s",
			  at->file ? at->file : "rules", at->line, at->column, r ? "rule `" : "",
			  r ? (int)r->name.n : 0, r ? r->name.p : "", r ? "`: " : "",
			  kinds[t->kind], STR_ARG(t->text), detail);
}

/* ---- the patterns ---- */

/* Latin letters and digits and what is written like them: one end of a word that must
 * stand at the end of a token. */
static bool is_token_letter(struct str s)
{
	uint32_t c = 0;

	utf8_decode(s, &c);
	return c < 0x590 || (c >= 0x1e00 && c < 0x1f00);
}

static void ends_of(struct ruleset_pattern *p, enum conf_whole whole)
{
	size_t last = p->text.n - 1;

	while (last && ((unsigned char)p->text.p[last] & 0xc0) == 0x80)
		last--;
	p->left = whole == CONF_WHOLE_YES ||
		  (whole == CONF_WHOLE_BY_SCRIPT && is_token_letter(p->text));
	p->right = whole == CONF_WHOLE_YES || (whole == CONF_WHOLE_BY_SCRIPT &&
					       is_token_letter(str_sub(p->text, last, p->text.n)));
}

static enum err use(struct maker *m, const struct conf_rule *r, const struct conf_term *t, int *id)
{
	struct ruleset_pattern p = {
		.kind = t->kind, .text = t->text, .list = -1, .number = -1, .term = t
	};

	if (t->kind == CONF_TERM_LIST) {
		p.text = STR("");
		p.list = conf_list(&m->s->conf->rules, t->text);
		if (p.list < 0)
			return at_term(r, t, m->why, "there is no such list");
	} else if (t->kind == CONF_TERM_WORD) {
		p.text = normal_str(m->s->arena, t->text);
		if (p.text.n == 0)
			return at_term(r, t, m->why, "has no letter or digit");
		ends_of(&p, t->whole);
	}
	m->uses[m->n++] = (struct use){ .p = p, .id = id };
	return ERR_OK;
}

static bool asks_fields(const struct conf_rule *c)
{
	return c->source.n || c->category.n || c->path.n || c->brand.n || c->condition.n ||
	       c->price_min != LISTING_NO_PRICE || c->price_max != LISTING_NO_PRICE;
}

static enum err use_rule(struct maker *m, struct ruleset_rule *r)
{
	const struct conf_rule *c = r->conf;
	const struct conf_term *terms[LISTS] = { c->any, c->all, c->none };
	const int n[LISTS] = { c->n_any, c->n_all, c->n_none };
	int *patterns = arena_array(m->s->arena, (size_t)(n[0] + n[1] + n[2]) + 1, sizeof(int));
	enum err err = ERR_OK;

	r->flags = c->flag >= 0;
	if (asks_fields(c)) {
		r->fields = arena_alloc(m->s->arena, sizeof(*r->fields));
		fields_compile(r->fields, m->s->arena, c);
	}
	for (int l = 0; l < LISTS; patterns += n[l], l++) {
		r->patterns[l] = patterns;
		r->n[l] = n[l];
		for (int i = 0; !err && i < n[l]; i++)
			err = use(m, c, &terms[l][i], &patterns[i]);
	}
	return err;
}

static enum err use_all(struct maker *m)
{
	const struct conf_rules *c = &m->s->conf->rules;
	enum err err = ERR_OK;

	for (int i = 0; !err && i < c->n_rules; i++)
		err = use_rule(m, &m->s->rules[i]);
	for (int k = 0; !err && k < c->n_lists; k++) {
		m->members[k] = arena_array(m->s->arena, (size_t)c->lists[k].n + 1, sizeof(int));
		for (int i = 0; !err && i < c->lists[k].n; i++)
			err = use(m, NULL, &c->lists[k].words[i], &m->members[k][i]);
	}
	return err;
}

static int by_pattern(const void *a, const void *b)
{
	const struct ruleset_pattern *x = &((const struct use *)a)->p;
	const struct ruleset_pattern *y = &((const struct use *)b)->p;

	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	if (x->list != y->list)
		return x->list < y->list ? -1 : 1;
	if (x->left != y->left || x->right != y->right)
		return (x->left * 2 + x->right) - (y->left * 2 + y->right);
	return str_cmp(x->text, y->text);
}

static void number_patterns(struct maker *m)
{
	struct ruleset *s = m->s;

	qsort(m->uses, (size_t)m->n, sizeof(*m->uses), by_pattern);
	s->patterns = arena_array(s->arena, (size_t)m->n + 1, sizeof(*s->patterns));
	for (int i = 0; i < m->n; i++) {
		if (i == 0 || by_pattern(&m->uses[i], &m->uses[i - 1]) != 0) {
			s->patterns[s->n_patterns] = m->uses[i].p;
			if (m->uses[i].p.list >= 0)
				m->of_list[m->uses[i].p.list] = s->n_patterns;
			s->n_patterns++;
		}
		*m->uses[i].id = s->n_patterns - 1;
	}
}

static const struct conf_rule *rule_of(const struct ruleset *s, int pattern)
{
	for (int r = 0; r < s->n; r++)
		for (int l = 0; l < LISTS; l++)
			for (int i = 0; i < s->rules[r].n[l]; i++)
				if (s->rules[r].patterns[l][i] == pattern)
					return s->rules[r].conf;
	return NULL;
}

static enum err compile_regexes(struct maker *m)
{
	struct ruleset *s = m->s;
	struct reason detail;

	for (int i = 0; i < s->n_patterns; i++) {
		struct ruleset_pattern *p = &s->patterns[i];

		if (p->kind != CONF_TERM_REGEX && p->kind != CONF_TERM_WRITTEN)
			continue;
		if (regex_new(p->text, &p->regex, &detail))
			return at_term(rule_of(s, i), p->term, m->why, detail.text);
	}
	return ERR_OK;
}

/* ---- the sieves ---- */

static enum err make_sieve(struct ruleset *s, int text, const char *cache, struct reason *why)
{
	struct sieve_pattern *told = mem_array((size_t)s->n_patterns + 1, sizeof(*told));
	enum err err = ERR_OK;
	int n = 0;

	s->sieved[text] = arena_array(s->arena, (size_t)s->n_patterns + 1, sizeof(int));
	for (int i = 0; i < s->n_patterns; i++) {
		struct ruleset_pattern *p = &s->patterns[i];

		if (p->list >= 0 || (p->kind == CONF_TERM_WRITTEN) != (text == TEXT_WRITTEN))
			continue;
		p->number = n;
		s->sieved[text][n] = i;
		told[n++] = (struct sieve_pattern){ .text = p->text,
						    .regex = p->kind != CONF_TERM_WORD,
						    .left = p->left,
						    .right = p->right };
	}
	s->n_sieved[text] = n;
	if (n)
		err = sieve_new(told, n, cache, &s->sieve[text], why);
	mem_free(told);
	return err;
}

static bool is_blind(const struct ruleset *s, int pattern)
{
	const struct ruleset_pattern *p = &s->patterns[pattern];

	return p->number >= 0 &&
	       !sieve_finds(s->sieve[p->kind == CONF_TERM_WRITTEN ? TEXT_WRITTEN : TEXT_CLEAN],
			    p->number);
}

static void find_blind(struct ruleset *s)
{
	s->blind = arena_array(s->arena, (size_t)s->n_patterns + 1, sizeof(int));
	for (int i = 0; i < s->n_patterns; i++)
		if (is_blind(s, i))
			s->blind[s->n_blind++] = i;
}

/* ---- indexes ---- */

struct pair {
	int key, value;
};

static int by_pair(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->value > y->value) - (x->value < y->value);
}

/* Each pair once. */
static struct ruleset_index index_of(struct arena *a, int keys, struct pair *pairs, int n)
{
	struct ruleset_index x = { .first = arena_array(a, (size_t)keys + 1, sizeof(int)),
				   .of = arena_array(a, (size_t)n + 1, sizeof(int)) };
	int kept = 0, key = 0;

	qsort(pairs, (size_t)n, sizeof(*pairs), by_pair);
	for (int i = 0; i < n; i++) {
		if (i && by_pair(&pairs[i], &pairs[i - 1]) == 0)
			continue;
		while (key <= pairs[i].key)
			x.first[key++] = kept;
		x.of[kept++] = pairs[i].value;
	}
	while (key <= keys)
		x.first[key++] = kept;
	return x;
}

static void index_lists(struct maker *m)
{
	const struct conf_rules *c = &m->s->conf->rules;
	struct pair *pairs;
	size_t most = 1;
	int n = 0;

	for (int k = 0; k < c->n_lists; k++)
		most += (size_t)c->lists[k].n;
	pairs = mem_array(most, sizeof(*pairs));
	for (int k = 0; k < c->n_lists; k++)
		for (int i = 0; m->of_list[k] >= 0 && i < c->lists[k].n; i++)
			pairs[n++] = (struct pair){ m->members[k][i], m->of_list[k] };
	m->s->lists = index_of(m->s->arena, m->s->n_patterns, pairs, n);
	mem_free(pairs);
}

/* What it costs to look at a rule whenever this pattern stands: how many rules have it as a
 * word to be met, since those are met together. */
static double *costs_of(const struct maker *m)
{
	const struct ruleset *s = m->s;
	double *cost = mem_array((size_t)s->n_patterns + 1, sizeof(*cost));

	for (int i = 0; i < s->n_patterns; i++) {
		const struct ruleset_pattern *p = &s->patterns[i];

		/* short words are met more often */
		cost[i] = p->text.n ? 1.0 / (double)p->text.n : 0;
		if (p->list >= 0)
			cost[i] = s->conf->rules.lists[p->list].n;
		if (is_blind(s, i))
			cost[i] = 1e9;
	}
	for (int r = 0; r < s->n; r++) {
		const struct ruleset_rule *u = &s->rules[r];

		for (int i = 0; i < u->n[LIST_ANY]; i++)
			cost[u->patterns[LIST_ANY][i]]++;
		for (int i = 0; i < u->n[LIST_ALL]; i++)
			cost[u->patterns[LIST_ALL][i]]++;
	}
	return cost;
}

/* A rule needs all of `all` and one of `any`: it is looked at when the rarest of the first
 * stands, or any of the second, whichever is less often. */
static int triggers_of(const struct ruleset_rule *r, const double *cost, int rule, struct pair *to)
{
	const int *any = r->patterns[LIST_ANY], *all = r->patterns[LIST_ALL];
	double of_any = 0;
	int rarest = 0;

	for (int i = 0; i < r->n[LIST_ANY]; i++)
		of_any += cost[any[i]];
	for (int i = 0; i < r->n[LIST_ALL]; i++)
		if (cost[all[i]] < cost[all[rarest]])
			rarest = i;
	if (r->n[LIST_ALL] && (!r->n[LIST_ANY] || cost[all[rarest]] <= of_any)) {
		to[0] = (struct pair){ all[rarest], rule };
		return 1;
	}
	for (int i = 0; i < r->n[LIST_ANY]; i++)
		to[i] = (struct pair){ any[i], rule };
	return r->n[LIST_ANY];
}

static void index_triggers(struct maker *m)
{
	struct ruleset *s = m->s;
	struct pair *pairs = mem_array((size_t)m->n + 1, sizeof(*pairs));
	double *cost = costs_of(m);
	int n = 0;

	s->always = arena_array(s->arena, (size_t)s->n + 1, sizeof(int));
	for (int r = 0; r < s->n; r++) {
		int got = triggers_of(&s->rules[r], cost, r, pairs + n);

		if (got == 0)
			s->always[s->n_always++] = r;
		n += got;
	}
	s->triggers = index_of(s->arena, s->n_patterns, pairs, n);
	mem_free(cost);
	mem_free(pairs);
}

/* ---- all of it ---- */

static size_t count_terms(const struct conf_rules *c)
{
	size_t n = 1;

	for (int i = 0; i < c->n_rules; i++)
		n += (size_t)c->rules[i].n_any + (size_t)c->rules[i].n_all +
		     (size_t)c->rules[i].n_none;
	for (int i = 0; i < c->n_lists; i++)
		n += (size_t)c->lists[i].n;
	return n;
}

static enum err make(struct maker *m, const char *cache)
{
	struct ruleset *s = m->s;
	enum err err = use_all(m);

	if (err)
		return err;
	number_patterns(m);
	err = compile_regexes(m);
	for (int t = 0; !err && t < TEXTS; t++)
		err = make_sieve(s, t, cache, m->why);
	if (err)
		return err;
	find_blind(s);
	index_lists(m);
	index_triggers(m);
	return ERR_OK;
}

enum err ruleset_make(struct ruleset *s, const char *cache, struct reason *why)
{
	const struct conf_rules *c = &s->conf->rules;
	struct maker m = { .s = s, .why = why };
	enum err err;

	s->n = c->n_rules;
	s->rules = arena_array(s->arena, (size_t)s->n + 1, sizeof(*s->rules));
	for (int i = 0; i < s->n; i++)
		s->rules[i].conf = &c->rules[i];
	m.uses = mem_array(count_terms(c), sizeof(*m.uses));
	m.members = mem_array((size_t)c->n_lists + 1, sizeof(*m.members));
	m.of_list = mem_array((size_t)c->n_lists + 1, sizeof(*m.of_list));
	for (int i = 0; i < c->n_lists; i++)
		m.of_list[i] = -1;
	err = make(&m, cache);
	mem_free(m.uses);
	mem_free(m.members);
	mem_free(m.of_list);
	return err;
}
