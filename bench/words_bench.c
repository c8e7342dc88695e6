/* words_bench: what looking a title through for known words costs. Reads listings.tsv from
 * standard input (pid, title, ...; with a heading).
 *   words_bench CONF [WORDS]
 * CONF is a piped.yaml; WORDS: with so many words, made ones beside those of CONF. */
#include "base/clock.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/normal.h"
#include "base/rng.h"
#include "cleaner/marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct titles {
	struct arena *text;
	struct str *clean;
	size_t n, cap;
	int64_t normal_ns;
};

static void read_all(struct titles *t)
{
	char *line = NULL;
	size_t room = 0;
	int64_t from;

	must(getline(&line, &room, stdin) > 0);
	while (getline(&line, &room, stdin) > 0) {
		struct str rest = str_of(line), part[2];

		if (!str_next(&rest, '\t', &part[0]) || !str_next(&rest, '\t', &part[1]))
			continue;
		mem_grow(&t->clean, &t->cap, t->n + 1, sizeof(*t->clean));
		from = clock_thread_cpu_ns();
		t->clean[t->n++] = normal_str(t->text, part[1]);
		t->normal_ns += clock_thread_cpu_ns() - from;
	}
	free(line);
}

/* Made of tokens of the titles, so that they begin alike. */
static void add_words(struct conf_words *w, const struct titles *t, int most)
{
	struct rng r = { .state = 4 };
	struct conf_word *all = mem_array((size_t)most, sizeof(*all));

	memcpy(all, w->words, (size_t)w->n_words * sizeof(*all));
	for (int i = w->n_words; i < most; i++) {
		struct str title = t->clean[rng_below(&r, t->n)], token = STR("");

		str_next(&title, ' ', &token);
		all[i] = (struct conf_word){
			.text = normal_str(t->text,
					   arena_fmt(t->text, "%.*s %d", STR_ARG(token), i)),
			.value = STR("made"),
			.kind = CONF_WORD_MODEL,
			.rank = i,
		};
	}
	w->words = all;
	w->n_words = most;
}

static void measure(const struct conf_words *w, const struct titles *t)
{
	struct marks *m = marks_new(w);
	struct arena *a = arena_new(1 << 16);
	int64_t from = clock_thread_cpu_ns(), bytes = 0, some = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct str found;

		arena_reset(a);
		found = marks_find(m, t->clean[i], a);
		some += found.n > 0;
		bytes += (int64_t)found.n;
	}
	printf("%d words: %.2f us a title, something in %.1f%% of %zu titles, %.0f bytes each\n",
	       w->n_words, (double)(clock_thread_cpu_ns() - from) / 1e3 / (double)t->n,
	       100.0 * (double)some / (double)t->n, t->n, (double)bytes / (double)some);
	arena_free(a);
	marks_free(m);
}

int main(int argc, char **argv)
{
	struct titles t = { .text = arena_new(1 << 20) };
	struct conf_problem *problems = NULL;
	struct conf *c;
	int n = 0, most = argc > 2 ? atoi(argv[2]) : 10000;

	if (argc < 2 || conf_load(argv[1], &c, &problems, &n)) {
		fprintf(stderr, "words_bench CONF [WORDS]: CONF must be a configuration\n");
		return 1;
	}
	read_all(&t);
	if (t.n == 0) {
		fprintf(stderr, "words_bench: no titles\n");
		return 1;
	}
	printf("normal form: %.2f us a title\n", (double)t.normal_ns / 1e3 / (double)t.n);
	measure(&c->words, &t);
	if (most > c->words.n_words) {
		struct conf_words more = c->words;

		add_words(&more, &t, most);
		measure(&more, &t);
		mem_free(more.words);
	}
	conf_free(c);
	mem_free(t.clean);
	arena_free(t.text);
	return 0;
}
