#include "extractor/extract_price.h"

#include "extractor/extract_around.h"
#include "extractor/extract_tree.h"

#include <ctype.h>

#define NEAR 400 /* nodes between the heading and its price */
#define LEAST_SCORE 7

static const char *const price_words[] = { "price", "preis", "prix",   "precio", "prezzo",
					   "preco", "cena",  "amount", "prijs",	 "pris",
					   "hinta", "fiyat", NULL };
static const char *const now_words[] = { "current", "final", "special", "sale",	  "now",
					 "offer",   "our",   "today",	"actual", "sell",
					 "main",    "new",   NULL };
static const char *const signs[] = { "$",   "€",   "£",	  "¥",	 "₩",	"₹",   "₽", "₺",   "₫",
				     "฿",   "₪",   "₴",	  "₸",	 "zł",	"Kč",  "Ft",  "lei", "Lei",
				     "kr",  "Rs",  "CHF", "USD", "EUR", "GBP", "원",  "円",  "元",
				     "руб", "тг.", "грн", "kn",	 "Kn",	"лв",  "ر.س", "р.",  NULL };

static bool looks_like_price(struct str s)
{
	int digits = 0, letters = 0;
	bool more = false; /* than nothing */

	for (size_t i = 0; i < s.n; i++) {
		digits += isdigit((unsigned char)s.p[i]) != 0;
		more |= s.p[i] >= '1' && s.p[i] <= '9';
		letters += isalpha((unsigned char)s.p[i]) != 0;
		if (s.p[i] == '%')
			return false;
	}
	return more && digits <= 14 && letters <= 20;
}

static bool has_sign(struct str s)
{
	for (int i = 0; signs[i]; i++)
		if (str_find(s, str_of(signs[i])) >= 0)
			return true;
	return false;
}

/* How likely it is that the product costs what stands here. `past`: nodes behind the
 * heading; negative: before it. */
static int score_of(const xmlNode *n, struct str text, int past, int *left)
{
	bool price = extract_around_named(n, price_words), sign = has_sign(text);
	int score = 0;

	if (!price && n->parent && extract_around_named(n->parent, price_words))
		price = true;
	if (!price && !sign)
		return 0;
	score += price ? 4 : 0;
	score += sign ? 4 : 0;
	score += extract_around_named(n, now_words) ? 1 : 0;
	score += past >= 0 ? 3 - past / NEAR : 0;
	return score + extract_around_score(n, left);
}

struct str extract_price_find(struct extract_html_page *page, const xmlNode *heading,
			      struct arena *a)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;
	int past = -1, left = EXTRACT_AROUND_MOST, best = LEAST_SCORE - 1, score;
	struct str text, found = { 0 };

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		past += n == heading || past >= 0;
		/* what is marked up has been read as such */
		if (n->type != XML_ELEMENT_NODE || extract_tree_is(n, "script") ||
		    extract_tree_is(n, "style") || extract_tree_is(n, "option") ||
		    extract_tree_has(n, "itemprop"))
			continue;
		text = extract_around_text(page, n, a);
		if (!text.n || !looks_like_price(text))
			continue;
		score = score_of(n, text, past, &left);
		if (score <= best)
			continue;
		best = score;
		found = text;
	}
	return found;
}
