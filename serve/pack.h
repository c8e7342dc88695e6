/* pack.h: several files as one body: for each a line "BYTES NAME", its bytes, a newline. Pure. */
#ifndef PIPED_PACK_H
#define PIPED_PACK_H

#include "config/conf.h"

#define PACK_FILES 1000

/* All in `a`, texts borrowed from `body`. ERR_BAD: it is no pack; ERR_TOO_BIG: more files. */
enum err pack_read(struct str body, struct arena *a, struct conf_text **ret, int *ret_n,
		   struct reason *why);

#endif
