/* str.h: borrowed bytes with a length; not NUL-terminated unless said.
 * {NULL, 0} is "none", {"", 0} is "empty". Pure. */
#ifndef PIPED_STR_H
#define PIPED_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).n, (s).p

struct str str_of(const char *text); /* NULL gives {0} */
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *text);
bool str_eq_nocase(struct str a, struct str b); /* ASCII */
int str_cmp(struct str a, struct str b);	/* by bytes */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Offset of the first `part` in `s`, or -1. */
ptrdiff_t str_find(struct str s, struct str part);
ptrdiff_t str_find_char(struct str s, char c);
/* From `from`, at most `n` bytes; clipped to what is there. */
struct str str_sub(struct str s, size_t from, size_t n);
struct str str_trim(struct str s); /* ASCII white space, both ends */
/* Takes the part before the next `sep` off *rest; false when *rest is none
 * (p == NULL). "a,b" gives "a", "b". */
bool str_next(struct str *rest, char sep, struct str *ret_part);
/* The whole of `s` as a decimal number; false if it is not one or overflows. */
bool str_i64(struct str s, int64_t *ret_n);
bool str_f64(struct str s, double *ret_x);
/* Whether `pattern` covers all of `s`: a * stands for any text, all else for itself. */
bool str_like(struct str s, struct str pattern);
/* Edit distance, for "did you mean"; at most 64 bytes of each are compared. */
size_t str_distance(struct str a, struct str b);

#endif
