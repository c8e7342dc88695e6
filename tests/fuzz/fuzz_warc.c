/* Content-encoding, address and IP, a line each; a response head up to an empty
 * line; a body. What is archived is read back as it came. The whole input is a
 * record to be taken apart, too, and the torn tail of a segment. */
#include "crawler/gzmember.h"
#include "crawler/warc.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#define CAP ((size_t)8 << 20)
#define SEGMENT_BYTES ((int64_t)1 << 20)

/* Memory, where there is such a folder: each input is synced. */
static const char *folder(void)
{
	static char path[64];

	if (!path[0]) {
		snprintf(path, sizeof(path), "%s/piped-fuzz-XXXXXX",
			 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
		must(mkdtemp(path));
	}
	return path;
}

static void leave(void)
{
	char path[128];

	for (int i = 1; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/piped-%06d.warc.gz", folder(), i);
		(void)unlink(path);
	}
	(void)rmdir(folder());
}

static bool within(struct str part, struct str whole)
{
	return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

static void check_split(struct str record)
{
	struct str warc, http, body;
	struct reason why = { "" };

	if (warc_split(record, &warc, &http, &body, &why)) {
		must(why.text[0]);
		return;
	}
	must(within(warc, record) && within(http, record) && within(body, record));
	must(warc.p == record.p && http.p == warc.p + warc.n && body.p == http.p + http.n);
}

static void check_back(const struct fetch_answer *x, struct warc *w, struct str members,
		       int64_t offset, int64_t bytes)
{
	struct str file, warc, http, body;
	struct reason why = { "" };
	int64_t at = -1;
	struct buf b;

	must(!warc_append(w, members, 0, &file, &at, &why));
	buf_init(&b, CAP);
	must(!warc_read(folder(), file, at + offset, bytes, &b, &why));
	if (!warc_split(buf_str(&b), &warc, &http, &body, &why)) {
		must(str_eq(body, x->body));
		must(http.n >= x->response_head.n);
	} else {
		/* only a head that is none can spoil it */
		must(!str_starts(x->response_head, STR("HTTP/")) ||
		     (str_find(x->response_head, STR("\n\n")) < 0 &&
		      str_find(x->response_head, STR("\n\r\n")) < 0));
	}
	buf_done(&b);
}

/* A segment with one whole record and `tail` behind it. */
static void check_archive(const struct fetch_answer *x, struct str tail, struct str members,
			  int64_t offset, int64_t bytes)
{
	const struct warc_opt opt = { .folder = folder(),
				      .user_agent = "fuzz/1",
				      .segment_bytes = SEGMENT_BYTES };
	struct reason why = { "" };
	char path[128];
	struct warc *w;
	int fd;

	must(!warc_open(&opt, 0, &w, &why));
	check_back(x, w, members, offset, bytes);
	warc_close(w);
	snprintf(path, sizeof(path), "%s/piped-000001.warc.gz", folder());
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	must(fd >= 0 && write(fd, tail.p, tail.n) == (ssize_t)tail.n);
	close(fd);
	must(!warc_open(&opt, 0, &w, &why));
	must(warc_cut_bytes(w) >= 0 && (size_t)warc_cut_bytes(w) <= tail.n);
	check_back(x, w, members, offset, bytes);
	warc_close(w);
	must(!unlink(path));
}

static struct str take_head(struct str *rest)
{
	struct str whole = *rest, line;

	while (rest->n) {
		line = fuzz_line(rest);
		if (line.n == 0 || str_is(line, "\r"))
			break;
	}
	return str_sub(whole, 0, whole.n - rest->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = fuzz_text(data, size), rest = s;
	struct fetch_answer x = { .end = FETCH_ANSWER,
				  .request_head = STR("GET / HTTP/1.1\r\n\r\n") };
	static bool first = true;
	int64_t offset, bytes;
	struct buf b;

	if (size > SEGMENT_BYTES / 8)
		return 0;
	if (first)
		must(!atexit(leave));
	first = false;
	check_split(s);
	x.content_encoding = fuzz_line(&rest);
	x.url = fuzz_line(&rest);
	x.ip = fuzz_line(&rest);
	x.response_head = take_head(&rest);
	x.body = rest;
	buf_init(&b, CAP);
	if (!warc_members(&x, NULL, size, &b, &offset, &bytes)) {
		must(offset > 0 && offset + bytes == (int64_t)b.n);
		check_archive(&x, s, buf_str(&b), offset, bytes);
	}
	buf_done(&b);
	return 0;
}
