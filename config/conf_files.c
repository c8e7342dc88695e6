#include "config/conf_files.h"

#include "config/conf_path.h"
#include "config/conf_show.h"

#include <string.h>

static void read_files(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct conf_file *files;
	int count;

	if (n->kind == NODE_MAP || conf_yaml_none(n)) {
		conf_problem_add(r->problems, n->at, "`%s` wants %s, not %s", row->name,
				 row->part->what, conf_yaml_kind(n));
		return;
	}
	conf_path_files(r, n, &files, &count);
	conf_table_put_list(row, into, files, count);
}

static struct conf_node *show_files(struct arena *a, const struct conf_row *row, const void *from)
{
	struct conf_node *list = conf_show_list(a);
	const struct conf_file *files;
	int n;

	files = conf_table_get_list(row, from, &n);
	for (int i = 0; i < n; i++)
		conf_show_add(list, conf_show_text(a, conf_path_absolute(a, files[i].path)));
	return list;
}

static void read_taxonomy(struct conf_reader *r, const struct conf_row *row,
			  const struct conf_node *n, void *into)
{
	struct str name, folder = conf_path_folder(r->a, str_of(r->file));
	struct conf *c = into;

	if (n->kind == NODE_SCALAR && n->quoted && n->text.n == 0)
		return;
	name = conf_table_text(r, n, row->name);
	if (name.p)
		c->taxonomy_file = (struct conf_file){ conf_path_join(r->a, folder, name), n->at };
}

static struct conf_node *show_taxonomy(struct arena *a, const struct conf_row *row,
				       const void *from)
{
	const struct conf *c = from;

	(void)row;
	return conf_show_text(a, c->taxonomy_file.path.p
					 ? conf_path_absolute(a, c->taxonomy_file.path)
					 : STR(""));
}

const struct conf_part conf_files_part = {
	.what = "a file, a folder, a pattern, or a list of them",
	.read = read_files,
	.show = show_files,
};

const struct conf_part conf_files_taxonomy_part = {
	.what = "a file",
	.read = read_taxonomy,
	.show = show_taxonomy,
};
