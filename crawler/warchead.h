/* warchead.h: the header of a WARC record (ISO 28500, 1.0 and 1.1), and the heads
 * of HTTP messages within. Pure; everything is borrowed. */
#ifndef PIPED_WARCHEAD_H
#define PIPED_WARCHEAD_H

#include "base/err.h"
#include "base/str.h"

/* {0}: absent. Values are trimmed; addresses are without the <> that Wget puts
 * around them. */
struct warchead {
	struct str version; /* "1.0" */
	struct str type, id, uri, date, content_type, truncated;
	struct str payload_digest, block_digest;
	struct str profile, refers_to_uri, refers_to_date;
	int64_t date_ms; /* -1: none, or not readable */
	int64_t length;	 /* of the block */
};

/* ERR_BAD with the reason: not the header of a record. `head` goes to its empty
 * line. */
enum err warchead_parse(struct str head, struct warchead *ret, struct reason *why);
/* Milliseconds of "2017-03-06T04:03:53Z", with a fraction or without; -1: none. */
int64_t warchead_time(struct str date);

/* Takes the lines up to and with the first empty one off *rest. */
bool warchead_take(struct str *rest, struct str *ret_head);
/* The code of "HTTP/1.1 200 OK"; -1: no such line. */
int warchead_status(struct str http_head);

#endif
