/* The built program over TLS, asked by libcurl: answers, faults, a clean stop. */
#include "base/buf.h"
#include "base/mem.h"

#include <curl/curl.h>
#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define API "https://api.bunjang.co.kr"
#define SITE "https://market.example"
#define PAGE API "/api/1/find_v2.json?f_category_id=320&n=100&page=0"

struct running {
	pid_t pid;
	int port;
	char folder[64], ca[128], log[128];
};

struct got {
	CURLcode code;
	long status;
	struct buf body, head;
	curl_off_t retry_after, wire_bytes;
};

static struct running market;

static pid_t spawn(char **argv, int out)
{
	posix_spawn_file_actions_t files;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	assert_int_equal(posix_spawn(&pid, argv[0], &files, NULL, argv, environ), 0);
	posix_spawn_file_actions_destroy(&files);
	return pid;
}

static int ended(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void make_ca(void)
{
	char *argv[] = { mem_text(MARKET_SOURCE "/make-ca.sh"), market.folder,
			 mem_text("api.bunjang.co.kr"), mem_text("market.example"), NULL };

	assert_int_equal(ended(spawn(argv, -1)), 0);
	mem_free(argv[0]);
	mem_free(argv[2]);
	mem_free(argv[3]);
}

/* Returns when the market says that it listens. */
static void start(void)
{
	char cert[128], key[128], line[256];
	char *argv[] = { mem_text(MARKET_PROGRAM),
			 mem_text("--count=2000"),
			 mem_text("--tls-cert"),
			 cert,
			 mem_text("--tls-key"),
			 key,
			 mem_text("--log"),
			 market.log,
			 NULL };
	int ends[2], i;
	FILE *out;

	snprintf(cert, sizeof(cert), "%s/cert.pem", market.folder);
	snprintf(key, sizeof(key), "%s/key.pem", market.folder);
	assert_int_equal(pipe(ends), 0);
	market.pid = spawn(argv, ends[1]);
	close(ends[1]);
	out = fdopen(ends[0], "r");
	assert_non_null(fgets(line, sizeof(line), out));
	assert_int_equal(sscanf(line, "market: https://127.0.0.1:%d/ listings=2000", &market.port),
			 1);
	fclose(out);
	for (i = 0; i < 7; i++)
		if (i != 3 && i != 5)
			mem_free(argv[i]);
}

static size_t keep(char *p, size_t each, size_t n, void *to)
{
	return buf_add(to, (struct str){ p, each * n }) == ERR_OK ? n : 0;
}

static struct curl_slist *redirected(void)
{
	char text[64];

	snprintf(text, sizeof(text), "::127.0.0.1:%d", market.port);
	return curl_slist_append(NULL, text);
}

static CURL *request(const char *url, struct curl_slist *to, struct got *g)
{
	CURL *c = curl_easy_init();

	*g = (struct got){ .code = CURLE_OK };
	buf_init(&g->body, 64 << 20);
	buf_init(&g->head, 1 << 20);
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_CONNECT_TO, to);
	curl_easy_setopt(c, CURLOPT_CAINFO, market.ca);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(c, CURLOPT_MAXREDIRS, 5L);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &g->body);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, &g->head);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 30L);
	return c;
}

static void get(const char *url, struct got *g)
{
	struct curl_slist *to = redirected();
	CURL *c = request(url, to, g);

	g->code = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &g->status);
	curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &g->retry_after);
	curl_easy_getinfo(c, CURLINFO_SIZE_DOWNLOAD_T, &g->wire_bytes);
	curl_easy_cleanup(c);
	curl_slist_free_all(to);
}

static void got_done(struct got *g)
{
	buf_done(&g->body);
	buf_done(&g->head);
}

static void set_fault(const char *spec)
{
	char url[256];
	struct got g;

	snprintf(url, sizeof(url), SITE "/_market/fault?clear=1&add=%s", spec);
	get(*spec ? url : SITE "/_market/fault?clear=1", &g);
	assert_int_equal(g.status, 200);
	got_done(&g);
}

/* The first listing of the HTML side. */
static void item_url(char to[128])
{
	ptrdiff_t at;
	struct got g;

	get(SITE "/list?category=320300", &g);
	assert_int_equal(g.status, 200);
	at = str_find(buf_str(&g.body), STR("/item/m"));
	assert_true(at > 0);
	snprintf(to, 128, SITE "/item/m%lld", strtoll(g.body.p + at + 7, NULL, 10));
	got_done(&g);
}

static bool is_json(const struct got *g)
{
	json_t *j = json_loadb(buf_str(&g->body).p, g->body.n, 0, NULL);
	bool yes = j != NULL;

	json_decref(j);
	return yes;
}

static void serves_over_tls(void **state)
{
	struct got g;
	char url[128];

	(void)state;
	get(PAGE, &g);
	assert_int_equal(g.code, CURLE_OK);
	assert_int_equal(g.status, 200);
	assert_true(is_json(&g));
	assert_non_null(strstr(g.head.p, "Content-Encoding: gzip"));
	assert_true((size_t)g.wire_bytes * 4 < g.body.n);
	got_done(&g);
	item_url(url);
	get(url, &g);
	assert_int_equal(g.status, 200);
	assert_non_null(strstr(g.body.p, "<h1 class=\"title\">"));
	got_done(&g);
	get(SITE "/_market/stats", &g);
	assert_true(is_json(&g));
	got_done(&g);
	get(SITE "/_market/fault?add=nonsense", &g);
	assert_int_equal(g.status, 400);
	got_done(&g);
}

static void unchanged_pages_are_not_sent_again(void **state)
{
	struct curl_slist *to = redirected(), *headers = NULL;
	char url[128], tag[64] = "If-None-Match: ";
	const char *at;
	struct got g;
	CURL *c;

	(void)state;
	item_url(url);
	get(url, &g);
	at = strstr(g.head.p, "ETag: ");
	assert_non_null(at);
	snprintf(tag + strlen(tag), 19, "%s", at + 6);
	got_done(&g);
	c = request(url, to, &g);
	headers = curl_slist_append(headers, tag);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	assert_int_equal(curl_easy_perform(c), CURLE_OK);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &g.status);
	assert_int_equal(g.status, 304);
	assert_int_equal(g.body.n, 0);
	curl_easy_cleanup(c);
	curl_slist_free_all(headers);
	curl_slist_free_all(to);
	got_done(&g);
}

static void faults_reach_the_client(void **state)
{
	static const struct {
		const char *spec;
		CURLcode code, or_code;
		long status;
	} cases[] = {
		{ "", CURLE_OK, CURLE_OK, 200 },
		{ "500", CURLE_OK, CURLE_OK, 500 },
		{ "slow:ms=20", CURLE_OK, CURLE_OK, 200 },
		{ "trickle:bytes=200,ms=1", CURLE_OK, CURLE_OK, 200 },
		{ "truncate:at=50", CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, 200 },
		{ "truncate:at=0", CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, 200 },
		{ "length:by=100", CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, 200 },
		{ "length:by=-100", CURLE_OK, CURLE_WRITE_ERROR, 200 },
		{ "redirect", CURLE_TOO_MANY_REDIRECTS, CURLE_TOO_MANY_REDIRECTS, 302 },
		{ "close", CURLE_GOT_NOTHING, CURLE_RECV_ERROR, 0 },
	};
	char url[128];
	struct got g;
	size_t i;

	(void)state;
	item_url(url);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_fault(cases[i].spec);
		get(url, &g);
		if (g.code != cases[i].code && g.code != cases[i].or_code)
			fail_msg("%s: %s", cases[i].spec, curl_easy_strerror(g.code));
		assert_int_equal(g.status, cases[i].status);
		got_done(&g);
	}
	set_fault("");
}

static void faults_change_the_body(void **state)
{
	struct got g;

	(void)state;
	set_fault("429:after=7,date=1");
	get(PAGE, &g);
	assert_int_equal(g.status, 429);
	/* libcurl's clock is coarse, so a date may look one second further off */
	assert_in_range(g.retry_after, 5, 8);
	got_done(&g);
	set_fault("huge:mb=3");
	get(PAGE, &g);
	assert_int_equal(g.body.n, 3 << 20);
	assert_true(is_json(&g));
	got_done(&g);
	set_fault("bomb:mb=8");
	get(PAGE, &g);
	assert_int_equal(g.body.n, 8 << 20);
	assert_in_range(g.wire_bytes, 100, 20000);
	got_done(&g);
	set_fault("badjson");
	get(PAGE, &g);
	assert_int_equal(g.status, 200);
	assert_false(is_json(&g));
	got_done(&g);
	set_fault("euckr");
	get(SITE "/", &g);
	assert_non_null(strstr(g.head.p, "text/html; charset=euc-kr"));
	got_done(&g);
	set_fault("503:first=2");
	get(PAGE, &g);
	assert_int_equal(g.status, 503);
	got_done(&g);
	get(PAGE, &g);
	assert_int_equal(g.status, 503);
	got_done(&g);
	get(PAGE, &g);
	assert_int_equal(g.status, 200);
	got_done(&g);
	set_fault("");
}

/* Runs `multi` until `n` transfers have ended; returns the last of them. */
static CURL *run_until(CURLM *multi, int n)
{
	CURL *last = NULL;
	CURLMsg *m;
	int running, left;

	while (n > 0) {
		assert_int_equal(curl_multi_perform(multi, &running), CURLM_OK);
		while ((m = curl_multi_info_read(multi, &left)) != NULL)
			if (m->msg == CURLMSG_DONE) {
				last = m->easy_handle;
				n--;
			}
		if (n > 0)
			assert_int_equal(curl_multi_poll(multi, NULL, 0, 30000, NULL), CURLM_OK);
	}
	return last;
}

/* Four slow answers at once on two threads, and a quick one that overtakes. */
static void slow_answers_hold_up_nobody(void **state)
{
	struct curl_slist *to = redirected();
	CURLM *multi = curl_multi_init();
	struct got slow[4], quick;
	CURL *c[4], *q;
	int i;

	(void)state;
	set_fault("slow:ms=60000,path=/list");
	for (i = 0; i < 4; i++) {
		c[i] = request(SITE "/list?category=320300", to, &slow[i]);
		curl_multi_add_handle(multi, c[i]);
	}
	q = request(PAGE, to, &quick);
	curl_multi_add_handle(multi, q);
	assert_ptr_equal(run_until(multi, 1), q);
	for (i = 0; i < 4; i++) {
		curl_multi_remove_handle(multi, c[i]);
		curl_easy_cleanup(c[i]);
		got_done(&slow[i]);
	}
	curl_multi_remove_handle(multi, q);
	curl_easy_cleanup(q);
	got_done(&quick);
	curl_multi_cleanup(multi);
	curl_slist_free_all(to);
	set_fault("");
}

static void the_log_has_a_line_for_each_request(void **state)
{
	char line[512], host[64], path[256], fault[32];
	long long ms, before = 0, bytes;
	int status, n = 0, faulty = 0;
	FILE *f = fopen(market.log, "r");

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		assert_int_equal(sscanf(line, "%lld %63s %255s %d %lld %31s", &ms, host, path,
					&status, &bytes, fault),
				 6);
		assert_true(ms > 0 && bytes >= 0);
		assert_null(strstr(path, "/_market/fault"));
		faulty += strcmp(fault, "-") != 0;
		before = ms > before ? ms : before;
		n++;
	}
	fclose(f);
	assert_true(n > 20 && faulty > 10);
}

/* With an answer under way that would take a minute. */
static void stops_at_once_on_sigterm(void **state)
{
	struct curl_slist *to = redirected();
	CURLM *multi = curl_multi_init();
	struct got slow, quick;
	CURL *c[2];
	int i;

	(void)state;
	set_fault("slow:ms=60000,path=/list");
	c[0] = request(SITE "/list?category=320300", to, &slow);
	c[1] = request(PAGE, to, &quick);
	curl_multi_add_handle(multi, c[0]);
	curl_multi_add_handle(multi, c[1]);
	assert_ptr_equal(run_until(multi, 1), c[1]);
	kill(market.pid, SIGTERM);
	assert_int_equal(ended(market.pid), 0);
	market.pid = 0;
	for (i = 0; i < 2; i++) {
		curl_multi_remove_handle(multi, c[i]);
		curl_easy_cleanup(c[i]);
	}
	got_done(&slow);
	got_done(&quick);
	curl_multi_cleanup(multi);
	curl_slist_free_all(to);
}

static int set_up(void **state)
{
	(void)state;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	snprintf(market.folder, sizeof(market.folder), "/tmp/market-test.XXXXXX");
	assert_non_null(mkdtemp(market.folder));
	snprintf(market.ca, sizeof(market.ca), "%s/ca.pem", market.folder);
	snprintf(market.log, sizeof(market.log), "%s/log", market.folder);
	make_ca();
	start();
	return 0;
}

static int tear_down(void **state)
{
	static const char *const files[] = { "ca.pem", "cert.pem", "key.pem", "log" };
	char path[128];
	size_t i;

	(void)state;
	if (market.pid) {
		kill(market.pid, SIGTERM);
		ended(market.pid);
	}
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", market.folder, files[i]);
		unlink(path);
	}
	rmdir(market.folder);
	curl_global_cleanup();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(serves_over_tls),
		cmocka_unit_test(unchanged_pages_are_not_sent_again),
		cmocka_unit_test(faults_reach_the_client),
		cmocka_unit_test(faults_change_the_body),
		cmocka_unit_test(slow_answers_hold_up_nobody),
		cmocka_unit_test(the_log_has_a_line_for_each_request),
		cmocka_unit_test(stops_at_once_on_sigterm),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
