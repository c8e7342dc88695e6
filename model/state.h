/* state.h: the states of the nouns, and the moves between them. One table
 * yields names, SQL checks, metrics and the diagrams in docs/ARCHITECTURE.md.
 * Pure. */
#ifndef PIPED_STATE_H
#define PIPED_STATE_H

#include "base/buf.h"

/* A job is a URL due at a time. What is being fetched is not a state: a crash
 * finds such a job due again. */
enum job_state {
	JOB_DUE,     /* waits for its time and its host's turn */
	JOB_DONE,    /* answered and stored */
	JOB_FAILED,  /* retries used up, or an answer that retrying won't mend */
	JOB_REFUSED, /* not asked: scope, robots, guard, limit */
	JOB_GONE,    /* 404, 410 */
	JOB_STATES
};

/* A page is one response. */
enum page_state {
	PAGE_EXTRACTED,	 /* fitted its extractor (zero listings are fine) */
	PAGE_UNCHANGED,	 /* as the last one of its job: nothing was read */
	PAGE_UNPARSABLE, /* did not fit; `reason` says where */
	PAGE_ERROR,	 /* an HTTP error or a cut body: kept, not extracted */
	PAGE_STATES
};

/* A listing's life on its site. */
enum listing_state {
	LISTING_SELLING,
	LISTING_RESERVED,
	LISTING_SOLD,
	LISTING_GONE,	 /* its page is 404 or 410, or its list no longer has it */
	LISTING_UNKNOWN, /* the site gave no status, or one without mapping */
	LISTING_STATES
};

/* A model file in the registry. */
enum model_state {
	MODEL_KEPT,    /* trained and kept, not in use */
	MODEL_LIVE,    /* makes the suggestions; one at most */
	MODEL_RETIRED, /* its file is to be removed, or is */
	MODEL_STATES
};

/* Whether a host is asked, after troubles in a row. */
enum breaker_state {
	BREAKER_CLOSED,	   /* asked as its rate allows */
	BREAKER_OPEN,	   /* left alone for a while */
	BREAKER_HALF_OPEN, /* the pause is over: one request tries */
	BREAKER_STATES
};

/* A file of another program's that is taken in. */
enum import_state {
	IMPORT_RUNNING, /* goes on at the next start, too */
	IMPORT_DONE,
	IMPORT_FAILED, /* given up, with its reason */
	IMPORT_STATES
};

enum state_kind {
	STATE_JOB,
	STATE_PAGE,
	STATE_LISTING,
	STATE_MODEL,
	STATE_BREAKER,
	STATE_IMPORT,
	STATE_KINDS
};

const char *state_kind_name(enum state_kind k); /* "job" */
int state_count(enum state_kind k);
const char *state_name(enum state_kind k, int state); /* "due" */
const char *state_doc(enum state_kind k, int state);
bool state_parse(enum state_kind k, struct str name, int *ret_state);
/* Whether the table allows the move. A new row may start in any state whose
 * row says so. */
bool state_may_move(enum state_kind k, int from, int to);
bool state_may_start(enum state_kind k, int state);
/* The only way to change a state: asserts the move. Returns `to`. */
int state_move(enum state_kind k, int from, int to);
/* "state = 'due' OR state = 'done' ...": for a CHECK. IN would have SQLite build
 * a set of more than two names for each row. */
void state_sql(enum state_kind k, struct buf *to);
/* Mermaid state diagram, for the docs (a test holds them together). */
void state_diagram(enum state_kind k, struct buf *to);

#endif
