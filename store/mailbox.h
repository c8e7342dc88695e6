/* mailbox.h: what was handed to the writer and not yet taken, in the order it
 * came; and when it is time to take it. */
#ifndef PIPED_MAILBOX_H
#define PIPED_MAILBOX_H

#include "store/writer.h"

#include <pthread.h>

/* A chain through write.next. */
struct mailbox_list {
	struct write *first, *last;
};
void mailbox_add(struct mailbox_list *l, struct write *w);
struct write *mailbox_next(struct mailbox_list *l); /* NULL: none left */

struct mailbox {
	pthread_mutex_t lock;
	pthread_cond_t come;
	struct mailbox_list list;
	int n, n_urgent;  /* of them: those that may not wait */
	int64_t since_ms; /* when the first of them came */
	int most;
	int64_t wait_ms;
	bool closed;
};

/* At most `most` are taken at once; what may wait waits wait_ms for more. */
void mailbox_init(struct mailbox *m, int most, int64_t wait_ms);
void mailbox_done(struct mailbox *m);
void mailbox_put(struct mailbox *m, struct write *w); /* any thread */
/* Behind the others once more, even when closed. The taking thread. */
void mailbox_again(struct mailbox *m, struct write *w);
/* Nothing comes any more, nothing waits. */
void mailbox_close(struct mailbox *m);
/* Sleeps until there is reason to take; `to` has room for `most`. 0: closed and
 * empty. */
int mailbox_take(struct mailbox *m, struct write **to);

#endif
