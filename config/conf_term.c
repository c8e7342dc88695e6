#include "config/conf_term.h"

#include "base/normal.h"
#include "base/regex.h"
#include "base/utf8.h"
#include "config/conf_path.h"

#include <string.h>

#define FILE_BYTES (16 << 20)

static void read_terms(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);
static void read_regex(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);
static void read_written(struct conf_reader *r, const struct conf_row *row,
			 const struct conf_node *n, void *into);
static void read_lists(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);

const struct conf_part conf_term_part = { .what = "a list of words", .read = read_terms };
const struct conf_part conf_term_regex_part = {
	.what = "a regular expression or a list of them",
	.read = read_regex,
};
const struct conf_part conf_term_written_part = {
	.what = "a regular expression or a list of them",
	.read = read_written,
};
const struct conf_part conf_term_lists_part = {
	.what = "a map of lists by name",
	.read = read_lists,
};

const char *const conf_term_wholes[] = { [CONF_WHOLE_BY_SCRIPT] = "by-script",
					 [CONF_WHOLE_YES] = "true",
					 [CONF_WHOLE_NO] = "false",
					 [CONF_WHOLE_UNSAID] = NULL };

/* The long form of a term. */
struct form {
	struct str word, regex, written, list;
	enum conf_whole whole;
};

const struct conf_row conf_term_rows[] = {
	{ .name = "word",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, word),
	  .doc = "A word or phrase, as a bare text is." },
	{ .name = "regex",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, regex),
	  .doc = "A regular expression (PCRE2) that the title's normal form matches." },
	{ .name = "written",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, written),
	  .doc = "A regular expression (PCRE2) that the title matches as it is written." },
	{ .name = "list",
	  .type = CONF_TEXT,
	  .at = offsetof(struct form, list),
	  .doc = "The name of a lookup list: it stands where one of its words does." },
	{ .name = "whole",
	  .type = CONF_CHOICE,
	  .at = offsetof(struct form, whole),
	  .choices = conf_term_wholes,
	  .doc = "With word: whether it is found only as a whole word (true), also within a longer "
		 "one (false), or as its letters say (by-script). As the rule says otherwise." },
	{ .name = NULL },
};

/* The long form of a list. */
struct list_form {
	struct conf_term *words;
	int n;
	struct str file;
	enum conf_whole whole;
};

const struct conf_row conf_term_list_rows[] = {
	{ .name = "words",
	  .type = CONF_PART,
	  .at = offsetof(struct list_form, words),
	  .at_n = offsetof(struct list_form, n),
	  .part = &conf_term_part,
	  .doc = "Words and phrases, as in a rule." },
	{ .name = "file",
	  .type = CONF_TEXT,
	  .at = offsetof(struct list_form, file),
	  .doc = "A text file with a word on each line, beside this file unless the path says "
		 "otherwise; empty lines and those that start with # are left out." },
	{ .name = "whole",
	  .type = CONF_CHOICE,
	  .at = offsetof(struct list_form, whole),
	  .choices = conf_term_wholes,
	  .def = "by-script",
	  .doc = "How its words are found, as in a rule." },
	{ .name = NULL },
};

static bool word_term(struct conf_reader *r, struct str s, struct conf_at at, struct conf_term *t)
{
	t->text = normal_str(r->a, s);
	if (t->text.n == 0)
		conf_problem_add(r->problems, at, "nothing is left of `%.60s` in normal form", s.p);
	return t->text.n > 0;
}

static void check_regex(struct conf_reader *r, const struct conf_term *t)
{
	struct reason why;

	if (t->text.p && regex_check(t->text, &why))
		conf_problem_add(r->problems, t->at, "no regular expression: %s: `%.120s`",
				 why.text, t->text.p);
}

static void form_term(struct conf_reader *r, const struct conf_node *n, struct conf_term *t)
{
	struct form f = { .whole = CONF_WHOLE_UNSAID };
	const struct {
		const char *key;
		struct str *text;
		enum conf_term_kind kind;
	} kinds[] = { { "word", &f.word, CONF_TERM_WORD },
		      { "regex", &f.regex, CONF_TERM_REGEX },
		      { "written", &f.written, CONF_TERM_WRITTEN },
		      { "list", &f.list, CONF_TERM_LIST } };
	int said = 0;

	conf_table_read(r, conf_term_rows, n, &f);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct conf_node *c = conf_yaml_child(n, kinds[i].key);

		if (!c)
			continue;
		said++;
		t->at = c->at;
		t->kind = kinds[i].kind;
		t->text = *kinds[i].text;
	}
	if (said != 1) {
		conf_problem_add(r->problems, n->at,
				 "one of `word`, `regex`, `written` and `list` belongs here");
		return;
	}
	t->whole = f.whole;
	if (f.whole != CONF_WHOLE_UNSAID && t->kind != CONF_TERM_WORD)
		conf_problem_add(r->problems, conf_yaml_child(n, "whole")->at,
				 "`whole` goes with `word`; an expression says \\b or ( |$)");
	if (t->kind == CONF_TERM_WORD && t->text.p)
		(void)word_term(r, t->text, t->at, t);
	if (t->kind == CONF_TERM_REGEX || t->kind == CONF_TERM_WRITTEN)
		check_regex(r, t);
}

static void read_term(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_term *t = into;
	struct str s;

	*t = (struct conf_term){ .kind = CONF_TERM_WORD, .whole = CONF_WHOLE_UNSAID, .at = n->at };
	if (n->kind == NODE_MAP) {
		form_term(r, n, t);
		return;
	}
	s = conf_table_text(r, n, "word");
	if (s.p)
		(void)word_term(r, s, n->at, t);
}

static void read_terms(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct conf_term *terms;
	int count;

	if (n->kind != NODE_LIST) {
		conf_problem_add(r->problems, n->at, "`%s` wants %s, not %s", row->name,
				 row->part->what, conf_yaml_kind(n));
		return;
	}
	terms = conf_table_items(r, n, NODE_LIST, sizeof(*terms), read_term, &count);
	conf_table_put_list(row, into, terms, count);
}

static void append(struct conf_reader *r, struct conf_term **all, int *n, const struct conf_term *t,
		   int more)
{
	struct conf_term *joined = arena_array(r->a, (size_t)*n + (size_t)more, sizeof(*joined));

	if (more == 0)
		return;
	if (*n)
		memcpy(joined, *all, (size_t)*n * sizeof(*joined));
	memcpy(joined + *n, t, (size_t)more * sizeof(*joined));
	*all = joined;
	*n += more;
}

static void add_expression(struct conf_reader *r, const struct conf_row *row,
			   const struct conf_node *n, struct conf_rule *rule,
			   enum conf_term_kind kind)
{
	struct conf_term t = { .kind = kind, .at = n->at };

	t.text = conf_table_text(r, n, row->name);
	check_regex(r, &t);
	if (t.text.p)
		append(r, &rule->all, &rule->n_all, &t, 1);
}

static void add_expressions(struct conf_reader *r, const struct conf_row *row,
			    const struct conf_node *n, struct conf_rule *rule,
			    enum conf_term_kind kind)
{
	if (n->kind != NODE_LIST) {
		add_expression(r, row, n, rule, kind);
		return;
	}
	for (const struct conf_node *c = n->first; c; c = c->next)
		add_expression(r, row, c, rule, kind);
}

static void read_regex(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	add_expressions(r, row, n, into, CONF_TERM_REGEX);
}

static void read_written(struct conf_reader *r, const struct conf_row *row,
			 const struct conf_node *n, void *into)
{
	add_expressions(r, row, n, into, CONF_TERM_WRITTEN);
}

/* ---- lists ---- */

static void read_lines(struct conf_reader *r, struct str text, const char *file,
		       struct conf_list *l)
{
	struct conf_at at = { .file = file, .line = 0, .column = 1 };
	struct str rest = text, line;
	struct conf_term *words;
	int most = 1, n = 0;

	for (size_t i = 0; i < text.n; i++)
		most += text.p[i] == '\n';
	words = arena_array(r->a, (size_t)most, sizeof(*words));
	while (str_next(&rest, '\n', &line)) {
		at.line++;
		line = str_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		if (!utf8_valid(line) || str_find_char(line, 0) >= 0) {
			conf_problem_add(r->problems, at, "a word is UTF-8 text");
			continue;
		}
		words[n] = (struct conf_term){ .whole = CONF_WHOLE_UNSAID, .at = at };
		if (word_term(r, arena_str(r->a, line), at, &words[n]))
			n++;
	}
	append(r, &l->words, &l->n, words, n);
}

static bool sent_along(struct conf_reader *r, const struct conf_node *n, struct str name,
		       struct conf_list *l)
{
	for (int i = 0; i < r->n_texts; i++) {
		if (str_eq(r->texts[i].name, name)) {
			read_lines(r, r->texts[i].text, arena_str(r->a, name).p, l);
			return true;
		}
	}
	conf_problem_add(r->problems, n->at,
			 "the words of `%.60s` were not sent along: add --with %.60s", name.p,
			 name.p);
	return false;
}

static void read_file(struct conf_reader *r, const struct conf_node *n, struct str name,
		      struct conf_list *l)
{
	struct str text, path;
	struct buf b;

	if (r->alone) {
		(void)sent_along(r, n, name, l);
		return;
	}
	buf_init(&b, FILE_BYTES);
	text = conf_path_text(r, name, n->at, &b, &path);
	if (text.p)
		read_lines(r, text, path.p, l);
	buf_done(&b);
}

static void settle(struct conf_term *terms, int n, enum conf_whole whole)
{
	for (int i = 0; i < n; i++)
		if (terms[i].whole == CONF_WHOLE_UNSAID)
			terms[i].whole = whole;
}

static void only_words(struct conf_reader *r, const struct conf_list *l)
{
	for (int i = 0; i < l->n; i++)
		if (l->words[i].kind != CONF_TERM_WORD)
			conf_problem_add(r->problems, l->words[i].at,
					 "a lookup list holds words; expressions belong to a rule");
}

static void read_list(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct list_form f = { .whole = CONF_WHOLE_BY_SCRIPT };
	struct conf_list *l = into;

	*l = (struct conf_list){ .name = n->key, .at = n->key_at };
	if (conf_table_name_wrong(n->key))
		conf_problem_add(r->problems, n->key_at, "list `%.60s`: %s", n->key.p,
				 conf_table_name_wrong(n->key));
	if (n->kind == NODE_MAP) {
		conf_table_read(r, conf_term_list_rows, n, &f);
		l->words = f.words;
		l->n = f.n;
		if (f.file.p)
			read_file(r, conf_yaml_child(n, "file"), f.file, l);
	} else {
		l->words = conf_table_items(r, n, NODE_LIST, sizeof(*l->words), read_term, &l->n);
	}
	if (l->n == 0)
		conf_problem_add(r->problems, n->key_at, "list `%.60s` has no word", n->key.p);
	if (l->n > CONF_LIST_MOST)
		conf_problem_add(r->problems, n->key_at, "more than %d words", CONF_LIST_MOST);
	settle(l->words, l->n, f.whole);
	only_words(r, l);
}

static void read_lists(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct conf_list *lists;
	int count;

	lists = conf_table_items(r, n, NODE_MAP, sizeof(*lists), read_list, &count);
	conf_table_put_list(row, into, lists, count);
}

/* ---- what is known once all is read ---- */

void conf_term_settle(struct conf_rule *rule)
{
	settle(rule->any, rule->n_any, rule->whole);
	settle(rule->all, rule->n_all, rule->whole);
	settle(rule->none, rule->n_none, rule->whole);
}

static void check_terms(struct conf_reader *r, const struct conf_term *terms, int n)
{
	const struct conf_rules *all = &r->conf->rules;
	char hint[128];

	for (int i = 0; i < n; i++) {
		struct conf_near near = { .wanted = terms[i].text };

		if (terms[i].kind != CONF_TERM_LIST || !terms[i].text.p ||
		    conf_list(all, terms[i].text) >= 0)
			continue;
		for (int k = 0; k < all->n_lists; k++)
			conf_table_near(&near, all->lists[k].name);
		conf_problem_add(r->problems, terms[i].at, "no list `%.60s`%s", terms[i].text.p,
				 conf_table_hint(&near, hint));
	}
}

void conf_term_check_lists(struct conf_reader *r)
{
	const struct conf_rules *all = &r->conf->rules;

	for (int i = 0; i < all->n_rules; i++) {
		const struct conf_rule *u = &all->rules[i];

		check_terms(r, u->any, u->n_any);
		check_terms(r, u->all, u->n_all);
		check_terms(r, u->none, u->n_none);
	}
	for (int i = 0; i < all->n_lists; i++) {
		int first = conf_list(all, all->lists[i].name);

		if (first < i)
			conf_problem_add(r->problems, all->lists[i].at,
					 "list `%.60s` stands in %.100s, line %d, too",
					 all->lists[i].name.p, all->lists[first].at.file,
					 all->lists[first].at.line);
	}
}
