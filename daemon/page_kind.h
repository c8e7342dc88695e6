/* page_kind.h: what kind of page an address is, when nobody asked for it: by the job of
 * its name, by the seeds' URLs (a variable being any text), by the `match` of links. A
 * pool thread. */
#ifndef PIPED_PAGE_KIND_H
#define PIPED_PAGE_KIND_H

#include "config/conf.h"
#include "model/job.h"
#include "store/reader.h"

enum page_kind_found { PAGE_KIND_FOUND, PAGE_KIND_NO_SOURCE, PAGE_KIND_NONE };

/* What a person said; {0}: nothing. */
struct page_kind_of {
	struct str source, page_kind;
};

/* Fills *ret: the stored job, or one that could be stored (id 0). Text in `a`. */
enum page_kind_found page_kind_find(const struct conf *conf, struct reader *r, struct str url,
				    const struct page_kind_of *of, struct arena *a,
				    struct job *ret);

#endif
