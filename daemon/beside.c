#include "daemon/beside.h"

static double price_of(const struct listing *l)
{
	double p = (double)l->price;

	if (l->price == LISTING_NO_PRICE)
		return 0;
	for (int i = 0; i < l->price_digits; i++)
		p /= 10;
	return p;
}

void beside_of(const struct listing *l, struct beside *ret)
{
	ret->values[HINT_PRICE] = classifier_price_band(price_of(l), ret->band);
	ret->values[HINT_BRAND] = l->brand;
	ret->values[HINT_SOURCE] = l->source;
	ret->values[HINT_SOURCE_CATEGORY] = l->category;
}

int beside_fields(const struct str values[HINT_N], unsigned wanted,
		  struct classifier_field ret[HINT_N])
{
	int n = 0;

	for (int i = 0; i < HINT_N; i++)
		if ((wanted & HINT_BIT(i)) && values[i].n)
			ret[n++] = (struct classifier_field){ str_of(hint_name((enum hint)i)),
							      values[i] };
	return n;
}
