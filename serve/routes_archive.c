#include "serve/api.h"
#include "serve/routes.h"

#define SINCE                                                                                      \
	{                                                                                          \
		.name = "since_ms", .in = ROUTE_ARG, .type = ROUTE_INT, .max = ROUTE_ID_MOST,      \
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
	  .max = ROUTE_ID_MOST,
	  .def = "0",
	  .doc = "Only ids past this one: `next` of the answer before." },
	{ .name = "limit",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = 1000,
	  .def = "50",
	  .doc = "At most so many." },
	ROUTE_END,
};

static const struct route_param page_record[] = { ROUTE_ROW_ID, PART, ROUTE_END };

static const struct route_param record[] = {
	{ .name = "url",
	  .in = ROUTE_ARG,
	  .max = 4096,
	  .doc = "The newest page of this address, as it was asked for." },
	{ .name = "file", .in = ROUTE_ARG, .max = 200, .doc = "Or: a segment." },
	{ .name = "offset",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ROUTE_ID_MOST,
	  .def = "0",
	  .doc = "And where the record begins in it." },
	PART,
	ROUTE_END,
};

static const struct route_param archive_size[] = {
	{ .name = "keep_ms",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ROUTE_ID_MOST,
	  .doc = "As if records were kept so long; 0: for ever." },
	{ .name = "max_bytes",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ROUTE_ID_MOST,
	  .doc = "As if the archive took so much at most; 0: any." },
	ROUTE_END,
};

static const struct route_param verify[] = {
	{ .name = "files",
	  .in = ROUTE_BODY,
	  .type = ROUTE_TEXTS,
	  .max = 1000,
	  .doc = "Only these files, by paths that the daemon can read; any WARC file." },
	ROUTE_END,
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
	ROUTE_END,
};

static const struct route_param reprocess[] = {
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only of this source." },
	{ .name = "kind", .in = ROUTE_ARG, .max = 200, .doc = "Only of this page kind." },
	SINCE,
	ROUTE_END,
};

static const struct route rows[] = {
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
};
const struct routes routes_archive = { rows, sizeof(rows) / sizeof(rows[0]) };
