/* extract_bound.h: which jq programs selectors may be. Whoever writes a selector, or a page that
 * is read by it, must not be able to hold a thread for good or to eat all memory. libjq can be
 * stopped between two instructions (extract_watch.h), so programs may not name
 *   - what a single instruction does without bound: assignments (`.[1e9] = 1`), `indices`,
 *     `contains` of two arrays of the page's;
 *   - what may nest values without bound, as libjq frees them by recursion: `def`, `reduce`,
 *     `foreach`, `recurse(f)` where f is no path, `until`, `while`, `repeat`, `walk`;
 *   - what looks at anything but the page: `env`, `input`, modules, `debug`.
 * Functions are named by a list, so that a later libjq brings nothing unseen. Pure. */
#ifndef PIPED_EXTRACT_BOUND_H
#define PIPED_EXTRACT_BOUND_H

#include "base/err.h"
#include "base/str.h"

/* Bytes of one selector. */
#define EXTRACT_MOST_SELECTOR 4096

/* ERR_BAD: `why` names what is not taken, and what says it instead. What is no jq at all may
 * pass: compiling tells. */
enum err extract_bound_check(struct str program, struct reason *why);

/* Definitions that go before a program: `*`, `-` and `%` without what libjq 1.6 does badly:
 * texts repeated, arrays taken from arrays (each with each), a remainder by -1 (a crash). */
#define EXTRACT_BOUND_GUARDS                                                                       \
	"def mul_(a; b): a * b; def sub_(a; b): a - b; def mod_(a; b): a % b;"                     \
	"def _multiply(a; b): b as $b | a as $a |"                                                 \
	" if ($a | type) == \"string\" or ($b | type) == \"string\""                               \
	" then error(\"a text is not multiplied; tonumber makes it a number\")"                    \
	" else mul_($a; $b) end;"                                                                  \
	"def _minus(a; b): b as $b | a as $a |"                                                    \
	" if ($a | type) == \"array\" then error(\"an array is not subtracted from\")"             \
	" else sub_($a; $b) end;"                                                                  \
	"def _mod(a; b): b as $b | a as $a |"                                                      \
	" if ($b | type) == \"number\" and $b < 0 then mod_($a; 0 - $b) else mod_($a; $b) end;\n"

#endif
