/* trial.h: one page read with rules that are looked at; nothing is stored. */
#ifndef PIPED_TRIAL_H
#define PIPED_TRIAL_H

#include "labeler/labeler.h"
#include "model/found.h"
#include "store/reader.h"

struct serve_view;

struct trial_in {
	const struct serve_view *view; /* what flags listings, and bounds bodies */
	const struct conf *conf;       /* that `source` is of: the view's, or another */
	const struct conf_source *source;
	const struct conf_page *kind;
	struct reader *reader;
	const struct page *page; /* it is in the archive; NULL: it is `body`, as of now */
	struct str body;
	struct str url; /* of `body`: what relative addresses are relative to */
	bool addressed; /* it is the page's own, and not just one of its host */
	int64_t now_ms;
};

struct trial_link {
	struct str url, page; /* as found; the page kind */
	bool next;
};

struct trial {
	struct reason unreadable; /* why it is no page of that kind; "": it is one */
	struct found_all found;
	struct listing *listings; /* by place in `found`; without a source: not that far */
	int skipped, rejected, kept;
	struct trial_link *links;
	int n_links, n_values;
	bool more;
	int64_t last, total; /* -1: not said */
	struct str cursor, canonical;
};

#endif
