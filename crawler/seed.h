/* seed.h: jobs from a source's configuration. Pure. */
#ifndef PIPED_SEED_H
#define PIPED_SEED_H

#include "base/arena.h"
#include "config/conf.h"
#include "model/job.h"

/* Most seeds of one source; the configuration sees to it. */
#define SEED_MOST 1000000

/* All seeds of a source: the product of their variables, in order, the last
 * one fastest. The paging variable starts at its first value. Jobs and text in
 * `a`. A seed whose URL may not be asked is a refused job with the reason. */
void seed_jobs(const struct conf_source *s, int64_t now_ms, struct arena *a, struct job **ret,
	       int *ret_n);
/* The page of the same list with the paging variable set to `value`. False: the job has no
 * such variable, its seed is no longer configured, or `value` is past paging.max, or past
 * the last value when the seed gives several. */
bool seed_page(const struct conf_source *s, const struct conf_page *p, const struct job *from,
	       int64_t value, int64_t now_ms, struct arena *a, struct job *ret_job);
/* Value of the paging variable in `from->vars`; false when it has none. */
bool seed_page_value(const struct conf_page *p, const struct job *from, int64_t *ret_value);

#endif
