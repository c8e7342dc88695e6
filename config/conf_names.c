#include "config/conf_names.h"

#define TAG_BYTES 35 /* RFC 5646, 4.4.1 */
#define PART_BYTES 8

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

const char *conf_names_tag_wrong(struct str tag)
{
	struct str rest = tag, part;
	bool first = true;

	if (tag.n == 0 || tag.n > TAG_BYTES)
		return "a language is a BCP 47 tag such as ja or zh-Hant";
	while (str_next(&rest, '-', &part)) {
		if (part.n == 0 || part.n > PART_BYTES || (first && part.n < 2))
			return "a language is a BCP 47 tag such as ja or zh-Hant";
		for (size_t i = 0; i < part.n; i++)
			if (!is_letter(part.p[i]) && (first || part.p[i] < '0' || part.p[i] > '9'))
				return "a language is a BCP 47 tag such as ja or zh-Hant";
		first = false;
	}
	return NULL;
}

static void read_name(struct conf_reader *r, const struct conf_node *n, void *into)
{
	const char *wrong = conf_names_tag_wrong(n->key);

	if (wrong)
		conf_problem_add(r->problems, n->key_at, "`%.60s`: %s", n->key.p, wrong);
	*(struct conf_name *)into =
		(struct conf_name){ .language = n->key, .text = conf_table_text(r, n, n->key.p) };
}

static void read_names(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct conf_name *names;
	int count;

	if (n->kind != NODE_MAP) {
		conf_problem_add(r->problems, n->at, "`%s` wants %s, not %s", row->name,
				 row->part->what, conf_yaml_kind(n));
		return;
	}
	names = conf_table_items(r, n, NODE_MAP, sizeof(*names), read_name, &count);
	for (int i = 0; i < count; i++)
		for (int k = 0; k < i; k++)
			if (str_eq_nocase(names[i].language, names[k].language))
				conf_problem_add(r->problems, n->at, "`%s` has `%.40s` twice",
						 row->name, names[i].language.p);
	conf_table_put_list(row, into, names, count);
}

const struct conf_part conf_names_part = {
	.what = "a map of names by language",
	.read = read_names,
};
