/* drift.h: notices that the pages of one kind are no longer what they were: fill of each field,
 * prices, categories, listings and links per page, rejected records. Learns from the first
 * pages what is usual, slowly goes on learning, and raises an alarm when a change is not chance.
 * Pure: no clock, no chance, no I/O; one struct serves one thread at a time and is 26 KB.
 *
 * The test. Each page gives a value of each statistic. Against a sample of earlier pages, bets
 * are placed on the next page being outside of what its tests (drift_bet.h) call usual; the
 * wealth they make is a Shiryaev-Roberts e-detector, averaged over all bets of all statistics,
 * and an alarm is raised when it reaches `pages_per_alarm` (Shin, Ramdas, Rinaldo: "E-detectors:
 * a nonparametric framework for sequential change detection", 2023; Waudby-Smith, Ramdas:
 * "Estimating means of bounded random variables by betting", 2024; Page 1954 for the idea of
 * starting anew with each page).
 *
 * What is promised: in normal times at least `pages_per_alarm` pages, on average, until the first
 * false alarm of a page kind, all statistics together. What that assumes: given all pages before,
 * the next one is outside what a test calls usual with at most the test's chance p0, which is
 * never below DRIFT_TOLERANCE. Pages need not be independent, nor listings of a page: up to a
 * quarter of the pages may be odd, in whatever order. A long run of pages that are all unlike the
 * sample (a crawl that goes on to quite other goods) breaks the assumption: it is a change. */
#ifndef PIPED_DRIFT_H
#define PIPED_DRIFT_H

#include "base/buf.h"
#include "drift/drift_bet.h"
#include "model/listing.h"

enum drift_stat {
	DRIFT_ITEMS,	    /* listings per page */
	DRIFT_LINKS,	    /* links found per page */
	DRIFT_REJECTED,	    /* share of items that were rejected */
	DRIFT_PRICE,	    /* median price of a page */
	DRIFT_PRICE_SPREAD, /* its dearest over its cheapest */
	/* How rare the forms of its categories were: "320120600", "Men > Shirts". Which ones a
	 * page has depends on which list is being read; another subtree is no change. */
	DRIFT_CATEGORY,
	/* Its categories: how many a page has, the common ones counting more (2 to the entropy). */
	DRIFT_CATEGORY_KINDS,
	/* Share of the listings that were stored with a category before which now have another.
	 * Whatever list is read, and in which order, this compares a thing with itself. */
	DRIFT_CATEGORY_MOVED,
	DRIFT_FILL, /* share of listings with a field: one statistic for each */
	DRIFT_STATS = DRIFT_FILL + FIELD_COUNT
};
/* "items", "fill-price"; `to` holds 32. */
void drift_stat_name(enum drift_stat s, char to[32]);
bool drift_stat_parse(struct str name, enum drift_stat *ret);

/* What one page showed. Filled by drift_page_add, one listing after the other. */
#define DRIFT_FORMS 6	 /* ways to write a category */
#define DRIFT_PRICES 512 /* likewise */
#define DRIFT_KINDS 64	 /* categories of a page; further ones count as one */
struct drift_page {
	bool listed; /* the page kind has listings; else only links count */
	int rejected, links, listings;
	int filled[FIELD_COUNT];
	int n_prices;
	float prices[DRIFT_PRICES]; /* log10 of whole units of the currency */
	int forms[DRIFT_FORMS];	    /* listings with a category so written */
	struct drift_kind {
		uint32_t hash;
		int listings;
	} kinds[DRIFT_KINDS]; /* categories */
	int n_kinds;
	/* Listings that were stored with a category and have one; those whose is another. */
	int known, moved;
};
void drift_page_add(struct drift_page *p, const struct listing *l);

struct drift_alarm {
	bool open;
	int side;	     /* -1: it fell, 1: it rose */
	int64_t page, at_ms; /* the first page that showed it; when the alarm was raised */
	double was, now;     /* value before, and since that page */
	int64_t pages;	     /* pages from the first one that showed it until the alarm */
};

struct drift_watch {
	struct drift_ref ref;
	struct drift_bets bets;
	struct drift_alarm alarm;
	double sum; /* of values since `page`, should something be afoot */
	int64_t page, pages;
	double calm; /* how usual pages are again since the alarm */
	int loud;    /* the test that raised it */
};
struct drift {
	uint64_t version; /* of the rule that reads the pages */
	int64_t pages;	  /* seen by that rule */
	struct drift_watch watch[DRIFT_STATS];
	double form[DRIFT_FORMS]; /* listings with a category so written, fading */
	double forms;		  /* sum of all n */
};

/* Everything is yet to be learned, by the pages of rule `version`. Alarms are closed. */
void drift_reset(struct drift *d, uint64_t version);
/* One more page, in the order they were stored. Returns the statistics whose alarm was raised or
 * closed by it, 1 << enum drift_stat. `pages_per_alarm` > 1. */
uint64_t drift_add(struct drift *d, const struct drift_page *p, int64_t page, int64_t now_ms,
		   double pages_per_alarm);
/* Whether enough pages were seen for the statistic to be watched. */
bool drift_watches(const struct drift *d, enum drift_stat s);
/* What is usual: median of the sample, or mean of a share; NaN: nothing known. */
double drift_usual(const struct drift *d, enum drift_stat s);
/* "price was filled in 99.8% of listings, now 0%" */
void drift_words(enum drift_stat s, double was, double now, struct buf *to);
/* "99.8%", "45,000" */
void drift_value_words(enum drift_stat s, double value, struct buf *to);

/* As text, to be kept: at most DRIFT_TEXT_BYTES. */
#define DRIFT_TEXT_BYTES (256 << 10)
void drift_write(const struct drift *d, struct buf *to);
/* ERR_BAD: it is none, or of another program version; *d is reset then. */
enum err drift_read(struct drift *d, struct str text);

#endif
