/* stage.h: where the CPU time of a listing goes, counted by task and sweep. */
#ifndef PIPED_STAGE_H
#define PIPED_STAGE_H

#include <stdint.h>

enum stage {
	STAGE_DECODE,
	STAGE_PARSE,
	STAGE_EXTRACT, /* what selectors find in what was parsed */
	STAGE_LINKS,   /* jobs of links and further pages */
	STAGE_CLEAN,
	STAGE_LABEL,
	STAGE_SUGGEST,
	STAGE_ARCHIVE,
	STAGE_REREAD, /* stored listings, by a sweep */
	STAGE_COUNT
};
const char *stage_name(enum stage s);
/* Adds this thread's CPU time since *from to *cpu_ns, and starts again. */
void stage_spent(int64_t *cpu_ns, int64_t *from);

#endif
