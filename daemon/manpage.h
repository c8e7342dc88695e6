/* manpage.h: the daemon's options, and piped(8) written from them. */
#ifndef PIPED_MANPAGE_H
#define PIPED_MANPAGE_H

#include "base/opt.h"

struct manpage_opt {
	bool help, version, check, paused, once, print;
	const char *config, *log_level;
	int64_t manual;
};

extern const struct opt manpage_options[];

/* piped(8) as mdoc(7). */
void manpage_piped(struct buf *to);
/* piped.yaml(5), from the configuration's tables. */
void manpage_yaml(struct buf *to);

#endif
