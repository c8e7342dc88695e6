/* near_real.h: real titles, read in place, as the index is asked about them. For tests. */
#ifndef PIPED_NEAR_REAL_H
#define PIPED_NEAR_REAL_H

#include "near/near_index.h"

#include <zlib.h>

/* With the words of etc/: titles without what says something of the offer alone. */
struct near_real;
struct near_real *near_real_new(void);
void near_real_free(struct near_real *r);

/* The title's set; returns the key of the whole title. */
uint64_t near_real_title(struct near_real *r, struct str title, struct shingle_set *ret);
double near_real_price(struct str price);

/* The fields of a line, parted by tabs, in `line`; false at the end. */
bool near_real_line(gzFile f, char *line, int room, struct str *part, int most);

#endif
