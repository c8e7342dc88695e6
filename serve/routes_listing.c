#include "serve/api.h"
#include "serve/routes.h"

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

static const struct route_param listing_one[] = {
	{ .name = "id",
	  .in = ROUTE_PATH,
	  .max = 20,
	  .required = true,
	  .doc = "Row number, or `-` when `source` and `ext_id` name it." },
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "With `ext_id`: its source." },
	{ .name = "ext_id", .in = ROUTE_ARG, .max = 200, .doc = "The site's own id." },
	ROUTE_END,
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
	ROUTE_END,
};

static const struct route_param row_id[] = { ROUTE_ROW_ID, ROUTE_END };

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
	  .max = ROUTE_ID_MOST,
	  .required = true,
	  .doc = "Row number." },
	{ .name = "into",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = ROUTE_ID_MOST,
	  .doc = "A listing of the family that stays; of merge." },
	{ .name = "who", .in = ROUTE_ARG, .max = 64, .required = true, .doc = "Who decides." },
	ROUTE_END,
};

static const struct route rows[] = {
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
		 "site's own names; each null for none. A label was made under version `taxonomy`; "
		 "`recoded` says what was written then, where the taxonomy's history makes another "
		 "category of it, and `recheck` which category a person chose that was split "
		 "since: "
		 "the listing waits for review, without a label.",
	  .answer = "{listings: [{id, source, ext_id, url, title, title_clean, title_core, "
		    "title_marks, price, "
		    "currency, "
		    "image, images: [url], source_category, category_path: [level], brand, "
		    "condition, location, attributes: {name: value}, state, "
		    "state_since, flags, flag_reason, posted, updated, first_seen, last_seen, "
		    "family, "
		    "family_size, split, "
		    "label: {id, category, ko, en, by, who, confidence, version, made, why, "
		    "taxonomy, recoded: {written, fate, why}}, recheck: {written, fate, why}, "
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
};
const struct routes routes_listing = { rows, sizeof(rows) / sizeof(rows[0]) };
