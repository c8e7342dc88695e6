/* view.h: what a task may read: configuration, labeler, model. Replaced by
 * building new ones and swapping the pointer; the old live until their last
 * user lets go. Counts are kept on the loop thread: keep and release there,
 * read anywhere in between. */
#ifndef PIPED_VIEW_H
#define PIPED_VIEW_H

#include "cleaner/marks.h"
#include "serve/serve.h"

/* Configuration and what is compiled from it. */
struct rule_set {
	int users;
	struct conf *conf;
	struct check_set *checks;
	struct labeler *labeler;
	struct marks *marks;
};

/* An opened model file. */
struct model_ref {
	int users;
	struct classifier *classifier;
	int64_t id;
	char name[96];
};

struct view {
	struct serve_view v; /* first: the API sees only this */
	int users;
	struct rule_set *rules;
	struct model_ref *model; /* or NULL */
	struct labeler *labeler; /* the rules' with what was measured of them; NULL: nothing was */
};

/* Loads and checks everything that `path` names. Any thread but the loop while it runs: compiling
 * rules takes seconds where there are many. `cache`: what is compiled is kept below state-dir, and
 * found there the next time. Problems go to `each` (may be NULL); ERR_BAD when there are some. */
enum err rule_set_load(const char *path, bool cache, struct rule_set **ret,
		       void (*each)(void *ctx, const struct conf_problem *p), void *ctx,
		       struct reason *why);
struct rule_set *rule_set_keep(struct rule_set *r);
void rule_set_release(struct rule_set *r);

/* Takes `c`; has one user: the caller. */
struct model_ref *model_ref_new(struct classifier *c, int64_t id, struct str name);
struct model_ref *model_ref_keep(struct model_ref *m); /* NULL gives NULL */
void model_ref_release(struct model_ref *m);

/* Keeps both for as long as it lives. Has one user: the caller. */
struct view *view_new(struct rule_set *rules, struct model_ref *model);
/* The same, where rules vote with what their precision was found to be (daemon/measures.h); the
 * list is read here only. */
struct view *view_new_measured(struct rule_set *rules, struct model_ref *model,
			       const struct rule_measure *measures, int n);
struct view *view_keep(struct view *v);
void view_release(struct view *v);

#endif
