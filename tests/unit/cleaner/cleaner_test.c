#include "base/clock.h"
#include "base/file.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "cleaner/cleaner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1740787200000)

static struct conf_status_map status_map[] = {
	{ .from = { "0", 1 }, .to = LISTING_SELLING },
	{ .from = { "1", 1 }, .to = LISTING_RESERVED },
	{ .from = { "SoldOut", 7 }, .to = LISTING_SOLD },
};
static struct conf_condition_map condition_map[] = {
	{ .from = { "LIGHTLY_USED", 12 }, .to = { "used", 4 } },
	{ .from = { "새상품", 9 }, .to = { "new", 3 } },
};
static const struct conf_source market = {
	.name = { "market", 6 },
	.currency = { "KRW", 3 },
	.language = { "ko", 2 },
	.status = status_map,
	.n_status = 3,
	.conditions = condition_map,
	.n_conditions = 2,
	.location_parts = 2,
};

static struct listing run(struct arena *a, const struct listing_raw *raw)
{
	struct cleaner_in in = {
		.source = &market,
		.raw = raw,
		.page_url = STR("https://market.example/search?page=2"),
		.now_ms = NOW,
	};
	struct listing l;

	cleaner_run(&in, a, &l);
	return l;
}

static struct listing_raw raw_of(const char *id, const char *title, const char *price)
{
	struct listing_raw raw = { 0 };

	raw.field[FIELD_ID] = str_of(id);
	raw.field[FIELD_TITLE] = str_of(title);
	raw.field[FIELD_PRICE] = str_of(price);
	return raw;
}

static void personal_data_is_masked(void **state)
{
	struct arena *a = arena_new(1 << 14);
	struct listing_raw raw = raw_of("7", "코트 010-1234-5678", "1000");
	struct conf_source kind = market, open = market;
	struct cleaner_in in = { .source = &kind, .raw = &raw, .now_ms = NOW };
	const size_t end = listing_fields[FIELD_TITLE].most_bytes;
	char text[2000];
	struct listing l;

	(void)state;
	assert_true(end + 20 < sizeof(text) && end + 20 < listing_raw_bytes(FIELD_TITLE));
	raw.field[FIELD_DESCRIPTION] = STR("카톡 abcd123");
	kind.mask_personal = true;
	cleaner_run(&in, a, &l);
	assert_true(str_is(l.title, "코트 010-****-****"));
	assert_true(str_is(l.description, "카톡 *******"));
	in.source = &open;
	cleaner_run(&in, a, &l);
	assert_true(str_is(l.title, "코트 010-1234-5678"));
	assert_true(str_is(l.description, "카톡 abcd123"));
	/* what is stored ends within the number, what the extractor leaves does not */
	memset(text, 'x', sizeof(text));
	memcpy(text + end - 10, " 010-1234-5678", 14);
	in.source = &kind;
	raw.field[FIELD_TITLE] = (struct str){ text, end + 20 };
	cleaner_run(&in, a, &l);
	assert_int_equal(l.title.n, end);
	assert_true(str_ends(l.title, STR("x 010-****-")));
	arena_free(a);
}

/* Between the values of a list, as extractors hand them on. */
#define AND "\x1f"

static const struct {
	const char *name, *image, *images, *category, *path, *attributes;
	const char *is_image, *is_images, *is_category, *is_path, *is_attributes;
} several[] = {
	{ "nothing", "", "", "", "", "", "", "", "", "", "" },
	{ "the first image is the main one, each is there once", "",
	  "/a.jpg" AND " /b.jpg" AND "/a.jpg", "", "", "", "https://market.example/a.jpg",
	  "[\"https://market.example/a.jpg\",\"https://market.example/b.jpg\"]", "", "", "" },
	{ "the image that is named comes first", "/c.jpg", "/a.jpg" AND "ftp://x/y" AND "/c.jpg",
	  "", "", "", "https://market.example/c.jpg",
	  "[\"https://market.example/c.jpg\",\"https://market.example/a.jpg\"]", "", "", "" },
	{ "an image alone is no list", "/c.jpg", "", "", "", "", "https://market.example/c.jpg", "",
	  "", "", "" },
	{ "one text is parted", "", "", "여성 > 아우터 >코트", "", "", "", "",
	  "여성 > 아우터 >코트", "[\"여성\",\"아우터\",\"코트\"]", "" },
	{ "an id has no levels", "", "", "310300", "", "", "", "", "310300", "", "" },
	{ "levels stand for the category", "", "", "", "A>B" AND "" AND " C ", "", "", "",
	  "A>B > C", "[\"A>B\",\"C\"]", "" },
	{ "levels beside an id", "", "", "7", "Coats", "", "", "", "7", "[\"Coats\"]", "" },
	{ "a path as one text", "", "", "7", "Men > Coats", "", "", "", "7", "[\"Men\",\"Coats\"]",
	  "" },
	{ "attributes", "", "", "", "",
	  "size" AND " 270 " AND "tag" AND "a \"b\"" AND "tag" AND "c" AND "tag" AND "a \"b\"" AND
	  "" AND "x" AND "call" AND "010-1234-5678",
	  "", "", "", "",
	  "{\"size\":\"270\",\"tag\":\"a \\\"b\\\", c, a \\\"b\\\"\",\"call\":\"010-****-****\"}" },
	{ "names of attributes, too", "", "", "", "", "010-1234-5678" AND "call", "", "", "", "",
	  "{\"010-****-****\":\"call\"}" },
};

static void lists_are_typed(void **state)
{
	struct arena *a = arena_new(1 << 14);
	struct conf_source kind = market;
	struct listing_raw raw;
	struct cleaner_in in = { .source = &kind,
				 .raw = &raw,
				 .page_url = STR("https://market.example/list"),
				 .now_ms = NOW };
	struct listing l;

	(void)state;
	kind.mask_personal = true;
	kind.category_separator = STR(">");
	for (size_t i = 0; i < sizeof(several) / sizeof(several[0]); i++) {
		raw = raw_of("1", several[i].name, "1000");
		raw.field[FIELD_IMAGE] = str_of(several[i].image);
		raw.field[FIELD_IMAGES] = str_of(several[i].images);
		raw.field[FIELD_CATEGORY] = str_of(several[i].category);
		raw.field[FIELD_CATEGORY_PATH] = str_of(several[i].path);
		raw.field[FIELD_ATTRIBUTES] = str_of(several[i].attributes);
		cleaner_run(&in, a, &l);
		if (!str_is(l.image, several[i].is_image) ||
		    !str_is(l.images, several[i].is_images) ||
		    !str_is(l.category, several[i].is_category) ||
		    !str_is(l.category_path, several[i].is_path) ||
		    !str_is(l.attributes, several[i].is_attributes))
			fail_msg("%s: %.*s %.*s %.*s %.*s %.*s", several[i].name, STR_ARG(l.image),
				 STR_ARG(l.images), STR_ARG(l.category), STR_ARG(l.category_path),
				 STR_ARG(l.attributes));
	}
	arena_free(a);
}

/* However many a page has, and however long. */
static void lists_are_bounded(void **state)
{
	struct arena *a = arena_new(1 << 16);
	struct listing_raw raw = raw_of("1", "a", "1000");
	struct str rest, name, value;
	struct buf images, levels, pairs;
	struct listing l;
	int n = 0;

	(void)state;
	buf_init(&images, 1 << 20);
	buf_init(&levels, 1 << 20);
	buf_init(&pairs, 1 << 20);
	for (int i = 0; i < 200; i++) {
		buf_fmt(&images, "%s/%d.jpg", i ? AND : "", i);
		buf_fmt(&levels, "%s%0200d", i ? AND : "", i);
		buf_fmt(&pairs, "%sn%d" AND "%0500d", i ? AND : "", i, i);
	}
	raw.field[FIELD_IMAGES] = buf_str(&images);
	raw.field[FIELD_CATEGORY_PATH] = buf_str(&levels);
	raw.field[FIELD_ATTRIBUTES] = buf_str(&pairs);
	l = run(a, &raw);
	assert_true(str_find(l.images, STR("/19.jpg\"]")) > 0);
	assert_true(l.category.n <= listing_fields[FIELD_CATEGORY].most_bytes);
	assert_int_equal(l.category_path.n, 12 * 103 + 1);
	for (rest = l.attributes; listing_attribute_next(&rest, &name, &value); n++)
		assert_int_equal(value.n, 302);
	assert_int_equal(n, 40);
	assert_true(str_is(rest, "}"));
	buf_done(&images);
	buf_done(&levels);
	buf_done(&pairs);
	arena_free(a);
}

static void every_field_is_typed(void **state)
{
	struct arena *a = arena_new(1 << 14);
	struct listing_raw raw = raw_of(" 71 ", " [새상품] Nike 에어포스1 270 ", "12만원");
	struct listing l;

	(void)state;
	raw.field[FIELD_URL] = STR("/item/71");
	raw.field[FIELD_IMAGE] = STR("//img.example/71_w{res}.jpg");
	raw.field[FIELD_DESCRIPTION] = STR("\n한 번 신었어요\n");
	raw.field[FIELD_CATEGORY] = STR("405 ");
	raw.field[FIELD_BRAND] = STR("Nike\xff");
	raw.field[FIELD_CONDITION] = STR(" lightly_used ");
	raw.field[FIELD_STATUS] = STR("soldout");
	raw.field[FIELD_LOCATION] = STR(" 서울특별시 구로구 신도림동 ");
	raw.field[FIELD_POSTED] = STR("1740787100");
	raw.field[FIELD_UPDATED] = STR("1740787150");
	l = run(a, &raw);
	assert_true(str_is(l.source, "market"));
	assert_true(str_is(l.ext_id, "71"));
	assert_true(str_is(l.url, "https://market.example/item/71"));
	assert_true(str_is(l.image, "https://img.example/71_w{res}.jpg"));
	assert_true(str_is(l.title, " [새상품] Nike 에어포스1 270 "));
	assert_true(str_is(l.title_clean, "새상품 nike 에어포스 1 270"));
	assert_true(str_is(l.description, "한 번 신었어요"));
	assert_true(str_is(l.category, "405"));
	assert_true(str_is(l.brand, "Nike\xef\xbf\xbd"));
	assert_true(str_is(l.condition, "used"));
	assert_true(str_is(l.location, "서울특별시 구로구"));
	assert_true(str_is(l.currency, "KRW"));
	assert_int_equal(l.price, 120000);
	assert_int_equal(l.price_digits, 0);
	assert_int_equal(l.state, LISTING_SOLD);
	assert_int_equal(l.posted_ms, 1740787100000);
	assert_int_equal(l.updated_ms, 1740787150000);
	assert_int_equal(l.first_seen_ms, NOW);
	assert_int_equal(l.flags, 0);
	assert_true(str_is(l.flag_reason, ""));
	assert_int_equal(l.clean_version, CLEANER_VERSION);
	arena_free(a);
}

static void absent_fields_are_empty(void **state)
{
	struct arena *a = arena_new(1 << 14);
	struct listing_raw raw = { 0 };
	struct listing l = run(a, &raw);
	const struct str *texts[] = { &l.ext_id,   &l.url,	  &l.title, &l.description,
				      &l.image,	   &l.category,	  &l.brand, &l.condition,
				      &l.location, &l.title_clean };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_non_null(texts[i]->p);
		assert_int_equal(texts[i]->n, 0);
	}
	assert_true(l.price == LISTING_NO_PRICE);
	assert_int_equal(l.state, LISTING_UNKNOWN);
	assert_int_equal(l.posted_ms, 0);
	assert_int_equal(l.flags, FLAG_BIT(FLAG_EMPTY_TITLE) | FLAG_BIT(FLAG_NO_PRICE));
	assert_true(str_is(l.flag_reason, "title without a letter or digit; no readable price"));
	arena_free(a);
}

static const struct {
	const char *title, *price;
	uint32_t flags;
	const char *reason;
} flagged[] = {
	{ "청바지 32", "30000", 0, "" },
	{ "청바지 32", "0", 0, "" },
	{ "청바지 32", "나눔", 0, "" },
	{ "청바지 32", "협의", FLAG_BIT(FLAG_NO_PRICE), "no readable price" },
	{ "청바지 32", "", FLAG_BIT(FLAG_NO_PRICE), "no readable price" },
	{ "청바지 32", "9999999", FLAG_BIT(FLAG_JOKE_PRICE), "price 9999999: one figure repeated" },
	{ "★☆!!", "30000", FLAG_BIT(FLAG_EMPTY_TITLE), "title without a letter or digit" },
	{ "★", "1", FLAG_BIT(FLAG_EMPTY_TITLE) | FLAG_BIT(FLAG_JOKE_PRICE),
	  "title without a letter or digit; price 1: under 100 won" },
};

static void flags_come_with_reasons(void **state)
{
	struct arena *a = arena_new(1 << 14);

	(void)state;
	for (size_t i = 0; i < sizeof(flagged) / sizeof(flagged[0]); i++) {
		struct listing_raw raw = raw_of("1", flagged[i].title, flagged[i].price);
		struct listing l = run(a, &raw);

		if (l.flags != flagged[i].flags || !str_is(l.flag_reason, flagged[i].reason))
			fail_msg("'%s' %s: flags %x '%.*s'", flagged[i].title, flagged[i].price,
				 l.flags, STR_ARG(l.flag_reason));
	}
	arena_free(a);
}

static const struct {
	const char *given, *price, *code;
	int64_t minor;
} moneys[] = {
	{ "", "12000", "KRW", 12000 },
	{ "USD", "12.50", "USD", 1250 },
	{ "usd", "$12.50", "USD", 1250 },
	{ "", "$12.50", "USD", 1250 },
	{ "원", "12000", "KRW", 12000 },
	{ "???", "12000", "KRW", 12000 },
	{ "KWD", "1.250", "KWD", 1250 },
	/* The page contradicts itself. */
	{ "KRW", "$12.50", "KRW", LISTING_NO_PRICE },
};

static void currency_of_page_then_price_then_source(void **state)
{
	struct arena *a = arena_new(1 << 14);

	(void)state;
	for (size_t i = 0; i < sizeof(moneys) / sizeof(moneys[0]); i++) {
		struct listing_raw raw = raw_of("1", "title", moneys[i].price);
		struct listing l;

		raw.field[FIELD_CURRENCY] = str_of(moneys[i].given);
		l = run(a, &raw);
		if (!str_is(l.currency, moneys[i].code) || l.price != moneys[i].minor)
			fail_msg("'%s' '%s': %.*s %lld", moneys[i].given, moneys[i].price,
				 STR_ARG(l.currency), (long long)l.price);
	}
	arena_free(a);
}

static const struct {
	const char *a, *b;
	bool same;
} families[] = {
	{ "나이키 에어포스 270", "나이키 에어포스 270", true },
	{ "[나이키] 에어포스 270!!", "나이키  에어포스 270", true },
	{ "ＮＩＫＥ air force", "nike AIR-force", true },
	{ "나이키 에어포스 270", "나이키 에어포스 275", false },
	/* Too short to tell one offer from another. */
	{ "자켓", "자켓", false },
	{ "95 m", "95 m", false },
	{ "", "", false },
	{ "★", "♥", false },
	{ "코트 95", "코트 95", true },
};

static void equal_titles_are_one_family(void **state)
{
	struct arena *a = arena_new(1 << 14);

	(void)state;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		struct listing_raw one = raw_of("1", families[i].a, "10000");
		struct listing_raw two = raw_of("2", families[i].b, "20000");
		uint64_t x = run(a, &one).family, y = run(a, &two).family;

		if ((x == y) != families[i].same)
			fail_msg("'%s' and '%s'", families[i].a, families[i].b);
		assert_true(x != 0 && x >> 63 == 0);
		assert_true(run(a, &one).family == x);
	}
	arena_free(a);
}

static void assert_same(const struct listing *x, const struct listing *y)
{
	assert_true(str_eq(x->title_clean, y->title_clean));
	assert_true(str_eq(x->flag_reason, y->flag_reason));
	assert_true(x->family == y->family);
	assert_int_equal(x->flags, y->flags);
	assert_int_equal(x->clean_version, y->clean_version);
	assert_true(str_eq(x->title, y->title));
	assert_true(x->price == y->price);
}

/* Random bytes with a liking for what titles and prices are made of. */
static struct str random_text(struct rng *r, char *to, size_t most)
{
	static const char *const bits[] = {
		"나이키", "자켓", "Nike", "12,000",  "만",	 "원", "$", "{res}", " ",
		"\xff",	  "★",	  "../",  "1234567", "https://", "é",  "9", "2025-", "ㅋ"
	};
	size_t n = 0;

	while (rng_below(r, 8)) {
		struct str bit = str_of(bits[rng_below(r, sizeof(bits) / sizeof(bits[0]))]);

		if (rng_below(r, 4) == 0 && n < most)
			to[n++] = (char)rng_next(r);
		if (n + bit.n > most)
			break;
		memcpy(to + n, bit.p, bit.n);
		n += bit.n;
	}
	return (struct str){ to, n };
}

static void cleaning_again_changes_nothing(void **state)
{
	struct rng r = { .state = 20250301 };
	struct arena *a = arena_new(1 << 16);
	char room[FIELD_COUNT][128];

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct listing_raw raw;
		struct listing l, again;

		arena_reset(a);
		for (int f = 0; f < FIELD_COUNT; f++)
			raw.field[f] = random_text(&r, room[f], sizeof(room[f]));
		l = run(a, &raw);
		assert_true(utf8_valid(l.title) && utf8_valid(l.url) && utf8_valid(l.brand));
		again = l;
		again.flags = ~0u;
		cleaner_again(NULL, a, &again);
		assert_same(&l, &again);
	}
	arena_free(a);
}

static void real_row(struct arena *a, struct str line, int64_t *ret_ns)
{
	struct listing_raw raw = { 0 };
	struct str part[9], rest = line;
	struct listing l, again;
	int64_t price, began;
	int n = 0;

	while (n < 9 && str_next(&rest, '\t', &part[n]))
		n++;
	assert_int_equal(n, 9);
	raw.field[FIELD_ID] = part[0];
	raw.field[FIELD_TITLE] = part[1];
	raw.field[FIELD_CATEGORY] = part[2];
	raw.field[FIELD_PRICE] = part[4];
	raw.field[FIELD_STATUS] = part[5];
	raw.field[FIELD_POSTED] = part[7];
	raw.field[FIELD_IMAGE] = part[8];
	began = clock_thread_cpu_ns();
	l = run(a, &raw);
	*ret_ns += clock_thread_cpu_ns() - began;
	assert_true(str_i64(part[4], &price) && l.price == price);
	assert_true(str_eq(l.title, part[1]));
	assert_true(str_eq(l.image, part[8]));
	again = l;
	cleaner_again(NULL, a, &again);
	assert_same(&l, &again);
	if (l.title_clean.n == 0)
		assert_true(l.flags & FLAG_BIT(FLAG_EMPTY_TITLE));
}

static void real_listings_keep_what_they_say(void **state)
{
	const char *path = PIPED_SHARED "/data/bunjang/listings.tsv.gz";
	struct arena *a = arena_new(1 << 16);
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int64_t rows = 0, ns = 0;
	FILE *f;

	(void)state;
	if (!file_exists(path)) {
		print_message("skipped: %s is not here\n", path);
		arena_free(a);
		skip();
	}
	f = popen("zcat " PIPED_SHARED "/data/bunjang/listings.tsv.gz", "r");
	assert_non_null(f);
	assert_true(getline(&line, &room, f) > 0); /* column names */
	while ((n = getline(&line, &room, f)) > 0) {
		arena_reset(a);
		real_row(a, str_trim((struct str){ line, (size_t)n }), &ns);
		rows++;
	}
	assert_int_equal(pclose(f), 0);
	assert_true(rows > 0);
	print_message("%lld listings cleaned, %lld ns each\n", (long long)rows,
		      (long long)(rows ? ns / rows : 0));
	free(line);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_typed),
		cmocka_unit_test(lists_are_typed),
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(personal_data_is_masked),
		cmocka_unit_test(absent_fields_are_empty),
		cmocka_unit_test(flags_come_with_reasons),
		cmocka_unit_test(currency_of_page_then_price_then_source),
		cmocka_unit_test(equal_titles_are_one_family),
		cmocka_unit_test(cleaning_again_changes_nothing),
		cmocka_unit_test(real_listings_keep_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
