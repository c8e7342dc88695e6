#include "config/conf_paging.h"

#include "config/conf_sel.h"
#include "config/conf_show.h"

const struct conf_row conf_paging_rows[] = {
	{ .name = "var",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_page, paging.var),
	  .doc = "The seed's variable that counts up by one. Its value in the seed is the first "
		 "page." },
	{ .name = "more",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, paging.more),
	  .part = &conf_sel_part,
	  .doc = "True, or anything found: there is a next page." },
	{ .name = "last",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, paging.last),
	  .part = &conf_sel_part,
	  .doc = "A number: the variable's last value. All pages up to it are asked at once. "
		 "Nothing found: `more` decides alone." },
	{ .name = "max",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_page, paging.max),
	  .def = "0",
	  .max = 1000000,
	  .doc = "Most pages of one list; 0: 1,000,000, and 10,000 where each names the next. A "
		 "list whose last ten pages showed only what it had shown before is left, too "
		 "(`endless` in `pipectl refused`)." },
	{ .name = "next",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, paging.next),
	  .part = &conf_sel_part,
	  .doc = "Finds the address of the next page, read like this one: "
		 "a[rel=next]::attr(href), or in JSON an address or a cursor put into one, as "
		 ".cursor | strings | \"?cursor=\" + @uri. With `var` it is that "
		 "variable's next value instead, wherever the seed has it: the cursor of an "
		 "interface that is asked by POST. Such a page is asked again when the one before "
		 "it "
		 "had changed. Otherwise only `max` goes with it." },
	{ .name = "rel-next",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_page, paging.rel_next),
	  .def = "false",
	  .doc = "The next page is what the page itself calls rel=next: in a link or a element, or "
		 "in an HTTP header Link (RFC 8288), as interfaces do. Only `max` goes with it." },
	{ .name = "total",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, paging.total),
	  .part = &conf_sel_part,
	  .doc = "A number: how many results the list has. With `window`." },
	{ .name = "window",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_page, paging.window),
	  .def = "0",
	  .max = 1000000000,
	  .doc = "How many of them can be read, whatever the total: a list with more is parted as "
		 "its seed's `split` says. 0: all." },
	{ .name = NULL },
};

static void read_paging(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into)
{
	const struct conf_paging *paging = &((struct conf_page *)into)->paging;
	bool counts;

	(void)row;
	conf_table_read(r, conf_paging_rows, n, into);
	if (n->kind != NODE_MAP)
		return;
	counts = paging->var.p || paging->more.kind || paging->last.kind;
	if (!paging->total.kind != !paging->window)
		conf_problem_add(r->problems, conf_yaml_at(n), "`total` and `window` go together");
	counts |= paging->window > 0;
	if (paging->rel_next) {
		if (counts || conf_yaml_child(n, "next"))
			conf_problem_add(r->problems, conf_yaml_child(n, "rel-next")->key_at,
					 "`rel-next` leads from page to page: it stands alone");
		return;
	}
	if (conf_yaml_child(n, "next")) {
		if (paging->more.kind || paging->last.kind || paging->window)
			conf_problem_add(r->problems, conf_yaml_child(n, "next")->key_at,
					 "`next` leads from page to page: nothing is counted "
					 "beside it");
		return;
	}
	if (!conf_yaml_child(n, "var"))
		conf_problem_add(r->problems, conf_yaml_at(n),
				 "paging needs `var`, `next` or `rel-next`");
	if (!conf_yaml_child(n, "more") && !conf_yaml_child(n, "last"))
		conf_problem_add(
			r->problems, conf_yaml_at(n),
			"paging needs `more` or `last`: nothing says that there is a next page");
}

static struct conf_node *show_paging(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_page *p = from;

	(void)row;
	if (!p->paging.var.p && p->paging.next.kind == SEL_NONE && !p->paging.rel_next)
		return NULL;
	return conf_show_rows(a, conf_paging_rows, p);
}

const struct conf_part conf_paging_part = {
	.what = "a map",
	.read = read_paging,
	.show = show_paging,
};

static const struct conf_var *var_of(const struct conf_seed *seed, struct str name)
{
	for (int i = 0; i < seed->n_vars; i++)
		if (str_eq(seed->vars[i].name, name))
			return &seed->vars[i];
	return NULL;
}

void conf_paging_check(struct conf_reader *r, const struct conf_source *s,
		       const struct conf_page *p, const struct conf_node *page)
{
	const struct conf_node *at = conf_yaml_child(conf_yaml_child(page, "paging"), "var");
	bool seeded = false;
	int64_t first;

	if (!at || !p->paging.var.p)
		return;
	for (int i = 0; i < s->n_seeds; i++) {
		const struct conf_seed *seed = &s->seeds[i];
		const struct conf_var *v = var_of(seed, p->paging.var);

		if (!str_eq(seed->page, p->name))
			continue;
		seeded = true;
		if (!v)
			conf_problem_add(r->problems, at->at,
					 "`%.60s` is no variable of the seed on line %d",
					 p->paging.var.p, seed->at.line);
		else if (p->paging.next.kind && v->n != 1)
			conf_problem_add(r->problems, seed->at,
					 "variable `%.60s` takes what `next` finds: it wants one "
					 "value, the first page's",
					 v->name.p);
		else if (!p->paging.next.kind && (v->n != 1 || !str_i64(v->values[0], &first)))
			conf_problem_add(
				r->problems, seed->at,
				"variable `%.60s` counts pages: it wants one whole number, "
				"the first page",
				v->name.p);
	}
	if (!seeded)
		conf_problem_add(r->problems, at->at,
				 "no seed asks for page kind `%.60s`, so `%.60s` is no variable",
				 p->name.p, p->paging.var.p);
}
