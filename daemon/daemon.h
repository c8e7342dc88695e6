/* daemon.h: piped itself: everything joined on one loop. */
#ifndef PIPED_DAEMON_H
#define PIPED_DAEMON_H

#include "base/clock.h"
#include "crawler/fetch.h"
#include "daemon/archive.h"
#include "daemon/audit.h"
#include "daemon/crawl.h"
#include "daemon/drifts.h"
#include "daemon/evaluator.h"
#include "daemon/exports.h"
#include "daemon/images.h"
#include "daemon/import.h"
#include "daemon/measures.h"
#include "daemon/registry.h"
#include "daemon/reread.h"
#include "daemon/retain.h"
#include "daemon/rule_task.h"
#include "daemon/study.h"
#include "daemon/sweep.h"
#include "daemon/trainer.h"

struct daemon_opt {
	const char *config;
	bool paused; /* start without fetching */
	bool once;   /* stop when nothing is due or under way */
	bool log_level_given;
	enum log_level log_level;
};

struct daemon {
	struct daemon_opt opt;
	uv_loop_t loop;
	const struct clock *clock;
	int64_t started_mono_ms;
	struct view *view;
	struct store *store;
	struct archive *archive;
	struct writer *writer;
	struct fetch *fetch;
	struct crawl *crawl;
	struct drifts *drifts;
	struct sweep *sweep;
	struct images *images;
	struct trainer *trainer;
	struct exports *exports;
	struct audit *audit;
	struct import *import;
	struct reread *reread;
	struct retain *retain;
	struct registry *registry;
	struct measures *measures;
	struct evaluator *evaluator;
	struct study *studies[SERVE_STUDIES];
	int64_t model_asked; /* a person has said to use this one, which is being stored; 0: none */
	struct rule_task *rule_task;
	char model_trouble[300]; /* why the live model cannot be used; "": nothing is wrong */
	bool turning;		 /* a WRITE_TURN is under way */
	struct serve *serve;
	uv_async_t writer_wake;
	uv_signal_t signals[3];
	uv_timer_t tick; /* disk, watchdog, idleness: once a second */
	uv_work_t reload_work;
	bool reloading, stopping, fetch_closed, serve_closed, closing, settled;
	bool disk_low; /* fetching was told to wait */
	char disk_why[200];
	int exit_code;
	/* last reload: what it loaded and what came of it */
	struct rule_set *reloaded;
	bool adopting; /* its taxonomy is not the stored one */
	enum err reload_err;
	struct reason reload_why;
	int64_t reload_ms;
	int64_t free_bytes;	 /* of the disks under state-dir and archive-dir, the lesser */
	int64_t loop_cpu_ns;	 /* of the loop thread, when status was last asked */
	const char *archive_dir; /* as at the start; in the first view's conf */
	const char *image_dir;	 /* likewise */
	struct rule_set *first_rules;
};

/* Runs until stopped; returns the exit code (base/opt.h). */
int daemon_run(const struct daemon_opt *opt);

/* Begins a clean stop: no new requests, what is under way is committed. */
void daemon_stop(struct daemon *d, int exit_code);
/* Loads the configuration again, on the pool; swaps when it is good. */
enum err daemon_reload(struct daemon *d, struct reason *why);
/* Makes a stored model the live one, or the rules of a reload: everything
 * that reads a view gets the new one. */
void daemon_use(struct daemon *d, struct rule_set *rules, struct model_ref *model);
/* Opens `file` of the model folder and uses it; what is wrong with it goes to the log and
 * to `model_trouble`. */
void daemon_use_model(struct daemon *d, int64_t id, const char *file, const char *name);
/* Takes `c`, an opened model. */
void daemon_use_classifier(struct daemon *d, struct classifier *c, int64_t id, struct str name);
/* One line of the log per problem, for rule_set_load. Any thread. */
void daemon_log_problem(void *ctx, const struct conf_problem *p);
/* Nothing under way and nothing due soon. */
bool daemon_idle(const struct daemon *d);

/* api.c: struct serve_ops of this daemon. */
extern const struct serve_ops api_ops;
/* status.c */
void status_json(struct daemon *d, struct json *j, struct arena *a);
int64_t status_database_bytes(const struct daemon *d);
/* figures.c: what /metrics tells of the daemon. Loop thread. */
void figures_add(struct daemon *d, struct buf *to, struct arena *a);

#endif
