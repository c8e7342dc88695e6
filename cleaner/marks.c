#include "cleaner/marks.h"

#include "base/json.h"
#include "base/match.h"
#include "base/mem.h"
#include "cleaner/size.h"
#include "config/conf_words.h"

#include <string.h>

struct marks {
	const struct conf_words *conf;
	struct match *match;
};

/* What was found of one kind. */
struct kind {
	struct str values[MARKS_MOST_VALUES];
	int n;
	int rank; /* of the one value, where there is but one */
};

struct found {
	struct kind kinds[CONF_WORD_KINDS];
	bool any;
};

struct marks *marks_new(const struct conf_words *conf)
{
	struct marks *m = mem_zero(sizeof(*m));
	struct match_word *words = mem_array((size_t)conf->n_words + 1, sizeof(*words));

	for (int i = 0; i < conf->n_words; i++) {
		const struct conf_word *w = &conf->words[i];

		/* What is to be ignored hides words of every kind. */
		words[i] = (struct match_word){
			.text = w->text,
			.whole = w->whole,
			.group = w->kind == CONF_WORD_IGNORE ? 0 : (int)w->kind + 1,
		};
	}
	m->conf = conf;
	m->match = match_new(words, conf->n_words);
	mem_free(words);
	return m;
}

void marks_free(struct marks *m)
{
	if (!m)
		return;
	match_free(m->match);
	mem_free(m);
}

uint64_t marks_version(const struct marks *m)
{
	return m->conf->version;
}

static void add(struct found *f, enum conf_word_kind kind, struct str value, int rank)
{
	struct kind *k = &f->kinds[kind];

	f->any = true;
	if (conf_words_rows[kind].choices) {
		if (k->n == 0 || rank < k->rank) {
			k->values[0] = value;
			k->rank = rank;
		}
		k->n = 1;
		return;
	}
	for (int i = 0; i < k->n; i++)
		if (str_eq(k->values[i], value))
			return;
	if (k->n < MARKS_MOST_VALUES)
		k->values[k->n++] = value;
}

static void add_words(const struct marks *m, const struct match_hit *hits, int n, struct found *f)
{
	for (int i = 0; i < n; i++) {
		const struct conf_word *w = &m->conf->words[hits[i].word];

		if (w->kind != CONF_WORD_IGNORE)
			add(f, w->kind, w->value, w->rank);
	}
}

/* Tokens of words that are known are no sizes. */
static void take(struct size_tokens *t, struct str title, const struct match_hit *hits, int n)
{
	for (int i = 0; i < t->n; i++) {
		size_t start = (size_t)(t->at[i].text.p - title.p), end = start + t->at[i].text.n;

		for (int k = 0; k < n && !t->at[i].taken; k++)
			t->at[i].taken = hits[k].start < end && start < hits[k].end;
	}
}

static void add_sizes(const struct size_tokens *t, struct found *f, struct arena *a)
{
	struct size_found s;

	for (int i = 0; i < t->n;) {
		if (!size_read(t, i, &s)) {
			i++;
			continue;
		}
		add(f, s.storage ? CONF_WORD_STORAGE : CONF_WORD_SIZE, arena_text(a, s.text), 0);
		i += s.tokens;
	}
}

static void print_kind(struct json *j, const struct kind *k, const struct conf_row *row)
{
	if (k->n == 0)
		return;
	if (!row->choices) {
		json_array(j, row->name);
		for (int i = 0; i < k->n; i++)
			json_str(j, NULL, k->values[i]);
		json_end_array(j);
	} else if (str_is(k->values[0], "true") || str_is(k->values[0], "false")) {
		json_bool(j, row->name, str_is(k->values[0], "true"));
	} else {
		json_str(j, row->name, k->values[0]);
	}
}

static struct str print(const struct found *f, struct arena *a)
{
	struct json j;
	struct buf b;
	struct str s;

	buf_init(&b, 64 << 10);
	json_init(&j, &b);
	json_object(&j, NULL);
	for (int i = 0; i < CONF_WORD_IGNORE; i++)
		print_kind(&j, &f->kinds[i], &conf_words_rows[i]);
	json_end_object(&j);
	s = arena_str(a, buf_str(&b));
	buf_done(&b);
	return s;
}

/* What says something of the offer, not of the thing. */
static bool is_offer(enum conf_word_kind kind)
{
	return kind >= CONF_WORD_CONDITION && kind < CONF_WORD_IGNORE;
}

static bool whole(struct str title, const struct match_hit *h)
{
	return (h->start == 0 || title.p[h->start - 1] == ' ') &&
	       (h->end == title.n || title.p[h->end] == ' ');
}

/* Writes the title without such words to `to`; returns how long it is then. */
static size_t without(const struct marks *m, struct str title, char *to)
{
	struct match_hit hits[MARKS_MOST_HITS];
	int n_hits = match_longest(m->match, title, hits, MARKS_MOST_HITS);
	struct str rest = { to, title.n }, word;
	size_t n = 0;

	memcpy(to, title.p, title.n);
	for (int i = 0; i < n_hits; i++)
		if (is_offer(m->conf->words[hits[i].word].kind) && whole(title, &hits[i]))
			memset(to + hits[i].start, ' ', hits[i].end - hits[i].start);
	while (str_next(&rest, ' ', &word)) {
		if (!word.n)
			continue;
		if (n)
			to[n++] = ' ';
		memmove(to + n, word.p, word.n);
		n += word.n;
	}
	return n;
}

struct str marks_core(const struct marks *m, struct str title, struct arena *a)
{
	char *text = arena_alloc(a, title.n + 1);
	size_t n = title.n ? without(m, title, text) : 0;

	return n < title.n ? (struct str){ text, n } : STR("");
}

struct str marks_find(const struct marks *m, struct str title, struct arena *a)
{
	struct match_hit hits[MARKS_MOST_HITS];
	struct found f = { .any = false };
	struct size_tokens t;
	int n = match_longest(m->match, title, hits, MARKS_MOST_HITS);

	size_split(title, &t);
	take(&t, title, hits, n);
	add_words(m, hits, n, &f);
	add_sizes(&t, &f, a);
	return f.any ? print(&f, a) : STR("");
}
