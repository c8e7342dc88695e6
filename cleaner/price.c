#include "cleaner/price.h"

#include "base/normal.h"
#include "base/utf8.h"
#include "cleaner/amount.h"
#include "cleaner/currency.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MOST 256

/* Spaces of every width and full-width forms as their ASCII counterparts, so
 * that the reader meets one spelling; 0: leave it out. */
static uint32_t folded(uint32_t c)
{
	if (c == '\t' || c == '\n' || c == '\r' || c == 0xa0 || c == 0x3000 || c == 0x202f ||
	    (c >= 0x2000 && c <= 0x200a))
		return ' ';
	if ((c >= 0x200b && c <= 0x200f) || c == 0xfeff || c == 0xfe0f)
		return 0;
	if (c >= 0xff01 && c <= 0xff5e)
		return c - 0xff01 + '!';
	switch (c) {
	case 0x2019:
		return '\'';
	case 0xffe1:
		return 0xa3; /* pound */
	case 0xffe5:
		return 0xa5; /* yen */
	case 0xffe6:
		return 0x20a9; /* won */
	default:
		return c;
	}
}

/* False: not text, or too long to be a price. */
static bool fold(struct str text, char to[TEXT_MOST + 4], struct str *ret)
{
	uint32_t code;
	size_t n, at = 0;

	if (text.n > TEXT_MOST)
		return false;
	for (; text.n; text = str_sub(text, n, text.n)) {
		n = utf8_decode(text, &code);
		if (!n)
			return false;
		code = folded(code);
		if (!code || (code == ' ' && (at == 0 || to[at - 1] == ' ')))
			continue;
		at += utf8_encode(code, to + at);
	}
	*ret = str_trim((struct str){ to, at });
	return true;
}

static bool has_figure(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return false;
}

static bool is_free(struct str text)
{
	static const char *const words[] = { "무료나눔", "무료 나눔", "나눔", "무료", "free" };
	char form[TEXT_MOST + 4];
	struct str clean = { form, normal_title(text, form, sizeof(form)) };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_is(clean, words[i]))
			return true;
	return false;
}

/* What may stand around an amount and says nothing: "US$:12.99", "19,-", "5.00 *". */
static size_t noise(struct str s, bool after)
{
	static const char *const tails[] = { ",", "-", "–", "—" };

	/* ".75": its 0 is left out, or a typing error. */
	if (s.p[0] == '.')
		return s.n == 1 || s.p[1] < '0' || s.p[1] > '9';
	if (s.p[0] == ' ' || s.p[0] == '*' || s.p[0] == ':' || s.p[0] == '!')
		return 1;
	for (size_t i = 0; after && i < sizeof(tails) / sizeof(tails[0]); i++)
		if (str_starts(s, str_of(tails[i])))
			return strlen(tails[i]);
	return 0;
}

/* Exact in minor units, but for money of two digits and more, which is rounded. */
static bool minor_units(const struct amount *m, int digits, int64_t *ret)
{
	int64_t v = m->value, rest = 0;
	int scale = m->scale;

	for (; scale < digits; scale++)
		if (__builtin_mul_overflow(v, 10, &v))
			return false;
	for (; scale > digits; scale--) {
		if (digits == 0 && v % 10)
			return false;
		rest = v % 10;
		v /= 10;
	}
	v += rest >= 5;
	if (v > PRICE_MOST)
		return false;
	*ret = v;
	return true;
}

/* All of the text is one amount, its sign and noise. */
static bool read_whole(struct str s, int digits, struct str currency, struct amount *ret)
{
	struct amount_reader r;
	struct currency_sign sign;
	size_t n;

	amount_init(&r, digits);
	while (s.n) {
		n = amount_take(&r, s);
		if (!n)
			n = noise(s, r.started);
		if (!n) {
			n = currency_sign(s, &sign);
			if (n && !currency_fits(&sign, currency))
				return false;
		}
		if (!n)
			return false;
		s = str_sub(s, n, s.n);
	}
	return amount_end(&r, ret);
}

/* An amount among words. */
struct phrase {
	struct amount amount;
	size_t from, end; /* in the text */
	bool good;	  /* means one amount */
	bool signed_;	  /* beside a currency's sign, or counted as only money is */
	bool fits;	  /* that of the source */
	bool counted;	  /* with words for ten thousand and the like */
};

static bool is_figure(struct str s, size_t i)
{
	return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

static bool is_latin(struct str s, size_t i)
{
	return i < s.n && ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z');
}

/* A Korean syllable. */
static bool is_syllable(struct str s, size_t i)
{
	uint32_t code = 0;

	return i < s.n && utf8_decode(str_sub(s, i, 4), &code) && code >= 0xac00 && code <= 0xd7a3;
}

/* Two figures and no third: cents. */
static bool are_cents(struct str s, size_t i)
{
	return is_figure(s, i) && is_figure(s, i + 1) && !is_figure(s, i + 2);
}

static void add_cents(struct amount *m, const char *two)
{
	m->value = (m->value * 10 + (two[0] - '0')) * 10 + (two[1] - '0');
	m->scale = 2;
}

/* Whether cents stand there, and nothing that goes on from them. */
static bool end_cents(struct str s, size_t at)
{
	return are_cents(s, at) && !is_latin(s, at + 2);
}

/* Cents after a blank, "119. 95"; bytes of it. */
static size_t cents_apart(struct str s, size_t at, struct amount *m)
{
	if (m->scale || m->value > PRICE_MOST / 100 || at + 1 >= s.n ||
	    (s.p[at] != '.' && s.p[at] != ',') || s.p[at + 1] != ' ' || !end_cents(s, at + 2))
		return 0;
	add_cents(m, s.p + at + 2);
	return 4;
}

/* Cents after the sign, "35€ 99"; bytes of them. */
static size_t cents_behind(struct str s, size_t at, struct amount *m)
{
	size_t blank = at < s.n && s.p[at] == ' ';

	if (m->scale || m->value > PRICE_MOST / 100 || !end_cents(s, at + blank) ||
	    (at + blank + 2 < s.n && s.p[at + blank + 2] != ' '))
		return 0;
	add_cents(m, s.p + at + blank);
	return blank + 2;
}

/* Numbers and counting words from `p->from` on, until a second number. */
static void take_phrase(struct str s, int digits, struct phrase *p)
{
	struct amount_reader r;
	size_t at = p->from, n;

	amount_init(&r, digits);
	for (;;) {
		size_t blank = r.started && at < s.n && s.p[at] == ' ';

		if (r.held && is_figure(s, at + blank))
			break;
		n = amount_take(&r, str_sub(s, at + blank, s.n));
		if (!n)
			break;
		at += blank + n;
	}
	p->good = amount_end(&r, &p->amount);
	p->counted = p->signed_ = r.big || r.small;
	p->end = at;
	if (p->good && !p->signed_)
		p->end += cents_apart(s, at, &p->amount);
	/* 010 is of a telephone */
	if (s.p[p->from] == '0' && is_figure(s, p->from + 1) && !p->amount.scale)
		p->good = false;
}

/* ".75", "$.75". */
static bool take_cents(struct str s, struct phrase *p)
{
	size_t i = p->from;

	if (s.p[i] != '.' || !are_cents(s, i + 1) || (i && is_figure(s, i - 1)))
		return false;
	*p = (struct phrase){ .from = i, .end = i + 3, .good = true };
	add_cents(&p->amount, s.p + i + 1);
	/* ".75,333" is no price */
	if (p->end < s.n && strchr(".,", s.p[p->end]) && is_figure(s, p->end + 1))
		p->good = false;
	return true;
}

static void heed(struct phrase *p, const struct currency_sign *sign, struct str currency)
{
	p->fits &= currency_fits(sign, currency);
	p->signed_ = true;
}

static const char *skip_marks(struct str s, size_t at)
{
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == ':' || s.p[at] == '.'))
		at++;
	return s.p + at;
}

/* The sign right before; its end stood at `sign_end`, 0: there was none. */
static bool adjoins(struct str s, size_t sign_end, size_t from)
{
	return sign_end && skip_marks(s, sign_end) >= s.p + from;
}

/* What stands right behind tells whether it is an amount of money at all: 15%, 16GB,
 * 3개, 12-34 are none. */
static bool look_behind(struct str s, struct phrase *p, struct str currency)
{
	struct str rest = str_sub(s, p->end, s.n), gap = rest;
	struct currency_sign sign;
	size_t n;

	while (gap.n && gap.p[0] == ' ')
		gap = str_sub(gap, 1, gap.n);
	n = currency_sign(gap, &sign);
	if (n) {
		heed(p, &sign, currency);
		p->end = s.n - gap.n + n;
		if (!p->counted && strcmp(sign.code, "EUR") == 0)
			p->end += cents_behind(s, p->end, &p->amount);
		return true;
	}
	/* "만원", but "백오십" is a word */
	if (!is_figure(s, p->from))
		return s.p[p->from] == '.';
	if (!gap.n || p->counted)
		return true;
	if (gap.p[0] == '%' || is_latin(rest, 0) || is_syllable(rest, 0))
		return false;
	/* a telephone number, a date */
	return p->signed_ || !((rest.p[0] == '-' && is_figure(rest, 1)) || rest.p[0] == '/');
}

/* Where letters or a minus touch it, it is none either: x2, -5000. */
static bool look_before(struct str s, size_t from, size_t sign_end)
{
	if (from == 0)
		return true;
	if (s.p[from - 1] == '-' || s.p[from - 1] == '.' || s.p[from - 1] == ',')
		return false;
	return sign_end == from || !is_latin(s, from - 1);
}

static bool starts_phrase(struct str s, size_t i)
{
	struct amount_reader r;

	if (is_figure(s, i))
		return true;
	/* "만원"; within words they count nothing */
	if ((unsigned char)s.p[i] < 0x80 || (i > 0 && s.p[i - 1] != ' '))
		return false;
	amount_init(&r, 0);
	return amount_take(&r, str_sub(s, i, s.n)) > 0;
}

static bool speaks_of_price(struct str s)
{
	static const char *const words[] = { "price", "cena", "цена",	"가격",	  "판매가", "정가",
					     "preis", "prix", "precio", "prezzo", "vat",    "gst" };
	char form[TEXT_MOST + 4];
	struct str clean = { form, normal_title(s, form, sizeof(form)) };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_find(clean, str_of(words[i])) >= 0)
			return true;
	return false;
}

/* The next amount from `*at` on; false: there is none. */
static bool next_phrase(struct str s, size_t *at, int digits, struct str currency,
			struct phrase *ret)
{
	struct currency_sign sign, before = { 0 };
	size_t n = 0, sign_end = 0;

	for (size_t i = *at; i < s.n; i += n ? n : 1) {
		*ret = (struct phrase){ .from = i };
		if (!take_cents(s, ret)) {
			if (!starts_phrase(s, i)) {
				n = is_latin(s, i) && i && is_latin(s, i - 1)
					    ? 0
					    : currency_sign(str_sub(s, i, s.n), &sign);
				if (n) {
					before = sign;
					sign_end = i + n;
				}
				continue;
			}
			take_phrase(s, digits, ret);
		}
		n = ret->end - i;
		if (s.p[i] != '.' && !look_before(s, i, sign_end))
			continue;
		ret->fits = true;
		if (adjoins(s, sign_end, i))
			heed(ret, &before, currency);
		if (!look_behind(s, ret, currency))
			continue;
		*at = ret->end;
		return true;
	}
	return false;
}

/* "26 to 50 €": only the second has the sign. */
static bool is_range(struct str between)
{
	static const char *const words[] = { "-", "–", "—", "~", "to", "bis", "до", "a" };

	between = str_trim(between);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_is(between, words[i]))
			return true;
	return false;
}

/* Amounts among words. The first that stands beside a currency's sign is what the text is
 * about; without any there has to be one amount, and the text has to say that it is a
 * price. */
static bool read_among(struct str s, int digits, struct str currency, struct amount *ret)
{
	struct phrase p, first = { 0 };
	size_t at = 0;
	int n = 0;

	for (; next_phrase(s, &at, digits, currency, &p); n++) {
		if (p.signed_) {
			/* of "10~15만" the first may be 10 or 100,000 */
			bool range = n > 0 && !p.counted &&
				     is_range(str_sub(s, first.end, p.from - first.end));

			*ret = range ? first.amount : p.amount;
			return p.good && p.fits && (n == 0 || !p.counted) && (!range || first.good);
		}
		first = p;
	}
	*ret = first.amount;
	return n == 1 && first.good && speaks_of_price(s);
}

bool price_read(struct str text, struct str currency, int64_t *ret_price, int *ret_digits)
{
	int digits = currency_digits(currency);
	char room[TEXT_MOST + 4];
	struct amount m;
	struct str s;

	if (!fold(text, room, &s))
		return false;
	if (!has_figure(s) && is_free(s)) {
		*ret_price = 0;
		*ret_digits = digits;
		return true;
	}
	if (!read_whole(s, digits, currency, &m) && !read_among(s, digits, currency, &m))
		return false;
	if (!minor_units(&m, digits, ret_price))
		return false;
	*ret_digits = digits;
	return true;
}

bool price_currency(struct str text, struct str usual, char to[4])
{
	char room[TEXT_MOST + 4], before = ' ';
	struct currency_sign sign;
	struct str s;

	if (!fold(text, room, &s))
		return false;
	for (; s.n; s = str_sub(s, 1, s.n)) {
		bool inside = (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z');

		if (!inside && currency_sign(s, &sign)) {
			if (usual.n != 3 || !currency_fits(&sign, usual))
				usual = str_sub(str_of(sign.code), 0, 3);
			memcpy(to, usual.p, 3);
			to[3] = 0;
			return true;
		}
		before = s.p[0];
	}
	return false;
}

/* The same figure in every place, or each one more than the one before from 1
 * up, or one less from 9 down. */
static const char *pattern(const char *d, size_t n)
{
	size_t same = 1, up = 1, down = 1;

	for (size_t i = 1; i < n; i++) {
		same += d[i] == d[0];
		up += d[i] == d[i - 1] + 1;
		down += d[i] == d[i - 1] - 1;
	}
	if (same == n)
		return "one figure repeated";
	if ((up == n && d[0] == '1') || (down == n && d[0] == '9'))
		return "figures in a row";
	return NULL;
}

/* From 400,000 Korean second-hand listings: at or above 100 million won all
 * were wanted ads and fillers, below 100 won there was nothing, and 1111,
 * 9999999, 12345 stand for "ask me". Sites that round to tens turn 9999999 into
 * 9999990; with fewer figures that may be meant (99,990). */
bool price_joke(int64_t price, struct str currency, char to[64])
{
	const char *why = NULL;
	char d[24];
	int n;

	if (price <= 0 || !str_eq_nocase(currency, STR("KRW")))
		return false;
	n = snprintf(d, sizeof(d), "%lld", (long long)price);
	if (price < 100)
		why = "under 100 won";
	else if (n >= 4)
		why = pattern(d, (size_t)n);
	if (!why && n >= 7 && d[n - 1] == '0')
		why = pattern(d, (size_t)n - 1);
	if (!why && price >= 100000000)
		why = "100 million won or more";
	if (!why)
		return false;
	snprintf(to, 64, "price %s: %s", d, why);
	return true;
}
