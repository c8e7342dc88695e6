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

bool price_read(struct str text, struct str currency, int64_t *ret_price, int *ret_digits)
{
	int digits = currency_digits(currency);
	char room[TEXT_MOST + 4];
	struct amount_reader r;
	struct currency_sign sign;
	struct amount m;
	struct str s;
	size_t n;

	if (!fold(text, room, &s))
		return false;
	if (!has_figure(s) && is_free(s)) {
		*ret_price = 0;
		*ret_digits = digits;
		return true;
	}
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
	if (!amount_end(&r, &m) || !minor_units(&m, digits, ret_price))
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
