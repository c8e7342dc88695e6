#include "cleaner/size.h"

#include <stdio.h>

static const char *const letters[][2] = {
	{ "xxs", "xxs" }, { "xs", "xs" },   { "s", "s" },      { "m", "m" },	   { "l", "l" },
	{ "xl", "xl" },	  { "xxl", "xxl" }, { "xxxl", "3xl" }, { "xxxxl", "4xl" },
};

/* A number before one of these is an amount of something. */
static const char *const units[] = {
	"만",	"천",	"억", "년",	"월", "일",   "주",   "개", "장", "매",	  "권",
	"종",	"프로", "퍼", "대",	"번", "분",   "시간", "회", "도", "호",	  "세",
	"평",	"불",	"엔", "달러",	"팩", "켤레", "년대", "g",  "kg", "ml",	  "l",
	"cm",	"km",	"v",  "w",	"hz", "p",    "px",   "k",  "d",  "만원", "원",
	"주년", "s",	"t",  "주년판", "ma", "mah",  "x",
};
static const char *const unit_starts[] = { "만원", "천원", "원에", "주년", "퍼센트" };

static const struct str none = { "", 0 };

static struct str token(const struct size_tokens *t, int i)
{
	return i >= 0 && i < t->n ? t->at[i].text : none;
}

/* One that is not part of a known word. */
static struct str loose(const struct size_tokens *t, int i)
{
	return i >= 0 && i < t->n && !t->at[i].taken ? t->at[i].text : none;
}

static bool is_latin(struct str s)
{
	return s.n && s.p[0] >= 'a' && s.p[0] <= 'z';
}

static bool is_digits(struct str s)
{
	return s.n && s.p[0] >= '0' && s.p[0] <= '9';
}

/* A short number; -1: another token. */
static int number(struct str s)
{
	int v = 0;

	if (s.n == 0 || s.n > 4 || (s.n > 1 && s.p[0] == '0'))
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

static bool is_letter_size(struct str s)
{
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (str_is(s, letters[i][0]))
			return true;
	return false;
}

static bool is_chest(int v)
{
	return v >= 85 && v <= 115 && v % 5 == 0;
}

static bool is_shoe(int v)
{
	return v >= 220 && v <= 300 && v % 5 == 0;
}

/* As jackets are numbered in Europe. */
static bool is_jacket(int v)
{
	return v >= 44 && v <= 56 && v % 2 == 0;
}

static bool says_size(struct str s)
{
	return str_is(s, "size") || str_starts(s, STR("사이즈")) || str_starts(s, STR("싸이즈"));
}

static bool is_unit(struct str s)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_is(s, units[i]))
			return true;
	for (size_t i = 0; i < sizeof(unit_starts) / sizeof(unit_starts[0]); i++)
		if (str_starts(s, str_of(unit_starts[i])))
			return true;
	return false;
}

/* `v` between two texts; negative: only the texts. */
static bool found(struct size_found *ret, int tokens, const char *before, int v, const char *after)
{
	*ret = (struct size_found){ .tokens = tokens };
	if (v < 0)
		snprintf(ret->text, sizeof(ret->text), "%s%s", before, after);
	else
		snprintf(ret->text, sizeof(ret->text), "%s%d%s", before, v, after);
	return true;
}

static bool storage(const struct size_tokens *t, int i, struct size_found *ret)
{
	int v = number(loose(t, i));
	struct str unit = loose(t, i + 1);
	bool giga = str_is(unit, "gb") || str_starts(unit, STR("기가"));
	bool tera = str_is(unit, "tb") || str_starts(unit, STR("테라"));

	/* Grams, too, are written so. */
	if (str_is(unit, "g"))
		giga = v == 64 || v == 128 || v == 256 || v == 512;
	/* A power of two. */
	if (v < 1 || (v & (v - 1)) != 0 || !((giga && v >= 16 && v <= 1024) || (tera && v <= 16)))
		return false;
	found(ret, 2, "", v, giga ? "gb" : "tb");
	ret->storage = true;
	return true;
}

static bool waist(const struct size_tokens *t, int i, struct size_found *ret)
{
	int w = number(loose(t, i + 1)), l = number(loose(t, i + 3));

	if (!str_is(loose(t, i), "w") || w < 24 || w > 46)
		return false;
	if (!str_is(loose(t, i + 2), "l") || l < 26 || l > 38)
		return found(ret, 2, "w", w, "");
	*ret = (struct size_found){ .tokens = 4 };
	snprintf(ret->text, sizeof(ret->text), "w%dl%d", w, l);
	return true;
}

static bool country(const struct size_tokens *t, int i, struct size_found *ret)
{
	static const struct {
		const char *name, *as;
		int least, most;
	} systems[] = {
		{ "us", "us", 1, 16 },
		{ "uk", "uk", 1, 16 },
		{ "eu", "eu", 34, 58 },
		{ "eur", "eu", 34, 58 },
	};
	struct str name = loose(t, i);
	int v = number(loose(t, i + 1));
	bool half = str_is(loose(t, i + 2), "5");

	for (size_t k = 0; k < sizeof(systems) / sizeof(systems[0]); k++) {
		if (!str_is(name, systems[k].name) || v < systems[k].least || v > systems[k].most)
			continue;
		return found(ret, 2 + half, systems[k].as, v, half ? ".5" : "");
	}
	return false;
}

/* What may stand before and after "s", "m" or "l" so that it is a size. */
static bool stands_alone(const struct size_tokens *t, int i)
{
	struct str before = token(t, i - 1), after = token(t, i + 1);
	int v = number(after);

	if (says_size(before) || says_size(after))
		return true;
	if (is_digits(before) && !is_chest(number(before)))
		return false;
	if (is_latin(before) && before.n < 3 && !is_letter_size(before))
		return false;
	if (is_digits(after))
		return is_chest(v) || (i == 0 && v > 0);
	if (is_latin(after))
		return i == 0 || is_letter_size(after);
	return !str_starts(after, STR("급"));
}

static bool letter(const struct size_tokens *t, int i, struct size_found *ret)
{
	struct str s = loose(t, i), next = loose(t, i + 1);
	int v = number(s);

	if (v >= 2 && v <= 5 && str_is(next, "xl"))
		return found(ret, 2, "", v == 2 ? -1 : v, v == 2 ? "xxl" : "xl");
	for (size_t k = 0; k < sizeof(letters) / sizeof(letters[0]); k++)
		if (str_is(s, letters[k][0]) && (s.n > 1 || stands_alone(t, i)))
			return found(ret, 1, letters[k][1], -1, "");
	return false;
}

static bool measure(const struct size_tokens *t, int i, struct size_found *ret)
{
	int v = number(loose(t, i));
	struct str before = loose(t, i - 1), after = loose(t, i + 1);

	if (v < 0)
		return false;
	if (is_shoe(v) && str_is(after, "mm"))
		return found(ret, 2, "", v, "");
	if (v >= 22 && v <= 46 &&
	    (str_starts(after, STR("인치")) || str_is(after, "inch") || str_is(after, "in")))
		return found(ret, 2, "", v, "in");
	if (v <= 320 && says_size(after) && !is_unit(before) &&
	    !(is_latin(before) && before.n == 1)) /* A3 사이즈 */
		return found(ret, 2, "", v, "");
	/* A number this small is a size only where sellers put that. */
	if (!is_shoe(v) && !is_chest(v) && !(is_jacket(v) && (i == 0 || i + 1 == t->n)))
		return false;
	if (is_unit(token(t, i + 1)) || str_starts(token(t, i + 1), STR("0")))
		return false; /* an amount: 100 만원, 270,000 */
	if (is_latin(before) && before.n <= 3 && !is_letter_size(before))
		return false; /* a model's: wh 100, z 250 */
	if (is_digits(before) && !is_chest(number(before)) && !is_shoe(number(before)))
		return false;
	return found(ret, 1, "", v, "");
}

void size_split(struct str title, struct size_tokens *to)
{
	struct str each;

	to->n = 0;
	while (to->n < SIZE_MOST_TOKENS && str_next(&title, ' ', &each))
		to->at[to->n++] = (struct size_token){ .text = each };
}

bool size_read(const struct size_tokens *t, int i, struct size_found *ret)
{
	*ret = (struct size_found){ .tokens = 0 };
	return storage(t, i, ret) || waist(t, i, ret) || country(t, i, ret) || letter(t, i, ret) ||
	       measure(t, i, ret);
}
