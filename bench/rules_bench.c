/* rules_bench: what rules cost. Reads listings.tsv from standard input (pid, title, ...; with a
 * heading).
 *   rules_bench CONF CACHE TITLES
 * CONF is a piped.yaml with rules, CACHE a folder for what is compiled, TITLES how many titles
 * are labeled in all: those there are, again and again. Beside it in the same run the automaton
 * that found words before (base/match.h), which only says where the words of all rules stand and
 * decides nothing, with expressions asked one by one. */
#include "base/clock.h"
#include "base/match.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/normal.h"
#include "base/regex.h"
#include "labeler/labeler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct titles {
	struct arena *text;
	struct str *title, *clean;
	size_t n, cap, clean_cap;
};

static void read_all(struct titles *t)
{
	char *line = NULL;
	size_t room = 0;

	must(getline(&line, &room, stdin) > 0);
	while (getline(&line, &room, stdin) > 0) {
		struct str rest = str_of(line), part[2];

		if (!str_next(&rest, '\t', &part[0]) || !str_next(&rest, '\t', &part[1]))
			continue;
		mem_grow(&t->title, &t->cap, t->n + 1, sizeof(*t->title));
		mem_grow(&t->clean, &t->clean_cap, t->n + 1, sizeof(*t->clean));
		t->title[t->n] = arena_str(t->text, part[1]);
		t->clean[t->n++] = normal_str(t->text, part[1]);
	}
	free(line);
}

static double since(int64_t from)
{
	return (double)(clock_thread_cpu_ns() - from) / 1e9;
}

static struct labeler *compile(const struct conf *c, const char *cache, const char *how)
{
	int64_t from = clock_thread_cpu_ns();
	struct labeler *l;
	struct reason why;

	if (labeler_new_cached(c, cache, &l, &why)) {
		fprintf(stderr, "rules_bench: %s\n", why.text);
		exit(1);
	}
	printf("%s: %.2f s\n", how, since(from));
	return l;
}

static double label(const struct labeler *l, const struct titles *t, size_t most)
{
	struct labeler_scratch *x = labeler_scratch_new();
	int64_t from = clock_thread_cpu_ns(), votes = 0;
	size_t some = 0;
	double us;

	for (size_t i = 0; i < most; i++) {
		struct vote v[LABEL_MOST_VOTES];
		struct listing listing = { .title = t->title[i % t->n],
					   .title_clean = t->clean[i % t->n],
					   .price = 10000,
					   .flag_reason = STR("") };
		int n = labeler_judge(l, x, &listing, v);

		votes += n;
		some += n > 0;
	}
	us = since(from) * 1e6 / (double)most;
	printf("label: %.2f us a title, %zu titles, %.2f votes each, %.0f%% with one\n", us, most,
	       (double)votes / (double)most, 100.0 * (double)some / (double)most);
	labeler_scratch_free(x);
	return us;
}

struct peer {
	struct match_word *words;
	size_t n, cap;
	struct regex **expressions;
	size_t n_expressions, expressions_cap;
	int64_t found;
};

static void add_terms(struct peer *p, const struct conf_term *t, int n)
{
	for (int i = 0; i < n; i++) {
		if (t[i].kind == CONF_TERM_WORD) {
			mem_grow(&p->words, &p->cap, p->n + 1, sizeof(*p->words));
			p->words[p->n++] =
				(struct match_word){ .text = t[i].text,
						     .whole = t[i].whole == CONF_WHOLE_YES };
		} else if (t[i].kind == CONF_TERM_REGEX) {
			mem_grow(&p->expressions, &p->expressions_cap, p->n_expressions + 1,
				 sizeof(struct regex *));
			must(!regex_new(t[i].text, &p->expressions[p->n_expressions++], NULL));
		}
	}
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(((const struct match_word *)a)->text, ((const struct match_word *)b)->text);
}

static void gather(struct peer *p, const struct conf_rules *rules)
{
	size_t kept = 0;

	for (int i = 0; i < rules->n_rules; i++) {
		const struct conf_rule *r = &rules->rules[i];

		add_terms(p, r->any, r->n_any);
		add_terms(p, r->all, r->n_all);
		add_terms(p, r->none, r->n_none);
	}
	qsort(p->words, p->n, sizeof(*p->words), by_text);
	for (size_t i = 0; i < p->n; i++)
		if (i == 0 || by_text(&p->words[i], &p->words[kept - 1]) != 0)
			p->words[kept++] = p->words[i];
	p->n = kept;
}

static void count(void *ctx, const struct match_hit *h)
{
	(void)h;
	((struct peer *)ctx)->found++;
}

/* Words in as many titles, expressions in a hundredth of them. */
static double former(const struct conf_rules *rules, const struct titles *t, size_t most)
{
	struct peer p = { .n = 0 };
	struct regex_match *x = regex_match_new();
	size_t few = most / 100 ? most / 100 : 1;
	struct match *m;
	double words, expressions;
	int64_t from;

	gather(&p, rules);
	m = match_new(p.words, (int)p.n);
	from = clock_thread_cpu_ns();
	for (size_t i = 0; i < most; i++)
		match_run(m, t->clean[i % t->n], count, &p);
	words = since(from) * 1e6 / (double)most;
	from = clock_thread_cpu_ns();
	for (size_t i = 0; i < few; i++)
		for (size_t k = 0; k < p.n_expressions; k++)
			(void)regex_ask(p.expressions[k], x, t->clean[i % t->n]);
	expressions = since(from) * 1e6 / (double)few;
	printf("before: %.2f us a title for %zu words (%.2f found each), %.2f us for %zu "
	       "expressions one by one\n",
	       words, p.n, (double)p.found / (double)most, expressions, p.n_expressions);
	for (size_t k = 0; k < p.n_expressions; k++)
		regex_free(p.expressions[k]);
	mem_free(p.expressions);
	mem_free(p.words);
	match_free(m);
	regex_match_free(x);
	return words + expressions;
}

static struct conf *load(const char *path)
{
	struct conf_problem *problems = NULL;
	int64_t from = clock_thread_cpu_ns();
	struct conf *c = NULL;
	char text[512];
	int n;

	if (conf_load(path, &c, &problems, &n)) {
		for (int i = 0; i < n; i++) {
			conf_problem_text(&problems[i], text);
			fprintf(stderr, "%s\n", text);
		}
		exit(1);
	}
	printf("read: %.2f s for %d rules\n", since(from), c->rules.n_rules);
	return c;
}

int main(int argc, char **argv)
{
	struct titles t = { .text = arena_new(1 << 20) };
	size_t most = argc > 3 ? (size_t)atol(argv[3]) : 1000000;
	struct labeler *l;
	struct conf *c;
	double ours, theirs;

	if (argc < 3) {
		fprintf(stderr, "rules_bench CONF CACHE [TITLES]\n");
		return 2;
	}
	c = load(argv[1]);
	read_all(&t);
	must(t.n > 0 && most > 0);
	labeler_free(compile(c, argv[2], "compile"));
	l = compile(c, argv[2], "compile, cached");
	ours = label(l, &t, most);
	theirs = former(&c->rules, &t, most);
	printf("ratio: %.1f times as fast as before\n", theirs / ours);
	labeler_free(l);
	conf_free(c);
	mem_free(t.title);
	mem_free(t.clean);
	arena_free(t.text);
	return 0;
}
