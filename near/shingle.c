#include "near/shingle.h"

#include "base/utf8.h"

/* Finalizer of MurmurHash3 (Appleby), 64 bits. */
static uint16_t mix(uint64_t x)
{
	x ^= x >> 33;
	x *= UINT64_C(0xff51afd7ed558ccd);
	x ^= x >> 33;
	x *= UINT64_C(0xc4ceb9fe1a85ec53);
	return (uint16_t)(x >> 48);
}

/* Sets are small, and most of a title's bigrams are new. */
static void insert(struct shingle_set *s, uint16_t x)
{
	int i = s->n;

	while (i > 0 && s->at[i - 1] > x)
		i--;
	if (i > 0 && s->at[i - 1] == x)
		return;
	for (int k = s->n; k > i; k--)
		s->at[k] = s->at[k - 1];
	s->at[i] = x;
	s->n++;
}

/* The largest figure that is taken for a size. */
#define SIZE_MOST 130
/* The least that is a size in inches; less is what a thing is called by: "shorts 5 inch". */
#define SIZE_LEAST_INCHES 20

static bool is_latin(struct str word)
{
	return word.n && word.p[0] >= 'a' && word.p[0] <= 'z';
}

/* "s", "m", "l", "xs", "xxl", "size". */
static bool is_letters(struct str word)
{
	size_t i = 0;

	if (str_is(word, "size"))
		return true;
	while (i < word.n && word.p[i] == 'x')
		i++;
	return i < 4 && i + 1 == word.n &&
	       (word.p[i] == 's' || word.p[i] == 'l' || (i == 0 && word.p[i] == 'm'));
}

/* A figure beside a word in Latin letters is a season, a model's number: "22 fw", "t 65". */
static bool is_size(struct str before, struct str word, struct str after)
{
	int64_t n;

	if (!str_i64(word, &n))
		return is_letters(word);
	if (n < SIZE_LEAST_INCHES && str_starts(after, STR("인치")))
		return false;
	return n <= SIZE_MOST && word.p[0] != '0' && (!is_latin(before) || is_letters(before)) &&
	       (!is_latin(after) || is_letters(after));
}

static void add_word(struct str word, uint32_t *last, struct shingle_set *ret)
{
	uint32_t c;
	size_t n;

	for (; word.n && ret->n < SHINGLE_MOST; word = str_sub(word, n, word.n)) {
		n = utf8_decode(word, &c);
		if (!n)
			return;
		if (*last)
			insert(ret, mix((uint64_t)*last << 32 | c));
		*last = c;
	}
}

/* A figure as a whole, too: bigrams alone find "1000" in "1001". */
static void add_figure(struct str word, struct shingle_set *ret)
{
	int64_t n;

	if (ret->n < SHINGLE_MOST && str_i64(word, &n))
		insert(ret, mix((uint64_t)n));
}

void shingle_title(struct str clean, struct shingle_set *ret)
{
	struct str before = { 0 }, word = { 0 }, after;
	uint32_t last = 0;
	bool more = str_next(&clean, ' ', &word);

	ret->n = 0;
	while (more) {
		more = str_next(&clean, ' ', &after);
		if (!more)
			after = (struct str){ 0 };
		if (!is_size(before, word, after)) {
			add_word(word, &last, ret);
			add_figure(word, ret);
		}
		before = word;
		word = after;
	}
}
