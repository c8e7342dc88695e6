/* A line: words with commas between; the rest: a title. The automaton finds
 * what a search for each word finds. */
#include "base/mem.h"
#include "base/normal.h"
#include "base/utf8.h"
#include "labeler/match.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define WORDS_MOST 64

struct tally {
	int hits[WORDS_MOST];
};

static void hit(void *ctx, int word)
{
	struct tally *t = ctx;

	must(word >= 0 && word < WORDS_MOST);
	t->hits[word]++;
}

static int collect(struct str list, struct str *words, struct arena *a)
{
	struct str each, form;
	int n = 0;

	while (n < WORDS_MOST && str_next(&list, ',', &each)) {
		bool known = false;

		form = normal_str(a, each);
		for (int i = 0; i < n; i++)
			known = known || str_eq(words[i], form);
		if (form.n && !known)
			words[n++] = form;
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

static int count(struct str word, struct str title)
{
	size_t last = word.n - 1, end;
	int n = 0;

	while ((word.p[last] & 0xc0) == 0x80)
		last--;
	for (size_t i = 0; i + word.n <= title.n; i++) {
		end = i + word.n;
		if (memcmp(title.p + i, word.p, word.n) != 0)
			continue;
		if (bound(word) && i && title.p[i - 1] != ' ')
			continue;
		if (bound(str_sub(word, last, word.n)) && end < title.n && title.p[end] != ' ')
			continue;
		n++;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str title = fuzz_text(data, size), list = fuzz_line(&title);
	struct str words[WORDS_MOST];
	struct tally t = { { 0 } };
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
	match_free(m);
	arena_free(a);
	return 0;
}
