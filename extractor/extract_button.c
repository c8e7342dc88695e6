#include "extractor/extract_button.h"

#include "extractor/extract_around.h"
#include "extractor/extract_tree.h"

#include <ctype.h>

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
	       (n->type == XML_ELEMENT_NODE && extract_around_named(n, words));
}

static struct str meaning(struct str text)
{
	char low[EXTRACT_AROUND_TEXT * 2];
	size_t n = text.n < sizeof(low) ? text.n : sizeof(low);

	for (size_t i = 0; i < n; i++)
		low[i] = (char)tolower((unsigned char)text.p[i]);
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (str_find((struct str){ low, n }, str_of(phrases[i].text)) >= 0)
			return str_of(phrases[i].means);
	return (struct str){ 0 };
}

struct str extract_button_status(struct extract_html_page *page, const xmlNode *heading,
				 struct arena *a)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;
	bool past = !heading;
	struct str s;
	int left = EXTRACT_AROUND_MOST;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		past |= n == heading;
		if (!past || !is_button(n) || extract_around_score(n, &left) < 0)
			continue;
		if (extract_around_named(n, cart_words))
			return STR("selling");
		s = extract_tree_is(n, "input") ? extract_tree_attr(n, "value")
						: extract_around_text(page, n, a);
		s = s.n ? meaning(s) : s;
		if (s.n)
			return s;
	}
	return (struct str){ 0 };
}
