/* draft.h: a source's file that is drafted from one page; nothing is stored. */
#ifndef PIPED_DRAFT_H
#define PIPED_DRAFT_H

#include "config/conf.h"
#include "store/reader.h"

struct serve_view;

#define DRAFT_WAYS 8
#define DRAFT_SAMPLE 60 /* bytes of a value that is shown */

struct draft_in {
	const struct serve_view *view;
	struct reader *reader;
	const struct page *page; /* it is in the archive; NULL: it is `body` */
	struct str body;
	struct str url;	 /* of the page; {0}: not known */
	struct str name; /* of the source; {0}: after the address's host */
	int64_t now_ms;
};

/* One way to find the page's listings, tried on it. */
struct draft_way {
	const char *format;
	struct str what;
	bool loads;	    /* its file is one that piped reads */
	struct str trouble; /* why it finds nothing; {0}: it was tried */
	int kept, rejected, skipped;
	int distinct; /* ids among those kept */
	int filled[FIELD_COUNT];
	struct str sample[FIELD_COUNT];	 /* of the first that has the field: as found, but masked */
	const char *reader[FIELD_COUNT]; /* of format auto: what found that */
};

struct draft {
	struct str name, yaml;
	struct draft_way ways[DRAFT_WAYS];
	int n, best; /* best: -1: none finds listings, and there is no yaml */
};

#endif
