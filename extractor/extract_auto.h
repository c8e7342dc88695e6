/* extract_auto.h: format auto: products on any page, without selectors. Sources, best
 * first: JSON-LD, microdata, RDFa Lite, Open Graph, the state that a page's scripts carry,
 * what the page shows. A page about one product has each field from the best source that
 * has it, price and currency from one; a page that shows several has those of the best
 * source that lists any. Pure. */
#ifndef PIPED_EXTRACT_AUTO_H
#define PIPED_EXTRACT_AUTO_H

#include "extractor/extract_html_page.h"
#include "model/listing.h"

/* What found each field: "JSON-LD", "microdata", "RDFa", "Open Graph", "state", "shown",
 * "breadcrumbs", "address"; of a JSON body "schema.org", "members". NULL: nothing did. */
struct extract_auto_readers {
	const char *of[FIELD_COUNT];
};

struct extract_auto {
	struct listing_raw *list; /* none if the page is about something else */
	int n;
	struct extract_auto_readers *readers; /* of each of them */
	struct str *links; /* where the entries of the page's lists lead; else its listings */
	int n_links;
};

/* A listing without an id of its own has its address for one. `url`: of the page. Addresses
 * are as found. */
void extract_auto_find(struct extract_html_page *page, struct str url, struct arena *a,
		       struct extract_auto *ret);
/* The same of a body that is JSON, UTF-8: what an interface or a state file says. ERR_BAD:
 * there is no JSON in it. */
enum err extract_auto_json(struct str body, struct str url, struct arena *a,
			   struct extract_auto *ret, struct reason *why);

#endif
