/* extractor.h: bytes of a page -> raw listings, links, and whether there is a
 * next page. One extractor serves one thread at a time (it keeps compiled jq
 * programs, CSS and XPath); everything it answers lives in the arena given.
 * No I/O, no clock. */
#ifndef PIPED_EXTRACTOR_H
#define PIPED_EXTRACTOR_H

#include "base/arena.h"
#include "config/conf.h"
#include "model/found.h"
#include "model/reject.h"
#include "model/value.h"

struct extractor;

/* Cheap; programs are compiled when first used. `conf` is borrowed and must
 * outlive it. */
struct extractor *extractor_new(const struct conf *conf);
void extractor_free(struct extractor *x);

/* Bounds of one page. */
#define EXTRACT_MOST_ITEMS 5000
#define EXTRACT_MOST_LINKS 5000
#define EXTRACT_MOST_ADDRESSES 50000	/* links of a sitemap or a feed, as the protocol says */
#define EXTRACT_MOST_SITEMAP (50 << 20) /* bytes of one that is unpacked; `max-body` if less */
#define EXTRACT_MOST_FOUND VALUE_MOST	/* values for seeds */
#define EXTRACT_VALUE_BYTES 1024	/* of one; longer ones are left out */
#define EXTRACT_DEPTH 200		/* nesting of JSON and HTML */
#define EXTRACT_NEVER INT64_MAX

struct extract_in {
	const struct conf_source *source;
	const struct conf_page *page;
	struct str body;	 /* decoded */
	struct str content_type; /* header, for the charset; may be {0} */
	struct str url;		 /* base for relative addresses */
	struct str head;	 /* of the response, for its Link headers; may be {0} */
	/* Called once the body is a tree and before selectors look at it, so that the
	 * caller can tell what each costs; not for sitemaps and feeds, which are read
	 * in one go. May be NULL. */
	void (*parsed)(void *ctx);
	void *ctx;
	struct found_all *found; /* gets every item, in the arena; NULL: nobody asks */
};

struct extract_link {
	struct str url;	 /* as found, entity-decoded */
	struct str page; /* page kind it leads to */
	int priority;	 /* as its configuration says; -1: nothing */
	bool next;	 /* the next page of the same list */
	/* What a sitemap or a feed says about it; 0: nothing. */
	int64_t lastmod_ms; /* when it changed last */
	int64_t change_ms;  /* how often it changes; 1: always; EXTRACT_NEVER */
};

struct extract_reject {
	enum reject_code code;
	int field; /* enum listing_field, or REJECT_NO_FIELD */
	struct str why;
	struct listing_raw raw; /* what was found of it */
};

struct extract_out {
	struct listing_raw *listings;
	int n_listings;
	/* Of a sitemap or a feed, items are what could not be read: all rejected. */
	int items, skipped, rejected;
	struct str reject_reason; /* of the first rejected one */
	struct extract_reject *rejects;
	int n_rejects;		  /* the first REJECT_MOST */
	struct str *rejected_ids; /* of the others, those that are known */
	int n_rejected_ids;
	int reject_times[REJECTS]; /* of all, by reason */
	struct extract_link *links;
	int n_links;
	bool more;	      /* the API says there is a next page */
	int64_t last;	      /* last page, or -1 */
	struct str cursor;    /* the paging variable's value on the next page; {0}: no cursor */
	int64_t total;	      /* results of the list, or -1 */
	struct str canonical; /* address that the page calls its own; {0}: none, or not heeded */
	struct value *values; /* for seeds */
	int n_values;
};

/* ERR_BAD: doesn't fit (`why`: "`.list` is not an array", "line 1: expected
 * ..."), to be stored as unparsable; ERR_TOO_BIG: over a bound above. */
enum err extractor_run(struct extractor *x, const struct extract_in *in, struct arena *a,
		       struct extract_out *ret, struct reason *why);

/* Compiles every selector of the configuration (patterns need none): errors with file:line:column
 * for `piped --check`. Calls `each` per problem; returns their number. */
int extractor_check(const struct conf *conf, void (*each)(void *ctx, const struct conf_problem *p),
		    void *ctx);

/* ERR_BAD when it is no JSON; `why` says where. */
enum err extractor_check_json(struct str text, struct reason *why);

#endif
