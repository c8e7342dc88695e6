/* amount.h: the number in a price: figures with separators, and Korean,
 * Chinese and Japanese counting words. Fed piece by piece; pure. */
#ifndef PIPED_AMOUNT_H
#define PIPED_AMOUNT_H

#include "base/str.h"

/* value / 10^scale */
struct amount {
	int64_t value;
	int scale;
};

struct amount_reader {
	int digits; /* of the currency: how "1.234" is read */
	bool started, bad;
	bool held; /* a number that no counting word has used */
	struct amount hold;
	int64_t total, part; /* whole 억 and 만; 천, 백 and 십 since then */
	int64_t big, small;  /* last counting word of each kind; 0 none */
};

void amount_init(struct amount_reader *r, int digits);
/* Takes the number or counting word that `s` starts with: bytes of it; 0 none.
 * What contradicts what came before is remembered as bad. */
size_t amount_take(struct amount_reader *r, struct str s);
/* False: no amount, or not one that can mean only one thing. */
bool amount_end(const struct amount_reader *r, struct amount *ret);

#endif
