#include "base/json.h"
#include "config/conf_piped.h"
#include "config/conf_show.h"
#include "config/conf_source.h"

#include <stdio.h>

/* A plain scalar that JSON has too: a number or a truth value; 30s is text. */
static bool is_literal(const struct conf_node *n)
{
	double x;

	return !n->quoted && (str_is(n->text, "true") || str_is(n->text, "false") ||
			      conf_scalar_number(CONF_REAL, n->text, &x));
}

/* Shown configuration nests less than CONF_YAML_DEPTH. */
// NOLINTNEXTLINE(misc-no-recursion)
static void write_node(struct json *j, const char *key, const struct conf_node *n)
{
	if (n->kind == NODE_SCALAR) {
		if (is_literal(n))
			json_raw(j, key, n->text);
		else
			json_str(j, key, n->text);
		return;
	}
	if (n->kind == NODE_LIST)
		json_array(j, key);
	else
		json_object(j, key);
	for (const struct conf_node *c = n->first; c; c = c->next)
		write_node(j, n->kind == NODE_MAP ? c->key.p : NULL, c);
	if (n->kind == NODE_LIST)
		json_end_array(j);
	else
		json_end_object(j);
}

static void write_keys(struct json *j, struct arena *a, const struct conf *c)
{
	struct conf_node *map = conf_show_rows(a, conf_piped_rows, c);
	const struct conf_node *n = map->first;
	struct buf what;

	buf_init(&what, 1000);
	json_array(j, "keys");
	for (const struct conf_row *row = conf_piped_rows; row->name; row++) {
		if (!n || !str_is(n->key, row->name))
			continue;
		buf_clear(&what);
		conf_table_what(row, &what);
		json_object(j, NULL);
		json_text(j, "key", row->name);
		write_node(j, "value", n);
		json_text(j, "default", row->def);
		json_str(j, "wants", buf_str(&what));
		json_text(j, "doc", row->doc);
		json_end_object(j);
		n = n->next;
	}
	json_end_array(j);
	buf_done(&what);
}

static void write_parts(struct json *j, const struct conf *c)
{
	char version[17];
	int leaves = 0;

	for (int i = 0; i < c->taxonomy.n_taxa; i++)
		leaves += c->taxonomy.taxa[i].leaf;
	json_object(j, "taxonomy");
	json_str(j, "name", c->taxonomy.name);
	json_int(j, "version", c->taxonomy.version);
	json_int(j, "categories", c->taxonomy.n_taxa);
	json_int(j, "leaves", leaves);
	json_int(j, "mappings", c->taxonomy.n_mappings);
	json_end_object(j);
	snprintf(version, sizeof(version), "%016llx", (unsigned long long)c->rules.version);
	json_object(j, "rules");
	json_int(j, "count", c->rules.n_rules);
	json_text(j, "version", version);
	json_end_object(j);
}

void conf_json(const struct conf *c, struct buf *to)
{
	struct arena *a = arena_new(16384);
	struct json j;

	json_init(&j, to);
	json_object(&j, NULL);
	json_str(&j, "file", c->file);
	write_keys(&j, a, c);
	json_array(&j, "sources");
	for (int i = 0; i < c->n_sources; i++)
		write_node(&j, NULL, conf_show_rows(a, conf_source_rows, &c->sources[i]));
	json_end_array(&j);
	write_parts(&j, c);
	json_end_object(&j);
	arena_free(a);
}
