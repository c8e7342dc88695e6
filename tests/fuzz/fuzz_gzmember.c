/* Pieces of a segment: a byte that says what comes, one that says how much of
 * the rest it takes. Whole members, members cut short, bytes of any kind. What
 * is whole stays, what is torn at the end goes. Raw bytes are tried alone, too. */
#include "crawler/gzmember.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define START STR("WARC/1.")
#define CAP ((size_t)1 << 20)

struct segment {
	struct buf bytes;
	int64_t good;  /* end of the last whole member */
	bool torn;     /* the last member is */
	bool doubtful; /* bytes in it may start a member, or complete one */
};

static void add_member(struct segment *g, struct str content, bool packed, size_t cut)
{
	const struct gzmember_part parts[] = {
		{ .bytes = START },
		{ .bytes = content, .packed = packed },
	};
	size_t before = g->bytes.n;

	must(!gzmember_write(parts, 2, &g->bytes));
	g->doubtful = g->doubtful || str_find(content, STR("\x1f\x8b\x08")) >= 0;
	g->torn = cut;
	if (!cut) {
		g->good = (int64_t)g->bytes.n;
		return;
	}
	cut %= g->bytes.n - before;
	g->bytes.n -= cut ? cut : 1;
}

static void add_piece(struct segment *g, struct str *rest)
{
	uint8_t what = fuzz_byte(rest), most = fuzz_byte(rest);
	struct str s = str_sub(*rest, 0, most);

	*rest = str_sub(*rest, s.n, rest->n);
	switch (what & 3) {
	case 0:
	case 1:
		add_member(g, s, what & 1, 0);
		break;
	case 2:
		add_member(g, s, what & 4, 1 + (what >> 3));
		break;
	default:
		must(!buf_add(&g->bytes, s));
		g->doubtful = g->doubtful || g->torn || str_find_char(s, 0x1f) >= 0;
		break;
	}
}

/* Where the last whole member ends; the same once the tail is cut off. */
static int64_t repaired(int fd, int64_t size)
{
	int64_t end = -1, again = -1;

	must(!gzmember_end(fd, size, START, &end));
	must(end >= 0 && end <= size);
	must(!ftruncate(fd, end));
	must(!gzmember_end(fd, end, START, &again));
	must(again == end);
	return end;
}

/* A member that is put behind what was repaired is read back. */
static void check_append(int fd, int64_t end)
{
	const struct gzmember_part part = { .bytes = STR("WARC/1.1\r\nlater") };
	struct reason why;
	int64_t all = -1;
	struct buf b;

	buf_init(&b, CAP);
	must(!gzmember_write(&part, 1, &b));
	must(pwrite(fd, b.p, b.n, end) == (ssize_t)b.n);
	must(!gzmember_end(fd, end + (int64_t)b.n, START, &all));
	must(all == end + (int64_t)b.n);
	buf_clear(&b);
	must(!gzmember_read(fd, end, all - end, &b, &why));
	must(str_eq(buf_str(&b), part.bytes));
	buf_clear(&b);
	must(gzmember_read(fd, end, all - end - 1, &b, &why));
	buf_done(&b);
}

static void check_raw(struct str s)
{
	int fd = fuzz_fd(s);
	struct reason why;
	struct buf b;

	buf_init(&b, 100);
	(void)gzmember_read(fd, 0, (int64_t)s.n, &b, &why);
	check_append(fd, repaired(fd, (int64_t)s.n));
	buf_done(&b);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = fuzz_text(data, size), rest = s;
	struct segment g = { .good = 0 };
	int64_t end;
	int fd;

	if (size > 4096)
		return 0;
	check_raw(s);
	buf_init(&g.bytes, CAP);
	while (rest.n)
		add_piece(&g, &rest);
	fd = fuzz_fd(buf_str(&g.bytes));
	end = repaired(fd, (int64_t)g.bytes.n);
	/* what is stored in a member that was torn may hold whole ones */
	must(end >= g.good && (g.doubtful || end == g.good));
	check_append(fd, end);
	close(fd);
	buf_done(&g.bytes);
	return 0;
}
