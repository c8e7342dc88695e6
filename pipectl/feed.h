/* feed.h: the items of a queue of review, fetched before they are wanted: while a person reads one,
 * the next is there. */
#ifndef PIPED_FEED_H
#define PIPED_FEED_H

#include "pipectl/http.h"

struct feed {
	const struct command_env *env;
	const char *who, *queue;
	json_t *items;	 /* those that come next */
	json_t *back;	 /* comes before them: taken back */
	json_t *shown;	 /* given last */
	int64_t waiting; /* in the queue, as the daemon said last */
	int64_t place;	 /* of the one given last, from 1 */
	int64_t draw;	 /* of an audit; 0: the newest, until it has given an item */
};

void feed_init(struct feed *f, const struct command_env *env, const char *queue, const char *who);
void feed_done(struct feed *f);
/* The next item, borrowed till the next call; NULL: there is none, or `ret_rc` says why not. */
const json_t *feed_next(struct feed *f, int *ret_rc);
bool feed_is_ready(const struct feed *f); /* the next item is there */
/* Fetches if the next one is not there yet: to be called while the person reads. Failing is left
 * to feed_next. */
void feed_ahead(struct feed *f);
/* A listing whose decision was taken back comes next again, then the one that was given last. */
void feed_back(struct feed *f, int64_t listing);

#endif
