#include "daemon/stage.h"

#include "base/clock.h"

static const char *const stage_names[STAGE_COUNT] = {
	[STAGE_DECODE] = "decode",   [STAGE_PARSE] = "parse",	  [STAGE_EXTRACT] = "extract",
	[STAGE_LINKS] = "links",     [STAGE_CLEAN] = "clean",	  [STAGE_LABEL] = "label",
	[STAGE_SUGGEST] = "suggest", [STAGE_ARCHIVE] = "archive", [STAGE_REREAD] = "reread",
};

const char *stage_name(enum stage s)
{
	return stage_names[s];
}

void stage_spent(int64_t *cpu_ns, int64_t *from)
{
	int64_t now = clock_thread_cpu_ns();

	*cpu_ns += now - *from;
	*from = now;
}
