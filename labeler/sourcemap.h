/* sourcemap.h: from a source's own category to ours. Read-only once built. */
#ifndef PIPED_SOURCEMAP_H
#define PIPED_SOURCEMAP_H

#include "config/conf.h"

struct sourcemap;

/* `conf` is borrowed. */
struct sourcemap *sourcemap_new(const struct conf_taxonomy *conf);
void sourcemap_free(struct sourcemap *m);
/* The taxon of the longest `from` that fits, an exact one before its like with
 * a *; -1: none. */
int sourcemap_find(const struct sourcemap *m, struct str source, struct str category);

#endif
