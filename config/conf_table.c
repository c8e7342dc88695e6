#include "config/conf_table.h"

#include "base/must.h"
#include "config/conf_path.h"

#include <stdio.h>
#include <string.h>

void conf_table_near(struct conf_near *near, struct str name)
{
	size_t d = str_distance(near->wanted, name), most = near->wanted.n / 3 + 1;

	if (most > 3)
		most = 3;
	if (d <= most && (!near->best.p || d < near->distance)) {
		near->best = name;
		near->distance = d;
	}
}

const char *conf_table_hint(const struct conf_near *near, char to[128])
{
	to[0] = 0;
	if (near->best.p)
		snprintf(to, 128, "; did you mean `%.*s`?",
			 (int)(near->best.n < 100 ? near->best.n : 100), near->best.p);
	return to;
}

const char *conf_table_name_wrong(struct str name)
{
	if (name.n == 0 || name.n > 64)
		return "a name has 1 to 64 characters";
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (!word && (i == 0 || !strchr("._-", c)))
			return "a name is made of a-z, 0-9, and . _ - within";
	}
	return NULL;
}

static void unknown_key(struct conf_reader *r, const struct conf_row *rows,
			const struct conf_node *n)
{
	struct conf_near near = { .wanted = n->key };
	char hint[128], known[200] = "";
	size_t used = 0;

	if (!conf_problem_room(r->problems)) {
		conf_problem_add(r->problems, n->key_at, "unknown key"); /* counted */
		return;
	}
	for (const struct conf_row *row = rows; row->name; row++) {
		conf_table_near(&near, str_of(row->name));
		if (used < sizeof(known))
			used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s",
						 row == rows ? "" : ", ", row->name);
	}
	if (near.best.p)
		conf_problem_add(r->problems, n->key_at, "unknown key `%.60s`%s", n->key.p,
				 conf_table_hint(&near, hint));
	else
		conf_problem_add(r->problems, n->key_at, "unknown key `%.60s`; known here: %s%s",
				 n->key.p, known, used < sizeof(known) ? "" : "...");
}

void conf_table_what(const struct conf_row *row, struct buf *to)
{
	char least[CONF_SCALAR_ROOM], most[CONF_SCALAR_ROOM];

	if (row->type == CONF_PART) {
		buf_add_text(to, row->part->what);
		return;
	}
	if (row->type == CONF_CHOICE) {
		buf_add_text(to, "one of");
		for (int i = 0; row->choices[i]; i++)
			buf_fmt(to, "%s %s", i ? "," : "", row->choices[i]);
		return;
	}
	buf_add_text(to, conf_scalar_what(row->type));
	if (row->max > row->min) {
		conf_scalar_format(row->type, row->min, least);
		conf_scalar_format(row->type, row->max, most);
		buf_fmt(to, ", from %s to %s", least, most);
	}
}

static void wrong_value(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n)
{
	struct buf what;

	buf_init(&what, 1000);
	conf_table_what(row, &what);
	if (n->kind == NODE_SCALAR && !conf_yaml_none(n))
		conf_problem_add(r->problems, n->at, "`%s` wants %s, not %s%.60s%s", row->name,
				 buf_str(&what).p, n->quoted ? "the text \"" : "`", n->text.p,
				 n->quoted ? "\"" : "`");
	else
		conf_problem_add(r->problems, n->at, "`%s` wants %s, not %s", row->name,
				 buf_str(&what).p, conf_yaml_kind(n));
	buf_done(&what);
}

struct str conf_table_text(struct conf_reader *r, const struct conf_node *n, const char *name)
{
	if (n->kind != NODE_SCALAR || conf_yaml_none(n))
		conf_problem_add(r->problems, n->at, "`%.60s` wants text, not %s", name,
				 conf_yaml_kind(n));
	else if (n->text.n == 0)
		conf_problem_add(r->problems, n->at, "`%.60s` is empty", name);
	else if (n->text.n > CONF_TEXT_BYTES)
		conf_problem_add(r->problems, n->at, "`%.60s` is longer than 64 KiB", name);
	else
		return n->text;
	return (struct str){ 0 };
}

static bool text_fits(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n)
{
	const char *wrong = row->wrong ? row->wrong(n->text) : NULL;

	if (!wrong)
		return true;
	conf_problem_add(r->problems, n->at, "`%s`: %s: `%.60s`", row->name, wrong, n->text.p);
	return false;
}

static void read_text(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into)
{
	struct str s;

	if (!row->required && !row->def && n->kind == NODE_SCALAR && n->quoted && n->text.n == 0) {
		memset((char *)into + row->at, 0, sizeof(s));
		return;
	}
	s = conf_table_text(r, n, row->name);
	if (!s.p || !text_fits(r, row, n))
		return;
	if (row->type == CONF_PATH)
		s = conf_path_join(r->a, r->folder, s);
	memcpy((char *)into + row->at, &s, sizeof(s));
}

void conf_table_put_list(const struct conf_row *row, void *into, void *items, int n)
{
	memcpy((char *)into + row->at, &items, sizeof(void *));
	memcpy((char *)into + row->at_n, &n, sizeof(n));
}

const void *conf_table_get_list(const struct conf_row *row, const void *from, int *ret_n)
{
	const void *items;

	memcpy(&items, (const char *)from + row->at, sizeof(void *));
	memcpy(ret_n, (const char *)from + row->at_n, sizeof(*ret_n));
	return items;
}

static void one_text(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct str s = conf_table_text(r, n, "value");

	memcpy(into, &s, sizeof(s));
}

static void read_texts(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct str *texts;
	int count;

	if (n->kind != NODE_LIST) {
		wrong_value(r, row, n);
		return;
	}
	texts = conf_table_items(r, n, NODE_LIST, sizeof(*texts), one_text, &count);
	for (const struct conf_node *c = n->first; c; c = c->next)
		if (c->kind == NODE_SCALAR && c->text.n > 0)
			(void)text_fits(r, row, c);
	conf_table_put_list(row, into, texts, count);
}

static void store_number(const struct conf_row *row, double x, void *into)
{
	char *at = (char *)into + row->at;
	int64_t whole = (int64_t)x;
	int small = row->type == CONF_INT ? (int)x : 0;

	if (row->type == CONF_INT)
		memcpy(at, &small, sizeof(small));
	else if (row->type == CONF_REAL || row->type == CONF_RATE)
		memcpy(at, &x, sizeof(x));
	else
		memcpy(at, &whole, sizeof(whole));
}

static bool in_range(const struct conf_row *row, double x)
{
	if (row->type == CONF_INT && (x < INT32_MIN || x > INT32_MAX))
		return false;
	return !(row->max > row->min) || (x >= row->min && x <= row->max);
}

static bool read_number(const struct conf_row *row, const struct conf_node *n, void *into)
{
	double x;

	if (n->quoted && row->type <= CONF_REAL)
		return false;
	if (!conf_scalar_number(row->type, n->text, &x) || !in_range(row, x))
		return false;
	store_number(row, x, into);
	return true;
}

static bool read_choice(const struct conf_row *row, const struct conf_node *n, void *into)
{
	for (int i = 0; row->choices[i]; i++) {
		if (str_is(n->text, row->choices[i])) {
			memcpy((char *)into + row->at, &i, sizeof(i));
			return true;
		}
	}
	return false;
}

static bool read_bool(const struct conf_row *row, const struct conf_node *n, void *into)
{
	bool yes = str_is(n->text, "true");

	if (n->quoted || (!yes && !str_is(n->text, "false")))
		return false;
	memcpy((char *)into + row->at, &yes, sizeof(yes));
	return true;
}

static void read_row(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		     void *into)
{
	bool fine = n->kind == NODE_SCALAR;

	switch (row->type) {
	case CONF_PART:
		row->part->read(r, row, n, into);
		return;
	case CONF_TEXT:
	case CONF_PATH:
		read_text(r, row, n, into);
		return;
	case CONF_TEXTS:
		read_texts(r, row, n, into);
		return;
	case CONF_BOOL:
		fine = fine && read_bool(row, n, into);
		break;
	case CONF_CHOICE:
		fine = fine && read_choice(row, n, into);
		break;
	default:
		fine = fine && read_number(row, n, into);
		break;
	}
	if (!fine)
		wrong_value(r, row, n);
}

void conf_table_defaults(struct conf_reader *r, const struct conf_row *rows, void *into)
{
	for (; rows->name; rows++) {
		struct conf_node n = { .kind = NODE_SCALAR, .text = str_of(rows->def) };
		int before = r->problems->n;

		if (!rows->def)
			continue;
		n.at.file = r->file;
		read_row(r, rows, &n, into);
		must(r->problems->n == before);
	}
}

void conf_table_read(struct conf_reader *r, const struct conf_row *rows, const struct conf_node *n,
		     void *into)
{
	const struct conf_row *row;

	conf_table_defaults(r, rows, into);
	if (n->kind != NODE_MAP) {
		conf_problem_add(r->problems, n->at, "a map of keys belongs here, not %s",
				 conf_yaml_kind(n));
		return;
	}
	for (row = rows; row->name; row++) {
		const struct conf_node *c = conf_yaml_child(n, row->name);

		if (c)
			read_row(r, row, c, into);
		else if (row->required)
			conf_problem_add(r->problems, conf_yaml_at(n), "key `%s` is missing",
					 row->name);
	}
	for (const struct conf_node *c = n->first; c; c = c->next) {
		for (row = rows; row->name && !str_is(c->key, row->name); row++)
			;
		if (!row->name)
			unknown_key(r, rows, c);
	}
}

void *conf_table_items(struct conf_reader *r, const struct conf_node *n, enum conf_node_kind kind,
		       size_t each,
		       void (*one)(struct conf_reader *r, const struct conf_node *n, void *into),
		       int *ret_n)
{
	char *items;
	int i = 0;

	*ret_n = 0;
	if (n->kind != kind) {
		conf_problem_add(r->problems, n->at, "%s belongs here, not %s",
				 kind == NODE_LIST ? "a list" : "a map", conf_yaml_kind(n));
		return NULL;
	}
	if (n->n > CONF_LIST_MOST) {
		conf_problem_add(r->problems, n->at, "more than 100000 entries");
		return NULL;
	}
	items = arena_array(r->a, (size_t)n->n, each);
	for (const struct conf_node *c = n->first; c; c = c->next)
		one(r, c, items + each * (size_t)i++);
	*ret_n = n->n;
	return items;
}
