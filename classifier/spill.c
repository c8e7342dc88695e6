#include "classifier/spill.h"

#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SPILL_WINDOW ((size_t)1 << 20) /* of the file, gathered before a write */

struct spill {
	char *held; /* all bytes; with a file, those not written yet */
	size_t held_n, held_room, memory;
	size_t written;
	int fd;
	char *beside;
	bool ended;
};

struct spill *spill_new(size_t memory, const char *beside)
{
	struct spill *s = mem_zero(sizeof(*s));

	s->memory = memory;
	s->beside = mem_text(beside);
	s->fd = -1;
	return s;
}

void spill_free(struct spill *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	mem_free(s->held);
	mem_free(s->beside);
	mem_free(s);
}

static enum err make_file(struct spill *s, struct reason *why)
{
	const char *slash = strrchr(s->beside, '/');
	int folder = slash ? (int)(slash - s->beside + 1) : 0;
	char path[4096];
	int n = snprintf(path, sizeof(path), "%.*s.pipeclass-XXXXXX", folder, s->beside);

	if (n < 0 || (size_t)n >= sizeof(path))
		return reason_set(why, ERR_TOO_BIG, "%s: the path is too long", s->beside);
	s->fd = mkostemp(path, O_CLOEXEC);
	if (s->fd < 0)
		return reason_set(why, err_errno(errno), "%s: %s", path, strerror(errno));
	unlink(path);
	return ERR_OK;
}

static enum err drain(struct spill *s, struct reason *why)
{
	size_t at = 0;

	while (at < s->held_n) {
		ssize_t n = write(s->fd, s->held + at, s->held_n - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return reason_set(why, err_errno(errno), "rows spilled beside %s: %s",
					  s->beside, strerror(errno));
		at += (size_t)n;
	}
	s->written += at;
	s->held_n = 0;
	return ERR_OK;
}

enum err spill_add(struct spill *s, const void *p, size_t n, struct reason *why)
{
	enum err err = ERR_OK;

	must(!s->ended);
	if (s->fd < 0 && s->held_n + n > s->memory)
		err = make_file(s, why);
	if (!err && s->fd >= 0 && s->held_n + n > SPILL_WINDOW)
		err = drain(s, why);
	if (err)
		return err;
	mem_grow(&s->held, &s->held_room, s->held_n + n, 1);
	memcpy(s->held + s->held_n, p, n);
	s->held_n += n;
	return ERR_OK;
}

size_t spill_bytes(const struct spill *s)
{
	return s->written + s->held_n;
}

enum err spill_end(struct spill *s, struct reason *why)
{
	enum err err = ERR_OK;

	s->ended = true;
	if (s->fd < 0)
		return ERR_OK;
	err = drain(s, why);
	mem_free(s->held);
	s->held = NULL;
	return err;
}

char *spill_memory(const struct spill *s)
{
	must(s->ended);
	return s->fd < 0 ? s->held : NULL;
}

enum err spill_read(const struct spill *s, size_t at, void *to, size_t n)
{
	must(s->ended);
	if (at > spill_bytes(s) || n > spill_bytes(s) - at)
		return ERR_IO;
	if (s->fd < 0) {
		memcpy(to, s->held + at, n);
		return ERR_OK;
	}
	for (size_t done = 0; done < n;) {
		ssize_t got = pread(s->fd, (char *)to + done, n - done, (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return ERR_IO;
		done += (size_t)got;
	}
	return ERR_OK;
}

enum err spill_write(struct spill *s, size_t at, const void *p, size_t n)
{
	must(s->ended && at + n <= spill_bytes(s));
	if (s->fd < 0) {
		memcpy(s->held + at, p, n);
		return ERR_OK;
	}
	for (size_t done = 0; done < n;) {
		ssize_t put = pwrite(s->fd, (const char *)p + done, n - done, (off_t)(at + done));

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_errno(errno);
		done += (size_t)put;
	}
	return ERR_OK;
}
