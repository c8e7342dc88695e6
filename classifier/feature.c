#include "classifier/feature.h"

#include "base/hash.h"

#define GRAM_SEED 0u
#define WORD_SEED 77u
#define FIELD_SEED 0x6669656cu
/* Above every code point, so that words are no n-grams. */
#define WORD_MARK 0x200001u
#define NEXT_MARK 0x200002u
#define PAIR_MARK 0x200003u

static inline uint64_t step(uint64_t h, uint32_t c)
{
	h = (h ^ c) * 0xff51afd7ed558ccdu;
	return h ^ h >> 29;
}

static inline uint32_t key(uint64_t h)
{
	uint32_t k;

	h ^= h >> 32;
	k = (uint32_t)(h * 0x9e3779b97f4a7c15u >> 32);
	return k ? k : 1;
}

/* The code point at p; a cut character ends the text. */
static inline size_t code_at(const unsigned char *p, size_t n, uint32_t *ret_code)
{
	if (p[0] < 0x80) {
		*ret_code = p[0];
		return 1;
	}
	if (p[0] < 0xe0 && n >= 2) {
		*ret_code = (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
		return 2;
	}
	if (p[0] < 0xf0 && n >= 3) {
		*ret_code = (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
		return 3;
	}
	if (n < 4)
		return 0;
	*ret_code =
		(p[0] & 0x07u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
	return 4;
}

struct walk {
	/* The n-grams that end at the character before, by length; at[0] is the
	 * empty one. */
	uint64_t at[FEATURE_LONGEST + 1];
	unsigned longest; /* of those */
	uint64_t word;	  /* so far */
	uint64_t before[FEATURE_APART];
	unsigned words;
	unsigned n;
	uint32_t *to;
};

/* The most that one character adds: its n-grams, a word, two neighbours, pairs. */
#define AT_ONCE (FEATURE_LONGEST + 2 + FEATURE_APART)

static inline void add(struct walk *w, uint64_t h)
{
	w->to[w->n++] = key(h);
}

static inline void end_word(struct walk *w)
{
	unsigned known = w->words < FEATURE_APART ? w->words : FEATURE_APART;

	add(w, step(w->word, WORD_MARK));
	if (known)
		add(w, step(w->before[(w->words - 1) % FEATURE_APART] * 3 ^ w->word, NEXT_MARK));
	for (unsigned i = 0; i < known; i++)
		add(w, step(w->before[i] + w->word, PAIR_MARK));
	w->before[w->words++ % FEATURE_APART] = w->word;
	w->word = WORD_SEED;
}

static inline void walk_character(struct walk *w, uint32_t c)
{
	unsigned longest = w->longest < FEATURE_LONGEST ? w->longest + 1 : FEATURE_LONGEST;

	for (unsigned i = longest; i > 0; i--)
		w->at[i] = step(w->at[i - 1], c);
	w->longest = longest;
	/* A space alone says nothing. */
	for (unsigned i = c == ' ' ? 2 : 1; i <= longest; i++)
		add(w, w->at[i]);
	if (c != ' ')
		w->word = step(w->word, c);
	else if (w->word != WORD_SEED)
		end_word(w);
}

unsigned feature_keys(struct str normal, uint32_t *to)
{
	const unsigned char *p = (const unsigned char *)normal.p;
	struct walk w = { .at = { GRAM_SEED }, .word = WORD_SEED, .to = to };
	uint32_t code = 0;
	size_t i = 0, n;

	if (normal.n == 0)
		return 0;
	walk_character(&w, ' ');
	while (i < normal.n && w.n + 2 * AT_ONCE <= FEATURE_MOST) {
		n = code_at(p + i, normal.n - i, &code);
		if (n == 0)
			break;
		walk_character(&w, code);
		i += n;
	}
	walk_character(&w, ' ');
	return w.n;
}

uint32_t feature_field(struct str name, struct str value)
{
	return key(hash64(value, hash64(name, FIELD_SEED)));
}
