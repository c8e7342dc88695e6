/* Format auto: what becomes of markup, and of pages without. */
#include "tests/unit/extractor/extract_make.h"

#include <string.h>

#define JSON(text) "<script type=\"application/ld+json\">" text "</script>"
#define OG(name, value) "<meta property=\"" name "\" content=\"" value "\">"

/* Of each listing its fields that are there: "id=1 title=Boots | id=2 title=Shoes". */
static const struct {
	const char *name, *page, *want;
} rows[] = {
	{ "a product and its offer",
	  JSON("{\"@context\":\"https://schema.org\",\"@type\":\"Product\",\"name\":\"Boots\","
	       "\"sku\":\"B-1\",\"brand\":{\"@type\":\"Brand\",\"name\":\"Acme\"},"
	       "\"image\":[\"/1.jpg\",\"/2.jpg\"],\"description\":\"<p>Warm &amp; dry</p>\","
	       "\"category\":\"Shoes\",\"offers\":{\"@type\":\"Offer\",\"price\":12000,"
	       "\"priceCurrency\":\"KRW\",\"availability\":\"https://schema.org/InStock\","
	       "\"itemCondition\":\"https://schema.org/UsedCondition\",\"url\":\"/boots\"}}"),
	  "id=B-1 url=/boots title=Boots description=Warm & dry price=12000 currency=KRW "
	  "image=/1.jpg category=Shoes brand=Acme condition=used status=selling "
	  "images=/1.jpg, /2.jpg" },
	{ "a graph with references",
	  JSON("{\"@graph\":[{\"@type\":\"WebPage\",\"mainEntity\":{\"@id\":\"#p\"}},"
	       "{\"@id\":\"#p\",\"@type\":[\"Product\",\"Thing\"],\"name\":\"Boots\","
	       "\"offers\":{\"@id\":\"#o\"},\"brand\":{\"@id\":\"#b\"},\"image\":{\"@id\":\"#i\"}},"
	       "{\"@id\":\"#o\",\"@type\":\"Offer\",\"price\":\"5\",\"sku\":\"x1\"},"
	       "{\"@id\":\"#b\",\"@type\":\"Brand\",\"name\":\"Acme\"},"
	       "{\"@id\":\"#i\",\"@type\":\"ImageObject\",\"contentUrl\":\"/i.jpg\"}]}"),
	  "id=x1 url=https://shop.example/a/list?page=1 title=Boots price=5 image=/i.jpg "
	  "brand=Acme images=/i.jpg" },
	{ "a group takes what its first variant that is there costs",
	  JSON("{\"@type\":\"ProductGroup\",\"name\":\"Boots\",\"productGroupID\":\"g\","
	       "\"hasVariant\":[{\"@type\":\"Product\",\"sku\":\"g-1\",\"offers\":{\"price\":\"9\","
	       "\"availability\":\"SoldOut\"}},{\"@type\":\"Product\",\"sku\":\"g-2\",\"offers\":"
	       "{\"price\":\"10\",\"priceCurrency\":\"EUR\",\"availability\":\"InStock\"}}],"
	       "\"url\":\"/g\"}"),
	  "id=/g url=/g title=Boots price=10 currency=EUR status=selling" },
	{ "an aggregate's low price, no list price",
	  JSON("{\"@type\":\"Product\",\"name\":\"A\",\"productID\":\"1\",\"offers\":{\"@type\":"
	       "\"AggregateOffer\",\"highPrice\":\"9\",\"lowPrice\":\"7\",\"priceCurrency\":"
	       "\"EUR\"}}") JSON("{\"@type\":\"BreadcrumbList\",\"itemListElement\":[{\"name\":"
				 "\"Home\"},{\"item\":"
				 "{\"name\":\"Shoes\"}},{\"name\":\"Winter\"},{\"name\":\"A "
				 "boot\"}]}") "<h1>A boot</h1>",
	  "id=1 url=https://shop.example/a/list?page=1 title=A price=7 currency=EUR "
	  "category=Shoes > Winter category-path=Shoes, Winter" },
	{ "price specifications",
	  JSON("{\"@type\":\"Product\",\"name\":\"Boots\",\"productID\":\"1\",\"offers\":[{"
	       "\"priceSpecification\":[{\"priceType\":\"https://schema.org/ListPrice\","
	       "\"price\":\"9\"},{\"price\":\"8\",\"priceCurrency\":\"EUR\"}]}],\"url\":\"u\"}"),
	  "id=1 url=u title=Boots price=8 currency=EUR" },
	{ "a list",
	  JSON("{\"@type\":\"ItemList\",\"itemListElement\":[{\"@type\":\"ListItem\",\"position\":"
	       "1,"
	       "\"url\":\"/p/1\",\"item\":{\"@type\":\"Product\",\"name\":\"Boots\",\"offers\":"
	       "{\"price\":\"5\"}}},{\"@type\":\"Product\",\"name\":\"Shoes\",\"url\":\"/p/"
	       "20001-shoes\"}]}"),
	  "id=/p/1 url=/p/1 title=Boots price=5 | id=20001 url=/p/20001-shoes title=Shoes" },
	{ "a product and a list of others",
	  JSON("{\"@type\":\"ItemList\",\"itemListElement\":[{\"@type\":\"Product\",\"name\":\"X\","
	       "\"offers\":{\"price\":1}},{\"@type\":\"Product\",\"name\":\"Y\"}]}")
		  JSON("{\"@type\":\"Product\",\"name\":\"Boots\",\"sku\":\"1\",\"url\":\"u\","
		       "\"isRelatedTo\":{\"@type\":\"Product\",\"name\":\"Z\",\"offers\":{"
		       "\"price\":2}}}"),
	  "id=1 url=u title=Boots" },
	{ "the one of four that the heading names",
	  "<h1>Red  boots</h1><div itemscope itemtype=//schema.org/Product><b itemprop=name>X</b>"
	  "<b itemprop=price>1</b></div><div itemscope itemtype=//schema.org/Product><b "
	  "itemprop=name>Y</b></div><div itemscope itemtype=//schema.org/Product><b "
	  "itemprop=name>Z</b></div><div itemscope itemtype=//schema.org/Product><b "
	  "itemprop=name>Red boots</b><a itemprop=url href=/r></a><i itemprop=sku>7</i></div>",
	  "id=7 url=/r title=Red boots" },
	{ "four, none of which it names",
	  "<h1>Winter sale</h1><div itemscope itemtype=//schema.org/Product><b itemprop=name>X</b>"
	  "<a itemprop=url href=/x></a></div><div itemscope itemtype=//schema.org/Product><b "
	  "itemprop=name>Y</b><a itemprop=url href=/y></a></div><div itemscope "
	  "itemtype=//schema.org/Product><b itemprop=name>Z</b><a itemprop=url href=/z></a></div>",
	  "id=/x url=/x title=X | id=/y url=/y title=Y | id=/z url=/z title=Z" },
	{ "each field from the best source that has it",
	  JSON("{\"@type\":\"Product\",\"name\":\"Boots\",\"offers\":{\"price\":\"12\"},}")
		  OG("og:title", "Boots - the shop") OG("product:price:amount", "13") OG(
			  "product:price:currency", "EUR") OG("og:image", "/og.jpg")
			  OG("product:retailer_item_id", "R1") OG("product:availability", "oos"),
	  "id=R1 url=https://shop.example/a/list?page=1 title=Boots price=12 currency=EUR "
	  "image=/og.jpg status=sold images=/og.jpg" },
	{ "Open Graph alone",
	  OG("og:type", "product") OG("og:title", "Boots") OG("og:url", "/b")
		  OG("og:price:amount", "3,000"),
	  "id=/b url=/b title=Boots price=3,000" },
	{ "a title that ends with the shop's",
	  OG("og:title", "제습기 | 가게 중고거래") OG("og:site_name", "가게")
		  OG("product:price:amount", "30000"),
	  "id=https://shop.example/a/list?page=1 url=https://shop.example/a/list?page=1 "
	  "title=제습기 price=30000" },
	{ "what is shown alone",
	  "<title>t</title><h1>Boots</h1><p>SKU: AB-12</p><del class=price>$20</del><span "
	  "class=price>$ 15.50</span><button>Add to cart</button><div class=related><b "
	  "class=price>$3</b></div>",
	  "id=AB-12 url=https://shop.example/a/list?page=1 title=Boots price=$ 15.50 "
	  "status=selling" },
	{ "no product",
	  "<h1>News</h1><p>It cost $ 5 million.</p>" JSON(
		  "{\"@type\":\"NewsArticle\",\"headline\":\"News\"}") OG("og:type", "article"),
	  "" },
	{ "the state of a page's scripts",
	  "<h1>Red boots</h1><script id=__NEXT_DATA__ type=application/json>{\"props\":{\"items\":["
	  "{\"name\":\"Shoes\",\"price\":1},{\"productName\":\"Red boots\",\"price\":{\"value\":"
	  "\"12.50\",\"currency\":\"EUR\"},\"currencyCode\":\"EUR\",\"productId\":77,\"brand\":{"
	  "\"name\":\"Acme\"},\"inStock\":false}]}}</script>",
	  "id=77 url=https://shop.example/a/list?page=1 title=Red boots price=12.50 currency=EUR "
	  "brand=Acme status=sold" },
	{ "a stream of pieces",
	  "<h1>Red boots</h1><script>self.__next_f.push([0])</script><script>self.__next_f.push([1,"
	  "\"1:[\\\"$\\\",{\\\"name\\\":\\\"Red bo\"])</script><script>self.__next_f.push([1,"
	  "\"ots\\\",\\\"price\\\":5}]\\n\"])</script>",
	  "id=https://shop.example/a/list?page=1 url=https://shop.example/a/list?page=1 "
	  "title=Red boots price=5" },
	{ "a variable, in minor units",
	  "<h1>Red boots</h1><p class=price>$19.99</p><script>var a=1;window.__remixContext = "
	  "{p:{title:'Red boots',price:1999,id:f(1),sku:'x'},};</script>",
	  "id=x url=https://shop.example/a/list?page=1 title=Red boots price=$19.99" },
	{ "a text of JSON",
	  "<h1>Red boots</h1><script>window.x=JSON.parse('{\"name\":\"Red boots\",\"price\":\"7\","
	  "\"sku\":\"1\"}');</script>",
	  "id=1 url=https://shop.example/a/list?page=1 title=Red boots price=7" },
	{ "the longest list of a state",
	  "<script>window.s={a:[{name:'X',price:1},{name:'Y',price:2}],b:[{node:{title:'A',price:3,"
	  "url:'/a'}},{node:{title:'B',price:4,url:'/b'}},{node:{title:'C',price:5,url:'/c'}}]}"
	  "</script>",
	  "id=/a url=/a title=A price=3 | id=/b url=/b title=B price=4 | id=/c url=/c title=C "
	  "price=5" },
	{ "RDFa Lite",
	  "<div vocab=http://schema.org/ typeof=Product><h1 property=name>Red boots</h1><img "
	  "property=image src=/b.jpg><b property=brand typeof=Brand><i property=name>Acme</i></b>"
	  "<div property=offers typeof=Offer><span property=price content=7.50>7,50</span><meta "
	  "property=priceCurrency content=EUR><link property=availability "
	  "href=http://schema.org/InStock></div><span property=sku>R1</span></div>",
	  "id=R1 url=https://shop.example/a/list?page=1 title=Red boots price=7.50 currency=EUR "
	  "image=https://shop.example/b.jpg brand=Acme status=selling "
	  "images=https://shop.example/b.jpg" },
	{ "an offer of a thing",
	  JSON("{\"@type\":\"Offer\",\"price\":\"70000\",\"priceCurrency\":\"KRW\",\"itemOffered\":"
	       "{"
	       "\"@type\":\"Product\",\"name\":\"자전거\"},\"url\":\"/b/1\",\"availableAtOrFrom\":{"
	       "\"address\":{\"addressRegion\":\"서울\",\"addressLocality\":\"구로동\"}}}"),
	  "id=/b/1 url=/b/1 title=자전거 price=70000 currency=KRW location=서울 구로동" },
	{ "an interface that answers in JSON",
	  "{\"total\":3,\"products\":[{\"id\":1,\"name\":\"A\",\"price\":3,\"soldOut\":true},{"
	  "\"id\":2,\"name\":\"B\",\"price\":4},{\"id\":3,\"name\":\"C\",\"price\":{\"value\":5}}]"
	  "}",
	  "id=1 title=A price=3 status=sold | id=2 title=B price=4 | id=3 title=C price=5" },
	{ "one product in JSON, with a related one",
	  "{\"data\":{\"id\":9,\"name\":\"Boots\",\"salePrice\":7,\"similar\":{\"id\":8,\"name\":"
	  "\"Shoes\",\"price\":1}}}",
	  "id=9 url=https://shop.example/a/list?page=1 title=Boots price=7" },
	{ "JSON-LD that is asked for by itself",
	  "[{\"@type\":\"Product\",\"name\":\"Boots\",\"sku\":\"1\",\"offers\":{\"price\":\"5\","
	  "\"priceCurrency\":\"EUR\"}}]",
	  "id=1 url=https://shop.example/a/list?page=1 title=Boots price=5 currency=EUR" },
	{ "what schema.org says of a thing besides",
	  JSON("{\"@type\":\"Product\",\"name\":\"Boots\",\"sku\":\"1\",\"url\":\"u\",\"size\":"
	       "{\"@type\":\"SizeSpecification\",\"name\":\"270\"},\"color\":\"Black\","
	       "\"gtin13\":\"4006381333931\",\"dateModified\":\"2025-03-01\",\"image\":["
	       "{\"@type\":\"ImageObject\",\"contentUrl\":\"/1.jpg\"},\"/2.jpg\"],"
	       "\"additionalProperty\":[{\"@type\":\"PropertyValue\",\"name\":\"Heel\","
	       "\"value\":3,\"unitText\":\"cm\"},{\"@type\":\"PropertyValue\",\"name\":\"Lining\","
	       "\"value\":\"\"}]}"),
	  "id=1 url=u title=Boots image=/1.jpg updated=2025-03-01 images=/1.jpg, /2.jpg "
	  "attributes=size: 270, color: Black, gtin13: 4006381333931, Heel: 3 cm" },
	{ "every og:image",
	  "<h1>Red boots</h1>" OG("og:type", "product") OG("og:title", "Red boots")
		  OG("og:price:amount", "3") OG("og:image", "/1.jpg") OG("og:image", "/2.jpg")
			  OG("og:url", "/b"),
	  "id=/b url=/b title=Red boots price=3 image=/1.jpg images=/1.jpg, /2.jpg" },
	{ "images of a state",
	  "<h1>Red boots</h1><script>var s={name:'Red boots',price:5,sku:'1',updatedAt:"
	  "'2025-03-01',images:[{url:'/1.jpg'},'/2.jpg']}</script>",
	  "id=1 url=https://shop.example/a/list?page=1 title=Red boots price=5 image=/1.jpg "
	  "updated=2025-03-01 images=/1.jpg, /2.jpg" },
	{ "JSON about something else", "{\"user\":{\"name\":\"A\"},\"list\":[1,2]}", "" },
};

static void put_listing(const struct listing_raw *raw, struct arena *a, struct buf *to)
{
	bool first = true;
	struct str text;

	for (int i = 0; i < FIELD_COUNT; i++) {
		if (!raw->field[i].p)
			continue;
		text = listing_raw_text(raw, (enum listing_field)i, a);
		buf_fmt(to, "%s%s=%.*s", first ? "" : " ", listing_fields[i].name, STR_ARG(text));
		first = false;
	}
}

static void pages_become_listings(void **state)
{
	struct made m;
	struct buf b;

	(void)state;
	made_init(&m, FORMAT_AUTO);
	m.page.lists = true;
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(made_run(&m, str_of(rows[i].page), "text/html; charset=utf-8"),
				 ERR_OK);
		buf_clear(&b);
		for (int k = 0; k < m.out.n_listings; k++) {
			buf_add_text(&b, k ? " | " : "");
			put_listing(&m.out.listings[k], m.a, &b);
		}
		if (!str_is(buf_str(&b), rows[i].want))
			fail_msg("%s:\n%.*s\nnot\n%s", rows[i].name, STR_ARG(buf_str(&b)),
				 rows[i].want);
	}
	buf_done(&b);
	made_done(&m);
}

/* Links are selected as in html; a <base> counts for what is found, too. */
static void links_are_selected(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_AUTO);
	m.page.lists = true;
	m.page.canonical = true;
	m.page.paging.rel_next = true;
	made_link(&m, SEL_CSS, "a.card");
	assert_int_equal(
		made_run(&m,
			 STR("<base href=https://cdn.example/><link rel=canonical href=/c>"
			     "<a class=card href=/p/1>1</a><a rel=next href=?page=2>2</a>" JSON(
				     "{\"@type\":\"Product\",\"name\":\"Boots\",\"sku\":\"1\","
				     "\"url\":\"/b\",\"image\":\"b.jpg\"}")),
			 NULL),
		ERR_OK);
	assert_int_equal(m.out.n_links, 2);
	str_is_text(m.out.links[0].url, "https://cdn.example/?page=2");
	assert_true(m.out.links[0].next);
	str_is_text(m.out.links[1].url, "https://cdn.example/p/1");
	str_is_text(m.out.canonical, "https://cdn.example/c");
	assert_int_equal(m.out.n_listings, 1);
	str_is_text(m.out.listings[0].field[FIELD_URL], "https://cdn.example/b");
	str_is_text(m.out.listings[0].field[FIELD_IMAGE], "https://cdn.example/b.jpg");
	made_done(&m);
}

/* Without a selector: where the entries of a list lead. */
static void lists_are_followed(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_AUTO);
	m.page.lists = true;
	made_link(&m, SEL_NONE, NULL);
	assert_int_equal(
		made_run(
			&m,
			STR("<base href=https://cdn.example/>" JSON(
				"{\"@type\":\"ItemList\",\"itemListElement\":[{\"@type\":"
				"\"ListItem\","
				"\"position\":1,\"url\":\"/p/1\"},{\"@type\":\"ListItem\",\"item\":"
				"\"/p/2\"},{\"@type\":\"ListItem\",\"item\":{\"@type\":\"Product\","
				"\"name\":\"A\",\"@id\":\"/p/3\"}}]}")
				    JSON("{\"@type\":\"BreadcrumbList\",\"itemListElement\":[{\"@"
					 "type\":"
					 "\"ListItem\",\"item\":\"/home\"}]}")),
			NULL),
		ERR_OK);
	assert_int_equal(m.out.n_links, 3);
	str_is_text(m.out.links[0].url, "https://cdn.example/p/1");
	str_is_text(m.out.links[1].url, "https://cdn.example/p/2");
	str_is_text(m.out.links[2].url, "https://cdn.example/p/3");
	str_is_text(m.out.links[2].page, "detail");
	/* no list is marked up as one: the listings of the page */
	assert_int_equal(
		made_run(&m,
			 STR("{\"goods\":[{\"title\":\"A\",\"price\":1,\"url\":\"/a\"},{"
			     "\"title\":\"B\",\"price\":2,\"url\":\"/b\"},{\"title\":\"C\","
			     "\"price\":3,\"url\":\"/c\"}]}"),
			 "application/vnd.shop+json; charset=utf-8"),
		ERR_OK);
	assert_int_equal(m.out.n_listings, 3);
	assert_int_equal(m.out.n_links, 3);
	str_is_text(m.out.links[2].url, "/c");
	/* the last page of results has two, or one */
	assert_int_equal(made_run(&m,
				  STR("{\"items\":[{\"id\":\"p1\",\"name\":\"A\",\"price\":1},"
				      "{\"id\":\"p2\",\"name\":\"B\",\"price\":\"3만\"}]}"),
				  "application/json"),
			 ERR_OK);
	assert_int_equal(m.out.n_listings, 2);
	str_is_text(m.out.listings[1].field[FIELD_PRICE], "3만");
	/* what a thing may be had in is no list */
	assert_int_equal(
		made_run(&m,
			 STR("{\"id\":\"p1\",\"name\":\"A\",\"salePrice\":9,\"options\":["
			     "{\"title\":\"S\",\"price\":0},{\"title\":\"M\",\"price\":0},"
			     "{\"title\":\"L\",\"price\":1},{\"title\":\"XL\",\"price\":2}]}"),
			 "application/json"),
		ERR_OK);
	assert_int_equal(m.out.n_listings, 1);
	str_is_text(m.out.listings[0].field[FIELD_TITLE], "A");
	str_is_text(m.out.listings[0].field[FIELD_PRICE], "9");
	/* a page about one thing lists nothing */
	assert_int_equal(made_run(&m,
				  STR(JSON("{\"@type\":\"Product\",\"name\":\"A\",\"sku\":\"1\","
					   "\"url\":\"/a\"}")),
				  NULL),
			 ERR_OK);
	assert_int_equal(m.out.n_listings, 1);
	assert_int_equal(m.out.n_links, 0);
	/* no JSON at all */
	assert_int_equal(made_run(&m, STR("{"), "application/json"), ERR_OK);
	assert_int_equal(m.out.n_listings, 0);
	assert_int_equal(made_run(&m, STR("oops"), "application/json"), ERR_BAD);
	made_done(&m);
}

static void repeat(struct buf *b, int n, const char *text)
{
	for (int i = 0; i < n; i++)
		buf_add_text(b, text);
}

/* Pages made to be more than they look like: each is read to its end, in little time. */
static void small_pages_stay_small(void **state)
{
	struct made m;
	struct buf b;

	(void)state;
	made_init(&m, FORMAT_AUTO);
	m.page.lists = true;
	buf_init(&b, 16 << 20);
	/* lists of references to lists of references */
	buf_add_text(&b, "<script type=application/ld+json>[");
	for (int i = 0; i < 9; i++) {
		buf_fmt(&b, "{\"@id\":\"#%d\",\"@type\":\"Offer\",\"offers\":[", i);
		for (int k = 0; k < 400; k++)
			buf_fmt(&b, "{\"@id\":\"#%d\"},", (i + 1) % 9);
		buf_add_text(&b, "]},");
	}
	repeat(&b, 300, "{\"@type\":\"Product\",\"name\":\"A\",\"offers\":{\"@id\":\"#0\"}},");
	buf_add_text(&b, "]</script>");
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_OK);
	assert_int_equal(m.out.rejected, 300);
	/* items of many names in items of many names */
	buf_clear(&b);
	repeat(&b, 100, "<p><b itemscope itemprop='a b c d e f g h'>");
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_OK);
	/* prices over prices */
	buf_clear(&b);
	repeat(&b, 20, "<div class='price price price price now sale'>");
	repeat(&b, 50000, "<b class=price>$1</b>");
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_OK);
	/* texts within texts */
	buf_clear(&b);
	repeat(&b, 150, "<i itemprop=x property=v:x>");
	repeat(&b, 10000, "some words and more ");
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_OK);
	buf_done(&b);
	made_done(&m);
}

static void what_is_no_listing_is_rejected(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_AUTO);
	m.page.lists = true;
	assert_int_equal(made_run(&m, STR(OG("product:price:amount", "5")), NULL), ERR_OK);
	assert_int_equal(m.out.n_listings, 0);
	assert_int_equal(m.out.rejected, 1);
	str_is_text(m.out.reject_reason, "a product without a title");
	/* of a list, where the page's address is not theirs */
	assert_int_equal(
		made_run(&m,
			 STR(JSON("{\"@type\":\"ItemList\",\"itemListElement\":[{\"@type\":"
				  "\"Product\",\"name\":\"A\"}]}")),
			 NULL),
		ERR_OK);
	assert_int_equal(m.out.n_listings, 0);
	assert_int_equal(m.out.rejected, 1);
	str_is_text(m.out.reject_reason, "a product without an id or an address");
	made_done(&m);
}

/* Of which of its words about itself each field is. */
static void readers_are_told(void **state)
{
	struct found_all found = { .n = 0 };
	struct made m;

	(void)state;
	made_init(&m, FORMAT_AUTO);
	m.page.lists = true;
	m.found = &found;
	assert_int_equal(
		made_run(
			&m,
			STR(OG("og:title", "Boots") OG("og:image", "/o.jpg") JSON(
				"{\"@type\":\"Product\",\"name\":\"Boots\",\"offers\":{\"price\":"
				"\"5\"}}") "<div itemscope itemtype=\"https://schema.org/Product\">"
					   "<b itemprop=name>Boots</b><i "
					   "itemprop=sku>B1</i></div>"),
			NULL),
		ERR_OK);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.items[0].end, FOUND_KEPT);
	assert_string_equal(found.items[0].reader[FIELD_TITLE], "JSON-LD");
	assert_string_equal(found.items[0].reader[FIELD_PRICE], "JSON-LD");
	assert_string_equal(found.items[0].reader[FIELD_ID], "microdata");
	assert_string_equal(found.items[0].reader[FIELD_IMAGE], "Open Graph");
	assert_string_equal(found.items[0].reader[FIELD_URL], "address");
	assert_null(found.items[0].reader[FIELD_BRAND]);
	found = (struct found_all){ .n = 0 };
	assert_int_equal(
		made_run(&m,
			 STR(JSON("{\"@type\":\"ItemList\",\"itemListElement\":[{\"@type\":"
				  "\"Product\",\"name\":\"A\",\"url\":\"/p/20001-a\"},{\"@type\":"
				  "\"Product\",\"name\":\"B\"}]}")),
			 NULL),
		ERR_OK);
	assert_int_equal(found.n, 2);
	assert_string_equal(found.items[0].reader[FIELD_TITLE], "JSON-LD");
	assert_string_equal(found.items[0].reader[FIELD_ID], "address");
	assert_int_equal(found.items[1].end, FOUND_REJECTED);
	str_is_text(found.items[1].reason, "a product without an id or an address");
	made_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_become_listings),
		cmocka_unit_test(links_are_selected),
		cmocka_unit_test(lists_are_followed),
		cmocka_unit_test(small_pages_stay_small),
		cmocka_unit_test(what_is_no_listing_is_rejected),
		cmocka_unit_test(readers_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
