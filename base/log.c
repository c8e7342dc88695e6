#include "base/log.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1000

struct kept {
	int64_t wall_ms;
	enum log_level level;
	unsigned short n;
	char text[240];
};

static const struct {
	const char *name, *journal;
} levels[] = {
	[LOG_LEVEL_DEBUG] = { "debug", "<7>" },
	[LOG_LEVEL_INFO] = { "info", "<6>" },
	[LOG_LEVEL_WARN] = { "warn", "<4>" },
	[LOG_LEVEL_ERROR] = { "error", "<3>" },
};

static struct {
	_Atomic int least;
	pthread_mutex_t lock;
	size_t total;
	struct kept kept[LOG_KEPT];
} logger = { .least = LOG_LEVEL_INFO, .lock = PTHREAD_MUTEX_INITIALIZER };

void log_setup(enum log_level least)
{
	atomic_store(&logger.least, (int)least);
}

enum log_level log_level(void)
{
	return (enum log_level)atomic_load(&logger.least);
}

const char *log_level_name(enum log_level l)
{
	return levels[l].name;
}

bool log_level_parse(struct str name, enum log_level *ret_level)
{
	for (int i = LOG_LEVEL_DEBUG; i <= LOG_LEVEL_ERROR; i++) {
		if (str_is(name, levels[i].name)) {
			*ret_level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

/* `n`, less the bytes of a last character that was cut. */
static size_t whole(const char *p, size_t n)
{
	size_t k = n;

	while (k && n - k < 3 && ((unsigned char)p[k - 1] & 0xc0) == 0x80)
		k--;
	if (k && (unsigned char)p[k - 1] >= 0xc0 &&
	    !utf8_length((struct str){ p + k - 1, n - k + 1 }))
		return k - 1;
	return n;
}

/* Bytes of the control character at `p` that could move a terminal's cursor or
 * forge a line: C0, DEL, and C1 (U+0080..9F); else 0. */
static size_t control(const char *p)
{
	unsigned char c = (unsigned char)p[0], next = (unsigned char)p[1];

	if (c == 0xc2 && next >= 0x80 && next < 0xa0)
		return 2;
	return c < 0x20 || c == 0x7f;
}

static size_t printable(const char *from, char *to, size_t room)
{
	size_t n = 0, k;

	for (; *from && n + 9 < room; from++) {
		k = control(from);
		if (!k)
			to[n++] = *from;
		for (size_t i = 0; i < k; i++)
			n += (size_t)snprintf(to + n, room - n, "\\x%02x", (unsigned char)from[i]);
		from += k > 1;
	}
	if (*from)
		n = whole(to, n);
	to[n] = 0;
	return n;
}

static void keep(enum log_level l, int64_t now, const char *text, size_t n)
{
	struct kept *k = &logger.kept[logger.total++ % LOG_KEPT];

	if (n > sizeof(k->text))
		n = whole(text, sizeof(k->text));
	k->wall_ms = now;
	k->level = l;
	k->n = (unsigned short)n;
	memcpy(k->text, text, n);
}

__attribute__((format(printf, 2, 0))) static void emit(enum log_level l, const char *fmt,
						       va_list ap)
{
	char raw[LINE_MAX_BYTES], text[LINE_MAX_BYTES], line[LINE_MAX_BYTES + 64];
	char when[32];
	int64_t now;
	size_t n;
	int all;

	if ((int)l < atomic_load(&logger.least))
		return;
	now = clock_wall_ms(&clock_system);
	all = vsnprintf(raw, sizeof(raw), fmt, ap);
	if (all >= (int)sizeof(raw))
		raw[whole(raw, sizeof(raw) - 1)] = 0;
	n = printable(raw, text, sizeof(text));
	if (getenv("JOURNAL_STREAM")) {
		all = snprintf(line, sizeof(line), "%s%s\n", levels[l].journal, text);
	} else {
		clock_iso(now, when);
		all = snprintf(line, sizeof(line), "%s %-5s %s\n", when, levels[l].name, text);
	}
	pthread_mutex_lock(&logger.lock);
	if (l >= LOG_LEVEL_INFO)
		keep(l, now, text, n);
	/* A log that can't be written must not stop the work. */
	(void)!write(STDERR_FILENO, line, (size_t)all);
	pthread_mutex_unlock(&logger.lock);
}

void log_debug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_LEVEL_DEBUG, fmt, ap);
	va_end(ap);
}

void log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_LEVEL_INFO, fmt, ap);
	va_end(ap);
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_LEVEL_WARN, fmt, ap);
	va_end(ap);
}

void log_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_LEVEL_ERROR, fmt, ap);
	va_end(ap);
}

void log_recent(enum log_level least, size_t most,
		void (*each)(void *ctx, int64_t wall_ms, enum log_level l, struct str line),
		void *ctx)
{
	size_t have, i, take = 0;
	const struct kept *k;

	pthread_mutex_lock(&logger.lock);
	have = logger.total < LOG_KEPT ? logger.total : LOG_KEPT;
	for (i = logger.total; i > logger.total - have && take < most; i--)
		take += logger.kept[(i - 1) % LOG_KEPT].level >= least;
	for (; i < logger.total; i++) {
		k = &logger.kept[i % LOG_KEPT];
		if (k->level >= least)
			each(ctx, k->wall_ms, k->level, (struct str){ k->text, k->n });
	}
	pthread_mutex_unlock(&logger.lock);
}
