#include "classifier/feature_place.h"

#include "base/utf8.h"

/* The most that one character adds, as in feature.c. */
#define AT_ONCE (FEATURE_LONGEST + 2 + FEATURE_APART)

struct word {
	uint16_t from, to;
};

/* Characters are counted with the space that stands before the title. */
struct walk {
	unsigned at, longest, n, words;
	bool within; /* a word, since `begun` */
	unsigned begun;
	struct word before[FEATURE_APART];
	struct feature_place *to;
};

static uint16_t inside(unsigned at)
{
	return (uint16_t)(at ? at - 1 : 0);
}

static void add(struct walk *w, struct word a, struct word b)
{
	w->to[w->n++] = (struct feature_place){ { a.from, b.from }, { a.to, b.to } };
}

static void end_word(struct walk *w)
{
	const struct word word = { inside(w->begun), inside(w->at) }, none = { 0, 0 };
	unsigned known = w->words < FEATURE_APART ? w->words : FEATURE_APART;

	add(w, word, none);
	if (known)
		add(w, w->before[(w->words - 1) % FEATURE_APART], word);
	for (unsigned i = 0; i < known; i++)
		add(w, w->before[i], word);
	w->before[w->words++ % FEATURE_APART] = word;
	w->within = false;
}

/* `last`: the space after the title, which is no character of it. */
static void walk_character(struct walk *w, bool space, bool last)
{
	const struct word none = { 0, 0 };

	w->longest = w->longest < FEATURE_LONGEST ? w->longest + 1 : FEATURE_LONGEST;
	for (unsigned i = space ? 2 : 1; i <= w->longest; i++)
		add(w, (struct word){ inside(w->at + 1 - i), inside(w->at + (last ? 0 : 1)) },
		    none);
	if (!space && !w->within)
		w->begun = w->at;
	if (!space)
		w->within = true;
	else if (w->within)
		end_word(w);
	w->at++;
}

unsigned feature_place_all(struct str normal, struct feature_place *to, uint16_t *starts,
			   unsigned *ret_characters)
{
	struct walk w = { .to = to };
	uint32_t code = 0;
	unsigned n = 0;
	size_t i = 0, bytes;

	*ret_characters = 0;
	starts[0] = 0;
	if (normal.n == 0)
		return 0;
	walk_character(&w, true, false);
	while (i < normal.n && w.n + 2 * AT_ONCE <= FEATURE_MOST) {
		bytes = utf8_decode(str_sub(normal, i, normal.n), &code);
		if (bytes == 0)
			break;
		walk_character(&w, code == ' ', false);
		i += bytes;
		starts[++n] = (uint16_t)i;
	}
	walk_character(&w, true, true);
	*ret_characters = n;
	return w.n;
}
