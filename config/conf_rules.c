#include "config/conf_rules.h"

#include "base/hash.h"
#include "config/conf_path.h"
#include "config/conf_taxonomy.h"
#include "config/conf_term.h"

#include <string.h>

static void read_taxon(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);
static void read_flag(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into);
static void read_texts(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);
static void read_sources(struct conf_reader *r, const struct conf_row *row,
			 const struct conf_node *n, void *into);
static void read_rules(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);

static const struct conf_part taxon_part = { .what = "a category's code", .read = read_taxon };
static const struct conf_part flag_part = { .what = "a flag's name", .read = read_flag };
static const struct conf_part texts_part = { .what = "a text or a list of texts",
					     .read = read_texts };
static const struct conf_part source_part = { .what = "a source's name or a list of names",
					      .read = read_sources };
static const struct conf_part rules_part = { .what = "a map of rules by name", .read = read_rules };

/* All rules of one file. */
struct file_rules {
	struct conf_list *lists;
	int n_lists;
	struct conf_rule *rules;
	int n;
};

const struct conf_row conf_rules_rows[] = {
	{ .name = "lists",
	  .type = CONF_PART,
	  .at = offsetof(struct file_rules, lists),
	  .at_n = offsetof(struct file_rules, n_lists),
	  .part = &conf_term_lists_part,
	  .doc = "Lookup lists by name, for the rules of all files: each a list of words, or the "
		 "long form." },
	{ .name = "rules",
	  .type = CONF_PART,
	  .at = offsetof(struct file_rules, rules),
	  .part = &rules_part,
	  .doc = "The rules; a name is kept with every vote. All conditions of a rule must hold." },
	{ .name = NULL },
};

const struct conf_row conf_rules_rule_rows[] = {
	{ .name = "taxon",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, taxon),
	  .part = &taxon_part,
	  .doc = "Votes for this category." },
	{ .name = "flag",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, flag),
	  .part = &flag_part,
	  .doc = "Sets this flag instead of voting: wanted, exchange, multi-item, advertisement, "
		 "joke-price. A listing that is wanted, an advertisement or multi-item is left out "
		 "of "
		 "training and of exports." },
	{ .name = "precision",
	  .type = CONF_REAL,
	  .at = offsetof(struct conf_rule, precision),
	  .def = "0.8",
	  .min = 0.01,
	  .max = 0.999,
	  .doc = "Share of its votes that are right, as far as known: the vote's weight." },
	{ .name = "family",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_rule, family),
	  .wrong = conf_table_name_wrong,
	  .doc = "Rules that go by the same words, and so err together, have the same family: "
		 "their "
		 "votes are no independent witnesses." },
	{ .name = "priority",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_rule, priority),
	  .def = "0",
	  .min = -1000,
	  .max = 1000,
	  .doc = "Of the rules that vote for a listing only those of the highest priority count; "
		 "the votes of the others are kept." },
	{ .name = "whole",
	  .type = CONF_CHOICE,
	  .at = offsetof(struct conf_rule, whole),
	  .choices = conf_term_wholes,
	  .def = "by-script",
	  .doc = "Whether the rule's words are found only as whole words (true), also within "
		 "longer "
		 "ones (false), or as their letters say (by-script): Hangul anywhere, Latin "
		 "letters "
		 "and digits only as a whole word." },
	{ .name = "any",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, any),
	  .at_n = offsetof(struct conf_rule, n_any),
	  .part = &conf_term_part,
	  .doc = "At least one of these words or phrases is in the title, or one of the "
		 "expressions "
		 "and lists of the long form. Titles and words are compared in "
		 "their normal form (NFKC, lower case, marks as spaces)." },
	{ .name = "all",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, all),
	  .at_n = offsetof(struct conf_rule, n_all),
	  .part = &conf_term_part,
	  .doc = "All of these are in the title." },
	{ .name = "none",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, none),
	  .at_n = offsetof(struct conf_rule, n_none),
	  .part = &conf_term_part,
	  .doc = "None of these is in the title: what to except, as 교환 x (written 교환X or "
		 "교환 x) from exchange." },
	{ .name = "regex",
	  .type = CONF_PART,
	  .part = &conf_term_regex_part,
	  .doc = "A regular expression (PCRE2) that the title's normal form matches, or several, "
		 "all of which it matches." },
	{ .name = "written",
	  .type = CONF_PART,
	  .part = &conf_term_written_part,
	  .doc = "The same for the title as it is written, with its "
		 "marks; upper and lower case are the same." },
	{ .name = "price-min",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_rule, price_min),
	  .max = 1e15,
	  .doc = "The price is at least this, in whole units of its currency (won)." },
	{ .name = "price-max",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_rule, price_max),
	  .max = 1e15,
	  .doc = "The price is at most this." },
	{ .name = "source",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, source.v),
	  .at_n = offsetof(struct conf_rule, source.n),
	  .part = &source_part,
	  .doc = "The listing is from this source, or one of these." },
	{ .name = "category",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, category.v),
	  .at_n = offsetof(struct conf_rule, category.n),
	  .part = &texts_part,
	  .doc = "The source's own category; a trailing * stands for any ending. Here as below a "
		 "list is "
		 "of texts one of which it is." },
	{ .name = "category-path",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, path.v),
	  .at_n = offsetof(struct conf_rule, path.n),
	  .part = &texts_part,
	  .doc = "The source's own category with all above it, from the root down, as 남성의류 > "
		 "아우터 > *. "
		 "Levels are compared in normal form." },
	{ .name = "brand",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, brand.v),
	  .at_n = offsetof(struct conf_rule, brand.n),
	  .part = &texts_part,
	  .doc = "The brand that the site gives; a trailing * stands for any ending." },
	{ .name = "condition",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, condition.v),
	  .at_n = offsetof(struct conf_rule, condition.n),
	  .part = &texts_part,
	  .doc = "The condition that the site gives; a trailing * stands for any ending." },
	{ .name = NULL },
};

static void read_taxon(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct str code = conf_table_text(r, n, row->name);

	if (code.p)
		((struct conf_rule *)into)->taxon = conf_taxonomy_find(r, code, n->at);
}

static void read_flag(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into)
{
	struct str name = conf_table_text(r, n, row->name);
	struct conf_near near = { .wanted = name };
	enum listing_flag flag;
	char hint[128];

	if (!name.p)
		return;
	/* whether a page is rejected is no word's to say */
	if (listing_flag_parse(name, &flag) && flag != FLAG_REJECTED) {
		((struct conf_rule *)into)->flag = (int)flag;
		return;
	}
	for (int i = 0; i < FLAG_COUNT; i++)
		if (i != FLAG_REJECTED)
			conf_table_near(&near, str_of(listing_flags[i].name));
	conf_problem_add(r->problems, n->at, "no flag `%.60s`%s", name.p,
			 conf_table_hint(&near, hint));
}

static void read_text(struct conf_reader *r, const struct conf_node *n, void *into)
{
	*(struct str *)into = conf_table_text(r, n, n->key.p ? n->key.p : "text");
}

static void read_texts(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct str *texts;
	int count = 1;

	if (n->kind == NODE_LIST) {
		texts = conf_table_items(r, n, NODE_LIST, sizeof(*texts), read_text, &count);
	} else {
		texts = arena_array(r->a, 1, sizeof(*texts));
		*texts = conf_table_text(r, n, row->name);
	}
	conf_table_put_list(row, into, texts, count);
}

static void read_sources(struct conf_reader *r, const struct conf_row *row,
			 const struct conf_node *n, void *into)
{
	const struct conf_node *c = n->kind == NODE_LIST ? n->first : n;

	read_texts(r, row, n, into);
	for (; c; c = n->kind == NODE_LIST ? c->next : NULL)
		if (c->kind == NODE_SCALAR && c->text.n)
			conf_taxonomy_check_source(r, c->text, c->at);
}

static bool has_condition(const struct conf_node *n)
{
	/* `none` alone would hold for nearly every listing. */
	static const char *const keys[] = { "any",	     "all",	  "regex",    "written",
					    "price-min",     "price-max", "source",   "category",
					    "category-path", "brand",	  "condition" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (conf_yaml_child(n, keys[i]))
			return true;
	return false;
}

static void check_rule(struct conf_reader *r, const struct conf_node *n, const struct conf_rule *u)
{
	const struct conf_node *taxon = conf_yaml_child(n, "taxon");
	const struct conf_node *flag = conf_yaml_child(n, "flag");
	const struct conf_node *least = conf_yaml_child(n, "price-min");

	if (n->kind != NODE_MAP)
		return;
	if (!taxon == !flag)
		conf_problem_add(r->problems, n->key_at,
				 "rule `%.60s` has %s; it wants one of `taxon` and `flag`",
				 n->key.p, taxon ? "both" : "neither");
	if (!has_condition(n))
		conf_problem_add(r->problems, n->key_at,
				 "rule `%.60s` holds for every listing: it wants `any`, `all`, "
				 "`regex` or another condition",
				 n->key.p);
	if (least && u->price_max != LISTING_NO_PRICE && u->price_min > u->price_max)
		conf_problem_add(r->problems, least->at, "`price-min` is above `price-max`");
}

static void read_rule(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_rule *u = into;

	*u = (struct conf_rule){
		.name = n->key,
		.taxon = -1,
		.flag = -1,
		.price_min = LISTING_NO_PRICE,
		.price_max = LISTING_NO_PRICE,
		.at = n->key_at,
	};
	if (conf_table_name_wrong(n->key))
		conf_problem_add(r->problems, n->key_at, "rule `%.60s`: %s", n->key.p,
				 conf_table_name_wrong(n->key));
	if (str_is(n->key, "source-category"))
		conf_problem_add(r->problems, n->key_at,
				 "`source-category` names the votes of the mapping; call the rule "
				 "otherwise");
	conf_table_read(r, conf_rules_rule_rows, n, u);
	conf_term_settle(u);
	check_rule(r, n, u);
}

static void read_rules(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct file_rules *f = into;

	(void)row;
	f->rules = conf_table_items(r, n, NODE_MAP, sizeof(*f->rules), read_rule, &f->n);
}

static void append(struct conf_reader *r, const struct file_rules *f)
{
	struct conf_rules *all = &r->conf->rules;
	struct conf_rule *joined;

	if (f->n == 0)
		return;
	if (all->n_rules + f->n > CONF_RULES_MOST) {
		conf_problem_add(r->problems, f->rules[0].at, "more than %d rules",
				 CONF_RULES_MOST);
		return;
	}
	joined = arena_array(r->a, (size_t)all->n_rules + (size_t)f->n, sizeof(*joined));
	if (all->n_rules)
		memcpy(joined, all->rules, (size_t)all->n_rules * sizeof(*joined));
	memcpy(joined + all->n_rules, f->rules, (size_t)f->n * sizeof(*joined));
	for (int i = 0; i < f->n; i++)
		for (int k = 0; k < all->n_rules; k++)
			if (str_eq(f->rules[i].name, all->rules[k].name))
				conf_problem_add(r->problems, f->rules[i].at,
						 "rule `%.60s` stands in %.100s, line %d, too%s",
						 all->rules[k].name.p, all->rules[k].at.file,
						 all->rules[k].at.line,
						 r->alone ? "; a file takes the place of the one "
							    "that has its name, --all of all"
							  : "");
	all->rules = joined;
	all->n_rules += f->n;
}

static void append_lists(struct conf_reader *r, const struct file_rules *f)
{
	struct conf_rules *all = &r->conf->rules;
	struct conf_list *joined;

	if (f->n_lists == 0)
		return;
	joined = arena_array(r->a, (size_t)all->n_lists + (size_t)f->n_lists, sizeof(*joined));
	if (all->n_lists)
		memcpy(joined, all->lists, (size_t)all->n_lists * sizeof(*joined));
	memcpy(joined + all->n_lists, f->lists, (size_t)f->n_lists * sizeof(*joined));
	all->lists = joined;
	all->n_lists += f->n_lists;
}

static uint64_t terms_version(uint64_t v, const struct conf_term *t, int n)
{
	v = hash64_join(v, (uint64_t)n);
	for (int i = 0; i < n; i++)
		v = hash64_join(hash64(t[i].text, v), (uint64_t)t[i].kind << 8 | t[i].whole);
	return v;
}

static uint64_t texts_version(uint64_t v, const struct conf_texts *t)
{
	v = hash64_join(v, (uint64_t)t->n);
	for (int i = 0; i < t->n; i++)
		v = hash64(t->v[i], v);
	return v;
}

static uint64_t rule_version(uint64_t v, const struct conf *c, const struct conf_rule *u)
{
	uint64_t precision;

	memcpy(&precision, &u->precision, sizeof(precision));
	v = hash64(u->name, v);
	v = hash64(u->taxon >= 0 ? c->taxonomy.taxa[u->taxon].code : STR(""), v);
	v = hash64_join(v, (uint64_t)u->flag + 1);
	v = hash64_join(v, precision);
	v = hash64_join(hash64(u->family, v), (uint64_t)u->priority);
	v = terms_version(v, u->any, u->n_any);
	v = terms_version(v, u->all, u->n_all);
	v = terms_version(v, u->none, u->n_none);
	v = hash64_join(v, (uint64_t)u->price_min);
	v = hash64_join(v, (uint64_t)u->price_max);
	v = texts_version(v, &u->source);
	v = texts_version(v, &u->category);
	v = texts_version(v, &u->path);
	v = texts_version(v, &u->brand);
	return texts_version(v, &u->condition);
}

static uint64_t version_of(const struct conf *c)
{
	uint64_t v = 0;

	for (int i = 0; i < c->rules.n_rules; i++)
		v = rule_version(v, c, &c->rules.rules[i]);
	for (int i = 0; i < c->rules.n_lists; i++) {
		const struct conf_list *l = &c->rules.lists[i];

		v = terms_version(hash64(l->name, v), l->words, l->n);
	}
	return v;
}

static void read_root(struct conf_reader *r, const struct conf_node *root)
{
	struct file_rules found = { 0 };

	conf_table_read(r, conf_rules_rows, root, &found);
	if (root->kind == NODE_MAP && !conf_yaml_child(root, "rules") &&
	    !conf_yaml_child(root, "lists"))
		conf_problem_add(r->problems, root->at, "key `rules` is missing");
	append(r, &found);
	append_lists(r, &found);
}

static void finish(struct conf_reader *r)
{
	conf_term_check_lists(r);
	if (r->problems->n == 0)
		r->conf->rules.version = version_of(r->conf);
}

void conf_rules_read(struct conf_reader *r)
{
	struct conf *c = r->conf;

	for (int i = 0; i < c->n_rules_files; i++) {
		const struct conf_file *file = &c->rules_files[i];
		const struct conf_node *root;

		r->file = file->path.p;
		r->folder = conf_path_folder(r->a, conf_path_absolute(r->a, file->path));
		root = conf_path_read(r, r->file, file->at);
		if (root)
			read_root(r, root);
	}
	finish(r);
}

static struct str last_part(struct str path)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;

	return slash ? str_sub(path, (size_t)(slash + 1 - path.p), path.n) : path;
}

static bool is_rules(const struct conf_text *t)
{
	return str_ends(t->name, STR(".yaml")) || str_ends(t->name, STR(".yml"));
}

static bool replaced(const struct conf_reader *r, struct conf_at at)
{
	for (int i = 0; i < r->n_texts; i++)
		if (is_rules(&r->texts[i]) &&
		    str_eq(last_part(r->texts[i].name), last_part(str_of(at.file))))
			return true;
	return false;
}

/* Those of other files; what their words are borrowed from outlives all of it. */
static void keep_others(struct conf_reader *r, const struct conf_rules *others)
{
	struct file_rules kept = {
		.rules = arena_array(r->a, (size_t)others->n_rules + 1, sizeof(*kept.rules)),
		.lists = arena_array(r->a, (size_t)others->n_lists + 1, sizeof(*kept.lists)),
	};

	for (int i = 0; i < others->n_rules; i++)
		if (!replaced(r, others->rules[i].at))
			kept.rules[kept.n++] = others->rules[i];
	for (int i = 0; i < others->n_lists; i++)
		if (!replaced(r, others->lists[i].at))
			kept.lists[kept.n_lists++] = others->lists[i];
	append(r, &kept);
	append_lists(r, &kept);
}

void conf_rules_read_texts(struct conf_reader *r, const struct conf_rules *others)
{
	if (others)
		keep_others(r, others);
	for (int i = 0; i < r->n_texts; i++) {
		struct conf_node *root = NULL;

		if (!is_rules(&r->texts[i]))
			continue;
		r->file = arena_str(r->a, r->texts[i].name).p;
		if (!conf_yaml_parse(r->texts[i].text, r->file, r->a, r->problems, &root))
			read_root(r, root);
	}
	finish(r);
}
