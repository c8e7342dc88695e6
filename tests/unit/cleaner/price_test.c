#include "base/buf.h"
#include "base/file.h"
#include "cleaner/currency.h"
#include "cleaner/price.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BAD INT64_MIN

static const struct {
	const char *text, *currency;
	int64_t price;
} prices[] = {
	{ "150000", "KRW", 150000 },
	{ "12,000", "KRW", 12000 },
	{ "₩ 12,000", "KRW", 12000 },
	{ "￦12,000", "KRW", 12000 },
	{ "12,000원", "KRW", 12000 },
	{ " 1,234,567 KRW ", "KRW", 1234567 },
	{ "12.000원", "KRW", 12000 },
	{ "25000.0", "KRW", 25000 },
	{ "25000.00", "KRW", 25000 },
	{ "１２，０００円", "JPY", 12000 },
	{ "¥12,000", "JPY", 12000 },
	{ "12만원", "KRW", 120000 },
	{ "12만 원", "KRW", 120000 },
	{ "12.5만원", "KRW", 125000 },
	{ "1,200만원", "KRW", 12000000 },
	{ "3만5천원", "KRW", 35000 },
	{ "3만 5,000원", "KRW", 35000 },
	{ "3만500원", "KRW", 30500 },
	{ "3천원", "KRW", 3000 },
	{ "3천 500원", "KRW", 3500 },
	{ "천원", "KRW", 1000 },
	{ "만원", "KRW", 10000 },
	{ "십만원", "KRW", 100000 },
	{ "백오십", "KRW", BAD },
	{ "2천500만원", "KRW", 25000000 },
	{ "1억", "KRW", 100000000 },
	{ "1억 2천", "KRW", 120000000 },
	{ "1억 2천만원", "KRW", 120000000 },
	{ "1억2천만 5천원", "KRW", 120005000 },
	{ "1.5억", "KRW", 150000000 },
	{ "1万2千円", "JPY", 12000 },
	{ "1억 5000", "KRW", BAD },
	{ "15만 5", "KRW", BAD },
	{ "3만 5만", "KRW", BAD },
	{ "5천 3천", "KRW", BAD },
	{ "1.00001만", "KRW", BAD },
	{ "무료나눔", "KRW", 0 },
	{ "나눔🧡", "KRW", 0 },
	{ "무료 나눔!", "KRW", 0 },
	{ "FREE", "USD", 0 },
	{ "0", "KRW", 0 },
	{ "0원", "KRW", 0 },
	{ "$12.50", "USD", 1250 },
	{ "US$:12.99", "USD", 1299 },
	{ "12.50", "USD", 1250 },
	{ "12.5", "USD", 1250 },
	{ "12", "USD", 1200 },
	{ "12,50 €", "EUR", 1250 },
	{ "€1'049,95", "EUR", 104995 },
	{ "1.234,56", "EUR", 123456 },
	{ "1,234.56", "USD", 123456 },
	{ "1 234,56 zł", "PLN", 123456 },
	{ "93 499 Kč", "CZK", 9349900 },
	{ "1.234.567,89", "EUR", 123456789 },
	{ "1.800.000₫", "VND", 1800000 },
	{ "12.500 ₫", "VND", 12500 },
	{ "1,234", "USD", 123400 },
	{ "1.234", "EUR", 123400 },
	{ "0.999", "USD", 100 },
	{ "29.1583", "GBP", 2916 },
	{ "1.11000000000000009770", "USD", 111 },
	{ "423.923 KWD", "KWD", 423923 },
	{ "123,456.789 OMR", "OMR", 123456789 },
	{ "19,-", "EUR", 1900 },
	{ "5.00 *", "", 500 },
	{ "150000", "", 15000000 },
	{ "$12", "CAD", 1200 },
	{ "kr 100", "NOK", 10000 },
	{ "999999999999999", "KRW", 999999999999999 },
	{ "1000000000000001", "KRW", BAD },
	{ "9999999999999999999999", "KRW", BAD },
	{ "12345678901234.50", "USD", BAD },
	{ "", "KRW", BAD },
	{ "협의", "KRW", BAD },
	{ "가격제안", "KRW", BAD },
	{ "-5000", "KRW", BAD },
	{ "10000~15000", "KRW", BAD },
	{ "10,000원 15,000원", "KRW", 10000 },
	{ "100,000,00", "KRW", BAD },
	{ "1,23", "KRW", BAD },
	{ "12.50", "KRW", BAD },
	{ "1.234,56", "KRW", BAD },
	{ "1,2345", "USD", BAD },
	{ "12,34.56", "USD", BAD },
	{ "1.234.56", "USD", BAD },
	{ "1,234,567.8,9", "USD", BAD },
	{ "5 12", "USD", BAD },
	{ "1,2,3,4,5,6,7,8,9,1", "USD", BAD },
	{ "$12", "KRW", BAD },
	{ "12 KRW", "USD", BAD },
	{ "12 EURO", "EUR", 1200 },
	{ "12 EUROS", "EUR", 1200 },
	{ "12k", "USD", BAD },
	{ "$.75", "USD", 75 },
	/* among words: the one with a sign, the first of them */
	{ "판매가 12,000원 (택포)", "KRW", 12000 },
	{ "정가 15만원 → 9만 5천원", "KRW", 150000 },
	{ "5만원에 팝니다", "KRW", 50000 },
	{ "3개 12,000원", "KRW", 12000 },
	{ "10% 할인 9,000원", "KRW", 9000 },
	{ "아이폰 12 64GB 300,000원", "KRW", 300000 },
	{ "가격 12000", "KRW", 12000 },
	{ "천연 가죽", "KRW", BAD },
	{ "만능 12", "KRW", BAD },
	{ "3개", "KRW", BAD },
	{ "2024년 3월", "KRW", BAD },
	{ "10~15만원", "KRW", BAD },
	{ "1만~2만원", "KRW", 10000 },
	{ "10,000원 ~ 15,000원", "KRW", 10000 },
	{ "할인 -5,000원", "KRW", BAD },
	{ "$12 (15,000원)", "KRW", BAD },
	{ "From 26 to 50 €", "EUR", 2600 },
	{ "From $24.95", "USD", 2495 },
	{ "běžná cena 9 800 Kč", "CZK", 980000 },
	{ "Our Price: 29", "USD", 2900 },
	{ "Size 29", "USD", BAD },
	{ "129,00 € (-15%)", "EUR", 12900 },
	{ "$119. 95", "USD", 11995 },
	{ "35€ 99", "EUR", 3599 },
	{ "1 890 Р", "RUB", 189000 },
	{ "x2 $5", "USD", 500 },
	{ "$.75,333", "USD", BAD },
	{ "July, 2004", "USD", BAD },
	{ "010-1234-5678", "KRW", BAD },
	{ "원", "KRW", BAD },
	{ "12\xff", "KRW", BAD },
};

static void prices_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++) {
		struct str currency = str_of(prices[i].currency);
		int64_t price = BAD;
		int digits = -1;
		bool good = price_read(str_of(prices[i].text), currency, &price, &digits);

		if (price != prices[i].price || good != (price != BAD) ||
		    digits != (good ? currency_digits(currency) : -1))
			fail_msg("'%s' %s: got %lld, digits %d", prices[i].text, prices[i].currency,
				 (long long)price, digits);
	}
}

static void long_text_is_no_price(void **state)
{
	char text[300];
	int64_t price;
	int digits;

	(void)state;
	memset(text, ' ', sizeof(text));
	text[0] = '5';
	assert_true(price_read((struct str){ text, 200 }, STR("KRW"), &price, &digits));
	assert_int_equal(price, 5);
	assert_false(price_read((struct str){ text, sizeof(text) }, STR("KRW"), &price, &digits));
}

static const struct {
	const char *text, *usual, *code;
} currencies[] = {
	{ "12,000원", "", "KRW" },  { "₩12,000", "KRW", "KRW" }, { "$5", "KRW", "USD" },
	{ "$5", "CAD", "CAD" },	    { "NT$ 500", "USD", "TWD" }, { "5 EUR", "USD", "EUR" },
	{ "5 eur", "USD", "EUR" },  { "¥500", "CNY", "CNY" },	 { "¥500", "USD", "JPY" },
	{ "500", "USD", NULL },	    { "", "USD", NULL },	 { "EURASIA", "USD", NULL },
	{ "xEUR 5", "USD", NULL },  { "12만원", "USD", "KRW" },	 { "5달러", "KRW", "USD" },
	{ "450 000 ₫", "", "VND" },
};

static void signs_tell_the_currency(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(currencies) / sizeof(currencies[0]); i++) {
		char code[4] = "";
		bool found = price_currency(str_of(currencies[i].text), str_of(currencies[i].usual),
					    code);

		if (found != !!currencies[i].code ||
		    (found && strcmp(code, currencies[i].code) != 0))
			fail_msg("'%s': got '%s'", currencies[i].text, code);
	}
}

static const struct {
	int64_t price;
	const char *currency, *why;
} jokes[] = {
	{ 1, "KRW", "price 1: under 100 won" },
	{ 99, "KRW", "price 99: under 100 won" },
	{ 100, "KRW", NULL },
	{ 0, "KRW", NULL },
	{ 999, "KRW", NULL },
	{ 1111, "KRW", "price 1111: one figure repeated" },
	{ 9999999, "KRW", "price 9999999: one figure repeated" },
	{ 9999990, "KRW", "price 9999990: one figure repeated" },
	{ 99990, "KRW", NULL },
	{ 1234, "KRW", "price 1234: figures in a row" },
	{ 1234567, "KRW", "price 1234567: figures in a row" },
	{ 123456789, "KRW", "price 123456789: figures in a row" },
	{ 987654321, "KRW", "price 987654321: figures in a row" },
	{ 2345, "KRW", NULL },
	{ 4321, "KRW", NULL },
	{ 100000000, "KRW", "price 100000000: 100 million won or more" },
	{ 99000000, "KRW", NULL },
	{ 155000, "KRW", NULL },
	{ 1111, "USD", NULL },
	{ 1, "", NULL },
};

static void joke_prices_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(jokes) / sizeof(jokes[0]); i++) {
		char why[64] = "";
		bool joke = price_joke(jokes[i].price, str_of(jokes[i].currency), why);

		if (joke != !!jokes[i].why || (joke && strcmp(why, jokes[i].why) != 0))
			fail_msg("%lld: got '%s'", (long long)jokes[i].price, why);
	}
}

static const struct {
	const char *code;
	int digits;
} digits[] = {
	{ "KRW", 0 }, { "krw", 0 }, { "JPY", 0 }, { "USD", 2 }, { "EUR", 2 },
	{ "KWD", 3 }, { "CLF", 4 }, { "", 2 },	  { "XYZ", 2 }, { "KR", 2 },
};

static void digits_follow_iso_4217(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++)
		assert_int_equal(currency_digits(str_of(digits[i].code)), digits[i].digits);
}

/* The value of "key" in one line of JSON: text without escapes, or none. */
static struct str value_of(struct str line, const char *key)
{
	ptrdiff_t at = str_find(line, str_of(key)), end;
	struct str s;

	assert_true(at >= 0);
	s = str_sub(line, (size_t)at + strlen(key), line.n);
	if (s.p[0] != '"')
		return (struct str){ 0 };
	s = str_sub(s, 1, s.n);
	end = str_find_char(s, '"');
	assert_true(end >= 0);
	s = str_sub(s, 0, (size_t)end);
	return str_find_char(s, '\\') < 0 ? s : (struct str){ 0 };
}

/* Texts of real pages: what is read must be right; how many are is reported.
 * The suite's own known failures are left out. */
static void real_texts_are_read_right(void **state)
{
	const char *path = PIPED_SHARED "/data/suites/price-text/cases.jsonl";
	struct buf b;
	struct str rest, line;
	int read = 0, wrong = 0, unpriced = 0, all = 0;

	(void)state;
	if (!file_exists(path)) {
		print_message("skipped: %s is not here\n", path);
		skip();
	}
	buf_init(&b, 1 << 20);
	assert_int_equal(file_read(path, &b, NULL), ERR_OK);
	rest = buf_str(&b);
	while (str_next(&rest, '\n', &line)) {
		struct str text, amount;
		int64_t price;
		double want;
		int n;

		if (line.n == 0 || str_find(line, STR("XFAIL")) >= 0)
			continue;
		text = value_of(line, "\"text\": ");
		amount = value_of(line, "\"amount\": ");
		all++;
		if (!text.p || !price_read(text, STR(""), &price, &n)) {
			unpriced += !amount.p;
			continue;
		}
		read++;
		if (!str_f64(amount, &want) || llabs(price - (int64_t)(want * 100 + 0.5)) > 0) {
			wrong++;
			print_message("'%.*s' read as %lld, not %.*s\n", STR_ARG(text),
				      (long long)price, STR_ARG(amount));
		}
	}
	print_message("price-text: %d texts, %d read, %d have none, %d wrong\n", all, read,
		      unpriced, wrong);
	/* "1250€600", and "423.923 KD" without its currency */
	assert_true(wrong <= 2);
	assert_true((read - wrong + unpriced) * 100 >= all * 95);
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prices_are_read),
		cmocka_unit_test(long_text_is_no_price),
		cmocka_unit_test(signs_tell_the_currency),
		cmocka_unit_test(joke_prices_are_known),
		cmocka_unit_test(digits_follow_iso_4217),
		cmocka_unit_test(real_texts_are_read_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
