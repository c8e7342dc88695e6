/* image_look.h: what stored images look like: those that were fetched before it was asked, or by
 * another version of the asking. On the pool. */
#ifndef PIPED_IMAGE_LOOK_H
#define PIPED_IMAGE_LOOK_H

#include "store/reader.h"
#include "store/writer.h"

/* Images a time: each takes some milliseconds. */
#define IMAGE_LOOK_BATCH 16

/* The next images past `after_id`, as w->looks, in its arena. An image whose file is not to be read is
 * passed over: collecting has it fetched again. *ret_n, *ret_last: of images that were looked for. */
enum err image_look_read(struct reader *r, const char *folder, int64_t after_id, struct write *w,
			 int *ret_n, int64_t *ret_last, struct reason *why);

#endif
