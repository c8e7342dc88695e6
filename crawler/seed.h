/* seed.h: jobs from a source's configuration. Pure. */
#ifndef PIPED_SEED_H
#define PIPED_SEED_H

#include "base/arena.h"
#include "config/conf.h"
#include "crawler/values.h"
#include "model/job.h"

/* Most seeds of one source; the configuration sees to it. */
#define SEED_MOST 1000000

/* All seeds of a source: the product of their variables, in order, the last
 * one fastest. The paging variable starts at its first value; values that pages find
 * are those of `v` (may be NULL). Jobs and text in `a`. A seed whose URL may not be
 * asked is a refused job with the reason. False: found values would make more than
 * SEED_MOST jobs; the rest is left out. */
bool seed_jobs(const struct conf_source *s, const struct values *v, int64_t now_ms, struct arena *a,
	       struct job **ret, int *ret_n);
/* The seed of a job, by its page kind, variables and address; NULL: it has none, or that
 * is no longer configured. */
const struct conf_seed *seed_of_job(const struct conf_source *s, const struct job *j,
				    struct arena *a);
/* The paging variable's value of the first page of the job's list; -1: not known. */
int64_t seed_first_page(const struct conf_source *s, const struct conf_page *p,
			const struct job *j);
/* A part of the job's list, of the same seed: its first page, asked with these
 * variables. False: the job's seed is no longer configured. */
bool seed_part(const struct conf_source *s, const struct job *from, struct str vars, int64_t now_ms,
	       struct arena *a, struct job *ret_job);
/* The next page of the list, whose cursor is `value`. False: as below, or it is the very
 * page that named it. */
bool seed_cursor(const struct conf_source *s, const struct conf_page *p, const struct job *from,
		 struct str value, int64_t now_ms, struct arena *a, struct job *ret_job);
/* The page of the same list with the paging variable set to `value`. False: the job has no
 * such variable, its seed is no longer configured, or `value` is past paging.max, or past
 * the last value when the seed gives several. */
bool seed_page(const struct conf_source *s, const struct conf_page *p, const struct job *from,
	       int64_t value, int64_t now_ms, struct arena *a, struct job *ret_job);
/* Value of the paging variable in `from->vars`; false when it has none. */
bool seed_page_value(const struct conf_page *p, const struct job *from, int64_t *ret_value);

/* `j` is a further page of the list that the page of `from` is one of, `by` pages on. */
void seed_further(const struct job *from, int64_t by, struct job *j);

#endif
