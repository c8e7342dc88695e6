#include "model/export_ask.h"
#include "serve/api.h"
#include "serve/body.h"
#include "serve/routes.h"
#include "serve/suggest_ask.h"

static const struct route_param row_id[] = { ROUTE_ROW_ID, ROUTE_END };

static const struct route_param model_name[] = { { .name = "name",
						   .in = ROUTE_PATH,
						   .max = 200,
						   .required = true,
						   .doc = "The model, by name or number." },
						 ROUTE_END };

static const struct route_param train[] = {
	{ .name = "fresh",
	  .in = ROUTE_ARG,
	  .type = ROUTE_BOOL,
	  .doc = "From nothing, though `warm-starts` would let it go on from the live model." },
	ROUTE_END
};

static const struct route_param folds[] = {
	{ .name = "folds",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 2,
	  .max = CLASSIFIER_FOLDS,
	  .def = "5",
	  .doc = "Parts that families are dealt into; each is answered by a model of the others." },
	ROUTE_END
};

#define RULES_BYTES (16 << 20)
#define RULES_ALL                                                                                  \
	{                                                                                          \
		.name = "all", .in = ROUTE_ARG, .type = ROUTE_BOOL, .def = "false",                \
		.doc = "Whether the body has all rules, and those of now are left aside."          \
	}

static const struct route_param rules_test[] = {
	RULES_ALL,
	{ .name = "source", .in = ROUTE_ARG, .max = 200, .doc = "The titles' source." },
	{ .name = "category",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .doc = "Their category, as the source calls it." },
	{ .name = "category_path",
	  .in = ROUTE_ARG,
	  .max = 2000,
	  .doc = "Its levels from the root down, with > between." },
	{ .name = "brand", .in = ROUTE_ARG, .max = 200, .doc = "Their brand." },
	{ .name = "condition", .in = ROUTE_ARG, .max = 200, .doc = "Their condition." },
	{ .name = "price",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .max = ROUTE_ID_MOST,
	  .doc = "Their price, in whole units of the currency." },
	ROUTE_END,
};

static const struct route_param rules_diff[] = { RULES_ALL, ROUTE_END };

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
	{ .name = "precision",
	  .in = ROUTE_ARG,
	  .max = 20,
	  .def = "0.95",
	  .doc = "A text, a share below 1: the report says from which confidence on so many first "
		 "suggestions are right (`report.threshold`), as held-out rows show it that a "
		 "person has reviewed, whichever `labels` are asked for." },
	ROUTE_END,
};

static const struct route_param evaluate_state[] = { ROUTE_ROW_ID,
						     { .name = "format",
						       .in = ROUTE_ARG,
						       .type = ROUTE_CHOICE,
						       .choices = "json|text|html",
						       .def = "json",
						       .doc = "text, html: the finished report "
							      "alone." },
						     ROUTE_END };

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
		.name = (field), .in = ROUTE_ARG, .max = SUGGEST_ASK_FIELD, .doc = (text)          \
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
	ROUTE_END,
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
	ROUTE_END,
};

#define TAXONOMY_BYTES ((size_t)8 << 20)

static const struct route_param taxonomy[] = {
	{ .name = "code",
	  .in = ROUTE_ARG,
	  .max = 64,
	  .doc = "Only this category and those below it, with their aliases." },
	ROUTE_END,
};

static const struct route_param taxonomy_file[] = {
	{ .name = "file",
	  .in = ROUTE_ARG,
	  .max = 1024,
	  .doc = "What the body is called in messages." },
	ROUTE_END,
};

static const struct route_param taxonomy_diff[] = {
	{ .name = "old_bytes",
	  .in = ROUTE_ARG,
	  .type = ROUTE_INT,
	  .min = 1,
	  .max = TAXONOMY_BYTES,
	  .required = true,
	  .doc = "So many first bytes of the body are the older file, the rest is the newer." },
	{ .name = "old", .in = ROUTE_ARG, .max = 1024, .doc = "What the older is called." },
	{ .name = "new", .in = ROUTE_ARG, .max = 1024, .doc = "And the newer." },
	ROUTE_END,
};

static const struct route_param taxonomy_import[] = {
	{ .name = "file",
	  .in = ROUTE_ARG,
	  .max = 1024,
	  .doc = "What the body is called in messages." },
	{ .name = "name",
	  .in = ROUTE_ARG,
	  .max = 64,
	  .def = "draft",
	  .doc = "What the taxonomy is to be called." },
	{ .name = "source",
	  .in = ROUTE_ARG,
	  .max = 64,
	  .doc = "Drafts the mappings of this source instead, to the taxonomy in force." },
	ROUTE_END,
};

static const struct route_param mapping[] = {
	{ .name = "source", .in = ROUTE_ARG, .max = 64, .doc = "Only of this source." }, ROUTE_END
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
	ROUTE_END,
};

static const struct route_param labels_in[] = {
	{ .name = "origin",
	  .in = ROUTE_ARG,
	  .max = 200,
	  .required = true,
	  .doc = "Where they come from." },
	{ .name = "rows",
	  .in = ROUTE_BODY,
	  .type = ROUTE_ANY,
	  .max = BODY_BYTES,
	  .required = true,
	  .doc = "Up to 1000 objects of texts: `source` and `id`, or `listing` (row number or "
		 "SOURCE/ID), or `url`; `category` (a code, or a name that only one has; `none`: "
		 "none of them), `who`, `when`, `note`; `row`: its name at the origin." },
	ROUTE_END,
};

#define EXPORT_ASK(member, option, value, text)                                                    \
	{ .name = #member, .in = ROUTE_ARG, .max = 2000, .doc = (text) },
static const struct route_param export_start[] = {
	{ .name = "format",
	  .in = ROUTE_ARG,
	  .type = ROUTE_CHOICE,
	  .choices = EXPORT_FORMAT_NAMES,
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
	EXPORT_ASK_ROWS(EXPORT_ASK) ROUTE_END,
};

static const struct route_param export_file[] = { ROUTE_ROW_ID,
						  { .name = "name",
						    .in = ROUTE_PATH,
						    .max = 200,
						    .required = true,
						    .doc = "Name of the file." },
						  ROUTE_END };

static const struct route rows[] = {
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
		    "[{category, ko, en}], names: {tag: name}, aliases: [text], pro: [{text, from, "
		    "bytes, weight}], "
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
	  .params = train,
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
		 "options, whether it went on from the live model (`start`; `warm`: how many in a "
		 "row did), top-1, top-3, macro-F1, ECE, and `gate`, the verdict on it), how many "
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
	{ .method = "POST",
	  .path = "/api/study/folds",
	  .params = folds,
	  .last = api_study_folds,
	  .doc = "Starts to have every labeled listing's category said by a model that did not see "
		 "it "
		 "nor its family, for finding wrong labels: a file in the model folder, whose "
		 "format is in docs/folds.md. 409 `busy` while that runs.",
	  .answer = "{started}",
	  .example = "/api/study/folds" },
	{ .method = "GET",
	  .path = "/api/study/folds",
	  .last = api_study_folds_state,
	  .doc = "How far that is, and what came of it.",
	  .answer = "{state, progress, what, error, result: {file, rows, left_out, classes, folds, "
		    "top1, "
		    "top3, loss}}",
	  .example = "/api/study/folds" },
	{ .method = "POST",
	  .path = "/api/study/folds/stop",
	  .last = api_study_folds_stop,
	  .doc = "Gives it up; an older file stays.",
	  .answer = "{stopped}",
	  .example = "/api/study/folds/stop" },
	{ .method = "POST",
	  .path = "/api/study/curve",
	  .last = api_study_curve,
	  .doc = "Starts to find out what more labels would bring: models of growing parts of the "
		 "labeled "
		 "listings that train, measured on a part of them. 409 `busy` while that runs.",
	  .answer = "{started}",
	  .example = "/api/study/curve" },
	{ .method = "GET",
	  .path = "/api/study/curve",
	  .last = api_study_curve_state,
	  .doc = "How far that is, and what came of it. `gain` is what twice as many labels would "
		 "add "
		 "to top-1, with its 95% interval.",
	  .answer = "{state, progress, what, error, result: {dev_rows, points: [{rows, top1, low, "
		    "high}], gain, gain_low, gain_high}}",
	  .example = "/api/study/curve" },
	{ .method = "POST",
	  .path = "/api/study/curve/stop",
	  .last = api_study_curve_stop,
	  .doc = "Gives it up.",
	  .answer = "{stopped}",
	  .example = "/api/study/curve/stop" },
	{ .method = "GET",
	  .path = "/api/taxonomy",
	  .params = taxonomy,
	  .work = api_label_taxonomy,
	  .doc = "The categories as the file orders them, with counts of each and all below it; "
		 "`aliases` with `code`.",
	  .answer = "{name, version, categories: [{code, ko, en, names: {tag: name}, parent, "
		    "depth, leaf, labeled, "
		    "reviewed, suggested, aliases}]}",
	  .example = "/api/taxonomy" },
	{ .method = "GET",
	  .path = "/api/taxonomy/history",
	  .work = api_history_list,
	  .doc = "The versions of the taxonomy, the newest first, and what each did: `labels` are "
		 "those in force that a change concerns, `in_force` since when the database knows "
		 "the version, `rechecks` the listings that splits have sent back to review.",
	  .answer = "{name, version, rechecks, versions: [{version, date, note, in_force, changes: "
		    "[{kind, from: [code], to: [code], was: {tag: name}, text, labels}]}]}",
	  .example = "/api/taxonomy/history" },
	{ .method = "GET",
	  .path = "/api/taxonomy/mapping",
	  .params = mapping,
	  .work = api_mapping_report,
	  .doc = "How much of each source's categories is mapped to ours, and what contradicts "
		 "it. A conflict: of the listings of a source's category that people have "
		 "labeled, fewer agree than a mapping is taken to be right (the interval `agree` "
		 "lies below 0.9), or rules say otherwise of most of them (`against` lies above "
		 "0.5); intervals are Wilson's at 95%. `overlaps` are mappings within another one "
		 "that say something not below it, `unused` those that no listing met.",
	  .answer =
		  "{sources: [{source, listings, mapped, categories, categories_mapped, unmapped: "
		  "[{category, listings}], conflicts: [{category, listings, mapped, reviewed, "
		  "agreed, agree: [low, high], voted, contradicted, against: [low, high], "
		  "instead}], overlaps: [{from, says, within, which_says}], unused: [from]}]}",
	  .example = "/api/taxonomy/mapping?source=bunjang" },
	{ .method = "POST",
	  .path = "/api/taxonomy/check",
	  .params = taxonomy_file,
	  .work = api_taxonomy_check,
	  .bytes = TAXONOMY_BYTES,
	  .doc = "What is wrong with a taxonomy's file, which is the body; whether it may come "
		 "into "
		 "force (`refused` says why not), and what labels would become. Nothing is stored.",
	  .answer = "{file, problems: [{file, line, column, text}], good, name, version, "
		    "categories, leaves, mappings, refused, labels: {kept, recoded, split, none, "
		    "lost}, effects: [{written, labels, was, becomes, fate, why}]}; with problems "
		    "only the first three",
	  .example = "/api/taxonomy/check?file=fashion.yaml" },
	{ .method = "POST",
	  .path = "/api/taxonomy/diff",
	  .params = taxonomy_diff,
	  .work = api_taxonomy_diff,
	  .bytes = 2 * TAXONOMY_BYTES,
	  .doc = "What leads from one file to another, each a taxonomy, a table of ids and paths, "
		 "or "
		 "a site's JSON. A newer taxonomy whose history goes past the older says so "
		 "itself; "
		 "else changes are `proposed`, with a question (`ask`) where names do not tell, "
		 "and "
		 "`yaml` is a draft with them. Of two taxonomies also what labels would become, as "
		 "in a check. Nothing is stored.",
	  .answer =
		  "{old: {file, categories, version}, new: {...}, proposed, same, added, changes: "
		  "[{version, kind, from: [code], to: [code], text, ask}], yaml, labels, effects}",
	  .example = "/api/taxonomy/diff?old_bytes=1000" },
	{ .method = "POST",
	  .path = "/api/taxonomy/import",
	  .params = taxonomy_import,
	  .work = api_taxonomy_import,
	  .bytes = TAXONOMY_BYTES,
	  .doc = "Drafts a taxonomy of a site's categories, or with `source` the mapping of them "
		 "to "
		 "ours: what names tell stands as lines, what they only suggest as comments with a "
		 "question mark. The body is a site's JSON (objects with id and title or name, one "
		 "within another, or Naver's wholeCategoryName or category1Id to category4Name), "
		 "lines of id, tab, path, or a taxonomy. Nothing is stored.",
	  .answer = "{file, categories, leaves, yaml, mapping: {kept, clear, asked, none}}",
	  .example = "/api/taxonomy/import?source=bunjang" },
	{ .method = "GET",
	  .path = "/api/taxonomy/search",
	  .params = search,
	  .work = api_label_search,
	  .doc = "Categories by part of a code, name or alias, best first.",
	  .answer = "{categories: [{code, ko, en, names: {tag: name}, parent, depth, leaf}]}",
	  .example = "/api/taxonomy/search?text=dress" },
	{ .method = "GET",
	  .path = "/api/rules",
	  .work = api_label_rules,
	  .doc = "Rules with how often each fired and agreed with the current label; also names "
		 "that fired but are no rules now (the source's mapping, former rules). precision "
		 "is "
		 "the configured one, votes_with what was measured of it (measure-time).",
	  .answer = "{version, rules: [{rule, category, ko, en, flag, precision, votes_with, "
		    "file, line, fired, agreed, last}]}",
	  .example = "/api/rules" },
	{ .method = "POST",
	  .path = "/api/rules/test",
	  .params = rules_test,
	  .work = api_rules_test,
	  .bytes = RULES_BYTES,
	  .doc = "Asks rules about titles: those of now, or those in the body, which take the "
		 "place "
		 "of the files of their names. The body is no JSON but files, each a line `BYTES "
		 "NAME`, its bytes and a newline: NAME.yaml are rules, other names the texts of "
		 "their lists, `-` the titles, one a line (at most 1000). `rules` of a title are "
		 "those that hold, and those of which something stands in it and which do not "
		 "hold: "
		 "`against` is the condition (any, all, none with the `term`, or a field). `from` "
		 "and `bytes` are of `clean`, of `written` expressions of the title. With faulty "
		 "rules `problems` says what is wrong, and nothing else is there.",
	  .answer =
		  "{problems: [{file, line, column, text}], rules, titles: [{title, clean, rules: "
		  "[{rule, holds, against, term, category, ko, en, flag, precision, family, "
		  "priority, file, line, hits: [{in, kind, term, text, from, bytes}]}], votes, "
		  "flags, label: {category, ko, en, confidence, why}}]}",
	  .example = "/api/rules/test?price=30000" },
	{ .method = "POST",
	  .path = "/api/rules/diff",
	  .params = rules_diff,
	  .work = api_rules_diff_work,
	  .last = api_rules_diff,
	  .bytes = RULES_BYTES,
	  .doc = "Begins to compare the rules in the body (as `/api/rules/test` takes them) with "
		 "those of now, over all listings. Nothing is stored. 409 `busy` while rules are "
		 "looked at. `problems` as there; then there is no id.",
	  .answer = "{problems, id}",
	  .example = "/api/rules/diff" },
	{ .method = "POST",
	  .path = "/api/rules/stats",
	  .last = api_rules_stats,
	  .doc = "Begins to ask the rules of now about all listings: how often each holds, beside "
		 "which others, and how often it is right where a person has decided.",
	  .answer = "{problems, id}",
	  .example = "/api/rules/stats" },
	{ .method = "POST",
	  .path = "/api/rules/suggest",
	  .last = api_rules_suggest,
	  .doc = "Begins to look for words that the model finds telling where no rule votes for "
		 "what "
		 "it is sure of.",
	  .answer = "{problems, id}",
	  .example = "/api/rules/suggest" },
	{ .method = "GET",
	  .path = "/api/rules/tasks/{id}",
	  .params = row_id,
	  .last = api_rules_state,
	  .doc = "How far it is, and the report when it is done; kept for a minute. It is given up "
		 "when its state is not asked for within 10 seconds. `right` is of the `reviewed` "
		 "listings, and a vote for a category above the person's is right; `low` and "
		 "`high` "
		 "are a 95% interval (Wilson).",
	  .answer =
		  "{id, state, kind, listings, error, report}; of diff {listings, changed, "
		  "kept_by_people, reviewed, was: {rules, labeled, right}, now, moves: [{from, to, "
		  "listings, examples: [{listing, title, why}]}], moves_left_out, flags: [{flag, "
		  "set, unset, set_examples, unset_examples}], rules: [{rule, was, now}], "
		  "rules_left_out}; of stats {listings, voted, votes, reviewed, rules: [{rule, "
		  "category, ko, en, flag, family, precision, fired, coverage, share, alone, "
		  "conflicts, reviewed, right, measured, low, high, last}], conflicts: [{a, b, "
		  "both, apart, overlap}], overlaps, pairs_left_out}; of suggest {listings, "
		  "uncovered, explained, words: [{category, ko, en, word, met, weight, titles, "
		  "labeled, right, low, high, reviewed, reviewed_right, examples}]}",
	  .example = "/api/rules/tasks/1" },
	{ .method = "POST",
	  .path = "/api/labels/import",
	  .params = labels_in,
	  .work = api_label_in_work,
	  .last = api_label_in_last,
	  .doc = "Takes labels that people made elsewhere into the log. A row of the same origin "
		 "and name that said the same before is known and changes nothing; a person's "
		 "later word stands. Those that are not taken are told with their place in `rows`.",
	  .answer = "{rows, stored, known, rejected: [{row, reason}]}",
	  .example = "/api/labels/import",
	  .body = "{\"origin\": \"labels.csv\", \"rows\": [{\"source\": \"bunjang\", "
		  "\"id\": \"297567501\", \"category\": \"bags\", \"who\": \"anna\", "
		  "\"when\": \"2025-03-01T12:00:00Z\"}]}" },
	{ .method = "POST",
	  .path = "/api/export",
	  .params = export_start,
	  .last = api_steer_export,
	  .doc = "Starts writing a dataset, of what passes all filters; see docs/datasets.md. 409 "
		 "`busy` while one is written.",
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
};
const struct routes routes_label = { rows, sizeof(rows) / sizeof(rows[0]) };
