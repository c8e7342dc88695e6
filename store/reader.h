/* reader.h: read-only views for the API, metrics, training and export. A
 * reader is a connection: one thread at a time. Text in rows is borrowed from
 * the arena given, or valid within the callback. */
#ifndef PIPED_READER_H
#define PIPED_READER_H

#include "base/arena.h"
#include "model/alarm.h"
#include "model/image.h"
#include "model/intake.h"
#include "model/job.h"
#include "model/label.h"
#include "model/listing.h"
#include "model/page.h"
#include "model/part.h"
#include "model/refusal.h"
#include "model/reject.h"
#include "model/review.h"
#include "model/segment.h"
#include "store/store.h"

struct reader;

enum err reader_open(struct store *s, struct reader **ret_reader, struct reason *why);
void reader_close(struct reader *r);
/* A snapshot: between the two, every call sees the same state. */
enum err reader_begin(struct reader *r, struct reason *why);
void reader_end(struct reader *r);

/* A listing with what stands about it: the row of API, export and review. */
struct listing_view {
	struct listing listing;
	struct str family_name; /* 16 hex digits */
	int64_t family_size;
	/* `label` names a category, or is a person's "none of them"; not when its category was
	 * split since, and nobody has said which it is */
	bool labeled;
	struct label label; /* the current one: a person's, else the rules' */
	bool suggested;
	struct suggestion suggestion;
	struct str model_name;
	double review_score;
	uint64_t label_version;
	int64_t seen_ms; /* last: in a page that was read, or that had not changed since */
	struct page_record record; /* of the page that showed it last */
	/* Of its image, if it was fetched: path below image-dir, SHA-256; empty: not kept. */
	struct str image_file, image_hash;
	uint64_t extract_version;
};

struct listing_filter {
	/* {0}: any. category: of the current label, it or below ("a.b" finds "a.b.c");
	 * text: words that the title holds, in any order; unknown state or flag: ERR_BAD */
	struct str source, category, text, state, flag;
	int64_t family;	   /* 0: any */
	int64_t after_id;  /* id order, for paging; not in the review queue */
	int64_t most;	   /* 0: all */
	bool review_queue; /* unreviewed, score > 0; highest score first */
	/* In order of source and ext_id instead of row ids: the same whatever the
	 * order that a crawl found them in. Without after_id. */
	bool by_name;
	bool stale; /* label_version, clean_version or model differ from: */
	uint64_t label_version;
	uint32_t clean_version;
	int64_t model; /* 0: suggestions are not looked at */
};

/* Calls `each` for every match; stops early when it returns false.
 * Streams: memory does not grow with the count. */
enum err reader_listings(struct reader *r, const struct listing_filter *f, struct arena *a,
			 bool (*each)(void *ctx, const struct listing_view *v), void *ctx,
			 struct reason *why);
/* ERR_NOT_FOUND. `source` none: `id` is the row; else ext_id names it. */
enum err reader_listing(struct reader *r, int64_t id, struct str source, struct str ext_id,
			struct arena *a, struct listing_view *ret, struct reason *why);

/* The listing of an address. ERR_NOT_FOUND; ERR_EXISTS: there are several. */
enum err reader_listing_at(struct reader *r, struct str url, int64_t *ret_id, struct reason *why);

/* How a listing came into its family: "own": by its title, which is the family's; "image",
 * "picture", "price", "category", "title": likeness and that signal; "self": a listing of it was reworded;
 * "person"; "pinned": a person put the listing there, whatever its title. */
struct family_title {
	struct str joined_by;
	double alike;
	int picture; /* bits by which the pictures differ; -1: they were not looked at */
};
enum err reader_family_title(struct reader *r, const struct listing *l, struct arena *a,
			     struct family_title *ret, struct reason *why);
/* What people did to a family, the newest first. */
struct family_event {
	int64_t id, made_ms, listing, moved;
	struct str who, action;
	uint64_t was, family;
};
enum err reader_family_events(struct reader *r, uint64_t family, int most, struct arena *a,
			      struct family_event **ret, int *ret_n, struct reason *why);

struct history_row {
	int64_t seen_ms, page;
	struct str field, was, now; /* field: "price", "state", "title" */
};
enum err reader_history(struct reader *r, int64_t listing, struct arena *a,
			struct history_row **ret, int *ret_n, struct reason *why);
enum err reader_votes(struct reader *r, int64_t listing, struct arena *a, struct vote **ret,
		      int *ret_n, struct reason *why);
struct label_row {
	struct label label;
	int64_t undone_ms; /* 0: stands */
};
enum err reader_labels(struct reader *r, int64_t listing, struct arena *a, struct label_row **ret,
		       int *ret_n, struct reason *why);
enum err reader_page(struct reader *r, int64_t id, struct arena *a, struct page *ret,
		     struct reason *why);
enum err reader_job(struct reader *r, int64_t id, struct arena *a, struct job *ret,
		    struct reason *why);
/* How many due jobs come before `j` at its host when it is due, or now if that is later;
 * `most`: so many or more. */
enum err reader_job_ahead(struct reader *r, const struct job *j, int64_t now_ms, int most,
			  int64_t *ret, struct reason *why);
/* What is kept of its last good answer; *ret NULL: nothing. */
enum err reader_visit(struct reader *r, int64_t job, struct arena *a, const struct visit **ret,
		      struct reason *why);
/* Pages of a job, newest first, at most `most`. */
enum err reader_job_pages(struct reader *r, int64_t job, int most, struct arena *a,
			  struct page **ret, int *ret_n, struct reason *why);

/* The first page of a job that was fetched from..till. ERR_NOT_FOUND. */
enum err reader_page_at(struct reader *r, int64_t job, int64_t from_ms, int64_t till_ms,
			struct arena *a, struct page *ret, struct reason *why);
enum err reader_job_by_key(struct reader *r, struct str source, struct str key, struct arena *a,
			   struct job *ret, struct reason *why);

struct page_filter {
	struct str source, page_kind; /* {0}: any */
	struct str url;		      /* * stands for any text; {0}: any */
	int64_t since_ms;
	int64_t after_id, most;
};
/* Calls `each` for every match, by id; stops early when it returns false. Text is valid
 * within the callback. `a` is for the question. */
enum err reader_pages(struct reader *r, const struct page_filter *f, struct arena *a,
		      bool (*each)(void *ctx, const struct page *p), void *ctx, struct reason *why);

/* The newest page's id; 0: there is none. */
enum err reader_page_last(struct reader *r, int64_t *ret, struct reason *why);
/* Which pages were asked to be read again and are not marked yet (struct write:
 * WRITE_STALE). *ret_any: some. */
struct reprocess_row {
	struct str source, page_kind;
	int64_t since_ms, page_from;
};
enum err reader_reprocess(struct reader *r, struct arena *a, struct reprocess_row *ret,
			  bool *ret_any, struct reason *why);
/* Closed segments, removed ones too, by number. */
enum err reader_segments(struct reader *r, struct arena *a, struct segment_closed **ret, int *ret_n,
			 struct reason *why);
/* Those with a page that somebody is to look at: it shows an open alarm. */
enum err reader_segment_pins(struct reader *r, struct arena *a, struct segment_pin **ret,
			     int *ret_n, struct reason *why);
/* ERR_NOT_FOUND: it was never stored. */
enum err reader_segment_clock(struct reader *r, struct segment_clock *ret, struct reason *why);
/* ERR_NOT_FOUND: it was not removed. */
enum err reader_segment_removed(struct reader *r, struct str file, struct arena *a,
				struct segment_removed *ret, struct reason *why);
/* The oldest whose file may still be there. ERR_NOT_FOUND: there is none. */
enum err reader_segment_unfinished(struct reader *r, struct arena *a, struct segment_removed *ret,
				   struct reason *why);
enum err reader_segment_totals(struct reader *r, struct segment_totals *ret, struct reason *why);
/* Number of the newest that was closed; 0: none was. */
enum err reader_segment_last(struct reader *r, int64_t *ret, struct reason *why);

/* The import that was asked for last, with its counts. ERR_NOT_FOUND: there was none. */
enum err reader_intake(struct reader *r, struct arena *a, struct intake *ret, struct reason *why);
/* Pages that an import brought. */
enum err reader_intake_pages(struct reader *r, int64_t id, int64_t *ret, struct reason *why);

/* Counts that the writer keeps up to date in its transactions: O(1) to read. */
enum tally {
	TALLY_PAGES,
	TALLY_PAGES_UNCHANGED,
	TALLY_PAGES_UNPARSABLE,
	TALLY_PAGES_ERROR,
	TALLY_BYTES,
	TALLY_LISTINGS,
	TALLY_GONE,
	TALLY_DUPLICATES,
	TALLY_FLAGGED,
	TALLY_UNFIT,
	TALLY_CHANGES,
	TALLY_SKIPPED,
	TALLY_REJECTED,
	TALLY_UNDECIDED,
	TALLY_LABELED,
	TALLY_SUGGESTED,
	TALLY_REVIEWED,
	TALLY_HOSTS_DUE,
	TALLY_RETRIES,
	/* requests by how they ended without a whole answer, or were not made */
	TALLY_CUT,
	TALLY_TOO_BIG,
	TALLY_TIMEOUT,
	TALLY_UNREACHABLE,
	TALLY_REDIRECTS,
	TALLY_GUARDED,
	TALLY_ROBOTS,
	TALLY_IMAGES,
	TALLY_IMAGE_BYTES,
	TALLY_IMAGES_WAITING,
	TALLY_COUNT
};
struct tally_row {
	const char *name, *doc;
	bool grows; /* and never falls */
};
extern const struct tally_row tallies[TALLY_COUNT];

struct source_counts {
	struct str source;
	bool paused;
	int64_t jobs[JOB_STATES];
	int64_t tally[TALLY_COUNT];
	int64_t next_due_ms; /* soonest due job; 0 none */
};
/* One row per source that the database knows. */
enum err reader_sources(struct reader *r, struct arena *a, struct source_counts **ret, int *ret_n,
			struct reason *why);
/* Addresses that became no job, by source, the most frequent reason first. */
struct refused_row {
	struct str source, url; /* url: the newest */
	enum refusal reason;
	int64_t times, last_ms;
};
enum err reader_refused(struct reader *r, struct arena *a, struct refused_row **ret, int *ret_n,
			struct reason *why);
/* Records that became no listing, the newest first. */
struct reject_filter {
	struct str source, field, reason; /* {0}: any */
	int64_t page;			  /* 0: any */
	int most;
};
enum err reader_rejected(struct reader *r, const struct reject_filter *f, struct arena *a,
			 struct reject **ret, int *ret_n, struct reason *why);
/* How many there were, by source, the most frequent reason first; `page` != 0: of that page,
 * without its source. Those that are no longer kept, too. */
struct reject_count {
	struct str source;
	enum reject_code code;
	int64_t times;
};
enum err reader_reject_counts(struct reader *r, int64_t page, struct arena *a,
			      struct reject_count **ret, int *ret_n, struct reason *why);
/* What was learned of each page kind, as WRITE_DRIFT kept it. */
struct drift_row {
	struct str source, page_kind, state;
};
enum err reader_drifts(struct reader *r, struct arena *a, struct drift_row **ret, int *ret_n,
		       struct reason *why);
/* At most `most` (0: all) alarms, with their URLs: the open ones, the newest first; then those
 * that are over, if wanted. */
enum err reader_alarms(struct reader *r, bool ended, int most, struct arena *a, struct alarm **ret,
		       int *ret_n, struct reason *why);
/* Lists of a source that show a window of their results, and their parts. */
enum err reader_parts(struct reader *r, struct str source, struct arena *a, struct part **ret,
		      int *ret_n, struct reason *why);
/* Listings waiting for a person: unreviewed, score > 0. */
enum err reader_review_size(struct reader *r, int64_t *ret_n, struct reason *why);

/* What a queue asks `who` next, the most urgent first: at most `most`. First what waits in it for
 * another person than the first one. Of QUEUE_NEW one of each category that nobody has decided
 * one of; QUEUE_AUDIT is reader_draw_next. Through indexes: as much work as there are rows, those
 * that `who` has skipped, and those of other sources. */
struct review_filter {
	enum review_queue queue;
	struct str who;	     /* without what this person left to others; {0}: all */
	struct str source;   /* {0}: any */
	struct str category; /* {0}, or instead of a queue: what is most likely of this category */
	int most;
};
struct review_pick {
	int64_t listing;
	uint64_t family;
	double score;
	bool second;	       /* another person has decided it */
	struct str first;      /* the first suggestion; "" none */
	struct str title_core; /* as listing_core() */
};
enum err reader_review_queue(struct reader *r, const struct review_filter *f, struct arena *a,
			     struct review_pick **ret, int *ret_n, struct reason *why);
/* How many wait in it, of any source; what one person alone has decided included. */
enum err reader_queue_size(struct reader *r, enum review_queue queue, int64_t *ret,
			   struct reason *why);

/* What people decided last, of a category ({0}: of any); at most `most`. */
struct reviewed_row {
	int64_t listing;
	struct str category, title, title_core;
};
enum err reader_reviewed(struct reader *r, struct str category, int most, struct arena *a,
			 struct reviewed_row **ret, int *ret_n, struct reason *why);

/* What a person said, and stands. */
struct review_decision {
	int64_t id, listing, made_ms, draw, took_ms;
	enum review_action action;
	struct str who, category, reason, queue;
};
/* Of one listing, "unsure" included; the oldest first. */
enum err reader_decisions_of(struct reader *r, int64_t listing, struct arena *a,
			     struct review_decision **ret, int *ret_n, struct reason *why);
/* Decisions by listing, then by time: of a queue ({0}: of all) and a draw (0: any). What came of a
 * bulk but for the listing that was looked at is left out. Text is valid within the callback. */
enum err reader_decisions(struct reader *r, struct str queue, int64_t draw,
			  bool (*each)(void *ctx, const struct review_decision *d), void *ctx,
			  struct reason *why);

/* Draws, the newest first; id 0: all. */
enum err reader_draws(struct reader *r, int64_t id, struct arena *a, struct review_draw **ret,
		      int *ret_n, struct reason *why);
/* Its items behind a place, in their order; most 0: all. */
enum err reader_draw_items(struct reader *r, int64_t draw, int64_t after_place, int most,
			   struct arena *a, struct review_draw_item **ret, int *ret_n,
			   struct reason *why);
/* What `who` is to decide next of it: neither what this person has said something of, nor what
 * enough others have decided. */
enum err reader_draw_next(struct reader *r, int64_t draw, struct str who, int most, struct arena *a,
			  struct review_draw_item **ret, int *ret_n, struct reason *why);
/* ERR_NOT_FOUND: it was not drawn. */
enum err reader_draw_item(struct reader *r, int64_t draw, int64_t listing, struct arena *a,
			  struct review_draw_item *ret, struct reason *why);

struct model_row {
	int64_t id, rows, made_ms, suggestions;
	struct str name, file, sha256, metrics;
	struct str recipe; /* of its training; see daemon/warm.h */
	int64_t warm; /* models in a row, this one the last, that went on from the one before */
	enum model_state state;
};
enum err reader_models(struct reader *r, struct arena *a, struct model_row **ret, int *ret_n,
		       struct reason *why);

/* Listings per current label: for `pipectl taxonomy`. */
struct category_count {
	struct str category;
	int64_t labeled, reviewed, suggested;
};
enum err reader_categories(struct reader *r, struct arena *a, struct category_count **ret,
			   int *ret_n, struct reason *why);
/* What the store knows of the taxonomy: the versions that were in force, the oldest first, and
 * the codes of the last. */
struct taxonomy_edition {
	int64_t version, first_ms;
	struct str name;
	uint64_t hash;
};
enum err reader_taxonomy(struct reader *r, struct arena *a, struct taxonomy_edition **ret,
			 int *ret_n, struct str **ret_codes, int *ret_codes_n, struct reason *why);
/* Current labels by what was written, under which version, by whom. */
struct label_count {
	struct str written;
	int64_t taxonomy, labels;
	enum label_by by;
};
enum err reader_label_counts(struct reader *r, struct arena *a, struct label_count **ret,
			     int *ret_n, struct reason *why);
/* Of each source's own categories: its listings (`says` none), or those of which people, or rules
 * other than the mapping, say another or the same of ours. By source and category. */
enum category_use_of { CATEGORY_LISTINGS, CATEGORY_REVIEWS, CATEGORY_VOTES };
struct category_use {
	struct str source, own, says;
	int64_t listings;
};
enum err reader_category_use(struct reader *r, enum category_use_of what, struct arena *a,
			     struct category_use **ret, int *ret_n, struct reason *why);
/* Listings that a split has sent back to review. */
enum err reader_rechecks(struct reader *r, int64_t *ret, struct reason *why);
/* Votes per rule: for `pipectl rules`. */
struct rule_count {
	struct str rule;
	int64_t fired, agreed, last_ms;
};
enum err reader_rules(struct reader *r, struct arena *a, struct rule_count **ret, int *ret_n,
		      struct reason *why);
/* `kept`: what WRITE_MEASURES stored; else as decisions have it now. By rule. */
enum err reader_measures(struct reader *r, bool kept, struct arena *a, struct rule_measure **ret,
			 int *ret_n, struct reason *why);
/* The newest jobs that failed or were refused, and unparsable pages. */
struct trouble_row {
	int64_t job, page, at_ms;
	struct str source, url, what, reason;
};
enum err reader_troubles(struct reader *r, int most, struct arena *a, struct trouble_row **ret,
			 int *ret_n, struct reason *why);

/* A listing's image and how its fetching stands. */
struct image_view {
	int64_t job;
	struct str url, reason;
	enum job_state state;
	bool kept; /* `image` says what is on disk */
	struct image image;
};
/* ERR_NOT_FOUND: nothing fetches it. */
enum err reader_image(struct reader *r, int64_t listing, struct arena *a, struct image_view *ret,
		      struct reason *why);
/* Listings past `after_id` with an image that nothing fetches yet. */
struct image_wanted {
	int64_t listing, job; /* job: of the page that showed it */
	struct str source, address;
};
enum err reader_images_unlinked(struct reader *r, int64_t after_id, int most, struct arena *a,
				struct image_wanted **ret, int *ret_n, struct reason *why);
/* Image jobs past `after_id` that were not asked, or whose answer was not wanted. */
struct image_refused {
	int64_t job;
	struct str source, host, reason;
};
enum err reader_images_refused(struct reader *r, int64_t after_id, int most, struct arena *a,
			       struct image_refused **ret, int *ret_n, struct reason *why);
/* Image jobs past `after_id` that no listing shows any more. */
enum err reader_images_orphaned(struct reader *r, int64_t after_id, int most, struct arena *a,
				int64_t **ret, int *ret_n, struct reason *why);
/* Those of which LOOK_VERSION does not know what they look like. */
enum err reader_images_unseen(struct reader *r, int64_t after_id, int most, struct arena *a,
			      struct image **ret, int *ret_n, struct reason *why);
enum err reader_images_unseen_count(struct reader *r, int64_t *ret, struct reason *why);
/* Kept images past `after_id`: id and file. */
enum err reader_images(struct reader *r, int64_t after_id, int most, struct arena *a,
		       struct image **ret, int *ret_n, struct reason *why);
/* Whether the file is that of a row. */
enum err reader_image_known(struct reader *r, struct str hash, struct str file, bool *ret,
			    struct reason *why);

#endif
