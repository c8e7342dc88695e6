/* draft_run.h: the ways that extract_draft.h sees on a page, each tried on it by trial_run.h, and
 * the best one as a source's file, for serve/draft.h. Pure but for the archive and the reader;
 * any thread. */
#ifndef PIPED_DRAFT_RUN_H
#define PIPED_DRAFT_RUN_H

#include "serve/draft.h"

/* Text in `a`, or borrowed from `in`. ERR_BAD, ERR_TOO_BIG: it is no page that can be read, or
 * `name` is no name; ERR_NOT_FOUND, ERR_IO: the archive does not have it. */
enum err draft_run(const char *archive_dir, const struct draft_in *in, struct arena *a,
		   struct draft *ret, struct reason *why);

#endif
