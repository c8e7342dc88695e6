#include "serve/api.h"
#include "serve/body.h"
#include "serve/suggest_ask.h"

#define ID_MOST ((int64_t)1 << 53)
#define URL_TEXT_MOST 8192
#define TRIAL_BYTES (32 << 20)
#define END                                                                                        \
	{                                                                                          \
		.name = NULL                                                                       \
	}

#define ROW_ID                                                                                     \
	{                                                                                          \
		.name = "id", .in = ROUTE_PATH, .type = ROUTE_INT, .min = 1, .max = ID_MOST,       \
		.required = true, .doc = "Row number."                                             \
	}
static const struct route_param listing_list[] = {
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only of this source." },
	{ .name = "category",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .doc = "Only with this label: a code of the taxonomy." },
	{ .name = "text",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .doc = "Only with these words in the title." },
	{ .name = "state",
	  .in = ROUTE_ARG,
	  .max = 20,
	  .doc = "Only in this state: selling, reserved, sold, unknown." },
	{ .name = "flag", .in = ROUTE_ARG, .max = 40, .doc = "Only with this flag." },
	{ .name = "family",
	  .in = ROUTE_ARG,
	  .max = 16,
	  .doc = "Only of this duplicate family: 16 hexadecimal digits." },
	{ .name = "review",
	  .in = ROUTE_ARG,
	  .type = ROUTE_BOOL,
	  .def = "false",
	  .doc = "Only what waits for a person, most urgent first; no cursor then." },
	{ .name = "after",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ID_MOST,
	  .def = "0",
	  .doc = "Only ids past this one: `next` of the answer before." },
	{ .name = "limit",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = 1000,
	  .def = "50",
	  .doc = "At most so many." },
	END,
};

static const struct route_param listing_one[] = {
	{ .name = "id",
	  .in = ROUTE_PATH,
	  .max = 20,
	  .required = true,
	  .doc = "Row number, or `-` when `source` and `ext_id` name it." },
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "With `ext_id`: its source." },
	{ .name = "ext_id", .in = ROUTE_ARG, .max = 200, .doc = "The site's own id." },
	END,
};

static const struct route_param family_of[] = {
	{ .name = "id",
	  .in = ROUTE_PATH,
	  .max = 20,
	  .required = true,
	  .doc = "Row number, or `-` when `source` and `ext_id` name it." },
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "With `ext_id`: its source." },
	{ .name = "ext_id", .in = ROUTE_ARG, .max = 200, .doc = "The site's own id." },
	{ .name = "limit",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = 1000,
	  .def = "100",
	  .doc = "At most so many members." },
	END,
};

static const struct route_param row_id[] = { ROW_ID, END };
static const struct route_param model_name[] = { { .name = "name",
						   .in = ROUTE_PATH,
						   .max = 200,
						   .required = true,
						   .doc = "The model, by name or number." },
						 END };
static const struct route_param evaluate[] = {
	{ .name = "model",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .doc = "The model, by name or number; without it the live one." },
	{ .name = "labels",
	  .in = ROUTE_ARG,
	  .type = ROUTE_CHOICE,
	  .choices = "reviewed|all|seller",
	  .doc = "Whose labels are the truth: a person's, all, what the seller's own category "
		 "maps to. Without it reviewed ones, or all while fewer than 100 are reviewed." },
	END,
};
static const struct route_param evaluate_state[] = { ROW_ID,
						     { .name = "format",
						       .in = ROUTE_ARG,
						       .type = ROUTE_CHOICE,
						       .choices = "json|text|html",
						       .def = "json",
						       .doc = "text, html: the finished report "
							      "alone." },
						     END };
static const struct route_param source_name[] = { { .name = "name",
						    .in = ROUTE_PATH,
						    .max = 200,
						    .required = true,
						    .doc = "The source; `_all`: every one." },
						  END };

static const struct route_param trial[] = {
	{ .name = "name", .in = ROUTE_PATH, .max = 200, .required = true, .doc = "The source." },
	{ .name = "url",
	  .in = ROUTE_ARG,
	  .max = URL_TEXT_MOST,
	  .doc = "The page: the newest one of this address in the archive; with a page in the "
		 "body, that page's address." },
	{ .name = "listing",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = ID_MOST,
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
	END,
};

static const struct route_param draft[] = {
	{ .name = "url",
	  .in = ROUTE_ARG,
	  .max = URL_TEXT_MOST,
	  .doc = "The page: the newest one of this address in the archive; with a page in the "
		 "body, that page's address." },
	{ .name = "name",
	  .in = ROUTE_ARG,
	  .max = 64,
	  .doc = "What the source is called; without it, after the address's host." },
	END,
};

static const struct route_param of_source[] = {
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only of this source." }, END
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
	END
};

static const struct route_param drift_accept[] = {
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .required = true, .doc = "The source." },
	{ .name = "kind", .in = ROUTE_ARG, .max = 200, .doc = "Only pages of this kind." },
	END
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
	END
};

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
	END,
};

static const struct route_param config[] = {
	{ .name = "format",
	  .in = ROUTE_ARG,
	  .type = ROUTE_CHOICE,
	  .choices = "json|yaml",
	  .def = "json",
	  .doc = "yaml: as files are written, with the documentation as comments." },
	END,
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
	  .max = URL_TEXT_MOST,
	  .doc = "Only the job of this address." },
	{ .name = "job",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ID_MOST,
	  .def = "0",
	  .doc = "Only this job; 0: all." },
	END,
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
	END,
};

static const struct route_param why[] = {
	{ .name = "url",
	  .in = ROUTE_ARG,
	  .max = URL_TEXT_MOST,
	  .required = true,
	  .doc = "An absolute http or https address." },
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only for this source." },
	END,
};

#define K                                                                                          \
	{                                                                                          \
		.name = "k", .in = ROUTE_ARG, .type = ROUTE_INT, .min = 1, .max = 20, .def = "3",  \
		.doc = "How many categories a title."                                              \
	}

#define WHY                                                                                        \
	{                                                                                          \
		.name = "why", .in = ROUTE_ARG, .type = ROUTE_BOOL, .def = "true",                 \
		.doc = "Whether to tell the parts of the title that argue for each category."      \
	}

#define FIELD(field, text)                                                                         \
	{                                                                                          \
		.name = field, .in = ROUTE_ARG, .max = SUGGEST_ASK_FIELD, .doc = text              \
	}
static const struct route_param suggest[] = {
	{ .name = "title",
	  .in = ROUTE_ARG,
	  .max = SUGGEST_ASK_TITLE,
	  .required = true,
	  .doc = "A listing's title, as a seller writes it." },
	K,
	WHY,
	FIELD("brand", "Its brand. This and those below: only what the live model was trained "
		       "with (`model-fields` of piped.yaml; `fields` of `/health`)."),
	FIELD("price", "A number, in the currency that the model was trained with."),
	FIELD("source", "The source's name."),
	FIELD("source-category", "The source's own category."),
	END,
};

static const struct route_param suggest_many[] = {
	{ .name = "titles",
	  .in = ROUTE_BODY,
	  .type = ROUTE_TEXTS,
	  .min = 1,
	  .max = BODY_TEXTS_MOST,
	  .doc = "Listings' titles, none empty, each to 2000 bytes." },
	{ .name = "items",
	  .in = ROUTE_BODY,
	  .type = ROUTE_ANY,
	  .max = BODY_BYTES,
	  .doc = "Instead of `titles`, 1 to 1000 objects: `title`, and what is known beside it, "
		 "texts and numbers by name: brand, price, source, source-category, as far as the "
		 "live model was trained with them (`fields` of `/health`); null: not known." },
	K,
	WHY,
	END,
};

static const struct route_param family_change[] = {
	{ .name = "action",
	  .in = ROUTE_ARG,
	  .type = ROUTE_CHOICE,
	  .choices = "split|merge",
	  .required = true,
	  .doc = "split: the listing leaves its family, with all of its title where likeness or a "
		 "person brought the title in; merge: its whole family joins that of `into`." },
	{ .name = "listing",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = ID_MOST,
	  .required = true,
	  .doc = "Row number." },
	{ .name = "into",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = ID_MOST,
	  .doc = "A listing of the family that stays; of merge." },
	{ .name = "who", .in = ROUTE_ARG, .max = 64, .required = true, .doc = "Who decides." },
	END,
};

static const struct route_param review_next[] = {
	{ .name = "n",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = 50,
	  .def = "10",
	  .doc = "At most so many." },
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only of this source." },
	{ .name = "who", .in = ROUTE_ARG, .max = 100, .doc = "Without what this person skipped." },
	END,
};

static const struct route_param review[] = {
	{ .name = "action",
	  .in = ROUTE_ARG,
	  .type = ROUTE_CHOICE,
	  .choices = "accept|keep|choose|skip|undo",
	  .required = true,
	  .doc = "accept a suggestion, keep the seller's category, choose another, skip, or "
		 "undo." },
	{ .name = "listing",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ID_MOST,
	  .def = "0",
	  .doc = "Row number; undo without one takes back the newest decision of `who`." },
	{ .name = "category",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .doc = "Code of the taxonomy; without it accept means the first suggestion and keep "
		 "where the seller put it (the label, when the mapping says nothing closer)." },
	{ .name = "who", .in = ROUTE_ARG, .max = 64, .required = true, .doc = "Who decides." },
	{ .name = "shown",
	  .in = ROUTE_BODY,
	  .type = ROUTE_ANY,
	  .max = 4096,
	  .doc = "What the person saw, kept with the decision." },
	END,
};

static const struct route_param search[] = {
	{ .name = "text",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .required = true,
	  .doc = "Part of a code, name or alias." },
	{ .name = "limit",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = 50,
	  .def = "20",
	  .doc = "At most so many, best first." },
	END,
};

#define SINCE                                                                                      \
	{                                                                                          \
		.name = "since_ms", .in = ROUTE_ARG, .type = ROUTE_INT, .max = ID_MOST,            \
		.def = "0", .doc = "Only fetched since then: milliseconds since 1970."             \
	}
#define PART                                                                                       \
	{                                                                                          \
		.name = "part", .in = ROUTE_ARG, .type = ROUTE_CHOICE,                             \
		.choices = "record|headers|body|decoded", .def = "record",                         \
		.doc = "headers: the HTTP head; body: as it came; decoded: without its "           \
		       "content-encoding."                                                         \
	}
static const struct route_param page_list[] = {
	{ .name = "url",
	  .in = ROUTE_ARG,
	  .max = 4096,
	  .doc = "Only such addresses; * stands for any text." },
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only of this source." },
	{ .name = "kind", .in = ROUTE_ARG, .max = 200, .doc = "Only of this page kind." },
	SINCE,
	{ .name = "after",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ID_MOST,
	  .def = "0",
	  .doc = "Only ids past this one: `next` of the answer before." },
	{ .name = "limit",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = 1000,
	  .def = "50",
	  .doc = "At most so many." },
	END,
};
static const struct route_param page_record[] = { ROW_ID, PART, END };
static const struct route_param record[] = {
	{ .name = "url",
	  .in = ROUTE_ARG,
	  .max = 4096,
	  .doc = "The newest page of this address, as it was asked for." },
	{ .name = "file", .in = ROUTE_ARG, .max = 200, .doc = "Or: a segment." },
	{ .name = "offset",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ID_MOST,
	  .def = "0",
	  .doc = "And where the record begins in it." },
	PART,
	END,
};
static const struct route_param archive_size[] = {
	{ .name = "keep_ms",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ID_MOST,
	  .doc = "As if records were kept so long; 0: for ever." },
	{ .name = "max_bytes",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ID_MOST,
	  .doc = "As if the archive took so much at most; 0: any." },
	END,
};
static const struct route_param verify[] = {
	{ .name = "files",
	  .in = ROUTE_BODY,
	  .type = ROUTE_TEXTS,
	  .max = 1000,
	  .doc = "Only these files, by paths that the daemon can read; any WARC file." },
	END,
};
static const struct route_param import[] = {
	{ .name = "file",
	  .in = ROUTE_ARG,
	  .max = 4096,
	  .required = true,
	  .doc = "A WARC file, by a path that the daemon can read." },
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only addresses of this source." },
	{ .name = "kind",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .doc = "With `source`: the page kind of all of them. Else seeds, links' `match` and "
		 "stored jobs tell." },
	END,
};
static const struct route_param reprocess[] = {
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only of this source." },
	{ .name = "kind", .in = ROUTE_ARG, .max = 200, .doc = "Only of this page kind." },
	SINCE,
	END,
};

static const struct route_param export_start[] = {
	{ .name = "format",
	  .in = ROUTE_ARG,
	  .type = ROUTE_CHOICE,
	  .choices = "jsonl|csv|tsv|fasttext",
	  .def = "jsonl",
	  .doc = "Format of the rows." },
	{ .name = "gzip",
	  .in = ROUTE_ARG,
	  .type = ROUTE_BOOL,
	  .def = "false",
	  .doc = "Compress the row files." },
	{ .name = "all",
	  .in = ROUTE_ARG,
	  .type = ROUTE_BOOL,
	  .def = "false",
	  .doc = "Also flagged and unlabeled listings." },
	END,
};

static const struct route_param export_file[] = { ROW_ID,
						  { .name = "name",
						    .in = ROUTE_PATH,
						    .max = 200,
						    .required = true,
						    .doc = "Name of the file." },
						  END };

const struct route routes[] = {
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
	{ .method = "GET",
	  .path = "/api/listings",
	  .params = listing_list,
	  .work = api_listing_list,
	  .doc = "Listings in the order of their ids. `next` goes into `after` for more; null at "
		 "the end. `brand` and `condition` are what the site says; `title_core` is "
		 "`title_clean` "
		 "without what says something of the offer alone; `title_marks` is what "
		 "the "
		 "title says: an object of lists `brand`, `model`, `size`, `storage`, of "
		 "`condition`, "
		 "`shipping`, `status`, and of `negotiable`, `urgent`, `direct`, `authentic`, "
		 "`safe-payment`, true or false; without what it does not say, null for nothing. "
		 "`images` has `image` first, `category_path` the levels of the site's category "
		 "from the root down (of one without levels that one), `attributes` texts by the "
		 "site's own names; each null for none.",
	  .answer = "{listings: [{id, source, ext_id, url, title, title_clean, title_core, "
		    "title_marks, price, "
		    "currency, "
		    "image, images: [url], source_category, category_path: [level], brand, "
		    "condition, location, attributes: {name: value}, state, "
		    "state_since, flags, flag_reason, posted, updated, first_seen, last_seen, "
		    "family, "
		    "family_size, split, "
		    "label: {id, category, ko, en, by, who, confidence, version, made, why}, "
		    "suggestions: [{category, ko, en, p}], model, review_score}], next}",
	  .example = "/api/listings?source=bunjang&limit=2" },
	{ .method = "GET",
	  .path = "/api/listings/{id}",
	  .params = listing_one,
	  .work = api_listing_one,
	  .doc = "One listing with its description, votes, log of labels, history and image.",
	  .answer = "{listing: {..., description, page, record, versions}, votes: [{rule, "
		    "category, ko, en, weight}], labels: [{..., undone}], history: [{seen, page, "
		    "field, was, now}], image_file: {job, url, state, reason, kept, path, sha256, "
		    "type, bytes, width, height}}",
	  .example = "/api/listings/-?source=bunjang&ext_id=200000001" },
	{ .method = "GET",
	  .path = "/api/listings/{id}/family",
	  .params = family_of,
	  .work = api_family_of,
	  .doc = "A listing's duplicate family: its members in the order in which they were first "
		 "stored, how each came in, and what people did to it.",
	  .answer = "{listing, family, size, split, members: [{id, source, ext_id, title, "
		    "joined_by, alike, picture, state, first_seen}], events: [{id, made, who, "
		    "action, "
		    "listing, was, family, moved}]}",
	  .example = "/api/listings/812/family" },
	{ .method = "POST",
	  .path = "/api/families",
	  .params = family_change,
	  .last = api_family_change,
	  .doc = "Splits a duplicate family or merges two. Nothing automatic undoes it. Answered "
		 "when it is committed.",
	  .answer = "{action, listing, family, moved}",
	  .example = "/api/families",
	  .body = "{\"action\": \"split\", \"listing\": 812, \"who\": \"reviewer\"}" },
	{ .method = "GET",
	  .path = "/api/trace/listing/{id}",
	  .params = listing_one,
	  .work = api_trace_listing,
	  .doc = "Where a listing came from: all of the above, its duplicate family (20 at most), "
		 "the page that showed it last with its WARC record, the jobs up to the seed.",
	  .answer = "{listing, votes, labels, history, image_file, family: [{id, source, ext_id, "
		    "title, url, "
		    "state}], page: {id, job, source, kind, url, fetched, status, content_type, "
		    "wire_bytes, body_bytes, body_hash, state, reason, extract_version, items, "
		    "skipped, rejected, listings, record: {file, offset, bytes}, same_as, "
		    "import: {id, file, offset}}, jobs: "
		    "[{id, "
		    "source, page, url, key, host, body, vars, seed, parent, depth, priority, "
		    "state, due, "
		    "attempts, reason, visit: {page, visits, changes, interval_s, held, changed, "
		    "etag, last_modified}}], seed: {index, page, url, file, line}}",
	  .example = "/api/trace/listing/812" },
	{ .method = "GET",
	  .path = "/api/trace/page/{id}",
	  .params = row_id,
	  .work = api_trace_page,
	  .doc = "A page, its record, its rejected records, the jobs up to the seed.",
	  .answer = "{page, rejected_counts, rejected: [(as in /api/rejected)], jobs, seed}",
	  .example = "/api/trace/page/71" },
	{ .method = "GET",
	  .path = "/api/trace/job/{id}",
	  .params = row_id,
	  .work = api_trace_job,
	  .doc = "A job, the jobs up to the seed, its pages (20 at most, newest first).",
	  .answer = "{jobs, seed, pages}",
	  .example = "/api/trace/job/5" },
	{ .method = "GET",
	  .path = "/api/pages",
	  .params = page_list,
	  .work = api_archive_pages,
	  .doc = "Responses in the order they were stored, and where their records lie.",
	  .answer = "{pages: [{id, source, page_kind, url, status, state, fetched, record, "
		    "removed, removed_by, ...}], "
		    "next}",
	  .example = "/api/pages?url=*/products/*&limit=10" },
	{ .method = "GET",
	  .path = "/api/pages/{id}/record",
	  .params = page_record,
	  .work = api_archive_page_record,
	  .doc = "The page's WARC record, decompressed, or a part of it. 410: it was removed from "
		 "the archive.",
	  .answer = "bytes",
	  .example = "/api/pages/71/record" },
	{ .method = "GET",
	  .path = "/api/record",
	  .params = record,
	  .work = api_archive_record,
	  .doc = "A WARC record by its address or by its place, decompressed, or a part of it.",
	  .answer = "bytes",
	  .example = "/api/record?file=piped-000001.warc.gz&offset=1063" },
	{ .method = "GET",
	  .path = "/api/archive/size",
	  .params = archive_size,
	  .work = api_archive_size,
	  .doc = "What the archive takes, since when, and which segments `archive-keep` and "
		 "`archive-max` would remove now: of what is configured, or what is asked. Nothing "
		 "is removed by it. `age_ms`: since it was closed, as the archive counts time. "
		 "`would_keep`: segments that stay all the same, as a page of theirs shows an open "
		 "drift warning. `over_bytes`: than `max_bytes` when all is removed that can be.",
	  .answer = "{segments, bytes, oldest, keep_ms, max_bytes, would_remove_bytes, "
		    "would_remove: [{file, bytes, age_ms, by}], would_keep: [{file, bytes, age_ms, "
		    "by, page}], over_bytes, removed_segments, removed_bytes, removed_last}",
	  .example = "/api/archive/size?keep_ms=7776000000" },
	{ .method = "POST",
	  .path = "/api/archive/verify",
	  .params = verify,
	  .last = api_archive_verify,
	  .doc = "Starts to check segments, digests, and that every page's record is there; or "
		 "files.",
	  .answer = "{started}",
	  .example = "/api/archive/verify" },
	{ .method = "GET",
	  .path = "/api/archive/verify",
	  .last = api_archive_verify_state,
	  .doc = "How far that is, and what came of it.",
	  .answer = "{state, bytes, done_bytes, records, pages, files, digests_right, "
		    "digests_wrong, digests_unchecked, warnings, damages, pages_wrong, "
		    "pages_removed, problems, "
		    "problem: [{file, offset, page, what}], error}",
	  .example = "/api/archive/verify" },
	{ .method = "POST",
	  .path = "/api/archive/index",
	  .last = api_archive_index,
	  .doc = "Starts to write a CDXJ index beside every segment that has none, or an older "
		 "one.",
	  .answer = "{started}",
	  .example = "/api/archive/index" },
	{ .method = "GET",
	  .path = "/api/archive/index",
	  .last = api_archive_index_state,
	  .doc = "How far that is.",
	  .answer = "{state, bytes, done_bytes, files, lines, damages, problems, error}",
	  .example = "/api/archive/index" },
	{ .method = "POST",
	  .path = "/api/archive/import",
	  .params = import,
	  .last = api_archive_import,
	  .doc = "Starts to take the responses of a WARC file as if they had been fetched.",
	  .answer = "{started}",
	  .example = "/api/archive/import",
	  .body = "{\"file\": \"/var/lib/piped/crawl.warc.gz\"}" },
	{ .method = "POST",
	  .path = "/api/archive/import/stop",
	  .last = api_archive_import_stop,
	  .doc = "Gives the import up; the pages that it brought stay.",
	  .answer = "{stopped}",
	  .example = "/api/archive/import/stop" },
	{ .method = "GET",
	  .path = "/api/archive/import",
	  .last = api_archive_import_state,
	  .doc = "How far that is, and what was left out for which reason. It goes on after a "
		 "restart of the daemon, and is told of until another is begun.",
	  .answer = "{state, file, waits, bytes, done_bytes, records, pages, unparsable, "
		    "listings_new, "
		    "listings_changed, jobs_new, left_out: {reason: n}, faults, fault, error}",
	  .example = "/api/archive/import" },
	{ .method = "POST",
	  .path = "/api/archive/reprocess",
	  .params = reprocess,
	  .last = api_archive_reprocess,
	  .doc = "Has stored pages extracted again from the archive, without a request.",
	  .answer = "{started}",
	  .example = "/api/archive/reprocess?source=bunjang" },
	{ .method = "GET",
	  .path = "/api/archive/reprocess",
	  .last = api_archive_reprocess_state,
	  .doc = "How far that is.",
	  .answer =
		  "{state, marked, cursor, last, waits, pages, changed, unparsable, lost, unknown, "
		  "listings_new, "
		  "listings_changed, jobs_new, trouble}",
	  .example = "/api/archive/reprocess" },
	{ .method = "GET",
	  .path = "/api/review/next",
	  .params = review_next,
	  .work = api_review_next,
	  .doc = "What deserves a person's eye most: listings with votes and suggestions.",
	  .answer = "{queue, items: [{(as in /api/listings), votes, keep: {category, ko, en}}]}",
	  .example = "/api/review/next?n=1" },
	{ .method = "POST",
	  .path = "/api/review",
	  .params = review,
	  .work = api_review_work,
	  .last = api_review_last,
	  .doc = "A person's decision about a listing. Answered when it is committed.",
	  .answer = "{listing, action, category, label}",
	  .example = "/api/review",
	  .body = "{\"listing\": 812, \"action\": \"choose\", \"category\": \"women.dress\", "
		  "\"who\": \"reviewer\"}" },
	{ .method = "GET",
	  .path = "/api/suggest",
	  .params = suggest,
	  .doors = ROUTE_SUGGEST,
	  .limited = true,
	  .first = api_suggest_quick,
	  .work = api_suggest_work,
	  .last = api_suggest_last,
	  .doc = "The model's best categories for a title, with calibrated probabilities and "
		 "reasons. `normal` is the title as the model reads it; `pro` and `con` are the "
		 "parts of it that argue most for and against the category, in nats (a weight of "
		 "0.7 doubles the odds against the likeliest others), with their place in bytes. "
		 "`path` leads from the top to the category. 503 `no-model` before the first "
		 "training.",
	  .answer = "{model, model_name, title, normal, suggestions: [{category, ko, en, p, path: "
		    "[{category, ko, en}], aliases: [text], pro: [{text, from, bytes, weight}], "
		    "con}]}",
	  .example = "/api/suggest?title=linen+dress" },
	{ .method = "POST",
	  .path = "/api/suggest",
	  .params = suggest_many,
	  .doors = ROUTE_SUGGEST,
	  .limited = true,
	  .loop_bytes = 4096,
	  .first = api_suggest_many_quick,
	  .work = api_suggest_many,
	  .last = api_suggest_last,
	  .doc = "The same for up to 1,000 titles. Each counts for `suggest-rate`.",
	  .answer = "{model, model_name, results: [{title, normal, suggestions}]}",
	  .example = "/api/suggest",
	  .body = "{\"titles\": [\"linen dress\", \"leather boots\"], \"k\": 3}" },
	{ .method = "GET",
	  .path = "/health",
	  .doors = ROUTE_SUGGEST,
	  .last = api_suggest_health,
	  .doc = "That the daemon answers, and whether it can make suggestions (`model` is null "
		 "before the first training). `fields` is what the model knows beside a title.",
	  .answer = "{ok, model, model_name, fields: [name]}",
	  .example = "/health" },
	{ .method = "POST",
	  .path = "/api/train",
	  .last = api_model_train,
	  .doc = "Starts training a model on the labeled listings; /api/status shows how far it "
		 "is. 409 `busy` while one trains.",
	  .answer = "{started}",
	  .example = "/api/train" },
	{ .method = "GET",
	  .path = "/api/models",
	  .work = api_model_list,
	  .doc = "The registry of trained models, the newest first: where each comes from, what "
		 "it measured on held-out rows (`metrics`: rows by who labeled them, taxonomy, "
		 "options, top-1, top-3, macro-F1, ECE, and `gate`, the verdict on it), how many "
		 "listings carry its suggestions. `trouble` says why its file cannot be used.",
	  .answer = "{models: [{id, name, state, in_use, file, sha256, bytes, trouble, rows, made, "
		    "suggestions, metrics}]}",
	  .example = "/api/models" },
	{ .method = "GET",
	  .path = "/api/models/{name}",
	  .params = model_name,
	  .work = api_model_one,
	  .doc = "One of them.",
	  .answer = "{(as in /api/models)}",
	  .example = "/api/models/1" },
	{ .method = "POST",
	  .path = "/api/models/{name}/use",
	  .params = model_name,
	  .work = api_model_use_work,
	  .last = api_model_use_last,
	  .doc = "Lets this model make the suggestions from now on; listings get its suggestions "
		 "at low priority. 409 `unusable`: its file is gone or damaged.",
	  .answer = "{model, name}",
	  .example = "/api/models/1/use" },
	{ .method = "POST",
	  .path = "/api/evaluate",
	  .params = evaluate,
	  .work = api_evaluate_work,
	  .last = api_evaluate_last,
	  .doc = "Measures a model on labeled listings that are held out from training: of "
		 "families "
		 "of the test part. 409 `busy` while one runs. It is given up when its state is "
		 "not asked for within 10 seconds.",
	  .answer = "{id, model}",
	  .example = "/api/evaluate",
	  .body = "{\"labels\": \"all\"}" },
	{ .method = "GET",
	  .path = "/api/evaluate/{id}",
	  .params = evaluate_state,
	  .last = api_evaluate_state,
	  .doc = "How far it is, and the report when it is done; kept for a minute.",
	  .answer = "{id, state, progress, what, error, model, labels, rows, report}",
	  .example = "/api/evaluate/1" },
	{ .method = "GET",
	  .path = "/api/taxonomy",
	  .work = api_label_taxonomy,
	  .doc = "The categories as the file orders them, with counts of each and all below it.",
	  .answer = "{name, version, categories: [{code, ko, en, parent, depth, leaf, labeled, "
		    "reviewed, suggested}]}",
	  .example = "/api/taxonomy" },
	{ .method = "GET",
	  .path = "/api/taxonomy/search",
	  .params = search,
	  .work = api_label_search,
	  .doc = "Categories by part of a code, name or alias, best first.",
	  .answer = "{categories: [{code, ko, en, parent, depth, leaf}]}",
	  .example = "/api/taxonomy/search?text=dress" },
	{ .method = "GET",
	  .path = "/api/rules",
	  .work = api_label_rules,
	  .doc = "Rules with how often each fired and agreed with the current label; also names "
		 "that fired but are no rules now (the source's mapping, former rules).",
	  .answer = "{version, rules: [{rule, category, ko, en, flag, precision, file, line, "
		    "fired, agreed, last}]}",
	  .example = "/api/rules" },
	{ .method = "POST",
	  .path = "/api/export",
	  .params = export_start,
	  .last = api_steer_export,
	  .doc = "Starts writing a dataset. 409 `busy` while one is written.",
	  .answer = "{id}",
	  .example = "/api/export",
	  .body = "{\"format\": \"csv\", \"gzip\": true}" },
	{ .method = "GET",
	  .path = "/api/export/{id}",
	  .params = row_id,
	  .last = api_steer_export_state,
	  .doc = "How far an export is.",
	  .answer = "{id, state: running, done or failed, rows, folder, files, error}",
	  .example = "/api/export/1" },
	{ .method = "GET",
	  .path = "/api/export/{id}/files/{name}",
	  .params = export_file,
	  .work = api_steer_export_file,
	  .doc = "A file of a finished export.",
	  .answer = "bytes",
	  .example = "/api/export/1/files/manifest.json" },
	{ .method = "POST",
	  .path = "/api/images/collect",
	  .last = api_steer_collect,
	  .doc = "Lets go now of images that nothing refers to, as is done once a day; images "
		 "whose files are lost are fetched again. /api/status shows how far it is.",
	  .answer = "{started}",
	  .example = "/api/images/collect" },
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
const int routes_n = (int)(sizeof(routes) / sizeof(routes[0]));
