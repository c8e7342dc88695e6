#include "config/conf_sel.h"

#include "base/hash.h"
#include "config/conf_page.h"
#include "config/conf_show.h"

#include <string.h>

/* The long form as it is written. */
struct form {
	struct str jq, css, xpath, constant, prefix;
	bool required;
};

const struct conf_row conf_sel_rows[] = {
	{ .name = "jq",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, jq),
	  .doc = "A jq program; its first result is the value. JSON pages. Taken are paths, "
		 "operators, conditions, variables, `try`, objects and jq's functions of texts, "
		 "numbers, times and arrays; not what may take for ever or all memory: `def`, "
		 "`reduce`, `foreach`, `while`, `until`, `repeat`, `walk`, `indices`, assignments; "
		 "`recurse` takes a path, `contains` a text, `.a[ ]` numbers and texts (what is "
		 "computed goes by `getpath`). Patterns are held against texts of 64 KiB at most, "
		 "in two million steps. A page on which selectors take 5 s of CPU time, or 512 MiB "
		 "of memory, is unparsable." },
	{ .name = "css",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, css),
	  .doc = "A CSS selector, with ::text for the text within or ::attr(NAME) for an "
		 "attribute. "
		 "HTML pages." },
	{ .name = "xpath",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, xpath),
	  .doc = "An XPath 1.0 expression. HTML pages." },
	{ .name = "const",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, constant),
	  .doc = "The value itself." },
	{ .name = "prefix",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, prefix),
	  .doc = "Put before a value that is found. Fields only." },
	{ .name = "required",
	  .type = CONF_BOOL,
	  .at = offsetof(struct form, required),
	  .doc = "Whether an item without the value is rejected. Fields only; `id` and `title` are "
		 "required unless this says otherwise." },
	{ .name = NULL },
};

static const char *const keys[] = {
	[SEL_JQ] = "jq", [SEL_CSS] = "css", [SEL_XPATH] = "xpath", [SEL_CONST] = "const"
};

bool conf_sel_is_long(const struct conf_node *n)
{
	for (int k = SEL_JQ; k <= SEL_CONST; k++)
		if (n->kind == NODE_MAP && conf_yaml_child(n, keys[k]))
			return true;
	return false;
}

static struct str expr_of(const struct form *f, enum conf_sel_kind k)
{
	switch (k) {
	case SEL_JQ:
		return f->jq;
	case SEL_CSS:
		return f->css;
	case SEL_XPATH:
		return f->xpath;
	case SEL_CONST:
		return f->constant;
	case SEL_NONE:
		break;
	}
	return (struct str){ 0 };
}

static void read_short(struct conf_reader *r, const struct conf_node *n, struct conf_sel *ret)
{
	struct str expr = conf_table_text(r, n, n->key.p ? n->key.p : "selector");

	if (!expr.p)
		return;
	ret->kind = r->format == FORMAT_JSON ? SEL_JQ : SEL_CSS;
	ret->expr = expr;
	ret->at = n->at;
}

static void read_long(struct conf_reader *r, const struct conf_node *n, struct conf_sel *ret,
		      struct form *form)
{
	int before = r->problems->n, given = 0;

	conf_table_read(r, conf_sel_rows, n, form);
	for (int k = SEL_JQ; k <= SEL_CONST; k++) {
		const struct conf_node *c = conf_yaml_child(n, keys[k]);
		bool json_only = k == SEL_JQ, html_only = k == SEL_CSS || k == SEL_XPATH;

		if (!c)
			continue;
		given++;
		if ((r->format == FORMAT_JSON && html_only) ||
		    (r->format == FORMAT_HTML && json_only) ||
		    (r->format == FORMAT_AUTO && json_only))
			conf_problem_add(r->problems, c->key_at,
					 "`%s` reads %s pages; this one is %s", keys[k],
					 json_only ? "json" : "html", conf_page_formats[r->format]);
		if (expr_of(form, (enum conf_sel_kind)k).p)
			*ret = (struct conf_sel){ (enum conf_sel_kind)k,
						  expr_of(form, (enum conf_sel_kind)k), c->at };
	}
	if (r->problems->n == before && (given != 1 || !ret->expr.p))
		conf_problem_add(r->problems, conf_yaml_at(n),
				 "a selector has one of jq, css, xpath or const; this has %d",
				 ret->expr.p ? given : 0);
}

static void read_sel(struct conf_reader *r, const struct conf_node *n, struct conf_sel *ret,
		     struct form *form)
{
	*ret = (struct conf_sel){ .kind = SEL_NONE };
	if (n->kind == NODE_MAP)
		read_long(r, n, ret, form);
	else if (n->kind == NODE_LIST)
		conf_problem_add(r->problems, n->at,
				 "a selector belongs here: text or {css: ...}, not a list");
	else
		read_short(r, n, ret);
}

static void read_part(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into)
{
	static const char *const only_fields[] = { "prefix", "required" };
	struct form form = { 0 };
	struct conf_sel sel;

	read_sel(r, n, &sel, &form);
	for (int i = 0; i < 2; i++) {
		const struct conf_node *c = conf_yaml_child(n, only_fields[i]);

		if (c)
			conf_problem_add(r->problems, c->key_at, "`%s` is for fields; `%s` is none",
					 only_fields[i], row->name);
	}
	memcpy((char *)into + row->at, &sel, sizeof(sel));
}

void conf_sel_field(struct conf_reader *r, const struct conf_node *n, struct conf_field *ret)
{
	struct form form = { .required = listing_fields[ret->field].required };

	read_sel(r, n, &ret->sel, &form);
	ret->prefix = form.prefix;
	ret->required = form.required;
}

struct conf_node *conf_sel_show(struct arena *a, const struct conf_sel *s)
{
	struct conf_node *map;

	if (s->kind == SEL_NONE)
		return NULL;
	map = conf_show_map(a);
	conf_show_put(map, str_of(keys[s->kind]), conf_show_text(a, s->expr));
	return map;
}

static struct conf_node *show_part(struct arena *a, const struct conf_row *row, const void *from)
{
	struct conf_sel s;

	memcpy(&s, (const char *)from + row->at, sizeof(s));
	return conf_sel_show(a, &s);
}

struct conf_node *conf_sel_show_field(struct arena *a, const struct conf_field *f)
{
	struct conf_node *map = conf_sel_show(a, &f->sel);

	if (!map)
		return NULL;
	if (f->prefix.n)
		conf_show_put(map, STR("prefix"), conf_show_text(a, f->prefix));
	if (f->required != listing_fields[f->field].required)
		conf_show_put(map, STR("required"),
			      conf_show_plain(a, f->required ? "true" : "false"));
	return map;
}

uint64_t conf_sel_version(uint64_t version, const struct conf_sel *s)
{
	return hash64(s->expr, hash64_join(version, (uint64_t)s->kind));
}

const struct conf_part conf_sel_part = {
	.what = "a selector",
	.read = read_part,
	.show = show_part,
};
