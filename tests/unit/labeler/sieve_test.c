/* One pass finds what PCRE2 finds, whatever the expression; and what was compiled is found again,
 * or made anew. */
#include "labeler/sieve.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/regex.h"
#include "base/rng.h"
#include "labeler/widen.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define EXPRESSIONS 30

static const struct {
	const char *regex, *wide; /* NULL: it cannot be told */
} wides[] = {
	{ "롱 ?코트", "롱\\x20?코트" },
	{ "^a|b$", "^\\x20a|b\\x20$" },
	{ "\\Aa\\z", "^\\x20a\\x20$" },
	{ "(^| )a( |$)", "(?:\\x20)a(?:\\x20)" },
	{ "(?: |^)a(?:$| )", "(?:\\x20)a(?:\\x20)" },
	{ "^a( |$)$", "^\\x20*a(?:\\x20|\\x20*$)\\x20*$" },
	{ "(^| )a{2}", "(?:^\\x20*|\\x20)a{2,2}" },
	{ "\\d\\w\\s", "[0-9\\x{80}-\\x{10ffff}][0-9A-Za-z_\\x{80}-\\x{10ffff}]"
		       "[\\x09-\\x0d\\x20\\x{80}-\\x{10ffff}]" },
	{ "\\D\\p{L}\\P{Hangul}\\pN",
	  "[\\x00-\\x{10ffff}][\\x00-\\x{10ffff}][\\x00-\\x{10ffff}][\\x00-\\x{10ffff}]" },
	{ "\\p{Hangul}+", "[\\x{80}-\\x{10ffff}]+" },
	{ "[^\\w]*", "[^0-9A-Za-z_]*" },
	{ "[\\w.]", "[0-9A-Za-z_\\x{80}-\\x{10ffff}\\x2e]" },
	{ "[^\\s가]", "[^\\x09-\\x0d\\x20가]" },
	{ "[\\W]", "[\\x00-\\x{10ffff}]" },
	{ "[^\\W]", "[\\x00-\\x{10ffff}]" },
	{ "[[:alpha:]1]", "[\\x00-\\x{10ffff}]" },
	{ "[]a-c]", "[\\x5da-c]" },
	{ "[^]\\]a-]", "[^\\x5d\\x5da-]" },
	{ "[가-힣]{2}x{0,1}", "[가-힣]{2,2}x{0,1}" },
	{ "a{4}b{0,14}c{2,}d{0}", "a+b*c+d*" },
	{ "a{,3}{", "a\\x7b\\x2c3\\x7d\\x7b" },
	{ "a*?b++c??", "a*b+c?" },
	{ "a{1,2}+", "a{1,2}" },
	{ "\\bx\\B", "(?:)x(?:)" },
	{ "(?<!가)(?=x)(?>y)", "(?<!가)(?=x)(?:y)" },
	{ "\\Qa.b\\Ec", "a\\x2ebc" },
	{ "\\x41\\x{ac00}\\t", "\\x41\\x{ac00}\\t" },
	{ "a\\.b", "a\\x2eb" },
	{ "(a)\\1", NULL },
	{ "(?i)a", NULL },
	{ "(?x) a", NULL },
	{ "(?<n>a)\\k<n>", NULL },
	{ "(*UTF)a", NULL },
	{ "\\X", NULL },
	{ "[\\w-z]", NULL },
	{ "\\07", NULL },
};

static void expressions_are_widened(void **state)
{
	struct arena *a = arena_new(1 << 12);

	(void)state;
	for (size_t i = 0; i < sizeof(wides) / sizeof(wides[0]); i++) {
		struct str wide = widen_regex(str_of(wides[i].regex), a);

		if (wides[i].wide ? !str_is(wide, wides[i].wide) : wide.p != NULL)
			fail_msg("%s: %.*s", wides[i].regex, STR_ARG(wide));
	}
	arena_free(a);
}

/* ---- at random, against PCRE2 */

static const char *const atoms[] = {
	"가",  "나",   "a",   "b",	 " ",	    ".",      "x",	     "1",	    "\\w",
	"\\W", "\\d",  "\\s", "\\S",	 "[가a]",   "[^가a]", "[^\\w]",	     "[\\d나]",	    "[a-x]",
	"\\b", "\\B",  "^",   "$",	 "(^| )",   "( |$)",  "\\p{L}",	     "\\p{Hangul}", "[\\s]",
	"\\.", "[^ ]", "\\D", "[^\\d ]", "\\p{Lu}", "é",      "[[:alnum:]]",
};
static const char *const counts[] = {
	"", "", "", "", "?", "*", "+", "{2}", "{0,3}", "{1,5}", "+?"
};
static const char *const groups[] = { "(", "(?:", "(?=", "(?!", "(?<!", "(?>", "(" };
static const char *const letters[] = {
	"가", "나", "다", "a", "b", "x", " ", " ", "1", ".", "é", "É"
};

#define PICK(r, of) ((of)[rng_below((r), sizeof(of) / sizeof((of)[0]))])

static void make_regex(struct rng *r, struct buf *to, int depth)
{
	int n = 1 + (int)rng_below(r, 4);

	for (int i = 0; i < n; i++) {
		if (depth < 2 && rng_below(r, 5) == 0) {
			const char *opening = PICK(r, groups);

			buf_add_text(to, opening);
			make_regex(r, to, depth + (str_is(str_of(opening), "(?<!") ? 2 : 1));
			if (rng_below(r, 2)) {
				buf_add_char(to, '|');
				make_regex(r, to, 2);
			}
			buf_add_char(to, ')');
		} else {
			buf_add_text(to, PICK(r, atoms));
		}
		buf_add_text(to, PICK(r, counts));
	}
}

static void make_text(struct rng *r, struct buf *to)
{
	int n = (int)rng_below(r, 14);

	for (int i = 0; i < n; i++)
		buf_add_text(to, PICK(r, letters));
}

struct hits {
	unsigned char of[EXPRESSIONS];
};

static void note(void *ctx, int pattern, size_t end)
{
	(void)end;
	((struct hits *)ctx)->of[pattern] = 1;
}

static int fill(struct rng *r, struct arena *a, struct sieve_pattern *p, struct regex **regex,
		int n)
{
	struct buf b;
	int got = 0;

	buf_init(&b, 1 << 12);
	for (int tries = 0; tries < 10 * n && got < n; tries++) {
		buf_clear(&b);
		make_regex(r, &b, 0);
		if (regex_new(buf_str(&b), &regex[got], NULL))
			continue;
		p[got++] =
			(struct sieve_pattern){ .text = arena_str(a, buf_str(&b)), .regex = true };
	}
	buf_done(&b);
	return got;
}

static void nothing_is_missed(void **state)
{
	struct arena *a = arena_new(1 << 16);
	struct sieve_scratch *x = sieve_scratch_new();
	struct regex_match *m = regex_match_new();
	struct sieve_pattern p[EXPRESSIONS];
	struct regex *regex[EXPRESSIONS];
	struct rng r = { .state = 11 };
	int n = fill(&r, a, p, regex, EXPRESSIONS), found = 0, matched = 0, hit = 0;
	struct sieve *s = NULL;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 12);
	assert_int_equal(sieve_new(p, n, NULL, &s, NULL), ERR_OK);
	for (int i = 0; i < n; i++)
		found += sieve_finds(s, i);
	for (int k = 0; k < 300; k++) {
		struct hits hits = { { 0 } };

		buf_clear(&b);
		make_text(&r, &b);
		assert_true(sieve_run(s, x, buf_str(&b), note, &hits));
		for (int i = 0; i < n; i++) {
			bool yes = regex_ask(regex[i], m, buf_str(&b)) == REGEX_YES;

			if (yes && sieve_finds(s, i) && !hits.of[i])
				fail_msg("%.*s in '%.*s'", STR_ARG(p[i].text),
					 STR_ARG(buf_str(&b)));
			matched += yes;
			hit += hits.of[i];
		}
	}
	print_message("%d of %d expressions told; %d matches, %d found\n", found, n, matched, hit);
	assert_true(n == EXPRESSIONS && found > EXPRESSIONS / 2 && matched > 500);
	for (int i = 0; i < n; i++)
		regex_free(regex[i]);
	buf_done(&b);
	sieve_free(s);
	sieve_scratch_free(x);
	regex_match_free(m);
	arena_free(a);
}

/* ---- words and their places */

struct places {
	struct buf text;
};

static void place(void *ctx, int pattern, size_t end)
{
	buf_fmt(ctx, "%d@%zu ", pattern, end);
}

static void words_are_found_at_their_places(void **state)
{
	static const struct sieve_pattern p[] = {
		{ .text = { "xl", 2 }, .left = true, .right = true },
		{ .text = { "자켓", 6 } },
		{ .text = { "a b", 3 }, .right = true },
	};
	struct sieve_scratch *x = sieve_scratch_new();
	struct sieve *s = NULL;
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	assert_int_equal(sieve_new(p, 3, NULL, &s, NULL), ERR_OK);
	assert_true(sieve_run(s, x, STR("xl xlim 청자켓 xl"), place, &b));
	assert_string_equal(buf_str(&b).p, "0@2 1@17 0@20 ");
	buf_clear(&b);
	assert_false(sieve_run(s, x, STR("aa b\xff a b"), place, &b));
	assert_string_equal(buf_str(&b).p, "2@9 ");
	buf_clear(&b);
	assert_true(sieve_run(s, x, STR(""), place, &b));
	assert_int_equal(b.n, 0);
	buf_done(&b);
	sieve_free(s);
	sieve_scratch_free(x);
}

/* ---- the cache */

static int files_of(const char *folder, char first[300])
{
	struct dirent *e;
	DIR *d = opendir(folder);
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)))
		if (e->d_name[0] != '.' && n++ == 0)
			snprintf(first, 300, "%s/%s", folder, e->d_name);
	closedir(d);
	return n;
}

static bool cached(const char *folder, const struct sieve_pattern *p, int n)
{
	struct sieve_scratch *x = sieve_scratch_new();
	struct hits hits = { { 0 } };
	struct sieve *s = NULL;
	bool was;

	assert_int_equal(sieve_new(p, n, folder, &s, NULL), ERR_OK);
	was = sieve_was_cached(s);
	assert_true(sieve_finds(s, 0) && !sieve_finds(s, 1));
	assert_true(sieve_run(s, x, STR("청 자켓"), note, &hits));
	assert_true(hits.of[0] && !hits.of[1]);
	sieve_free(s);
	sieve_scratch_free(x);
	return was;
}

/* Every byte of it matters. */
static void what_is_damaged_is_made_anew(void **state)
{
	struct sieve_pattern p[] = { { .text = STR("자켓") },
				     { .text = STR("(?i)x"), .regex = true },
				     { .text = STR("셔츠.*a"), .regex = true } };
	char folder[] = "/tmp/piped-sieve.XXXXXX", sub[64], path[300], again[300];
	struct buf good;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(sub, sizeof(sub), "%s/cache", folder);
	buf_init(&good, 1 << 24);
	assert_false(cached(sub, p, 3));
	assert_true(cached(sub, p, 3));
	assert_int_equal(files_of(sub, path), 1);
	assert_int_equal(file_read(path, &good, NULL), ERR_OK);
	for (size_t at = 0; at < good.n; at += 1 + good.n / 13) {
		good.p[at] ^= 4;
		assert_int_equal(file_write(path, buf_str(&good), NULL), ERR_OK);
		assert_false(cached(sub, p, 3));
		good.p[at] ^= 4;
		assert_true(cached(sub, p, 3));
		assert_int_equal(file_write(path, str_sub(buf_str(&good), 0, at), NULL), ERR_OK);
		assert_false(cached(sub, p, 3));
	}
	/* another's, under this name */
	p[0].left = true;
	assert_false(cached(sub, p, 3));
	assert_int_equal(files_of(sub, again), 2);
	if (strcmp(again, path) == 0) {
		p[0].left = false;
		assert_int_equal(file_write(path, STR(""), NULL), ERR_OK);
		assert_false(cached(sub, p, 3));
	}
	buf_done(&good);
	snprintf(path, sizeof(path), "rm -r %s", folder);
	assert_int_equal(system(path), 0);
}

static void only_the_newest_are_kept(void **state)
{
	char folder[] = "/tmp/piped-sieve.XXXXXX", word[16], path[300];

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (int i = 0; i < 9; i++) {
		struct sieve_pattern p = { .text = { word, (size_t)snprintf(word, sizeof(word),
									    "%d", 1000 + i) } };
		struct sieve *s = NULL;

		assert_int_equal(sieve_new(&p, 1, folder, &s, NULL), ERR_OK);
		sieve_free(s);
	}
	assert_int_equal(files_of(folder, path), 6);
	snprintf(path, sizeof(path), "rm -r %s", folder);
	assert_int_equal(system(path), 0);
}

/* Where nothing can be written, rules are compiled all the same. */
static void a_cache_may_be_out_of_reach(void **state)
{
	struct sieve_pattern p[] = { { .text = STR("자켓") },
				     { .text = STR("(?i)x"), .regex = true } };

	(void)state;
	assert_false(cached("/proc/no such folder", p, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions_are_widened),
		cmocka_unit_test(nothing_is_missed),
		cmocka_unit_test(words_are_found_at_their_places),
		cmocka_unit_test(what_is_damaged_is_made_anew),
		cmocka_unit_test(only_the_newest_are_kept),
		cmocka_unit_test(a_cache_may_be_out_of_reach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
