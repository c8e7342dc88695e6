#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void must_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "bug: %s:%d: must(%s)\n", file, line, what);
	fflush(stderr);
	abort();
}
