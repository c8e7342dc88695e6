/* err.h: what can go wrong with the world. Bad data from outside is a stored
 * value with a `struct reason`; our own bugs are must(). */
#ifndef PIPED_ERR_H
#define PIPED_ERR_H

#include <stdbool.h>

enum err {
	ERR_OK = 0,
	ERR_IO,	     /* the system said no; errno tells more */
	ERR_FULL,    /* disk or quota full */
	ERR_TOO_BIG, /* past a bound chosen at birth */
	ERR_BAD,     /* malformed bytes or text */
	ERR_NOT_FOUND,
	ERR_EXISTS,
	ERR_BUSY,    /* somebody else holds it */
	ERR_VERSION, /* made by another version */
	ERR_TIMEOUT,
	ERR_NET,    /* could not connect, resolve, read */
	ERR_DENIED, /* refused by rule: scope, guard, permission */
	ERR_CANCELLED,
	ERR_UNSUPPORTED,
	ERR_N
};

/* "disk full"; never NULL. */
const char *err_text(enum err e);
/* "full", "too-big": for logs, the database and JSON. */
const char *err_name(enum err e);
/* Whether it is the machine's fault (no room, no right, no device), so that trying the same
 * again later may go well, and trying something else now will not. */
bool err_is_world(enum err e);
/* From errno; ENOSPC and EDQUOT are ERR_FULL. */
enum err err_errno(int error_number);

/* Why, in one line a person can act on. */
struct reason {
	char text[320];
};

/* Replaces the text; cut at the end of a UTF-8 character when too long.
 * `r` may be NULL. Returns `e`, for `return reason_set(why, ERR_BAD, ...)`. */
enum err reason_set(struct reason *r, enum err e, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
