#include "config/conf_var.h"

#include "base/utf8.h"
#include "config/conf_path.h"
#include "config/conf_show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES (16 << 20)

struct range {
	int64_t from, to, step;
};

#define RANGE_MOST 1e15

const struct conf_row conf_var_range_rows[] = {
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

const struct conf_row conf_var_file_rows[] = {
	{ .name = "file",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_var, file),
	  .required = true,
	  .doc = "A text file with a value on each line, beside the source's own unless the path "
		 "says otherwise; empty lines and those that start with # are left out." },
	{ .name = NULL },
};

const struct conf_row conf_var_found_rows[] = {
	{ .name = "found",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_var, found),
	  .required = true,
	  .doc = "Values that a page kind of the source finds (its key `values`): jobs start when "
		 "it was read, and for new values each time it was read again." },
	{ .name = "under",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_var, under),
	  .doc = "Only the values that stand below this one; without it those that stand below "
		 "none." },
	{ .name = NULL },
};

static void read_range(struct conf_reader *r, const struct conf_node *n, struct conf_var *v)
{
	struct range g = { 0 };
	int before = r->problems->n;
	int64_t count;

	conf_table_read(r, conf_var_range_rows, n, &g);
	if (r->problems->n > before)
		return;
	if (g.to < g.from) {
		conf_problem_add(r->problems, conf_yaml_at(n),
				 "a range that ends before it starts");
		return;
	}
	count = (g.to - g.from) / g.step + 1;
	if (count > CONF_VAR_MOST) {
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

static bool same(struct str *const *sorted, int i)
{
	return str_eq(*sorted[i], *sorted[i - 1]);
}

static int by_value(const void *a, const void *b)
{
	return str_cmp(**(struct str *const *)a, **(struct str *const *)b);
}

/* The lines of the values, which are in the file's order. */
static void check_file_twice(struct conf_reader *r, struct conf_at at, const struct conf_var *v,
			     const int *lines)
{
	struct str **sorted = arena_array(r->a, (size_t)v->n + 1, sizeof(struct str *));

	for (int i = 0; i < v->n; i++)
		sorted[i] = &v->values[i];
	qsort(sorted, (size_t)v->n, sizeof(struct str *), by_value);
	for (int i = 1; i < v->n; i++) {
		if (!same(sorted, i))
			continue;
		at.line = lines[sorted[i] - v->values];
		conf_problem_add(r->problems, at, "value `%.60s` stands here twice", sorted[i]->p);
	}
}

static void read_lines(struct conf_reader *r, struct str text, const char *file, struct conf_var *v)
{
	struct conf_at at = { .file = file, .line = 0, .column = 1 };
	struct str rest = text, line;
	int *lines, most = 1;

	for (size_t i = 0; i < text.n; i++)
		most += text.p[i] == '\n';
	v->values = arena_array(r->a, (size_t)most, sizeof(*v->values));
	lines = arena_array(r->a, (size_t)most, sizeof(*lines));
	while (str_next(&rest, '\n', &line)) {
		at.line++;
		line = str_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		if (line.n > CONF_VAR_BYTES || str_find_char(line, 0) >= 0 || !utf8_valid(line)) {
			conf_problem_add(r->problems, at,
					 "a value is UTF-8 text of at most %d bytes",
					 CONF_VAR_BYTES);
			continue;
		}
		if (v->n == CONF_LIST_MOST) {
			conf_problem_add(r->problems, at, "more than %d values", CONF_LIST_MOST);
			return;
		}
		lines[v->n] = at.line;
		v->values[v->n++] = arena_str(r->a, line);
	}
	at.line = 0;
	if (!v->n)
		conf_problem_add(r->problems, at, "the file has no value");
	check_file_twice(r, at, v, lines);
}

static void read_file(struct conf_reader *r, const struct conf_node *n, struct conf_var *v)
{
	struct conf_at named;
	struct str text;
	struct buf b;

	conf_table_read(r, conf_var_file_rows, n, v);
	if (!v->file.p)
		return;
	named = conf_yaml_child(n, "file")->at;
	if (r->alone) {
		conf_problem_add(r->problems, named,
				 "files of values are not read for a test: list some values here");
		return;
	}
	buf_init(&b, FILE_BYTES);
	text = conf_path_text(r, v->file, named, &b, &v->file);
	if (text.p)
		read_lines(r, text, v->file.p, v);
	buf_done(&b);
}

static void read_map(struct conf_reader *r, const struct conf_node *n, struct conf_var *v)
{
	if (conf_yaml_child(n, "file"))
		read_file(r, n, v);
	else if (conf_yaml_child(n, "found"))
		conf_table_read(r, conf_var_found_rows, n, v);
	else
		read_range(r, n, v);
}

void conf_var_read(struct conf_reader *r, const struct conf_node *n, struct conf_var *v)
{
	if (n->kind == NODE_MAP) {
		read_map(r, n, v);
	} else if (n->kind == NODE_LIST) {
		v->values =
			conf_table_items(r, n, NODE_LIST, sizeof(*v->values), read_value, &v->n);
		if (n->n == 0)
			conf_problem_add(r->problems, n->at, "variable `%.60s` has no value",
					 n->key.p);
		else
			check_twice(r, n);
	} else {
		v->values = arena_array(r->a, 1, sizeof(*v->values));
		v->n = 1;
		read_value(r, n, v->values);
	}
}

static void read_var(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_var *v = into;

	v->name = n->key;
	if (conf_table_name_wrong(n->key))
		conf_problem_add(r->problems, n->key_at, "variable `%.60s`: %s", n->key.p,
				 conf_table_name_wrong(n->key));
	conf_var_read(r, n, v);
}

static void read_vars(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into)
{
	struct conf_seed *seed = into;

	(void)row;
	seed->vars = conf_table_items(r, n, NODE_MAP, sizeof(*seed->vars), read_var, &seed->n_vars);
}

struct conf_node *conf_var_show(struct arena *a, const struct conf_var *v)
{
	struct conf_var absolute = *v;
	struct range g;

	if (v->file.p) {
		absolute.file = conf_path_absolute(a, v->file);
		return conf_show_rows(a, conf_var_file_rows, &absolute);
	}
	if (v->found.p)
		return conf_show_rows(a, conf_var_found_rows, v);
	if (as_range(v, &g))
		return conf_show_rows(a, conf_var_range_rows, &g);
	return conf_show_texts(a, v->values, v->n);
}

static struct conf_node *show_vars(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_seed *seed = from;
	struct conf_node *map = conf_show_map(a);

	(void)row;
	for (int i = 0; i < seed->n_vars; i++)
		conf_show_put(map, seed->vars[i].name, conf_var_show(a, &seed->vars[i]));
	return seed->n_vars ? map : NULL;
}

const struct conf_part conf_var_part = {
	.what = "a map of variables: each a value, a list of values, {from, to, step}, {file} or "
		"{found}",
	.read = read_vars,
	.show = show_vars,
};
