#include "cleaner/amount.h"

#include <string.h>

/* Under 2^53 and far from overflow when one counting word is applied. */
#define MOST INT64_C(1000000000000000)
#define MOST_GROUPS 8
#define MOST_SCALE 6

static const struct {
	const char *text;
	int64_t times;
} words[] = {
	{ .text = "억", .times = 100000000 }, { .text = "億", .times = 100000000 },
	{ .text = "亿", .times = 100000000 }, { .text = "만", .times = 10000 },
	{ .text = "萬", .times = 10000 },     { .text = "万", .times = 10000 },
	{ .text = "천", .times = 1000 },      { .text = "千", .times = 1000 },
	{ .text = "백", .times = 100 },	      { .text = "百", .times = 100 },
	{ .text = "십", .times = 10 },	      { .text = "十", .times = 10 },
};

void amount_init(struct amount_reader *r, int digits)
{
	*r = (struct amount_reader){ .digits = digits };
}

/* Runs of figures and the mark before each. */
struct groups {
	struct str run[MOST_GROUPS];
	char mark[MOST_GROUPS];
	int n;
};

static size_t figures(struct str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return n;
}

/* A space only joins groups of three: "12 000", not "5 12". */
static bool joins(const struct groups *g, struct str rest)
{
	size_t next = figures(str_sub(rest, 1, rest.n));
	char mark;

	if (!rest.n)
		return false;
	mark = rest.p[0];
	if (mark == ',' || mark == '.' || mark == '\'')
		return next > 0;
	if (mark != ' ' || next != 3)
		return false;
	return g->n == 1 ? g->run[0].n <= 3 : g->mark[g->n - 1] == ' ';
}

/* Bytes of the number; 0 with too many groups. */
static size_t split(struct str s, struct groups *ret)
{
	size_t at = figures(s);

	ret->run[0] = str_sub(s, 0, at);
	ret->mark[0] = 0;
	ret->n = 1;
	while (joins(ret, str_sub(s, at, s.n))) {
		size_t n = figures(str_sub(s, at + 1, s.n));

		if (ret->n == MOST_GROUPS)
			return 0;
		ret->mark[ret->n] = s.p[at];
		ret->run[ret->n++] = str_sub(s, at + 1, n);
		at += 1 + n;
	}
	return at;
}

/* Groups 0 .. n-1 are thousands: one to three figures, then threes, one mark. */
static bool thousands(const struct groups *g, int n)
{
	if (n == 1)
		return true;
	if (g->run[0].n > 3)
		return false;
	for (int i = 1; i < n; i++)
		if (g->run[i].n != 3 || g->mark[i] != g->mark[1])
			return false;
	return true;
}

/* Whether the last group stands after a decimal mark. */
static bool has_fraction(const struct groups *g, int digits)
{
	struct str last = g->run[g->n - 1];
	char mark = g->mark[g->n - 1];

	if (g->n == 1 || (mark != '.' && mark != ','))
		return false;
	if (g->n > 2)
		return mark != g->mark[1];
	if (mark == ',')
		return last.n < 3 || str_is(g->run[0], "0");
	return last.n != 3 || g->run[0].n > 3 || str_is(g->run[0], "0") || digits == 3;
}

static bool append(int64_t *to, struct str run)
{
	for (size_t i = 0; i < run.n; i++) {
		*to = *to * 10 + (run.p[i] - '0');
		if (*to > MOST)
			return false;
	}
	return true;
}

static bool join(const struct groups *g, int digits, struct amount *ret)
{
	bool fraction = has_fraction(g, digits);
	int whole = g->n - fraction;
	struct amount m = { 0 };
	struct str last = g->run[g->n - 1];

	if (!thousands(g, whole))
		return false;
	for (int i = 0; i < whole; i++)
		if (!append(&m.value, g->run[i]))
			return false;
	if (fraction) {
		/* Machines print 1.11000000000000009770; no money has so many. */
		last = str_sub(last, 0, MOST_SCALE);
		while (last.n && last.p[last.n - 1] == '0')
			last.n--;
		m.scale = (int)last.n;
		if (!append(&m.value, last))
			return false;
	}
	*ret = m;
	return true;
}

static size_t take_number(struct amount_reader *r, struct str s)
{
	struct groups g;
	size_t n = split(s, &g);

	if (!n || r->held || !join(&g, r->digits, &r->hold))
		r->bad = true;
	r->held = true;
	return n ? n : figures(s);
}

/* What stands before a counting word, times that word; exact. */
static bool times(struct amount_reader *r, int64_t add, int64_t by, int64_t *ret)
{
	int64_t v = add;

	if (r->held) {
		v = r->hold.value;
		for (int i = 0; i < r->hold.scale; i++) {
			if (by % 10)
				return false;
			by /= 10;
		}
		/* "2천500만": both counts are of 만. */
		if (add && r->hold.scale)
			return false;
		v += add;
	} else if (!add) {
		v = 1; /* "만원", "천원" */
	}
	return !__builtin_mul_overflow(v, by, ret) && *ret <= MOST;
}

static void take_word(struct amount_reader *r, int64_t by)
{
	int64_t v;

	if (by < 10000) {
		if ((r->small && by >= r->small) || !times(r, 0, by, &v)) {
			r->bad = true;
			return;
		}
		r->part += v;
		r->small = by;
	} else {
		if ((r->big && by >= r->big) || !times(r, r->part, by, &v) || r->total + v > MOST) {
			r->bad = true;
			return;
		}
		r->total += v;
		r->part = 0;
		r->small = 0;
		r->big = by;
	}
	r->held = false;
}

size_t amount_take(struct amount_reader *r, struct str s)
{
	if (figures(s)) {
		r->started = true;
		return take_number(r, s);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_starts(s, str_of(words[i].text))) {
			r->started = true;
			take_word(r, words[i].times);
			return strlen(words[i].text);
		}
	}
	return 0;
}

bool amount_end(const struct amount_reader *r, struct amount *ret)
{
	int64_t least = r->small ? r->small : r->big, v = r->total + r->part;

	if (!r->started || r->bad)
		return false;
	if (!least) {
		*ret = r->hold;
		return true;
	}
	/* "1억 2천" is 1억 2천만 to everybody. */
	if (r->big == 100000000 && r->part && !r->held)
		v = r->total + r->part * 10000;
	/* "15만 5" means 5천, "1억 5000" means 5000만, to some: only "1만 5000원",
	 * "3천 500원" are clear. */
	if (r->held) {
		if (r->hold.scale || r->hold.value < 100 || r->hold.value >= least ||
		    r->big == 100000000)
			return false;
		v += r->hold.value;
	}
	if (v > MOST)
		return false;
	*ret = (struct amount){ .value = v };
	return true;
}
