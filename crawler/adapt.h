/* adapt.h: how much of its rate a host can bear just now: a factor of at most 1
 * that falls on trouble and on answers that are slow by the host's own measure,
 * and grows back in small steps while it is calm (additive increase,
 * multiplicative decrease). Pure; one slow answer means nothing: windows of
 * ADAPT_WINDOW answers are judged by their median, against a running estimate
 * of what is usual for the host. */
#ifndef PIPED_ADAPT_H
#define PIPED_ADAPT_H

#include "base/str.h"

#define ADAPT_WINDOW 7
#define ADAPT_LEAST 0.1
/* Slower: answers that take twice the usual, and so much more than it. */
#define ADAPT_SLOW_TIMES 2.0
#define ADAPT_SLOW_MS 50
/* Faster: by so much, after a calm window and so long after the last change. */
#define ADAPT_STEP 0.1
#define ADAPT_CALM_MS ((int64_t)10000)

enum adapt_why {
	ADAPT_FULL,	 /* the factor is 1 */
	ADAPT_LATENCY,	 /* answers take longer than usual */
	ADAPT_SLOW_DOWN, /* 429, 503 */
	ADAPT_TROUBLE,	 /* timeouts, no connection, other 5xx */
	ADAPT_WHYS
};
const char *adapt_why_name(enum adapt_why w); /* "latency" */
const char *adapt_why_doc(enum adapt_why w);

/* Zeroed: nothing known, the full rate. */
struct adapt {
	double slower;	    /* 1 - factor */
	enum adapt_why why; /* of what is left of the last fall */
	int64_t changed_ms; /* wall clock */
	float usual;	    /* log2 of milliseconds; while `windows` is 0 nothing is usual yet */
	float recent[ADAPT_WINDOW];
	int n_recent;
	int windows; /* that were judged; counts to 1000 */
};

double adapt_factor(const struct adapt *a);
/* An answer that was fine. True: the factor is another now. */
bool adapt_answered(struct adapt *a, int64_t took_ms, int64_t now_ms);
/* As it was before a restart. */
void adapt_recall(struct adapt *a, double factor, struct str why, int64_t now_ms);
/* Trouble halves it. */
void adapt_troubled(struct adapt *a, enum adapt_why why, int64_t now_ms);

#endif
