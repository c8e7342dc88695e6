/* write_merge.h: what is stored of a listing and what a page shows of it, made
 * one. What the page leaves out is no news: sites show less of a listing on a
 * list than on its own page. Writer thread. */
#ifndef PIPED_WRITE_MERGE_H
#define PIPED_WRITE_MERGE_H

#include "store/tx.h"

/* A listing as stored. Text in the scratch arena; no description. */
struct write_merge_old {
	struct listing listing;
	uint64_t label_version;
	int64_t model;
};

/* What a listing becomes when it is seen again. */
struct write_merge {
	struct listing now;
	bool changed; /* a column other than when and where it was seen */
	bool poorer;  /* the page left something out that is stored */
	bool older;   /* a newer page has shown it: only what was missing is taken */
};

/* Runs `q`, a statement of the OLD_COLUMNS. */
enum err write_merge_find(struct tx *t, struct query *q, struct write_merge_old *ret,
			  bool *ret_found);
/* `ahead`: what is stored has a time to come, so that `seen` is newer. `behind`: what
 * is judged of it is of another version. */
enum err write_merge_make(struct tx *t, const struct write_merge_old *old,
			  const struct listing *seen, int64_t page, bool ahead, bool behind,
			  struct write_merge *ret);

#endif
