/* Each line is a field of a listing, in the order of enum listing_field. */
#include "base/normal.h"
#include "base/utf8.h"
#include "cleaner/cleaner.h"
#include "cleaner/mask.h"
#include "tests/fuzz/fuzz.h"

#define NOW_MS INT64_C(1750000000000)

static struct conf_status_map status[] = {
	{ .from = { .p = "0", .n = 1 }, .to = LISTING_SELLING },
	{ .from = { .p = "sold", .n = 4 }, .to = LISTING_SOLD },
};
static const struct conf_source source = {
	.name = { .p = "shop", .n = 4 },
	.currency = { .p = "KRW", .n = 3 },
	.status = status,
	.n_status = 2,
};

/* What an extractor promises: well-formed, no NUL, bounded. */
static struct str field(struct str line, enum listing_field f, struct arena *a)
{
	struct str s = utf8_cut(utf8_clean(a, line), listing_raw_bytes(f));

	return line.n == 0 || str_find_char(s, 0) >= 0 ? (struct str){ 0 } : s;
}

static void check(const struct listing_raw *raw, struct arena *a)
{
	const struct cleaner_in in = {
		.source = &source,
		.raw = raw,
		.page_url = STR("https://shop.example/list?page=1"),
		.now_ms = NOW_MS,
	};
	struct listing l = { 0 }, again;

	cleaner_run(&in, a, &l);
	must(str_eq(l.source, source.name));
	must(str_eq(l.title,
		    utf8_cut(raw->field[FIELD_TITLE], listing_fields[FIELD_TITLE].most_bytes)));
	must(utf8_valid(l.title_clean) && l.title_clean.n <= NORMAL_MOST);
	must(str_eq(normal_str(a, l.title_clean), l.title_clean));
	must(l.family >> 63 == 0 && l.clean_version == CLEANER_VERSION);
	must(l.price == LISTING_NO_PRICE || l.price >= 0);
	must((l.price == LISTING_NO_PRICE) == !!(l.flags & FLAG_BIT(FLAG_NO_PRICE)));
	must((l.title_clean.n == 0) == !!(l.flags & FLAG_BIT(FLAG_EMPTY_TITLE)));
	must(l.state >= 0 && l.state < LISTING_STATES);
	must(l.flags < FLAG_BIT(FLAG_COUNT));
	must(l.url.n == 0 || str_starts(l.url, STR("http")));
	must(str_eq(mask_personal(mask_personal(l.title, a), a), mask_personal(l.title, a)));
	must(utf8_valid(mask_personal(l.title, a)));
	again = l;
	cleaner_again(NULL, a, &again);
	must(str_eq(again.title_clean, l.title_clean) && again.family == l.family);
	must(again.flags == l.flags && str_eq(again.flag_reason, l.flag_reason));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str rest = fuzz_text(data, size);
	struct listing_raw raw = { 0 };

	for (int f = 0; f < FIELD_COUNT; f++)
		raw.field[f] = field(fuzz_line(&rest), (enum listing_field)f, a);
	if (!raw.field[FIELD_ID].p)
		raw.field[FIELD_ID] = STR("1");
	if (!raw.field[FIELD_TITLE].p)
		raw.field[FIELD_TITLE] = STR("");
	check(&raw, a);
	arena_free(a);
	return 0;
}
