#include "config/conf_words.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/normal.h"
#include "config/conf_path.h"

#include <stdlib.h>
#include <string.h>

static void read_kind(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into);

static const struct conf_part kind_part = {
	.what = "a map of values, each a list of words",
	.read = read_kind,
};

static const char *const yes_no[] = { "true", "false", NULL };
static const char *const conditions[] = { "new", "like-new", "good", "used", "damaged", NULL };
static const char *const shippings[] = { "included", "separate", NULL };
static const char *const statuses[] = { "sold", "reserved", NULL };
static const char *const nothing[] = { "none", NULL };

#define KIND(key, values, text)                                                                    \
	{                                                                                          \
		.name = (key), .type = CONF_PART, .part = &kind_part, .choices = (values),         \
		.doc = (text)                                                                      \
	}

const struct conf_row conf_words_rows[] = {
	[CONF_WORD_BRAND] =
		KIND("brand", NULL,
		     "Brands: names of your own and how titles write them. A word that "
		     "starts with = only counts where it stands by itself, any other "
		     "also within a longer word of Hangul. Of words of one kind that lie "
		     "in each other the longest counts. Titles and words are compared in "
		     "normal form."),
	[CONF_WORD_MODEL] = KIND("model", NULL, "Models, likewise."),
	[CONF_WORD_SIZE] = KIND("size", NULL,
				"Sizes that are words. Those of letters and numbers are found "
				"without: XS to 4XL, 85 to 115, 44 to 56 at either end, 220 to 300 "
				"mm, inches, W32 L34, "
				"US, UK and EU sizes."),
	[CONF_WORD_STORAGE] =
		KIND("storage", NULL, "Storage that is a word; 128GB or 1TB are found without."),
	[CONF_WORD_CONDITION] =
		KIND("condition", conditions,
		     "How worn: new, like-new, good, used or damaged. Where a title "
		     "has several, the first in the files counts; so it is with "
		     "every kind below."),
	[CONF_WORD_SHIPPING] =
		KIND("shipping", shippings, "Whether the price has it: included or separate."),
	[CONF_WORD_NEGOTIABLE] = KIND("negotiable", yes_no, "true or false."),
	[CONF_WORD_URGENT] = KIND("urgent", yes_no, "true or false: wants to sell soon."),
	[CONF_WORD_DIRECT] = KIND("direct", yes_no, "true or false: handed over in person."),
	[CONF_WORD_STATUS] = KIND("status", statuses, "sold or reserved, as the title says."),
	[CONF_WORD_AUTHENTIC] = KIND("authentic", yes_no, "true or false, as the seller says."),
	[CONF_WORD_SAFE] = KIND("safe-payment", yes_no, "true or false: escrow."),
	[CONF_WORD_IGNORE] =
		KIND("ignore", nothing,
		     "none: what looks like a word or size of any kind and is not; hides "
		     "what lies in it."),
	[CONF_WORD_KINDS] = { .name = NULL },
};

/* All words of one file. */
struct file_words {
	struct conf_word *words;
	int n;
};

/* The values of a kind that are being read. */
struct value {
	const struct conf_node *node;
	struct conf_word *words;
	int n;
};

static bool value_right(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n)
{
	struct conf_near near = { .wanted = n->key };
	const char *wrong = row->choices ? NULL : conf_table_name_wrong(n->key);
	char hint[128];

	for (int i = 0; row->choices && row->choices[i]; i++) {
		if (str_is(n->key, row->choices[i]))
			return true;
		conf_table_near(&near, str_of(row->choices[i]));
	}
	if (row->choices)
		conf_problem_add(r->problems, n->key_at, "`%s` has no value `%.60s`%s", row->name,
				 n->key.p, conf_table_hint(&near, hint));
	else if (wrong)
		conf_problem_add(r->problems, n->key_at, "%s `%.60s`: %s", row->name, n->key.p,
				 wrong);
	return !row->choices && !wrong;
}

static void read_word(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct str s = conf_table_text(r, n, "word");
	struct conf_word *w = into;

	if (!s.p)
		return;
	*w = (struct conf_word){ .whole = s.p[0] == '=', .at = n->at };
	w->text = normal_str(r->a, str_sub(s, w->whole, s.n));
	if (w->text.n == 0)
		conf_problem_add(r->problems, n->at, "nothing is left of `%.60s` in normal form",
				 s.p);
}

static void append(struct conf_reader *r, struct file_words *f, const struct conf_word *w, int n)
{
	struct conf_word *joined;

	if (n == 0)
		return;
	joined = arena_array(r->a, (size_t)f->n + (size_t)n, sizeof(*joined));
	if (f->n)
		memcpy(joined, f->words, (size_t)f->n * sizeof(*joined));
	memcpy(joined + f->n, w, (size_t)n * sizeof(*joined));
	f->words = joined;
	f->n += n;
}

static void read_kind(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		      void *into)
{
	struct file_words *f = into;
	struct conf_word *words;
	int total = 0, got;

	if (n->kind != NODE_MAP) {
		conf_problem_add(r->problems, n->at, "`%s` wants %s, not %s", row->name,
				 row->part->what, conf_yaml_kind(n));
		return;
	}
	for (const struct conf_node *c = n->first; c; c = c->next)
		total += c->n;
	words = arena_array(r->a, (size_t)total + 1, sizeof(*words));
	total = 0;
	for (const struct conf_node *c = n->first; c; c = c->next) {
		struct conf_word *w =
			conf_table_items(r, c, NODE_LIST, sizeof(*w), read_word, &got);
		bool right = value_right(r, row, c);

		for (int i = 0; right && i < got; i++) {
			w[i].kind = (enum conf_word_kind)(row - conf_words_rows);
			w[i].value = c->key;
			words[total++] = w[i];
		}
	}
	append(r, f, words, total);
}

static int by_text(const void *a, const void *b)
{
	const struct conf_word *x = a, *y = b;
	int order = str_cmp(x->text, y->text);

	return order ? order : x->rank - y->rank;
}

static void twice(struct conf_reader *r, const struct conf_word *first, const struct conf_word *w)
{
	if (first->kind == w->kind && first->whole == w->whole && str_eq(first->value, w->value))
		return; /* two spellings with one normal form */
	conf_problem_add(r->problems, w->at, "word `%.60s` stands in %.100s, line %d, too",
			 w->text.p, first->at.file, first->at.line);
}

/* Leaves each text once, sorted by text. */
static void unite(struct conf_reader *r, struct conf_words *all)
{
	int n = 0;

	qsort(all->words, (size_t)all->n_words, sizeof(*all->words), by_text);
	for (int i = 0; i < all->n_words; i++) {
		if (n && str_eq(all->words[n - 1].text, all->words[i].text))
			twice(r, &all->words[n - 1], &all->words[i]);
		else
			all->words[n++] = all->words[i];
	}
	all->n_words = n;
}

static uint64_t version_of(const struct conf_words *all)
{
	uint64_t v = 0;

	for (int i = 0; i < all->n_words; i++) {
		const struct conf_word *w = &all->words[i];

		v = hash64(w->value, hash64(w->text, v));
		v = hash64_join(v, (uint64_t)w->kind << 32 | (uint64_t)w->rank << 1 | w->whole);
	}
	return v;
}

void conf_words_read(struct conf_reader *r)
{
	struct conf *c = r->conf;
	struct file_words all = { .n = 0 };

	for (int i = 0; i < c->n_words_files; i++) {
		const struct conf_file *file = &c->words_files[i];
		struct file_words found = { .n = 0 };
		const struct conf_node *root;

		r->file = file->path.p;
		r->folder = conf_path_folder(r->a, conf_path_absolute(r->a, file->path));
		root = conf_path_read(r, r->file, file->at);
		if (!root)
			continue;
		conf_table_read(r, conf_words_rows, root, &found);
		if (all.n + found.n > CONF_WORDS_MOST)
			conf_problem_add(r->problems, found.words[0].at, "more than %d words",
					 CONF_WORDS_MOST);
		else
			append(r, &all, found.words, found.n);
	}
	for (int i = 0; i < all.n; i++)
		all.words[i].rank = i;
	if (all.n && r->problems->n == 0) {
		c->words = (struct conf_words){ .words = all.words, .n_words = all.n };
		unite(r, &c->words);
		c->words.version = version_of(&c->words);
	}
}
