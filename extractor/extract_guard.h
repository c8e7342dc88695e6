/* extract_guard.h: what goes before every jq program, so that no single instruction takes the
 * process, a thread for long or all memory (extract_bound.h). Of libjq 1.6:
 *   - `*`, `-` and `%` without texts repeated, arrays taken from arrays (each with each), a
 *     remainder by -1 (a crash);
 *   - patterns: with "g" libjq reads past a text that is not ASCII where a pattern matches nothing
 *     at all (`x*`), and sub and gsub may go on for ever; here "g" is a match at a time. A text has
 *     EXTRACT_GUARD_TEXT bytes at most, a search as many steps as extract_guard_init says;
 *   - times: numbers that are no time (1e18 | todate) are an error, not a failed assertion;
 *   - a text that fromjson reads has EXTRACT_GUARD_JSON bytes at most: its values and members are
 *     not counted as a page's are;
 *   - paths that are made have keys and numbers: by an array every place of an array is looked for
 *     in every place, and slices by what is no number are a failed assertion, what is taken out there never ends.
 * As jq 1.6 says it otherwise, but for: `sub` takes the first text that the replacement gives; a
 * match may follow one at once that is empty; behind a first match a pattern sees 8 characters
 * back, and \G is not where it begins. */
#ifndef PIPED_EXTRACT_GUARD_H
#define PIPED_EXTRACT_GUARD_H

#include "base/buf.h"

#define EXTRACT_GUARD_TEXT 65536
#define EXTRACT_GUARD_JSON 1048576

#define EXTRACT_GUARD_MOST 8192 /* bytes of the definitions */

/* Definitions of jq, for that program. */
void extract_guard_add(struct buf *to, struct str program);

/* Once for the process, from any thread: bounds what a search for a pattern may try. */
void extract_guard_init(void);

#endif
