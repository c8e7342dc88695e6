#include "extractor/extract_words.h"

#include "extractor/extract_entity.h"

#include <ctype.h>
#include <string.h>

#define MOST_KEY 200 /* bytes of a title that are compared */

struct word {
	const char *word, *means;
};

/* Letters and digits only, in lower case; bytes of other scripts as they are. */
static struct str key_of(struct str s, char to[MOST_KEY])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < MOST_KEY; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (isalnum(c) || c >= 0x80)
			to[n++] = (char)(c < 0x80 ? tolower(c) : c);
	}
	return (struct str){ to, n };
}

/* Behind the last / or #. */
static struct str last_part(struct str s)
{
	size_t i;

	s = str_trim(s);
	for (i = s.n; i && s.p[i - 1] != '/' && s.p[i - 1] != '#';)
		i--;
	return str_sub(s, i, s.n);
}

static struct str look_up(struct str s, const struct word *words, size_t n)
{
	char key[MOST_KEY];
	struct str k = key_of(last_part(s), key);

	for (size_t i = 0; i < n; i++)
		if (str_is(k, words[i].word))
			return str_of(words[i].means);
	return (struct str){ 0 };
}

struct str extract_words_status(struct str availability)
{
	static const struct word words[] = {
		{ .word = "instock", .means = "selling" },
		{ .word = "instoreonly", .means = "selling" },
		{ .word = "onlineonly", .means = "selling" },
		{ .word = "limitedavailability", .means = "selling" },
		{ .word = "backorder", .means = "selling" },
		{ .word = "madetoorder", .means = "selling" },
		{ .word = "preorder", .means = "selling" },
		{ .word = "presale", .means = "selling" },
		{ .word = "availablefororder", .means = "selling" },
		{ .word = "available", .means = "selling" },
		{ .word = "reserved", .means = "reserved" },
		{ .word = "pending", .means = "reserved" },
		{ .word = "outofstock", .means = "sold" },
		{ .word = "soldout", .means = "sold" },
		{ .word = "sold", .means = "sold" },
		{ .word = "discontinued", .means = "sold" },
		{ .word = "unavailable", .means = "sold" },
		{ .word = "notavailable", .means = "sold" },
		{ .word = "oos", .means = "sold" },
	};

	return look_up(availability, words, sizeof(words) / sizeof(words[0]));
}

struct str extract_words_condition(struct str condition)
{
	static const struct word words[] = {
		{ .word = "newcondition", .means = "new" },
		{ .word = "usedcondition", .means = "used" },
		{ .word = "refurbishedcondition", .means = "refurbished" },
		{ .word = "damagedcondition", .means = "damaged" },
		{ .word = "new", .means = "new" },
		{ .word = "used", .means = "used" },
		{ .word = "refurbished", .means = "refurbished" },
	};
	struct str known = look_up(condition, words, sizeof(words) / sizeof(words[0]));

	return known.p ? known : condition;
}

bool extract_words_is_home(struct str crumb)
{
	static const char *const words[] = { "home",   "start",	  "startseite", "homepage",
					     "inicio", "accueil", "hem",	"главная",
					     "홈",     "首頁",	  "首页",	"ホーム",
					     "トップ" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eq_nocase(str_trim(crumb), str_of(words[i])))
			return true;
	return false;
}

bool extract_words_alike(struct str a, struct str b)
{
	char one[MOST_KEY], other[MOST_KEY];
	struct str x = key_of(a, one), y = key_of(b, other), swap;

	if (x.n > y.n) {
		swap = x;
		x = y;
		y = swap;
	}
	return x.n > 2 && (x.n * 2 >= y.n || x.n >= 12) && str_find(y, x) >= 0;
}

static bool begins_tag(const char *p, const char *end)
{
	return *p == '<' && end - p > 2 && (isalpha((unsigned char)p[1]) || p[1] == '/');
}

struct str extract_words_plain(struct str text, struct arena *a)
{
	const char *p, *end, *close;
	char *made, *to;
	bool gap = false;

	text = str_trim(extract_entity_decode(text, a));
	if (str_find_char(text, '<') < 0)
		return text;
	made = to = arena_alloc(a, text.n + 1);
	for (p = text.p, end = text.p + text.n; p < end; p++) {
		if (begins_tag(p, end) && (close = memchr(p, '>', (size_t)(end - p)))) {
			p = close;
			gap = true;
		} else if ((unsigned char)*p <= ' ') {
			gap = true;
		} else {
			if (gap && to > made)
				*to++ = ' ';
			gap = false;
			*to++ = *p;
		}
	}
	return (struct str){ made, (size_t)(to - made) };
}
