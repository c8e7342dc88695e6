/* exports.h: datasets written in a thread of their own into folders of the
 * state directory, numbered; the newest few are kept. Loop thread only unless
 * said. */
#ifndef PIPED_EXPORTS_H
#define PIPED_EXPORTS_H

#include "base/clock.h"
#include "daemon/view.h"
#include "exporter/exporter.h"

struct exports;

struct exports_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	const char *image_dir; /* borrowed */
	void (*idle)(void *ctx);
	void *ctx;
};

#define EXPORTS_KEPT 4

struct exports *exports_new(const struct exports_env *env);
void exports_free(struct exports *x);
/* ERR_BUSY, ERR_BAD (an unknown format, column, source, ...: says what there is). The order's
 * text is copied. */
enum err exports_start(struct exports *x, struct view *view, const struct export_order *order,
		       int64_t *ret_id, struct reason *why);
/* Members {"id", "state", "rows", "files", "error"} into the open object. ERR_NOT_FOUND. */
enum err exports_json(struct exports *x, int64_t id, struct json *j, struct reason *why);
/* Any thread. The path of a finished export's file. */
enum err exports_file(struct exports *x, int64_t id, struct str name, char *path, size_t room,
		      struct reason *why);
void exports_stop(struct exports *x); /* cancels; closes its handle */
bool exports_busy(const struct exports *x);

#endif
