/* price.h: prices as people and sites write them -> minor units. Strict: what could mean
 * two amounts means none. Pure; any thread.
 *
 * Read are one amount and its currency's sign, word or ISO code on either side: "₩12,000",
 * "12 000 Kč", "1.234,56 €", "1'049.95", "$119. 95", "35€ 99", full-width forms; Korean and
 * Chinese counting: "12만원", "1억 2천" (= 1억 2천만), "3만5천원", "1,200만", "천원"; and
 * "무료나눔", "나눔", "무료", "free" (0). Among other words the amount that stands beside
 * its currency counts, the first of several, the lower end of a range: "판매가 12,000원
 * (택포)", "From $24.95"; one without a sign only where the text says that it is a price.
 * Not read: negative amounts, percentages, counts ("3개"), telephone numbers, fractions of
 * a won, a sign that contradicts the currency, more than 10^15 minor units. */
#ifndef PIPED_PRICE_H
#define PIPED_PRICE_H

#include "base/str.h"

#define PRICE_MOST INT64_C(1000000000000000)

/* `currency` may be none: 2 digits. A separator before three last digits marks
 * thousands, except a point in a currency of three digits, or after a 0. */
bool price_read(struct str text, struct str currency, int64_t *ret_price, int *ret_digits);
/* The ISO code of the first sign in `text`, or `usual` where the sign may mean
 * that ("$" in a Canadian source); false: no sign. */
bool price_currency(struct str text, struct str usual, char to[4]);
/* Why nobody means such a price, in `to`; false: somebody may. Only prices in
 * KRW are judged. */
bool price_joke(int64_t price, struct str currency, char to[64]);

#endif
