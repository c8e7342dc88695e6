/* The statements of sql.h: what SQLite 3.40 and PostgreSQL 15 both run, but for
 * the marks of parameters. */
#include "store/sql.h"

#define JOB_COLUMNS                                                                                \
	"job.id, job.source, job.page_kind, job.url, job.key, job.host, job.vars, job.seed, "      \
	"job.parent, job.depth, job.priority, job.state, job.due_ms, job.attempts, job.reason, "   \
	"job.body, job.body_type, job.part, job.way, job.list, job.nth, job.repeats"
/* Of a job that is picked; all NULL where it was never visited. */
#define VISIT_COLUMNS                                                                              \
	"v.page, v.listing, v.seen_ms, v.changed_ms, v.interval_ms, v.visits, v.changes, "         \
	"v.version, v.body_hash, v.content_hash, v.max_age_ms, v.expires_ms, v.original, "         \
	"v.original_seed, v.original_digest, v.etag, v.last_modified, o.url, o.fetched_ms, "       \
	"(SELECT g.removed_ms FROM segment AS g WHERE g.file = o.record_file)"
#define VISIT_JOIN                                                                                 \
	" LEFT JOIN visit AS v ON v.job = job.id LEFT JOIN page AS o ON o.id = v.original "
#define PAGE_COLUMNS                                                                               \
	"p.id, p.job, j.source, p.page_kind, p.url, p.fetched_ms, p.status, p.content_type, "      \
	"p.wire_bytes, p.body_bytes, p.body_hash, p.state, p.reason, p.extract_version, "          \
	"p.items, p.skipped, p.rejected, p.listings, p.record_file, p.record_offset, "             \
	"p.record_bytes, p.same_as, p.import, p.import_at, (SELECT i.file FROM import AS i "       \
	"WHERE i.id = p.import), (SELECT g.removed_ms FROM segment AS g WHERE g.file = "           \
	"p.record_file), (SELECT g.removed_by FROM segment AS g WHERE g.file = p.record_file)"
#define SEGMENT_COLUMNS "number, file, bytes, removed_ms, removed_by"
#define OLD_COLUMNS                                                                                \
	"l.id, l.source, l.page, l.last_seen_ms, l.state, l.state_ms, l.price, l.price_digits, "   \
	"l.posted_ms, l.family, l.flags, l.title, l.title_clean, l.title_marks, l.title_core, "    \
	"l.flag_reason, "                                                                          \
	"l.currency, "                                                                             \
	"l.category, l.url, l.image, l.brand, l.condition, l.location, l.own_key, l.updated_ms, "  \
	"l.images, l.category_path, l.attributes, "                                                \
	"s.clean_version, "                                                                        \
	"s.label_version, s.model"
#define STANDING_COLUMNS                                                                           \
	"clean_version, label_version, label, reviewed, recheck, review_score, model, category1, " \
	"p1, category2, p2, category3, p3, errors, uncertain, rules, guess, guess_p, waits_in, "   \
	"disputed"
/* Of review AS v: it was taken back, by itself or with all that was decided at once. */
#define UNDONE "EXISTS (SELECT 1 FROM review AS u WHERE u.undoes = COALESCE(v.batch, v.id))"
/* Of standing AS s: ? said that it is for others. */
#define LEFT_BY                                                                                    \
	"EXISTS (SELECT 1 FROM review AS v WHERE v.listing = s.listing AND v.who = ? AND "         \
	"v.action IN ('skip', 'unsure') AND NOT " UNDONE ")"
/* A queue by `order` of standing, of what nobody has decided: who, source, source, most. */
#define QUEUE(what, where, order)                                                                  \
	"SELECT s.listing, l.family, " what ", s.category1, l.title_core, l.title_clean FROM "     \
	"standing AS s CROSS JOIN listing AS l WHERE l.id = s.listing AND " where                  \
	" AND NOT " LEFT_BY " AND (? = '' OR l.source = ?) ORDER BY " order " LIMIT ?"
#define OPEN(column) "s.reviewed = 0 AND s." column " > 0"
/* Of review AS v: its category in the taxonomy of now, as SQL_LABEL_NOW of a label. */
#define EVENT_NOW "CASE WHEN rc.code IS NULL THEN v.category ELSE rc.category END"
#define EVENT_RECODE                                                                               \
	" LEFT JOIN recode AS rc ON rc.code = v.category AND rc.since <= v.taxonomy AND "          \
	"rc.until > v.taxonomy "
#define DECISION_COLUMNS                                                                           \
	"v.id, v.listing, v.who, v.action, " EVENT_NOW ", v.made_ms, v.reason, v.queue, v.draw, "  \
	"v.took_ms"
#define DECISIVE "v.action NOT IN ('undo', 'skip', 'unsure')"

const struct sql_row sql_rows[SQL_COUNT] = {
	[SQL_SOURCE_SEE] = { .name = "source_see",
			     .text = "INSERT INTO source (name) VALUES (?) ON CONFLICT (name) DO "
				     "NOTHING",
			     .doc = "A source's row, made when it is first heard of." },
	[SQL_SOURCE_PAUSE] = { .name = "source_pause",
			       .text = "UPDATE source SET paused = ? WHERE name = ?",
			       .doc = "Pauses or resumes a source." },
	[SQL_TALLY_ADD] = { .name = "tally_add",
			    .text = "INSERT INTO tally (source, name, value) VALUES (?, ?, ?) "
				    "ON CONFLICT (source, name) DO UPDATE SET value = tally.value "
				    "+ "
				    "excluded.value",
			    .doc = "Adds to a count." },
	[SQL_SOURCE_KEYS] = { .name = "source_keys",
			      .text = "SELECT key_version FROM source WHERE name = ?",
			      .doc = "The rules that a source's keys were made by." },
	[SQL_SOURCE_KEYED] = { .name = "source_keyed",
			       .text = "UPDATE source SET key_version = ? WHERE name = ?",
			       .doc = "All of a source's keys are made by these rules." },
	[SQL_REFUSED_ADD] = { .name = "refused_add",
			      .text = "INSERT INTO refused (source, reason, times, last_ms, url) "
				      "VALUES (?, ?, ?, ?, ?) ON CONFLICT (source, reason) DO "
				      "UPDATE SET times = refused.times + excluded.times, last_ms "
				      "= excluded.last_ms, url = excluded.url",
			      .doc = "Counts refused addresses; the newest stays." },
	[SQL_FOLDER_JOBS] = { .name = "folder_jobs",
			      .text = "SELECT jobs FROM folder WHERE source = ? AND host = ? AND "
				      "prefix = ?",
			      .doc = "Jobs of links in a folder." },
	[SQL_FOLDER_ADD] = { .name = "folder_add",
			     .text = "INSERT INTO folder (source, host, prefix, jobs) VALUES (?, "
				     "?, ?, 1) ON CONFLICT (source, host, prefix) DO UPDATE SET "
				     "jobs = folder.jobs + 1",
			     .doc = "One more." },

	[SQL_JOB_ADD] = { .name = "job_add",
			  .text = "INSERT INTO job (source, key, host, page_kind, url, vars, seed, "
				  "parent, "
				  "depth, priority, state, due_ms, attempts, changed_ms, reason, "
				  "body, body_type, list, nth) "
				  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
				  "?) "
				  "ON CONFLICT (source, key) DO NOTHING",
			  .doc = "A job, unless there is one of that key." },
	[SQL_JOB_REPEATS] = { .name = "job_repeats",
			      .text = "SELECT repeats FROM job WHERE id = ?",
			      .doc = "Pages of a list in a row that showed nothing new." },
	[SQL_JOB_REPEATS_SET] = { .name = "job_repeats_set",
				  .text = "UPDATE job SET repeats = ? WHERE id = ?",
				  .doc = "One more, or none any more." },
	[SQL_PAGE_NEWEST] = { .name = "page_newest",
			      .text = "SELECT COALESCE(MAX(id), 0) FROM page WHERE job = ?",
			      .doc = "A job's newest page." },
	[SQL_PAGE_LIST] = { .name = "page_list",
			    .text = "SELECT j.id, j.list FROM page AS p JOIN job AS j ON j.id = "
				    "p.job WHERE p.id = ?",
			    .doc = "The job of a page, and the list that it is a page of." },
	[SQL_JOB_DROP] = { .name = "job_drop",
			   .text = "DELETE FROM job WHERE id = ?",
			   .doc = "Takes back a job that was just added." },
	[SQL_JOB_KEYS] = { .name = "job_keys",
			   .text = "SELECT id, url, key, state, attempts, due_ms FROM job WHERE id "
				   "> ? AND source = ? ORDER BY id LIMIT ?",
			   .doc = "A slice of a source's jobs." },
	[SQL_JOB_REKEY] = { .name = "job_rekey",
			    .text = "UPDATE job SET key = ? WHERE id = ? AND NOT EXISTS (SELECT 1 "
				    "FROM job AS other WHERE other.source = ? AND other.key = ?)",
			    .doc = "Another key, unless a job has it." },
	[SQL_JOB_NOW] = { .name = "job_now",
			  .text = "SELECT id, source, page_kind, host, state, due_ms, reason, "
				  "priority, way FROM job WHERE id = ?",
			  .doc = "What a job is before it is moved." },
	[SQL_JOB_NEWER] = { .name = "job_newer",
			    .text = "SELECT job.id, source, page_kind, host, state, due_ms, "
				    "reason, "
				    "priority, way, visit.seen_ms FROM job JOIN visit ON "
				    "visit.job = job.id WHERE source = ? AND key = ? AND state = ? "
				    "AND visit.seen_ms < ?",
			    .doc = "A job whose page has changed since it was visited." },
	[SQL_JOB_MOVE] = { .name = "job_move",
			   .text = "UPDATE job SET state = ?, due_ms = ?, attempts = ?, reason = "
				   "?, "
				   "changed_ms = ?, priority = ? WHERE id = ?",
			   .doc = "Moves a job." },
	[SQL_JOB_LED] = { .name = "job_led",
			  .text = "UPDATE job SET host = ?, way = ? WHERE id = ?",
			  .doc = "Where redirects have led a job; or home again." },
	[SQL_JOB_PICK] = { .name = "job_pick",
			   .text = "SELECT " JOB_COLUMNS ", " VISIT_COLUMNS " FROM job" VISIT_JOIN
				   "WHERE job.source = ? AND job.host = ? AND "
				   "job.state = 'due' AND job.priority = ? AND job.due_ms <= ? "
				   "ORDER BY job.due_ms, job.id LIMIT ?",
			   .doc = "Due jobs of a host at one priority: asked for each in turn, so "
				  "that "
				  "jobs due later are not walked over." },
	[SQL_JOB_NEXT] = { .name = "job_next",
			   .text = "SELECT due_ms FROM job WHERE source = ? AND host = ? AND state "
				   "= 'due' AND priority = ? AND due_ms > ? ORDER BY due_ms LIMIT "
				   "1",
			   .doc = "When the next job of a host at one priority comes due." },
	[SQL_JOB_FIRST] = { .name = "job_first",
			    .text = "UPDATE job SET priority = 0 WHERE id = ?",
			    .doc = "Puts a job before others." },
	[SQL_JOB_WALK] = { .name = "job_walk",
			   .text = "SELECT id, source, page_kind, host, state, due_ms, reason, "
				   "priority, way FROM "
				   "job WHERE "
				   "id > ? "
				   "ORDER BY id LIMIT ?",
			   .doc = "Jobs of any state, a slice at a time." },
	[SQL_JOB_WALK_ENDED] = { .name = "job_walk_ended",
				 .text = "SELECT id, source, page_kind, host, state, due_ms, "
					 "reason, priority, way "
					 "FROM job "
					 "WHERE "
					 "state IN ('failed', 'refused', 'gone') AND id > ? ORDER "
					 "BY id LIMIT ?",
				 .doc = "Of them, the few that did not come to a good end." },

	[SQL_JOB_NEWEST] = { .name = "job_newest",
			     .text = "SELECT COALESCE((SELECT fetched_ms FROM page WHERE id = "
				     "(SELECT MAX(id) FROM page)), 0), COALESCE((SELECT changed_ms "
				     "FROM job WHERE id = (SELECT MAX(id) FROM job)), 0), "
				     "COALESCE((SELECT MAX(id) FROM job), 0)",
			     .doc = "Times of what was stored last, and the last job." },
	[SQL_JOB_FUTURE] = { .name = "job_future",
			     .text = "SELECT id, source, host, due_ms, changed_ms FROM job WHERE "
				     "id > "
				     "? AND id <= ? AND state = 'due' AND changed_ms > ? ORDER BY "
				     "id",
			     .doc = "Due jobs whose rows were written at a time to come." },
	[SQL_JOB_FUTURE_SET] = { .name = "job_future_set",
				 .text = "UPDATE job SET due_ms = ?, changed_ms = ? WHERE id = ?",
				 .doc = "Another due time." },
	[SQL_HOST_NOW] = { .name = "host_now",
			   .text = "SELECT due, next_ms FROM host WHERE source = ? AND host = ?",
			   .doc = "What is stored of a host." },
	[SQL_HOST_ADD] = { .name = "host_add",
			   .text = "INSERT INTO host (due, next_ms, source, host) VALUES (?, ?, ?, "
				   "?)",
			   .doc = "A host that had no jobs before." },
	[SQL_HOST_DUE] = { .name = "host_due",
			   .text = "UPDATE host SET due = ? WHERE source = ? AND host = ?",
			   .doc = "How many jobs of a host are due." },
	[SQL_HOST_SET] = { .name = "host_set",
			   .text = "UPDATE host SET due = ?, next_ms = ? WHERE source = ? AND host "
				   "= ?",
			   .doc = "How many jobs of a host are due, and not before when." },
	[SQL_HOST_RECOUNT] = { .name = "host_recount",
			       .text = "SELECT COUNT(*), MIN(due_ms) FROM job WHERE source = ? AND "
				       "host = ? AND state = 'due'",
			       .doc = "What table host should say, from the jobs themselves." },
	[SQL_HOST_LIST] = { .name = "host_list",
			    .text = "SELECT source, host, next_ms, due FROM host WHERE source = ? "
				    "AND (next_ms, host) > (?, ?) AND next_ms < "
				    "9223372036854775807 ORDER BY next_ms, host LIMIT ?",
			    .doc = "Hosts of a source, the soonest due first, from one on." },

	[SQL_JOB_PART] = { .name = "job_part",
			   .text = "UPDATE job SET part = ? WHERE id = ? AND part < ?",
			   .doc = "A list is parted, or read besides its parts; never less." },
	[SQL_PART_COUNT] = { .name = "part_count",
			     .text = "SELECT COUNT(*) FROM part WHERE source = ?",
			     .doc = "Lists and parts of a source." },
	[SQL_PART_SET] = { .name = "part_set",
			   .text = "INSERT INTO part (job, source, parent, total, shown, says, "
				   "covers, parts, own, seen_ms, reason) "
				   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
				   "ON CONFLICT (job) DO UPDATE SET total = excluded.total, "
				   "shown = excluded.shown, says = excluded.says, "
				   "covers = excluded.covers, parts = excluded.parts, "
				   "own = excluded.own, seen_ms = excluded.seen_ms, "
				   "reason = excluded.reason",
			   .doc = "What becomes of a list that shows a window of its results." },
	[SQL_PART_SEE] = { .name = "part_see",
			   .text = "UPDATE part SET total = ?, seen_ms = ? WHERE job = ?",
			   .doc = "How many results a parted list has now." },
	[SQL_PART_OWN] = { .name = "part_own",
			   .text = "UPDATE part SET own = 1 WHERE job = ?",
			   .doc = "A list is read besides its parts." },
	[SQL_PART_BELOW] = { .name = "part_below",
			     .text = "SELECT p.total, p.parts, COUNT(c.job), "
				     "COALESCE(SUM(c.total), 0) FROM part AS p JOIN part AS c ON "
				     "c.parent = p.job WHERE p.job = ? AND p.says = 'split' AND "
				     "p.covers = 'all' AND p.own = 0 GROUP BY p.job, p.total, "
				     "p.parts",
			     .doc = "What the parts of a list hold together." },
	[SQL_PART_CUTS] = { .name = "part_cuts",
			    .text = "SELECT job FROM part WHERE source = ? AND says = 'cut' ORDER "
				    "BY job LIMIT ?",
			    .doc = "Lists that nothing parts." },
	[SQL_VALUE_COUNT] = { .name = "value_count",
			      .text = "SELECT COUNT(*) FROM value WHERE source = ?",
			      .doc = "Values that a source's pages found." },
	[SQL_VALUE_ADD] = { .name = "value_add",
			    .text = "INSERT INTO value (source, name, under, value, job, seen_ms) "
				    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source, name, under, "
				    "value) DO UPDATE SET job = excluded.job, seen_ms = "
				    "excluded.seen_ms",
			    .doc = "A value, new or seen again." },
	[SQL_VALUE_FORGET] = { .name = "value_forget",
			       .text = "DELETE FROM value WHERE job = ? AND seen_ms < ?",
			       .doc = "Takes away what a job no longer finds." },
	[SQL_VALUES] = { .name = "values",
			 .text = "SELECT name, under, value FROM value WHERE source = ? ORDER BY "
				 "name, under, value LIMIT ?",
			 .doc = "Values that a source's pages found." },

	[SQL_PAGE_ADD] = { .name = "page_add",
			   .text = "INSERT INTO page (job, page_kind, url, fetched_ms, status, "
				   "content_type, wire_bytes, body_bytes, body_hash, state, "
				   "reason, "
				   "extract_version, items, skipped, rejected, listings, "
				   "record_file, "
				   "record_offset, record_bytes, same_as, import, import_at) "
				   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
				   "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			   .doc = "A response." },
	[SQL_PAGE_LISTINGS] = { .name = "page_listings",
				.text = "UPDATE page SET listings = ? WHERE id = ?",
				.doc = "Fewer listings than items, when some were repeated." },

	[SQL_PAGE_KNOWN] = { .name = "page_known",
			     .text = "SELECT COUNT(*) FROM page WHERE job = ? AND fetched_ms = ?",
			     .doc = "Whether an import brings a page that is there." },
	[SQL_PAGE_NOW] = { .name = "page_now",
			   .text = "SELECT j.source, p.state, p.skipped, p.rejected FROM page AS "
				   "p JOIN job AS j ON j.id = p.job WHERE p.id = ?",
			   .doc = "What a page is before it is read again." },
	[SQL_PAGE_SLICE] = { .name = "page_slice",
			     .text = "SELECT COUNT(*), MAX(id) FROM (SELECT id FROM page WHERE id "
				     "> "
				     "? ORDER BY id LIMIT ?) AS slice",
			     .doc = "Where a slice of the pages ends." },
	[SQL_PAGE_STALE] = { .name = "page_stale",
			     .text = "UPDATE page SET extract_version = 0 WHERE id > ? AND id <= ? "
				     "AND fetched_ms >= ? AND (page_kind = ? OR ? = '') AND (? = "
				     "'' OR "
				     "EXISTS (SELECT 1 FROM job WHERE job.id = page.job AND "
				     "job.source = ?)) AND state IN ('extracted', 'unparsable')",
			     .doc = "Pages of a slice are to be read again." },
	[SQL_PAGE_REREAD] = { .name = "page_reread",
			      .text = "UPDATE page SET state = ?, reason = ?, extract_version = ?, "
				      "items = ?, skipped = ?, rejected = ?, listings = ?, "
				      "body_bytes = ?, body_hash = ? WHERE id = ?",
			      .doc = "A page extracted again." },

	[SQL_PAGE_NEWER] = { .name = "page_newer",
			     .text = "SELECT COUNT(*) FROM page WHERE job = ? AND fetched_ms > ? "
				     "AND state = 'extracted'",
			     .doc = "Whether a job was read since." },
	[SQL_PAGE_LAST] = { .name = "page_last",
			    .text = "SELECT COALESCE(MAX(id), 0) FROM page",
			    .doc = "The page that was stored last." },
	[SQL_REPROCESS] = { .name = "reprocess",
			    .text = "SELECT source, page_kind, since_ms, page_from FROM reprocess",
			    .doc = "Which pages are yet to be marked as to be read again." },
	[SQL_REPROCESS_PUT] = { .name = "reprocess_put",
				.text = "INSERT INTO reprocess (id, source, page_kind, since_ms, "
					"page_from) VALUES (1, ?, ?, ?, ?) ON CONFLICT (id) DO "
					"UPDATE SET source = excluded.source, page_kind = "
					"excluded.page_kind, since_ms = excluded.since_ms, "
					"page_from = excluded.page_from",
				.doc = "The pages behind a slice are yet to be marked." },
	[SQL_REPROCESS_DROP] = { .name = "reprocess_drop",
				 .text = "DELETE FROM reprocess",
				 .doc = "All are marked." },
	[SQL_IMPORT_ADD] = { .name = "import_add",
			     .text = "INSERT INTO import (file, source, page_kind, state, reason, "
				     "bytes, done_bytes, passes, pass_pages, began_ms, changed_ms) "
				     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			     .doc = "A file that is to be taken in." },
	[SQL_IMPORT_SET] = { .name = "import_set",
			     .text = "UPDATE import SET state = ?, reason = ?, bytes = ?, "
				     "done_bytes = ?, passes = ?, pass_pages = ?, changed_ms = ? "
				     "WHERE id = ?",
			     .doc = "How far an import is." },
	[SQL_IMPORT_COUNT] = { .name = "import_count",
			       .text = "INSERT INTO import_count (import, name, n) VALUES (?, ?, "
				       "?) "
				       "ON CONFLICT (import, name) DO UPDATE SET n = excluded.n",
			       .doc = "One of its counts." },
	[SQL_IMPORT_LAST] = { .name = "import_last",
			      .text = "SELECT id, file, source, page_kind, state, reason, bytes, "
				      "done_bytes, passes, pass_pages, began_ms, changed_ms FROM "
				      "import ORDER BY id DESC LIMIT 1",
			      .doc = "The import that was asked for last." },
	[SQL_IMPORT_COUNTS] = { .name = "import_counts",
				.text = "SELECT name, n FROM import_count WHERE import = ? ORDER "
					"BY name LIMIT ?",
				.doc = "Its counts." },
	[SQL_IMPORT_PAGES] = { .name = "import_pages",
			       .text = "SELECT COUNT(*) FROM page WHERE import = ?",
			       .doc = "The pages that it brought." },

	[SQL_LISTING_FIND] = { .name = "listing_find",
			       .text = "SELECT " OLD_COLUMNS
				       " FROM listing AS l JOIN standing AS s ON "
				       "s.listing = l.id WHERE l.source = ? AND l.ext_id = ?",
			       .doc = "A listing as stored, by its name." },
	[SQL_LISTING_BY_ID] = { .name = "listing_by_id",
				.text = "SELECT " OLD_COLUMNS
					" FROM listing AS l JOIN standing AS s ON "
					"s.listing = l.id WHERE l.id = ?",
				.doc = "A listing as stored, by its row." },
	[SQL_LISTING_DESCRIPTION] = { .name = "listing_description",
				      .text = "SELECT description FROM listing WHERE id = ?",
				      .doc = "Apart from the rest, because it is long and rarely "
					     "needed." },
	[SQL_LISTING_SOURCE] = { .name = "listing_source",
				 .text = "SELECT source FROM listing WHERE id = ?",
				 .doc = "Whose counts a listing is in." },
	[SQL_LISTING_ADD] = { .name = "listing_add",
			      .text = "INSERT INTO listing (source, ext_id, first_seen_ms, page, "
				      "last_seen_ms, state, state_ms, price, price_digits, "
				      "posted_ms, family, flags, "
				      "title, title_clean, title_marks, title_core, flag_reason, "
				      "currency, "
				      "category, url, "
				      "image, brand, "
				      "condition, location, own_key, updated_ms, images, "
				      "category_path, attributes, description) VALUES (?, ?, ?, "
				      "?, ?, ?, ?, ?, ?, ?, ?, "
				      "?, ?, ?, ?, "
				      "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			      .doc = "A listing seen for the first time." },
	[SQL_LISTING_TOUCH] = { .name = "listing_touch",
				.text = "UPDATE listing SET page = ?, last_seen_ms = ? WHERE id = "
					"?",
				.doc = "A listing seen again, as it was." },
	[SQL_LISTING_EARLIER] = { .name = "listing_earlier",
				  .text = "UPDATE listing SET first_seen_ms = ? WHERE id = ? AND "
					  "first_seen_ms > ?",
				  .doc = "A page of an earlier time shows a listing." },
	[SQL_LISTING_UPDATE] = { .name = "listing_update",
				 .text = "UPDATE listing SET page = ?, last_seen_ms = ?, state = "
					 "?, state_ms = ?, price = ?, "
					 "price_digits = ?, posted_ms = ?, family = ?, flags = ?, "
					 "title = ?, "
					 "title_clean = ?, title_marks = ?, title_core = ?, "
					 "flag_reason = ?, "
					 "currency = ?, category "
					 "= ?, url = ?, "
					 "image = ?, brand = ?, condition = ?, location = ?, "
					 "own_key = ?, updated_ms = ?, images = ?, category_path = "
					 "?, attributes = ?, "
					 "description = COALESCE(?, description) "
					 "WHERE id = ?",
				 .doc = "A listing seen again, changed." },
	[SQL_LISTING_CLEAN] = { .name = "listing_clean",
				.text = "UPDATE listing SET title_clean = ?, title_marks = ?, "
					"title_core = ?, family = ?, flags = "
					"?, "
					"flag_reason = ? WHERE id = ?",
				.doc = "A listing cleaned again." },

	[SQL_LISTING_REJECT] = { .name = "listing_reject",
				 .text = "UPDATE listing SET flags = ?, flag_reason = ? WHERE id = "
					 "?",
				 .doc = "A listing whose page is rejected, read again." },
	[SQL_LISTING_OWN] = { .name = "listing_own",
			      .text = "SELECT COALESCE(MIN(id), 0), COUNT(*) FROM listing WHERE "
				      "own_key = ? AND own_key <> 0 AND source = ?",
			      .doc = "The listing that a page of that key is about." },
	[SQL_LISTING_STATE_NOW] = { .name = "listing_state_now",
				    .text = "SELECT source, state FROM listing WHERE id = ?",
				    .doc = "What a listing is before its state alone is moved." },
	[SQL_LISTING_STATE] = { .name = "listing_state",
				.text = "UPDATE listing SET state = ?, state_ms = ? WHERE id = ?",
				.doc = "A listing that is gone, or there again, as its page "
				       "says." },
	[SQL_LISTING_STATE_BEFORE] = { .name = "listing_state_before",
				       .text = "SELECT was FROM history WHERE listing = ? AND "
					       "field = 'state' ORDER BY id DESC LIMIT 1",
				       .doc = "What a listing was before it was what it is." },

	[SQL_VISIT_PUT] = { .name = "visit_put",
			    .text = "INSERT INTO visit (job, page, listing, seen_ms, changed_ms, "
				    "interval_ms, visits, changes, version, body_hash, "
				    "content_hash, max_age_ms, expires_ms, original, "
				    "original_seed, original_digest, etag, last_modified) VALUES "
				    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
				    "ON CONFLICT (job) DO UPDATE SET page = excluded.page, "
				    "listing = excluded.listing, seen_ms = excluded.seen_ms, "
				    "changed_ms = excluded.changed_ms, "
				    "interval_ms = excluded.interval_ms, "
				    "visits = excluded.visits, changes = excluded.changes, "
				    "version = excluded.version, "
				    "body_hash = excluded.body_hash, "
				    "content_hash = excluded.content_hash, "
				    "max_age_ms = excluded.max_age_ms, "
				    "expires_ms = excluded.expires_ms, "
				    "original = excluded.original, "
				    "original_seed = excluded.original_seed, "
				    "original_digest = excluded.original_digest, "
				    "etag = excluded.etag, "
				    "last_modified = excluded.last_modified",
			    .doc = "What is kept of a job's last good answer." },
	[SQL_VISIT_END] = { .name = "visit_end",
			    .text = "DELETE FROM visit WHERE job = ?",
			    .doc = "The page is gone: should it come back, it is read anew." },

	[SQL_VISIT_FORGET] = { .name = "visit_forget",
			       .text = "UPDATE visit SET version = 0 WHERE job = ?",
			       .doc = "The page is to be read at its next visit, changed or not." },
	[SQL_JOB_KIND] = { .name = "job_kind",
			   .text = "SELECT page_kind FROM job WHERE id = ?",
			   .doc = "Of what kind the page is that named another." },
	[SQL_LIST_OF] = { .name = "list_of",
			  .text = "SELECT i.list, i.pass, s.pass, s.began_page FROM list_page AS i "
				  "JOIN list_pass AS s ON s.list = i.list WHERE i.job = ?",
			  .doc = "The list that a page belongs to, and the pass that is going "
				 "on." },
	[SQL_LIST_PASS_PUT] = { .name = "list_pass_put",
				.text = "INSERT INTO list_pass (list, pass, began_ms, began_page) "
					"VALUES (?, ?, ?, ?) ON CONFLICT (list) DO UPDATE SET pass "
					"= excluded.pass, began_ms = excluded.began_ms, began_page "
					"= excluded.began_page",
				.doc = "A pass over a list begins." },
	[SQL_LIST_PAGE_PUT] = { .name = "list_page_put",
				.text = "INSERT INTO list_page (job, list, pass, whole) VALUES (?, "
					"?, ?, "
					"?) ON CONFLICT (job) DO UPDATE SET list = excluded.list, "
					"pass = "
					"excluded.pass, whole = excluded.whole",
				.doc = "A page of a list, as named (pass 0) or as read." },
	[SQL_LIST_PAGE_HELD] = { .name = "list_page_held",
				 .text = "UPDATE list_page SET pass = ? WHERE job = ?",
				 .doc = "A page of a list had not changed." },
	[SQL_LIST_PAGE_END] = { .name = "list_page_end",
				.text = "DELETE FROM list_page WHERE job = ?",
				.doc = "The list has no such page any more." },
	[SQL_LIST_NAMED] = { .name = "list_named",
			     .text = "SELECT job.id, job.state, job.priority, COALESCE(i.list, 0) "
				     "FROM "
				     "job LEFT JOIN list_page AS i ON i.job = job.id WHERE "
				     "job.source = "
				     "? AND job.key = ?",
			     .doc = "A page that another one of its list names." },
	[SQL_LIST_WAITS] = { .name = "list_waits",
			     .text = "SELECT job FROM list_page WHERE list = ? AND (whole = 0 OR "
				     "(whole "
				     "= 1 AND pass < ?)) LIMIT 1",
			     .doc = "A page that the pass cannot end without." },
	[SQL_SHOWN_BY] = { .name = "shown_by",
			   .text = "SELECT listing, left_pass FROM shown WHERE list = ? AND job = "
				   "? "
				   "ORDER BY listing",
			   .doc = "What a page of a list showed, and no longer shows." },
	[SQL_SHOWN_PUT] = { .name = "shown_put",
			    .text = "INSERT INTO shown (list, listing, job, left_pass) VALUES (?, "
				    "?, "
				    "?, ?) ON CONFLICT (list, listing, job) DO UPDATE SET "
				    "left_pass = "
				    "excluded.left_pass",
			    .doc = "A listing that a page of a list shows (0), or showed last in "
				   "that "
				   "pass." },
	/* CROSS JOIN: from the one visit, as reader_listing.c has it. */
	[SQL_SHOWN_LEFT] = { .name = "shown_left",
			     .text = "SELECT s.listing FROM shown AS s JOIN listing AS l ON l.id = "
				     "s.listing WHERE "
				     "s.list = ? AND s.left_pass > 0 AND s.left_pass <= ? AND NOT "
				     "EXISTS (SELECT 1 FROM shown AS o WHERE o.list = s.list AND "
				     "o.listing = s.listing AND (o.left_pass = 0 OR o.left_pass > "
				     "?)) AND l.page <= ? AND NOT EXISTS (SELECT 1 FROM visit AS v "
				     "CROSS JOIN page AS held WHERE v.page = l.page AND held.job = "
				     "v.job AND held.id > ? AND held.state = 'unchanged') "
				     "AND NOT EXISTS (SELECT 1 FROM shown AS other CROSS JOIN job "
				     "AS asks WHERE other.listing = s.listing AND other.left_pass "
				     "= 0 AND asks.id = other.job AND asks.state = 'due') "
				     "AND NOT EXISTS (SELECT 1 FROM visit AS own CROSS JOIN job "
				     "WHERE job.id = own.job AND own.listing = s.listing AND "
				     "job.state = 'due') GROUP BY s.listing ORDER BY s.listing",
			     .doc = "Listings that no page of the list has shown for long enough, "
				    "that no other page showed since the pass began, nor any that "
				    "is still as it was when it did, and have no "
				    "page of their own that is still to say so." },
	[SQL_SHOWN_FORGET] = { .name = "shown_forget",
			       .text = "DELETE FROM shown WHERE list = ? AND listing = ?",
			       .doc = "A listing that has vanished from a list." },

	[SQL_FAMILY_FIRST] = { .name = "family_first",
			       .text = "SELECT id, source FROM listing WHERE family = ? ORDER BY "
				       "id LIMIT 2",
			       .doc = "The first two of a family: all but the first are "
				      "duplicates." },
	[SQL_FAMILY_GROW] = { .name = "family_grow",
			      .text = "INSERT INTO family (id, size) VALUES (?, 2) ON CONFLICT "
				      "(id) DO UPDATE "
				      "SET size = family.size + 1",
			      .doc = "One more in a family that has members." },
	[SQL_FAMILY_SHRINK] = { .name = "family_shrink",
				.text = "UPDATE family SET size = size - 1 WHERE id = ?",
				.doc = "One less in a family that keeps members." },
	[SQL_FAMILY_END] = { .name = "family_end",
			     .text = "DELETE FROM family WHERE id = ?",
			     .doc = "The last has left." },
	[SQL_FAMILY_MEMBERS] = { .name = "family_members",
				 .text = "SELECT id, source, ext_id, title_clean FROM listing "
					 "WHERE family = ? ORDER BY id",
				 .doc = "All of a family." },
	[SQL_FAMILY_TITLE] = { .name = "family_title",
			       .text = "SELECT family, joined_by, alike, picture FROM family_title "
				       "WHERE id = ?",
			       .doc = "The family that a title was given." },
	[SQL_FAMILY_ALONE] = { .name = "family_alone",
			       .text = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM family_title "
				       "WHERE id = ?) AND NOT EXISTS (SELECT 1 FROM family_title "
				       "WHERE family = ?) AND NOT EXISTS (SELECT 1 FROM "
				       "family_event WHERE family = ?) AND NOT EXISTS (SELECT 1 "
				       "FROM family_event WHERE was = ?) AND NOT EXISTS (SELECT 1 "
				       "FROM family WHERE id = ? AND size > ?)",
			       .doc = "Whether a family is of one title, which no person has "
				      "touched, and of few listings." },
	[SQL_FAMILY_TITLE_SET] = { .name = "family_title_set",
				   .text = "INSERT INTO family_title (id, family, joined_by, "
					   "alike, picture, made_ms) VALUES (?, ?, ?, ?, ?, ?) ON "
					   "CONFLICT (id) DO UPDATE SET family = excluded.family, "
					   "joined_by = excluded.joined_by, alike = "
					   "excluded.alike, picture = excluded.picture, made_ms = "
					   "excluded.made_ms",
				   .doc = "Gives a title a family." },
	[SQL_FAMILY_TITLES_MOVE] = { .name = "family_titles_move",
				     .text = "UPDATE family_title SET family = ? WHERE family = ?",
				     .doc = "What was joined to one family is of another." },
	[SQL_FAMILY_PIN] = { .name = "family_pin",
			     .text = "SELECT family FROM family_pin WHERE listing = ?",
			     .doc = "The family that a person put a listing in." },
	[SQL_FAMILY_PIN_SET] = { .name = "family_pin_set",
				 .text = "INSERT INTO family_pin (listing, family) VALUES (?, ?) "
					 "ON CONFLICT (listing) DO UPDATE SET family = "
					 "excluded.family",
				 .doc = "A person puts a listing in a family." },
	[SQL_FAMILY_PINS_MOVE] = { .name = "family_pins_move",
				   .text = "UPDATE family_pin SET family = ? WHERE family = ?",
				   .doc = "That family is another." },
	[SQL_FAMILY_EVENT_ADD] = { .name = "family_event_add",
				   .text = "INSERT INTO family_event (made_ms, who, action, "
					   "listing, was, family, moved) VALUES (?, ?, ?, ?, ?, "
					   "?, ?)",
				   .doc = "What a person did to families." },
	[SQL_FAMILY_EVENTS] = { .name = "family_events",
				.text = "SELECT id, made_ms, who, action, listing, was, family, "
					"moved FROM family_event WHERE family = ? UNION SELECT "
					"id, made_ms, who, action, listing, was, family, moved "
					"FROM family_event WHERE was = ? ORDER BY id DESC LIMIT ?",
				.doc = "What people did to a family, the newest first." },
	[SQL_LISTING_FAMILY] = { .name = "listing_family",
				 .text = "UPDATE listing SET family = ? WHERE id = ?",
				 .doc = "Puts a listing in a family." },
	[SQL_LISTING_LAST] = { .name = "listing_last",
			       .text = "SELECT COALESCE(MAX(id), 0) FROM listing",
			       .doc = "The newest listing." },
	[SQL_LISTING_TITLE] = { .name = "listing_title",
				.text = "SELECT source, ext_id, title_clean, family FROM listing "
					"WHERE id = ?",
				.doc = "What a listing's family goes by." },
	[SQL_NEAR_TITLES] = { .name = "near_titles",
			      .text = "SELECT source, ext_id, title_clean, title_core, price, "
				      "price_digits, currency, image, category, family FROM "
				      "listing ORDER BY id",
			      .doc = "All that likeness goes by." },

	[SQL_HISTORY_ADD] = { .name = "history_add",
			      .text = "INSERT INTO history (listing, seen_ms, page, field, was, "
				      "now) "
				      "VALUES (?, ?, ?, ?, ?, ?)",
			      .doc = "A change of a listing." },
	[SQL_VOTE_CLEAR] = { .name = "vote_clear",
			     .text = "DELETE FROM vote WHERE listing = ?",
			     .doc = "Votes are replaced as a set." },
	[SQL_VOTE_ADD] = { .name = "vote_add",
			   .text = "INSERT INTO vote (listing, place, rule, category, weight, "
				   "made_ms) "
				   "VALUES (?, ?, ?, ?, ?, ?)",
			   .doc = "A rule's say." },
	[SQL_LABEL_ADD] = { .name = "label_add",
			    .text = "INSERT INTO label (listing, category, made_by, who, "
				    "confidence, "
				    "version, made_ms, why, taxonomy) VALUES (?, ?, ?, ?, ?, ?, ?, "
				    "?, COALESCE(NULLIF(?, 0), (SELECT MAX(version) FROM "
				    "taxonomy), "
				    "0))",
			    .doc = "A line of the label log." },
	[SQL_LABEL_RULES] = { .name = "label_rules",
			      .text = "SELECT category, version, confidence, why FROM label "
				      "WHERE listing = ? AND "
				      "made_by = 'rules' ORDER BY id DESC LIMIT 1",
			      .doc = "What rules said last." },
	[SQL_LABEL_CURRENT] = { .name = "label_current",
				.text = "SELECT id, written, made_by, fate FROM current_label "
					"WHERE listing = ?",
				.doc = "What stands after the log was added to." },
	[SQL_LABEL_UNDO] = { .name = "label_undo",
			     .text = "INSERT INTO label_undo (label, made_ms, who) VALUES (?, ?, "
				     "?)",
			     .doc = "A person takes a label back." },

	[SQL_LABEL_MADE] = { .name = "label_made",
			     .text = "SELECT made_ms FROM label WHERE id = ?",
			     .doc = "When a label was made." },
	[SQL_LABEL_IN_FIND] = { .name = "label_in_find",
				.text = "SELECT b.listing, b.category, b.who FROM label_import AS "
					"i JOIN label AS b ON b.id = i.label WHERE i.origin = ? "
					"AND i.item = ?",
				.doc = "What an item of an origin said when it came before." },
	[SQL_LABEL_IN_PUT] = { .name = "label_in_put",
			       .text = "INSERT INTO label_import (origin, item, label, note) "
				       "VALUES (?, ?, ?, ?) ON CONFLICT (origin, item) DO UPDATE "
				       "SET label = excluded.label, note = excluded.note",
			       .doc = "Which label an item of an origin became." },
	[SQL_STANDING_ADD] = { .name = "standing_add",
			       .text = "INSERT INTO standing (" STANDING_COLUMNS ", listing) "
				       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
				       "?, ?, ?, ?)",
			       .doc = "What stands about a new listing." },
	[SQL_STANDING_READ] = { .name = "standing_read",
				.text = "SELECT s.clean_version, s.label_version, s.label, "
					"s.reviewed, s.recheck, s.review_score, s.model, "
					"s.category1, s.p1, "
					"s.category2, s.p2, s.category3, s.p3, s.errors, "
					"s.uncertain, s.rules, s.guess, s.guess_p, s.waits_in, "
					"s.disputed, b.category, b.made_by, rc.fate FROM standing "
					"AS s LEFT JOIN label AS b ON b.id = "
					"s.label" SQL_LABEL_RECODE " WHERE s.listing = ?",
				.doc = "What stands about a listing, and its current label." },
	[SQL_STANDING_UPDATE] = { .name = "standing_update",
				  .text = "UPDATE standing SET clean_version = ?, label_version = "
					  "?, label = ?, reviewed = ?, recheck = ?, review_score = "
					  "?, model = "
					  "?, category1 = ?, p1 = ?, category2 = ?, p2 = ?, "
					  "category3 = ?, p3 = ?, errors = ?, uncertain = ?, rules "
					  "= ?, guess = ?, guess_p = ?, waits_in = ?, disputed = ? "
					  "WHERE listing = ?",
				  .doc = "What stands about a listing from now on." },
	[SQL_STANDING_SEEN] = { .name = "standing_seen",
				.text = "SELECT l.source, l.last_seen_ms, s.model FROM standing AS "
					"s JOIN listing AS l ON l.id = s.listing WHERE s.listing = "
					"?",
				.doc = "What a new suggestion has to know of a listing." },
	[SQL_STANDING_SUGGEST] = { .name = "standing_suggest",
				   .text = "UPDATE standing SET review_score = CASE WHEN recheck = "
					   "1 THEN review_score ELSE ? END, model = ?, "
					   "category1 = ?, p1 = ?, category2 = ?, p2 = ?, "
					   "category3 = ?, p3 = ?, errors = ?, uncertain = ?, "
					   "rules = ?, guess = ?, guess_p = ? WHERE listing = ?",
				   .doc = "A suggestion, and how much it deserves a look." },

	[SQL_REVIEW_ADD] = { .name = "review_add",
			     .text = "INSERT INTO review (listing, who, action, category, made_ms, "
				     "took_ms, shown, key, reason, queue, place, draw, drawn_p, "
				     "wants, taxonomy, rules, model, label, batch, undoes, client) "
				     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
				     "?, "
				     "?, ?, ?)",
			     .doc = "What a person did." },
	[SQL_REVIEW_CLIENT] = { .name = "review_client",
				.text = "SELECT listing, action, category, label FROM review WHERE "
					"who = ? AND client = ?",
				.doc = "An event that was stored already." },
	[SQL_REVIEW_NEWEST] = { .name = "review_newest",
				.text = "SELECT v.id FROM review AS v WHERE v.who = ? AND v.batch "
					"IS NULL AND v.action <> 'undo' AND NOT " UNDONE
					" ORDER BY v.id DESC LIMIT 1",
				.doc = "The newest event of a person that is not undone." },
	[SQL_REVIEW_NEWEST_OF] = { .name = "review_newest_of",
				   .text = "SELECT COALESCE(v.batch, v.id) FROM review AS v WHERE "
					   "v.listing = ? AND v.who = ? AND v.action <> 'undo' AND "
					   "NOT " UNDONE " ORDER BY v.id DESC LIMIT 1",
				   .doc = "The newest event of a person about a listing." },
	[SQL_REVIEW_BATCH] = { .name = "review_batch",
			       .text = "SELECT id, listing, label FROM review WHERE id = ? UNION "
				       "ALL SELECT id, listing, label FROM review WHERE batch = ?",
			       .doc = "All that was decided at once." },
	[SQL_REVIEW_OPINIONS] = { .name = "review_opinions",
				  .text = "SELECT v.who, v.action, " EVENT_NOW
					  ", v.queue, v.wants FROM review AS v" EVENT_RECODE
					  "WHERE v.listing = ? AND v.action NOT IN ('undo', "
					  "'skip') AND COALESCE(rc.fate, '') <> 'split' AND "
					  "NOT " UNDONE " ORDER BY v.id",
				  .doc = "What people say of a listing, the oldest first; nothing, "
					 "where the category was split since." },
	[SQL_REVIEW_FAMILY] = { .name = "review_family",
				.text = "SELECT l.id FROM listing AS l JOIN standing AS s ON "
					"s.listing = l.id WHERE l.family = (SELECT o.family FROM "
					"listing AS o WHERE o.id = ?) AND l.id <> ? AND s.reviewed "
					"= 0 ORDER BY l.id LIMIT ?",
				.doc = "Others of a listing's family that nobody has decided." },
	[SQL_DRAW_ADD] = { .name = "draw_add",
			   .text = "INSERT INTO draw (name, who, made_ms, population, seed, "
				   "taxonomy, rules, model, plan) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
				   "?)",
			   .doc = "A random draw of listings." },
	[SQL_DRAW_ITEM_ADD] = { .name = "draw_item_add",
				.text = "INSERT INTO draw_item (draw, place, listing, stratum, "
					"drawn_p, wants, facts) VALUES (?, ?, ?, ?, ?, ?, ?)",
				.doc = "A listing that was drawn." },

	[SQL_MODEL_ADD] = { .name = "model_add",
			    .text = "INSERT INTO model (name, file, sha256, metrics, rows_used, "
				    "made_ms, "
				    "state, recipe, warm) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			    .doc = "A trained model." },
	[SQL_MODEL_STATE] = { .name = "model_state",
			      .text = "SELECT state FROM model WHERE id = ?",
			      .doc = "What a model is before it is moved." },
	[SQL_MODEL_LIVE] = { .name = "model_live",
			     .text = "SELECT id FROM model WHERE state = 'live'",
			     .doc = "The model in use." },
	[SQL_SITE_PUT] = { .name = "site_put",
			   .text = "INSERT INTO site (host, state, troubles, trouble, trouble_ms, "
				   "asked_ms, hold_ms, hold_asked, delay_ms, factor, factor_why, "
				   "changed_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
				   "ON CONFLICT (host) DO UPDATE SET state = excluded.state, "
				   "troubles = excluded.troubles, trouble = excluded.trouble, "
				   "trouble_ms = excluded.trouble_ms, asked_ms = "
				   "excluded.asked_ms, "
				   "hold_ms = excluded.hold_ms, hold_asked = excluded.hold_asked, "
				   "delay_ms = excluded.delay_ms, factor = excluded.factor, "
				   "factor_why = excluded.factor_why, "
				   "changed_ms = excluded.changed_ms",
			   .doc = "Remembers what a host told us." },
	[SQL_SITE] = { .name = "site",
		       .text = "SELECT state, troubles, trouble, trouble_ms, asked_ms, hold_ms, "
			       "hold_asked, delay_ms, factor, factor_why FROM site WHERE host = ?",
		       .doc = "What a host told us." },
	[SQL_SITE_PRUNE] = { .name = "site_prune",
			     .text = "DELETE FROM site WHERE changed_ms < ?",
			     .doc = "Forgets hosts that were not heard of for long." },
	[SQL_ROBOTS_PUT] = { .name = "robots_put",
			     .text = "INSERT INTO robots (site, known, rules, good_ms, until_ms, "
				     "asked_ms, ask_ms, failures, why, body, changed_ms) VALUES "
				     "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site) DO "
				     "UPDATE SET known = excluded.known, rules = excluded.rules, "
				     "good_ms = excluded.good_ms, until_ms = excluded.until_ms, "
				     "asked_ms = excluded.asked_ms, ask_ms = excluded.ask_ms, "
				     "failures = excluded.failures, why = excluded.why, "
				     "body = CASE WHEN excluded.body = '' AND excluded.rules = 1 "
				     "THEN robots.body ELSE excluded.body END, changed_ms = "
				     "excluded.changed_ms",
			     .doc = "Remembers a site's robots.txt." },
	[SQL_ROBOTS] = { .name = "robots",
			 .text = "SELECT known, rules, good_ms, until_ms, asked_ms, ask_ms, "
				 "failures, why, body FROM robots WHERE site = ?",
			 .doc = "A site's robots.txt as it was last known." },
	[SQL_ROBOTS_PRUNE] = { .name = "robots_prune",
			       .text = "DELETE FROM robots WHERE changed_ms < ?",
			       .doc = "Forgets the robots.txt of sites not asked for long." },
	[SQL_MODEL_MOVE] = { .name = "model_move",
			     .text = "UPDATE model SET state = ? WHERE id = ?",
			     .doc = "Moves a model." },

	[SQL_HISTORY_OF] = { .name = "history_of",
			     .text = "SELECT seen_ms, page, field, was, now FROM history WHERE "
				     "listing = ? "
				     "ORDER BY id",
			     .doc = "A listing's changes, oldest first." },
	[SQL_VOTES_OF] = { .name = "votes_of",
			   .text = "SELECT rule, category, weight FROM vote WHERE listing = ? "
				   "ORDER BY place",
			   .doc = "A listing's votes." },
	[SQL_LISTING_BY_URL] = { .name = "listing_by_url",
				 .text = "SELECT id FROM listing WHERE url = ? AND url <> '' "
					 "ORDER BY id LIMIT 2",
				 .doc = "Listings of an address; there may be several." },
	[SQL_LABELS_OF] = { .name = "labels_of",
			    .text = "SELECT " SQL_LABEL_COLUMNS ", u.made_ms FROM label AS b LEFT "
				    "JOIN label_undo AS u ON u.label = b.id" SQL_LABEL_RECODE
				    " WHERE b.listing = ? ORDER BY b.id",
			    .doc = "A listing's label log, oldest first." },
	[SQL_PAGE] = { .name = "page",
		       .text = "SELECT " PAGE_COLUMNS
			       " FROM page AS p JOIN job AS j ON j.id = p.job "
			       "WHERE p.id = ?",
		       .doc = "A page." },
	[SQL_PAGES_OF_JOB] = { .name = "pages_of_job",
			       .text = "SELECT " PAGE_COLUMNS
				       " FROM page AS p JOIN job AS j ON j.id = p.job "
				       "WHERE p.job = ? ORDER BY p.id DESC LIMIT ?",
			       .doc = "A job's pages, newest first." },
	[SQL_PAGE_AT] = { .name = "page_at",
			  .text = "SELECT " PAGE_COLUMNS
				  " FROM page AS p JOIN job AS j ON j.id = p.job "
				  "WHERE p.job = ? AND p.fetched_ms BETWEEN ? AND ? ORDER BY p.id "
				  "LIMIT 1",
			  .doc = "A job's page of a time." },
	[SQL_PAGES] = { .name = "pages",
			.text = "SELECT " PAGE_COLUMNS
				" FROM page AS p JOIN job AS j ON j.id = p.job "
				"WHERE p.id > ? AND p.fetched_ms >= ? AND (p.page_kind = ? OR ? = "
				"'') AND (? = '' OR p.url LIKE ? ESCAPE '\\') AND (j.source = ? "
				"OR ? = '') ORDER BY p.id LIMIT ?",
			.doc = "Pages in the order they were stored." },
	[SQL_JOB] = { .name = "job",
		      .text = "SELECT " JOB_COLUMNS " FROM job WHERE id = ?",
		      .doc = "A job." },
	[SQL_JOB_BY_KEY] = { .name = "job_by_key",
			     .text = "SELECT " JOB_COLUMNS " FROM job WHERE source = ? AND key = ?",
			     .doc = "A job by its name." },
	[SQL_JOB_AHEAD] = { .name = "job_ahead",
			    .text = "SELECT COUNT(*) FROM (SELECT id FROM job WHERE source = ? AND "
				    "host = ? AND state = 'due' AND priority = ? AND "
				    "(due_ms, id) < (?, ?) LIMIT ?) AS ahead",
			    .doc = "Due jobs of a host at one priority that come before another." },
	[SQL_VISIT] = { .name = "visit",
			.text = "SELECT " VISIT_COLUMNS " FROM job" VISIT_JOIN
				"WHERE job.id = ? AND v.job = job.id",
			.doc = "What is kept of a job's last good answer." },
	[SQL_PARTS] = { .name = "parts",
			.text = "SELECT p.job, p.parent, j.seed, p.total, p.shown, p.says, "
				"p.covers, p.parts, p.own, p.seen_ms, p.source, j.vars, p.reason "
				"FROM part AS p JOIN job AS j ON j.id = p.job WHERE p.source = ? "
				"ORDER BY p.job",
			.doc = "Lists of a source that show a window of their results." },
	[SQL_SOURCES] = { .name = "sources",
			  .text = "SELECT name, paused FROM source ORDER BY name",
			  .doc = "Every source heard of." },
	[SQL_SOURCE_TALLIES] = { .name = "source_tallies",
				 .text = "SELECT name, value FROM tally WHERE source = ?",
				 .doc = "A source's counts." },
	[SQL_REFUSED] = { .name = "refused",
			  .text = "SELECT source, reason, times, last_ms, url FROM refused ORDER "
				  "BY "
				  "source, times DESC, reason",
			  .doc = "Addresses that became no job, by source and reason." },
	[SQL_DRIFT_PUT] = { .name = "drift_put",
			    .text = "INSERT INTO drift (source, page_kind, state, saved_ms) VALUES "
				    "(?, ?, ?, ?) ON CONFLICT (source, page_kind) DO UPDATE SET "
				    "state = excluded.state, saved_ms = excluded.saved_ms",
			    .doc = "What was learned of a page kind." },
	[SQL_DRIFTS] = { .name = "drifts",
			 .text = "SELECT source, page_kind, state FROM drift ORDER BY source, "
				 "page_kind",
			 .doc = "What was learned of all page kinds." },
	[SQL_ALARMS_OF] = { .name = "alarms_of",
			    .text = "SELECT id, statistic, page FROM drift_alarm WHERE source = ? "
				    "AND page_kind = ? AND ended_ms = 0",
			    .doc = "A page kind's open alarms." },
	[SQL_ALARM_ADD] = { .name = "alarm_add",
			    .text = "INSERT INTO drift_alarm (source, page_kind, statistic, what, "
				    "page, raised_ms) VALUES (?, ?, ?, ?, ?, ?)",
			    .doc = "Raises an alarm." },
	[SQL_ALARM_END] = { .name = "alarm_end",
			    .text = "UPDATE drift_alarm SET ended_ms = ?, ended_by = ? WHERE id = "
				    "?",
			    .doc = "It is over." },
	[SQL_ALARM_PRUNE] = { .name = "alarm_prune",
			      .text = "DELETE FROM drift_alarm WHERE id <= ? AND ended_ms > 0",
			      .doc = "Forgets old alarms that are over." },
	[SQL_ALARMS] = { .name = "alarms",
			 .text = "SELECT a.id, a.source, a.page_kind, a.statistic, a.what, a.page, "
				 "p.url, a.raised_ms, a.ended_ms, a.ended_by FROM drift_alarm AS a "
				 "JOIN page AS p ON p.id = a.page WHERE a.ended_ms = 0 OR ? = 1 "
				 "ORDER BY CASE a.ended_ms WHEN 0 THEN 0 ELSE 1 END, a.id DESC "
				 "LIMIT ?",
			 .doc = "Alarms, the open ones first, with the pages that showed them." },
	[SQL_REJECTED_ANY] = { .name = "rejected_any",
			       .text = "SELECT COUNT(*) FROM (SELECT id FROM rejected WHERE source "
				       "= ? LIMIT 1) AS one",
			       .doc = "Whether anything of a source is rejected." },
	[SQL_REJECTED_DROP] = { .name = "rejected_drop",
				.text = "DELETE FROM rejected WHERE source = ? AND ext_id = ? AND "
					"seen_ms <= ? AND page <> ?",
				.doc = "A record is seen again." },
	[SQL_REJECTED_DROP_NAMELESS] = { .name = "rejected_drop_nameless",
					 .text = "DELETE FROM rejected WHERE source = ? AND ext_id "
						 "= '' AND job = ? AND seen_ms <= ?",
					 .doc = "A page is read again whose records had no id." },
	[SQL_REJECTED_DROP_PAGE] = { .name = "rejected_drop_page",
				     .text = "DELETE FROM rejected WHERE page = ?",
				     .doc = "A page is extracted again." },
	[SQL_REJECTED_NEWER] = { .name = "rejected_newer",
				 .text = "SELECT COUNT(*) FROM rejected WHERE source = ? AND "
					 "ext_id = ? AND seen_ms > ?",
				 .doc = "Whether a newer page rejects a record, too." },
	[SQL_REJECTED_ADD] = { .name = "rejected_add",
			       .text = "INSERT INTO rejected (source, job, page, place, ext_id, "
				       "field, reason, value, why, excerpt, seen_ms) VALUES (?, ?, "
				       "?, ?, ?, ?, ?, ?, ?, ?, ?)",
			       .doc = "A record that became no listing." },
	[SQL_REJECTED_PRUNE] = { .name = "rejected_prune",
				 .text = "DELETE FROM rejected WHERE id IN (SELECT id FROM "
					 "rejected "
					 "WHERE source = ? ORDER BY seen_ms DESC, id DESC LIMIT "
					 "1000000000 OFFSET ?)",
				 .doc = "Forgets all of a source but those seen last." },
	[SQL_REJECTED_PAGE_DROP] = { .name = "rejected_page_drop",
				     .text = "DELETE FROM rejected_page WHERE page = ?",
				     .doc = "A page is counted anew." },
	[SQL_REJECTED_PAGE_ADD] = { .name = "rejected_page_add",
				    .text = "INSERT INTO rejected_page (page, reason, times) "
					    "VALUES (?, ?, ?)",
				    .doc = "How many records of a page were rejected, by reason." },
	[SQL_REJECTED_COUNT] = { .name = "rejected_count",
				 .text = "INSERT INTO rejected_count (source, reason, times) "
					 "VALUES (?, ?, ?) ON CONFLICT (source, reason) DO UPDATE "
					 "SET times = rejected_count.times + excluded.times",
				 .doc = "Counts rejected records." },
	[SQL_REJECTED_UNCOUNT] = { .name = "rejected_uncount",
				   .text = "UPDATE rejected_count SET times = times - ? WHERE "
					   "source = ? AND reason = ?",
				   .doc = "A page that is extracted again counts no longer." },
	[SQL_LISTING_SEEN] = { .name = "listing_seen",
			       .text = "SELECT id, last_seen_ms, page, flags FROM listing WHERE "
				       "source = ? AND ext_id = ?",
			       .doc = "A listing of which a page shows a record that is "
				      "rejected." },
	[SQL_REJECTED] = { .name = "rejected",
			   .text = "SELECT r.id, r.source, r.page, r.place, r.ext_id, r.field, "
				   "r.reason, r.value, r.why, r.excerpt, r.seen_ms, p.url FROM "
				   "rejected AS r JOIN page AS p ON p.id = r.page WHERE (r.source "
				   "= ? OR ? = '') AND (r.field = ? OR ? = '') AND (r.reason = ? "
				   "OR ? = '') AND (r.page = ? OR ? = 0) ORDER BY r.id DESC LIMIT "
				   "?",
			   .doc = "Rejected records, the newest first." },
	[SQL_REJECTED_OF_PAGE] = { .name = "rejected_of_page",
				   .text = "SELECT '', reason, times FROM rejected_page WHERE page "
					   "= ? ORDER BY times DESC, reason",
				   .doc = "How many records of a page were rejected." },
	[SQL_REJECTED_COUNTS] = { .name = "rejected_counts",
				  .text = "SELECT source, reason, times FROM rejected_count WHERE "
					  "times > 0 ORDER BY source, times DESC, reason",
				  .doc = "Rejected records by source and reason." },
	[SQL_SOURCE_DUE] = { .name = "source_due",
			     .text = "SELECT MIN(next_ms) FROM host WHERE source = ?",
			     .doc = "Not before when a source's next job is due." },
	[SQL_REVIEW_SIZE] = { .name = "review_size",
			      .text = "SELECT COUNT(*) FROM standing WHERE reviewed = 0 AND "
				      "review_score > 0",
			      .doc = "Listings that wait for a person." },
	[SQL_QUEUE_ALL] = { .name = "queue_all",
			    .text = QUEUE("s.review_score", OPEN("review_score"),
					  "s.review_score DESC, s.listing"),
			    .doc = "What deserves a person's eye most." },
	[SQL_QUEUE_ERRORS] = { .name = "queue_errors",
			       .text = QUEUE("s.errors", OPEN("errors"),
					     "s.errors DESC, s.listing"),
			       .doc = "Sellers' categories that are likely wrong." },
	[SQL_QUEUE_UNCERTAIN] = { .name = "queue_uncertain",
				  .text = QUEUE("s.uncertain",
						OPEN("uncertain") " AND NOT EXISTS (SELECT 1 FROM "
								  "listing AS k JOIN standing AS t "
								  "ON t.listing = k.id WHERE "
								  "k.family = l.family AND "
								  "t.reviewed = 1)",
						"s.uncertain DESC, s.listing"),
				  .doc = "What the model is not sure of; nobody has decided one of "
					 "its family." },
	[SQL_QUEUE_RULES] = { .name = "queue_rules",
			      .text = QUEUE("s.rules", OPEN("rules"), "s.rules DESC, s.listing"),
			      .doc = "Where rules and model disagree." },
	[SQL_QUEUE_WAITS] = { .name = "queue_waits",
			      .text = "SELECT s.listing, l.family, 0, s.category1, l.title_core, "
				      "l.title_clean FROM standing AS s CROSS JOIN listing AS l "
				      "WHERE l.id = s.listing AND s.waits_in <> '' AND s.waits_in "
				      "= ? AND NOT EXISTS (SELECT 1 FROM review AS v WHERE "
				      "v.listing = s.listing AND v.who = ? AND v.action <> 'undo' "
				      "AND NOT " UNDONE ") AND (? = '' OR l.source = ?) ORDER BY "
				      "s.listing LIMIT ?",
			      .doc = "What one person has decided, and another is to." },
	[SQL_QUEUE_ADJUDICATE] = { .name = "queue_adjudicate",
				   .text = QUEUE("0", "s.disputed = 1", "s.listing"),
				   .doc = "Where people disagree." },
	[SQL_QUEUE_GUESS] = { .name = "queue_guess",
			      .text = "SELECT s.listing, l.family, s.guess_p, s.category1, "
				      "l.title_core, l.title_clean FROM standing AS s CROSS JOIN "
				      "listing AS l WHERE l.id = s.listing AND s.reviewed = 0 AND "
				      "s.guess IS NOT NULL AND s.guess = ? AND NOT " LEFT_BY
				      " AND (? = '' OR l.source = ?) ORDER BY s.guess_p DESC, "
				      "s.listing LIMIT ?",
			      .doc = "What is most likely of a category." },
	[SQL_QUEUE_GUESS_NEXT] = { .name = "queue_guess_next",
				   .text = "SELECT guess FROM standing WHERE reviewed = 0 AND "
					   "guess "
					   "IS NOT NULL AND guess > ? ORDER BY guess LIMIT 1",
				   .doc = "The categories that listings are likely of, one by "
					  "one." },
	[SQL_QUEUE_KNOWN] = { .name = "queue_known",
			      .text = "SELECT 1 FROM (SELECT b.id FROM label AS b WHERE b.made_by "
				      "= 'person' AND b.category = ? UNION ALL SELECT b.id FROM "
				      "recode AS rc JOIN label AS b ON b.category = rc.code AND "
				      "b.made_by = 'person' AND rc.since <= b.taxonomy AND "
				      "rc.until > b.taxonomy WHERE rc.category = ?) AS seen WHERE "
				      "NOT EXISTS (SELECT 1 FROM label_undo AS u WHERE u.label = "
				      "seen.id) LIMIT 1",
			      .doc = "Whether a person has seen one of a category." },
	[SQL_QUEUE_SIZE_ERRORS] = { .name = "queue_size_errors",
				    .text = "SELECT COUNT(*) FROM standing WHERE reviewed = 0 AND "
					    "errors > 0",
				    .doc = "How many wait in the queue." },
	[SQL_QUEUE_SIZE_UNCERTAIN] = { .name = "queue_size_uncertain",
				       .text = "SELECT COUNT(*) FROM standing WHERE reviewed = 0 "
					       "AND uncertain > 0",
				       .doc = "How many wait in the queue." },
	[SQL_QUEUE_SIZE_RULES] = { .name = "queue_size_rules",
				   .text = "SELECT COUNT(*) FROM standing WHERE reviewed = 0 AND "
					   "rules > 0",
				   .doc = "How many wait in the queue." },
	[SQL_QUEUE_SIZE_WAITS] = { .name = "queue_size_waits",
				   .text = "SELECT COUNT(*) FROM standing WHERE waits_in <> '' AND "
					   "waits_in = ?",
				   .doc = "How many wait for another person." },
	[SQL_QUEUE_SIZE_ADJUDICATE] = { .name = "queue_size_adjudicate",
					.text = "SELECT COUNT(*) FROM standing WHERE disputed = 1",
					.doc = "How many people disagree about." },
	[SQL_REVIEWED_OF] = { .name = "reviewed_of",
			      .text = "SELECT l.id, " SQL_LABEL_NOW
				      ", l.title, l.title_core, l.title_clean FROM label AS b "
				      "CROSS JOIN standing AS s CROSS JOIN listing AS "
				      "l" SQL_LABEL_RECODE
				      " WHERE s.listing = b.listing AND s.label = b.id AND l.id = "
				      "b.listing AND b.made_by = 'person' AND b.category = ? ORDER "
				      "BY b.id DESC LIMIT ?",
			      .doc = "What people decided last of a category." },
	[SQL_REVIEWED_NEWEST] = { .name = "reviewed_newest",
				  .text = "SELECT l.id, " SQL_LABEL_NOW
					  ", l.title, l.title_core, l.title_clean FROM label AS b "
					  "CROSS JOIN standing AS s CROSS JOIN listing AS "
					  "l" SQL_LABEL_RECODE
					  " WHERE s.listing = b.listing AND s.label = b.id AND "
					  "l.id = b.listing AND b.made_by = 'person' ORDER BY b.id "
					  "DESC LIMIT ?",
				  .doc = "What people decided last." },
	[SQL_DECISIONS] = { .name = "decisions",
			    .text = "SELECT " DECISION_COLUMNS " FROM review AS v" EVENT_RECODE
				    "WHERE " DECISIVE
				    " AND v.batch IS NULL AND (? = '' OR v.queue = ?) AND (? = 0 "
				    "OR v.draw = ?) AND NOT " UNDONE " ORDER BY v.listing, v.id",
			    .doc = "Decisions that stand, by listing." },
	[SQL_DECISIONS_OF] = { .name = "decisions_of",
			       .text = "SELECT " DECISION_COLUMNS " FROM review AS v" EVENT_RECODE
				       "WHERE v.listing = ? AND v.action NOT IN ('undo', 'skip') "
				       "AND NOT " UNDONE " ORDER BY v.id",
			       .doc = "What people say of a listing." },
	[SQL_DRAWS] = { .name = "draws",
			.text = "SELECT d.id, d.name, d.who, d.made_ms, d.population, d.seed, "
				"d.taxonomy, d.rules, d.model, d.plan, (SELECT COUNT(*) FROM "
				"draw_item AS i WHERE i.draw = d.id), (SELECT COUNT(*) FROM "
				"(SELECT "
				"DISTINCT v.listing, v.who FROM review AS v WHERE v.draw = d.id "
				"AND "
				"" DECISIVE " AND NOT " UNDONE ") AS each_said), (SELECT COUNT(*) "
				"FROM draw_item AS i WHERE i.draw = d.id AND (SELECT "
				"COUNT(DISTINCT "
				"v.who) FROM review AS v WHERE v.draw = i.draw AND v.listing = "
				"i.listing AND " DECISIVE " AND NOT " UNDONE ") >= i.wants) FROM "
				"draw AS d WHERE (? = 0 OR d.id = ?) ORDER BY d.id DESC",
			.doc = "Draws and how far they are, the newest first." },
	[SQL_DRAW_ITEMS] = { .name = "draw_items",
			     .text = "SELECT place, listing, stratum, drawn_p, wants, facts FROM "
				     "draw_item WHERE draw = ? AND place > ? ORDER BY place LIMIT "
				     "?",
			     .doc = "What was drawn, in its order." },
	[SQL_DRAW_NEXT] = { .name = "draw_next",
			    .text = "SELECT i.place, i.listing, i.stratum, i.drawn_p, i.wants, "
				    "i.facts FROM draw_item AS i WHERE i.draw = ? AND NOT EXISTS "
				    "(SELECT 1 FROM review AS v WHERE v.draw = i.draw AND "
				    "v.listing "
				    "= i.listing AND v.who = ? AND v.action <> 'undo' AND "
				    "NOT " UNDONE
				    ") AND (SELECT COUNT(DISTINCT v.who) FROM review AS v WHERE "
				    "v.draw = i.draw AND v.listing = i.listing AND " DECISIVE
				    " AND NOT " UNDONE ") < i.wants ORDER BY i.place LIMIT ?",
			    .doc = "What a person is to decide next of a draw." },
	[SQL_DRAW_ITEM] = { .name = "draw_item",
			    .text = "SELECT place, listing, stratum, drawn_p, wants, facts FROM "
				    "draw_item WHERE draw = ? AND listing = ?",
			    .doc = "A listing of a draw." },
	[SQL_MODELS] = { .name = "models",
			 .text = "SELECT m.id, m.rows_used, m.made_ms, COALESCE(s.listings, 0), "
				 "m.name, "
				 "m.file, m.sha256, m.metrics, m.recipe, m.warm, m.state FROM "
				 "model AS m LEFT JOIN "
				 "(SELECT "
				 "model, COUNT(*) AS listings FROM standing WHERE model IS NOT "
				 "NULL GROUP "
				 "BY model) AS s ON s.model = m.id ORDER BY m.id DESC",
			 .doc = "Models, newest first, with the listings they speak for." },
	[SQL_CATEGORIES] = { .name = "categories",
			     .text = "SELECT category, SUM(labeled), SUM(reviewed), SUM(suggested) "
				     "FROM ("
				     "SELECT " SQL_LABEL_NOW " AS category, 1 AS labeled, CASE "
				     "b.made_by "
				     "WHEN "
				     "'person' THEN 1 ELSE 0 END AS reviewed, 0 AS suggested FROM "
				     "standing AS "
				     "s JOIN label AS b ON b.id = s.label" SQL_LABEL_RECODE
				     " WHERE " SQL_LABEL_NOW " IS NOT NULL "
				     "UNION ALL SELECT category1, 0, 0, 1 FROM standing WHERE "
				     "category1 IS "
				     "NOT NULL) AS both_ways GROUP BY category ORDER BY category",
			     .doc = "Listings per current label and per first suggestion." },
	[SQL_RULES] = { .name = "rules",
			.text = "SELECT v.rule, COUNT(*), SUM(CASE WHEN v.category = " SQL_LABEL_NOW
				" THEN 1 "
				"ELSE 0 END), MAX(v.made_ms) FROM vote AS v JOIN standing AS s ON "
				"s.listing = v.listing LEFT JOIN label AS b ON b.id = "
				"s.label" SQL_LABEL_RECODE " GROUP BY "
				"v.rule ORDER BY v.rule",
			.doc = "Votes per rule, and how many agree with the current label." },
	[SQL_MEASURE_COUNT] = { .name = "measure_count",
				.text = "SELECT rule, COUNT(*), SUM(CASE WHEN code = category OR "
					"SUBSTR(code, 1, LENGTH(category) + 1) = category || '.' "
					"THEN 1 ELSE 0 END) FROM (SELECT v.rule AS rule, "
					"v.category "
					"AS category, " SQL_LABEL_NOW " AS code FROM standing AS s "
					"JOIN label AS b ON b.id = s.label" SQL_LABEL_RECODE
					" JOIN vote AS v ON v.listing = s.listing WHERE s.reviewed "
					"= 1 AND b.made_by = 'person') AS decided GROUP BY rule "
					"ORDER BY rule",
				.doc = "Votes per rule on listings that a person decided, and how "
				       "many were right." },
	[SQL_MEASURES] = { .name = "measures",
			   .text = "SELECT rule, fires, hits FROM rule_measure ORDER BY rule",
			   .doc = "What rules vote with." },
	[SQL_MEASURE_CLEAR] = { .name = "measure_clear",
				.text = "DELETE FROM rule_measure",
				.doc = "Before what was measured anew." },
	[SQL_MEASURE_ADD] = { .name = "measure_add",
			      .text = "INSERT INTO rule_measure (rule, fires, hits, measured_ms) "
				      "VALUES (?, ?, ?, ?)",
			      .doc = "What a rule votes with from now on." },
	[SQL_TROUBLES] = { .name = "troubles",
			   .text = "SELECT * FROM (SELECT id AS job, 0 AS page, changed_ms AS "
				   "at_ms, "
				   "source, url, state AS what, reason FROM job WHERE state IN "
				   "('failed', "
				   "'refused') ORDER BY changed_ms DESC LIMIT ?) AS jobs UNION ALL "
				   "SELECT "
				   "* FROM (SELECT p.job, p.id, p.fetched_ms, j.source, p.url, "
				   "p.state, "
				   "p.reason FROM page AS p JOIN job AS j ON j.id = p.job WHERE "
				   "p.state = 'unparsable' ORDER BY p.fetched_ms DESC LIMIT ?) AS "
				   "pages "
				   "ORDER BY at_ms DESC LIMIT ?",
			   .doc = "What went wrong last." },

	[SQL_IMAGE_FIND] = { .name = "image_find",
			     .text = "SELECT id FROM image WHERE hash = ?",
			     .doc = "Whether a content is kept already." },
	[SQL_IMAGE_ADD] = { .name = "image_add",
			    .text = "INSERT INTO image (hash, file, type, bytes, width, height, "
				    "source, made_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			    .doc = "A content that is new." },
	[SQL_IMAGE_OF_JOB] = { .name = "image_of_job",
			       .text = "SELECT image FROM image_job WHERE job = ?",
			       .doc = "What an address answered last." },
	[SQL_IMAGE_SET] = { .name = "image_set",
			    .text = "INSERT INTO image_job (job, image) VALUES (?, ?) ON CONFLICT "
				    "(job) DO UPDATE SET image = excluded.image",
			    .doc = "What an address answered." },
	[SQL_IMAGE_UNSET] = { .name = "image_unset",
			      .text = "DELETE FROM image_job WHERE job = ? AND NOT EXISTS (SELECT "
				      "1 "
				      "FROM listing_image WHERE listing_image.job = image_job.job)",
			      .doc = "An address that no listing shows any more." },
	[SQL_IMAGE_FORGET] = { .name = "image_forget",
			       .text = "DELETE FROM image_job WHERE job = ?",
			       .doc = "An address whose content is lost." },
	[SQL_IMAGE_COUNTED] = { .name = "image_counted",
				.text = "SELECT source, bytes FROM image WHERE id = ?",
				.doc = "Where a content is counted." },
	[SQL_IMAGE_DROP] = { .name = "image_drop",
			     .text = "DELETE FROM image WHERE id = ? AND NOT EXISTS (SELECT 1 FROM "
				     "image_job WHERE image_job.image = image.id)",
			     .doc = "A content that no address answers any more." },
	[SQL_IMAGE_JOB_BY_KEY] = { .name = "image_job_by_key",
				   .text = "SELECT job.id, job.state, image_job.image FROM job "
					   "LEFT "
					   "JOIN image_job ON image_job.job = job.id WHERE "
					   "job.source = ? AND job.key = ?",
				   .doc = "The job of an image's address and what it answered." },
	[SQL_IMAGE_JOBS] = { .name = "image_jobs",
			     .text = "SELECT job FROM image_job WHERE image = ?",
			     .doc = "The addresses that answered a content." },
	[SQL_LISTING_IMAGE] = { .name = "listing_image",
				.text = "SELECT image FROM listing WHERE id = ?",
				.doc = "The address that a listing shows." },
	[SQL_LISTING_LINK] = { .name = "listing_link",
			       .text = "INSERT INTO listing_image (listing, job) VALUES (?, ?) ON "
				       "CONFLICT (listing) DO UPDATE SET job = excluded.job",
			       .doc = "A listing's image is what this job fetches." },
	[SQL_LISTING_UNLINK] = { .name = "listing_unlink",
				 .text = "DELETE FROM listing_image WHERE listing = ?",
				 .doc = "A listing shows another image." },
	[SQL_LOOK] = { .name = "look",
		       .text = "SELECT image, quality, whole, inside, core FROM image_look WHERE "
			       "image = ? AND version = ? AND reason = ''",
		       .doc = "What an image looks like." },
	[SQL_LOOK_SET] = { .name = "look_set",
			   .text = "INSERT INTO image_look (image, version, quality, whole, "
				   "inside, "
				   "core, reason, made_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON "
				   "CONFLICT "
				   "(image) DO UPDATE SET version = excluded.version, quality = "
				   "excluded.quality, whole = excluded.whole, inside = "
				   "excluded.inside, core = excluded.core, reason = "
				   "excluded.reason, made_ms = excluded.made_ms",
			   .doc = "What an image looks like, or why that is not known." },
	[SQL_LOOK_DROP] = { .name = "look_drop",
			    .text = "DELETE FROM image_look WHERE image = ? AND NOT EXISTS (SELECT "
				    "1 FROM image_job WHERE image_job.image = image_look.image)",
			    .doc = "Of a content that no address answers any more." },
	[SQL_LOOKS] = { .name = "looks",
			.text = "SELECT image, quality, whole, inside, core FROM image_look WHERE "
				"version = ? AND reason = '' ORDER BY image DESC",
			.doc = "What all images look like, the newest first, as not all may fit." },
	[SQL_LOOK_OF_LISTING] = { .name = "look_of_listing",
				  .text = "SELECT image_job.image FROM listing_image JOIN "
					  "image_job "
					  "ON image_job.job = listing_image.job WHERE "
					  "listing_image.listing = ?",
				  .doc = "The image that a listing shows." },
	[SQL_LOOK_LISTINGS] = { .name = "look_listings",
				.text = "SELECT l.id, l.source, l.ext_id, l.title_clean, "
					"l.title_core, l.price, "
					"l.price_digits, l.currency, l.image, l.category, l.family "
					"FROM image_job AS i JOIN listing_image AS s ON s.job = "
					"i.job JOIN listing AS l ON l.id = s.listing WHERE i.image "
					"= ? LIMIT ?",
				.doc = "Listings that show an image, and what likeness goes by." },
	[SQL_IMAGE_OF_LISTING] = { .name = "image_of_listing",
				   .text = "SELECT job.id, job.url, job.state, job.reason, "
					   "image.id, "
					   "image.hash, image.file, image.type, image.bytes, "
					   "image.width, image.height FROM listing_image JOIN job "
					   "ON "
					   "job.id = listing_image.job LEFT JOIN image_job ON "
					   "image_job.job = job.id LEFT JOIN image ON image.id = "
					   "image_job.image WHERE listing_image.listing = ?",
				   .doc = "A listing's image and how its fetching stands." },
	[SQL_IMAGE_BY_FILE] = { .name = "image_by_file",
				.text = "SELECT 1 FROM image WHERE hash = ? AND file = ?",
				.doc = "Whether a file belongs to a row." },
	[SQL_IMAGES] = { .name = "images",
			 .text = "SELECT id, file FROM image WHERE id > ? ORDER BY id LIMIT ?",
			 .doc = "Kept images in the order of their rows." },
	[SQL_IMAGES_REFUSED] = { .name = "images_refused",
				 .text = "SELECT id, source, host, reason FROM job WHERE state IN "
					 "('failed', 'refused', 'gone') AND state = 'refused' AND "
					 "page_kind = '@image' AND id > ? ORDER BY id LIMIT ?",
				 .doc = "Addresses of images that were not asked." },
	[SQL_IMAGES_UNLINKED] = { .name = "images_unlinked",
				  .text = "SELECT listing.id, listing.source, listing.image, "
					  "page.job "
					  "FROM listing JOIN page ON page.id = listing.page LEFT "
					  "JOIN "
					  "listing_image ON listing_image.listing = listing.id "
					  "WHERE "
					  "listing.id > ? AND listing.image <> '' AND "
					  "listing_image.listing IS NULL ORDER BY listing.id LIMIT "
					  "?",
				  .doc = "Listings whose image nothing fetches yet." },
	[SQL_IMAGES_ORPHANED] = { .name = "images_orphaned",
				  .text = "SELECT image_job.job FROM image_job LEFT JOIN "
					  "listing_image ON listing_image.job = image_job.job "
					  "WHERE "
					  "image_job.job > ? AND listing_image.job IS NULL ORDER "
					  "BY "
					  "image_job.job LIMIT ?",
				  .doc = "Addresses that no listing shows any more." },
	[SQL_IMAGES_UNSEEN] = { .name = "images_unseen",
				.text = "SELECT image.id, image.file FROM image LEFT JOIN "
					"image_look ON image_look.image = image.id AND "
					"image_look.version = ? WHERE image.id > ? AND "
					"image_look.image IS NULL ORDER BY image.id LIMIT ?",
				.doc = "Kept images of which it is not known what they look "
				       "like." },
	[SQL_IMAGES_UNSEEN_COUNT] = { .name = "images_unseen_count",
				      .text = "SELECT COUNT(*) FROM image LEFT JOIN image_look ON "
					      "image_look.image = image.id AND image_look.version "
					      "= ? WHERE image_look.image IS NULL",
				      .doc = "How many." },
	[SQL_SEGMENT_CLOCK] = { .name = "segment_clock",
				.text = "SELECT counted_ms, wall_ms FROM archive_clock WHERE id = "
					"1",
				.doc = "Time as the archive counts it." },
	[SQL_SEGMENT_CLOCK_PUT] = { .name = "segment_clock_put",
				    .text = "INSERT INTO archive_clock (id, counted_ms, wall_ms) "
					    "VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET "
					    "counted_ms = excluded.counted_ms, wall_ms = "
					    "excluded.wall_ms",
				    .doc = "The same, as it is now." },
	[SQL_SEGMENTS] = { .name = "segments",
			   .text = "SELECT number, file, closed_ms FROM segment ORDER BY number",
			   .doc = "All closed segments, removed ones too." },
	[SQL_SEGMENT_CLOSE] = { .name = "segment_close",
				.text = "INSERT INTO segment (number, file, closed_ms) VALUES (?, "
					"?, "
					"?) ON CONFLICT (number) DO NOTHING",
				.doc = "A segment that is written to no more." },
	[SQL_SEGMENT_REMOVE] = { .name = "segment_remove",
				 .text = "UPDATE segment SET bytes = ?, removed_ms = ?, removed_by "
					 "= ?, is_done = 0 WHERE number = ?",
				 .doc = "A segment whose file is to be deleted." },
	[SQL_SEGMENT_DONE] = { .name = "segment_done",
			       .text = "UPDATE segment SET is_done = 1 WHERE number = ?",
			       .doc = "Its file is gone." },
	[SQL_SEGMENT_BY_FILE] = { .name = "segment_by_file",
				  .text = "SELECT " SEGMENT_COLUMNS
					  " FROM segment WHERE file = ? AND removed_ms > 0",
				  .doc = "A removed segment." },
	[SQL_SEGMENT_UNFINISHED] = { .name = "segment_unfinished",
				     .text = "SELECT " SEGMENT_COLUMNS
					     " FROM segment WHERE removed_ms > 0 AND is_done = 0 "
					     "ORDER BY number LIMIT 1",
				     .doc = "A segment whose file may still be there." },
	[SQL_SEGMENT_TOTALS] = { .name = "segment_totals",
				 .text = "SELECT COUNT(*), COALESCE(SUM(bytes), 0), "
					 "COALESCE(MAX(removed_ms), 0) FROM segment WHERE "
					 "removed_ms > 0",
				 .doc = "All removed segments together." },
	[SQL_SEGMENT_LAST] = { .name = "segment_last",
			       .text = "SELECT COALESCE(MAX(number), 0) FROM segment",
			       .doc = "The newest segment that was closed." },
	[SQL_SEGMENT_PINS] = { .name = "segment_pins",
			       .text = "SELECT p.record_file, MIN(p.id) FROM drift_alarm AS d JOIN "
				       "page AS p ON p.id = d.page WHERE d.ended_ms = 0 GROUP BY "
				       "p.record_file",
			       .doc = "Segments with a page that shows an open alarm." },

	[SQL_RECODES_CLEAR] = { .name = "recodes_clear",
				.text = "DELETE FROM recode",
				.doc = "Another history takes its place." },
	[SQL_RECODE_ADD] = { .name = "recode_add",
			     .text = "INSERT INTO recode (code, since, until, fate, category, why) "
				     "VALUES (?, ?, ?, ?, ?, ?)",
			     .doc = "What a code of former versions is now." },
	[SQL_CODES_CLEAR] = { .name = "codes_clear",
			      .text = "DELETE FROM taxonomy_code",
			      .doc = "Other categories take their place." },
	[SQL_CODE_ADD] = { .name = "code_add",
			   .text = "INSERT INTO taxonomy_code (code) VALUES (?)",
			   .doc = "A category of now." },
	[SQL_EDITION_PUT] = { .name = "edition_put",
			      .text = "INSERT INTO taxonomy (version, name, hash, first_ms) VALUES "
				      "(?, ?, ?, ?) ON CONFLICT (version) DO UPDATE SET name = "
				      "excluded.name, hash = excluded.hash",
			      .doc = "A version of the taxonomy is in force." },
	[SQL_EDITIONS] = { .name = "editions",
			   .text = "SELECT version, first_ms, name, hash FROM taxonomy ORDER BY "
				   "version",
			   .doc = "The versions that were in force." },
	[SQL_CODES] = { .name = "codes",
			.text = "SELECT code FROM taxonomy_code ORDER BY code",
			.doc = "The categories of the last one." },
	[SQL_LABEL_COUNTS] = { .name = "label_counts",
			       .text = "SELECT b.category, b.taxonomy, COUNT(*), b.made_by FROM "
				       "standing AS s JOIN label AS b ON b.id = s.label WHERE "
				       "b.category IS NOT NULL GROUP BY b.category, b.taxonomy, "
				       "b.made_by ORDER BY b.category, b.taxonomy, b.made_by",
			       .doc = "Current labels as they are written." },
	[SQL_RECHECKS] = { .name = "rechecks",
			   .text = "SELECT COUNT(*) FROM standing WHERE recheck = 1",
			   .doc = "Listings that a split has sent back to review." },
	[SQL_CATEGORY_LISTINGS] = { .name = "category_listings",
				    .text = "SELECT source, category, '', COUNT(*) FROM listing "
					    "GROUP BY source, category ORDER BY source, category",
				    .doc = "Listings by the sources' own categories." },
	[SQL_CATEGORY_REVIEWS] = { .name = "category_reviews",
				   .text = "SELECT l.source, l.category, " SQL_LABEL_NOW
					   ", COUNT(*) FROM standing AS s JOIN listing AS l ON "
					   "l.id = s.listing JOIN label AS b ON b.id = "
					   "s.label" SQL_LABEL_RECODE
					   " WHERE b.made_by = 'person' AND s.recheck = 0 AND "
					   "l.category <> '' AND " SQL_LABEL_NOW " IS NOT NULL "
					   "GROUP BY l.source, l.category, " SQL_LABEL_NOW
					   " ORDER BY l.source, l.category, COUNT(*) DESC",
				   .doc = "What people say of listings of each source's "
					  "category." },
	[SQL_CATEGORY_VOTES] = { .name = "category_votes",
				 .text = "SELECT l.source, l.category, v.category, COUNT(DISTINCT "
					 "l.id) FROM vote AS v JOIN listing AS l ON l.id = "
					 "v.listing WHERE v.rule <> 'source-category' AND "
					 "l.category <> '' GROUP BY l.source, l.category, "
					 "v.category ORDER BY l.source, l.category, COUNT(DISTINCT "
					 "l.id) DESC",
				 .doc = "And what rules say of them." },
};
