/* A line: the source's currency; the rest: a price as written, and a time. */
#include "cleaner/posted.h"
#include "cleaner/price.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define NOW_MS INT64_C(1750000000000)
#define YEAR_1995_MS INT64_C(788918400000)
#define DAY_MS (INT64_C(24) * 3600 * 1000)

static void check_price(struct str text, struct str currency)
{
	int64_t price = -1, again = -1;
	int digits = -1, digits2 = -1;
	char why[64] = "";

	if (!price_read(text, currency, &price, &digits)) {
		must(price == -1 && digits == -1);
		return;
	}
	must(price >= 0 && price <= PRICE_MOST && digits >= 0 && digits <= 4);
	must(price_read(str_trim(text), currency, &again, &digits2));
	must(price == again && digits == digits2);
	must(!price_joke(price, currency, why) || why[0]);
}

static void check_currency(struct str text, struct str usual)
{
	char code[4] = "";

	if (!price_currency(text, usual, code))
		return;
	must(memchr(code, 0, sizeof(code)) && strlen(code) == 3);
	for (int i = 0; i < 3; i++)
		must(str_eq_nocase(usual, str_of(code)) || (code[i] >= 'A' && code[i] <= 'Z'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = fuzz_text(data, size), currency = fuzz_line(&text);
	int64_t ms;

	check_price(text, currency);
	check_price(text, STR("KRW"));
	check_price(text, STR("KWD"));
	check_price(text, (struct str){ 0 });
	check_currency(text, currency);
	check_currency(text, STR("CAD"));
	ms = posted_ms(text, NOW_MS, 9 * 3600000);
	must(ms == 0 || (ms >= YEAR_1995_MS && ms <= NOW_MS + DAY_MS));
	return 0;
}
