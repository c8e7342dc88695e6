/* fuzz.h: what the fuzz targets share. A target is one function, which holds a
 * parser of outside bytes to what its header promises: must() aborts, and that
 * is a finding. Bytes come from libFuzzer (preset `fuzz`) or, in any other
 * build, from the files of tests/fuzz/corpus/NAME (fuzz_corpus.c). Most inputs
 * are parts with a line end between: see the top of each target. */
#ifndef PIPED_FUZZ_H
#define PIPED_FUZZ_H

#include "base/arena.h"
#include "base/must.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Small blocks, so that reads and writes past the end of what an arena gave
 * mostly leave its block and are seen. */
#define FUZZ_ARENA 256

static inline struct str fuzz_text(const uint8_t *data, size_t size)
{
	return size ? (struct str){ (const char *)data, size } : STR("");
}

/* Takes the part before the next line end off *rest; "" when nothing is left. */
static inline struct str fuzz_line(struct str *rest)
{
	struct str line;

	if (!str_next(rest, '\n', &line))
		return STR("");
	if (!rest->p)
		*rest = STR("");
	return line;
}

/* Takes one byte off *rest; 0 when nothing is left. */
static inline uint8_t fuzz_byte(struct str *rest)
{
	uint8_t b = 0;

	if (rest->n) {
		b = (uint8_t)rest->p[0];
		*rest = str_sub(*rest, 1, rest->n);
	}
	return b;
}

/* A file without a name that holds `s`; close it. */
static inline int fuzz_fd(struct str s)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	must(fd >= 0);
	must(s.n == 0 || pwrite(fd, s.p, s.n, 0) == (ssize_t)s.n);
	return fd;
}

#endif
