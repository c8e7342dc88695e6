#include "config/conf_values.h"

#include "config/conf_sel.h"
#include "config/conf_show.h"

/* A selector's own row of a table of one. */
static const struct conf_row row_of_one = { .name = "values",
					    .type = CONF_PART,
					    .at = offsetof(struct conf_values, sel) };

static void read_one(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_values *v = into;

	v->name = n->key;
	if (conf_table_name_wrong(n->key))
		conf_problem_add(r->problems, n->key_at, "values `%.60s`: %s", n->key.p,
				 conf_table_name_wrong(n->key));
	conf_sel_part.read(r, &row_of_one, n, v);
	if (v->sel.kind == SEL_CONST)
		conf_problem_add(r->problems, n->at,
				 "a constant is not found: write it in the seed");
}

static void read_values(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into)
{
	struct conf_page *p = into;

	(void)row;
	p->values = conf_table_items(r, n, NODE_MAP, sizeof(*p->values), read_one, &p->n_values);
}

static struct conf_node *show_values(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_page *p = from;
	struct conf_node *map = conf_show_map(a);

	(void)row;
	for (int i = 0; i < p->n_values; i++)
		conf_show_put(map, p->values[i].name, conf_sel_show(a, &p->values[i].sel));
	return p->n_values ? map : NULL;
}

const struct conf_part conf_values_part = {
	.what = "a map of names and selectors",
	.read = read_values,
	.show = show_values,
};

static void check(struct conf_reader *r, const struct conf_source *s, struct str name,
		  struct conf_at at)
{
	struct conf_near near = { .wanted = name };
	char hint[128];

	if (!name.p)
		return;
	for (int i = 0; i < s->n_pages; i++) {
		for (int k = 0; k < s->pages[i].n_values; k++) {
			if (str_eq(s->pages[i].values[k].name, name))
				return;
			conf_table_near(&near, s->pages[i].values[k].name);
		}
	}
	conf_problem_add(r->problems, at, "no page kind finds values `%.60s`%s", name.p,
			 conf_table_hint(&near, hint));
}

void conf_values_check(struct conf_reader *r, const struct conf_source *s,
		       const struct conf_seed *seed, const struct conf_node *n)
{
	const struct conf_node *vars = conf_yaml_child(n, "vars"), *split;
	const struct conf_node *c = vars ? vars->first : NULL;

	for (int i = 0; i < seed->n_vars && c; i++, c = c->next)
		check(r, s, seed->vars[i].found, c->at);
	split = conf_yaml_child(n, "split");
	c = split ? split->first : NULL;
	for (int i = 0; i < seed->n_splits && c; i++, c = c->next)
		check(r, s, seed->splits[i].var.found, c->at);
}
