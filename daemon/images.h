/* images.h: listings' images beside the crawl: which listings want one, what those that
 * were fetched without being asked it look like, and what nothing refers to any more. The fetching itself is the crawl's: an image is a job
 * of the last priority. Loop thread only. */
#ifndef PIPED_IMAGES_H
#define PIPED_IMAGES_H

#include "daemon/view.h"
#include "store/writer.h"

struct images;

struct images_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	struct writer *writer;
	const char *folder;	 /* image-dir; borrowed */
	void (*due)(void *ctx);	 /* jobs became due */
	void (*idle)(void *ctx); /* work ended; may be NULL */
	void *ctx;
};

enum err images_new(const struct images_env *env, struct view *view, struct images **ret,
		    struct reason *why);
void images_free(struct images *i); /* only when images_busy is 0 */
/* Another configuration: all listings are looked at again. */
void images_set_view(struct images *i, struct view *view);
/* Listings were stored. Cheap. */
void images_stir(struct images *i);
/* Collects now what is otherwise collected once a day. */
void images_collect(struct images *i);
void images_stop(struct images *i); /* no further batch; closes its timer */
int images_busy(const struct images *i);

struct images_view {
	bool wanted;  /* some source has its images fetched */
	bool looking; /* listings are being looked at */
	bool collecting;
	int64_t unseen;	    /* kept images still to be decoded, for what they look like */
	int64_t collected;  /* images and files let go of since the start */
	int64_t collect_ms; /* wall clock of the next collection */
};
void images_look(const struct images *i, struct images_view *ret);

#endif
