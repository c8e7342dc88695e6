/* Two trees of categories, the older first, a line "===" between them: tables, or JSON. What is read is
 * compared and drafted; piped takes the draft if all ids are codes. */
#include "base/mem.h"
#include "base/must.h"
#include "config/conf_table.h"
#include "labeler/category_tree.h"
#include "serve/tree_json.h"
#include "tests/fuzz/fuzz.h"

#define NODES_MOST 60 /* comparing takes time */

static bool read_tree(struct str s, struct arena *a, struct category_tree *t)
{
	struct reason why;
	struct str start = str_trim(s);
	bool json = start.n && (start.p[0] == '{' || start.p[0] == '[');

	return !(json ? tree_json_read(s, a, t, &why) : category_tree_tsv(s, a, t, &why)) &&
	       t->n <= NODES_MOST;
}

/* Ids that may be codes, and names that YAML can hold. */
static bool plain(const struct category_tree *t)
{
	for (int i = 0; i < t->n; i++) {
		struct str name = t->nodes[i].name;

		if (conf_table_name_wrong(t->nodes[i].id) || !name.n)
			return false;
		for (size_t k = 0; k < name.n; k++)
			if ((unsigned char)name.p[k] < 0x20 || (unsigned char)name.p[k] > 0x7e)
				return false;
	}
	return true;
}

static void take(const struct category_tree *was, const struct category_tree *now, struct buf *yaml)
{
	struct conf_problem *problems = NULL;
	struct conf *c = NULL;
	int n = 0;
	enum err err = conf_load_taxonomy(buf_str(yaml), STR("draft"), NULL, &c, &problems, &n);

	must(!err || !plain(was) || !plain(now));
	mem_free(problems);
	conf_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };
	ptrdiff_t at = str_find(s, STR("\n===\n"));
	struct arena *a = arena_new(1 << 14);
	struct category_tree was, now;
	struct category_diff d;
	struct buf yaml;

	if (at >= 0 && read_tree(str_sub(s, 0, (size_t)at), a, &was) &&
	    read_tree(str_sub(s, (size_t)at + 5, s.n), a, &now)) {
		category_diff(&was, &now, a, &d);
		buf_init(&yaml, 4 << 20);
		category_draft(&now, &d, STR("t"), 2, "2026-01-01", &yaml);
		take(&was, &now, &yaml);
		buf_done(&yaml);
	}
	arena_free(a);
	return 0;
}
