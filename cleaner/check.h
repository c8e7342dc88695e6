/* check.h: whether a listing is what its page kind's `checks` say. Pure; any thread. */
#ifndef PIPED_CHECK_H
#define PIPED_CHECK_H

#include "base/regex.h"
#include "config/conf.h"
#include "model/reject.h"

/* The patterns of a configuration, compiled; read-only, for many threads. */
struct check_set;
/* Calls `each` per pattern that is none and returns their number; *ret is made all the same.
 * `conf` is borrowed and must outlive it. */
int check_new(const struct conf *conf, struct check_set **ret,
	      void (*each)(void *ctx, const struct conf_problem *p), void *ctx);
void check_free(struct check_set *c);

struct check_in {
	const struct conf_source *source;
	const struct conf_page *page;  /* of the set's configuration */
	const struct listing_raw *raw; /* as found */
	const struct listing *listing; /* as cleaned */
	int64_t seen_ms;	       /* ages are told from */
	struct regex_match *match;     /* scratch */
};

/* Patterns are bounded in steps: a text that one cannot be held against passes it, as nothing is
 * known against it. Counted here, with the last one's field. */
struct check_doubt {
	int n;
	enum listing_field field;
};

struct check_fault {
	enum reject_code code;
	enum listing_field field;
	struct str why;
};
/* The first check that it fails, in `a`; false: it passes all. Adds to `doubt`. */
bool check_fails(const struct check_set *c, const struct check_in *in, struct arena *a,
		 struct check_fault *ret, struct check_doubt *doubt);

#endif
