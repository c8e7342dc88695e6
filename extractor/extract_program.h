/* extract_program.h: all selectors of a JSON page kind as one jq program, which
 * runs once over a page. Each is wrapped in `try`, so that an error names its
 * selector and spoils no other. Those of an item that are mere paths are left
 * out of it. One thread at a time. */
#ifndef PIPED_EXTRACT_PROGRAM_H
#define PIPED_EXTRACT_PROGRAM_H

#include "config/conf.h"
#include "extractor/extract_jq.h"
#include "extractor/extract_path.h"

/* Where a selector of an item is found: a path into the item; or a place in the
 * row that the program gives for the item; or neither: it finds nothing. */
struct extract_cell {
	struct extract_path *path;
	int at;
};

/* Results, in this order: more, last, next, total, one per links, one per values: each [what it found] or
 * {"e": error}. Then for pages with fields: an error of items, or their number
 * and for each a row [item, cells...], cells as before. */
struct extract_program {
	const struct conf_page *page; /* borrowed */
	struct extract_jq *jq;
	struct extract_cell skip, *fields; /* as many as the page has */
};

/* ERR_BAD when a selector doesn't compile: `why` names it; `p` can be done. */
enum err extract_program_init(struct extract_program *p, const struct conf_page *page,
			      struct reason *why);
void extract_program_done(struct extract_program *p);

/* One selector alone. */
enum err extract_program_check(const struct conf_sel *sel, struct reason *why);

#endif
