/* A WARC file of anybody. What is read lies within the file, ends, and is told when
 * it is broken; the same file gives the same records from the place where one was
 * left. */
#include "crawler/cdxj.h"
#include "crawler/warcscan.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define SIZE_MOST ((size_t)1 << 18)

struct seen {
	int64_t size;
	int faults;
};

static void on_news(void *ctx, enum warcfile_news kind, int64_t offset, const char *text)
{
	struct seen *s = ctx;

	must(kind == WARCFILE_WARNING || kind == WARCFILE_DAMAGE);
	must(offset >= 0 && offset <= s->size && text[0]);
	s->faults++;
}

static void read_all(const char *path, int64_t from, struct seen *s)
{
	struct warcfile_record *r;
	struct reason why = { "" };
	struct warcfile *f = NULL;
	struct warcscan scan;
	struct buf lines;

	if (warcfile_open(path, from, 0, on_news, s, &f, &why)) {
		must(why.text[0]);
		return;
	}
	warcscan_init(&scan);
	buf_init(&lines, 1 << 22);
	while (!warcfile_next(f, &r, &why) && r) {
		must(r->offset >= from && r->offset < s->size && r->head.length >= 0);
		must(!warcscan_record(f, r, &scan, &why));
		must(r->bytes == -1 || (r->bytes > 0 && r->offset + r->bytes <= s->size));
		must(scan.whole || s->faults);
		cdxj_line(r, &scan, STR("f.warc.gz"), &lines);
	}
	must(warcfile_at(f) >= from);
	warcscan_done(&scan);
	buf_done(&lines);
	warcfile_close(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen s = { .size = (int64_t)size };
	char path[64];
	int fd;

	if (size > SIZE_MOST)
		return 0;
	fd = memfd_create("warc", MFD_CLOEXEC);
	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_all(path, 0, &s);
	read_all(path, (int64_t)(size / 2), &s);
	close(fd);
	return 0;
}
