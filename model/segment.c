#include "model/segment.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>

void segment_removed_text(int64_t page, int64_t removed_ms, struct str by, char to[160])
{
	char day[32];

	clock_iso(removed_ms, day);
	snprintf(to, 160, "page %" PRId64 " was removed from the archive on %s by %.*s", page, day,
		 (int)(by.n < 40 ? by.n : 40), by.p);
}
