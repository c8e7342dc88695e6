/* A line: words with commas between, of which every third stands whole and every
 * second is of another group; the rest: a title.
 * The automaton finds what a search for each word finds; what lies in no longer one is
 * what a look at all pairs leaves. */
#include "base/match.h"
#include "base/mem.h"
#include "base/normal.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define WORDS_MOST 64

#define HITS_MOST 256

struct tally {
	int hits[WORDS_MOST];
	struct match_hit all[HITS_MOST];
	int n;
};

static void hit(void *ctx, const struct match_hit *h)
{
	struct tally *t = ctx;

	must(h->word >= 0 && h->word < WORDS_MOST);
	t->hits[h->word]++;
	if (t->n < HITS_MOST)
		t->all[t->n] = *h;
	t->n++;
}

static bool hidden(const struct tally *t, const struct match_hit *h)
{
	for (int i = 0; i < t->n; i++)
		if (t->all[i].start <= h->start && t->all[i].end >= h->end &&
		    t->all[i].end - t->all[i].start > h->end - h->start &&
		    (t->all[i].word % 2 == 0 || h->word % 2 == 1))
			return true;
	return false;
}

static void check_longest(const struct match *m, struct str title, const struct tally *t)
{
	struct match_hit longest[HITS_MOST];
	int n = match_longest(m, title, longest, HITS_MOST), at = 0;

	for (int i = 0; i < t->n; i++) {
		if (hidden(t, &t->all[i]))
			continue;
		must(at < n && longest[at].word == t->all[i].word &&
		     longest[at].start == t->all[i].start && longest[at].end == t->all[i].end);
		at++;
	}
	must(at == n);
}

static int collect(struct str list, struct match_word *words, struct arena *a)
{
	struct str each, form;
	int n = 0;

	while (n < WORDS_MOST && str_next(&list, ',', &each)) {
		bool known = false;

		form = normal_str(a, each);
		for (int i = 0; i < n; i++)
			known = known || str_eq(words[i].text, form);
		if (form.n && !known) {
			words[n] = (struct match_word){ form, n % 3 == 2, n % 2 };
			n++;
		}
	}
	return n;
}

/* Latin letters and digits are bound to a token's end, as match.h says. */
static bool bound(struct str character)
{
	uint32_t c = 0;

	must(utf8_decode(character, &c));
	return c < 0x590 || (c >= 0x1e00 && c < 0x1f00);
}

static int count(struct match_word w, struct str title)
{
	struct str word = w.text;
	size_t last = word.n - 1, end;
	int n = 0;

	while ((word.p[last] & 0xc0) == 0x80)
		last--;
	for (size_t i = 0; i + word.n <= title.n; i++) {
		end = i + word.n;
		if (memcmp(title.p + i, word.p, word.n) != 0)
			continue;
		if ((w.whole || bound(word)) && i && title.p[i - 1] != ' ')
			continue;
		if ((w.whole || bound(str_sub(word, last, word.n))) && end < title.n &&
		    title.p[end] != ' ')
			continue;
		n++;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str title = fuzz_text(data, size), list = fuzz_line(&title);
	struct match_word words[WORDS_MOST];
	struct tally t = { .n = 0 };
	struct match *m;
	int n;

	n = collect(list, words, a);
	title = normal_str(a, title);
	m = match_new(words, n);
	match_run(m, title, hit, &t);
	for (int i = 0; i < n; i++) {
		int want = count(words[i], title);

		must(t.hits[i] == want);
		must(match_one(words[i], title) == (want > 0));
	}
	if (t.n <= HITS_MOST)
		check_longest(m, title, &t);
	match_free(m);
	arena_free(a);
	return 0;
}
