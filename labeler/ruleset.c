#include "labeler/ruleset.h"

#include "base/match.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/normal.h"
#include "base/regex.h"
#include "labeler/fields.h"

#include <stdlib.h>
#include <string.h>

enum list { LIST_ANY, LIST_ALL, LIST_NONE };

/* A word of a rule: index into the matcher's words, and as it is written. */
struct use {
	int word, rule;
	enum list list;
	const struct str *written;
};

struct rule {
	const struct conf_rule *conf;
	int n_all; /* distinct */
	struct fields fields;
	struct regex *regex, *written;
};

struct ruleset {
	struct arena *arena;
	struct rule *rules;
	int n;
	struct str *words; /* distinct, normal form, sorted */
	int n_words;
	struct use *uses; /* by word */
	int *first_use;	  /* of each word; n_words + 1 */
	int n_uses;
	int *wordless; /* rules that hold without a word met */
	int n_wordless;
	struct match *match;
};

struct rule_state {
	uint64_t run; /* the rest counts when this is the current run */
	int n_all;
	bool any, none;
	struct str word;
};

struct labeler_scratch {
	uint64_t run;
	uint64_t *word_run; /* run that met the word last */
	struct rule_state *rules;
	size_t word_room, rule_room;
	int *met; /* rules that a word was met of, then those without words */
	size_t met_room;
	int n_met;
	struct regex_match *regex;
	const struct ruleset *set; /* of the current run */
	struct fields_scratch fields;
};

static enum err at_rule(const struct conf_rule *r, enum err err, struct reason *why,
			const char *what, struct str of, const char *detail)
{
	return reason_set(why, err, "%s:%d:%d: rule `%.*s`: %s `%.*s`: %s",
			  r->at.file ? r->at.file : "rules", r->at.line, r->at.column,
			  STR_ARG(r->name), what, STR_ARG(of), detail);
}

static int by_word(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* All words of all rules, in the order of rules, lists and words. */
static enum err collect(struct ruleset *s, struct str *forms, struct reason *why)
{
	for (int i = 0; i < s->n; i++) {
		const struct conf_rule *r = s->rules[i].conf;
		const struct {
			const struct str *words;
			int n;
		} lists[] = {
			[LIST_ANY] = { r->any, r->n_any },
			[LIST_ALL] = { r->all, r->n_all },
			[LIST_NONE] = { r->none, r->n_none },
		};

		for (int l = LIST_ANY; l <= LIST_NONE; l++) {
			for (int w = 0; w < lists[l].n; w++) {
				const struct str *written = &lists[l].words[w];
				struct str form = normal_str(s->arena, *written);

				if (form.n == 0)
					return at_rule(r, ERR_BAD, why, "word", *written,
						       "has no letter or digit");
				forms[s->n_uses] = form;
				s->uses[s->n_uses++] = (struct use){ .rule = i,
								     .list = (enum list)l,
								     .written = written };
			}
		}
	}
	return ERR_OK;
}

static int find_word(const struct ruleset *s, struct str form)
{
	const struct str *w =
		bsearch(&form, s->words, (size_t)s->n_words, sizeof(*s->words), by_word);

	must(w);
	return (int)(w - s->words);
}

static int by_use(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	if (x->word != y->word)
		return x->word < y->word ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return (int)x->list - (int)y->list;
}

/* One use per word, rule and list; the index by word. */
static void index_uses(struct ruleset *s, const struct str *forms)
{
	int n = 0;

	s->words = arena_array(s->arena, (size_t)s->n_uses + 1, sizeof(*s->words));
	if (s->n_uses)
		memcpy(s->words, forms, (size_t)s->n_uses * sizeof(*forms));
	qsort(s->words, (size_t)s->n_uses, sizeof(*s->words), by_word);
	for (int i = 0; i < s->n_uses; i++)
		if (i == 0 || !str_eq(s->words[i], s->words[n - 1]))
			s->words[n++] = s->words[i];
	s->n_words = n;
	for (int i = 0; i < s->n_uses; i++)
		s->uses[i].word = find_word(s, forms[i]);
	qsort(s->uses, (size_t)s->n_uses, sizeof(*s->uses), by_use);
	n = 0;
	for (int i = 0; i < s->n_uses; i++)
		if (i == 0 || by_use(&s->uses[i], &s->uses[n - 1]) != 0)
			s->uses[n++] = s->uses[i];
	s->n_uses = n;
	s->first_use = arena_array(s->arena, (size_t)s->n_words + 1, sizeof(*s->first_use));
	for (int i = 0; i < s->n_uses; i++) {
		s->first_use[s->uses[i].word + 1] = i + 1;
		s->rules[s->uses[i].rule].n_all += s->uses[i].list == LIST_ALL;
	}
}

static enum err compile_regex(const struct conf_rule *c, const char *key, struct str pattern,
			      struct regex **ret, struct reason *why)
{
	struct reason detail;
	enum err err = pattern.n ? regex_new(pattern, ret, &detail) : ERR_OK;

	return err ? at_rule(c, err, why, key, pattern, detail.text) : ERR_OK;
}

static enum err compile(struct ruleset *s, struct rule *r, struct reason *why)
{
	const struct conf_rule *c = r->conf;
	enum err err;

	fields_compile(&r->fields, s->arena, c);
	if (c->n_any == 0 && c->n_all == 0)
		s->wordless[s->n_wordless++] = (int)(r - s->rules);
	err = compile_regex(c, "regex", c->regex, &r->regex, why);
	return err ? err : compile_regex(c, "written", c->written, &r->written, why);
}

static size_t choose(struct ruleset *s, const struct conf *conf, bool flags)
{
	size_t words = 0;

	s->rules = arena_array(s->arena, (size_t)conf->rules.n_rules + 1, sizeof(*s->rules));
	for (int i = 0; i < conf->rules.n_rules; i++) {
		const struct conf_rule *r = &conf->rules.rules[i];

		if (flags ? r->flag < 0 : r->taxon < 0)
			continue;
		s->rules[s->n++].conf = r;
		words += (size_t)r->n_any + (size_t)r->n_all + (size_t)r->n_none;
	}
	return words;
}

static struct match *matcher_of(const struct ruleset *s)
{
	struct match_word *words = mem_array((size_t)s->n_words + 1, sizeof(*words));
	struct match *m;

	for (int i = 0; i < s->n_words; i++)
		words[i] = (struct match_word){ .text = s->words[i] };
	m = match_new(words, s->n_words);
	mem_free(words);
	return m;
}

enum err ruleset_new(const struct conf *conf, bool flags, struct ruleset **ret, struct reason *why)
{
	struct ruleset *s = mem_zero(sizeof(*s));
	enum err err = ERR_OK;
	struct str *forms;
	size_t words;

	s->arena = arena_new(1 << 14);
	words = choose(s, conf, flags);
	forms = mem_array(words + 1, sizeof(*forms));
	s->uses = arena_array(s->arena, words + 1, sizeof(*s->uses));
	s->wordless = arena_array(s->arena, (size_t)s->n + 1, sizeof(*s->wordless));
	err = collect(s, forms, why);
	for (int i = 0; !err && i < s->n; i++)
		err = compile(s, &s->rules[i], why);
	if (err)
		goto out;
	index_uses(s, forms);
	s->match = matcher_of(s);
	*ret = s;
	s = NULL;
out:
	mem_free(forms);
	ruleset_free(s);
	return err;
}

void ruleset_free(struct ruleset *s)
{
	if (!s)
		return;
	for (int i = 0; i < s->n; i++) {
		regex_free(s->rules[i].regex);
		regex_free(s->rules[i].written);
	}
	match_free(s->match);
	arena_free(s->arena);
	mem_free(s);
}

struct labeler_scratch *ruleset_scratch_new(void)
{
	struct labeler_scratch *x = mem_zero(sizeof(*x));

	x->regex = regex_match_new();
	return x;
}

void ruleset_scratch_free(struct labeler_scratch *x)
{
	if (!x)
		return;
	regex_match_free(x->regex);
	mem_free(x->word_run);
	mem_free(x->rules);
	mem_free(x->met);
	mem_free(x);
}

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

static void scratch_start(struct labeler_scratch *x, const struct ruleset *s)
{
	size_t n = (size_t)s->n + 1, words = (size_t)s->n_words + 1;

	x->word_run = room_for(x->word_run, &x->word_room, words, sizeof(*x->word_run));
	x->rules = room_for(x->rules, &x->rule_room, n, sizeof(*x->rules));
	x->met = room_for(x->met, &x->met_room, n, sizeof(*x->met));
	x->n_met = 0;
	x->set = s;
	x->run++;
	fields_start(&x->fields);
}

static struct rule_state *meet(struct labeler_scratch *x, int rule)
{
	struct rule_state *r = &x->rules[rule];

	if (r->run != x->run) {
		*r = (struct rule_state){ .run = x->run };
		x->met[x->n_met++] = rule;
	}
	return r;
}

static void hit(void *ctx, const struct match_hit *h)
{
	struct labeler_scratch *x = ctx;
	const struct ruleset *s = x->set;
	int word = h->word;

	if (x->word_run[word] == x->run)
		return;
	x->word_run[word] = x->run;
	for (int i = s->first_use[word]; i < s->first_use[word + 1]; i++) {
		const struct use *u = &s->uses[i];
		struct rule_state *r = meet(x, u->rule);

		r->any |= u->list == LIST_ANY;
		r->n_all += u->list == LIST_ALL;
		r->none |= u->list == LIST_NONE;
		if (u->list != LIST_NONE && !r->word.p)
			r->word = *u->written;
	}
}

static bool holds(const struct rule *r, const struct rule_state *st, struct labeler_scratch *x,
		  const struct listing *l)
{
	const struct conf_rule *c = r->conf;

	if (st->none || (c->n_any && !st->any) || st->n_all < r->n_all)
		return false;
	if (!fields_hold(&r->fields, &x->fields, l))
		return false;
	/* a rule that cannot tell says nothing */
	return (!r->regex || regex_ask(r->regex, x->regex, l->title_clean) == REGEX_YES) &&
	       (!r->written || regex_ask(r->written, x->regex, l->title) == REGEX_YES);
}

static int by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

void ruleset_run(const struct ruleset *s, struct labeler_scratch *x, const struct listing *l,
		 void (*each)(void *ctx, const struct conf_rule *rule, struct str word), void *ctx)
{
	scratch_start(x, s);
	match_run(s->match, l->title_clean, hit, x);
	for (int i = 0; i < s->n_wordless; i++)
		meet(x, s->wordless[i]);
	qsort(x->met, (size_t)x->n_met, sizeof(*x->met), by_number);
	for (int i = 0; i < x->n_met; i++) {
		const struct rule *r = &s->rules[x->met[i]];
		const struct rule_state *st = &x->rules[x->met[i]];

		if (holds(r, st, x, l))
			each(ctx, r->conf, st->word);
	}
}
