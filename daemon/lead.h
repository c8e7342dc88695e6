/* lead.h: where a page leads: the next pages of its list, the parts of a list that is
 * longer than its window, links, values for seeds. Fills in the task's write; on a pool
 * thread. */
#ifndef PIPED_LEAD_H
#define PIPED_LEAD_H

#include "daemon/task.h"

/* The page's address: the one that it calls its own, if the source may ask for that. */
struct str lead_address(struct task *t, const struct conf_source *source,
			const struct conf_page *page, const struct extract_out *out);

/* After the listings are made. */
void lead_run(struct task *t, const struct conf_source *source, const struct conf_page *page,
	      const struct extract_out *out);

#endif
