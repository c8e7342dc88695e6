/* screen.h: text for people: columns, numbers, spans, colours. */
#ifndef PIPED_SCREEN_H
#define PIPED_SCREEN_H

#include "pipectl/command.h"

#include <jansson.h>

/* base/json.h has functions of these names: the linker would take those.
 * json_pack("{}"), json_pack("[]") and json_pack("n") make the same. */
#pragma GCC poison json_object json_array json_null

/* "12,345,678"; `to` holds 32. */
const char *screen_count(int64_t n, char to[32]);
/* "1.2 GiB"; `to` holds 32. */
const char *screen_bytes(int64_t n, char to[32]);
/* Terminal columns that UTF-8 text takes: wide (Hangul, Han, kana, emoji) is 2. */
int screen_width(struct str text);
/* Prints at most `columns` wide, padded with spaces; cut text ends in an ellipsis. */
void screen_cell(struct str text, int columns);

enum screen_colour {
	SCREEN_PLAIN,
	SCREEN_BOLD,
	SCREEN_DIM,
	SCREEN_RED,
	SCREEN_GREEN,
	SCREEN_YELLOW
};
/* Escape sequence, or "" when colours are off. */
const char *screen_colour(const struct command_env *env, enum screen_colour c);

/* Text from the daemon with control characters shown as '?', so that a
 * listing's title cannot steer the terminal. NULL and null give "". Borrowed until the fourth
 * next call. */
const char *screen_text(const json_t *value);
/* Members; 0, "", false when missing. */
int64_t screen_int(const json_t *object, const char *key);
double screen_real(const json_t *object, const char *key);
const char *screen_member(const json_t *object, const char *key);
bool screen_true(const json_t *object, const char *key);

/* For --json: the answer as it is, indented. */
void screen_json(const json_t *value);

#endif
