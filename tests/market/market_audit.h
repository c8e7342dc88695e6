/* market_audit.h: whether a crawler kept to the rules, and how much of what it
 * was allowed it used, judged by the requests alone. Written from the rules,
 * not from any crawler: it shares no code with what it judges.
 *
 * Rules are lines of words, # begins a comment:
 *   address-rate N       requests a second to one address; none: no limit
 *   slack MS             a rate may be caught up so much after a delay (20)
 *   tolerance MS         arrivals may be late by so much, each on its own (0)
 *   timeout MS           the crawler gives a request up after so long; none: never
 *   host NAME rate N [concurrency N] [delay MS] [address NAME] [use no]
 *        [disallow PREFIX]...
 * Times are those of arrival. If two requests are sent with the least distance
 * and the first is late by d, they arrive d nearer: `tolerance` is the greatest
 * d that is believed. It lengthens no rate: of n requests in a time T at rate r
 * n <= 1 + r * (T + slack + tolerance), for each n.
 *
 * Use is the number of requests by that which the rules allow: of each address
 * (a host without one has its own) while all its hosts were asked, the smaller
 * of the address's rate and the sum of its hosts' rates, those left out that had
 * said Retry-After. Addresses with a host of `use no` are left out. */
#ifndef PIPED_MARKET_AUDIT_H
#define PIPED_MARKET_AUDIT_H

#include "base/buf.h"

enum market_audit_kind {
	AUDIT_RATE,
	AUDIT_ADDRESS,
	AUDIT_DELAY,
	AUDIT_CONCURRENCY,
	AUDIT_RETRY_AFTER,
	AUDIT_ROBOTS,  /* disallowed */
	AUDIT_UNASKED, /* before robots.txt was known */
	AUDIT_KINDS
};
const char *market_audit_name(enum market_audit_kind k);

struct market_audit;

struct market_audit *market_audit_new(void);
void market_audit_free(struct market_audit *a);
enum err market_audit_rules(struct market_audit *a, struct str text, struct reason *why);

struct market_audit_event {
	int64_t arrived_ms, answered_ms; /* of one clock */
	struct str host, path;
	int status;		/* 0: none */
	int64_t retry_after_ms; /* that the answer told; -1 none */
};
/* In any order. ERR_NOT_FOUND: no rule for its host. */
enum err market_audit_add(struct market_audit *a, const struct market_audit_event *e);
/* All lines of a market's journal. */
enum err market_audit_journal(struct market_audit *a, struct str text, struct reason *why);

struct market_audit_result {
	int64_t requests, hosts; /* that were asked */
	int64_t violations[AUDIT_KINDS], all;
	double allowed, used; /* requests */
	double span_s;	      /* from first to last */
	char first[AUDIT_KINDS][200];
};
void market_audit_judge(struct market_audit *a, struct market_audit_result *ret);
void market_audit_print(const struct market_audit_result *r, struct buf *to);

#endif
