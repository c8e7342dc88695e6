#include "config/conf_split.h"

#include "config/conf_page.h"
#include "config/conf_show.h"
#include "config/conf_var.h"

#define PRICE_MOST 1e15

static void read_values(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into);
static struct conf_node *show_values(struct arena *a, const struct conf_row *row, const void *from);

static const struct conf_part values_part = {
	.what = "a list of values, {from, to, step} or {file}",
	.read = read_values,
	.show = show_values,
};

const struct conf_row conf_split_rows[] = {
	{ .name = "min",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_split, min),
	  .doc = "By bands of prices: the variable of the lowest price of a band. Both ends "
		 "belong to it. The seed does not name the variable among its own; its address "
		 "has it as {&NAME}, as the lowest band has no lowest price." },
	{ .name = "max",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_split, max),
	  .doc = "Likewise of the highest price, which the highest band has not." },
	{ .name = "from",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_split, from),
	  .def = "0",
	  .min = -PRICE_MOST,
	  .max = PRICE_MOST,
	  .doc = "Prices below are in one band." },
	{ .name = "to",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_split, to),
	  .def = "1000000000",
	  .min = -PRICE_MOST,
	  .max = PRICE_MOST,
	  .doc = "Prices from here on are in one band." },
	{ .name = "step",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_split, step),
	  .def = "1",
	  .min = 1,
	  .max = PRICE_MOST,
	  .doc = "The narrowest band." },
	{ .name = "var",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_split, var.name),
	  .doc = "By values of this variable. The address has it as {&NAME} where the seed itself "
		 "gives it no value." },
	{ .name = "found",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_split, var.found),
	  .doc = "The values are those that a page kind of the source finds (its key `values`) "
		 "below the variable's value: sub-categories, then theirs." },
	{ .name = "values",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_split, var),
	  .part = &values_part,
	  .doc = "The values are these. They are put in once." },
	{ .name = "covers",
	  .type = CONF_CHOICE,
	  .at = offsetof(struct conf_split, covers),
	  .choices = part_covers_names,
	  .def = "all",
	  .doc = "What the parts hold together. all: every result; where their totals add up to "
		 "less, the list itself is read too, as far as it goes. some: not every result, so "
		 "the list itself is read too. ends: they are orders that are each other's "
		 "reverse, so that two windows can be seen." },
	{ .name = NULL },
};

static void read_values(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into)
{
	struct conf_split *s = into;

	(void)row;
	if (n->kind == NODE_MAP && conf_yaml_child(n, "found"))
		conf_problem_add(r->problems, conf_yaml_child(n, "found")->key_at,
				 "`found` stands beside `var`, not in `values`");
	else
		conf_var_read(r, n, &s->var);
}

static struct conf_node *show_values(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_split *s = from;

	(void)row;
	return s->var.n ? conf_var_show(a, &s->var) : NULL;
}

static void check_one(struct conf_reader *r, const struct conf_node *n, const struct conf_split *s)
{
	bool bands = s->min.p || s->max.p;

	if (bands && (!s->min.p || !s->max.p || s->var.name.p || s->var.found.p || s->var.n))
		conf_problem_add(r->problems, conf_yaml_at(n),
				 "bands of prices have `min` and `max`, and no `var`");
	else if (!bands && (!s->var.name.p || !s->var.found.p == !s->var.n))
		conf_problem_add(r->problems, conf_yaml_at(n),
				 "a list is parted by `min` and `max`, or by `var` with `found` or "
				 "`values`");
	else if (bands && s->covers != PART_ALL)
		conf_problem_add(r->problems, conf_yaml_at(n), "bands of prices cover all");
	else if (bands && s->from > s->to)
		conf_problem_add(r->problems, conf_yaml_at(n), "prices end before they start");
}

static void read_one(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_split *s = into;
	int before = r->problems->n;

	conf_table_read(r, conf_split_rows, n, s);
	if (n->kind == NODE_MAP && r->problems->n == before)
		check_one(r, n, s);
}

static void read_splits(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into)
{
	struct conf_seed *seed = into;

	(void)row;
	seed->splits =
		conf_table_items(r, n, NODE_LIST, sizeof(*seed->splits), read_one, &seed->n_splits);
}

static struct conf_node *show_splits(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_seed *seed = from;
	struct conf_node *list = conf_show_list(a);

	(void)row;
	for (int i = 0; i < seed->n_splits; i++)
		conf_show_add(list, conf_show_rows(a, conf_split_rows, &seed->splits[i]));
	return seed->n_splits ? list : NULL;
}

const struct conf_part conf_split_part = {
	.what = "a list of ways to part a list",
	.read = read_splits,
	.show = show_splits,
};

static const struct conf_var *var_of(const struct conf_seed *seed, struct str name)
{
	for (int i = 0; name.p && i < seed->n_vars; i++)
		if (str_eq(seed->vars[i].name, name))
			return &seed->vars[i];
	return NULL;
}

static void check_vars(struct conf_reader *r, const struct conf_seed *seed,
		       const struct conf_split *s, struct conf_at at)
{
	const struct conf_var *v = var_of(seed, s->var.name);

	if (var_of(seed, s->min) || var_of(seed, s->max))
		conf_problem_add(r->problems, at,
				 "the variables of a band are not the seed's own: leave them out "
				 "of `vars`");
	if (v && s->var.n && v->n != 1)
		conf_problem_add(
			r->problems, at,
			"variable `%.60s` has several values in the seed; a list is parted "
			"by others of it only where it has one",
			v->name.p);
	if (s->covers == PART_ENDS && s->var.n != 2)
		conf_problem_add(r->problems, at,
				 "a list has two ends, so `values` has two orders");
}

void conf_split_check(struct conf_reader *r, const struct conf_source *s,
		      const struct conf_seed *seed, const struct conf_node *n)
{
	const struct conf_node *list = conf_yaml_child(n, "split");
	const struct conf_node *c = list ? list->first : NULL;
	const struct conf_page *p = conf_page(s, seed->page);

	if (!seed->n_splits || !c)
		return;
	if (p && !p->paging.window)
		conf_problem_add(r->problems, list->key_at,
				 "page kind `%.60s` has no `total` and `window` in its paging: "
				 "nothing says when a list is to be parted",
				 p->name.p);
	for (int i = 0; i < seed->n_splits && c; i++, c = c->next) {
		check_vars(r, seed, &seed->splits[i], c->at);
		if (seed->splits[i].covers == PART_ENDS && c->next)
			conf_problem_add(r->problems, c->at, "`covers: ends` comes last");
	}
}
