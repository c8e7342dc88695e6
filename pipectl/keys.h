/* keys.h: single keys from a terminal, or the characters of a file. */
#ifndef PIPED_KEYS_H
#define PIPED_KEYS_H

#include "base/buf.h"

#include <termios.h>

struct keys {
	bool tty;
	struct termios was;
};

/* Keys come one at a time, unechoed, until keys_end; signals still work. */
void keys_begin(struct keys *k);
void keys_end(struct keys *k);
/* The next character (UTF-8, whole) in `to`, NUL-terminated. False at the end. Line
 * ends of a file that is no terminal are passed over. */
bool keys_next(struct keys *k, char to[8]);
/* A line, typed with echo behind what `line` holds already. False at the end or on escape. */
bool keys_line(struct keys *k, struct buf *line);

#endif
