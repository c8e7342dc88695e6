/* extract_sel.h: all selectors of a page kind, one after the other. Pure. */
#ifndef PIPED_EXTRACT_SEL_H
#define PIPED_EXTRACT_SEL_H

#include "config/conf.h"

/* Order: these, then the fields, the links, the values. Unset ones (SEL_NONE) count. */
enum extract_sel_at {
	EXTRACT_SEL_ITEMS,
	EXTRACT_SEL_SKIP,
	EXTRACT_SEL_MORE,
	EXTRACT_SEL_LAST,
	EXTRACT_SEL_NEXT,
	EXTRACT_SEL_TOTAL,
	EXTRACT_SEL_CANONICAL, /* of HTML */
	EXTRACT_SEL_FIELDS,
};

/* The i-th, or NULL past the last one. */
const struct conf_sel *extract_sel(const struct conf_page *page, int i);
/* What it is called in the configuration: "items", "title", "links". */
const char *extract_sel_name(const struct conf_page *page, int i);

#endif
