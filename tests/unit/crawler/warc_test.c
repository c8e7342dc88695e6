/* The archive: records round trip, tails are cut, disks fill up. */
#include "crawler/warc.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "crawler/gzmember.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define N(x) (sizeof(x) / sizeof((x)[0]))
#define FIRST "piped-000001.warc.gz"
#define AGENT "piped/test (+https://example.org/bot)"
#define BIG ((int64_t)1 << 30)
#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"

static char folder[64];

static int setup(void **state)
{
	(void)state;
	/* in memory, where there is such a place: hundreds of syncs are made */
	snprintf(folder, sizeof(folder), "%s/piped-warc-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static struct fetch_answer page(struct str body)
{
	return (struct fetch_answer){ .end = FETCH_ANSWER,
				      .started_ms = 1700000000123,
				      .status = 200,
				      .url = STR("https://shop.example/item/1?q=%EC%BD%94"),
				      .request_head = STR("GET /item/1 HTTP/1.1\r\nHost: "
							  "shop.example\r\n\r\n"),
				      .response_head = STR(HEAD),
				      .ip = STR("127.0.0.1"),
				      .body = body };
}

static struct warc *open_or_fail(int64_t segment_bytes)
{
	const struct warc_opt opt = { .folder = folder,
				      .user_agent = AGENT,
				      .segment_bytes = segment_bytes };
	struct reason why;
	struct warc *w = NULL;

	if (warc_open(&opt, 1700000000000, &w, &why))
		fail_msg("%s", why.text);
	return w;
}

/* Appends `a`, and says where its response lies. */
static enum err append(struct warc *w, const struct fetch_answer *a, uint64_t seed,
		       struct str *ret_file, int64_t *ret_offset, int64_t *ret_bytes)
{
	static char name[40];
	struct reason why;
	struct buf b;
	int64_t at, base;
	enum err err;

	buf_init(&b, (size_t)16 << 20);
	assert_int_equal(warc_members(a, NULL, seed, &b, &at, ret_bytes), ERR_OK);
	*ret_offset = -1;
	*ret_file = STR("");
	err = warc_append(w, buf_str(&b), 1700000001000, ret_file, &base, &why);
	if (!err) {
		*ret_offset = base + at;
		/* borrowed only until the next append */
		snprintf(name, sizeof(name), "%.*s", STR_ARG(*ret_file));
		*ret_file = str_of(name);
	}
	buf_done(&b);
	return err;
}

static void read_file(const char *name, struct buf *to)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_read(path, to, NULL), ERR_OK);
}

static int64_t size_of(const char *name)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return stat(path, &st) ? -1 : st.st_size;
}

static bool has_line(struct str head, const char *line)
{
	char text[512];

	snprintf(text, sizeof(text), "\r\n%s\r\n", line);
	return str_find(head, str_of(text)) >= 0;
}

static void round_trip(void **state)
{
	static const struct {
		enum fetch_end end;
		const char *encoding, *truncated;
	} rows[] = {
		{ FETCH_ANSWER, NULL, NULL },	    { FETCH_ANSWER, "gzip", NULL },
		{ FETCH_ANSWER, "identity", NULL }, { FETCH_CUT, NULL, "disconnect" },
		{ FETCH_TOO_BIG, NULL, "length" },  { FETCH_TIMEOUT, "gzip", "time" },
		{ FETCH_REDIRECTS, NULL, NULL },
	};
	struct str text = STR("<title>\xec\xbd\x94\xed\x8a\xb8</title>\0\r\n\r\n<p>"), file;
	struct warc *w = open_or_fail(BIG);
	struct str warc, http, body;
	char line[256], digest[64];
	int64_t offset, bytes;
	struct reason why;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < N(rows); i++) {
		struct fetch_answer a = page(text);

		a.end = rows[i].end;
		a.content_encoding = str_of(rows[i].encoding);
		assert_int_equal(append(w, &a, i, &file, &offset, &bytes), ERR_OK);
		assert_int_equal(warc_sync(w, &why), ERR_OK);
		buf_clear(&b);
		if (warc_read(folder, file, offset, bytes, &b, &why))
			fail_msg("%s", why.text);
		assert_int_equal(warc_split(buf_str(&b), &warc, &http, &body, &why), ERR_OK);
		assert_true(str_eq(http, STR(HEAD)));
		assert_true(str_eq(body, text));
		assert_true(str_starts(warc, STR("WARC/1.1\r\nWARC-Type: response\r\n")));
		assert_true(has_line(warc, "WARC-Date: 2023-11-14T22:13:20Z"));
		assert_true(has_line(warc, "WARC-IP-Address: 127.0.0.1"));
		assert_true(has_line(warc, "WARC-Target-URI: https://shop.example/item/1?q="
					   "%EC%BD%94"));
		assert_true(has_line(warc, "Content-Type: application/http;msgtype=response"));
		hash_sha256_base32(text, digest);
		snprintf(line, sizeof(line), "WARC-Payload-Digest: %s", digest);
		assert_true(has_line(warc, line));
		hash_sha256_base32((struct str){ http.p, http.n + body.n }, digest);
		snprintf(line, sizeof(line), "WARC-Block-Digest: %s", digest);
		assert_true(has_line(warc, line));
		snprintf(line, sizeof(line), "WARC-Truncated: %s", rows[i].truncated);
		assert_int_equal(has_line(warc, line), rows[i].truncated != NULL);
	}
	buf_done(&b);
	warc_close(w);
}

static void pairs_request_and_response(void **state)
{
	struct fetch_answer a = page(STR("x"));
	struct str warc, http, body, id, concurrent;
	struct warc *w = open_or_fail(BIG);
	struct str file, record;
	struct buf all, again, b;
	int64_t offset, bytes, at;
	gzFile gz;
	char path[128];
	int n;

	(void)state;
	append(w, &a, 42, &file, &offset, &bytes);
	warc_close(w);
	/* as any other program reads it */
	snprintf(path, sizeof(path), "%s/%s", folder, FIRST);
	buf_init(&all, 1 << 20);
	gz = gzopen(path, "rb");
	n = gzread(gz, buf_room(&all, 65536), 65536);
	all.n = (size_t)n;
	gzclose(gz);
	record = buf_str(&all);
	assert_true(str_starts(record, STR("WARC/1.1\r\nWARC-Type: warcinfo\r\n")));
	assert_true(str_find(record, STR("http-header-user-agent: " AGENT "\r\n")) > 0);
	at = str_find(record, STR("WARC-Type: request\r\n"));
	assert_true(at > 0);
	record = str_sub(record, (size_t)at, record.n);
	concurrent = str_sub(record, (size_t)str_find(record, STR("Concurrent-To: ")) + 15, 47);
	id = str_sub(record, (size_t)str_find(record, STR("Record-ID: ")) + 11, 47);
	assert_int_equal(id.p[0], '<');
	assert_int_equal(id.p[24], '4'); /* version 4 */
	buf_init(&b, 1 << 20);
	assert_int_equal(warc_read(folder, file, offset, bytes, &b, NULL), ERR_OK);
	assert_int_equal(warc_split(buf_str(&b), &warc, &http, &body, NULL), ERR_OK);
	assert_true(str_eq(concurrent,
			   str_sub(warc, (size_t)str_find(warc, STR("Record-ID: ")) + 11, 47)));
	assert_true(
		str_eq(id, str_sub(warc, (size_t)str_find(warc, STR("Concurrent-To: ")) + 15, 47)));
	/* the same seed gives the same bytes */
	buf_init(&again, 1 << 20);
	buf_clear(&b);
	warc_members(&a, NULL, 42, &again, &at, &bytes);
	warc_members(&a, NULL, 42, &b, &at, &bytes);
	assert_true(str_eq(buf_str(&again), buf_str(&b)));
	buf_clear(&b);
	warc_members(&a, NULL, 43, &b, &at, &bytes);
	assert_false(str_eq(buf_str(&again), buf_str(&b)));
	buf_done(&all);
	buf_done(&again);
	buf_done(&b);
}

/* What record a second answer makes, and what it says of the first. */
static void revisits(void **state)
{
	static const struct {
		const char *body, *digest_of; /* NULL: the digest of the first is not known */
		int status;
		enum fetch_end end;
		const char *type, *profile; /* NULL: a response */
		bool has_body;
	} rows[] = {
		{ "old", "old", 200, FETCH_ANSWER, "revisit", WARCRECORD_SAME_PAYLOAD, false },
		{ "new", "old", 200, FETCH_ANSWER, "response", NULL, true },
		{ "old", NULL, 200, FETCH_ANSWER, "response", NULL, true },
		{ "", "old", 304, FETCH_ANSWER, "revisit", WARCRECORD_NOT_MODIFIED, false },
		{ "", NULL, 304, FETCH_ANSWER, "revisit", WARCRECORD_NOT_MODIFIED, false },
		{ "old", "old", 200, FETCH_CUT, "response", NULL, true },
	};
	struct warcrecord_original of = { .url = STR("http://a.example/first"),
					  .fetched_ms = 1600000000000 };
	char id[WARCRECORD_ID], digest[64], line[256];
	struct str warc, http, body;
	int64_t offset, bytes;
	struct reason why;
	struct buf b, r;

	(void)state;
	buf_init(&b, 1 << 20);
	buf_init(&r, 1 << 20);
	warcrecord_id(5, id);
	of.record_id = str_of(id);
	for (size_t i = 0; i < N(rows); i++) {
		struct fetch_answer a = page(str_of(rows[i].body));
		FILE *f = tmpfile();

		a.status = rows[i].status;
		a.end = rows[i].end;
		of.payload_digest = (struct str){ 0 };
		if (rows[i].digest_of) {
			hash_sha256_base32(str_of(rows[i].digest_of), digest);
			of.payload_digest = str_of(digest);
		}
		buf_clear(&b);
		buf_clear(&r);
		assert_int_equal(warc_members(&a, &of, 6, &b, &offset, &bytes), ERR_OK);
		assert_int_equal(fwrite(b.p, 1, b.n, f), b.n);
		assert_int_equal(fflush(f), 0);
		assert_int_equal(gzmember_read(fileno(f), offset, bytes, &r, &why), ERR_OK);
		(void)fclose(f);
		assert_int_equal(warc_split(buf_str(&r), &warc, &http, &body, &why), ERR_OK);
		snprintf(line, sizeof(line), "WARC-Type: %s", rows[i].type);
		assert_true(has_line(warc, line));
		assert_true(str_eq(http, STR(HEAD)));
		assert_true(str_is(body, rows[i].has_body ? rows[i].body : ""));
		snprintf(line, sizeof(line), "WARC-Profile: %s", rows[i].profile);
		assert_int_equal(has_line(warc, line), rows[i].profile != NULL);
		snprintf(line, sizeof(line), "WARC-Refers-To: %s", id);
		assert_int_equal(has_line(warc, line), rows[i].profile != NULL);
		assert_int_equal(has_line(warc, "WARC-Refers-To-Date: 2020-09-13T12:26:40Z"),
				 rows[i].profile != NULL);
		assert_int_equal(
			has_line(warc, "WARC-Refers-To-Target-URI: http://a.example/first"),
			rows[i].profile != NULL);
		if (!rows[i].profile)
			hash_sha256_base32(a.body, digest);
		snprintf(line, sizeof(line), "WARC-Payload-Digest: %s", digest);
		assert_int_equal(has_line(warc, line), !rows[i].profile || rows[i].digest_of);
		warcrecord_id(6, line);
		assert_true(str_find(warc, str_of(line)) > 0);
	}
	buf_done(&b);
	buf_done(&r);
}

/* A body that was sent, redirects and a cut are told. */
static void whole_exchange(void **state)
{
	struct fetch_hop hops[] = { { STR("http://a.example/"), 301 },
				    { STR("http://b.example/"), 302 } };
	struct fetch_answer a = page(STR("half"));
	struct warc *w = open_or_fail(BIG);
	int64_t offset, bytes;
	char path[128], digest[64], line[256];
	struct str file;
	struct buf all;
	gzFile gz;
	int n;

	(void)state;
	a.request_body = STR("{\"q\":1}");
	a.hops = hops;
	a.n_hops = 2;
	a.end = FETCH_CUT;
	a.took_ms = 77;
	reason_set(&a.why, ERR_NET, "4 of 9 bytes");
	append(w, &a, 1, &file, &offset, &bytes);
	warc_close(w);
	snprintf(path, sizeof(path), "%s/%s", folder, FIRST);
	buf_init(&all, 1 << 20);
	gz = gzopen(path, "rb");
	n = gzread(gz, buf_room(&all, 65536), 65536);
	all.n = (size_t)n;
	gzclose(gz);
	assert_true(str_find(buf_str(&all), STR("Host: shop.example\r\n\r\n{\"q\":1}\r\n\r\n")) >
		    0);
	hash_sha256_base32(a.request_body, digest);
	snprintf(line, sizeof(line), "WARC-Payload-Digest: %s", digest);
	assert_true(has_line(buf_str(&all), line));
	assert_true(has_line(buf_str(&all), "WARC-Type: metadata"));
	assert_true(has_line(buf_str(&all), "via: http://a.example/\r\nredirect: 301 "
					    "http://a.example/\r\nredirect: 302 "
					    "http://b.example/\r\nfetchTimeMs: 77\r\nend: cut\r\n"
					    "reason: 4 of 9 bytes"));
	buf_done(&all);
}

/* zcat of a file gives the records one after another. */
static void plain_gzip(void **state)
{
	struct warc *w = open_or_fail(BIG);
	struct buf all, records;
	int64_t offset, bytes;
	char command[256];
	struct str file;
	size_t n;
	FILE *p;

	(void)state;
	buf_init(&all, 1 << 22);
	buf_init(&records, 1 << 22);
	for (int i = 0; i < 5; i++) {
		struct fetch_answer a = page(i % 2 ? STR("abc") : STR(""));

		a.content_encoding = i % 3 ? STR("gzip") : (struct str){ 0 };
		append(w, &a, (uint64_t)i, &file, &offset, &bytes);
		assert_int_equal(warc_read(folder, file, offset, bytes, &records, NULL), ERR_OK);
	}
	warc_close(w);
	snprintf(command, sizeof(command), "zcat %s/" FIRST, folder);
	p = popen(command, "r");
	while ((n = fread(buf_room(&all, 4096), 1, 4096, p)) > 0)
		all.n += n;
	assert_int_equal(pclose(p), 0);
	/* every response stands in it, in order */
	for (struct str rest = buf_str(&all), one = buf_str(&records); one.n;) {
		struct str tail = str_sub(one, 1, one.n);
		ptrdiff_t next = str_find(tail, STR("WARC/1.1\r\nWARC-Type: response")), at;
		struct str record = next < 0 ? one : str_sub(one, 0, (size_t)next + 1);

		at = str_find(rest, record);
		assert_true(at >= 0);
		rest = str_sub(rest, (size_t)at + record.n, rest.n);
		one = str_sub(one, record.n, one.n);
	}
	buf_done(&all);
	buf_done(&records);
}

static void stored_or_deflated(void **state)
{
	enum { BODY = 100000 };
	char *text = mem_alloc(BODY);
	struct fetch_answer a;
	int64_t at, bytes;
	struct buf b;

	(void)state;
	for (int i = 0; i < BODY; i++)
		text[i] = "0123456789"[i % 10];
	a = page((struct str){ text, BODY });
	buf_init(&b, 1 << 20);
	assert_int_equal(warc_members(&a, NULL, 1, &b, &at, &bytes), ERR_OK);
	assert_true(bytes < BODY / 20);
	/* said to be compressed: stored, so the bytes stand there as they are */
	buf_clear(&b);
	a.content_encoding = STR("gzip");
	assert_int_equal(warc_members(&a, NULL, 1, &b, &at, &bytes), ERR_OK);
	assert_true(bytes > BODY && bytes < BODY + 1500);
	assert_true(str_find(buf_str(&b), str_sub(a.body, 0, 5000)) > 0);
	/* a cap that is too low changes nothing */
	buf_done(&b);
	buf_init(&b, 5000);
	buf_add_text(&b, "before");
	assert_int_equal(warc_members(&a, NULL, 1, &b, &at, &bytes), ERR_TOO_BIG);
	assert_string_equal(b.p, "before");
	buf_done(&b);
	mem_free(text);
}

static void no_response_no_record(void **state)
{
	struct fetch_answer a = { .end = FETCH_UNREACHABLE, .url = STR("http://a/") };
	int64_t at, bytes;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	assert_int_equal(warc_members(&a, NULL, 1, &b, &at, &bytes), ERR_BAD);
	buf_done(&b);
}

/* Chunks are joined, so the header that announces them is renamed. */
static void joined_chunks(void **state)
{
	struct fetch_answer a = page(STR("5\r\nhello"));
	struct str warc, http, body;
	struct warc *w = open_or_fail(BIG);
	int64_t offset, bytes;
	struct str file;
	struct buf b;

	(void)state;
	a.response_head = STR("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nA: b\r\n\r\n");
	append(w, &a, 1, &file, &offset, &bytes);
	buf_init(&b, 1 << 16);
	assert_int_equal(warc_read(folder, file, offset, bytes, &b, NULL), ERR_OK);
	assert_int_equal(warc_split(buf_str(&b), &warc, &http, &body, NULL), ERR_OK);
	assert_true(str_is(http, "HTTP/1.1 200 OK\r\nX-Archive-Orig-transfer-encoding: chunked\r\n"
				 "A: b\r\n\r\n"));
	assert_true(str_is(body, "5\r\nhello"));
	buf_done(&b);
	warc_close(w);
}

static void hostile_values(void **state)
{
	struct fetch_answer a = page(STR("x"));
	struct str warc, http, body;
	struct warc *w = open_or_fail(BIG);
	int64_t offset, bytes;
	struct str file;
	struct buf b;

	(void)state;
	a.url = STR("http://a/\r\nContent-Length: 0\r\n\r\n");
	append(w, &a, 1, &file, &offset, &bytes);
	buf_init(&b, 1 << 16);
	assert_int_equal(warc_read(folder, file, offset, bytes, &b, NULL), ERR_OK);
	assert_int_equal(warc_split(buf_str(&b), &warc, &http, &body, NULL), ERR_OK);
	assert_true(str_is(body, "x"));
	buf_done(&b);
	warc_close(w);
}

static void splits(void **state)
{
	static const struct {
		const char *record;
		const char *body; /* NULL: refused */
	} rows[] = {
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 23\r\n\r\nHTTP/1.1 200 "
		  "OK\r\n\r\nbody\r\n\r\n",
		  "body" },
		{ "WARC/1.0\nwarc-type:response\ncontent-length:23\n\nHTTP/1.0 200\nA: "
		  "b\n\nbody\n\n",
		  "body" },
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 "
		  "OK\r\n\r\n\r\n\r\n",
		  "" },
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 99\r\n\r\nHTTP/1.1 200 "
		  "OK\r\n\r\nbody",
		  NULL },
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: -1\r\n\r\nHTTP/1.1 200 "
		  "OK\r\n\r\nbody",
		  NULL },
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: x\r\n\r\nHTTP/1.1 200 "
		  "OK\r\n\r\nbody",
		  NULL },
		{ "WARC/1.1\r\n\r\nHTTP/1.1 200 OK\r\n\r\nbody", NULL },
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 17\r\n\r\nHTTP/1.1 200 "
		  "OK\r\n\r\nbody",
		  NULL },
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 8\r\n\r\nsoftware", NULL },
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 8", NULL },
		{ "WARC/2.0\r\n\r\n", NULL },
		{ "HTTP/1.1 200 OK\r\n\r\n", NULL },
		{ "", NULL },
	};
	struct str warc, http, body;
	struct reason why;

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		enum err err = warc_split(str_of(rows[i].record), &warc, &http, &body, &why);

		if (!rows[i].body != (err == ERR_BAD))
			fail_msg("row %zu: %s", i, err_name(err));
		if (rows[i].body)
			assert_true(str_is(body, rows[i].body));
	}
}

/* A cut at every byte of the last member, and a new start after each. */
static void torn_tail(void **state)
{
	struct fetch_answer a = page(STR("<p>hello</p>"));
	struct warc *w = open_or_fail(BIG);
	int64_t offset, bytes, first, whole, before, kept;
	struct str file;
	struct buf all, b;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/%s", folder, FIRST);
	append(w, &a, 1, &file, &first, &kept);
	a.content_encoding = STR("gzip");
	append(w, &a, 2, &file, &offset, &bytes);
	before = offset;
	whole = offset + bytes;
	warc_close(w);
	buf_init(&all, 1 << 20);
	buf_init(&b, 1 << 20);
	read_file(FIRST, &all);
	assert_int_equal(all.n, whole);
	for (int64_t n = before; n <= whole; n++) {
		assert_int_equal(file_write(path, str_sub(buf_str(&all), 0, (size_t)n), NULL),
				 ERR_OK);
		w = open_or_fail(BIG);
		assert_int_equal(warc_cut_bytes(w), n == whole ? 0 : n - before);
		assert_int_equal(size_of(FIRST), n == whole ? whole : before);
		/* and what is appended can be read, as can what was there */
		append(w, &a, 3, &file, &offset, &bytes);
		buf_clear(&b);
		assert_int_equal(warc_read(folder, file, offset, bytes, &b, NULL), ERR_OK);
		assert_int_equal(warc_read(folder, file, first, kept, &b, NULL), ERR_OK);
		warc_close(w);
	}
	/* a tail of zeros, as file systems leave them */
	buf_add(&all, (struct str){ "\0\0\0\0\0\0\0\0\0\0\0\0", 12 });
	assert_int_equal(file_write(path, buf_str(&all), NULL), ERR_OK);
	w = open_or_fail(BIG);
	assert_int_equal(warc_cut_bytes(w), 12);
	warc_close(w);
	/* not even the first member is whole */
	assert_int_equal(file_write(path, str_sub(buf_str(&all), 0, 20), NULL), ERR_OK);
	w = open_or_fail(BIG);
	assert_int_equal(warc_cut_bytes(w), 20);
	assert_true(size_of(FIRST) > 100); /* begins anew with a warcinfo record */
	warc_close(w);
	buf_done(&all);
	buf_done(&b);
}

/* Damage in the middle is no torn tail: nothing behind it is cut off. */
static void damaged_middle(void **state)
{
	struct fetch_answer a = page(STR("<p>hello</p>"));
	struct warc *w = open_or_fail(BIG);
	int64_t offset, bytes, last, last_bytes;
	struct str file;
	struct buf all;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/%s", folder, FIRST);
	append(w, &a, 1, &file, &offset, &bytes);
	append(w, &a, 2, &file, &last, &last_bytes);
	warc_close(w);
	buf_init(&all, 1 << 20);
	read_file(FIRST, &all);
	all.p[offset + 30] ^= 0x55;
	buf_add_text(&all, "torn");
	assert_int_equal(file_write(path, buf_str(&all), NULL), ERR_OK);
	w = open_or_fail(BIG);
	assert_int_equal(warc_cut_bytes(w), 4);
	warc_close(w);
	buf_clear(&all);
	assert_int_equal(warc_read(folder, file, last, last_bytes, &all, NULL), ERR_OK);
	assert_int_equal(warc_read(folder, file, offset, bytes, &all, NULL), ERR_BAD);
	buf_done(&all);
}

/* What a site sent, and a crash left at the end: starts of members that each
 * take long to prove none. It is not searched for ever, and nothing is lost. */
static void endless_tail(void **state)
{
	char *content = mem_zero(64 << 20);
	const struct gzmember_part part = { .bytes = { content, 64 << 20 } };
	char path[128];
	struct buf bomb, all;
	struct warc *w;

	(void)state;
	snprintf(path, sizeof(path), "%s/%s", folder, FIRST);
	snprintf(content, 16, "WARC/1.1\r\n");
	buf_init(&bomb, 80 << 20);
	buf_init(&all, 64 << 20);
	assert_int_equal(gzmember_write(&part, 1, &bomb), ERR_OK);
	w = open_or_fail(BIG);
	warc_close(w);
	read_file(FIRST, &all);
	for (int i = 0; i < 16; i++)
		assert_int_equal(buf_add(&all, str_sub(buf_str(&bomb), 0, bomb.n - 8)), ERR_OK);
	assert_int_equal(file_write(path, buf_str(&all), NULL), ERR_OK);
	w = open_or_fail(BIG);
	assert_int_equal(warc_cut_bytes(w), 0);
	warc_close(w);
	mem_free(content);
	buf_done(&bomb);
	buf_done(&all);
}

/* Members lie anywhere in what is read at once, and a file is longer than the
 * part of it that is looked at first. */
static void long_file(void **state)
{
	static const struct {
		size_t body;
		int n;
	} rows[] = { { 3, 1000 }, { 1500000, 14 } };
	struct fetch_answer a = page(STR(""));
	int64_t offset, bytes, whole = 0;
	struct reason why;
	struct str file;
	struct warc *w;
	char path[128];
	char *body;
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/%s", folder, FIRST);
	for (size_t i = 0; i < N(rows); i++) {
		body = mem_zero(rows[i].body);
		a.body = (struct str){ body, rows[i].body };
		a.content_encoding = STR("br");
		w = open_or_fail(BIG);
		for (int k = 0; k < rows[i].n; k++)
			append(w, &a, (uint64_t)k, &file, &offset, &bytes);
		whole = offset + bytes;
		warc_close(w);
		mem_free(body);
		for (int torn = 0; torn < 2; torn++) {
			f = fopen(path, "ab");
			assert_non_null(f);
			assert_int_equal(fwrite("\x1f\x8b\x08", 1, torn ? 3 : 0, f), torn ? 3 : 0);
			fclose(f);
			w = NULL;
			assert_int_equal(warc_open(&(struct warc_opt){ .folder = folder,
								       .user_agent = AGENT,
								       .segment_bytes = BIG },
						   0, &w, &why),
					 ERR_OK);
			assert_int_equal(warc_cut_bytes(w), torn ? 3 : 0);
			assert_int_equal(size_of(FIRST), whole);
			warc_close(w);
		}
	}
	assert_true(whole > (int64_t)16 << 20);
}

/* A site may send a gzipped WARC file; stored in ours it looks like members. */
static void archive_in_archive(void **state)
{
	struct fetch_answer a = page(STR("inner")), outer;
	struct warc *w = open_or_fail(BIG);
	int64_t offset, bytes, at, whole;
	struct str file;
	struct buf inner, all;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/%s", folder, FIRST);
	buf_init(&inner, 1 << 16);
	buf_init(&all, 1 << 20);
	warc_members(&a, NULL, 9, &inner, &at, &bytes);
	outer = page(buf_str(&inner));
	outer.content_encoding = STR("gzip");
	append(w, &outer, 1, &file, &offset, &bytes);
	append(w, &outer, 2, &file, &offset, &bytes);
	whole = offset + bytes;
	warc_close(w);
	w = open_or_fail(BIG);
	assert_int_equal(warc_cut_bytes(w), 0);
	warc_close(w);
	assert_int_equal(size_of(FIRST), whole);
	assert_int_equal(warc_read(folder, file, offset, bytes, &all, NULL), ERR_OK);
	buf_done(&inner);
	buf_done(&all);
}

static void rotates(void **state)
{
	struct fetch_answer a = page(STR("<p>hello</p>"));
	int64_t offset, bytes, last = 0;
	struct warc *w = open_or_fail(1500); /* two pages and a bit */
	struct str file;
	struct buf b;
	char names[3][32];

	(void)state;
	buf_init(&b, 1 << 16);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(append(w, &a, (uint64_t)i, &file, &offset, &bytes), ERR_OK);
		snprintf(names[i / 2], sizeof(names[0]), "%.*s", STR_ARG(file));
		buf_clear(&b);
		assert_int_equal(warc_read(folder, file, offset, bytes, &b, NULL), ERR_OK);
		last = offset;
	}
	buf_done(&b);
	assert_true(last > 0);
	warc_close(w);
	assert_string_equal(names[0], FIRST);
	assert_string_equal(names[1], "piped-000002.warc.gz");
	assert_string_equal(names[2], "piped-000003.warc.gz");
	/* goes on in the newest */
	w = open_or_fail(BIG);
	append(w, &a, 7, &file, &offset, &bytes);
	assert_true(str_is(file, "piped-000003.warc.gz"));
	warc_close(w);
}

/* A file that is taken away is noticed before anything is said to be in it. */
static void taken_away(void **state)
{
	struct fetch_answer a = page(STR("<p>hello</p>"));
	struct warc *w = open_or_fail(BIG);
	struct str members, file;
	struct reason why = { "" };
	int64_t offset, bytes;
	struct buf b;
	char path[512];

	(void)state;
	buf_init(&b, 1 << 16);
	assert_int_equal(warc_members(&a, NULL, 1, &b, &offset, &bytes), ERR_OK);
	members = buf_str(&b);
	assert_int_equal(warc_append(w, members, 0, &file, &offset, &why), ERR_OK);
	assert_int_equal(warc_sync(w, &why), ERR_OK);
	snprintf(path, sizeof(path), "%s/%s", folder, FIRST);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(warc_append(w, members, 0, &file, &offset, &why), ERR_OK);
	assert_int_equal(warc_sync(w, &why), ERR_IO);
	assert_non_null(strstr(why.text, "moved or deleted"));
	assert_int_equal(warc_sync(w, &why), ERR_OK);
	assert_int_equal(warc_append(w, members, 0, &file, &offset, &why), ERR_OK);
	assert_true(str_is(file, "piped-000002.warc.gz"));
	assert_int_equal(warc_sync(w, &why), ERR_OK);
	buf_done(&b);
	warc_close(w);
}

/* A segment that is old is followed by another, written to or not, over a restart,
 * unless it is empty. */
static void turns_by_age(void **state)
{
	const int64_t born = 1700000000000, day = 86400000;
	const struct warc_opt opt = {
		.folder = folder, .user_agent = AGENT, .segment_bytes = BIG, .segment_age_ms = day
	};
	struct fetch_answer a = page(STR("x"));
	struct warc *w = NULL;
	struct reason why;
	int64_t offset, bytes;
	struct str file;

	(void)state;
	assert_int_equal(warc_open(&opt, born, &w, &why), ERR_OK);
	assert_true(warc_old_ms(w) == INT64_MAX);
	assert_int_equal(warc_turn(w, born + 9 * day, &why), ERR_OK);
	assert_true(str_is(warc_name(w), FIRST));
	append(w, &a, 1, &file, &offset, &bytes);
	assert_int_equal(warc_old_ms(w), born + day);
	assert_int_equal(warc_turn(w, born + day - 1, &why), ERR_OK);
	assert_true(str_is(warc_name(w), FIRST));
	warc_close(w);
	/* what it begins with says how old it is */
	assert_int_equal(warc_open(&opt, born + 1000, &w, &why), ERR_OK);
	assert_int_equal(warc_old_ms(w), born + day);
	assert_int_equal(warc_turn(w, born + day, &why), ERR_OK);
	assert_true(str_is(warc_name(w), "piped-000002.warc.gz"));
	assert_true(warc_old_ms(w) == INT64_MAX);
	warc_close(w);
	/* begun and left empty: still so when it is opened again */
	assert_int_equal(warc_open(&opt, born + 5 * day, &w, &why), ERR_OK);
	assert_true(str_is(warc_name(w), "piped-000002.warc.gz"));
	assert_true(warc_old_ms(w) == INT64_MAX);
	append(w, &a, 2, &file, &offset, &bytes);
	warc_close(w);
	assert_int_equal(warc_open(&opt, born + 5 * day, &w, &why), ERR_OK);
	assert_true(str_is(warc_name(w), "piped-000003.warc.gz"));
	warc_close(w);
}

/* The disk fills up in the middle of an append, and is freed again. */
static void full_disk(void **state)
{
	struct fetch_answer a = page(STR("<p>hello</p>"));
	struct rlimit was, tight;
	struct warc *w = open_or_fail(BIG);
	int64_t offset, bytes, good;
	struct str file;
	struct buf b;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	append(w, &a, 1, &file, &offset, &bytes);
	good = size_of(FIRST);
	for (rlim_t more = 0; more < (rlim_t)bytes; more += 37) {
		tight = was;
		tight.rlim_cur = (rlim_t)good + more;
		setrlimit(RLIMIT_FSIZE, &tight);
		assert_int_not_equal(append(w, &a, 2, &file, &offset, &bytes), ERR_OK);
		setrlimit(RLIMIT_FSIZE, &was);
		assert_int_equal(size_of(FIRST), good);
	}
	assert_int_equal(append(w, &a, 2, &file, &offset, &bytes), ERR_OK);
	buf_init(&b, 1 << 16);
	assert_int_equal(warc_read(folder, file, offset, bytes, &b, NULL), ERR_OK);
	warc_close(w);
	w = open_or_fail(BIG);
	assert_int_equal(warc_cut_bytes(w), 0);
	warc_close(w);
	/* no room for the warcinfo of a new segment: it comes when there is */
	w = open_or_fail(size_of(FIRST) + 1);
	assert_int_equal(append(w, &a, 3, &file, &offset, &bytes), ERR_OK);
	assert_true(str_is(file, FIRST));
	tight.rlim_cur = 10;
	setrlimit(RLIMIT_FSIZE, &tight);
	assert_int_not_equal(append(w, &a, 3, &file, &offset, &bytes), ERR_OK);
	assert_int_not_equal(append(w, &a, 3, &file, &offset, &bytes), ERR_OK);
	setrlimit(RLIMIT_FSIZE, &was);
	assert_int_equal(append(w, &a, 3, &file, &offset, &bytes), ERR_OK);
	warc_close(w);
	buf_clear(&b);
	read_file("piped-000002.warc.gz", &b);
	assert_true(offset > 100 && (int64_t)b.n == offset + bytes);
	buf_done(&b);
}

static void reads_refused(void **state)
{
	static const struct {
		const char *file;
		int64_t offset, bytes; /* added to those of the record */
		size_t cap;
		enum err err;
	} rows[] = {
		{ FIRST, 0, 0, 1 << 16, ERR_OK },
		{ FIRST, 1, 0, 1 << 16, ERR_BAD },
		{ FIRST, 0, -1, 1 << 16, ERR_BAD },
		{ FIRST, 0, 1, 1 << 16, ERR_BAD },
		{ FIRST, -100000, 0, 1 << 16, ERR_BAD },
		{ FIRST, 0, -100000, 1 << 16, ERR_BAD },
		{ FIRST, 100000, 0, 1 << 16, ERR_BAD },
		{ FIRST, 0, 0, 100, ERR_TOO_BIG },
		{ FIRST, 0, INT64_MIN, 1 << 16, ERR_OK }, /* its length is not known */
		{ "piped-000009.warc.gz", 0, 0, 1 << 16, ERR_NOT_FOUND },
		{ "../piped-000001.warc.gz", 0, 0, 1 << 16, ERR_BAD },
		{ "piped-1/../../x.warc.gz", 0, 0, 1 << 16, ERR_BAD },
		{ "/etc/passwd", 0, 0, 1 << 16, ERR_BAD },
		{ "", 0, 0, 1 << 16, ERR_BAD },
	};
	struct fetch_answer a = page(STR("<p>hello</p>"));
	struct warc *w = open_or_fail(BIG);
	int64_t offset, bytes;
	struct reason why;
	struct str file;

	(void)state;
	append(w, &a, 1, &file, &offset, &bytes);
	append(w, &a, 2, &file, &offset, &bytes);
	for (size_t i = 0; i < N(rows); i++) {
		struct buf b;
		enum err err;

		buf_init(&b, rows[i].cap);
		err = warc_read(folder, str_of(rows[i].file), offset + rows[i].offset,
				rows[i].bytes == INT64_MIN ? 0 : bytes + rows[i].bytes, &b, &why);
		if (err != rows[i].err)
			fail_msg("row %zu: %s %s", i, err_name(err), why.text);
		buf_done(&b);
	}
	warc_close(w);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(round_trip),
		TEST(pairs_request_and_response),
		TEST(revisits),
		TEST(whole_exchange),
		TEST(plain_gzip),
		TEST(stored_or_deflated),
		TEST(no_response_no_record),
		TEST(joined_chunks),
		TEST(hostile_values),
		TEST(splits),
		TEST(torn_tail),
		TEST(damaged_middle),
		TEST(endless_tail),
		TEST(archive_in_archive),
		TEST(long_file),
		TEST(rotates),
		TEST(taken_away),
		TEST(turns_by_age),
		TEST(full_disk),
		TEST(reads_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
