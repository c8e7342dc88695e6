#include "classifier/spill.h"

#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SPILL_WINDOW ((size_t)1 << 20) /* of the file, gathered before a write */

struct spill {
	char *held; /* all bytes; with a file, those not written yet */
	size_t held_n, held_room, memory;
	size_t written;
	int fd;
	char *beside;
	void *mapped;
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
	if (s->mapped)
		munmap(s->mapped, s->written);
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

	must(!s->mapped);
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

enum err spill_map(struct spill *s, const char **ret, struct reason *why)
{
	enum err err;

	if (s->fd < 0) {
		*ret = s->held_n ? s->held : "";
		return ERR_OK;
	}
	err = drain(s, why);
	if (err)
		return err;
	mem_free(s->held);
	s->held = NULL;
	s->mapped = mmap(NULL, s->written, PROT_READ, MAP_SHARED, s->fd, 0);
	if (s->mapped == MAP_FAILED) {
		s->mapped = NULL;
		return reason_set(why, err_errno(errno), "rows spilled beside %s: %s", s->beside,
				  strerror(errno));
	}
	*ret = s->mapped;
	return ERR_OK;
}
