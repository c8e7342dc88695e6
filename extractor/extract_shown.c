#include "extractor/extract_shown.h"

#include "extractor/extract_tree.h"
#include "extractor/extract_words.h"

#include <ctype.h>
#include <string.h>

#define MOST_PRICE 60	/* bytes of a text that may be a price */
#define MOST_STEPS 40	/* nodes of an element that may hold one */
#define MOST_ABOVE 12	/* ancestors that are looked at */
#define NEAR 400	/* nodes between the heading and its price */
#define MOST_ASKED 2000 /* elements of a page, for their surroundings */
#define LEAST_SCORE 7
#define LEAST_ID 5 /* digits */

/* Heading and address. */
static struct str meta(xmlNodePtr top, const char *attr, const char *name)
{
	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top))
		if (extract_tree_is(n, "meta") &&
		    str_eq_nocase(extract_tree_attr(n, attr), str_of(name)))
			return str_trim(extract_tree_attr(n, "content"));
	return (struct str){ 0 };
}

static bool named(const xmlNode *n, const char *const *words);

/* The first that has a text and is not the shop's own. */
static xmlNodePtr heading(struct extract_html_page *page, struct arena *a, struct str *ret_text)
{
	static const char *const others[] = { "logo", "nav", "brand", "site", NULL };
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc, found = NULL;
	struct str text;

	*ret_text = (struct str){ 0 };
	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		bool other;

		if (!extract_tree_is(n, "h1"))
			continue;
		other = named(n, others) || (n->parent && named(n->parent, others));
		text = found && other ? (struct str){ 0 } : extract_html_page_text(page, n, a);
		if (!text.n)
			continue;
		*ret_text = text;
		found = n;
		if (!other)
			break;
	}
	return found;
}

static struct str first_text(struct extract_html_page *page, const char *element, struct arena *a)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top))
		if (extract_tree_is(n, element))
			return extract_html_page_text(page, n, a);
	return (struct str){ 0 };
}

void extract_shown_hints(struct extract_html_page *page, struct str url, struct arena *a,
			 struct extract_hints *ret)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;
	struct str canonical = { 0 }, title;

	for (xmlNodePtr n = top; n && !canonical.n; n = extract_tree_next(n, top))
		if (extract_tree_is(n, "link") && extract_tree_word(n, "rel", "canonical"))
			canonical = str_trim(extract_tree_attr(n, "href"));
	if (!canonical.n)
		canonical = meta(top, "property", "og:url");
	*ret = (struct extract_hints){ .url = url };
	if (canonical.n)
		ret->url = arena_str(a, extract_tree_absolute(canonical, url, a));
	heading(page, a, &title);
	if (!title.n)
		title = arena_str(a, meta(top, "property", "og:title"));
	ret->title = title.n ? title : first_text(page, "title", a);
}

/* Prices. */
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

static bool named(const xmlNode *n, const char *const *words)
{
	static const char *const attrs[] = { "class",	    "id",      "itemprop",
					     "data-testid", "data-qa", "data-test" };

	for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++)
		if (has_word(extract_tree_attr(n, attrs[i]), words))
			return true;
	return false;
}

static const char *const price_words[] = { "price", "preis", "prix",   "precio", "prezzo",
					   "preco", "cena",  "amount", "prijs",	 "pris",
					   "hinta", "fiyat", NULL };
static const char *const now_words[] = { "current", "final", "special", "sale",	  "now",
					 "offer",   "our",   "today",	"actual", "sell",
					 "main",    "new",   NULL };
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
static const char *const signs[] = { "$",   "€",   "£",	  "¥",	 "₩",	"₹",   "₽", "₺",   "₫",
				     "฿",   "₪",   "₴",	  "₸",	 "zł",	"Kč",  "Ft",  "lei", "Lei",
				     "kr",  "Rs",  "CHF", "USD", "EUR", "GBP", "원",  "円",  "元",
				     "руб", "тг.", "грн", "kn",	 "Kn",	"лв",  "ر.س", "р.",  NULL };

/* The text of an element that holds little; {0}: more, or none. */
static struct str short_text(struct extract_html_page *page, xmlNodePtr top, struct arena *a)
{
	size_t bytes = 0;
	int steps = 0;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		if (++steps > MOST_STEPS)
			return (struct str){ 0 };
		if (n->type == XML_TEXT_NODE && n->content)
			bytes += str_trim(str_of((const char *)n->content)).n;
		if (bytes > MOST_PRICE)
			return (struct str){ 0 };
	}
	return bytes ? extract_html_page_text(page, top, a) : (struct str){ 0 };
}

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

/* `left`: elements that may still be asked about; those past it are not the product's. */
static int score_above(const xmlNode *n, int *left)
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
		if (i < 3 && named(n, old_words))
			return -8;
		if (named(n, other_words))
			return -8;
	}
	return 0;
}

/* How likely it is that the product costs what stands here. `past`: nodes behind the
 * heading; negative: before it. */
static int score_of(const xmlNode *n, struct str text, int past, int *left)
{
	bool price = named(n, price_words), sign = has_sign(text);
	int score = 0;

	if (!price && n->parent && named(n->parent, price_words))
		price = true;
	if (!price && !sign)
		return 0;
	score += price ? 4 : 0;
	score += sign ? 4 : 0;
	score += named(n, now_words) ? 1 : 0;
	score += past >= 0 ? 3 - past / NEAR : 0;
	return score + score_above(n, left);
}

struct best {
	struct str text;
	int score;
};

static void find_price(struct extract_html_page *page, const xmlNode *h1, struct arena *a,
		       struct best *best)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;
	int past = -1, left = MOST_ASKED;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		struct str text;
		int score;

		past += n == h1 || past >= 0;
		/* what is marked up has been read as such */
		if (n->type != XML_ELEMENT_NODE || extract_tree_is(n, "script") ||
		    extract_tree_is(n, "style") || extract_tree_is(n, "option") ||
		    extract_tree_has(n, "itemprop"))
			continue;
		text = short_text(page, n, a);
		if (!text.n || !looks_like_price(text))
			continue;
		score = score_of(n, text, past, &left);
		if (score < LEAST_SCORE || score <= best->score)
			continue;
		*best = (struct best){ .text = text, .score = score };
	}
}

/* What attributes say. */
static const struct attribute {
	const char *attr, *value; /* value NULL: any, the attribute itself has it */
	enum listing_field field;
} attributes[] = {
	{ .attr = "itemprop", .value = "price", .field = FIELD_PRICE },
	{ .attr = "itemprop", .value = "lowPrice", .field = FIELD_PRICE },
	{ .attr = "itemprop", .value = "priceCurrency", .field = FIELD_CURRENCY },
	{ .attr = "itemprop", .value = "availability", .field = FIELD_STATUS },
	{ .attr = "itemprop", .value = "sku", .field = FIELD_ID },
	{ .attr = "itemprop", .value = "productID", .field = FIELD_ID },
	{ .attr = "itemprop", .value = "brand", .field = FIELD_BRAND },
	{ .attr = "data-sku", .field = FIELD_ID },
	{ .attr = "data-product-sku", .field = FIELD_ID },
	{ .attr = "data-product-id", .field = FIELD_ID },
	{ .attr = "data-productid", .field = FIELD_ID },
};

static struct str value_of(struct extract_html_page *page, xmlNodePtr n, const struct attribute *at,
			   struct arena *a)
{
	struct str s = extract_tree_attr(n, at->value ? "content" : at->attr);

	if (!s.n && at->value)
		s = extract_tree_attr(n, "href");
	if (!s.n && at->value)
		s = short_text(page, n, a);
	s = arena_str(a, str_trim(s));
	return at->field == FIELD_STATUS ? extract_words_status(s) : s;
}

/* What stands in an item is microdata, and of that item alone. */
static bool in_item(const xmlNode *n)
{
	for (; n; n = n->parent)
		if (extract_tree_has(n, "itemscope"))
			return true;
	return false;
}

static void read_attributes(struct extract_html_page *page, struct arena *a,
			    struct listing_raw *ret)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;
	int left = MOST_ASKED;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		const struct attribute *at = &attributes[i];
		struct str *to = &ret->field[at->field];

		for (xmlNodePtr n = top; n && !to->n; n = extract_tree_next(n, top)) {
			if (!extract_tree_has(n, at->attr))
				continue;
			if (at->value && !extract_tree_word(n, at->attr, at->value))
				continue;
			if (!(at->value && in_item(n)) && !score_above(n, &left))
				*to = value_of(page, n, at, a);
		}
	}
}

/* Buttons that sell, and words that say that nothing is left. */
static const struct phrase {
	const char *text, *means;
} phrases[] = {
	{ .text = "out of stock", .means = "sold" },
	{ .text = "sold out", .means = "sold" },
	{ .text = "currently unavailable", .means = "sold" },
	{ .text = "no longer available", .means = "sold" },
	{ .text = "notify me when", .means = "sold" },
	{ .text = "ausverkauft", .means = "sold" },
	{ .text = "nicht verfügbar", .means = "sold" },
	{ .text = "agotado", .means = "sold" },
	{ .text = "esgotado", .means = "sold" },
	{ .text = "품절", .means = "sold" },
	{ .text = "판매완료", .means = "sold" },
	{ .text = "거래완료", .means = "sold" },
	{ .text = "예약중", .means = "reserved" },
	{ .text = "add to cart", .means = "selling" },
	{ .text = "add to bag", .means = "selling" },
	{ .text = "add to basket", .means = "selling" },
	{ .text = "add to trolley", .means = "selling" },
	{ .text = "buy now", .means = "selling" },
	{ .text = "buy it now", .means = "selling" },
	{ .text = "in stock", .means = "selling" },
	{ .text = "in den warenkorb", .means = "selling" },
	{ .text = "ajouter au panier", .means = "selling" },
	{ .text = "agregar al carro", .means = "selling" },
	{ .text = "añadir a", .means = "selling" },
	{ .text = "aggiungi al carrello", .means = "selling" },
	{ .text = "adicionar ao carrinho", .means = "selling" },
	{ .text = "do koszyka", .means = "selling" },
	{ .text = "do košíka", .means = "selling" },
	{ .text = "v košarico", .means = "selling" },
	{ .text = "adaugă în coş", .means = "selling" },
	{ .text = "в корзину", .means = "selling" },
	{ .text = "купить", .means = "selling" },
	{ .text = "Купить", .means = "selling" },
	{ .text = "В корзину", .means = "selling" },
	{ .text = "Нет в наличии", .means = "sold" },
	{ .text = "加入購物車", .means = "selling" },
	{ .text = "放入購物車", .means = "selling" },
	{ .text = "立即購買", .means = "selling" },
	{ .text = "カートに入れる", .means = "selling" },
	{ .text = "장바구니", .means = "selling" },
	{ .text = "구매하기", .means = "selling" },
	{ .text = "바로구매", .means = "selling" },
};

/* Of what puts a thing into a cart, in any language. */
static const char *const cart_words[] = { "addtocart",	 "add-to-cart",	  "add_to_cart", "addcart",
					  "add-cart",	 "buynow",	  "buy-now",	 "buy_now",
					  "addtobasket", "add-to-basket", "add-to-bag",	 "addtobag",
					  "tocart",	 "to-cart",	  "cart-add",	 "cartadd",
					  NULL };

static bool is_button(const xmlNode *n)
{
	static const char *const words[] = { "btn",   "button", "cart", "basket", "buy",
					     "stock", "avail",	"sold", NULL };

	return extract_tree_is(n, "button") || extract_tree_is(n, "input") ||
	       (n->type == XML_ELEMENT_NODE && named(n, words));
}

static struct str meaning(struct str text)
{
	char low[MOST_PRICE * 2];
	size_t n = text.n < sizeof(low) ? text.n : sizeof(low);

	for (size_t i = 0; i < n; i++)
		low[i] = (char)tolower((unsigned char)text.p[i]);
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (str_find((struct str){ low, n }, str_of(phrases[i].text)) >= 0)
			return str_of(phrases[i].means);
	return (struct str){ 0 };
}

/* What the first button behind the heading says. */
static struct str find_status(struct extract_html_page *page, const xmlNode *h1, struct arena *a)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;
	bool past = !h1;
	struct str s;
	int left = MOST_ASKED;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		past |= n == h1;
		if (!past || !is_button(n) || score_above(n, &left) < 0)
			continue;
		if (named(n, cart_words))
			return STR("selling");
		s = extract_tree_is(n, "input") ? extract_tree_attr(n, "value")
						: short_text(page, n, a);
		s = s.n ? meaning(s) : s;
		if (s.n)
			return s;
	}
	return (struct str){ 0 };
}

/* What shops call an article's number, before it. */
static struct str behind_label(struct str text)
{
	static const char *const labels[] = {
		"sku",		 "art.-nr",    "art. nr",    "artikel-nr",  "artikelnr",
		"artikelnummer", "item no",    "item #",     "item number", "product code",
		"product no",	 "product id", "article no", "article:",    "artikel:",
		"model no",	 "código",     "kód",	     "код",	    "Код",
		"артикул",	 "Артикул",    "šifra",	     "cod produs",  "referência",
		"référence",	 "상품번호",   "상품코드",   "商品編號",    "商品番号",
		"Šifra",	 "Kód",
	};
	char low[MOST_PRICE * 2];
	size_t n = text.n < sizeof(low) ? text.n : sizeof(low), from, i;

	for (i = 0; i < n; i++)
		low[i] = (char)tolower((unsigned char)text.p[i]);
	for (size_t k = 0; k < sizeof(labels) / sizeof(labels[0]); k++) {
		struct str label = str_of(labels[k]);

		if (!str_starts((struct str){ low, n }, label))
			continue;
		for (i = label.n; i < n && strchr(" :.#-", low[i]);)
			i++;
		for (from = i; i < n && (isalnum((unsigned char)low[i]) || strchr("/_.-", low[i]));)
			i++;
		return str_sub(text, from, i - from);
	}
	return (struct str){ 0 };
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isdigit((unsigned char)s.p[i]))
			return true;
	return false;
}

static struct str find_id(struct extract_html_page *page, struct arena *a)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;
	struct str s;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		if (n->type != XML_ELEMENT_NODE || extract_tree_is(n, "script") ||
		    extract_tree_is(n, "style"))
			continue;
		s = short_text(page, n, a);
		s = s.n ? behind_label(s) : s;
		if (s.n > 2 && has_digit(s))
			return s;
	}
	return (struct str){ 0 };
}

struct str extract_shown_id(struct str url)
{
	struct str found = { 0 };
	ptrdiff_t end = str_find_char(url, '?');
	size_t i = 0, from;

	url = end < 0 ? url : str_sub(url, 0, (size_t)end);
	while (i < url.n) {
		for (from = i; i < url.n && isdigit((unsigned char)url.p[i]);)
			i++;
		if (i - from >= LEAST_ID)
			found = str_sub(url, from, i - from);
		i += i == from;
	}
	return found;
}

void extract_shown_read(struct extract_html_page *page, const struct extract_hints *hints,
			struct arena *a, struct listing_raw *ret)
{
	struct best best = { .score = 0 };
	struct str title;
	const xmlNode *h1 = heading(page, a, &title);

	*ret = (struct listing_raw){ 0 };
	ret->field[FIELD_TITLE] = hints->title;
	read_attributes(page, a, ret);
	if (!ret->field[FIELD_PRICE].n) {
		find_price(page, h1, a, &best);
		ret->field[FIELD_PRICE] = best.text;
	}
	if (!ret->field[FIELD_STATUS].n)
		ret->field[FIELD_STATUS] = find_status(page, h1, a);
	if (!ret->field[FIELD_ID].n)
		ret->field[FIELD_ID] = find_id(page, a);
}
