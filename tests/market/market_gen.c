#include "market_gen.h"

#include "market_data.h"
#include "market_words.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/rng.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

#define FIRST_PID 300000000
#define PID_STEP 23
#define FIRST_SEEN 1735689600 /* 2025-01-01 */
#define SEEN_STEP 61
#define DAY 86400

/* Shares in percent of all rows; tenths where written so. */
#define REPOST_PERCENT 12
#define WRONG_PERCENT 8
#define WANTED_TENTHS 12
#define JOKE_TENTHS 18
#define HOLLOW_TENTHS 6
#define TYPO_PERCENT 3
#define EMOJI_PERCENT 4

/* What a repost needs of the row that it repeats. */
struct kept {
	size_t title, title_n; /* in the output */
	int leaf, brand;
};

struct making {
	struct rng rng;
	struct buf title; /* of the row in hand */
	const struct words_leaf *leaf;
	const struct words_brand *brand;
	struct buf *to;
	struct kept *kept;
};

static bool chance(struct making *m, uint64_t of, uint64_t in)
{
	return rng_below(&m->rng, in) < of;
}

static const char *pick(struct making *m, const char *const *list, size_t most)
{
	size_t n = 0;

	while (n < most && list[n])
		n++;
	must(n > 0);
	return list[rng_below(&m->rng, n)];
}

static const char *pick_any(struct making *m, const char *const *list)
{
	return pick(m, list, SIZE_MAX);
}

static int pick_leaf(struct making *m)
{
	int total = 0, i;
	int64_t at;

	for (i = 0; i < market_leaves_n; i++)
		total += market_leaves[i].share;
	at = (int64_t)rng_below(&m->rng, (uint64_t)total);
	for (i = 0; at >= market_leaves[i].share; i++)
		at -= market_leaves[i].share;
	return i;
}

static int pick_brand(struct making *m, int kind)
{
	int i;

	do
		i = (int)rng_below(&m->rng, (uint64_t)market_words_n_brands);
	while (!(market_words_brands[i].kinds & kind));
	return i;
}

static const char *wearer(struct making *m)
{
	bool woman = m->leaf->kind == WORDS_WOMEN;

	if (!chance(m, woman ? 70 : 30, 100) || m->leaf->kind > WORDS_WOMEN)
		return "";
	return pick_any(m, woman ? market_words_women : market_words_men);
}

static void add_season(struct making *m)
{
	static const char *const halves[] = { "FW", "SS", "fw", "ss", "F/W", "S/S" };
	static const char *const before[] = { "", "", "20" };
	static const char *const between[] = { "", " ", " " };
	uint64_t form = rng_below(&m->rng, 3);
	int year = 16 + (int)rng_below(&m->rng, 9);

	buf_fmt(&m->title, "%s%d%s%s", before[form], year, between[form],
		halves[rng_below(&m->rng, 6)]);
}

static void add_style_number(struct making *m)
{
	buf_fmt(&m->title, "%c%c%04d", (char)('A' + rng_below(&m->rng, 26)),
		(char)('A' + rng_below(&m->rng, 26)), (int)rng_below(&m->rng, 10000));
}

static void add_slot(struct making *m, char slot)
{
	struct buf *t = &m->title;

	switch (slot) {
	case 'B':
		buf_add_text(t, m->brand->ko);
		break;
	case 'b':
		buf_add_text(t, m->brand->en);
		break;
	case 'D':
		buf_add_text(t, pick(m, m->leaf->details, WORDS_LIST));
		break;
	case 'G':
		buf_add_text(t, pick(m, m->leaf->nouns, WORDS_LIST));
		break;
	case 'C':
		buf_add_text(t, pick_any(m, market_words_colours));
		break;
	case 'S':
		buf_add_text(t, pick(m, market_words_sizes[m->leaf->size], WORDS_LIST));
		break;
	case 'K':
		buf_add_text(t, pick_any(m, market_words_conditions));
		break;
	case 'E':
		buf_add_text(t, pick_any(m, market_words_endings));
		break;
	case 'W':
		buf_add_text(t, wearer(m));
		break;
	case 'Y':
		add_season(m);
		break;
	case 'N':
		add_style_number(m);
		break;
	default:
		buf_add_char(t, slot);
	}
}

/* Slots that came out empty leave two spaces; a seller would write one. */
static void single_spaces(struct buf *b)
{
	size_t from, to = 0;

	for (from = 0; from < b->n; from++)
		if (b->p[from] != ' ' || (to > 0 && b->p[to - 1] != ' '))
			b->p[to++] = b->p[from];
	while (to > 0 && b->p[to - 1] == ' ')
		to--;
	b->n = to;
	b->p[to] = 0;
}

/* Drops one character that is not the first, or writes one twice. */
static void add_typo(struct making *m)
{
	struct buf *t = &m->title;
	size_t at = 1 + rng_below(&m->rng, t->n - 1), len;
	char twice[4];

	while (at > 0 && ((unsigned char)t->p[at] & 0xc0) == 0x80)
		at--;
	len = utf8_length(str_sub(buf_str(t), at, t->n));
	if (at == 0 || len == 0)
		return;
	if (chance(m, 1, 2)) {
		memmove(t->p + at, t->p + at + len, t->n - at - len);
		t->n -= len;
		t->p[t->n] = 0;
		return;
	}
	memcpy(twice, t->p + at, len);
	buf_add(t, (struct str){ twice, len });
	memmove(t->p + at + len, t->p + at, t->n - at - len);
}

static void make_title(struct making *m)
{
	const char *form;
	bool wanted = chance(m, WANTED_TENTHS, 1000);

	buf_clear(&m->title);
	if (chance(m, HOLLOW_TENTHS, 1000)) {
		buf_add_text(&m->title, pick_any(m, market_words_hollow));
		return;
	}
	form = pick_any(m, wanted ? market_words_wanted : market_words_titles);
	for (; *form; form++)
		add_slot(m, *form);
	single_spaces(&m->title);
	if (chance(m, TYPO_PERCENT, 100))
		add_typo(m);
	if (chance(m, EMOJI_PERCENT, 100))
		buf_add_text(&m->title, pick_any(m, market_words_emoji));
}

/* A normal number, near enough (Irwin-Hall). */
static double bell(struct making *m)
{
	double sum = -6;
	int i;

	for (i = 0; i < 12; i++)
		sum += rng_unit(&m->rng);
	return sum;
}

static int64_t make_price(struct making *m)
{
	double won = (double)m->leaf->won * m->brand->percent / 100 * exp(0.55 * bell(m));
	int64_t step = won < 20000 ? 500 : 1000;

	if (chance(m, JOKE_TENTHS, 1000))
		return market_words_jokes[rng_below(&m->rng, (uint64_t)market_words_n_jokes)];
	return ((int64_t)won / step + 1) * step;
}

static int make_status(struct making *m)
{
	uint64_t x = rng_below(&m->rng, 100);

	return x < 74 ? 0 : x < 79 ? 1 : x < 81 ? 2 : 3;
}

/* Half of the sellers who err choose a neighbour in the same group. */
static int wrong_leaf(struct making *m, int leaf)
{
	bool near = chance(m, 1, 2);
	int i, tries;

	for (tries = 0; tries < 200; tries++) {
		i = pick_leaf(m);
		if (i == leaf)
			continue;
		if (!near || strncmp(market_leaves[i].id, market_leaves[leaf].id, 6) == 0)
			return i;
	}
	return leaf;
}

static void add_row(struct making *m, uint32_t i, int placed, struct kept *k)
{
	const struct words_leaf *leaf = &market_leaves[placed];
	uint64_t pid = FIRST_PID + (uint64_t)i * PID_STEP + rng_below(&m->rng, PID_STEP);
	uint64_t seen =
		FIRST_SEEN + (uint64_t)i * SEEN_STEP + rng_below(&m->rng, (uint64_t)3 * DAY);
	int64_t price = make_price(m);

	buf_fmt(m->to, "%llu\t", (unsigned long long)pid);
	k->title = m->to->n;
	k->title_n = m->title.n;
	buf_add(m->to, buf_str(&m->title));
	buf_fmt(m->to, "\t%s\t%s\t%lld\t%d\t%s\t%llu\t", leaf->id, leaf->path, (long long)price,
		make_status(m), m->brand->ko, (unsigned long long)seen);
	buf_fmt(m->to, "https://media.bunjang.co.kr/product/%llu_1_%llu_w{res}.jpg\n",
		(unsigned long long)pid, (unsigned long long)seen);
}

static void make_row(struct making *m, uint64_t seed, uint32_t i)
{
	struct kept *k = &m->kept[i];
	int placed;

	m->rng.state = hash64_join(seed, i);
	if (i > 0 && chance(m, REPOST_PERCENT, 100)) {
		*k = m->kept[rng_below(&m->rng, i)];
		buf_clear(&m->title);
		buf_add(&m->title, str_sub(buf_str(m->to), k->title, k->title_n));
		m->leaf = &market_leaves[k->leaf];
		m->brand = &market_words_brands[k->brand];
	} else {
		k->leaf = pick_leaf(m);
		m->leaf = &market_leaves[k->leaf];
		k->brand = pick_brand(m, m->leaf->kind);
		m->brand = &market_words_brands[k->brand];
		make_title(m);
	}
	placed = chance(m, WRONG_PERCENT, 100) ? wrong_leaf(m, k->leaf) : k->leaf;
	add_row(m, i, placed, k);
}

void market_gen_rows(uint64_t seed, uint32_t count, struct buf *to)
{
	struct making m = { .to = to, .kept = mem_array((size_t)count + 1, sizeof(*m.kept)) };
	uint32_t i;

	buf_init(&m.title, 4096);
	buf_add_text(to, MARKET_DATA_HEADER "\n");
	for (i = 0; i < count; i++)
		make_row(&m, seed, i);
	buf_done(&m.title);
	mem_free(m.kept);
}
