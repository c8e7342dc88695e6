#include "near/near_rule.h"

/* `odd` is 0 but for rounding: all that the one title says, the other does, too. */
const struct near_rule near_rules[NEAR_SIGNALS] = {
	[NEAR_IMAGE] = { .name = "image", .alike = 0.30, .odd = 1e9, .doc = "the same image" },
	[NEAR_PICTURE] = { .name = "picture",
			   .alike = 0.30,
			   .odd = 1e9,
			   .doc = "nearly the same price, and a picture that looks the same" },
	[NEAR_PRICE] = { .name = "price",
			 .alike = 0.75,
			 .odd = 0.5,
			 .doc = "the same price, in the same category" },
	[NEAR_CATEGORY] = { .name = "category",
			    .alike = 0.85,
			    .odd = 0.5,
			    .doc = "nearly the same price, in the same category" },
	[NEAR_TITLE] = { .name = "title",
			 .alike = 0.90,
			 .odd = 0.5,
			 .doc = "nearly the same price, and nearly the same title" },
};

static bool holds(const struct near_likeness *x, enum near_signal s)
{
	return x->alike >= near_rules[s].alike && x->odd <= near_rules[s].odd;
}

enum near_signal near_rule_of(const struct near_likeness *x)
{
	if (x->image && holds(x, NEAR_IMAGE))
		return NEAR_IMAGE;
	if (x->picture && x->price_near && holds(x, NEAR_PICTURE))
		return NEAR_PICTURE;
	if (x->price_same && x->category && holds(x, NEAR_PRICE))
		return NEAR_PRICE;
	if (x->price_near && x->category && holds(x, NEAR_CATEGORY))
		return NEAR_CATEGORY;
	if (x->price_near && holds(x, NEAR_TITLE))
		return NEAR_TITLE;
	return NEAR_SIGNALS;
}
