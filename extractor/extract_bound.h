/* extract_bound.h: which jq programs selectors may be. Whoever writes a selector, or a page that
 * is read by it, must not be able to hold a thread for good or to eat all memory. libjq can be
 * stopped between two instructions (extract_watch.h), so programs may not name
 *   - what a single instruction does without bound: assignments (`.[1e9] = 1`), `indices`,
 *     `contains` of two arrays of the page's;
 *   - what may nest values without bound, as libjq frees them by recursion: `def`, `reduce`,
 *     `foreach`, `recurse(f)` where f is no path, `until`, `while`, `repeat`, `walk`;
 *   - what looks at anything but the page: `env`, `input`, modules, `debug`;
 *   - members and slices by what is computed (`.a[.b]`): an array in an array is looked for each in
 *     each. `getpath([.b])` is guarded.
 * What else a single instruction must not do is defined anew: extract_guard.h.
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

#endif
