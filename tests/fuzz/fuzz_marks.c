/* A line: words with commas between, their kinds in turn; the rest: a title. What is found
 * is JSON, bounded, the same again, and no word of a kind that is to be ignored. */
#include "base/normal.h"
#include "base/utf8.h"
#include "cleaner/marks.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_json_read.h"

#define WORDS_MOST 64

static int by_text(const struct conf_word *words, int n, struct str form)
{
	for (int i = 0; i < n; i++)
		if (str_eq(words[i].text, form))
			return i;
	return -1;
}

static int collect(struct str list, struct conf_word *words, struct arena *a)
{
	static const char *const values[] = { "true", "false", "new" };
	struct str each;
	int n = 0;

	while (n < WORDS_MOST && str_next(&list, ',', &each)) {
		struct str form = normal_str(a, each);

		if (!form.n || by_text(words, n, form) >= 0)
			continue;
		words[n] = (struct conf_word){
			.text = form,
			.value = str_of(values[n % 3]),
			.kind = (enum conf_word_kind)(n % CONF_WORD_KINDS),
			.whole = n % 2 == 1,
			.rank = n,
		};
		n++;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str title = fuzz_text(data, size), list = fuzz_line(&title), found, again;
	struct conf_word words[WORDS_MOST];
	struct conf_words conf = { .words = words };
	struct marks *m;

	conf.n_words = collect(list, words, a);
	title = normal_str(a, title);
	m = marks_new(&conf);
	found = marks_find(m, title, a);
	again = marks_find(m, title, a);
	must(str_eq(found, again) && utf8_valid(found) && found.n < 4096);
	must(found.n == 0 || (fuzz_json_read(found, NULL, NULL) && found.p[0] == '{'));
	must(str_find(found, STR("ignore")) < 0);
	marks_free(m);
	arena_free(a);
	return 0;
}
