/* extract_offer.h: what a thing costs by schema.org's Offer, AggregateOffer,
 * PriceSpecification and the variants of a group. Pure. */
#ifndef PIPED_EXTRACT_OFFER_H
#define PIPED_EXTRACT_OFFER_H

#include "extractor/extract_schema.h"

struct extract_offer {
	const struct extract_node *node; /* where the price stood; NULL none */
	struct str price, currency;	 /* as they are written; {0} none */
	struct str status;		 /* extract_words.h; of several: selling if one is */
	struct str url;
};

/* Of a product: its offers, or else those of its variants, or a price of its own. Of several
 * offers the first that can be had, of an aggregate its low price; list and struck-out
 * prices are passed over. */
void extract_offer_read(const struct extract_schema *s, const struct extract_node *product,
			struct extract_offer *ret);
/* Of an offer, an aggregate, or a list of them. */
void extract_offer_of(const struct extract_schema *s, const struct extract_node *offers,
		      struct extract_offer *ret);

#endif
