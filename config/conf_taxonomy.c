#include "config/conf_taxonomy.h"

#include "config/conf_history.h"
#include "config/conf_names.h"
#include "config/conf_path.h"

#include <string.h>

static void read_taxa(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into);
static void read_mappings(struct conf_reader *r, const struct conf_row *row,
			  const struct conf_node *n, void *into);

static const struct conf_part taxa_part = {
	.what = "a map of categories by code",
	.read = read_taxa,
};
static const struct conf_part mappings_part = {
	.what = "a map of sources, each a map of the source's categories and our codes",
	.read = read_mappings,
};

const struct conf_row conf_taxonomy_rows[] = {
	{ .name = "name",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_taxonomy, name),
	  .required = true,
	  .wrong = conf_table_name_wrong,
	  .doc = "Name of the taxonomy." },
	{ .name = "version",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_taxonomy, version),
	  .required = true,
	  .min = 1,
	  .max = 1e9,
	  .doc = "A number that grows with every change that others should know of." },
	{ .name = "sources",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf_taxonomy, sources),
	  .at_n = offsetof(struct conf_taxonomy, n_sources),
	  .wrong = conf_table_name_wrong,
	  .doc = "Sources that it knows; mappings and rules may name them though they are not "
		 "loaded." },
	{ .name = "taxa",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_taxonomy, taxa),
	  .required = true,
	  .part = &taxa_part,
	  .doc = "The categories. A code keeps its meaning for ever, and leaves only by a change "
		 "of `history`: men.outer.jacket stands below men.outer unless `parent` says "
		 "otherwise." },
	{ .name = "history",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_taxonomy, history),
	  .part = &conf_history_part,
	  .doc = "Its versions, the oldest first, and what each did to which categories. Labels "
		 "that were made under an older one are read as what they are now; they are not "
		 "rewritten." },
	{ .name = "mappings",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_taxonomy, mappings),
	  .part = &mappings_part,
	  .doc = "What the sources' own categories are called here. A trailing * stands for any "
		 "ending; the longest match wins." },
	{ .name = NULL },
};

/* A category as it is written. */
struct form {
	struct conf_taxon taxon;
	struct str parent;
};

const struct conf_row conf_taxonomy_taxon_rows[] = {
	{ .name = "ko",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, taxon.ko),
	  .required = true,
	  .doc = "Korean name." },
	{ .name = "en",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, taxon.en),
	  .required = true,
	  .doc = "English name." },
	{ .name = "aliases",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct form, taxon.aliases),
	  .at_n = offsetof(struct form, taxon.n_aliases),
	  .doc = "Other names, for searching." },
	{ .name = "names",
	  .type = CONF_PART,
	  .at = offsetof(struct form, taxon.names),
	  .at_n = offsetof(struct form, taxon.n_names),
	  .part = &conf_names_part,
	  .doc = "Names in more languages, by BCP 47 tag: {ja: ジャケット}." },
	{ .name = "parent",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, parent),
	  .doc = "Code of the category above, when the code itself does not say it." },
	{ .name = NULL },
};

static int index_of(const struct conf_taxonomy *t, struct str code)
{
	for (int i = 0; i < t->n_taxa; i++)
		if (str_eq(t->taxa[i].code, code))
			return i;
	return -1;
}

static void gone(struct conf_reader *r, struct str code, const struct conf_change *end,
		 int64_t version, struct conf_at at)
{
	struct buf how;

	buf_init(&how, 1 << 16);
	conf_history_text(end, &how);
	conf_problem_add(r->problems, at, "no category `%.60s`: it was %s in version %lld", code.p,
			 how.p, (long long)version);
	buf_done(&how);
}

int conf_taxonomy_find(struct conf_reader *r, struct str code, struct conf_at at)
{
	const struct conf_taxonomy *t = &r->conf->taxonomy;
	struct conf_near near = { .wanted = code };
	const struct conf_change *end;
	int i = index_of(t, code);
	int64_t version;
	char hint[128];

	if (i >= 0)
		return i;
	end = conf_history_end(t, code, &version);
	if (end) {
		gone(r, code, end, version, at);
		return -1;
	}
	for (i = 0; i < t->n_taxa && conf_problem_room(r->problems); i++)
		conf_table_near(&near, t->taxa[i].code);
	conf_problem_add(r->problems, at, "no category `%.60s`%s", code.p,
			 conf_table_hint(&near, hint));
	return -1;
}

void conf_taxonomy_check_source(struct conf_reader *r, struct str source, struct conf_at at)
{
	const struct conf *c = r->conf;
	struct conf_near near = { .wanted = source };
	char hint[128];

	for (int i = 0; i < c->n_sources; i++) {
		if (str_eq(c->sources[i].name, source))
			return;
		if (c->sources[i].name.p)
			conf_table_near(&near, c->sources[i].name);
	}
	for (int i = 0; i < c->taxonomy.n_sources; i++) {
		if (str_eq(c->taxonomy.sources[i], source))
			return;
		conf_table_near(&near, c->taxonomy.sources[i]);
	}
	conf_problem_add(r->problems, at, "no source `%.60s`%s", source.p,
			 conf_table_hint(&near, hint));
}

/* The code of the category above: as said, or the code without its last part. */
static struct str parent_of(const struct conf_node *n, struct str code, struct conf_at *ret_at)
{
	const struct conf_node *said = conf_yaml_child(n, "parent");
	const char *dot = memrchr(code.p, '.', code.n);

	*ret_at = n->key_at;
	if (said && said->kind == NODE_SCALAR && said->text.n) {
		*ret_at = said->at;
		return said->text;
	}
	return dot ? str_sub(code, 0, (size_t)(dot - code.p)) : (struct str){ 0 };
}

static void read_taxon(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_taxon *t = into;
	struct form form = { .taxon = { .code = n->key, .parent = -1, .leaf = true } };

	form.taxon.at = n->key_at;
	if (conf_table_name_wrong(n->key))
		conf_problem_add(r->problems, n->key_at, "category `%.60s`: %s", n->key.p,
				 conf_table_name_wrong(n->key));
	conf_table_read(r, conf_taxonomy_taxon_rows, n, &form);
	*t = form.taxon;
}

static void find_parent(struct conf_reader *r, struct conf_taxonomy *t, int i,
			const struct conf_node *n)
{
	struct conf_at at;
	struct str code = parent_of(n, t->taxa[i].code, &at);

	if (!code.p)
		return;
	t->taxa[i].parent = index_of(t, code);
	if (t->taxa[i].parent < 0)
		conf_problem_add(r->problems, at, "no category `%.*s` for `%.60s` to stand below",
				 (int)(code.n < 60 ? code.n : 60), code.p, t->taxa[i].code.p);
	else
		t->taxa[t->taxa[i].parent].leaf = false;
}

static void check_circle(struct conf_reader *r, struct conf_taxonomy *t, int i)
{
	int up = t->taxa[i].parent;

	for (int steps = 0; up >= 0 && up != i && steps < t->n_taxa; steps++)
		up = t->taxa[up].parent;
	if (up != i)
		return;
	conf_problem_add(r->problems, t->taxa[i].at, "category `%.60s` stands below itself",
			 t->taxa[i].code.p);
	t->taxa[i].parent = -1;
}

static void read_taxa(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into)
{
	struct conf_taxonomy *t = into;
	int i = 0;

	(void)row;
	if (n->n > CONF_TAXA_MOST) {
		conf_problem_add(r->problems, n->at, "more than %d categories", CONF_TAXA_MOST);
		return;
	}
	t->taxa = conf_table_items(r, n, NODE_MAP, sizeof(*t->taxa), read_taxon, &t->n_taxa);
	if (n->kind != NODE_MAP)
		return;
	for (const struct conf_node *c = n->first; c; c = c->next)
		find_parent(r, t, i++, c);
	for (i = 0; i < t->n_taxa; i++)
		check_circle(r, t, i);
}

static void read_mapping(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_mapping *m = into;
	struct str code = conf_table_text(r, n, n->key.p);

	*m = (struct conf_mapping){ .from = n->key, .taxon = -1, .at = n->key_at };
	if (code.p)
		m->taxon = conf_taxonomy_find(r, code, n->at);
}

static void read_mappings(struct conf_reader *r, const struct conf_row *row,
			  const struct conf_node *n, void *into)
{
	struct conf_taxonomy *t = into;
	int total = 0, got;

	if (n->kind != NODE_MAP) {
		conf_problem_add(r->problems, n->at, "`%s` wants %s, not %s", row->name,
				 row->part->what, conf_yaml_kind(n));
		return;
	}
	for (const struct conf_node *c = n->first; c; c = c->next)
		total += c->n;
	t->mappings = arena_array(r->a, (size_t)total, sizeof(*t->mappings));
	for (const struct conf_node *c = n->first; c; c = c->next) {
		struct conf_mapping *m;

		conf_taxonomy_check_source(r, c->key, c->key_at);
		m = conf_table_items(r, c, NODE_MAP, sizeof(*m), read_mapping, &got);
		for (int i = 0; i < got; i++) {
			m[i].source = c->key;
			t->mappings[t->n_mappings++] = m[i];
		}
	}
}

static void read_root(struct conf_reader *r, const struct conf_node *root, int problems)
{
	conf_table_read(r, conf_taxonomy_rows, root, &r->conf->taxonomy);
	if (r->problems->n == problems) /* a history is replayed whole, or not at all */
		conf_history_check(r, &r->conf->taxonomy);
}

void conf_taxonomy_read_text(struct conf_reader *r, struct str text)
{
	struct conf_node *root;

	if (!conf_yaml_parse(text, r->file, r->a, r->problems, &root))
		read_root(r, root, r->problems->n);
}

void conf_taxonomy_read(struct conf_reader *r)
{
	const struct conf_file *file = &r->conf->taxonomy_file;
	const struct conf_node *root;
	int before = r->problems->n;

	if (!file->path.p)
		return;
	r->file = file->path.p;
	r->folder = conf_path_folder(r->a, conf_path_absolute(r->a, file->path));
	root = conf_path_read(r, r->file, file->at);
	if (root)
		read_root(r, root, before);
}
