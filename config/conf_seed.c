#include "config/conf_seed.h"

#include "config/conf_page.h"
#include "config/conf_seedurl.h"
#include "config/conf_show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void read_vars(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into);
static struct conf_node *show_vars(struct arena *a, const struct conf_row *row, const void *from);

static const struct conf_part vars_part = {
	.what = "a map of variables: each a value, a list of values, or {from, to, step}",
	.read = read_vars,
	.show = show_vars,
};

const struct conf_row conf_seed_rows[] = {
	{ .name = "page",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_seed, page),
	  .required = true,
	  .doc = "The page kind that answers." },
	{ .name = "url",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_seed, url),
	  .required = true,
	  .wrong = conf_seedurl_wrong,
	  .doc = "The address, with {name} where a variable's value goes." },
	{ .name = "vars",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_seed, vars),
	  .part = &vars_part,
	  .doc = "Variables of the address; every combination of their values is asked for." },
	{ .name = "priority",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_seed, priority),
	  .def = "5",
	  .max = 9,
	  .doc = "0 is asked first, 9 last." },
	{ .name = NULL },
};

struct range {
	int64_t from, to, step;
};

#define RANGE_MOST 1e15

const struct conf_row conf_seed_range_rows[] = {
	{ .name = "from",
	  .type = CONF_INT64,
	  .at = offsetof(struct range, from),
	  .required = true,
	  .min = -RANGE_MOST,
	  .max = RANGE_MOST,
	  .doc = "First value." },
	{ .name = "to",
	  .type = CONF_INT64,
	  .at = offsetof(struct range, to),
	  .required = true,
	  .min = -RANGE_MOST,
	  .max = RANGE_MOST,
	  .doc = "Last value." },
	{ .name = "step",
	  .type = CONF_INT64,
	  .at = offsetof(struct range, step),
	  .def = "1",
	  .min = 1,
	  .max = RANGE_MOST,
	  .doc = "From one value to the next." },
	{ .name = NULL },
};

static void read_range(struct conf_reader *r, const struct conf_node *n, struct conf_var *v)
{
	struct range g = { 0 };
	int before = r->problems->n;
	int64_t count;

	conf_table_read(r, conf_seed_range_rows, n, &g);
	if (r->problems->n > before)
		return;
	if (g.to < g.from) {
		conf_problem_add(r->problems, conf_yaml_at(n),
				 "a range that ends before it starts");
		return;
	}
	count = (g.to - g.from) / g.step + 1;
	if (count > CONF_SEED_JOBS) {
		conf_problem_add(r->problems, conf_yaml_at(n),
				 "a range of %lld values; 1000000 at most", (long long)count);
		return;
	}
	v->values = arena_array(r->a, (size_t)count, sizeof(*v->values));
	v->n = (int)count;
	for (int i = 0; i < v->n; i++, g.from += g.step)
		v->values[i] = arena_fmt(r->a, "%" PRId64, g.from);
}

static void read_value(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct str s = conf_table_text(r, n, n->key.p ? n->key.p : "value");

	memcpy(into, &s, sizeof(s));
}

static int by_text(const void *a, const void *b)
{
	return str_cmp((*(const struct conf_node *const *)a)->text,
		       (*(const struct conf_node *const *)b)->text);
}

/* The same value twice would be one job: a slip of the pen. */
static void check_twice(struct conf_reader *r, const struct conf_node *list)
{
	const struct conf_node **sorted =
		arena_array(r->a, (size_t)list->n, sizeof(struct conf_node *));
	int n = 0;

	for (const struct conf_node *c = list->first; c; c = c->next)
		if (c->kind == NODE_SCALAR)
			sorted[n++] = c;
	qsort(sorted, (size_t)n, sizeof(struct conf_node *), by_text);
	for (int i = 1; i < n; i++)
		if (str_eq(sorted[i]->text, sorted[i - 1]->text))
			conf_problem_add(r->problems, sorted[i]->at,
					 "value `%.60s` stands here twice", sorted[i]->text.p);
}

static void read_var(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_var *v = into;

	v->name = n->key;
	if (conf_table_name_wrong(n->key))
		conf_problem_add(r->problems, n->key_at, "variable `%.60s`: %s", n->key.p,
				 conf_table_name_wrong(n->key));
	if (n->kind == NODE_MAP) {
		read_range(r, n, v);
		return;
	}
	if (n->kind == NODE_LIST) {
		v->values =
			conf_table_items(r, n, NODE_LIST, sizeof(*v->values), read_value, &v->n);
		if (n->n == 0)
			conf_problem_add(r->problems, n->at, "variable `%.60s` has no value",
					 n->key.p);
		else
			check_twice(r, n);
		return;
	}
	v->values = arena_array(r->a, 1, sizeof(*v->values));
	v->n = 1;
	read_value(r, n, v->values);
}

static void read_vars(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into)
{
	struct conf_seed *seed = into;

	(void)row;
	seed->vars = conf_table_items(r, n, NODE_MAP, sizeof(*seed->vars), read_var, &seed->n_vars);
}

/* Values that are an even row of numbers are shown as the range they likely were. */
static bool as_range(const struct conf_var *v, struct range *ret)
{
	int64_t last, x;

	if (v->n < 4 || !str_i64(v->values[0], &ret->from) || !str_i64(v->values[1], &last))
		return false;
	ret->step = last - ret->from;
	for (int i = 2; i < v->n; i++, last = x)
		if (!str_i64(v->values[i], &x) || x - last != ret->step)
			return false;
	ret->to = last;
	return ret->step > 0;
}

static struct conf_node *show_vars(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_seed *seed = from;
	struct conf_node *map = conf_show_map(a), *n;
	struct range g;

	(void)row;
	for (int i = 0; i < seed->n_vars; i++) {
		const struct conf_var *v = &seed->vars[i];

		if (as_range(v, &g))
			n = conf_show_rows(a, conf_seed_range_rows, &g);
		else
			n = conf_show_texts(a, v->values, v->n);
		conf_show_put(map, v->name, n);
	}
	return seed->n_vars ? map : NULL;
}

static void read_seed(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_seed *seed = into;

	seed->at = n->at;
	conf_table_read(r, conf_seed_rows, n, seed);
	conf_seedurl_check(r, n, seed);
}

static void read_seeds(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct conf_source *s = into;

	(void)row;
	s->seeds = conf_table_items(r, n, NODE_LIST, sizeof(*s->seeds), read_seed, &s->n_seeds);
}

static struct conf_node *show_seeds(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_source *s = from;
	struct conf_node *list = conf_show_list(a);

	(void)row;
	for (int i = 0; i < s->n_seeds; i++)
		conf_show_add(list, conf_show_rows(a, conf_seed_rows, &s->seeds[i]));
	return list;
}

const struct conf_part conf_seed_part = {
	.what = "a list of seeds",
	.read = read_seeds,
	.show = show_seeds,
};

/* Jobs that a seed makes, or one more than the bound. */
static int64_t jobs_of(const struct conf_seed *seed)
{
	int64_t jobs = 1;

	for (int i = 0; i < seed->n_vars && jobs <= CONF_SEED_JOBS; i++)
		jobs *= seed->vars[i].n > 0 ? seed->vars[i].n : 1;
	return jobs > CONF_SEED_JOBS ? CONF_SEED_JOBS + 1 : jobs;
}

static void check_page(struct conf_reader *r, const struct conf_source *s,
		       const struct conf_seed *seed, const struct conf_node *n)
{
	const struct conf_node *page = conf_yaml_child(n, "page");
	char hint[128];

	if (page && seed->page.p && !conf_page(s, seed->page))
		conf_problem_add(r->problems, page->at, "no page kind `%.60s`%s", seed->page.p,
				 conf_page_hint(s, seed->page, hint));
}

void conf_seed_check(struct conf_reader *r, struct conf_source *s, const struct conf_node *seeds)
{
	const struct conf_node *n = seeds ? seeds->first : NULL;
	int64_t jobs = 0;

	for (int i = 0; i < s->n_seeds && n; i++, n = n->next) {
		check_page(r, s, &s->seeds[i], n);
		if (jobs <= CONF_SEED_JOBS) {
			jobs += jobs_of(&s->seeds[i]);
			if (jobs > CONF_SEED_JOBS)
				conf_problem_add(r->problems, n->at,
						 "with this seed the source would start more than "
						 "1000000 jobs: fewer values, please");
		}
	}
	conf_seedurl_hosts(r, s, seeds);
}
