/* The index: keys, lines, order. */
#include "crawler/cdxj.h"

#include "base/file.h"
#include "crawler/gzmember.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N(x) (sizeof(x) / sizeof((x)[0]))

static void surts(void **state)
{
	static const struct {
		const char *url, *key;
	} rows[] = {
		{ "http://example.com/", "com,example)/" },
		{ "http://example.com", "com,example)/" },
		{ "https://WWW.Example.com:443/A/B/", "com,example)/a/b" },
		{ "http://www2.example.com/", "com,example)/" },
		{ "http://wwwx.example.com/", "com,example,wwwx)/" },
		{ "http://example.com:8080/x", "com,example:8080)/x" },
		{ "http://example.com/?b=2&a=1#c", "com,example)/?a=1&b=2" },
		{ "http://example.com/x?", "com,example)/x" },
		{ "http://127.0.0.1:81/x", "127.0.0.1:81)/x" },
		{ "http://[::1]:81/x", "[::1]:81)/x" },
		{ "http://user@example.com/x", "com,example)/x" },
		{ "urn:X:y", "urn:x:y" },
		{ "http://", ")/" },
		{ "", "" },
	};
	struct arena *a = arena_new(4096);

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct str key = cdxj_surt(str_of(rows[i].url), a);

		if (!str_is(key, rows[i].key))
			fail_msg("%s: %.*s", rows[i].url, STR_ARG(key));
	}
	arena_free(a);
}

#define HEAD(type, url)                                                                            \
	"WARC/1.1\r\nWARC-Type: " type "\r\nWARC-Target-URI: " url                                 \
	"\r\nWARC-Date: 2017-03-06T04:03:53Z\r\n"
#define HTTP "Content-Type: application/http;msgtype=response\r\n"

static void add(struct buf *b, const char *text)
{
	struct gzmember_part part = { .bytes = str_of(text) };

	assert_int_equal(gzmember_write(&part, 1, b), ERR_OK);
}

static void writes(void **state)
{
	char folder[] = "/tmp/piped-cdxj-XXXXXX", path[64], index[64], want[2000];
	int64_t lines, faults, first, second, third;
	struct reason why;
	struct buf b, got;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/x.warc.gz", folder);
	snprintf(index, sizeof(index), "%s/x.warc.gz.cdxj", folder);
	buf_init(&b, 1 << 16);
	buf_init(&got, 1 << 16);
	add(&b, HEAD("warcinfo", "") "Content-Length: 1\r\n\r\nx\r\n\r\n");
	first = (int64_t)b.n;
	add(&b, HEAD("response", "http://b.example/x") HTTP
	    "WARC-Payload-Digest: sha1:A\r\nContent-Length: 48\r\n\r\nHTTP/1.1 200 OK\r\n"
	    "Content-Type: text/html;a=b\r\n\r\n\r\n\r\n");
	second = (int64_t)b.n;
	add(&b, HEAD("request", "http://b.example/x") "Content-Length: 0\r\n\r\n\r\n\r\n");
	third = (int64_t)b.n;
	add(&b, HEAD("revisit", "http://a.example/ y") HTTP
	    "Content-Length: 28\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n\r\n\r\n");
	assert_int_equal(file_write(path, buf_str(&b), NULL), ERR_OK);
	assert_int_equal(cdxj_write(folder, STR("x.warc.gz"), 0, NULL, NULL, &lines, &faults, &why),
			 ERR_OK);
	assert_int_equal(lines, 2);
	assert_int_equal(faults, 0);
	assert_int_equal(file_read(index, &got, NULL), ERR_OK);
	snprintf(want, sizeof(want),
		 "example,a)/%%20y 20170306040353 {\"url\":\"http://a.example/ y\",\"mime\":"
		 "\"warc/revisit\",\"status\":\"304\",\"length\":\"%lld\",\"offset\":\"%lld\","
		 "\"filename\":\"x.warc.gz\"}\n"
		 "example,b)/x 20170306040353 {\"url\":\"http://b.example/x\",\"mime\":"
		 "\"text/html\",\"status\":\"200\",\"digest\":\"sha1:A\",\"length\":\"%lld\","
		 "\"offset\":\"%lld\",\"filename\":\"x.warc.gz\"}\n",
		 (long long)((int64_t)b.n - third), (long long)third, (long long)(second - first),
		 (long long)first);
	assert_string_equal(got.p, want);
	/* what is not yet whole is left out */
	assert_int_equal(
		cdxj_write(folder, STR("x.warc.gz"), third, NULL, NULL, &lines, &faults, &why),
		ERR_OK);
	assert_int_equal(lines, 1);
	assert_int_equal(faults, 0);
	unlink(path);
	unlink(index);
	rmdir(folder);
	buf_done(&b);
	buf_done(&got);
}

static void sorts(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	cdxj_sort(STR("b 1\nB 1\na,b)/ 2\na)/ 1\n\xea\n\na)/ 0"), &b);
	assert_string_equal(b.p, "B 1\na)/ 0\na)/ 1\na,b)/ 2\nb 1\n\xea\n");
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(surts),
		cmocka_unit_test(writes),
		cmocka_unit_test(sorts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
