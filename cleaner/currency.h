/* currency.h: ISO 4217 codes and the signs and words that stand for them in
 * prices. Pure; any thread. */
#ifndef PIPED_CURRENCY_H
#define PIPED_CURRENCY_H

#include "base/str.h"

/* Digits after the point in `code`: 0 for KRW, 3 for KWD; 2 where unknown. */
int currency_digits(struct str code);

/* What a price's text says about its currency. */
struct currency_sign {
	const char *text, *code; /* "$", "USD" */
	const char *also;	 /* other currencies it may mean: "AUD CAD"; or NULL */
};

/* The sign, word or code (with `ret->text` NULL) that `s` starts with: bytes
 * of it, or 0. Letters end at a letter's end: "KRWX" starts with none. */
size_t currency_sign(struct str s, struct currency_sign *ret);
/* Whether a price marked so may be in `code`; none is in any. */
bool currency_fits(const struct currency_sign *sign, struct str code);

#endif
