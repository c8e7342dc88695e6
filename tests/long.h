/* long.h: how much a test does that could go on: by default as much as tells something new;
 * with PIPED_LONG=1 in the environment (./dev test --long) all of it, by hand, now and then. */
#ifndef PIPED_TESTS_LONG_H
#define PIPED_TESTS_LONG_H

#include <stdlib.h>
#include <string.h>

static inline int long_run(int usual, int whole)
{
	const char *asked = getenv("PIPED_LONG");

	return asked && strcmp(asked, "1") == 0 ? whole : usual;
}

#endif
