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
 * the last value when the seed gives several. Comes one priority after its seed. */
bool seed_page(const struct conf_source *s, const struct conf_page *p, const struct job *from,
	       int64_t value, int64_t now_ms, struct arena *a, struct job *ret_job);
/* Value of the paging variable in `from->vars`; false when it has none. */
bool seed_page_value(const struct conf_page *p, const struct job *from, int64_t *ret_value);
/* A link found on a page: absolute against `base`, fragment dropped, host in
 * scope; false with `why` otherwise. */
bool seed_link(const struct conf_source *s, const struct job *from, struct str base,
	       struct str link, struct str page, int64_t now_ms, struct arena *a,
	       struct job *ret_job, struct reason *why);
/* The key of a URL: lower-case scheme and host, no fragment, no default port,
 * without the source's ignored parameters, percent-encoding normalised
 * (RFC 3986 6.2.2). ERR_BAD when it is no http(s) URL. */
enum err seed_key(const struct conf_source *s, struct str url, struct arena *a, struct str *ret_key,
		  struct str *ret_host, struct reason *why);

#endif
