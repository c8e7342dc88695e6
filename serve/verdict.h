/* verdict.h: why an address has or has not been fetched, and when it will be: one word
 * for programs and one paragraph for people, of all that is known. Pure. */
#ifndef PIPED_VERDICT_H
#define PIPED_VERDICT_H

#include "serve/serve.h"

struct verdict_case {
	const struct serve_target *target;
	const struct serve_known *known;
	const struct job *job;	 /* NULL: there is none */
	const struct page *page; /* its newest; NULL: none */
	struct str source;	 /* its name, also when it is not configured */
	bool paused;		 /* by a person */
	int64_t ahead;		 /* due jobs of its host before it */
	bool more_ahead;	 /* that is where counting ended */
};

struct verdict {
	const char *code; /* a row of the table, or a host's why of the frontier */
	struct str text;
	int64_t when_ms; /* about when it is asked next; 0: not known, or never */
};

void verdict_of(const struct verdict_case *c, struct arena *a, struct verdict *ret);

#endif
