/* Keys of piped.yaml, then "=== source", "=== taxonomy", "=== rules" and "===
 * titles", each on a line of its own and with what belongs to it below. A
 * configuration that is taken prints itself, gives jobs and labels titles. */
#include "base/mem.h"
#include "base/normal.h"
#include "config/conf.h"
#include "config/conf_yaml.h"
#include "crawler/seed.h"
#include "labeler/labeler.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_json_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define JOBS_MOST 1000

enum file_part { PART_PIPED, PART_SOURCE, PART_TAXONOMY, PART_RULES, PART_TITLES, PARTS };

/* Files without names are named by their number. */
struct files {
	struct str part[PARTS];
	int fd[PARTS];
};

static void cut_parts(struct str s, struct str part[PARTS])
{
	static const char *const marks[PARTS] = { [PART_SOURCE] = "=== source\n",
						  [PART_TAXONOMY] = "=== taxonomy\n",
						  [PART_RULES] = "=== rules\n",
						  [PART_TITLES] = "=== titles\n" };

	for (int i = PART_TITLES; i > PART_PIPED; i--) {
		ptrdiff_t at = str_find(s, str_of(marks[i]));

		part[i] = (struct str){ 0 };
		if (at < 0)
			continue;
		part[i] = str_sub(s, (size_t)at + strlen(marks[i]), s.n);
		s = str_sub(s, 0, (size_t)at);
	}
	part[PART_PIPED] = s;
}

/* Other files of the machine are none of ours. A rate is no path: "30/min". */
static bool names_files(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			return true;
		if (s.p[i] != '/')
			continue;
		if (i == 0 || s.p[i - 1] < '0' || s.p[i - 1] > '9' || i + 1 == s.n ||
		    !strchr("smh", s.p[i + 1]))
			return true;
	}
	return false;
}

static void open_files(struct files *f, struct arena *a)
{
	static const char *const keys[PARTS] = {
		[PART_SOURCE] = "sources", [PART_TAXONOMY] = "taxonomy", [PART_RULES] = "rules"
	};
	struct str main = f->part[PART_PIPED];

	if (names_files(main))
		main = STR("");
	for (int i = PART_SOURCE; i <= PART_RULES; i++) {
		f->fd[i] = fuzz_fd(f->part[i]);
		if (f->part[i].p)
			main = arena_fmt(a, "%s: '%d'\n%.*s", keys[i], f->fd[i], STR_ARG(main));
	}
	f->fd[PART_PIPED] = fuzz_fd(main);
}

static void check_shown(const struct conf *c, struct arena *a)
{
	struct conf_problems problems = { 0 };
	struct conf_node *root;
	struct buf b;

	buf_init(&b, (size_t)32 << 20);
	conf_print(c, &b);
	must(!b.full);
	if (b.n < CONF_YAML_BYTES)
		must(!conf_yaml_parse(buf_str(&b), "shown", a, &problems, &root) && !problems.n);
	buf_clear(&b);
	conf_json(c, &b);
	must(fuzz_json_read(buf_str(&b), NULL, NULL));
	conf_problem_done(&problems);
	buf_done(&b);
}

static void check_source(const struct conf_source *s, struct arena *a)
{
	struct job *jobs;
	double most = 0;
	int n = 0;

	must(s->name.n && s->n_pages > 0 && s->concurrency > 0 && s->rate > 0);
	for (int i = 0; i < s->n_seeds; i++) {
		double product = 1;

		must(conf_page(s, s->seeds[i].page));
		for (int v = 0; v < s->seeds[i].n_vars; v++)
			product *= s->seeds[i].vars[v].n;
		most += product;
	}
	for (int i = 0; i < s->n_pages; i++)
		for (int l = 0; l < s->pages[i].n_links; l++)
			must(conf_page(s, s->pages[i].links[l].page));
	if (most > JOBS_MOST)
		return;
	seed_jobs(s, NULL, 0, a, &jobs, &n);
	for (int i = 0; i < n; i++)
		must(jobs[i].key.n && jobs[i].page.n);
}

static void check_taxonomy(const struct conf *c)
{
	for (int i = 0; i < c->taxonomy.n_taxa; i++) {
		const struct conf_taxon *t = &c->taxonomy.taxa[i];

		must(t->code.n && t->parent < c->taxonomy.n_taxa && t->parent != i);
		must(conf_taxon(c, t->code) == i);
	}
	for (int i = 0; i < c->taxonomy.n_mappings; i++)
		must(c->taxonomy.mappings[i].taxon < c->taxonomy.n_taxa);
	for (int i = 0; i < c->rules.n_rules; i++)
		must(c->rules.rules[i].taxon < c->taxonomy.n_taxa);
}

static void check_title(const struct conf *c, const struct labeler *l, struct labeler_scratch *s,
			struct str title, struct arena *a)
{
	struct listing x = { .source = c->n_sources ? c->sources[0].name : STR("shop"),
			     .title = title,
			     .category = title,
			     .brand = title,
			     .currency = STR("KRW"),
			     .price = (int64_t)title.n };
	struct vote votes[LABEL_MOST_VOTES];
	struct str category = { 0 }, why = { 0 };
	int n, found[4];
	double sure = -1;

	x.title_clean = normal_str(a, title);
	labeler_flags(l, s, &x);
	must(x.flags < FLAG_BIT(FLAG_COUNT));
	n = labeler_votes(l, s, &x, votes);
	must(n >= 0 && n <= LABEL_MOST_VOTES);
	for (int i = 0; i < n; i++)
		must(conf_taxon(c, votes[i].category) >= 0 && votes[i].rule.n);
	if (labeler_resolve(l, votes, n, a, &category, &sure, &why)) {
		must(conf_taxon(c, category) >= 0 && why.n);
		must(isfinite(sure) && sure >= 0 && sure <= 1);
	}
	must(labeler_search(l, title, found, 4) <= 4);
}

static void check_labeler(const struct conf *c, struct str titles, struct arena *a)
{
	struct labeler *l = NULL;
	struct labeler_scratch *s;
	struct reason why = { "" };
	struct str title;

	if (labeler_new(c, &l, &why)) {
		must(why.text[0] && !l);
		return;
	}
	s = labeler_scratch_new();
	for (int i = 0; i < 20 && str_next(&titles, '\n', &title); i++)
		check_title(c, l, s, title, a);
	labeler_scratch_free(s);
	labeler_free(l);
}

static void check(const struct files *f, struct arena *a)
{
	struct conf_problem *problems = NULL;
	struct conf *c = NULL;
	char path[64];
	int n = 0;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", f->fd[PART_PIPED]);
	if (conf_load(path, &c, &problems, &n)) {
		must(n > 0 && problems && !c);
		for (int i = 0; i < n; i++)
			must(memchr(problems[i].text, 0, sizeof(problems[i].text)));
		mem_free(problems);
		return;
	}
	must(n == 0);
	check_shown(c, a);
	check_taxonomy(c);
	for (int i = 0; i < c->n_sources; i++)
		check_source(&c->sources[i], a);
	check_labeler(c, f->part[PART_TITLES], a);
	conf_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct files f;

	cut_parts(fuzz_text(data, size), f.part);
	open_files(&f, a);
	check(&f, a);
	for (int i = PART_PIPED; i <= PART_RULES; i++)
		close(f.fd[i]);
	arena_free(a);
	return 0;
}
