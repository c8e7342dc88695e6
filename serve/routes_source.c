#include "serve/api.h"
#include "serve/routes.h"

#define TRIAL_BYTES (32 << 20)

static const struct route_param source_name[] = { { .name = "name",
						    .in = ROUTE_PATH,
						    .max = 200,
						    .required = true,
						    .doc = "The source; `_all`: every one." },
						  ROUTE_END };

static const struct route_param trial[] = {
	{ .name = "name", .in = ROUTE_PATH, .max = 200, .required = true, .doc = "The source." },
	{ .name = "url",
	  .in = ROUTE_ARG,
	  .max = ROUTE_URL_MOST,
	  .doc = "The page: the newest one of this address in the archive; with a page in the "
		 "body, that page's address." },
	{ .name = "listing",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = ROUTE_ID_MOST,
	  .doc = "The page that showed this listing last: its row number." },
	{ .name = "ext_id", .in = ROUTE_ARG, .max = 200, .doc = "The same by the site's own id." },
	{ .name = "kind",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .doc = "Its page kind, where neither the address nor the archive tells." },
	{ .name = "config",
	  .in = ROUTE_ARG,
	  .max = 1024,
	  .doc = "What the source's file in the body is called in messages." },
	{ .name = "config_bytes",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = TRIAL_BYTES,
	  .def = "0",
	  .doc = "So many first bytes of the body are a source's file, used for this page only; "
		 "the rest, if any, is the page." },
	{ .name = "limit",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = 5000,
	  .def = "20",
	  .doc = "At most so many listings." },
	{ .name = "fetch",
	  .in = ROUTE_ARG,
	  .type = ROUTE_BOOL,
	  .doc = "An address that the archive does not have is no error: the answer is "
		 "`archived` false, and the source `crawl_as` that `POST /api/crawl` fetches it "
		 "by." },
	ROUTE_END,
};

static const struct route_param draft[] = {
	{ .name = "url",
	  .in = ROUTE_ARG,
	  .max = ROUTE_URL_MOST,
	  .doc = "The page: the newest one of this address in the archive; with a page in the "
		 "body, that page's address." },
	{ .name = "name",
	  .in = ROUTE_ARG,
	  .max = 64,
	  .doc = "What the source is called; without it, after the address's host." },
	ROUTE_END,
};

static const struct route_param of_source[] = {
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only of this source." }, ROUTE_END
};

static const struct route_param rejected_list[] = {
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only of this source." },
	{ .name = "field",
	  .in = ROUTE_ARG,
	  .max = 40,
	  .doc = "Only because of this field of a listing." },
	{ .name = "reason",
	  .in = ROUTE_ARG,
	  .type = ROUTE_CHOICE,
	  .choices = REJECT_CHOICES,
	  .doc = "Only for this reason." },
	{ .name = "limit",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = 1000,
	  .def = "50",
	  .doc = "At most so many records." },
	ROUTE_END
};

static const struct route_param drift_accept[] = {
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .required = true, .doc = "The source." },
	{ .name = "kind", .in = ROUTE_ARG, .max = 200, .doc = "Only pages of this kind." },
	ROUTE_END
};

static const struct route_param window_parts[] = {
	{ .name = "name", .in = ROUTE_PATH, .max = 200, .required = true, .doc = "The source." },
	{ .name = "n",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = 100000,
	  .def = "50",
	  .doc = "How many lists and parts are shown." },
	ROUTE_END
};

static const struct route rows[] = {
	{ .method = "GET",
	  .path = "/api",
	  .last = api_steer_routes,
	  .doc = "This list, for programs.",
	  .answer = "{routes: [{method, path, doc, answer, params: [...]}], errors}",
	  .example = "/api" },
	{ .method = "GET",
	  .path = "/api/status",
	  .first = api_status_first,
	  .work = api_status_work,
	  .doc = "How the daemon fares: what the daemon tells (uptime, hosts and why each waits, "
		 "rates, model, disk), then jobs by state, tallies, the review queue, open "
		 "alarms, sources and the last troubles.",
	  .answer = "{..., jobs, tallies, review_queue, links_refused, rejected: [{source, reason, "
		    "doc, times}], alarms: [{(as in /api/drift)}], sources: [{source, paused, "
		    "jobs, tallies, next_due}], troubles: [{job, page, at, source, url, what, "
		    "reason}]}",
	  .example = "/api/status" },
	{ .method = "GET",
	  .path = "/api/sources",
	  .work = api_status_sources,
	  .doc = "Every source of the configuration and of the database, with its counts.",
	  .answer = "{sources: [{source, title, configured, enabled, missing, hosts, rate, "
		    "concurrency, "
		    "paused, jobs, tallies, next_due}]}",
	  .example = "/api/sources" },
	{ .method = "GET",
	  .path = "/api/refused",
	  .params = of_source,
	  .work = api_refused_list,
	  .doc = "Addresses on pages that became no job: how many for each reason, and the newest "
		 "one. By source, the most frequent reason first.",
	  .answer = "{refused: [{source, reason, doc, times, last, url}]}",
	  .example = "/api/refused?source=bunjang" },
	{ .method = "GET",
	  .path = "/api/rejected",
	  .params = rejected_list,
	  .work = api_rejected_list,
	  .doc = "Records on pages that became no listing: how many for each reason, and those "
		 "that "
		 "are kept, the newest first. What a newer page accepts is no longer among them.",
	  .answer =
		  "{counts: [{source, reason, doc, times}], rejected: [{source, page, url, place, "
		  "ext_id, field, reason, value, why, excerpt, seen}]}",
	  .example = "/api/rejected?source=bunjang&field=price" },
	{ .method = "GET",
	  .path = "/api/drift",
	  .params = of_source,
	  .first = api_drift_first,
	  .work = api_drift_work,
	  .doc = "What pages of each kind usually are, as learned; and alarms: where they no "
		 "longer "
		 "were, by more than chance. The open ones first, then those that are over.",
	  .answer = "{kinds: [{source, page_kind, watched, pages, statistics: [{statistic, usual, "
		    "value, sample, state}]}], alarms: [{source, page_kind, statistic, what, page, "
		    "url, raised, ended, ended_by}]}",
	  .example = "/api/drift?source=bunjang" },
	{ .method = "POST",
	  .path = "/api/drift/accept",
	  .params = drift_accept,
	  .last = api_drift_accept,
	  .doc = "What the pages show now is usual: their alarms end, and all is learned again.",
	  .answer = "{accepted}",
	  .example = "/api/drift/accept?source=bunjang" },
	{ .method = "GET",
	  .path = "/api/windows",
	  .work = api_window_sums,
	  .doc = "What can be had of lists that show only a window of their results, by source: "
		 "lists, the parts that they were split into, parts that wait, and results. "
		 "`unreachable` is at most: what the totals leave open counts.",
	  .answer = "{sources: [{source, lists, parts, waiting, total, reached, unreachable}]}",
	  .example = "/api/windows" },
	{ .method = "GET",
	  .path = "/api/windows/{name}",
	  .params = window_parts,
	  .work = api_window_parts,
	  .doc = "The lists and parts of one source, those that leave most unreachable first.",
	  .answer = "{source, lists, parts, waiting, total, reached, unreachable, shown: [{job, "
		    "parent, seed, vars, total, window, says, parts, own, lost, reason, seen}]}",
	  .example = "/api/windows/bunjang" },
	{ .method = "POST",
	  .path = "/api/sources/{name}/run",
	  .params = source_name,
	  .last = api_steer_run,
	  .doc = "Makes the source's seeds due now.",
	  .answer = "{source, action}",
	  .example = "/api/sources/bunjang/run" },
	{ .method = "POST",
	  .path = "/api/sources/{name}/pause",
	  .params = source_name,
	  .last = api_steer_pause,
	  .doc = "Asks the source's hosts nothing more until resumed; survives a restart.",
	  .answer = "{source, action}",
	  .example = "/api/sources/_all/pause" },
	{ .method = "POST",
	  .path = "/api/sources/{name}/resume",
	  .params = source_name,
	  .last = api_steer_resume,
	  .doc = "Ends a pause.",
	  .answer = "{source, action}",
	  .example = "/api/sources/_all/resume" },
	{ .method = "POST",
	  .path = "/api/sources/{name}/test",
	  .params = trial,
	  .work = api_trial_work,
	  .bytes = TRIAL_BYTES,
	  .doc = "Reads a page with the rules of now, or those in the body, and shows what each "
		 "selector finds beside what is stored. No request is made, nothing is stored. "
		 "The body is no JSON: the rules, the page, both, or nothing.",
	  .answer = "{source, config, problems: [{file, line, column, text}], page_kind, format, "
		    "url, page, last_good, listing, unreadable, kept, skipped, rejected, "
		    "fields: [{field, selector, language, file, line, column, required, found}], "
		    "parts: [{name, selector, language, file, line, column}], listings: [{end, "
		    "ext_id, reason, flags, stored, stored_seen, fields: [{field, raw, value, "
		    "reader, required, missing, unclear, changed, was}]}], more, last, total, "
		    "cursor, "
		    "canonical, values, links, some_links: [{url, page, next}], good}; with "
		    "problems only the first three and good",
	  .example = "/api/sources/bunjang/test?ext_id=297567501" },
	{ .method = "POST",
	  .path = "/api/sources/draft",
	  .params = draft,
	  .work = api_draft_work,
	  .bytes = TRIAL_BYTES,
	  .doc = "Drafts a source's file from a page: what the page says of itself, its repeated "
		 "markup and the records of its JSON are each tried on it, and the way that finds "
		 "most is written down. No request is made, nothing is stored. `best` null: no way "
		 "finds listings, and `yaml` is null, too; `archived` false: the archive does not "
		 "have the page, and `POST /api/crawl` of source `crawl_as` fetches it.",
	  .answer = "{archived, url, page, source, yaml, best: {format, what, trouble, listings, "
		    "rejected, skipped, fields: [{field, found, sample, reader}]}, others: "
		    "[{...}]}; or {archived, url, crawl_as}",
	  .example = "/api/sources/draft?url=https%3A%2F%2Fmarket.example%2Flist" },
};
const struct routes routes_source = { rows, sizeof(rows) / sizeof(rows[0]) };
