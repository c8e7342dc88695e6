/* A text that gets into the log. It stays one line, and cannot steer a terminal. */
#include "base/log.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define LINE_ROOM 4096

/* The line as it is written to stderr, from a file in its place. */
static struct str logged(struct str text, char to[LINE_ROOM])
{
	int fd = fuzz_fd(STR("")), real = dup(STDERR_FILENO);
	ssize_t n;

	must(real >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	log_warn("page=1 %.*s", STR_ARG(text));
	(void)dup2(real, STDERR_FILENO);
	n = pread(fd, to, LINE_ROOM, 0);
	must(n > 0 && n < LINE_ROOM);
	close(real);
	close(fd);
	return (struct str){ to, (size_t)n };
}

static void check(struct str line)
{
	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];

		must(c >= 0x20 && c != 0x7f);
		must(c != 0xc2 || i + 1 == line.n || (unsigned char)line.p[i + 1] >= 0xa0 ||
		     (unsigned char)line.p[i + 1] < 0x80);
	}
}

static void kept(void *ctx, int64_t wall_ms, enum log_level l, struct str line)
{
	struct str *ret = ctx;

	must(wall_ms > 0 && l == LOG_LEVEL_WARN);
	*ret = line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = fuzz_text(data, size), line, recent = { 0 };
	char room[LINE_ROOM];

	/* as %s would */
	s = str_sub(s, 0, strnlen(s.p, s.n));
	line = logged(s, room);
	must(str_ends(line, STR("\n")) && str_find(line, STR(" warn  page=1 ")) > 0);
	line = str_sub(line, 0, line.n - 1);
	check(line);
	log_recent(LOG_LEVEL_WARN, 1, kept, &recent);
	must(recent.n && str_find(line, recent) > 0);
	must(!utf8_valid(s) || (utf8_valid(line) && utf8_valid(recent)));
	return 0;
}
