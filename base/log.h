/* log.h: one line per event on stderr, the object's id first:
 * `page=71 fetched status=200 bytes=18233`. Any thread; a line is written
 * whole. Under systemd (JOURNAL_STREAM set) lines carry <N> priorities instead
 * of time and level. Control characters in the text are shown as \xNN. */
#ifndef PIPED_LOG_H
#define PIPED_LOG_H

#include "base/str.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

void log_setup(enum log_level least);
enum log_level log_level(void);
/* "debug", "info", "warn", "error". */
bool log_level_parse(struct str name, enum log_level *ret_level);
const char *log_level_name(enum log_level l);

void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The newest lines of info and above, oldest first, for `pipectl log` and
 * `status`. Calls `each` under the log's lock: copy and return. */
#define LOG_KEPT 512
void log_recent(enum log_level least, size_t most,
		void (*each)(void *ctx, int64_t wall_ms, enum log_level l, struct str line),
		void *ctx);

#endif
