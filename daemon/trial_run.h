/* trial_run.h: a page decoded, extracted, cleaned and flagged for serve/trial.h. Pure but for
 * the archive and the reader; any thread. */
#ifndef PIPED_TRIAL_RUN_H
#define PIPED_TRIAL_RUN_H

#include "serve/trial.h"

/* Text in `a`, or borrowed from `in`. ERR_BAD, ERR_NOT_FOUND, ERR_IO: the archive does not
 * have the page; that a page cannot be read is ret->unreadable. */
enum err trial_run(const char *archive_dir, const struct trial_in *in, struct arena *a,
		   struct trial *ret, struct reason *why);

#endif
