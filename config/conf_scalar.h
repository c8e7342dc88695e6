/* conf_scalar.h: single values with a unit, read and written. Pure. */
#ifndef PIPED_CONF_SCALAR_H
#define PIPED_CONF_SCALAR_H

#include "base/str.h"

enum conf_type {
	CONF_BOOL,     /* bool: true, false */
	CONF_INT,      /* int */
	CONF_INT64,    /* int64_t, within 2^53 */
	CONF_REAL,     /* double */
	CONF_DURATION, /* int64_t milliseconds: 30s */
	CONF_SIZE,     /* int64_t bytes: 8MiB */
	CONF_RATE,     /* double a second: 30/min */
	CONF_TEXT,     /* struct str */
	CONF_PATH,     /* struct str, made absolute: relative to the file that says it */
	CONF_CHOICE,   /* an enum whose values are the places in a list of names */
	CONF_TEXTS,    /* struct str * and an int count */
	CONF_PART,     /* read and shown by functions of its own */
};

/* INT, INT64, REAL, DURATION, SIZE, RATE. False: not such a value. */
bool conf_scalar_number(enum conf_type t, struct str s, double *ret);
/* The shortest text that reads back as the same number. */
#define CONF_SCALAR_ROOM 40
void conf_scalar_format(enum conf_type t, double x, char to[CONF_SCALAR_ROOM]);
/* "a time such as 30s, 5min, 2h or 7d". */
const char *conf_scalar_what(enum conf_type t);

#endif
