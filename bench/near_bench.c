/* near_bench: what finding near-duplicates costs. Reads listings.tsv from standard input (pid,
 * title, category, -, price, ..., image, with a heading), takes each as a new listing, then as many
 * reworded ones as are missing to LISTINGS: words swapped, left out or put in, another
 * price, all as titles of their own. Likeness goes by titles without words of selling, as in the
 * daemon, by the words of etc/piped.yaml of the folder that it is run in; to find these is not
 * counted (words_bench).
 *   near_bench LISTINGS [--pairs]
 * --pairs prints what the real ones were joined to, for judging. */
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/normal.h"
#include "base/rng.h"
#include "cleaner/marks.h"
#include "near/near_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	int64_t pid;
	double price;
	struct str clean, core, raw;
	uint64_t image, category;
};

struct bench {
	struct arena *text;
	struct conf *conf;
	struct marks *marks;
	struct row *rows;
	size_t n, cap;
	struct near_index *index;
	int64_t joined, leaders, exact, step_ns, most_ns;
	bool pairs;
};

static bool read_row(struct bench *b, struct str line)
{
	struct str rest = line, part[9];
	struct row r = { .pid = 0 };
	int n = 0;

	while (n < 9 && str_next(&rest, '\t', &part[n]))
		n++;
	if (n < 9 || !str_i64(part[0], &r.pid))
		return false;
	if (!str_f64(part[4], &r.price))
		r.price = 0;
	r.raw = arena_str(b->text, part[1]);
	r.clean = normal_str(b->text, part[1]);
	r.core = marks_core(b->marks, r.clean, b->text);
	if (!r.core.n)
		r.core = r.clean;
	r.image = hash64(part[8], 0);
	r.category = hash64(part[2], 0);
	mem_grow(&b->rows, &b->cap, b->n + 1, sizeof(*b->rows));
	b->rows[b->n++] = r;
	return true;
}

static void load_words(struct bench *b)
{
	struct conf_problem *problems = NULL;
	int n = 0;

	must(conf_load("etc/piped.yaml", &b->conf, &problems, &n) == ERR_OK);
	b->marks = marks_new(&b->conf->words);
}

static void read_all(struct bench *b)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) > 0)
		read_row(b, str_trim((struct str){ line, (size_t)n }));
	free(line);
}

static const struct row *row_of(const struct bench *b, uint64_t key)
{
	for (size_t i = 0; i < b->n; i++)
		if (hash64(b->rows[i].clean, 1) == key)
			return &b->rows[i];
	return NULL;
}

static void print(const struct bench *b, const struct row *r, const struct near_match *m)
{
	const struct row *to = row_of(b, m->key);

	must(to);
	printf("%lld\t%lld\t%s\t%.3f\t%.1f\t%.0f\t%.0f\t%.*s\t%.*s\n", (long long)r->pid,
	       (long long)to->pid, near_rules[m->signal].name, m->likeness.alike, m->likeness.odd,
	       r->price, to->price, STR_ARG(r->raw), STR_ARG(to->raw));
}

static void take(struct bench *b, const struct row *r, bool all_lead)
{
	struct near_item item = {
		.key = hash64(r->clean, 1),
		.price = r->price,
		.image = r->image,
		.category = r->category,
		.leader = true,
	};
	int64_t began = clock_thread_cpu_ns(), took;
	struct near_match m;
	struct shingle_set s;
	bool found = false, known = near_index_knows(b->index, item.key);

	if (!known) {
		shingle_title(r->core, &s);
		found = near_find_best(b->index, &s, &item, &m);
		item.leader = !found || all_lead;
		near_index_add(b->index, &s, &item);
	}
	took = clock_thread_cpu_ns() - began;
	b->step_ns += took;
	b->most_ns = took > b->most_ns ? took : b->most_ns;
	b->exact += known;
	b->joined += found;
	b->leaders += !known && !found;
	if (found && b->pairs)
		print(b, r, &m);
}

/* What sellers do: a word less, a word of another title more, two changed places. */
static struct str reword(struct bench *b, struct arena *a, struct rng *r, struct str clean)
{
	struct str word[64], other = b->rows[rng_below(r, b->n)].clean, rest = clean, out = STR("");
	int n = 0;

	while (n < 62 && str_next(&rest, ' ', &word[n]))
		n++;
	for (uint64_t k = 1 + rng_below(r, 3); k > 0 && n > 1; k--) {
		int i = (int)rng_below(r, (uint64_t)n), j = (int)rng_below(r, (uint64_t)n);
		struct str was = word[i];

		switch (rng_below(r, 3)) {
		case 0:
			word[i] = word[j];
			word[j] = was;
			break;
		case 1:
			word[i] = word[--n];
			break;
		default:
			if (str_next(&other, ' ', &word[n]))
				n++;
		}
		n = n > 62 ? 62 : n;
	}
	for (int i = 0; i < n; i++)
		out = arena_fmt(a, "%.*s%s%.*s", STR_ARG(out), i ? " " : "", STR_ARG(word[i]));
	return out;
}

static void report(struct bench *b, size_t n, size_t since)
{
	size_t count = near_index_count(b->index);

	fprintf(stderr,
		"%9zu listings: %5.1f us each, at most %.1f ms; %7.1f MB, %3.0f bytes a listing, "
		"%3.0f a title; looks %4.0f; exact %4.1f%% joined %4.1f%%\n",
		n, (double)b->step_ns / 1e3 / (double)(n - since), (double)b->most_ns / 1e6,
		(double)near_index_bytes(b->index) / 1e6,
		(double)near_index_bytes(b->index) / (double)n,
		(double)near_index_bytes(b->index) / (double)count,
		(double)near_index_looks(b->index) / (double)n,
		100.0 * (double)b->exact / (double)n, 100.0 * (double)b->joined / (double)n);
	b->step_ns = b->most_ns = 0;
}

int main(int argc, char **argv)
{
	struct bench b = { .text = arena_new(1 << 20), .index = near_index_new() };
	struct arena *a = arena_new(1 << 16);
	struct rng r = { 7 };
	size_t most, since = 0;

	if (argc < 2) {
		fprintf(stderr, "near_bench: LISTINGS [--pairs] < listings.tsv\n");
		return 2;
	}
	most = (size_t)strtoull(argv[1], NULL, 10);
	b.pairs = argc > 2;
	load_words(&b);
	read_all(&b);
	must(b.n > 0);
	for (size_t i = 0; i < most; i++) {
		struct row x = b.rows[i < b.n ? i : rng_below(&r, b.n)];

		arena_reset(a);
		if (i >= b.n) {
			x.clean = x.core = reword(&b, a, &r, x.core);
			x.price = (double)(int64_t)(x.price * (0.5 + rng_unit(&r)) / 1000) * 1000;
			x.image = rng_next(&r);
		}
		take(&b, &x, false);
		if (i + 1 == most || i + 1 == 100000 || i + 1 == 1000000) {
			report(&b, i + 1, since);
			since = i + 1;
		}
	}
	near_index_free(b.index);
	marks_free(b.marks);
	conf_free(b.conf);
	arena_free(a);
	arena_free(b.text);
	mem_free(b.rows);
	return 0;
}
