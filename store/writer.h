/* writer.h: the one thread that writes. Work is handed over and answered in
 * the order it came; what waits is committed together (group commit: at most
 * `batch_items`, and whatever waited when the last commit ended, or came while
 * all that waits may). */
#ifndef PIPED_WRITER_H
#define PIPED_WRITER_H

#include "base/arena.h"
#include "model/alarm.h"
#include "model/image.h"
#include "model/intake.h"
#include "model/job.h"
#include "model/label.h"
#include "model/label_in.h"
#include "model/listing.h"
#include "model/page.h"
#include "model/part.h"
#include "model/refusal.h"
#include "model/reject.h"
#include "model/review.h"
#include "model/segment.h"
#include "model/site.h"
#include "model/value.h"
#include "picture/look.h"
#include "store/store.h"

/* What became of a listing on a page, all made by the pool task. On a page,
 * empty text, no price and an unknown state are no news about a stored listing;
 * where the page shows less than is stored, votes, label and suggestion are
 * left as they are, and the listing is stale when something did change.
 * WRITE_DERIVED: clean_version 0 leaves the clean fields alone, label_version 0
 * (and no votes, no label) the votes and labels, !suggested the suggestion. A
 * listing with another last_seen_ms than stored (unless 0) is left out: a page
 * has shown it since. */
struct write_listing {
	struct listing listing; /* id, page 0; times set */
	struct str own_job;	/* key of the job of its own page, as listing.own_key; {0} none */
	struct vote *votes;
	int n_votes;
	bool labeled;	    /* `label` says what the votes resolve to */
	struct label label; /* by rules; id, listing 0 */
	uint64_t label_version;
	bool suggested;
	struct suggestion suggestion;
	double review_score; /* 0: not worth a look; else higher is sooner */
	struct review_worth worth;
};

enum write_kind {
	WRITE_PAGE,	   /* a fetched page and all that came of it */
	WRITE_JOB,	   /* a job's move without a page: retry, failure, refusal */
	WRITE_KEYS,	   /* keys of a source's jobs by the rules of today, a slice at a time */
	WRITE_SEEDS,	   /* new jobs; those whose (source, key) exists are left alone */
	WRITE_VALUES,	   /* read the values found for a source's seeds, after every commit */
	WRITE_PICK,	   /* read due jobs of one host: here, so that it sees every commit */
	WRITE_HOSTS,	   /* read which hosts have due jobs, a slice at a time */
	WRITE_DERIVED,	   /* new votes, label, suggestion, clean title of stored listings */
	WRITE_REVIEW,	   /* a person's decision or its undoing */
	WRITE_DRAW,	   /* a random draw of listings, for an audit */
	WRITE_LABELS_IN,   /* labels that people made elsewhere */
	WRITE_FAMILY,	   /* a person splits or merges families of duplicates */
	WRITE_SOURCE,	   /* pause, resume a source */
	WRITE_CLOCK,	   /* times of due jobs that a clock ahead of now_ms has set, in slices */
	WRITE_RETRY,	   /* failed, gone or done jobs due again; many in slices, each committed */
	WRITE_ASK,	   /* jobs that a person wants now, before all others of their host */
	WRITE_MODEL,	   /* a trained model; live or kept */
	WRITE_RETIRE,	   /* kept models whose files are to be removed */
	WRITE_REREAD,	   /* a stored page (page.id) extracted again, and all that came of it */
	WRITE_IMPORT,	   /* as WRITE_PAGE, of another program's archive: job 0 */
	WRITE_INTAKE,	   /* how far an import is */
	WRITE_TURN,	   /* nothing: for `append`, which may begin a new segment */
	WRITE_IMAGE,	   /* a job that fetched an image, and what it is */
	WRITE_IMAGE_LINKS, /* listings and the jobs that fetch their images */
	WRITE_IMAGE_DROP,  /* image jobs that no listing may show any more */
	WRITE_IMAGE_LOST,  /* images whose files are gone: their jobs are due again */
	WRITE_LOOKS,	   /* what stored images look like */
	WRITE_IMAGE_AGAIN, /* refused image jobs that may be asked now: due again */
	WRITE_STALE,	   /* pages are to be read again, a slice at a time */
	WRITE_SITE,	   /* what is remembered of a host and its robots.txt */
	WRITE_RECALL,	   /* reads it */
	WRITE_DRIFT,	   /* what was learned of a page kind, and its alarms */
	WRITE_MEASURES,	   /* what rules vote with, as decisions have it */
	WRITE_SEGMENT,	   /* segments that are closed, or whose file is to be deleted, or is */
	WRITE_TAXONOMY,	   /* a taxonomy is in force */
	WRITE_KINDS
};

/* What a page says of the one that was read before it. */
enum write_visit {
	VISIT_NONE, /* nothing is kept: the job is not asked again, or nothing was learned */
	VISIT_READ, /* it was read: visit.page is to be this one; visit.listing (any number
		       but 0) asks for its one listing; visit.original 0: this page, too */
	VISIT_HELD, /* it is as before: so is everything it showed, listings included */
	VISIT_GONE, /* 404, 410: the listing that the page was about is gone: visit.listing, or,
		       where it was never read (0), the one whose own_key is that of the write */
	VISIT_LOST, /* it failed once too often: what is kept says nothing any more */
	VISIT_KINDS
};

/* A listing and the job that is to fetch its image. Left alone when the listing shows
 * another address by now. */
struct write_image_link {
	int64_t listing;
	struct str address; /* as the listing has it */
	struct job job;	    /* id 0 */
};

/* What an image looks like, by LOOK_VERSION; or why that is not known. */
struct write_look {
	int64_t image; /* of WRITE_LOOKS */
	struct look look;
	struct str reason;
};

/* Each time the archive's clock, and: segments that are closed; one whose file is to be deleted;
 * number of one whose file is gone (0: none). */
struct write_segment {
	struct segment_clock clock;
	const struct segment_closed *closed;
	int n_closed;
	const struct segment_removed *removed;
	int64_t done;
};

/* SPLIT: `listing` leaves its family. Where likeness or a person brought its title in, the title
 * leaves, with all listings of it; else the listing alone. MERGE: the family of `listing` becomes
 * one with that of `into`, whose name it takes. */
enum write_family_action { FAMILY_SPLIT, FAMILY_MERGE };

/* One hand-over. Filled by the caller; `arena` holds everything it points to
 * and is kept until `done` has run. */
struct write {
	enum write_kind kind;
	struct arena *arena;	       /* borrowed till done */
	void (*done)(struct write *w); /* on the loop thread, after commit or failure */
	void *ctx;		       /* the caller's */
	enum err err;		       /* ret */
	struct reason why;	       /* ret, when err */
	int64_t now_ms;		       /* wall clock of the write */
	bool may_wait;		       /* for others on their way: see batch_ms */

	/* WRITE_PAGE, WRITE_JOB: the job by id with its new state, due_ms,
	 * attempts, priority, reason, host and way. */
	struct job job;
	int ends; /* enum tally: how its request ended; TALLY_PAGES: with an answer */
	/* WRITE_PAGE */
	struct page page;    /* record is filled in by `append` below; ret id */
	struct str member;   /* WARC members to append; may be none. WRITE_JOB, WRITE_SITE, too */
	int64_t page_offset; /* within `member`: where the response's record starts */
	int64_t page_bytes;  /* and how long that is */
	struct job *jobs;    /* WRITE_PAGE: found links; WRITE_SEEDS: seeds */
	int n_jobs;
	struct refusal_counts refused;	/* WRITE_PAGE: addresses that became no job */
	struct write_listing *listings; /* WRITE_PAGE; WRITE_DERIVED (listing.id set) */
	int n_listings;
	/* WRITE_PAGE: records that became no listing: the first few, in place of what is kept of
	 * the same records; all of them, by reason; how many are kept of a source. */
	struct reject *rejects;
	int n_rejects;
	int64_t reject_times[REJECTS];
	struct str *rejected_ids; /* of those that are not kept: the list shows them */
	int n_rejected_ids;
	int undecided; /* values that passed, as a check could not be held against them */
	int64_t rejected_keep;
	enum write_visit visited;
	struct visit visit; /* what is to be kept; page, listing: see enum write_visit */
	uint64_t own_key;   /* VISIT_GONE: of listings whose own page it is; 0: of none */
	/* Of a page of a list: passes over the list after which what none of its pages
	 * shows is gone (0: never), and whether the list goes on where we do not. */
	int64_t gone_after;
	bool cut;
	/* The first page of a list with a window: what becomes of it, and the jobs of
	 * its parts; `again`: it was parted before, only the total is news. Where parts
	 * turn out to hold less than the list they are of, that one's job is due again,
	 * JOB_PARTED_READ. */
	bool parted, again;
	struct part part; /* job, parent, seed, source, vars are the page's job's */
	struct job *parts;
	int n_parts;
	const struct value *values; /* found for seeds; those of before are forgotten */
	int n_values;
	bool ret_values_changed;
	bool ret_due_again; /* WRITE_REREAD: its job, which has to be asked once more */
	int ret_new_jobs, ret_new_listings, ret_changed;
	int ret_stale; /* listings left to be judged again */
	/* WRITE_PAGE: listings stored with a category before which are shown with one; of them,
	 * with another. */
	int ret_categories, ret_moved;
	/* WRITE_REREAD: what a newer page said of a listing stands, and corrections are
	 * no history. WRITE_IMPORT: the job is found by (source, key), or stored as
	 * `job` says; one that is there is left as it is. */
	bool ret_known; /* WRITE_IMPORT: the page was there already; nothing was done */
	/* WRITE_INTAKE: the import as it is now; id 0: a new one; ret id */
	const struct intake *intake;
	struct write_segment segment; /* WRITE_SEGMENT */
	int64_t ret_intake;
	/* WRITE_STALE: pages of `source` and of `page_kind` (none: all) with an id past
	 * page_from that were fetched since since_ms; ret_changed counts them; ret_page_from:
	 * where to go on, 0 at the end. What is left to do is kept: see reader_reprocess. */
	struct str page_kind;
	int64_t since_ms, page_from, ret_page_from;

	/* WRITE_PICK: at most `most` jobs of `source` at `host` that are due by
	 * now_ms, by priority then due time; jobs whose id is in `skip` are left
	 * out. Pauses are the caller's business. ret_next_ms, when they are fewer
	 * than `most`: when the next one comes due, JOB_NEVER: none is known.
	 * WRITE_HOSTS: at most `most` hosts of `source` with due jobs, in order of
	 * (due_ms, host), behind (after_ms, host) and until until_ms; their due_ms
	 * may be too early, never too late. ret_next_ms, when they are fewer: of
	 * the host that comes next. */
	struct str host, source;
	int most;
	const int64_t *skip;
	int n_skip;
	int64_t after_ms, until_ms;
	struct job *ret_jobs; /* in `arena` */
	int ret_n_jobs;
	int64_t ret_next_ms;
	/* Of WRITE_HOSTS; and of WRITE_PAGE, WRITE_JOB, WRITE_SEEDS, WRITE_KEYS, WRITE_CLOCK: hosts whose
	 * due jobs it changed, with the soonest of those that it made due. */
	struct write_host *ret_hosts;
	int ret_n_hosts;

	/* WRITE_KEYS: jobs of `source` from key_from on get the key that `key` makes of
	 * their address, on the writer thread: pure. What a body added to a key (after a
	 * #) stays. Of two jobs that turn out to be one page the row met last keeps its
	 * key, which no address has any more; if it is due it is refused. ret_key_from: where to
	 * go on, 0: all are done, or were already. */
	enum err (*key)(const void *ctx, struct str url, struct arena *a, struct str *ret_key);
	const void *key_ctx;
	uint64_t key_version; /* changes with the rules; not 0 */
	int64_t key_from, ret_key_from;

	/* WRITE_VALUES: source */
	struct value *ret_values; /* in `arena` */
	int ret_n_values;

	/* WRITE_SOURCE: source. WRITE_RETRY: source, host (none: all), only these states and
	 * reasons that hold retry_reason; ret_changed: jobs made due. JOB_DUE: those of a
	 * later time, now. WRITE_ASK: `jobs`, stored or due again at priority 0; ret the id
	 * of each, and ret_new_jobs */
	bool paused;
	unsigned retry_states;	 /* 1 << JOB_FAILED | ... */
	struct str retry_reason; /* {0}: any */
	int64_t only_job;	 /* 0: all */

	/* WRITE_IMAGE: `job` and its image (id 0). _LINKS: links; ret_new_jobs counts new
	 * jobs and those that are due again. _DROP, _AGAIN: ids of jobs, _LOST: ids of images;
	 * ret_changed counts the images that were let go. Files are the caller's. */
	struct image image;
	/* WRITE_IMAGE: of `image`, if it is known. WRITE_LOOKS */
	struct write_look *looks;
	int n_looks;
	bool image_new; /* its file was not there before; the store doesn't look at it */
	struct write_image_link *links;
	int n_links;
	const int64_t *ids;
	int n_ids;

	/* WRITE_REVIEW. ret_known: the event was stored already, and nothing was done;
	 * ERR_EXISTS: its client id is of another one. ret_changed: listings that were decided,
	 * or whose decision was taken back. */
	enum review_action action;
	int64_t listing;     /* UNDO: 0, the newest event of `who`; ret which */
	struct str category; /* of what decides; none: "none of them"; ret */
	struct str who;
	struct review_event event;
	/* Of what decides: the same of `ids` and, `with_family`, of the listing's family, at most
	 * REVIEW_BATCH_MOST, but for what a person has decided: all are one event to undo. */
	bool with_family;
	int64_t ret_label; /* made or undone; 0 where there is none */

	/* WRITE_DRAW: id 0; ret_draw. ERR_EXISTS: its name is another's. */
	const struct review_draw *draw;
	const struct review_draw_item *draw_items;
	int n_draw_items;
	int64_t ret_draw;

	/* WRITE_REVIEW, WRITE_LABELS_IN: version that `category` is of. WRITE_TAXONOMY: version, */
	int64_t taxonomy;
	/* WRITE_TAXONOMY: its name, a number that is another for other contents, the codes of its
	 * categories, and what those of former versions are now. From here on all labels are read so. */
	struct str taxonomy_name;
	uint64_t taxonomy_hash;
	const struct str *codes;
	int n_codes;
	const struct recode *recodes;
	int n_recodes;
	/* WRITE_LABELS_IN: of listings that are there; ret the end of each. Categories are those
	 * of `taxonomy`. */
	struct label_in *labels_in;
	int n_labels_in;

	/* WRITE_FAMILY: also listing, who; ret_changed: listings moved. No automatic join undoes
	 * it. ERR_NOT_FOUND; ERR_BAD: there is nothing to split, or they are one already. */
	enum write_family_action family_action;
	int64_t into;
	uint64_t ret_family;

	/* WRITE_SITE: what is to be remembered; NULL: as it is. `member` may hold the
	 * answer, for the archive. WRITE_RECALL: of `host` and site_name; ret, NULL:
	 * nothing is. */
	struct site_host *site;
	struct site_robots *robots;
	struct str site_name;

	/* WRITE_DRIFT: of `source` and `page_kind`: the text of drift_write(), and all alarms that
	 * are open (statistic, what, page, raised_ms); others end, alarms_ended_by says why. */
	struct str drift_state, alarms_ended_by;
	const struct alarm *alarms;
	int n_alarms;

	/* WRITE_MEASURES: all of them, those of no fire aside. */
	const struct rule_measure *measures;
	int n_measures;

	/* WRITE_MODEL */
	struct str model_name, model_file, model_sha256, model_metrics; /* metrics: JSON */
	struct str model_recipe;
	int64_t model_rows, model_warm;
	bool live;
	int64_t model; /* != 0: make this stored one live instead */
	int64_t ret_model;

	/* WRITE_RETIRE: their ids; one that is not kept any more is left alone, and becomes 0. */
	int64_t *retire;
	int n_retire;

	/* the writer's own */
	/* WRITE_RETRY, WRITE_CLOCK, which take more than one go. WRITE_CLOCK from -1: only
	 * if what was stored last has a time to come. */
	int64_t from, ret_from;
	int changed_before;
	bool ret_more;
	struct write *next;
	int64_t asked; /* `listing` as it came: a batch may be tried twice */
};

struct write_host {
	struct str source, host;
	int64_t due_ms; /* JOB_NEVER: none */
	int64_t due;	/* jobs in state due */
};

struct writer;

struct writer_opt {
	int batch_items;
	/* What may wait waits so long at most for others to be committed with, as
	 * each commit writes whole database pages; 0: not at all. */
	int64_t batch_ms;
	int nice; /* the thread is lowered so: base/niceness.h */
	/* Titles that are alike are one family (near/near_index.h), not only equal ones. The
	 * thread begins with reading all titles that are stored. */
	bool near;
	/* On the writer thread, before the transaction: makes the WARC members of
	 * `n` items durable (append, fdatasync) and fills page.record in each. Items
	 * are pages, imports, and turns, which have no member.
	 * An error fails the whole batch and nothing is committed. */
	enum err (*append)(void *ctx, struct write **items, int n, struct reason *why);
	/* On the writer thread: something is done; the loop should call
	 * writer_drain (wire it to uv_async_send). */
	void (*wake)(void *ctx);
	void *ctx;
};

/* Starts the thread. `wake` must work before this is called. */
enum err writer_start(struct store *s, const struct writer_opt *opt, struct writer **ret_writer,
		      struct reason *why);
/* Hands `w` over. Any thread. Bounded by the caller's own windows. */
void writer_put(struct writer *w, struct write *item);
/* Runs `done` of what is finished, in order. Loop thread. */
void writer_drain(struct writer *w);
/* Finishes what was handed over, commits, ends the thread, runs every `done`. */
void writer_stop(struct writer *w);

struct writer_stat {
	int64_t waiting; /* handed over, not answered */
	int64_t commits, items, failures;
	int64_t sql_cpu_ns, append_cpu_ns; /* of the writer thread */
	enum err last_err;		   /* ERR_OK once a commit works again */
	struct reason last_why;
};
void writer_stat(const struct writer *w, struct writer_stat *ret); /* any thread */

#endif
