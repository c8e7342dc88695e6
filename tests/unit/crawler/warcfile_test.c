/* Archives of other programs, good and bad: each is read or refused with a reason. */
#include "crawler/warcfile.h"

#include "base/file.h"
#include "crawler/gzmember.h"
#include "crawler/warcscan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define N(x) (sizeof(x) / sizeof((x)[0]))
#define SUITES PIPED_SHARED "/data/suites/"

struct seen {
	int records, responses, warnings, damages, wrong, right;
	char first[200]; /* fault */
};

static void on_news(void *ctx, enum warcfile_news kind, int64_t offset, const char *text)
{
	struct seen *s = ctx;

	s->warnings += kind == WARCFILE_WARNING;
	s->damages += kind == WARCFILE_DAMAGE;
	if (!s->first[0])
		snprintf(s->first, sizeof(s->first), "%lld: %s", (long long)offset, text);
}

static void read_all(const char *path, int64_t from, struct seen *s, struct reason *why)
{
	struct warcfile_record *r;
	struct warcfile *f = NULL;
	struct warcscan scan;

	if (warcfile_open(path, from, 0, on_news, s, &f, why))
		return;
	warcscan_init(&scan);
	while (!warcfile_next(f, &r, why) && r) {
		assert_int_equal(warcscan_record(f, r, &scan, why), ERR_OK);
		s->records++;
		s->responses += str_is(r->head.type, "response");
		s->wrong += (scan.block == WARCSCAN_WRONG) + (scan.payload == WARCSCAN_WRONG);
		s->right += (scan.block == WARCSCAN_RIGHT) + (scan.payload == WARCSCAN_RIGHT);
	}
	warcscan_done(&scan);
	warcfile_close(f);
}

static void suites(void **state)
{
	static const struct {
		const char *file, *refused; /* part of the reason */
		int records, responses, warnings, damages, wrong, right;
	} rows[] = {
		{ "warc-warcio/example.warc", NULL, 6, 1, 0, 0, 0, 3 },
		{ "warc-warcio/example.warc.gz", NULL, 6, 1, 0, 0, 0, 7 },
		{ "warc-warcio/example.arc", "ARC", 0, 0, 0, 0, 0, 0 },
		{ "warc-warcio/example.arc.gz", "ARC", 0, 0, 0, 0, 0, 0 },
		{ "warc-warcio/example-space-in-url.arc", "ARC", 0, 0, 0, 0, 0, 0 },
		{ "warc-warcio/bad.arc", "ARC", 0, 0, 0, 0, 0, 0 },
		{ "warc-warcio/example-bad-non-chunked.warc.gz", NULL, 6, 1, 1, 0, 1, 2 },
		{ "warc-warcio/example-bad.warc.gz.bad", NULL, 6, 2, 1, 0, 0, 2 },
		{ "warc-warcio/example-digest.warc", NULL, 4, 0, 0, 0, 1, 7 },
		{ "warc-warcio/example-iana.org-chunked.warc", NULL, 3, 1, 0, 0, 0, 3 },
		{ "warc-warcio/example-resource.warc.gz", NULL, 3, 0, 0, 0, 0, 2 },
		{ "warc-warcio/example-space-in-target-uri.warc.gz", NULL, 2, 0, 0, 0, 0, 1 },
		{ "warc-warcio/example-trunc.warc", NULL, 4, 1, 0, 1, 2, 0 },
		{ "warc-warcio/example-wget-bad-target-uri.warc.gz", NULL, 6, 1, 0, 0, 0, 7 },
		{ "warc-warcio/example-wrong-chunks.warc.gz", NULL, 2, 1, 1, 0, 1, 3 },
		{ "warc-warcio/post-test.warc.gz", NULL, 6, 3, 0, 0, 0, 9 },
		{ "warc-jwarc/cc.warc.gz", NULL, 1, 1, 0, 0, 0, 2 },
		{ "warc-jwarc/gzip_extra_sl.warc.gz", NULL, 1, 0, 0, 0, 0, 1 },
	};
	int wrong = 0;

	(void)state;
	if (access(SUITES "warc-warcio/example.warc", R_OK)) {
		print_message("skipped: no suites below " SUITES "\n");
		skip();
	}
	for (size_t i = 0; i < N(rows); i++) {
		struct reason why = { "" };
		struct seen s = { 0 };
		char path[300];

		snprintf(path, sizeof(path), SUITES "%s", rows[i].file);
		read_all(path, 0, &s, &why);
		if (rows[i].refused ? strstr(why.text, rows[i].refused) != NULL
				    : !why.text[0] && s.records == rows[i].records &&
					      s.responses == rows[i].responses &&
					      s.warnings == rows[i].warnings &&
					      s.damages == rows[i].damages &&
					      s.wrong == rows[i].wrong && s.right == rows[i].right)
			continue;
		wrong++;
		print_error("%s: %d records, %d responses, %d warnings, %d damages, digests %d "
			    "wrong %d right, '%s' '%s'\n",
			    rows[i].file, s.records, s.responses, s.warnings, s.damages, s.wrong,
			    s.right, s.first, why.text);
	}
	assert_int_equal(wrong, 0);
}

#define RECORD(type, length, block)                                                                \
	"WARC/1.0\r\nWARC-Type: " type "\r\nContent-Length: " length "\r\n\r\n" block "\r\n\r\n"

/* A file of members, each a text. */
static void members(const char *path, const char *const *texts, size_t n, size_t cut,
		    ptrdiff_t spoil)
{
	struct buf b;
	size_t began = 0;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		struct gzmember_part part = { .bytes = str_of(texts[i]) };

		if (spoil == (ptrdiff_t)i)
			began = b.n;
		assert_int_equal(gzmember_write(&part, 1, &b), ERR_OK);
	}
	if (spoil >= 0)
		b.p[began + 14] ^= 0x55;
	assert_int_equal(file_write(path, str_sub(buf_str(&b), 0, b.n - cut), NULL), ERR_OK);
	buf_done(&b);
}

static void faults(void **state)
{
	static const char *const two[] = { RECORD("response", "3", "abc"),
					   RECORD("resource", "2", "de"),
					   RECORD("response", "0", "") };
	static const char *const halves[] = { "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: "
					      "6\r\n\r\nabc",
					      "def\r\n\r\n" };
	static const struct {
		const char *const *texts;
		size_t n, cut;
		ptrdiff_t spoil;
		int records, warnings, damages;
		const char *fault;
	} rows[] = {
		{ two, 3, 0, -1, 3, 0, 0, "" },
		{ two, 3, 4, -1, 3, 0, 1, "damaged at the end of a record" },
		{ two, 3, 60, -1, 2, 0, 1, "header without an end" },
		{ two, 3, 0, 1, 2, 0, 1, "damaged" },
		{ two, 3, 0, 0, 0, 0, 0, "damaged at the start" },
		{ halves, 2, 0, -1, 1, 0, 0, "" },
	};
	char path[] = "/tmp/piped-warcfile-XXXXXX";

	(void)state;
	assert_true(close(mkstemp(path)) == 0);
	for (size_t i = 0; i < N(rows); i++) {
		struct reason why = { "" };
		struct seen s = { 0 };

		members(path, rows[i].texts, rows[i].n, rows[i].cut, rows[i].spoil);
		read_all(path, 0, &s, &why);
		if (!strstr(s.first[0] ? s.first : why.text, rows[i].fault) ||
		    s.records != rows[i].records || s.warnings != rows[i].warnings ||
		    s.damages != rows[i].damages)
			fail_msg("row %zu: %d records %d warnings %d damages '%s' '%s'", i,
				 s.records, s.warnings, s.damages, s.first, why.text);
	}
	unlink(path);
}

/* Where each record lies, so that it is found again by that; and going on behind it. */
static void places(void **state)
{
	static const char *const texts[] = { RECORD("response", "3", "abc"),
					     RECORD("resource", "2", "de") };
	char path[] = "/tmp/piped-warcfile-XXXXXX";
	struct warcfile_record *r;
	struct warcfile *f;
	int64_t second, end;
	struct reason why;

	(void)state;
	assert_true(close(mkstemp(path)) == 0);
	for (int gzip = 0; gzip < 2; gzip++) {
		struct buf b, all;

		buf_init(&b, 1000);
		buf_init(&all, 1000);
		if (gzip)
			members(path, texts, 2, 0, -1);
		else
			assert_int_equal(file_write(path,
						    STR(RECORD("response", "3", "abc")
								RECORD("resource", "2", "de")),
						    NULL),
					 ERR_OK);
		assert_int_equal(file_read(path, &all, NULL), ERR_OK);
		assert_int_equal(warcfile_open(path, 0, 0, NULL, NULL, &f, &why), ERR_OK);
		assert_int_equal(warcfile_next(f, &r, &why), ERR_OK);
		assert_true(warcfile_end(f));
		assert_int_equal(r->offset, 0);
		second = r->bytes;
		assert_int_equal(warcfile_at(f), second);
		assert_int_equal(warcfile_next(f, &r, &why), ERR_OK);
		assert_int_equal(r->offset, second);
		assert_int_equal(warcfile_block(f, &b, &why), ERR_OK);
		assert_true(str_is(buf_str(&b), "de"));
		assert_true(warcfile_end(f));
		end = r->offset + r->bytes;
		assert_int_equal(end, all.n);
		assert_int_equal(warcfile_next(f, &r, &why), ERR_OK);
		assert_null(r);
		warcfile_close(f);
		/* from its place, and not past an end that was given */
		assert_int_equal(warcfile_open(path, second, 0, NULL, NULL, &f, &why), ERR_OK);
		assert_int_equal(warcfile_next(f, &r, &why), ERR_OK);
		assert_true(str_is(r->head.type, "resource"));
		warcfile_close(f);
		assert_int_equal(warcfile_open(path, 0, second, NULL, NULL, &f, &why), ERR_OK);
		assert_int_equal(warcfile_next(f, &r, &why), ERR_OK);
		assert_int_equal(warcfile_next(f, &r, &why), ERR_OK);
		assert_null(r);
		warcfile_close(f);
		buf_done(&b);
		buf_done(&all);
	}
	unlink(path);
}

static void times(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "2017-03-06T04:03:53Z", 1488773033000 },
		{ "2017-03-06T04:03:53.25Z", 1488773033250 },
		{ "2017-03-06T04:03:53.123456789Z", 1488773033123 },
		{ "2017-03-06T04:03:53", -1 },
		{ "2017-13-06T04:03:53Z", -1 },
		{ "2017-03-06 04:03:53Z", -1 },
		{ "20170306040353", -1 },
		{ "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++)
		assert_int_equal(warchead_time(str_of(rows[i].text)), rows[i].ms);
}

/* Whoever opens it is not held up. */
static void only_regular_files(void **state)
{
	char folder[] = "/tmp/piped-warcfile-XXXXXX", path[64];
	struct warcfile *f;
	struct reason why;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(warcfile_open(folder, 0, 0, NULL, NULL, &f, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "no regular file"));
	snprintf(path, sizeof(path), "%s/pipe", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(warcfile_open(path, 0, 0, NULL, NULL, &f, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "no regular file"));
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suites),
		cmocka_unit_test(faults),
		cmocka_unit_test(places),
		cmocka_unit_test(times),
		cmocka_unit_test(only_regular_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
