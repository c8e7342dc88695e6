/* serve.h: the HTTP API on a Unix socket, parts of it over TCP, by libmicrohttpd on the libuv
 * loop.
 * One route table (serve/routes.h) yields dispatch, `GET /api` and the docs.
 * A request's work runs on a pool thread with a reader of its own; what must
 * happen on the loop goes through `struct serve_ops`. */
#ifndef PIPED_SERVE_H
#define PIPED_SERVE_H

#include "base/json.h"
#include "classifier/classifier.h"
#include "exporter/exporter.h"
#include "labeler/labeler.h"
#include "serve/draft.h"
#include "serve/trial.h"
#include "store/reader.h"
#include "store/writer.h"

#include <uv.h>

struct serve;

enum serve_source_act { SERVE_RUN, SERVE_PAUSE, SERVE_RESUME };
struct marks;
struct serve_view;

/* What is wanted of a record: as it lies in the archive; the HTTP head; the body as it
 * came; that with its content-encoding undone. */
enum serve_part { SERVE_PART_RECORD, SERVE_PART_HEAD, SERVE_PART_BODY, SERVE_PART_DECODED };

/* Long work on the archive, one of a kind at a time. */
enum serve_work { SERVE_VERIFY, SERVE_INDEX, SERVE_IMPORT, SERVE_REPROCESS };
struct serve_work_args {
	enum serve_work kind;
	const struct str *files; /* SERVE_VERIFY; none: the whole archive */
	int n_files;
	struct str file;	      /* SERVE_IMPORT */
	struct str source, page_kind; /* SERVE_IMPORT, SERVE_REPROCESS; {0}: all */
	int64_t since_ms;	      /* SERVE_REPROCESS */
};

/* What a source makes of an address. */
struct serve_target {
	const struct conf_source *source; /* NULL: of a source that is not configured */
	bool in_scope;
	struct str refused;   /* why it is not */
	struct job job;	      /* that it would be; page {0}: nothing tells its kind */
	struct str image_key; /* of the job, were it a listing's image */
};

/* What the loop knows of a job, or of an address that is none yet. */
struct serve_known {
	int64_t now_ms;
	struct str held;  /* why nothing at all is asked; {0} */
	const char *step; /* it is under way since step_ms; NULL: it is not */
	int64_t step_ms;
	/* its host; why NULL: the host is not in memory */
	const char *why, *why_doc;
	int64_t until_ms; /* of that; 0: not known */
	int running, troubles;
	struct str trouble;
	double rate; /* that is kept just now, crawl-delay included; 0: not known */
	/* robots.txt; state NULL: the source does not ask for it */
	const char *robots, *robots_trouble; /* trouble: of the last answer, or "" */
	bool robots_known, robots_allow;     /* allow: this address, as far as known */
	int robots_line;		     /* that decides; 0: none does */
	struct str robots_rule;
	int64_t robots_asked_ms, robots_until_ms, robots_delay_ms; /* 0: none */
};

enum serve_study { SERVE_FOLDS, SERVE_CURVE, SERVE_STUDIES };

struct serve_evaluation {
	struct str model; /* its name */
	struct str
		labels; /* "reviewed", "all", "seller"; "": reviewed ones where there are enough */
	/* The report says from which confidence on that share of first guesses is right, as
	 * reviewed rows show it. 0 < precision < 1. */
	double precision;
};

/* What is asked of rules over all listings; daemon/rule_task.h. */
enum serve_rules { SERVE_RULES_DIFF, SERVE_RULES_STATS, SERVE_RULES_SUGGEST, SERVE_RULES_KINDS };

/* What the daemon does for the API. */
struct serve_ops {
	void *ctx;
	/* Loop thread. Adds members to the open object: uptime, hosts with why,
	 * in flight, rates, model, train and export progress, disk, versions. */
	void (*status)(void *ctx, struct json *j, struct arena *a);
	/* Loop thread. Adds what the loop knows to /metrics, as metric.h writes it. */
	void (*metrics)(void *ctx, struct buf *to, struct arena *a);
	/* Loop thread. Run now / pause / resume a source (none: all). ERR_NOT_FOUND. */
	enum err (*source)(void *ctx, struct str source, enum serve_source_act act,
			   struct reason *why);
	/* Loop thread. Start training (`fresh`: from nothing), export, reload; ERR_BUSY when one
	 * runs. */
	enum err (*train)(void *ctx, bool fresh, struct reason *why);
	/* Loop thread. Makes a stored model the live one, as soon as that is committed; takes
	 * `c`, which is that model opened. */
	void (*use_model)(void *ctx, int64_t id, struct str name, struct classifier *c);
	/* Loop thread. Measures a model on held-out labels. Takes `c`, the model opened. ERR_BUSY.
	 * It is given up when nobody asks for its state. */
	enum err (*evaluate_start)(void *ctx, struct classifier *c,
				   const struct serve_evaluation *what, int64_t *ret_id,
				   struct reason *why);
	/* Loop thread. Adds members to the open object, as daemon/evaluator.h has them; the report
	 * as a page or as text. */
	enum err (*evaluate_state)(void *ctx, int64_t id, struct json *j, struct reason *why);
	enum err (*evaluate_page)(void *ctx, int64_t id, bool html, struct buf *to,
				  struct reason *why);
	/* Loop thread. Out-of-fold probabilities in `folds` parts, or the learning curve: see
	 * daemon/study.h. ERR_BUSY while one of its kind runs; stop: ERR_NOT_FOUND, nothing does. The state's
	 * members go into the open object. */
	enum err (*study_start)(void *ctx, enum serve_study kind, int folds, struct reason *why);
	void (*study_state)(void *ctx, enum serve_study kind, struct json *j);
	enum err (*study_stop)(void *ctx, enum serve_study kind, struct reason *why);
	/* Loop thread. `view` is the request's; takes `conf` and `labeler`, which are of the rules to
	 * compare with (NULL for other kinds), also on failure. ERR_BUSY. Given up when nobody asks
	 * for its state. */
	enum err (*rules_start)(void *ctx, enum serve_rules kind, struct serve_view *view,
				struct conf *conf, struct labeler *labeler, int64_t *ret_id,
				struct reason *why);
	/* Loop thread. Adds members to the open object, as daemon/rule_task.h has them. */
	enum err (*rules_state)(void *ctx, int64_t id, struct json *j, struct reason *why);
	/* Loop thread. The order's text is borrowed for the call. ERR_BAD, ERR_BUSY. */
	enum err (*export_start)(void *ctx, const struct export_order *order, int64_t *ret_id,
				 struct reason *why);
	/* Loop thread. Adds members to the open object: "id", "state":
	 * "running|done|failed", "rows", "folder", "files": [...], "error" */
	enum err (*export_state)(void *ctx, int64_t id, struct json *j, struct reason *why);
	/* Loop thread. What is usual on pages of `source` ({0}: all), as "kinds". */
	void (*drift)(void *ctx, struct str source, struct json *j);
	/* Loop thread. What they show now is usual from now on; *ret_n page kinds. */
	enum err (*drift_accept)(void *ctx, struct str source, struct str page_kind, int *ret_n,
				 struct reason *why);
	/* Loop thread. Begins what is otherwise begun once a day. */
	void (*collect_images)(void *ctx);
	enum err (*reload)(void *ctx, struct reason *why);
	/* Any thread. Path of a finished export's file; ERR_NOT_FOUND. */
	enum err (*export_file)(void *ctx, int64_t id, struct str name, char *path, size_t room,
				struct reason *why);
	/* Any thread. What each source (one: the one named `source`) makes of `url`;
	 * the last row has no source. ERR_BAD: it is no address. */
	enum err (*targets)(void *ctx, const struct conf *conf, struct str url, struct str source,
			    struct arena *a, struct serve_target **ret, int *ret_n,
			    struct reason *why);
	/* Loop thread. What is known of `job` (id 0: it is none yet); `source` NULL: it is
	 * not configured. Text in `a`. */
	void (*known)(void *ctx, const struct conf_source *source, const struct job *job,
		      struct arena *a, struct serve_known *ret);
	/* Any thread. A WARC record's bytes, decompressed, or a part of them. A revisit
	 * has no body: ERR_NOT_FOUND, and *ret_original_ms says when the response that has
	 * it was fetched. */
	enum err (*record)(void *ctx, const struct page_record *r, enum serve_part part,
			   struct buf *to, int64_t *ret_original_ms, struct reason *why);
	/* Any thread. What the archive takes, and what two bounds (0: none) would remove of it, as
	 * members of the open object. */
	enum err (*archive_plan)(void *ctx, struct reader *r, int64_t keep_ms, int64_t max_bytes,
				 struct arena *a, struct json *j, struct reason *why);
	/* Any thread. Reads a page with rules that may be another configuration's; see
	 * trial_run.h. */
	enum err (*trial)(void *ctx, const struct trial_in *in, struct arena *a, struct trial *ret,
			  struct reason *why);
	/* Any thread. Drafts a source from a page; see draft_run.h. */
	enum err (*draft)(void *ctx, const struct draft_in *in, struct arena *a, struct draft *ret,
			  struct reason *why);
	/* Any thread. Compiles every selector and pattern; `each` gets what is wrong. Gives their number. */
	int (*check)(const struct conf *conf, void (*each)(void *ctx, const struct conf_problem *p),
		     void *ctx);
	/* Any thread. ERR_BAD: a taxonomy that must not come into force, and why; see daemon/adopt.h. */
	enum err (*adoptable)(void *ctx, struct reader *r, const struct conf_taxonomy *t,
			      struct reason *why);
	/* Any thread. The key of the job that asks a source for an address; ERR_BAD: it is none
	 * of the source's. */
	enum err (*job_key)(void *ctx, const struct conf_source *s, struct str url, struct arena *a,
			    struct str *ret_key, struct reason *why);
	/* Loop thread. ERR_BUSY while one of its kind runs. The state's members go into the
	 * open object, "state": "idle|running|done|failed" first. */
	enum err (*work_start)(void *ctx, const struct serve_work_args *args, struct reason *why);
	void (*work_state)(void *ctx, enum serve_work kind, struct json *j);
	/* Loop thread. Gives up what runs; ERR_NOT_FOUND: nothing does. */
	enum err (*import_stop)(void *ctx, struct reason *why);
	/* Loop thread. Hands the write over; `w->done` is called on the loop. */
	void (*write)(void *ctx, struct write *w);
	/* Loop thread, then read on a pool thread until `release`: the current
	 * configuration, labeler and model (may be NULL). Reference-counted. */
	struct serve_view *(*view)(void *ctx);
	void (*release)(void *ctx, struct serve_view *v); /* loop thread */
};

struct check_set;

struct serve_view {
	const struct conf *conf;
	const struct check_set *checks; /* cleaner/check.h; the API does not look at it */
	const struct labeler *labeler;
	const struct marks *marks;	/* what titles are looked through for */
	const struct classifier *model; /* or NULL */
	int64_t model_id;
	struct str model_name;
};

/* The route table as `GET /api` shows it (a whole value), and as docs/api.md. */
void serve_routes_json(struct json *j);
void serve_routes_markdown(struct buf *to);

struct serve_at {
	const char *socket; /* the API's file */
	struct str metrics; /* ADDRESS:PORT where /metrics alone is answered; {0}: none */
	struct str suggest; /* and one for suggestions alone */
};

/* Listens (the file has mode 0660; a dead one is replaced, a live one or a port
 * in use is ERR_BUSY). */
enum err serve_start(uv_loop_t *loop, const struct serve_at *at, struct store *store,
		     const struct serve_ops *ops, struct serve **ret, struct reason *why);
/* Stops listening, finishes requests, closes readers, then calls `closed`. */
void serve_stop(struct serve *s, void (*closed)(void *ctx), void *ctx);

#endif
