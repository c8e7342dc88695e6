/* extract_product.h: products of schema.org (Product and its kin, ProductGroup, Offer,
 * AggregateOffer, ItemList, BreadcrumbList) -> fields of listings. Prices stay as they are
 * written; availability and condition become words. Pure. */
#ifndef PIPED_EXTRACT_PRODUCT_H
#define PIPED_EXTRACT_PRODUCT_H

#include "extractor/extract_schema.h"
#include "model/listing.h"

/* What a page says of itself, to tell its own product from others on it. */
struct extract_hints {
	struct str url;	  /* canonical, or else the one it was asked by */
	struct str title; /* of its heading; {0} none */
	bool all;	  /* the values are the page, not a part of it */
};

struct extract_products {
	struct listing_raw *list; /* of a page that shows several */
	int n;
	struct listing_raw one; /* of a page about one; a title is there if it is */
	struct str category;	/* of breadcrumbs: "Shoes > Boots"; {0} none */
	struct str path;	/* its levels (extract_several.h) */
	struct str *links;	/* where the entries of its lists lead, as they are written */
	int n_links;		/* at most EXTRACT_MOST_ITEMS */
};

/* All addresses of a value of images (extract_several.h). */
struct str extract_product_images(const struct extract_schema *s, const struct extract_node *image);

/* A page is about one product if only one stands outside of lists and of what is related,
 * similar or reviewed, if that is the one of the hints, or if there are two of them (the
 * one that says more). Else it shows all of them, or those of its lists; at most
 * EXTRACT_MOST_ITEMS. */
void extract_product_read(const struct extract_node *docs, const struct extract_hints *hints,
			  struct arena *a, struct extract_products *ret);

#endif
