/* serve.h: the HTTP API on a Unix socket, by libmicrohttpd on the libuv loop.
 * One route table (serve/routes.c) yields dispatch, `GET /api` and the docs.
 * A request's work runs on a pool thread with a reader of its own; what must
 * happen on the loop goes through `struct serve_ops`. */
#ifndef PIPED_SERVE_H
#define PIPED_SERVE_H

#include "base/json.h"
#include "classifier/classifier.h"
#include "labeler/labeler.h"
#include "store/reader.h"
#include "store/writer.h"

#include <uv.h>

struct serve;

enum serve_source_act { SERVE_RUN, SERVE_PAUSE, SERVE_RESUME };
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
	/* Loop thread. Start training, export, reload; ERR_BUSY when one runs. */
	enum err (*train)(void *ctx, struct reason *why);
	enum err (*use_model)(void *ctx, int64_t model, struct reason *why);
	enum err (*export_start)(void *ctx, struct str format, bool gzip, bool all, int64_t *ret_id,
				 struct reason *why);
	/* Loop thread. Adds members to the open object: "id", "state":
	 * "running|done|failed", "rows", "folder", "files": [...], "error" */
	enum err (*export_state)(void *ctx, int64_t id, struct json *j, struct reason *why);
	enum err (*reload)(void *ctx, struct reason *why);
	/* Any thread. Path of a finished export's file; ERR_NOT_FOUND. */
	enum err (*export_file)(void *ctx, int64_t id, struct str name, char *path, size_t room,
				struct reason *why);
	/* Any thread. A WARC record's bytes, decompressed, or a part of them. A revisit
	 * has no body: ERR_NOT_FOUND, and *ret_original_ms says when the response that has
	 * it was fetched. */
	enum err (*record)(void *ctx, const struct page_record *r, enum serve_part part,
			   struct buf *to, int64_t *ret_original_ms, struct reason *why);
	/* Any thread. The key of the job that asks a source for an address; ERR_BAD: it is none
	 * of the source's. */
	enum err (*job_key)(void *ctx, const struct conf_source *s, struct str url, struct arena *a,
			    struct str *ret_key, struct reason *why);
	/* Loop thread. ERR_BUSY while one of its kind runs. The state's members go into the
	 * open object, "state": "idle|running|done|failed" first. */
	enum err (*work_start)(void *ctx, const struct serve_work_args *args, struct reason *why);
	void (*work_state)(void *ctx, enum serve_work kind, struct json *j);
	/* Loop thread. Hands the write over; `w->done` is called on the loop. */
	void (*write)(void *ctx, struct write *w);
	/* Loop thread, then read on a pool thread until `release`: the current
	 * configuration, labeler and model (may be NULL). Reference-counted. */
	struct serve_view *(*view)(void *ctx);
	void (*release)(void *ctx, struct serve_view *v); /* loop thread */
};

struct serve_view {
	const struct conf *conf;
	const struct labeler *labeler;
	const struct classifier *model; /* or NULL */
	int64_t model_id;
};

/* The route table as `GET /api` shows it (a whole value), and as docs/api.md. */
void serve_routes_json(struct json *j);
void serve_routes_markdown(struct buf *to);

struct serve_at {
	const char *socket; /* the API's file */
	struct str metrics; /* ADDRESS:PORT where /metrics alone is answered; {0}: none */
};

/* Listens (the file has mode 0660; a dead one is replaced, a live one or a port
 * in use is ERR_BUSY). */
enum err serve_start(uv_loop_t *loop, const struct serve_at *at, struct store *store,
		     const struct serve_ops *ops, struct serve **ret, struct reason *why);
/* Stops listening, finishes requests, closes readers, then calls `closed`. */
void serve_stop(struct serve *s, void (*closed)(void *ctx), void *ctx);

#endif
