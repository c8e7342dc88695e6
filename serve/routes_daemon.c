#include "serve/api.h"
#include "serve/routes.h"

static const struct route_param log_lines[] = {
	{ .name = "level",
	  .in = ROUTE_ARG,
	  .type = ROUTE_CHOICE,
	  .choices = "info|warn|error",
	  .def = "info",
	  .doc = "This level and above." },
	{ .name = "n",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = LOG_KEPT,
	  .def = "100",
	  .doc = "At most so many, the newest." },
	ROUTE_END,
};

static const struct route_param config[] = {
	{ .name = "format",
	  .in = ROUTE_ARG,
	  .type = ROUTE_CHOICE,
	  .choices = "json|yaml",
	  .def = "json",
	  .doc = "yaml: as files are written, with the documentation as comments." },
	ROUTE_END,
};

static const struct route_param retry[] = {
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only of this source." },
	{ .name = "state",
	  .in = ROUTE_ARG,
	  .max = 60,
	  .doc = "States to retry, joined by commas: failed, gone, refused, done. Without it "
		 "failed, or with `job` or `url` any." },
	{ .name = "host",
	  .in = ROUTE_ARG,
	  .max = 260,
	  .doc = "Only at this host, with its :port unless the scheme's own." },
	{ .name = "reason",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .doc = "Only those whose reason holds this text." },
	{ .name = "url",
	  .in = ROUTE_ARG,
	  .max = ROUTE_URL_MOST,
	  .doc = "Only the job of this address." },
	{ .name = "job",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ROUTE_ID_MOST,
	  .def = "0",
	  .doc = "Only this job; 0: all." },
	ROUTE_END,
};

static const struct route_param crawl[] = {
	{ .name = "urls",
	  .in = ROUTE_BODY,
	  .type = ROUTE_TEXTS,
	  .min = 1,
	  .max = 1000,
	  .required = true,
	  .doc = "Absolute http or https addresses." },
	{ .name = "source",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .doc = "Whose they are; without it the one enabled source in whose scope each is." },
	{ .name = "page",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .doc = "Their page kind; without it as the source's seeds and the `match` of its "
		 "links tell." },
	ROUTE_END,
};

static const struct route_param why[] = {
	{ .name = "url",
	  .in = ROUTE_ARG,
	  .max = ROUTE_URL_MOST,
	  .required = true,
	  .doc = "An absolute http or https address." },
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only for this source." },
	ROUTE_END,
};

static const struct route rows[] = {
	{ .method = "GET",
	  .path = "/api/config",
	  .work = api_status_config,
	  .doc = "The effective configuration with its documentation.",
	  .params = config,
	  .answer = "{file, keys: [{key, value, default, wants, doc}], sources, taxonomy: {name, "
		    "version, categories, leaves, mappings}, rules: {count, version}}, or YAML",
	  .example = "/api/config" },
	{ .method = "POST",
	  .path = "/api/reload",
	  .last = api_steer_reload,
	  .doc = "Reads the configuration again; a faulty one is refused and the old one stays.",
	  .answer = "{reloaded}",
	  .example = "/api/reload" },
	{ .method = "POST",
	  .path = "/api/retry",
	  .params = retry,
	  .work = api_steer_retry_find,
	  .last = api_steer_retry,
	  .doc = "Makes jobs that ended due again.",
	  .answer = "{source, jobs}",
	  .example = "/api/retry?source=bunjang&state=failed,gone" },
	{ .method = "POST",
	  .path = "/api/crawl",
	  .params = crawl,
	  .work = api_crawl_work,
	  .last = api_crawl_last,
	  .doc = "Asks for addresses once, now, before all others of their hosts: through "
		 "robots.txt, rates, archive and extraction as any other. All of them, or none "
		 "when one cannot be.",
	  .answer = "{new, jobs: [{job, source, page, url, newest_page}]}",
	  .example = "/api/crawl",
	  .body = "{\"urls\": [\"https://api.bunjang.co.kr/api/1/find_v2.json?page=0\"]}" },
	{ .method = "GET",
	  .path = "/api/why",
	  .params = why,
	  .work = api_why_work,
	  .last = api_why_last,
	  .doc = "Why an address has or has not been fetched, and about when it will be: for "
		 "every source in whose scope it is or that has a job of it, else for all.",
	  .answer =
		  "{url, sources: [{source, code, answer, when, configured, enabled, paused, key, "
		  "in_scope, out_of_scope, page_kind, held, step, robots: {state, allowed, line, "
		  "rule, answer, asked, until, delay_ms}, host: {host, why, why_doc, until, "
		  "running, rate, troubles, trouble, ahead}, job: {..., visit}, page}], answer}",
	  .example = "/api/why?url=https://market.example/item/71" },
	{ .method = "GET",
	  .path = "/api/log",
	  .params = log_lines,
	  .work = api_status_log,
	  .doc = "The newest log lines, oldest first.",
	  .answer = "{lines: [{at, level, text}]}",
	  .example = "/api/log?level=warn" },
	{ .method = "GET",
	  .path = "/metrics",
	  .doors = ROUTE_METRICS,
	  .first = api_status_metrics_first,
	  .work = api_status_metrics,
	  .doc = "Tallies, jobs, sources, hosts, stages and the process in Prometheus' text "
		 "format.",
	  .answer = "text",
	  .example = "/metrics" },
};
const struct routes routes_daemon = { rows, sizeof(rows) / sizeof(rows[0]) };
