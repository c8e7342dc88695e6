/* meter.h: what is known of one host name, shared by all sources that ask it,
 * and of one address, shared by all host names that were found there. Keeps no
 * rules: those are pace.c's. Pure; times are wall clock. Loop thread only.
 *
 * A meter outlives its users: what a host has told us counts when it comes
 * back. Of those that nobody uses METER_IDLE_MOST are kept, the newest; an
 * older one goes, at the latest when there are eight times as many. */
#ifndef PIPED_METER_H
#define PIPED_METER_H

#include "base/str.h"
#include "crawler/adapt.h"
#include "model/state.h"

#define METER_IDLE_MOST 8192
#define METER_SLOTS 12 /* of five seconds: the last minute */
#define METER_TROUBLE 200

struct window_host;

struct meter_address {
	struct meter_address *in_bucket;
	int hosts;	 /* whose last request was connected to it */
	int64_t next_us; /* by the rate of addresses */
	int64_t line_us; /* till then its turns are given away */
	struct str name; /* owned */
};

/* Whether a host may be trusted with a slot. */
enum meter_trust {
	METER_NEW,    /* it has yet to prove that it answers, or failed and said so at once */
	METER_PROVEN, /* it answered, and was in no trouble since */
	METER_SILENT, /* it had us wait, in vain */
	METER_TRUSTS
};

struct meter {
	struct str name; /* owned, as is `trouble` */
	struct meter *in_bucket;
	struct meter *prev, *next;	  /* of those without users, oldest first */
	struct window_host *first, *last; /* users; who had its turn comes last */
	struct meter_address *address;	  /* NULL: not known yet */

	/* from the configuration: the strictest of its users' */
	double rate;
	int concurrency;
	bool adaptive;
	int64_t interval_us;
	int64_t delay_us; /* crawl-delay of its robots.txt; 0 none */

	int running;	   /* requests */
	int64_t asked_us;  /* last; 0 never */
	int64_t next_us;   /* by the rate */
	int64_t ticket_us; /* its turn at its address; 0 none */
	int64_t hold_ms;   /* till then: no request after trouble */
	bool hold_asked;   /* the host itself said so */
	enum breaker_state breaker;
	enum meter_trust trust;
	int troubles; /* in a row */
	int64_t trouble_ms;
	char *trouble; /* what the last was; NULL none */
	struct adapt adapt;
	bool recalled; /* what was remembered of it is known */
	bool unsaved;  /* it is among those to be saved */
	struct meter *next_unsaved;

	int64_t first_ms; /* of the requests that are counted here */
	int64_t slot;	  /* newest five seconds that are counted */
	bool started;
	int count[METER_SLOTS];
};

/* Zeroed: empty. */
struct meter_table {
	struct meter **meters;
	struct meter_address **addresses;
	size_t n, room, n_addresses, addresses_room;
	struct meter *first_idle, *last_idle;
	size_t n_idle;
	struct meter *first_unsaved, *last_unsaved;
};

void meter_done(struct meter_table *t); /* its users are gone, or never come back */

/* NULL: not there. */
struct meter *meter_find(const struct meter_table *t, struct str host);
/* Made if new, without users. */
struct meter *meter_need(struct meter_table *t, struct str host, int64_t now_ms);
/* Sets h->meter, which is made if new; h has its name. */
void meter_join(struct meter_table *t, struct window_host *h, int64_t now_ms);
/* Before a window_host is freed. */
void meter_leave(struct meter_table *t, struct window_host *h);
/* Puts the user behind the others. */
void meter_had_turn(struct window_host *h);
/* The meter's requests go to the address now; made if new. True: it is another
 * than before. */
bool meter_reached(struct meter_table *t, struct meter *m, struct str address);
/* There is something to be remembered. */
void meter_changed(struct meter_table *t, struct meter *m);
/* The next that is to be saved, which is off the list; NULL. */
struct meter *meter_unsaved(struct meter_table *t);
void meter_blame(struct meter *m, struct str what); /* cut to METER_TROUBLE bytes */

#endif
