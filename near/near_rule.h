/* near_rule.h: whether two listings offer the same thing, from their titles and a second
 * signal. Titles alone are not enough: half of all shops sell "black knit M". Pure.
 *
 * Likeness is Jaccard's over bigrams weighted by how rare each is, so that a brand that all
 * titles of a search share says little, and a model's name much. What both titles have of
 * their own says that they differ ("black" here, "white" there): additions are common in
 * rewordings, replacements are not. An addition that makes another kind of thing of it
 * ("knit", "knit dress") is told by the category that the seller chose.
 *
 * Where and when were measured and are no signals (near_signal_test): things of one price in one
 * province, or of one hour, with titles so alike, are other things as often as any. */
#ifndef PIPED_NEAR_RULE_H
#define PIPED_NEAR_RULE_H

#include <stdbool.h>

/* Prices further apart are no signal; and the width of the index's price blocks. */
#define NEAR_PRICE_FACTOR 1.2

/* What two listings have in common. Another signal is a field here and a row in near_rules. */
struct near_likeness {
	double alike;	 /* 0..1: weighted Jaccard */
	double odd;	 /* weight, in nats, of what is only in the one; the lesser of both */
	bool image;	 /* the same address: one upload */
	bool picture;	 /* looks the same, at whichever address */
	bool price_same; /* to a hundredth */
	bool price_near; /* within NEAR_PRICE_FACTOR */
	bool category;	 /* the same one of the same site */
};

enum near_signal { NEAR_IMAGE, NEAR_PICTURE, NEAR_PRICE, NEAR_CATEGORY, NEAR_TITLE, NEAR_SIGNALS };
/* What must hold beside the signal; the first row that does decides. */
struct near_rule {
	const char *name, *doc;
	double alike, odd;
};
extern const struct near_rule near_rules[NEAR_SIGNALS];

/* The signal that joins them; NEAR_SIGNALS: none does. */
enum near_signal near_rule_of(const struct near_likeness *x);

#endif
