/* regex.h: regular expressions of rules and checks (PCRE2: UTF, Unicode classes, caseless
 * because titles are case-folded). Bounded in steps and memory, so that no
 * title can stop the work. */
#ifndef PIPED_REGEX_H
#define PIPED_REGEX_H

#include "base/err.h"
#include "base/str.h"

struct regex;	    /* read-only: many threads may share one */
struct regex_match; /* scratch of one thread */

/* ERR_BAD with what is wrong and at which byte. */
enum err regex_new(struct str pattern, struct regex **ret, struct reason *why);
/* Only whether it compiles. */
enum err regex_check(struct str pattern, struct reason *why);
void regex_free(struct regex *r);

struct regex_match *regex_match_new(void);
void regex_match_free(struct regex_match *m);

/* Undecided: a limit was met, or `text` is not UTF-8. What that means is the caller's to say. */
enum regex_answer { REGEX_NO, REGEX_YES, REGEX_UNDECIDED };
enum regex_answer regex_ask(const struct regex *r, struct regex_match *m, struct str text);
/* Where it matches first: bytes *ret_from to *ret_till of `text`. */
bool regex_find(const struct regex *r, struct regex_match *m, struct str text, size_t *ret_from,
		size_t *ret_till);

#endif
