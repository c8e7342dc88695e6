#include "base/match.h"

#include "base/mem.h"
#include "base/must.h"
#include "base/utf8.h"

#include <stdlib.h>

/* A state is a prefix of some words. States are numbered level by level, so
 * the children of one stand side by side, in order of their bytes. */
struct state {
	uint32_t child, n_children;
	uint32_t fail; /* the longest other prefix that this one ends with */
	uint32_t out;  /* the longest such that is a word; 0: none */
	int32_t word;  /* that ends here, or -1 */
};

struct word {
	struct str text;
	int32_t id;
	int group;
	bool left, right; /* that side must be a token's end */
};

struct match {
	struct state *states;
	unsigned char *byte; /* that leads to the state */
	uint32_t root[256];
	struct word *words; /* by id */
	char *text;
};

static bool is_token_letter(struct str s)
{
	uint32_t c = 0;

	utf8_decode(s, &c);
	return c < 0x590 || (c >= 0x1e00 && c < 0x1f00);
}

static struct word word_of(struct str text, bool whole, int32_t id)
{
	struct word w = { .text = text, .id = id, .left = whole || is_token_letter(text) };
	size_t last = text.n - 1;

	while (last && ((unsigned char)text.p[last] & 0xc0) == 0x80)
		last--;
	w.right = whole || is_token_letter(str_sub(text, last, text.n));
	return w;
}

static bool stands(const struct word *w, struct str title, size_t end)
{
	size_t start = end - w->text.n;

	return (!w->left || start == 0 || title.p[start - 1] == ' ') &&
	       (!w->right || end == title.n || title.p[end] == ' ');
}

static int by_text(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	return str_cmp(x->text, y->text);
}

static uint32_t child(const struct match *m, const struct state *s, unsigned char b)
{
	uint32_t lo = s->child, hi = s->child + s->n_children, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (m->byte[mid] == b)
			return mid;
		if (m->byte[mid] < b)
			lo = mid + 1;
		else
			hi = mid;
	}
	return 0;
}

static inline uint32_t step(const struct match *m, uint32_t at, unsigned char b)
{
	uint32_t to;

	for (; at; at = m->states[at].fail) {
		to = child(m, &m->states[at], b);
		if (to)
			return to;
	}
	return m->root[b];
}

/* The sorted words that have the state's prefix. */
struct range {
	int lo, hi;
	size_t depth;
};

/* Makes the children of state `at`; returns how many states there are then. */
static uint32_t grow(struct match *m, struct range *ranges, const struct word *sorted, uint32_t at,
		     uint32_t n)
{
	struct state *s = &m->states[at];
	struct range r = ranges[at];

	s->word = -1;
	if (sorted[r.lo].text.n == r.depth)
		s->word = sorted[r.lo++].id;
	s->child = n;
	while (r.lo < r.hi) {
		unsigned char b = (unsigned char)sorted[r.lo].text.p[r.depth];
		int hi = r.lo;

		while (hi < r.hi && (unsigned char)sorted[hi].text.p[r.depth] == b)
			hi++;
		m->byte[n] = b;
		m->states[n].fail = at ? step(m, s->fail, b) : 0;
		if (!at)
			m->root[b] = n;
		ranges[n++] = (struct range){ r.lo, hi, r.depth + 1 };
		r.lo = hi;
	}
	s->n_children = n - s->child;
	return n;
}

static void build(struct match *m, const struct word *sorted, int n_words, size_t most)
{
	struct range *ranges = mem_array(most, sizeof(*ranges));
	uint32_t n = 1;

	ranges[0] = (struct range){ 0, n_words, 0 };
	for (uint32_t at = 0; at < n; at++) {
		struct state *s = &m->states[at];

		n = grow(m, ranges, sorted, at, n);
		/* A failure state stands on a higher level: it is complete. */
		s->out = m->states[s->fail].word >= 0 ? s->fail : m->states[s->fail].out;
	}
	mem_free(ranges);
}

struct match *match_new(const struct match_word *words, int n)
{
	struct match *m = mem_zero(sizeof(*m));
	size_t bytes = 1, at = 0;
	struct word *sorted;

	for (int i = 0; i < n; i++)
		bytes += words[i].text.n;
	must(n >= 0 && bytes < UINT32_MAX / 2);
	m->states = mem_array(bytes, sizeof(*m->states));
	m->byte = mem_zero(bytes);
	m->text = mem_alloc(bytes);
	m->words = mem_array((size_t)n + 1, sizeof(*m->words));
	m->states[0].word = -1;
	if (n == 0)
		return m;
	for (int i = 0; i < n; i++) {
		struct str text = words[i].text;

		must(text.n > 0);
		for (size_t j = 0; j < text.n; j++)
			m->text[at + j] = text.p[j];
		m->words[i] = word_of((struct str){ m->text + at, text.n }, words[i].whole, i);
		m->words[i].group = words[i].group;
		at += text.n;
	}
	sorted = mem_dup(m->words, (size_t)n * sizeof(*sorted));
	qsort(sorted, (size_t)n, sizeof(*sorted), by_text);
	for (int i = 1; i < n; i++)
		must(!str_eq(sorted[i - 1].text, sorted[i].text));
	build(m, sorted, n, bytes);
	mem_free(sorted);
	return m;
}

void match_free(struct match *m)
{
	if (!m)
		return;
	mem_free(m->states);
	mem_free(m->byte);
	mem_free(m->words);
	mem_free(m->text);
	mem_free(m);
}

void match_run(const struct match *m, struct str title,
	       void (*hit)(void *ctx, const struct match_hit *h), void *ctx)
{
	uint32_t at = 0;

	for (size_t i = 0; i < title.n; i++) {
		uint32_t s;

		at = step(m, at, (unsigned char)title.p[i]);
		s = m->states[at].word >= 0 ? at : m->states[at].out;
		for (; s; s = m->states[s].out) {
			const struct word *w = &m->words[m->states[s].word];

			if (stands(w, title, i + 1))
				hit(ctx, &(struct match_hit){ .word = w->id,
							      .start = i + 1 - w->text.n,
							      .end = i + 1 });
		}
	}
}

struct gather {
	struct match_hit *hits;
	int n, most;
};

static void gather(void *ctx, const struct match_hit *h)
{
	struct gather *g = ctx;

	if (g->n < g->most)
		g->hits[g->n++] = *h;
}

static bool hides(const struct match *m, const struct match_hit *by, const struct match_hit *h)
{
	int group = m->words[by->word].group;

	return by->start <= h->start && by->end >= h->end &&
	       by->end - by->start > h->end - h->start &&
	       (group == 0 || group == m->words[h->word].group);
}

int match_longest(const struct match *m, struct str title, struct match_hit *hits, int most)
{
	struct gather g = { .hits = hits, .most = most };
	int kept = 0;

	match_run(m, title, gather, &g);
	/* What hides a hidden one hides what that would. */
	for (int i = 0; i < g.n; i++) {
		struct match_hit h = hits[i];
		bool hidden = false;

		for (int k = 0; k < kept && !hidden; k++)
			hidden = hides(m, &hits[k], &h);
		for (int k = i + 1; k < g.n && !hidden; k++)
			hidden = hides(m, &hits[k], &h);
		if (!hidden)
			hits[kept++] = h;
	}
	return kept;
}

bool match_one(struct match_word word, struct str title)
{
	struct word w = word_of(word.text, word.whole, 0);
	size_t n = word.text.n;

	for (size_t end = n; end <= title.n; end++)
		if (str_eq(str_sub(title, end - n, n), word.text) && stands(&w, title, end))
			return true;
	return false;
}
