#include "serve/api.h"
#include "serve/routes.h"

#define REVIEW_WHO(what)                                                                           \
	{                                                                                          \
		.name = "who", .in = ROUTE_ARG, .max = 64, .doc = (what)                           \
	}
#define REVIEW_QUEUE                                                                               \
	{                                                                                          \
		.name = "queue", .in = ROUTE_ARG, .type = ROUTE_CHOICE,                            \
		.choices = REVIEW_QUEUE_CHOICES, .def = "all", .doc = REVIEW_QUEUE_DOCS            \
	}
#define REVIEW_DRAW                                                                                \
	{                                                                                          \
		.name = "draw", .in = ROUTE_ARG, .type = ROUTE_INT, .max = ROUTE_ID_MOST,          \
		.def = "0",                                                                        \
		.doc = "Of the queue `audit`: which draw; 0, where that is asked for: the newest." \
	}

static const struct route_param review_next[] = {
	{ .name = "n",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = 50,
	  .def = "10",
	  .doc = "At most so many." },
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only of this source." },
	REVIEW_WHO("Without what this person left to others (skip, unsure), or has decided alone."),
	REVIEW_QUEUE,
	REVIEW_DRAW,
	ROUTE_END,
};

static const struct route_param review_agreement[] = { REVIEW_QUEUE, REVIEW_DRAW, ROUTE_END };
static const struct route_param review_item[] = { ROUTE_ROW_ID, REVIEW_QUEUE, REVIEW_DRAW,
						  ROUTE_END };

static const struct route_param review_grid[] = {
	{ .name = "category",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .required = true,
	  .doc = "Code of the taxonomy." },
	{ .name = "n",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = 200,
	  .def = "20",
	  .doc = "At most so many." },
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "Only of this source." },
	REVIEW_WHO("Without what this person left to others."),
	ROUTE_END,
};

static const struct route_param review[] = {
	{ .name = "action",
	  .in = ROUTE_ARG,
	  .type = ROUTE_CHOICE,
	  .choices = REVIEW_ACTION_CHOICES,
	  .required = true,
	  .doc = REVIEW_ACTION_DOCS },
	{ .name = "listing",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ROUTE_ID_MOST,
	  .def = "0",
	  .doc = "Row number; undo without one takes back the newest event of `who`." },
	{ .name = "listings",
	  .in = ROUTE_BODY,
	  .type = ROUTE_TEXTS,
	  .max = REVIEW_BATCH_MOST,
	  .doc = "Row numbers of further listings that the same is said of, but for those that "
		 "a person has decided; all are one event to undo." },
	{ .name = "family",
	  .in = ROUTE_ARG,
	  .type = ROUTE_BOOL,
	  .def = "false",
	  .doc = "The same of all others of the listing's duplicate family." },
	{ .name = "category",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .doc = "Code of the taxonomy; without it accept means the first suggestion and keep "
		 "where the seller put it (what rules say, when the mapping says nothing "
		 "closer)." },
	{ .name = "reason", .in = ROUTE_ARG, .max = REVIEW_REASON_BYTES, .doc = "Why, of a flag." },
	{ .name = "who", .in = ROUTE_ARG, .max = 64, .required = true, .doc = "Who decides." },
	REVIEW_QUEUE,
	REVIEW_DRAW,
	{ .name = "place",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ROUTE_ID_MOST,
	  .def = "0",
	  .doc = "Where in the queue it was shown, from 1; of an audit the draw's is taken." },
	{ .name = "key", .in = ROUTE_ARG, .max = 40, .doc = "The key that was pressed." },
	{ .name = "took_ms",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ROUTE_ID_MOST,
	  .def = "0",
	  .doc = "Milliseconds from shown to answered. Stored as half an hour at most, and no "
		 "more than went by since `served`." },
	{ .name = "served",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ROUTE_ID_MOST,
	  .def = "0",
	  .doc = "As the item had it." },
	{ .name = "event",
	  .in = ROUTE_ARG,
	  .max = REVIEW_CLIENT_BYTES,
	  .doc = "An id that the client makes for each event, so that one that is sent again is "
		 "stored once." },
	{ .name = "shown",
	  .in = ROUTE_BODY,
	  .type = ROUTE_ANY,
	  .max = 4096,
	  .doc = "What the person saw, kept with the decision." },
	ROUTE_END,
};

static const struct route rows[] = {
	{ .method = "GET",
	  .path = "/api/review/next",
	  .params = review_next,
	  .work = api_review_next,
	  .doc = "What deserves a person's eye most: listings of a queue with votes, what rules "
		 "hit, "
		 "suggestions, and the reviewed listings that are most like each. What waits for a "
		 "second person comes first, without the first one's word; of `adjudicate` all "
		 "words are `decisions`. Of `audit` an item is blind: no suggestion, label, rule, "
		 "or seller's category, nor the address that leads to it.",
	  .answer =
		  "{queue, items: [{(as in /api/listings), votes, keep: {category, ko, en}, hits: "
		  "[{rule, category, ko, en, word, at: [from, to]}], nearest: [{id, title, "
		  "category, ko, en, alike}], decisions: [{who, action, category, ko, en, reason, "
		  "made}], second, served}]}; of `audit` items: [{id, title, description, price, "
		  "currency, image, images, brand, condition, blind, draw, place, served}]",
	  .example = "/api/review/next?n=1" },
	{ .method = "GET",
	  .path = "/api/review/items/{id}",
	  .params = review_item,
	  .work = api_review_item,
	  .doc = "One listing as its queue shows it, without what people have said of it.",
	  .answer = "{items: [{(as in /api/review/next)}]}",
	  .example = "/api/review/items/812" },
	{ .method = "GET",
	  .path = "/api/review/grid",
	  .params = review_grid,
	  .work = api_review_grid,
	  .doc = "Listings that nobody has decided and that are likely of one category, the most "
		 "likely first, to be accepted at once.",
	  .answer = "{category, ko, en, items: [{(as in /api/listings)}]}",
	  .example = "/api/review/grid?category=women.dress&n=20" },
	{ .method = "GET",
	  .path = "/api/review/draws",
	  .work = api_review_draws,
	  .doc = "Random draws of listings for audits, the newest first, and how far they are.",
	  .answer = "{draws: [{id, name, who, made, population, items, decisions, done, versions: "
		    "{taxonomy, labeler, model}}]}",
	  .example = "/api/review/draws" },
	{ .method = "GET",
	  .path = "/api/review/agreement",
	  .params = review_agreement,
	  .work = api_agreement,
	  .doc = "How far people agree on the listings that two or more decided, of a queue (all: "
		 "of "
		 "all) and, draw not 0, of one draw: by level of the taxonomy the share of pairs "
		 "that "
		 "agree, Cohen's kappa of the two who share most listings, Fleiss', Krippendorff's "
		 "alpha, Gwet's AC1; null where the listings do not allow it. Of each person the "
		 "last "
		 "decision that stands counts, of a bulk only the listing that was looked at. "
		 "`left_out`: decisions on categories that the taxonomy has no more, or of people "
		 "past "
		 "the 64th.",
	  .answer = "{people: [{who, decisions, shared, median_ms}], levels: [{level, groups, "
		    "listings, observed, cohen, cohen_95: [low, high], cohen_listings, fleiss, "
		    "krippendorff, ac1}], left_out, disputed}",
	  .example = "/api/review/agreement" },
	{ .method = "POST",
	  .path = "/api/review",
	  .params = review,
	  .work = api_decide_work,
	  .last = api_decide_last,
	  .doc = "A person's event about a listing, kept for good. Answered when it is committed. "
		 "`listings` says how many changed by it; `known`: it was stored before.",
	  .answer = "{listing, action, category, label, listings, known}",
	  .example = "/api/review",
	  .body = "{\"listing\": 812, \"action\": \"choose\", \"category\": \"women.dress\", "
		  "\"who\": \"reviewer\"}" },
};

const struct routes routes_review = { rows, sizeof(rows) / sizeof(rows[0]) };
