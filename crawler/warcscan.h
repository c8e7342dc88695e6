/* warcscan.h: one record looked at from end to end: its HTTP head, and whether its
 * digests are right. */
#ifndef PIPED_WARCSCAN_H
#define PIPED_WARCSCAN_H

#include "crawler/warcfile.h"

enum warcscan_sum {
	WARCSCAN_NONE, /* the record says none */
	WARCSCAN_RIGHT,
	WARCSCAN_WRONG,
	WARCSCAN_UNKNOWN, /* an algorithm that we lack, or a payload that tools take for
			     different bytes (chunks left in, a revisit) */
};

struct warcscan {
	struct buf http; /* head of its HTTP message, if it is one and not too long */
	int status;	 /* -1: no response */
	struct str
		mime; /* lower case as sent, without parameters; of the HTTP message or of the block */
	enum warcscan_sum block, payload;
	bool whole; /* the record was all there */
};

void warcscan_init(struct warcscan *s);
void warcscan_done(struct warcscan *s);
/* Reads the record that warcfile_next gave to its end. An error is one of reading. */
enum err warcscan_record(struct warcfile *f, const struct warcfile_record *r, struct warcscan *ret,
			 struct reason *why);

#endif
