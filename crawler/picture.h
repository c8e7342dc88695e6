/* picture.h: jobs that fetch listings' images. Pure. */
#ifndef PIPED_PICTURE_H
#define PIPED_PICTURE_H

#include "base/arena.h"
#include "config/conf.h"
#include "model/job.h"

/* The job that fetches the image at `address` (absolute; names in braces are filled as the
 * source's `images` says), named by job `parent`. Last in priority. One that may not be
 * asked is a refused job with its reason, so that it is not tried for ever. The key is the
 * address itself: parameters that make no other page may make another picture. */
void picture_job(const struct conf_source *s, struct str address, int64_t parent, int64_t now_ms,
		 struct arena *a, struct job *ret);

/* Reasons of refusals that another configuration takes back. */
#define PICTURE_OFF "the source has no `images` in the configuration"
#define PICTURE_LARGE "larger than images: max-bytes " /* (BYTES) */
#define PICTURE_HOST "none of the source's: name it in images: hosts"
/* Whether what was refused for `reason` would be fetched by now. */
bool picture_allowed(const struct conf_source *s, struct str host, struct str reason);
/* Its key; `url` as url_parse spells it. */
struct str picture_key(struct str url, struct arena *a);

#endif
