#include "config/conf_rules.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/normal.h"
#include "config/conf_path.h"
#include "config/conf_taxonomy.h"

#include <string.h>

static void read_taxon(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);
static void read_flag(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into);
static void read_words(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);
static void read_source(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into);
static void read_rules(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);

static const struct conf_part taxon_part = { .what = "a category's code", .read = read_taxon };
static const struct conf_part flag_part = { .what = "a flag's name", .read = read_flag };
static const struct conf_part words_part = { .what = "a list of words", .read = read_words };
static const struct conf_part source_part = { .what = "a source's name", .read = read_source };
static const struct conf_part rules_part = { .what = "a map of rules by name", .read = read_rules };

/* All rules of one file. */
struct file_rules {
	struct conf_rule *rules;
	int n;
};

const struct conf_row conf_rules_rows[] = {
	{ .name = "rules",
	  .type = CONF_PART,
	  .at = offsetof(struct file_rules, rules),
	  .required = true,
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
	{ .name = "any",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, any),
	  .at_n = offsetof(struct conf_rule, n_any),
	  .part = &words_part,
	  .doc = "At least one of these words is in the title. Titles and words are compared in "
		 "their normal form (NFKC, lower case, marks as spaces). A word with Hangul is "
		 "found "
		 "anywhere, also within a longer word; a word of Latin letters or digits only as a "
		 "whole word." },
	{ .name = "all",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, all),
	  .at_n = offsetof(struct conf_rule, n_all),
	  .part = &words_part,
	  .doc = "All of these words are in the title." },
	{ .name = "none",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_rule, none),
	  .at_n = offsetof(struct conf_rule, n_none),
	  .part = &words_part,
	  .doc = "None of these words is in the title: what to except, as 교환 x (written 교환X or "
		 "교환 x) from exchange." },
	{ .name = "regex",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_rule, regex),
	  .doc = "A regular expression (PCRE2) that the title's normal form matches." },
	{ .name = "written",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_rule, written),
	  .doc = "A regular expression (PCRE2) that the title matches as it is written, with its "
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
	  .at = offsetof(struct conf_rule, source),
	  .part = &source_part,
	  .doc = "The listing is from this source." },
	{ .name = "category",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_rule, category),
	  .doc = "The source's own category; a trailing * stands for any ending." },
	{ .name = "brand",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_rule, brand),
	  .doc = "The brand that the site gives; a trailing * stands for any ending." },
	{ .name = "condition",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_rule, condition),
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

static void read_word(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct str s = conf_table_text(r, n, "word"), *word = into;

	if (!s.p)
		return;
	*word = normal_str(r->a, s);
	if (word->n == 0)
		conf_problem_add(r->problems, n->at, "nothing is left of `%.60s` in normal form",
				 s.p);
}

static void read_words(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct str *words;
	int count;

	if (n->kind != NODE_LIST) {
		conf_problem_add(r->problems, n->at, "`%s` wants %s, not %s", row->name,
				 row->part->what, conf_yaml_kind(n));
		return;
	}
	words = conf_table_items(r, n, NODE_LIST, sizeof(*words), read_word, &count);
	conf_table_put_list(row, into, words, count);
}

static void read_source(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into)
{
	struct str name = conf_table_text(r, n, row->name);

	if (!name.p)
		return;
	conf_taxonomy_check_source(r, name, n->at);
	((struct conf_rule *)into)->source = name;
}

static bool has_condition(const struct conf_node *n)
{
	/* `none` alone would hold for nearly every listing. */
	static const char *const keys[] = { "any",	 "all",	      "regex",	"written",
					    "price-min", "price-max", "source", "category",
					    "brand",	 "condition" };

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
						 "rule `%.60s` stands in %.100s, line %d, too",
						 all->rules[k].name.p, all->rules[k].at.file,
						 all->rules[k].at.line);
	all->rules = joined;
	all->n_rules += f->n;
}

static uint64_t words_version(uint64_t v, const struct str *words, int n)
{
	v = hash64_join(v, (uint64_t)n);
	for (int i = 0; i < n; i++)
		v = hash64(words[i], v);
	return v;
}

static uint64_t version_of(const struct conf *c)
{
	uint64_t v = 0;

	for (int i = 0; i < c->rules.n_rules; i++) {
		const struct conf_rule *u = &c->rules.rules[i];
		uint64_t precision;

		memcpy(&precision, &u->precision, sizeof(precision));
		v = hash64(u->name, v);
		v = hash64(u->taxon >= 0 ? c->taxonomy.taxa[u->taxon].code : STR(""), v);
		v = hash64_join(v, (uint64_t)u->flag + 1);
		v = hash64_join(v, precision);
		v = hash64_join(hash64(u->family, v), (uint64_t)u->priority);
		v = words_version(v, u->any, u->n_any);
		v = words_version(v, u->all, u->n_all);
		v = words_version(v, u->none, u->n_none);
		v = hash64_join(v, (uint64_t)u->price_min);
		v = hash64_join(v, (uint64_t)u->price_max);
		v = hash64(u->source, hash64(u->regex, v));
		v = hash64(u->written, v);
		v = hash64(u->category, v);
		v = hash64(u->condition, hash64(u->brand, v));
	}
	return v;
}

void conf_rules_read(struct conf_reader *r)
{
	struct conf *c = r->conf;

	for (int i = 0; i < c->n_rules_files; i++) {
		const struct conf_file *file = &c->rules_files[i];
		struct file_rules found = { 0 };
		const struct conf_node *root;

		r->file = file->path.p;
		r->folder = conf_path_folder(r->a, conf_path_absolute(r->a, file->path));
		root = conf_path_read(r, r->file, file->at);
		if (!root)
			continue;
		conf_table_read(r, conf_rules_rows, root, &found);
		append(r, &found);
	}
	c->rules.version = version_of(c);
}
