/* extract_draft.h: how the listings of a page may be found, told from the page alone: ways that
 * a person would write into a source's file. Which one is best is for the caller to try.
 * Pure. */
#ifndef PIPED_EXTRACT_DRAFT_H
#define PIPED_EXTRACT_DRAFT_H

#include "base/arena.h"
#include "base/err.h"
#include "config/conf.h"

#define EXTRACT_DRAFT_WAYS 8

struct extract_draft_in {
	struct str body; /* decoded */
	struct str content_type;
	struct str url;
	/* 0: no price; 1: an amount that may be one; 2: an amount with its currency. */
	int (*price)(void *ctx, struct str text);
	/* Whether it is a date or a time, as people write them. */
	bool (*time)(void *ctx, struct str text);
	void *ctx;
};

/* Selectors without place; SEL_NONE: nothing was found. */
struct extract_draft_way {
	enum conf_format format; /* auto has neither items nor fields */
	struct str script;	 /* of json: where in an HTML page it stands; {0}: it is the body */
	struct conf_sel items;
	struct conf_sel fields[FIELD_COUNT];
	struct conf_sel next; /* where the next page is */
	bool rel_next;
	struct conf_sel more; /* of pages that are counted */
	int n;		      /* that were seen; 0: it was not looked */
	struct str what;      /* "repeated li.item", "array .data.list" */
};

struct extract_draft {
	bool json;	     /* the body is */
	struct str encoding; /* as the Encoding Standard calls it */
	bool told;	     /* by the page or its header */
	struct str language; /* of the html element; or {0} */
	bool outside;	  /* a price is shown before the best repeated region: the page may be about
		       * one thing, which that shows others beside */
	struct str param; /* of the list's address, that counts its pages; or {0} */
	int64_t first;	  /* its first value */
	struct extract_draft_way ways[EXTRACT_DRAFT_WAYS]; /* likeliest first; auto is first */
	int n;
};

/* Texts in `a`. ERR_BAD, ERR_TOO_BIG: it is no page that can be read. */
enum err extract_draft(const struct extract_draft_in *in, struct arena *a,
		       struct extract_draft *ret, struct reason *why);

#endif
