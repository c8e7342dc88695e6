#include "extractor/extract_around.h"

#include "extractor/extract_tree.h"

#include <ctype.h>

#define MOST_STEPS 40 /* nodes of an element with a short text */
#define MOST_ABOVE 12 /* ancestors that are looked at */

static const char *const old_words[] = {
	"old",	     "was",	"strike",   "list-price", "regular", "before",	"shipping",
	"deliver",   "rrp",	"original", "msrp",	  "saving",  "save",	"unit",
	"discount-", "install", "month",    "credit",	  "compare", "crossed", "previous",
	"versand",   "uvp",	"points",   "filter",	  NULL
};
static const char *const other_words[] = { "related",	"recommend", "similar",	  "carousel",
					   "upsell",	"cross",     "footer",	  "minicart",
					   "mini-cart", "basket",    "also",	  "recent",
					   "accessor",	"bundle",    "sponsored", "swiper",
					   "suggest",	NULL };

static bool has_word(struct str s, const char *const *words)
{
	char low[200];
	size_t n = s.n < sizeof(low) ? s.n : sizeof(low);

	for (size_t i = 0; i < n; i++)
		low[i] = (char)tolower((unsigned char)s.p[i]);
	for (; *words; words++)
		if (str_find((struct str){ low, n }, str_of(*words)) >= 0)
			return true;
	return false;
}

bool extract_around_named(const xmlNode *n, const char *const *words)
{
	static const char *const attrs[] = { "class",	    "id",      "itemprop",
					     "data-testid", "data-qa", "data-test" };

	for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++)
		if (has_word(extract_tree_attr(n, attrs[i]), words))
			return true;
	return false;
}

int extract_around_score(const xmlNode *n, int *left)
{
	if (--*left < 0)
		return -20;

	for (int i = 0; n && i < MOST_ABOVE; n = n->parent, i++) {
		if (n->type != XML_ELEMENT_NODE)
			break;
		if (extract_tree_is(n, "del") || extract_tree_is(n, "s") ||
		    extract_tree_is(n, "strike"))
			return -20;
		/* a whole page may be called so */
		if (extract_tree_is(n, "body") || extract_tree_is(n, "html"))
			break;
		if (i < 3 && extract_around_named(n, old_words))
			return -8;
		if (extract_around_named(n, other_words))
			return -8;
	}
	return 0;
}

struct str extract_around_text(struct extract_html_page *page, xmlNodePtr top, struct arena *a)
{
	return extract_around_upto(page, top, EXTRACT_AROUND_TEXT, a);
}

struct str extract_around_upto(struct extract_html_page *page, xmlNodePtr top, size_t most,
			       struct arena *a)
{
	size_t bytes = 0;
	int steps = 0;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		if (++steps > MOST_STEPS)
			return (struct str){ 0 };
		if (n->type == XML_TEXT_NODE && n->content)
			bytes += str_trim(str_of((const char *)n->content)).n;
		if (bytes > most)
			return (struct str){ 0 };
	}
	return bytes ? extract_html_page_text(page, top, a) : (struct str){ 0 };
}
