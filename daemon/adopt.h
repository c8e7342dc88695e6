/* adopt.h: before a taxonomy is in force: that it is no older one than labels were made under, and
 * that it says of every category that had labels what became of it. */
#ifndef PIPED_ADOPT_H
#define PIPED_ADOPT_H

#include "daemon/view.h"

/* Any thread. ERR_BAD: it must not be, and why. *ret_news: the store does not know it as it is. */
enum err adopt_check(struct reader *r, const struct conf_taxonomy *t, bool *ret_news,
		     struct reason *why);
/* The same with a reader of its own. */
enum err adopt_look(struct store *store, const struct conf_taxonomy *t, bool *ret_news,
		    struct reason *why);
/* The write that puts it in force; `t` is borrowed till it is done, and its arena is to be freed
 * then. */
struct write *adopt_write(const struct conf_taxonomy *t, int64_t now_ms,
			  void (*done)(struct write *w), void *ctx);

#endif
