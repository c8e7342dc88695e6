/* sieve.h: many patterns found in a text in one pass (Vectorscan). Read-only once
 * built: many threads may share one, each with a scratch of its own. */
#ifndef PIPED_SIEVE_H
#define PIPED_SIEVE_H

#include "base/err.h"
#include "base/str.h"

struct sieve;
struct sieve_scratch;

/* Words are found byte for byte; `left`, `right`: that end must stand at a space or an
 * end of the text. Expressions are found where base/regex.h finds them, and maybe
 * elsewhere, too: the caller confirms. */
struct sieve_pattern {
	struct str text; /* not empty */
	bool regex;
	bool left, right; /* words */
};

/* All of `patterns` (borrowed until it returns) compiled. `cache`: a folder where the compiled
 * form is kept and found again, made when it is missing; NULL: none. What is found there is
 * checked and must have been made of the same patterns by the same version for the same kind of
 * processor; else it is made anew. A cache that cannot be written is gone without.
 * ERR_UNSUPPORTED: this processor is none that Vectorscan runs on. */
enum err sieve_new(const struct sieve_pattern *patterns, int n, const char *cache,
		   struct sieve **ret, struct reason *why);
void sieve_free(struct sieve *s);
bool sieve_was_cached(const struct sieve *s);
/* Whether the pattern is found at all. Expressions that are not (sieve_new decides) may hold
 * for any text. Words always are. */
bool sieve_finds(const struct sieve *s, int pattern);

struct sieve_scratch *sieve_scratch_new(void);
void sieve_scratch_free(struct sieve_scratch *x);

/* Calls `hit` for what is found in `text`: of a word at every place (`end` is the byte
 * behind it), of an expression at least once, with `end` 0. In no certain order. False: the text is not
 * UTF-8 or holds a newline, and of the expressions nothing is known; words are found in
 * any text. */
bool sieve_run(const struct sieve *s, struct sieve_scratch *x, struct str text,
	       void (*hit)(void *ctx, int pattern, size_t end), void *ctx);

#endif
