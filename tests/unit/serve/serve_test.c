/* The API over its socket: answers, refusals, and that nobody waits for another. */
#include "serve_world.h"

#include "serve/exchange.h"

#include <poll.h>

static const struct {
	const char *method, *target, *body;
	int status;
	const char *part;
} asked[] = {
	{ "GET", "/api", NULL, 200, "\"path\":\"/api/review/next\"" },
	{ "GET", "/api/status", NULL, 200,
	  "{\"uptime_s\":5,\"alarms\":[],\"jobs\":{\"due\":0,\"done\":1," },
	{ "GET", "/api/status", NULL, 200, "\"review_queue\":2" },
	{ "GET", "/api/drift?source=bunjang", NULL, 200,
	  "{\"kinds\":[\"bunjang\"],\"alarms\":[]}" },
	{ "POST", "/api/drift/accept?source=bunjang", NULL, 200, "{\"accepted\":2}" },
	{ "POST", "/api/drift/accept?source=none", NULL, 404, "GET /api/drift lists" },
	{ "POST", "/api/drift/accept", NULL, 400, "source" },
	{ "HEAD", "/api/status", NULL, 200, "application/json" },
	{ "GET", "/api/sources", NULL, 200,
	  "{\"source\":\"attic\",\"title\":\"Attic\",\"configured\":true," },
	{ "POST", "/api/sources/attic/run", NULL, 200,
	  "{\"source\":\"attic\",\"action\":\"run\"}" },
	{ "POST", "/api/sources/_all/pause", NULL, 200, "\"action\":\"pause\"" },
	{ "POST", "/api/sources/atic/resume", NULL, 404, "\"hint\":\"GET /api/sources" },
	{ "GET", "/api/listings?limit=2", NULL, 200, "\"next\":2}" },
	{ "GET", "/api/listings?limit=2&after=5", NULL, 200, "\"next\":null}" },
	{ "GET", "/api/listings?text=boots", NULL, 200, "\"title\":\"leather boots 1\"" },
	{ "GET", "/api/listings?category=shoes", NULL, 200, "{\"listings\":[]" },
	{ "GET", "/api/listings?family=0000000000000002", NULL, 200, "\"ext_id\":\"e3\"" },
	{ "GET", "/api/listings?review=1", NULL, 200, "{\"listings\":[{\"id\":2," },
	{ "GET", "/api/listings?state=lost", NULL, 400, "no such state" },
	{ "GET", "/api/listings?flag=odd", NULL, 400, "no such flag" },
	{ "GET", "/api/listings?family=zz", NULL, 400, "`family` is not one" },
	{ "GET", "/api/listings?limit=0", NULL, 400, "`limit` must be 1 to 1000" },
	{ "GET", "/api/listings?limit=1001", NULL, 400, "`limit` must be 1 to 1000" },
	{ "GET", "/api/listings?limit=x", NULL, 400, "must be a whole number" },
	{ "GET", "/api/listings?limt=5", NULL, 400, "did you mean `limit`?" },
	{ "GET", "/api/listings?limit=5&limit=6", NULL, 400, "`limit` is given twice" },
	{ "GET", "/api/listings?text=%ff", NULL, 400, "`text` is not UTF-8" },
	{ "GET", "/api/listings/1", NULL, 200, "\"price\":0,\"currency\":\"KRW\"" },
	{ "GET", "/api/listings/1", NULL, 200,
	  "\"votes\":[{\"rule\":\"source-category\",\"category\":\"women.dress\","
	  "\"ko\":\"원피스\",\"en\":\"Dresses\",\"weight\":0.9000}]" },
	{ "GET", "/api/listings/-?source=attic&ext_id=e3", NULL, 200, "\"id\":4," },
	{ "GET", "/api/listings/-?source=attic&ext_id=none", NULL, 404,
	  "no listing none of attic" },
	{ "GET", "/api/listings/-?source=attic", NULL, 400, "\"code\":\"bad\"" },
	{ "GET", "/api/listings/99", NULL, 404, "no listing 99" },
	{ "GET", "/api/listings/abc", NULL, 400, "\"code\":\"bad\"" },
	{ "GET", "/api/trace/listing/1", NULL, 200,
	  "\"seed\":{\"index\":0,\"page\":\"list\",\"url\":\"http://attic.example/list" },
	{ "GET", "/api/trace/listing/1", NULL, 200, "\"family\":[{\"id\":2," },
	{ "GET", "/api/trace/listing/1", NULL, 200,
	  "\"record\":{\"file\":\"0001.warc.gz\",\"offset\":4096,\"bytes\":700}" },
	{ "GET", "/api/trace/page/1", NULL, 200, "\"jobs\":[{\"id\":1,\"source\":\"attic\"," },
	{ "GET", "/api/trace/page/1", NULL, 200,
	  "\"rejected_counts\":[{\"source\":\"\",\"reason\":\"min\",\"doc\":\"Below `checks: "
	  "min`.\","
	  "\"times\":7}],\"rejected\":[{\"source\":\"attic\",\"page\":1," },
	{ "GET", "/api/trace/page/9", NULL, 404, "no page 9" },
	{ "GET", "/api/rejected?source=attic&field=price&reason=min", NULL, 200,
	  "\"place\":7,\"ext_id\":\"cheap\",\"field\":\"price\",\"reason\":\"min\",\"value\":\"1\","
	  "\"why\":\"price 1 is below min 10\",\"excerpt\":\"id: cheap; price: "
	  "1\",\"seen\":\"2023-" },
	{ "GET", "/api/rejected?source=none", NULL, 200, "{\"counts\":[],\"rejected\":[]}" },
	{ "GET", "/api/rejected?field=title", NULL, 200, "\"rejected\":[]}" },
	{ "GET", "/api/rejected?field=prize", NULL, 400, "no field `prize`" },
	{ "GET", "/api/rejected?reason=much", NULL, 400, "missing" },
	{ "GET", "/metrics", NULL, 200,
	  "piped_rejected_records{source=\"attic\",reason=\"min\"} 7\n" },
	{ "GET", "/api/trace/job/1", NULL, 200, "\"pages\":[{\"id\":1,\"job\":1," },
	{ "GET", "/api/trace/job/9", NULL, 404, "no job 9" },
	{ "GET", "/api/trace/job/-1", NULL, 400, "`id` must be 1 to" },
	{ "GET", "/api/pages/1/record", NULL, 200, "WARC/1.1 0001.warc.gz 4096" },
	{ "GET", "/api/archive/size?keep_ms=5", NULL, 200,
	  "{\"keep_ms\":5,\"max_bytes\":0,\"removed_segments\":0,\"removed_bytes\":0,"
	  "\"removed_last\":null}" },
	{ "GET", "/api/archive/size?keep_ms=13", NULL, 500, "the folder cannot be read" },
	{ "GET", "/api/archive/size?keep_ms=-1", NULL, 400, "`keep_ms` must be 0 to" },
	{ "GET", "/api/suggest?title=boots", NULL, 503, "\"code\":\"no-model\"" },
	{ "GET", "/api/suggest?title=boots", NULL, 503, "\r\nRetry-After: 60\r\n" },
	{ "POST", "/api/suggest", "{\"titles\":[\"boots\"]}", 503, "pipectl train" },
	{ "GET", "/health", NULL, 200,
	  "{\"ok\":true,\"model\":null,\"model_name\":null,\"fields\":[]}" },
	{ "GET", "/api/suggest", NULL, 400, "`title` is missing" },
	{ "POST", "/api/suggest", "{\"titles\":\"boots\"}", 400, "must be an array" },
	{ "POST", "/api/suggest", "{\"titles\":[]}", 400, "must be an array of 1 to 1000 texts" },
	{ "POST", "/api/suggest", "{\"titles\":[\"a\"]", 400, "not JSON: line 1" },
	{ "POST", "/api/suggest", "[]", 400, "must be a JSON object" },
	{ "POST", "/api/train", NULL, 409, "\"code\":\"busy\"" },
	{ "POST", "/api/train", "{\"fresh\":true}", 409, "being trained afresh" },
	{ "POST", "/api/train", "{\"fresh\":1.5}", 400, "`fresh`" },
	{ "GET", "/api/models", NULL, 200, "{\"models\":[]}" },
	{ "GET", "/api/models/1", NULL, 404, "no model `1`" },
	{ "POST", "/api/evaluate", "{}", 404, "no model is live yet" },
	{ "POST", "/api/study/folds", "{\"folds\":3}", 202, "{\"started\":true}" },
	{ "POST", "/api/study/folds", "{\"folds\":1}", 400, "`folds`" },
	{ "POST", "/api/study/folds/stop", NULL, 404, "nothing is running" },
	{ "GET", "/api/study/folds", NULL, 200, "{\"state\":\"idle\"}" },
	{ "POST", "/api/study/curve", NULL, 409, "running already" },
	{ "GET", "/api/study/curve", NULL, 200, "{\"state\":\"done\"}" },
	{ "POST", "/api/study/curve/stop", NULL, 200, "{\"stopped\":true}" },
	{ "POST", "/api/evaluate", "{\"labels\":\"mine\"}", 400, "`labels`" },
	{ "POST", "/api/evaluate", "{\"precision\":\"0.9x\"}", 400, "`precision`" },
	{ "POST", "/api/evaluate", "{\"precision\":\"1\"}", 400, "between 0 and 1" },
	{ "POST", "/api/evaluate", "{\"precision\":\"nan\"}", 400, "between 0 and 1" },
	{ "POST", "/api/evaluate?precision=0.99", "{}", 404, "no model is live yet" },
	{ "GET", "/api/evaluate/1", NULL, 200, "{\"id\":1}" },
	{ "GET", "/api/evaluate/2", NULL, 404, "no evaluation 2" },
	{ "GET", "/api/evaluate/1?format=html", NULL, 200, "<p>" },
	{ "GET", "/api/evaluate/2?format=text", NULL, 409, "is running" },
	{ "POST", "/api/models/nobody/use", NULL, 404, "no model `nobody`" },
	{ "GET", "/api/review/next?n=1", NULL, 200, "{\"queue\":2,\"items\":[{\"id\":2," },
	{ "GET", "/api/taxonomy", NULL, 200,
	  "{\"code\":\"women\",\"ko\":\"여성 "
	  "의류\",\"en\":\"Women\",\"names\":{\"ja\":\"女性服\"},\"parent\":null,\"depth\":0,"
	  "\"leaf\":false,\"labeled\":6," },
	{ "GET", "/api/taxonomy/search?text=BOOT", NULL, 200, "\"code\":\"shoes.boots\"" },
	{ "GET", "/api/taxonomy?code=shoes", NULL, 200, "\"suggested\":0,\"aliases\":[]}" },
	{ "GET", "/api/taxonomy?code=shoe", NULL, 404, "no category `shoe`" },
	{ "GET", "/api/taxonomy/history", NULL, 200, "\"version\":2,\"rechecks\":0," },
	{ "GET", "/api/taxonomy/mapping", NULL, 200, "\"conflicts\":" },
	{ "GET", "/api/taxonomy/mapping?source=nobody", NULL, 404, "no listing and no mapping" },
	{ "POST", "/api/taxonomy/check", "name: t\nversion: 1\ntaxa: {x: {ko: k, en: e}}\n", 200,
	  "\"refused\":\"an older file\"" },
	{ "POST", "/api/taxonomy/check?file=t.yaml", "name: t\nversion: 2\ntaxa: {x: {ko: k}}\n",
	  200, "\"file\":\"t.yaml\",\"line\":3,\"column\":8," },
	{ "POST", "/api/taxonomy/import", "1\tA\n2\tA>b\n", 200, "\"categories\":2,\"leaves\":1," },
	{ "POST", "/api/taxonomy/import", "[{\"id\": 5}]", 400, "no categories are found" },
	{ "POST", "/api/taxonomy/import", "[{\"id\": 5", 400, "not JSON: line 1" },
	{ "POST", "/api/taxonomy/import?name=n",
	  "[{\"id\": 5, \"name\": \"c\", \"wholeCategoryName\": \"a>c\"}, {\"id\": 4, \"name\": "
	  "\"a\", \"wholeCategoryName\": \"a\"}]",
	  200, "parent: \\\"4\\\"" },
	{ "POST", "/api/taxonomy/import",
	  "{\"id\": 1, \"name\": \"a product\", \"category\": {\"category1Id\": \"7\", "
	  "\"category1Name\": \"x\", \"category2Id\": "
	  "\"8\", \"category2Name\": \"y\"}}",
	  200, "\"categories\":2,\"leaves\":1," },
	{ "POST", "/api/taxonomy/import?source=bunjang", "9\tShoes>Boots\n", 200, "shoes.boots" },
	{ "POST", "/api/taxonomy/diff?old_bytes=4", "1\tA\n1\tB\n", 200, "\"proposed\":true" },
	{ "POST", "/api/taxonomy/diff?old_bytes=99", "1\tA\n1\tB\n", 400, "`old_bytes` are 99" },
	{ "GET", "/api/rules", NULL, 200, "{\"rule\":\"boots-word\",\"category\":\"shoes.boots\"" },
	{ "GET", "/api/rules", NULL, 200, "{\"rule\":\"source-category\",\"fired\":6," },
	{ "POST", "/api/labels/import", "{\"rows\":[]}", 400, "`origin`" },
	{ "POST", "/api/labels/import", "{\"origin\":\"x\",\"rows\":3}", 400, "is an array" },
	{ "POST", "/api/labels/import",
	  "{\"origin\":\"x\",\"rows\":[{\"listing\":1,\"category\":\"women\"},"
	  "{\"who\":\"a\",\"category\":\"women\"}]}",
	  200,
	  "{\"rows\":2,\"stored\":0,\"known\":0,\"rejected\":[{\"row\":0,\"reason\":\"`who` is "
	  "missing: labels are people's\"},{\"row\":1,\"reason\":\"names no listing" },
	{ "POST", "/api/export", "{\"format\":\"csv\",\"gzip\":true}", 202, "{\"id\":1}" },
	{ "POST", "/api/export", "{\"format\":\"xml\"}", 400, "must be one of jsonl|csv" },
	{ "POST", "/api/export", "{\"gzip\":\"maybe\"}", 400, "`gzip` must be a bool" },
	{ "GET", "/api/export/1", NULL, 200, "{\"id\":1,\"state\":\"done\"}" },
	{ "GET", "/api/export/2", NULL, 404, "no export 2" },
	{ "GET", "/api/export/1/files/rules.yaml", NULL, 200, "boots-word:" },
	{ "GET", "/api/export/1/files/none.csv", NULL, 404, "no such file" },
	{ "GET", "/api/export/1/files/..%2f..%2fetc", NULL, 404, "no such path" },
	{ "GET", "/api/export/1/files/.hidden", NULL, 400, "not a file's name" },
	{ "GET", "/api/config", NULL, 200, "application/json" },
	{ "GET", "/api/config?format=yaml", NULL, 200, "\ntaxonomy: " },
	{ "GET", "/api/log?level=warn&n=5", NULL, 200, "{\"lines\":[" },
	{ "POST", "/api/reload", NULL, 400, "piped.yaml:3:1: unknown key `rat`" },
	{ "POST", "/api/retry?state=failed,gone", NULL, 200, "\"jobs\":0" },
	{ "POST", "/api/retry", "{\"state\":\"due\"}", 400, "names no state" },
	{ "POST", "/api/retry?url=http://attic.example/list?page=2", NULL, 404,
	  "no source has a job" },
	{ "POST", "/api/retry?url=ftp://attic.example/", NULL, 400, "no address" },
	{ "POST", "/api/retry?job=9", NULL, 404, "job=9 is not in the database" },
	{ "POST", "/api/retry?host=b.example&reason=x&state=done", NULL, 200, "\"jobs\":0" },
	{ "GET", "/api/why", NULL, 400, "`url` is missing" },
	{ "GET", "/api/why?url=ftp://attic.example/", NULL, 400, "no address" },
	{ "GET", "/api/why?url=http://attic.example/&source=b", NULL, 404, "no source b" },
	{ "GET", "/api/why?url=http://b.example/", NULL, 200,
	  "\"answer\":\"It does not belong to attic: not its host.\"" },
	{ "GET", "/api/why?url=http://attic.example/x", NULL, 200, "\"code\":\"unknown\"" },
	{ "GET", "/api/why?url=http://attic.example/list%3Fpage=1", NULL, 200,
	  "\"code\":\"done\",\"answer\":\"It was fetched at 2023-11-14T22:13:20Z (HTTP status "
	  "200)" },
	{ "POST", "/api/crawl", NULL, 400, "`urls` is missing" },
	{ "POST", "/api/crawl", "{\"urls\":[\"http://b.example/\"]}", 404, "not its host" },
	{ "POST", "/api/crawl", "{\"urls\":[\"ftp://b.example/\"]}", 400, "no address" },
	{ "POST", "/api/crawl", "{\"urls\":[\"http://attic.example/x\"]}", 400,
	  "with `page`: list" },
	{ "POST", "/api/crawl", "{\"urls\":[\"http://attic.example/x\"],\"page\":\"no\"}", 400,
	  "attic has no page kind no" },
	{ "POST", "/api/crawl", "{\"urls\":[\"http://attic.example/x\"],\"source\":\"b\"}", 404,
	  "no source b" },
	{ "GET", "/metrics", NULL, 200, "piped_jobs{source=\"attic\",state=\"done\"} 1\n" },
	{ "POST", "/api/images/collect", NULL, 200, "{\"started\":true}" },
	{ "GET", "/api/listings/1", NULL, 200, "\"image_file\":null" },
	{ "GET", "/metrics", NULL, 200, "piped_review_queue 2\n" },
	{ "GET", "/metrics", NULL, 200, "piped_source_paused{source=\"attic\"} 0\n" },
	{ "GET", "/metrics", NULL, 200,
	  "# TYPE piped_requests_total counter\npiped_requests_total 7\n" },
	{ "GET", "/api/statu", NULL, 404, "Did you mean GET /api/status?" },
	{ "POST", "/api/status", NULL, 405, "\r\nAllow: GET, HEAD\r\n" },
	{ "DELETE", "/api/suggest", NULL, 405, "\r\nAllow: GET, HEAD, POST\r\n" },
};

static void requests_are_answered(void **state)
{
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		expect(*state, asked[i].method, asked[i].target, asked[i].body, asked[i].status,
		       asked[i].part);
}

static void arguments_reach_the_daemon(void **state)
{
	const struct world *w = *state;

	expect(w, "POST", "/api/sources/attic/pause", NULL, 200, "");
	assert_string_equal(w->said, "1 attic");
	expect(w, "POST", "/api/sources/_all/resume", NULL, 200, "");
	assert_string_equal(w->said, "2 ");
	expect(w, "POST", "/api/export?all=1", "{\"format\":\"csv\",\"gzip\":true}", 202, "");
	assert_string_equal(w->said, "csv 1 1 ");
	expect(w, "POST", "/api/export", NULL, 202, "");
	assert_string_equal(w->said, "jsonl 0 0 ");
	expect(w, "POST", "/api/export?labels=reviewed,weak", NULL, 202, "");
	assert_string_equal(w->said, "jsonl 0 0 reviewed,weak");
}

static void addresses_are_asked_for(void **state)
{
	const struct world *w = *state;

	expect(w, "POST", "/api/crawl",
	       "{\"urls\":[\"http://attic.example/list?page=1\","
	       "\"http://attic.example/x\"],\"page\":\"list\"}",
	       202,
	       "{\"new\":1,\"jobs\":[{\"job\":1,\"source\":\"attic\",\"page\":\"list\","
	       "\"url\":\"http://attic.example/list?page=1\",\"newest_page\":1},{\"job\":2,");
	expect(w, "GET", "/api/why?url=http://attic.example/x", NULL, 200, "\"priority\":0");
	expect(w, "GET", "/api/why?url=http://attic.example/x", NULL, 200,
	       "1 job of the host is before it");
	expect(w, "POST", "/api/retry?url=http://attic.example/x&state=done", NULL, 200,
	       "\"jobs\":0");
}

static void families_are_split_and_merged(void **state)
{
	const struct world *w = *state;

	expect(w, "GET", "/api/listings/3/family", NULL, 200, "\"size\":2,\"split\":");
	expect(w, "GET", "/api/listings/99/family", NULL, 404, "not-found");
	expect(w, "POST", "/api/families", "{\"action\":\"split\",\"listing\":3,\"who\":\"\"}", 400,
	       "`who` is empty");
	expect(w, "POST", "/api/families", "{\"action\":\"merge\",\"listing\":3,\"who\":\"ann\"}",
	       400, "merge needs `into`");
	expect(w, "POST", "/api/families",
	       "{\"action\":\"split\",\"listing\":3,\"into\":1,\"who\":\"ann\"}", 400,
	       "split has no `into`");
	expect(w, "POST", "/api/families", "{\"action\":\"split\",\"listing\":99,\"who\":\"ann\"}",
	       404, "no listing 99");
	expect(w, "POST", "/api/families",
	       "{\"action\":\"merge\",\"listing\":3,\"into\":4,\"who\":\"ann\"}", 400,
	       "of one family already");
	expect(w, "POST", "/api/families",
	       "{\"action\":\"merge\",\"listing\":3,\"into\":1,\"who\":\"ann\"}", 200,
	       "\"family\":\"0000000000000001\",\"moved\":2}");
	expect(w, "GET", "/api/listings/1/family", NULL, 200, "\"size\":4,");
	expect(w, "GET", "/api/listings/1/family?limit=1", NULL, 200,
	       "\"members\":[{\"id\":1,\"source\":\"attic\",\"ext_id\":\"e0\"");
	expect(w, "GET", "/api/listings/1/family", NULL, 200,
	       "\"who\":\"ann\",\"action\":\"merge\",\"listing\":3,\"was\":"
	       "\"0000000000000002\",\"family\":\"0000000000000001\",\"moved\":2}");
	expect(w, "POST", "/api/families", "{\"action\":\"split\",\"listing\":3,\"who\":\"ann\"}",
	       200, "\"moved\":1}");
	expect(w, "GET", "/api/listings/3/family", NULL, 200, "\"size\":1,");
}

static void decisions_are_written_and_undone(void **state)
{
	const struct world *w = *state;

	expect(w, "POST", "/api/review", "{\"action\":\"keep\",\"who\":\"\",\"listing\":2}", 400,
	       "`who` is empty");
	expect(w, "POST", "/api/review", "{\"action\":\"keep\",\"who\":\"ann\"}", 400,
	       "`listing` is missing");
	expect(w, "POST", "/api/review", "{\"action\":\"keep\",\"who\":\"ann\",\"listing\":99}",
	       404, "no listing 99");
	expect(w, "POST", "/api/review", "{\"action\":\"accept\",\"who\":\"ann\",\"listing\":2}",
	       400, "nothing to accept");
	expect(w, "POST", "/api/review",
	       "{\"action\":\"choose\",\"who\":\"ann\",\"listing\":2,\"category\":\"hats\"}", 400,
	       "no category `hats`");
	expect(w, "POST", "/api/review",
	       "{\"action\":\"choose\",\"who\":\"ann\",\"listing\":2,"
	       "\"category\":\"shoes.boots\",\"shown\":{\"label\":\"women.dress\"}}",
	       200, "\"category\":\"shoes.boots\",\"label\":");
	expect(w, "GET", "/api/listings/2", NULL, 200,
	       "\"category\":\"shoes.boots\",\"ko\":\"부츠\",\"en\":\"Boots\",\"by\":\"person\","
	       "\"who\":\"ann\"");
	expect(w, "GET", "/api/review/next", NULL, 200, "{\"queue\":1,\"items\":[{\"id\":1,");
	expect(w, "POST", "/api/review", "{\"action\":\"undo\",\"who\":\"ann\"}", 200,
	       "{\"listing\":2,\"action\":\"undo\"");
	expect(w, "GET", "/api/review/next", NULL, 200, "{\"queue\":2,");
	expect(w, "POST", "/api/review", "{\"action\":\"undo\",\"who\":\"ann\"}", 404,
	       "\"code\":\"not-found\"");
	/* where the seller put it, as close as the label says it */
	expect(w, "GET", "/api/review/next?n=1", NULL, 200,
	       "\"keep\":{\"category\":\"women.dress\"");
	expect(w, "POST", "/api/review", "{\"action\":\"keep\",\"who\":\"ann\",\"listing\":2}", 200,
	       "\"action\":\"keep\",\"category\":\"women.dress\"");
	expect(w, "POST", "/api/review",
	       "{\"action\":\"choose\",\"who\":\"ann\",\"listing\":2,"
	       "\"category\":\"shoes.boots\"}",
	       200, "\"category\":\"shoes.boots\"");
	expect(w, "POST", "/api/review", "{\"action\":\"keep\",\"who\":\"bob\",\"listing\":2}", 200,
	       "\"action\":\"keep\",\"category\":\"women.dress\"");
	for (int i = 0; i < 2; i++)
		expect(w, "POST", "/api/review", "{\"action\":\"undo\",\"who\":\"ann\"}", 200,
		       "{\"listing\":2,\"action\":\"undo\"");
	expect(w, "POST", "/api/review", "{\"action\":\"undo\",\"who\":\"bob\"}", 200,
	       "{\"listing\":2,\"action\":\"undo\"");
	expect(w, "POST", "/api/review", "{\"action\":\"skip\",\"who\":\"ann\",\"listing\":1}", 200,
	       "\"action\":\"skip\"");
}

/* --- bodies that are too long, by length and by chunks --- */

static void long_bodies_are_refused(void **state)
{
	const struct world *w = *state;
	int fd = client_connect(w);
	struct reply r;
	struct buf b;

	client_send(fd, STR("POST /api/suggest HTTP/1.1\r\nHost: p\r\n"
			    "Content-Length: 1048577\r\n\r\n"));
	r = client_read(fd); /* before a byte of it is sent */
	assert_int_equal(r.status, 413);
	buf_done(&r.bytes);
	buf_init(&b, 16 << 20);
	buf_add_text(&b, "POST /api/suggest HTTP/1.1\r\nHost: p\r\nConnection: close\r\n"
			 "Transfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 300; i++)
		buf_fmt(&b, "1000\r\n%04096d\r\n", 0);
	buf_add_text(&b, "0\r\n\r\n");
	fd = client_connect(w);
	client_send(fd, buf_str(&b));
	buf_done(&b);
	r = client_read(fd);
	assert_int_equal(r.status, 413);
	assert_true(says(&r, "\"code\":\"too-big\""));
	buf_done(&r.bytes);
}

/* Two ends of one body are none: a proxy might take the other one. */
static void bodies_have_one_end(void **state)
{
	static const char *const lengths[] = {
		"Content-Length: 5\r\nContent-Length: 6",
		"Content-Length: 5\r\ncontent-length: 5",
		"Content-Length: 5\r\nTransfer-Encoding: chunked",
	};
	struct buf b;

	buf_init(&b, 4096);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		int fd = client_connect(*state);
		struct reply r;

		buf_clear(&b);
		buf_fmt(&b, "POST /api/suggest HTTP/1.1\r\nHost: p\r\n%s\r\n\r\n", lengths[i]);
		client_send(fd, buf_str(&b));
		r = client_read(fd); /* to its end: the connection is not kept */
		assert_int_equal(r.status, 400);
		assert_true(says(&r, "told twice"));
		buf_done(&r.bytes);
	}
	buf_done(&b);
}

/* One address can't take all connections, however slow its requests are. */
static void connections_of_one_address_are_bounded(void **state)
{
	const struct world *w = *state;
	int slow[EXCHANGE_ADDRESS_CONNECTIONS], fd;
	struct reply r;
	char c;

	for (int i = 0; i < EXCHANGE_ADDRESS_CONNECTIONS; i++) {
		slow[i] = client_connect_tcp(INADDR_LOOPBACK, w->suggest_port);
		client_send(slow[i], STR("GET /hea"));
	}
	fd = client_connect_tcp(INADDR_LOOPBACK, w->suggest_port);
	assert_true(recv(fd, &c, 1, 0) <= 0);
	close(fd);
	r = ask_at(client_connect_tcp(INADDR_LOOPBACK + 1, w->suggest_port), "GET", "/health",
		   NULL);
	assert_int_equal(r.status, 200);
	buf_done(&r.bytes);
	for (int i = 0; i < EXCHANGE_ADDRESS_CONNECTIONS; i++)
		close(slow[i]);
}

static void endless_bodies_are_cut(void **state)
{
	static char zeros[65536];
	int fd = client_connect(*state);
	ssize_t n = 1;
	size_t sent = 0;

	client_send(fd, STR("POST /api/suggest HTTP/1.1\r\nHost: p\r\n"
			    "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n"));
	while (n > 0 && sent < ((size_t)64 << 20)) {
		n = send(fd, zeros, sizeof(zeros), MSG_NOSIGNAL);
		sent += n > 0 ? (size_t)n : 0;
	}
	assert_true(n < 0);
	close(fd);
}

/* Bodies of 32 MiB: two are there, or announced; a third hears that it has to wait, and others that
 * are short do not. */
static void long_bodies_have_a_bound_in_common(void **state)
{
	static const char head[] = "POST /api/sources/bunjang/test HTTP/1.1\r\nHost: p\r\n"
				   "Connection: close\r\nContent-Length: 33554432\r\n\r\n";
	static const char short_head[] = "POST /api/sources/bunjang/test HTTP/1.1\r\nHost: p\r\n"
					 "Connection: close\r\nContent-Length: 1\r\n\r\nx";
	static const char chunked[] = "POST /api/sources/bunjang/test HTTP/1.1\r\nHost: p\r\n"
				      "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
				      "1\r\nx\r\n0\r\n\r\n";
	const struct world *w = *state;
	struct reply r = { .status = 503 };
	int held[2];

	/* the server has read their heads once it has answered what came later */
	for (int i = 0; i < 2; i++) {
		held[i] = client_connect(w);
		client_send(held[i], str_of(head));
		expect(w, "GET", "/api/listings", NULL, 200, "linen dress");
	}
	for (int i = 0; i < 3; i++) {
		int fd = client_connect(w);

		client_send(fd, str_of(i == 0 ? head : i == 1 ? short_head : chunked));
		r = client_read(fd);
		assert_int_equal(r.status, 503);
		assert_true(str_find(r.head, STR("Retry-After: 1")) > 0);
		assert_true(says(&r, "take the 64 MiB that there are"));
		buf_done(&r.bytes);
	}
	expect(w, "POST", "/api/suggest", "{\"titles\": [\"boots\"]}", 503, "");
	/* one leaves, which the server hears in its own time */
	close(held[0]);
	for (int i = 0; i < 10000 && r.status == 503; i++) {
		int fd = client_connect(w);

		client_send(fd, str_of(short_head));
		r = client_read(fd);
		buf_done(&r.bytes);
	}
	assert_int_not_equal(r.status, 503);
	close(held[1]);
}

static void many_arguments_are_refused(void **state)
{
	struct reply r;
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_add_text(&b, "/api/listings?");
	for (int i = 0; i < 40; i++)
		buf_fmt(&b, "a%d=1&", i);
	expect(*state, "GET", b.p, NULL, 400, "more than 32 arguments");
	buf_clear(&b);
	buf_add_text(&b, "/api/listings?text=");
	for (int i = 0; i < 40000; i++)
		buf_add_char(&b, 'x');
	r = ask(*state, "GET", b.p, NULL);
	assert_int_equal(r.status, 414);
	buf_done(&r.bytes);
	buf_done(&b);
}

/* --- who waits for whom --- */

static void slow_clients_hold_up_nobody(void **state)
{
	const struct world *w = *state;
	int head = client_connect(w), body = client_connect(w);

	client_send(head, STR("GET /api/st"));
	client_send(body, STR("POST /api/suggest HTTP/1.1\r\nHost: p\r\nConnection: close\r\n"
			      "Content-Length: 21\r\n\r\n{\"titles\""));
	for (int i = 0; i < 20; i++)
		expect(w, "GET", "/api/listings", NULL, 200, "linen dress");
	client_send(head, STR("atus HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n"));
	client_send(body, STR(": [\"boots\"]}"));
	for (int i = 0; i < 2; i++) {
		struct reply r = client_read(i ? body : head);

		assert_int_equal(r.status, i ? 503 : 200);
		buf_done(&r.bytes);
	}
}

static void send_ask(int fd, const char *target)
{
	struct buf b;

	buf_init(&b, 4096);
	buf_fmt(&b, "GET %s HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n", target);
	client_send(fd, buf_str(&b));
	buf_done(&b);
}

/* With every reader at work the loop still answers what needs none, what needs
 * one waits in line, and all are answered in the end. */
static void slow_work_holds_up_only_its_line(void **state)
{
	struct world *w = *state;
	int fd[DESK_READERS + 2];

	w->hold = true;
	for (int i = 0; i < DESK_READERS; i++) {
		fd[i] = client_connect(w);
		send_ask(fd[i], "/api/pages/1/record");
	}
	for (int i = DESK_READERS; i < DESK_READERS + 2; i++) {
		fd[i] = client_connect(w);
		send_ask(fd[i], "/api/models");
	}
	expect(w, "GET", "/api/export/1", NULL, 200, "done");
	for (int i = 0; i < DESK_READERS; i++)
		uv_sem_post(&w->go);
	for (int i = 0; i < DESK_READERS + 2; i++) {
		struct reply r = client_read(fd[i]);

		assert_int_equal(r.status, 200);
		buf_done(&r.bytes);
	}
}

/* Waits until `n` of the clients have an answer to read. */
static void wait_readable(const int *fd, int n_fd, int n)
{
	struct pollfd p[EXCHANGE_CONNECTIONS];
	int ready = 0;

	while (ready < n) {
		for (int i = 0; i < n_fd; i++)
			p[i] = (struct pollfd){ .fd = fd[i], .events = POLLIN };
		assert_true(poll(p, (nfds_t)n_fd, 10000) > 0);
		ready = 0;
		for (int i = 0; i < n_fd; i++)
			ready += p[i].revents != 0;
	}
	assert_int_equal(ready, n);
}

/* Past the line's end the answer is an error, at once. */
static void a_full_line_is_an_answer(void **state)
{
	enum { HELD = DESK_READERS + DESK_LINE, MORE = 4 };
	struct world *w = *state;
	int fd[HELD + MORE], refused = 0;

	w->hold = true;
	for (int i = 0; i < HELD + MORE; i++) {
		fd[i] = client_connect(w);
		send_ask(fd[i], "/api/pages/1/record");
	}
	wait_readable(fd, HELD + MORE, MORE);
	expect(w, "GET", "/api/models", NULL, 503, "\r\nRetry-After: 1\r\n");
	for (int i = 0; i < HELD; i++)
		uv_sem_post(&w->go);
	for (int i = 0; i < HELD + MORE; i++) {
		struct reply r = client_read(fd[i]);

		refused += r.status == 503 && says(&r, "\"code\":\"overloaded\"");
		buf_done(&r.bytes);
	}
	assert_int_equal(refused, MORE);
	expect(w, "GET", "/api/models", NULL, 200, "models");
}

static void clients_that_leave_are_forgotten(void **state)
{
	struct world *w = *state;
	int fd = client_connect(w);

	w->hold = true;
	send_ask(fd, "/api/pages/1/record");
	expect(w, "GET", "/api", NULL, 200, "routes");
	close(fd);
	uv_sem_post(&w->go);
	expect(w, "GET", "/api/models", NULL, 200, "models");
}

static void connections_are_kept(void **state)
{
	int fd = client_connect(*state);
	struct reply r;

	client_send(fd, STR("GET /api/models HTTP/1.1\r\nHost: p\r\n\r\n"
			    "GET /nowhere HTTP/1.1\r\nHost: p\r\n\r\n"
			    "GET /api/export/1 HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n"));
	r = client_read(fd);
	assert_true(says(&r, "{\"models\":[]}"));
	assert_true(says(&r, "no such path: /nowhere"));
	assert_true(says(&r, "\"state\":\"done\""));
	buf_done(&r.bytes);
}

/* What is under way when we stop is answered; idle connections are closed. */
static void stopping_finishes_requests(void **state)
{
	struct world *w = *state;
	int busy = client_connect(w), idle = client_connect(w);
	struct reply r;
	char c;

	w->hold = true;
	send_ask(busy, "/api/pages/1/record");
	expect(w, "GET", "/api", NULL, 200, "routes");
	world_stop(w);
	uv_sem_post(&w->go);
	r = client_read(busy);
	assert_int_equal(r.status, 200);
	buf_done(&r.bytes);
	assert_int_equal(recv(idle, &c, 1, 0), 0);
	close(idle);
}

struct rows {
	int at;
};

static void rewind_rows(void *ctx)
{
	((struct rows *)ctx)->at = 0;
}

static bool next_row(void *ctx, struct classifier_row *ret)
{
	static const char *const row[][2] = {
		{ "leather boots", "shoes.boots" }, { "rain boots", "shoes.boots" },
		{ "winter boots", "shoes.boots" },  { "linen dress", "women.dress" },
		{ "summer dress", "women.dress" },  { "silk dress", "women.dress" },
	};
	struct rows *r = ctx;

	if (r->at == 60)
		return false;
	classifier_row_of(str_of(row[r->at % 6][0]), str_of(row[r->at % 6][1]), ret);
	ret->fields[0] =
		(struct classifier_field){ STR("brand"), str_of(r->at % 6 < 3 ? "acme" : "chic") };
	ret->fields[1] = (struct classifier_field){ STR("price"), STR("4") };
	ret->fields_n = 2;
	r->at++;
	return true;
}

static const struct {
	const char *target, *body;
	int status;
	const char *part;
} suggests[] = {
	{ "/api/suggest?title=Old%20boots!&k=1", NULL, 200,
	  "{\"model\":4,\"model_name\":\"toy-4\",\"title\":\"Old boots!\",\"normal\":\"old "
	  "boots\",\"suggestions\":[{\"category\":\"shoes.boots\",\"ko\":\"부츠\",\"en\":\"Boots\","
	  "\"p\":" },
	{ "/api/suggest?title=Old%20boots", NULL, 200,
	  "\"path\":[{\"category\":\"shoes\",\"ko\":\"신발\",\"en\":\"Shoes\"},{\"category\":"
	  "\"shoes.boots\",\"ko\":\"부츠\",\"en\":\"Boots\"}],\"names\":{},\"aliases\":[],\"pro\":["
	  "{\"text\":"
	  "\"boots\",\"from\":4,\"bytes\":5,\"weight\":" },
	{ "/api/suggest?title=dress", NULL, 200, "\"aliases\":[\"드레스\"]" },
	{ "/api/suggest?title=dress&why=false", NULL, 200, "\"aliases\":[\"드레스\"]}" },
	/* on the pool */
	{ "/api/suggest?title=old+boots&k=20", NULL, 200, "\"bytes\":5,\"weight\":" },
	{ "/api/suggest?title=%EC%BD%94%ED%8A%B8&brand=acme&k=1", NULL, 200, "shoes.boots" },
	{ "/api/suggest?title=%EC%BD%94%ED%8A%B8&brand=chic&price=12.5&k=1", NULL, 200,
	  "women.dress" },
	{ "/api/suggest?title=coat&brand=", NULL, 200, "shoes.boots" },
	{ "/api/suggest?title=coat&price=dear", NULL, 400, "`price` must be a number" },
	{ "/api/suggest?title=coat&price=-1", NULL, 400, "`price` must be a number, 0 or more" },
	{ "/api/suggest?title=coat&price=nan", NULL, 400, "`price` must be a number" },
	{ "/api/suggest?title=coat&source=attic", NULL, 400,
	  "`source` is not what the live model was trained with; beside a title it knows brand, "
	  "price" },
	{ "/api/suggest?title=coat&category=10", NULL, 400, "unknown argument `category`" },
	{ "/api/suggest?title=coat&title=hat", NULL, 400, "`title` is given twice" },
	{ "/api/suggest?title=co%00at", NULL, 400, "`title` holds a NUL" },
	{ "/api/suggest?title=co%ff%feat", NULL, 400, "`title` is not UTF-8" },
	{ "/api/suggest?title=%ed%a0%80", NULL, 400, "`title` is not UTF-8" },
	{ "/api/suggest?title=50%zz%", NULL, 200, "\"title\":\"50%zz%\"" },
	{ "/api/suggest?title=%20%20", NULL, 200, "\"normal\":\"\"" },
	{ "/api/suggest?title", NULL, 400, "`title` is empty" },
	{ "/api/suggest?title=x&k=9999999999999999999999", NULL, 400, "`k` must be a whole" },
	{ "/api/suggest?title=x&why=perhaps", NULL, 400, "`why` must be true or false" },
	{ "/api/suggest?title=", NULL, 400, "`title` is empty" },
	{ "/api/suggest?title=x&k=21", NULL, 400, "`k` must be 1 to 20" },
	{ "/api/suggest?title=x&colour=red", NULL, 400, "unknown argument `colour`" },
	{ "/api/suggest", "{\"titles\":[\"red dress\",\"boots\"],\"k\":1}", 200,
	  "{\"model\":4,\"model_name\":\"toy-4\",\"results\":[{\"title\":\"red "
	  "dress\",\"normal\":\"red dress\",\"suggestions\":[{\"category\":\"women.dress\"" },
	{ "/api/suggest",
	  "{\"items\":[{\"title\":\"red dress\",\"brand\":\"acme\",\"price\":"
	  "12.5,\"source\":null}],\"why\":false}",
	  200,
	  "\"results\":[{\"title\":\"red dress\",\"suggestions\":[{\"category\":\"women.dress\"" },
	{ "/api/suggest", "{\"titles\":[\"a\",\"\"]}", 400, "`titles[1]` has no title" },
	{ "/api/suggest", "{\"items\":[{\"title\":\"a\"},{\"brand\":\"b\"}]}", 400,
	  "`items[1]` has no title" },
	{ "/api/suggest", "{\"items\":[{\"title\":7}]}", 400,
	  "`items[0]`: `title` must be a text" },
	{ "/api/suggest", "{\"items\":[{\"title\":null}]}", 400, "`title` must be a text" },
	{ "/api/suggest", "{\"items\":[{\"title\":\"a\",\"price\":\"dear\"}]}", 400,
	  "`items[0]`: `price` must be a number" },
	{ "/api/suggest", "{\"items\":[{\"title\":\"a\"},{\"title\":\"a\",\"brand\":[\"b\"]}]}",
	  400, "`items[1]`: `brand` must be a text or a number" },
	{ "/api/suggest", "{\"items\":[{\"title\":\"a\",\"brand\":true}]}", 400,
	  "`brand` must be a text or a number" },
	{ "/api/suggest", "{\"items\":[{\"title\":\"a\",\"colour\":\"red\"}]}", 400,
	  "`colour` is not what the live model was trained with" },
	{ "/api/suggest", "{\"items\":[{\"title\":\"a\",\"title\":\"b\"}]}", 400,
	  "duplicate object key" },
	{ "/api/suggest", "{\"k\":1,\"k\":2,\"titles\":[\"a\"]}", 400, "duplicate object key" },
	{ "/api/suggest", "{\"titles\":[\"a\\u0000b\"]}", 400, "not JSON" },
	{ "/api/suggest", "{\"titles\":[\"\\ud800\"]}", 400, "not JSON" },
	{ "/api/suggest", "{\"titles\":[\"a\",7]}", 400, "must be an array of 1 to 1000 texts" },
	{ "/api/suggest", "{\"titles\":{\"0\":\"a\"}}", 400, "must be an array of" },
	{ "/api/suggest", "{\"titles\":[\"a\"],\"k\":\"3\"}", 400, "`k` must be a number" },
	{ "/api/suggest", "{\"titles\":[\"a\"],\"k\":3.5}", 400, "`k` must be a number" },
	{ "/api/suggest", "{\"titles\":[\"a\"],\"k\":1e9}", 400, "`k` must be a number" },
	{ "/api/suggest", "{\"titles\":[\"a\"],\"why\":1}", 400, "`why` must be a bool" },
	{ "/api/suggest", "{\"titles\":[\"a\"],\"title\":\"b\"}", 400, "unknown argument" },
	{ "/api/suggest?k=3", "{\"titles\":[\"a\"],\"k\":3}", 400, "`k` is given twice" },
	{ "/api/suggest", "null", 400, "not JSON" },
	/* on the pool */
	{ "/api/suggest", "{\"titles\":[\"a\",\"b\",\"c\",\"d\",\"boots\"],\"k\":1}", 200,
	  "{\"title\":\"boots\",\"normal\":\"boots\"," },
	{ "/api/suggest", "{\"titles\":[\"boots\"],\"k\":20}", 200, "\"results\":[{\"title\"" },
	{ "/api/suggest", "{\"items\":[\"a\"]}", 400, "element 0 is no object" },
	{ "/api/suggest", "{\"items\":[1]}", 400, "element 0 is no object" },
	{ "/api/suggest", "{\"items\":{}}", 400, "not an array" },
	{ "/api/suggest", "{\"items\":[]}", 400, "`items` is empty" },
	{ "/api/suggest", "{\"k\":3}", 400, "one of `titles` and `items`" },
	{ "/api/suggest", "{\"titles\":[\"a\"],\"items\":[]}", 400, "one of `titles` and `items`" },
};

/* What is too long or too many hears 413. */
static void long_titles(const struct world *w)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_add_text(&b, "/api/suggest?title=");
	for (int i = 0; i < 2001; i++)
		buf_add_char(&b, 'x');
	expect(w, "GET", b.p, NULL, 413, "`title` is longer than 2000 bytes");
	buf_clear(&b);
	buf_add_text(&b, "{\"titles\":[\"a\",\"");
	for (int i = 0; i < 2001; i++)
		buf_add_char(&b, 'x');
	buf_add_text(&b, "\"]}");
	expect(w, "POST", "/api/suggest", b.p, 413,
	       "the title of `titles[1]` is longer than 2000 bytes");
	buf_clear(&b);
	buf_add_text(&b, "{\"titles\":[\"a\"");
	for (int i = 0; i < 1000; i++)
		buf_add_text(&b, ",\"a\"");
	buf_add_text(&b, "]}");
	expect(w, "POST", "/api/suggest", b.p, 413, "`titles` has more than 1000");
	buf_done(&b);
}

static void expect_tcp(const struct world *w, const char *method, const char *target,
		       const char *body, int status, const char *part)
{
	struct reply r =
		ask_at(client_connect_tcp(INADDR_LOOPBACK, w->suggest_port), method, target, body);

	if (r.status != status || !says(&r, part))
		fail_msg("%s %s by TCP: wanted %d with %s, got %s", method, target, status, part,
			 r.bytes.p);
	buf_done(&r.bytes);
}

/* Suggestions and nothing else; so many titles, all in one request counted, and no
 * more until time has passed. */
static void the_port_of_suggestions(struct world *w)
{
	expect_tcp(w, "GET", "/api/suggest?title=boots", NULL, 200, "shoes.boots");
	expect_tcp(w, "POST", "/api/suggest", "{\"titles\":[\"boots\"]}", 200, "shoes.boots");
	expect_tcp(w, "GET", "/health", NULL, 200,
		   "\"model\":4,\"model_name\":\"toy-4\",\"fields\":[\"brand\",\"price\"]");
	expect_tcp(w, "GET", "/api/status", NULL, 404, "only /api/suggest, /health is answered");
	expect_tcp(w, "POST", "/api/train", NULL, 404, "only /api/suggest");
	expect_tcp(w, "DELETE", "/api/suggest", NULL, 405, "GET, HEAD, POST");
	w->conf->suggest_rate = 1.0 / 3600;
	expect_tcp(w, "POST", "/api/suggest", "{\"titles\":[\"boots\",\"boots\"]}", 200, "boots");
	expect_tcp(w, "GET", "/api/suggest?title=boots", NULL, 429, "\"code\":\"limited\"");
	expect_tcp(w, "GET", "/api/suggest?title=boots", NULL, 429, "\r\nRetry-After: 3");
	expect_tcp(w, "POST", "/api/suggest", "{\"titles\":[\"boots\"]}", 429, "suggest-rate");
	expect_tcp(w, "GET", "/health", NULL, 200, "\"ok\":true");
	expect(w, "GET", "/api/suggest?title=boots", NULL, 200, "shoes.boots");
	expect(w, "GET", "/metrics", NULL, 200, "piped_suggest_limited_total 3");
}

static void a_model_suggests(void **state)
{
	struct world *w = *state;
	struct rows r = { 0 };
	const struct classifier_rows rows = { &r, rewind_rows, next_row };
	const struct classifier_opt opt = { .seed = 1, .epochs = 5, .rate = 0.5, .min_rows = 1 };
	struct classifier_report report;
	struct reason why;
	char path[256];

	world_path(w, "model", path);
	if (classifier_train(&rows, &opt, path, &report, &why) ||
	    classifier_open(path, &w->model, &why))
		fail_msg("%s", why.text);
	w->view.model = w->model;
	w->view.model_id = 4;
	w->view.model_name = STR("toy-4");
	for (size_t i = 0; i < sizeof(suggests) / sizeof(suggests[0]); i++)
		expect(w, suggests[i].body ? "POST" : "GET", suggests[i].target, suggests[i].body,
		       suggests[i].status, suggests[i].part);
	long_titles(w);
	the_port_of_suggestions(w);
}

static void a_second_server_is_refused(void **state)
{
	struct world *w = *state;
	struct serve_at at = w->at;
	struct serve *second = NULL;
	struct reason why;
	uv_loop_t loop;
	char path[256];

	assert_int_equal(uv_loop_init(&loop), 0);
	assert_int_equal(serve_start(&loop, &w->at, w->store, &w->ops, &second, &why), ERR_BUSY);
	assert_null(second);
	/* the metrics' port alone: the socket file that was made is gone again */
	world_path(w, "other.sock", path);
	at.socket = path;
	assert_int_equal(serve_start(&loop, &at, w->store, &w->ops, &second, &why), ERR_BUSY);
	assert_non_null(strstr(why.text, "metrics-address"));
	assert_false(file_exists(path));
	assert_int_equal(uv_loop_close(&loop), 0);
	expect(w, "GET", "/api", NULL, 200, "routes");
}

/* Over TCP there are the metrics and nothing else. */
static void metrics_have_a_port(void **state)
{
	static const struct {
		const char *line;
		int status;
		const char *part;
	} asks[] = {
		{ "GET /metrics", 200, "piped_requests_total 7" },
		{ "GET /api/status", 404, "only /metrics is answered here" },
		{ "POST /api/sources/_all/pause", 404, "only /metrics" },
		{ "POST /metrics", 405, "GET, HEAD" },
	};
	const struct world *w = *state;
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)w->metrics_port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct buf b;

	buf_init(&b, 4096);
	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		struct reply r;

		assert_int_equal(connect(fd, (struct sockaddr *)&in, sizeof(in)), 0);
		buf_clear(&b);
		buf_fmt(&b, "%s HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n", asks[i].line);
		client_send(fd, buf_str(&b));
		r = client_read(fd);
		assert_int_equal(r.status, asks[i].status);
		assert_true(says(&r, asks[i].part));
		buf_done(&r.bytes);
	}
	buf_done(&b);
	expect(w, "GET", "/metrics", NULL, 200, "piped_api_requests_total{class=\"4xx\"} 3\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_up, world_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(requests_are_answered),
		TEST(metrics_have_a_port),
		TEST(arguments_reach_the_daemon),
		TEST(addresses_are_asked_for),
		TEST(families_are_split_and_merged),
		TEST(decisions_are_written_and_undone),
		TEST(long_bodies_are_refused),
		TEST(bodies_have_one_end),
		TEST(connections_of_one_address_are_bounded),
		TEST(endless_bodies_are_cut),
		TEST(long_bodies_have_a_bound_in_common),
		TEST(many_arguments_are_refused),
		TEST(slow_clients_hold_up_nobody),
		TEST(slow_work_holds_up_only_its_line),
		TEST(a_full_line_is_an_answer),
		TEST(clients_that_leave_are_forgotten),
		TEST(connections_are_kept),
		TEST(stopping_finishes_requests),
		TEST(a_model_suggests),
		TEST(a_second_server_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
