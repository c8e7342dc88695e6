#include "cleaner/mask.h"

#include "base/utf8.h"

#include <string.h>

#define MOST_DIGITS 12
#define MOST_GAP 3 /* characters between two figures of a number */

/* A figure of a telephone number, as people write it to be read by people alone. */
struct figure {
	size_t at, n;
	int value;
	bool plain; /* 0 to 9 */
	bool apart; /* something stands between it and the one before */
};

static bool is_figure(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool figure_at(struct str s, size_t at, struct figure *ret)
{
	static const char *const words[] = { "공영", "일", "이", "삼", "사",
					     "오",   "육", "칠", "팔", "구" };
	struct str rest = str_sub(s, at, 4);
	uint32_t code;

	*ret = (struct figure){ .at = at, .n = utf8_decode(rest, &code) };
	if (!ret->n)
		return false;
	if (code < 0x80 && is_figure(rest.p[0])) {
		ret->value = rest.p[0] - '0';
		ret->plain = true;
		return true;
	}
	if (code >= 0xff10 && code <= 0xff19) {
		ret->value = (int)(code - 0xff10);
		ret->plain = true;
		return true;
	}
	if (code < 0x80 && strchr("oOlI", rest.p[0])) {
		ret->value = (rest.p[0] | 32) == 'o' ? 0 : 1;
		return rest.p[0] != 0;
	}
	for (int i = 0; i < 10 && code >= 0xac00; i++)
		if (str_find(str_of(words[i]), str_sub(rest, 0, 3)) >= 0) {
			ret->value = i;
			return true;
		}
	return false;
}

/* What may stand between two figures. */
static size_t gap(struct str s)
{
	static const char *const marks[] = { "·", "–", "—", "ㅡ", "～", "－", "．" };

	if (s.n && strchr(" -._,~/()*:", s.p[0]))
		return 1;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (str_starts(s, str_of(marks[i])))
			return strlen(marks[i]);
	return 0;
}

/* Figures from `at` on; how many. */
static int figures(struct str s, size_t at, struct figure *f)
{
	int n = 0;
	size_t step;

	while (n < MOST_DIGITS) {
		bool apart = false;

		for (int i = 0; n && i < MOST_GAP && !figure_at(s, at, &f[n]) &&
				(step = gap(str_sub(s, at, s.n)));
		     i++) {
			at += step;
			apart = true;
		}
		if (!figure_at(s, at, &f[n]))
			break;
		f[n].apart = apart;
		at += f[n++].n;
	}
	return n;
}

static bool plain(const struct figure *f, int n)
{
	for (int i = 0; i < n; i++)
		if (!f[i].plain)
			return false;
	return true;
}

/* Figures `at` .. are groups of these sizes, and nothing else. */
static bool grouped(const struct figure *f, int at, const int *groups, int n)
{
	for (int g = 0; g < n; g++) {
		if (!f[at].apart && g)
			return false;
		for (int i = 1; i < groups[g]; i++)
			if (f[at + i].apart)
				return false;
		at += groups[g];
	}
	return true;
}

/* Figures of the number that they begin with; 0: of none. */
static int number(const struct figure *f, int n)
{
	static const int wired[][3] = { { 2, 3, 4 }, { 2, 4, 4 }, { 3, 3, 4 },
					{ 3, 4, 4 }, { 4, 3, 4 }, { 4, 4, 4 } };

	if (n < 9 || f[0].value != 0)
		return 0;
	/* 010 has eight more; the older 011, 016 to 019 seven or eight */
	if (f[1].value == 1 && f[2].value == 0)
		return n >= 11 ? 11 : 0;
	if (f[1].value == 1 && (f[2].value == 1 || f[2].value >= 6))
		return n >= 11 && f[7].apart ? 11 : n >= 10 ? 10 : 0;
	/* others could be anything unless they are written as such */
	for (size_t i = 0; i < sizeof(wired) / sizeof(wired[0]); i++) {
		int all = wired[i][0] + wired[i][1] + wired[i][2];

		if (n >= all && f[1].value != 0 && plain(f, all) && grouped(f, 0, wired[i], 3) &&
		    (n == all || f[all].apart))
			return all;
	}
	return 0;
}

/* Offset behind the number that stands at `at`, whose first `keep` figures stay; 0: none. */
static size_t telephone(struct str s, size_t at, char *to)
{
	struct figure f[MOST_DIGITS + 1];
	size_t from = at;
	int n, all, keep = 3;

	if (at && is_figure(s.p[at - 1]))
		return 0;
	/* +82 10: as 010 */
	if (str_starts(str_sub(s, at, s.n), STR("+82"))) {
		from += 3;
		from += gap(str_sub(s, from, s.n));
		n = figures(s, from, f + 1) + 1;
		f[0] = (struct figure){ .value = 0, .plain = true };
		if (n > 1 && f[1].value == 0)
			return 0;
	} else {
		n = figures(s, at, f);
	}
	all = number(f, n < MOST_DIGITS ? n : MOST_DIGITS);
	if (!all)
		return 0;
	from = f[all - 1].at + f[all - 1].n;
	/* part of a longer one: a barcode */
	if (from < s.n && is_figure(s.p[from]) && f[all - 1].plain)
		return 0;
	for (int i = keep; i < all; i++)
		memset(to + f[i].at, 1, f[i].n);
	return from;
}

static bool is_local(char c)
{
	return is_letter(c) || is_figure(c) || strchr("._-+", c);
}

/* The @ at `at`: its address. */
static size_t mail(struct str s, size_t at, char *to)
{
	size_t from = at, end = at + 1, dot = 0;

	while (from && s.p[from - 1] && is_local(s.p[from - 1]))
		from--;
	while (end < s.n && s.p[end] && (is_local(s.p[end]))) {
		if (s.p[end] == '.' && end + 2 < s.n && is_letter(s.p[end + 1]))
			dot = end;
		end++;
	}
	if (from == at || !dot)
		return 0;
	for (size_t i = from; i < end; i++)
		if (is_letter(s.p[i]) || is_figure(s.p[i]))
			to[i] = 1;
	return end;
}

static bool take(struct str s, size_t *at, const char *const *words)
{
	for (; *words; words++) {
		struct str w = str_of(*words);

		if (str_eq_nocase(str_sub(s, *at, w.n), w)) {
			*at += w.n;
			return true;
		}
	}
	return false;
}

/* "카톡: abc_123"; the word at `at`. */
static size_t kakao(struct str s, size_t at, char *to)
{
	static const char *const names[] = { "카카오톡",  "카톡",  "까톡", "ㅋㅌ",
					     "kakaotalk", "kakao", NULL };
	static const char *const between[] = { " ",  ":",    "아이디", "아이디는", "id", "ID", "는",
					       "은", "문의", "주세요", "으로",	   "로", "=",  "-",
					       "(",  "@",    "☞",      "→",	   NULL };
	static const char *const chat[] = { "open.kakao.com/o/", NULL };
	size_t end, digits = 0;

	if (take(s, &at, chat)) {
		for (end = at; end < s.n && (is_letter(s.p[end]) || is_figure(s.p[end])); end++)
			to[end] = 1;
		return end;
	}
	if ((at && is_letter(s.p[at - 1]) && is_letter(s.p[at])) || !take(s, &at, names))
		return 0;
	while (take(s, &at, between))
		;
	for (end = at; end < s.n && s.p[end] && is_local(s.p[end]) && s.p[end] != '+'; end++)
		digits += is_figure(s.p[end]);
	/* "카톡 ok" is no id */
	if (end - at < 4 && !(end - at == 3 && digits))
		return 0;
	memset(to + at, 1, end - at);
	return end;
}

/* Marks what is to be masked in `to`, a byte for each of `s`. False: nothing. */
static bool find(struct str s, char *to)
{
	bool any = false;
	size_t end, i = 0;

	while (i < s.n) {
		char c = s.p[i];

		end = 0;
		if (c == '@')
			end = mail(s, i, to);
		else if (c == '0' || c == '+' || (c | 32) == 'o' || c == '\xea' || c == '\xec' ||
			 c == '\xef')
			end = telephone(s, i, to);
		if (!end && ((c | 32) == 'k' || (c | 32) == 'o' || (unsigned char)c >= 0xe3))
			end = kakao(s, i, to);
		any |= end > 0;
		i = end ? end : i + 1;
	}
	return any;
}

struct str mask_personal(struct str text, struct arena *a)
{
	char *marks, *to;
	size_t n = 0, step;

	if (!text.n)
		return text;
	marks = arena_alloc(a, text.n);
	memset(marks, 0, text.n);
	if (!find(text, marks))
		return text;
	to = arena_alloc(a, text.n + 1);
	for (size_t i = 0; i < text.n; i += step) {
		step = utf8_length(str_sub(text, i, 4));
		if (!step)
			step = 1;
		if (marks[i]) {
			to[n++] = '*';
			continue;
		}
		memcpy(to + n, text.p + i, step);
		n += step;
	}
	to[n] = 0;
	return (struct str){ to, n };
}
