/* rule_report.h: what a task over all listings gathers: one for each kind. Its own thread. */
#ifndef PIPED_RULE_REPORT_H
#define PIPED_RULE_REPORT_H

#include "base/json.h"
#include "serve/serve.h"
#include "store/reader.h"

/* What is looked at. */
struct rule_report_in {
	const struct serve_view *view; /* configuration, labeler and model of now */
	/* Of SERVE_RULES_DIFF: the others. */
	const struct conf *conf;
	const struct labeler *labeler;
};

struct rule_report {
	const char *name;
	int passes; /* over all listings */
	void *(*start)(const struct rule_report_in *in);
	/* A listing, of pass 0, 1, ...; `a` is empty, and is emptied behind. */
	void (*add)(void *x, int pass, const struct listing_view *v, struct arena *a);
	void (*print)(void *x, struct json *j); /* members of the open object */
	void (*free)(void *x);
};

/* rule_diff.c, rule_stats.c, rule_hint.c */
extern const struct rule_report rule_diff_report, rule_stats_report, rule_hint_report;

/* Whether a vote for taxon `said` is right where `truth` is a person's code ({0}: none of them):
 * the same, or above it. */
bool rule_report_right(const struct conf *c, int said, struct str truth);

#endif
