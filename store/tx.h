/* tx.h: what each kind of write does within the writer's transaction. An error
 * leaves the transaction to be rolled back; its reason is in tx.engine->why.
 * Writer thread. write_NAME_* is in write_NAME.c. */
#ifndef PIPED_TX_H
#define PIPED_TX_H

#include "near/near_index.h"
#include "picture/look_index.h"
#include "store/due.h"
#include "store/known.h"
#include "store/sql.h"
#include "store/tally.h"
#include "store/writer.h"

struct tx {
	struct store_engine *engine;
	struct sql sql;
	struct tally_set tallies;
	struct due_set due;
	struct known known;
	struct near_index *near;  /* NULL: families are of equal titles only */
	struct look_index *looks; /* NULL: pictures join nothing */
	bool looks_full;	  /* which was told */
	struct arena *scratch;	  /* of one item */
};

enum err write_job_move(struct tx *t, const struct job *j, int64_t now_ms);
/* Adds those that are new; *ret_new counts them. */
enum err write_job_add(struct tx *t, const struct job *jobs, int n, int64_t now_ms, int *ret_new);
enum err write_job_retry(struct tx *t, struct write *w);
enum err write_job_source(struct tx *t, const struct write *w);
enum err write_ask_do(struct tx *t, struct write *w);

enum err write_pick_jobs(struct tx *t, struct write *w);
enum err write_pick_hosts(struct tx *t, struct write *w);
/* Counts addresses that became no job. The source has been seen. */
enum err write_refusal_add(struct tx *t, struct str source, enum refusal why, int64_t n,
			   struct str url, int64_t now_ms);
enum err write_refusal_all(struct tx *t, struct str source, const struct refusal_counts *c,
			   int64_t now_ms);
/* Counts a new job in its folder; *ret_full: that has as many as it may. */
enum err write_folder_add(struct tx *t, const struct job *j, bool *ret_full);
/* Due jobs that a clock ahead of w->now_ms has set, from w->from on. */
enum err write_clock_slice(struct tx *t, struct write *w);
enum err write_key_slice(struct tx *t, struct write *w);

/* After the job has moved; may make it, or the list it is a part of, due again. */
enum err write_part_store(struct tx *t, struct write *w);
/* The page of a list was read again by another configuration: one that is longer than its
 * window now, and was never parted, is due again, so that it is. */
enum err write_part_reread(struct tx *t, struct write *w);
/* New values may part what nothing did: such lists of the source are due again. */
enum err write_part_retry(struct tx *t, struct str source, int64_t now_ms);

enum err write_value_store(struct tx *t, struct write *w);
enum err write_value_read(struct tx *t, struct write *w);

enum err write_page_store(struct tx *t, struct write *w);
enum err write_page_reread(struct tx *t, struct write *w);
enum err write_page_stale(struct tx *t, struct write *w);
enum err write_page_import(struct tx *t, struct write *w);
enum err write_segment_put(struct tx *t, struct write *w);
enum err write_intake_put(struct tx *t, struct write *w);
/* After the jobs that the page names are stored. `ids`, which it sorts: all that the
 * page shows. */
enum err write_list_store(struct tx *t, struct write *w, int64_t *ids, int n);
/* Keeps w->rejects and counts, after its listings are stored: what the page accepts is rejected
 * no longer. `newest`: the job was not read since. Adds to `ids`, which has room for all,
 * the stored listings whose records were rejected: the page shows them. */
enum err write_reject_store(struct tx *t, struct write *w, bool newest, int64_t *ids, int *n);
/* How many records were rejected of which it is not known what they are of. */
int write_reject_nameless(const struct write *w);
/* `listing`: the first that the page showed; 0: none. */
enum err write_visit_store(struct tx *t, struct write *w, int64_t listing);

/* `ret_first`: whether it is the first of its name on this page; later ones are
 * left out; `ret_was`: the page that showed it last before, 0: none. */
enum err write_listing_store(struct tx *t, struct write *w, const struct write_listing *l,
			     int64_t *ret_id, bool *ret_first, int64_t *ret_was);
/* Stores w->jobs: links, and further pages of the list that w->page is one of, unless that
 * has no end. `was`: what showed each of the page's `n` listings before. */
enum err write_further_jobs(struct tx *t, struct write *w, const int64_t *was, int n);
/* It is gone, by what w->page says; a sold one stays sold. */
enum err write_listing_gone(struct tx *t, struct write *w, int64_t id);
/* It is there after all, as it was: if it counts as gone, it becomes what it was before. */
enum err write_listing_back(struct tx *t, struct write *w, int64_t id);
/* Cleans and judges a stored listing again, unless a page has shown it since. */
enum err write_listing_derive(struct tx *t, const struct write *w, const struct write_listing *l);
/* Puts a listing into a family or takes it out: both before its row says so. */
enum err write_family_join(struct tx *t, uint64_t family, int64_t listing, struct str source);
enum err write_family_leave(struct tx *t, uint64_t family, int64_t listing, struct str source);

/* All listings of a title in family `from` that no person put there. */
enum err write_family_move(struct tx *t, uint64_t from, uint64_t key, uint64_t to, int *ret_moved);
/* Whether the title of that key, which is in its own family, may join another's when it is stored
 * already: no other is in its family, no person has touched it, and few listings have it. */
enum err write_family_alone(struct tx *t, uint64_t key, bool *ret);
/* A person splits or merges. */
enum err write_family_do(struct tx *t, struct write *w);
/* now->family, a title's key, becomes that of its family; `was`: the stored listing, whose
 * family is known, or NULL. May add to what is known of titles. */
enum err write_near_family(struct tx *t, const struct listing *was, struct listing *now,
			   int64_t now_ms);
/* A stored listing was cleaned by another version, which may find others alike that were not: its
 * title, of that key, joins the family of an older one, if it may (write_family_alone). */
enum err write_near_late(struct tx *t, const struct listing *l, uint64_t key, int64_t now_ms);
/* The family that a title was given, else its own; `ret_leads`: others are compared with it. */
enum err write_near_title(struct tx *t, uint64_t key, uint64_t *ret_family, bool *ret_leads);
/* `picture`: bits by which pictures differ; WRITE_NEAR_UNSEEN: none were looked at. */
#define WRITE_NEAR_UNSEEN (-1)
enum err write_near_put(struct tx *t, uint64_t key, uint64_t family, struct str by, double alike,
			int picture, int64_t now_ms);
/* The columns of SQL_NEAR_TITLES; text in `a`, or the query's own. */
void write_near_read(struct query *q, struct arena *a, struct listing *l);
/* Flags of a listing that have become others. write_listing.c */
void write_listing_flags(struct tx *t, struct str source, uint32_t was, uint32_t now);
struct near_item write_near_item(const struct listing *l, uint64_t key);
/* Makes t->near of the stored listings. */
enum err write_near_load(struct tx *t);

/* Votes, label and suggestion; `fresh`: the listing is new, nothing stands yet. */
enum err write_label_judge(struct tx *t, int64_t listing, struct str source, bool fresh,
			   const struct write_listing *l, int64_t now_ms);
/* Whether it says anything of votes and label. */
bool write_label_judged(const struct write_listing *l);
/* What rules said is behind what is stored: due again. */
enum err write_label_stale(struct tx *t, int64_t listing);
enum err write_label_add(struct tx *t, int64_t listing, const struct label *l, int64_t *ret_id);

/* What stands about a listing. Text in the scratch arena. */
struct write_standing {
	uint32_t clean_version;
	uint64_t label_version;
	int64_t label; /* 0: none */
	bool reviewed;
	/* `label` is a person's, and the taxonomy has split its category since: it counts for
	 * nothing, and the listing is to be reviewed again. `split`: so it is by what is in force,
	 * though `recheck` may not say it yet. */
	bool recheck, split;
	double review_score;
	struct suggestion suggestion; /* model 0: none */
	struct review_worth worth;
	struct str waits_in;	 /* the queue in which another person is to decide; "": none */
	bool disputed;		 /* people disagree */
	bool labeled, by_person; /* of `label`; for the counts */
};
enum err write_standing_read(struct tx *t, int64_t listing, struct write_standing *ret);
/* Asks the log again which label is current. */
enum err write_standing_label(struct tx *t, int64_t listing, struct write_standing *s);
enum err write_standing_put(struct tx *t, int64_t listing, const struct write_standing *s,
			    bool fresh);
/* A suggestion and nothing else, unless a page has shown the listing since. */
enum err write_standing_suggest(struct tx *t, const struct write_listing *l);
/* The listing's source, in the scratch arena, with its counts at hand. */
enum err write_standing_source(struct tx *t, int64_t listing, struct str *ret);
/* Counts of the source go from what stood to what stands. */
void write_standing_count(struct tx *t, struct str source, const struct write_standing *was,
			  const struct write_standing *now);

enum err write_taxonomy_put(struct tx *t, const struct write *w);
enum err write_image_store(struct tx *t, struct write *w);
enum err write_image_link(struct tx *t, struct write *w);
enum err write_image_drop(struct tx *t, struct write *w);
enum err write_image_again(struct tx *t, struct write *w);
enum err write_image_lost(struct tx *t, struct write *w);
/* The listing shows another address: its image is another. */
enum err write_image_unlink(struct tx *t, int64_t listing);

enum err write_drift_put(struct tx *t, struct write *w);
enum err write_measure_put(struct tx *t, struct write *w);

/* Stores what an image looks like, unless that is known. */
enum err write_look_put(struct tx *t, const struct write_look *l, int64_t now_ms);
enum err write_look_drop(struct tx *t, int64_t image);
/* Joins titles of listings that show the image with those of listings that show one like it: where
 * one of the two is alone in its family, and a rule of near/near_rule.h says so. */
enum err write_look_join(struct tx *t, int64_t image, int64_t now_ms);
/* The same of the image that a listing shows, if it is there. */
enum err write_look_shown(struct tx *t, int64_t listing, int64_t now_ms);
enum err write_look_do(struct tx *t, struct write *w);
/* Makes t->looks of the stored ones. */
enum err write_look_load(struct tx *t);

/* A decision that was made elsewhere, as an event like any other: `w` has listing, who, action,
 * category, time, taxonomy, event; `s` becomes what stands then. */
enum err write_review_taken(struct tx *t, const struct write *w, int64_t label,
			    struct write_standing *s);
enum err write_label_in_do(struct tx *t, struct write *w);
enum err write_review_do(struct tx *t, struct write *w);
enum err write_draw_do(struct tx *t, struct write *w);
enum err write_site_put(struct tx *t, struct write *w);
enum err write_site_recall(struct tx *t, struct write *w);
enum err write_model_do(struct tx *t, struct write *w);
enum err write_model_retire(struct tx *t, struct write *w);

#endif
