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
/* The next character (UTF-8, whole) in `to`, NUL-terminated. False at the end. Enter is "\n";
 * in a file that is no terminal "\r" is, as its line ends are passed over. */
#define KEYS_MOST 8
bool keys_next(struct keys *k, char to[KEYS_MOST]);
/* A line, typed with echo behind `prompt` and what `line` holds already. False at the end or on
 * escape. */
bool keys_line(struct keys *k, const char *prompt, struct buf *line);

#endif
