/* The scripts of schema.h. Never edit one that has been released: add one. */
#include "store/schema.h"

static const char jobs[] =
	"CREATE TABLE source ("
	"  name TEXT PRIMARY KEY CHECK (name <> ''),"
	"  paused BIGINT NOT NULL DEFAULT 0 CHECK (paused IN (0, 1))"
	") @clustered@;"

	"CREATE TABLE job ("
	"  id @id@,"
	"  source TEXT NOT NULL REFERENCES source (name),"
	"  key TEXT NOT NULL CHECK (key <> ''),"
	"  host TEXT NOT NULL CHECK (host <> ''),"
	"  page_kind TEXT NOT NULL,"
	"  url TEXT NOT NULL,"
	"  vars TEXT NOT NULL,"
	"  seed BIGINT NOT NULL CHECK (seed >= -1),"
	"  parent BIGINT REFERENCES job (id),"
	"  depth BIGINT NOT NULL CHECK (depth >= 0),"
	"  priority BIGINT NOT NULL CHECK (priority BETWEEN 0 AND 9),"
	"  state TEXT NOT NULL CHECK (@job_states@),"
	"  due_ms BIGINT NOT NULL,"
	"  attempts BIGINT NOT NULL CHECK (attempts >= 0),"
	"  changed_ms BIGINT NOT NULL,"
	"  reason TEXT NOT NULL,"
	"  UNIQUE (source, key)"
	");"
	/* The state is in it so that the index alone answers for hosts. */
	"CREATE INDEX job_due ON job (source, host, priority, due_ms, id, state) WHERE state = "
	"'due';"
	"CREATE INDEX job_trouble ON job (changed_ms) WHERE state IN ('failed', 'refused');"

	"CREATE TABLE page ("
	"  id @id@,"
	"  job BIGINT NOT NULL REFERENCES job (id),"
	"  page_kind TEXT NOT NULL,"
	"  url TEXT NOT NULL,"
	"  fetched_ms BIGINT NOT NULL,"
	"  status BIGINT NOT NULL,"
	"  content_type TEXT NOT NULL,"
	"  wire_bytes BIGINT NOT NULL CHECK (wire_bytes >= 0),"
	"  body_bytes BIGINT NOT NULL CHECK (body_bytes >= 0),"
	"  body_hash BIGINT NOT NULL,"
	"  state TEXT NOT NULL CHECK (@page_states@),"
	"  reason TEXT NOT NULL,"
	"  extract_version BIGINT NOT NULL,"
	"  items BIGINT NOT NULL CHECK (items >= 0),"
	"  skipped BIGINT NOT NULL CHECK (skipped >= 0),"
	"  rejected BIGINT NOT NULL CHECK (rejected >= 0),"
	"  listings BIGINT NOT NULL CHECK (listings >= 0),"
	"  record_file TEXT NOT NULL,"
	"  record_offset BIGINT NOT NULL CHECK (record_offset >= 0),"
	"  record_bytes BIGINT NOT NULL CHECK (record_bytes >= 0)"
	");"
	"CREATE INDEX page_job ON page (job);"
	"CREATE INDEX page_unparsable ON page (fetched_ms) WHERE state = 'unparsable';";

static const char listings[] =
	"CREATE TABLE listing ("
	"  id @id@,"
	"  source TEXT NOT NULL REFERENCES source (name),"
	"  ext_id TEXT NOT NULL CHECK (ext_id <> ''),"
	"  page BIGINT NOT NULL REFERENCES page (id),"
	"  first_seen_ms BIGINT NOT NULL,"
	"  last_seen_ms BIGINT NOT NULL,"
	"  state TEXT NOT NULL CHECK (@listing_states@),"
	"  price BIGINT,"
	"  price_digits BIGINT NOT NULL CHECK (price_digits BETWEEN 0 AND 9),"
	"  posted_ms BIGINT NOT NULL,"
	"  family BIGINT NOT NULL CHECK (family >= 0),"
	"  flags BIGINT NOT NULL CHECK (flags >= 0),"
	"  title TEXT NOT NULL,"
	"  title_clean TEXT NOT NULL,"
	"  flag_reason TEXT NOT NULL,"
	"  currency TEXT NOT NULL,"
	"  category TEXT NOT NULL,"
	"  url TEXT NOT NULL,"
	"  image TEXT NOT NULL,"
	"  brand TEXT NOT NULL,"
	"  condition TEXT NOT NULL,"
	"  location TEXT NOT NULL,"
	"  description TEXT NOT NULL,"
	"  UNIQUE (ext_id, source)" /* by the part that differs */
	");"
	"CREATE INDEX listing_family ON listing (family);"

	/* A family of one, which nearly all are, has no row. */
	"CREATE TABLE family ("
	"  id @key@,"
	"  size BIGINT NOT NULL CHECK (size >= 1)"
	");"

	"CREATE TABLE history ("
	"  id @id@,"
	"  listing BIGINT NOT NULL REFERENCES listing (id),"
	"  seen_ms BIGINT NOT NULL,"
	"  page BIGINT NOT NULL REFERENCES page (id),"
	"  field TEXT NOT NULL CHECK (field = 'price' OR field = 'state' OR field = 'title'),"
	"  was TEXT NOT NULL,"
	"  now TEXT NOT NULL"
	");"
	"CREATE INDEX history_listing ON history (listing);";

static const char judgements[] =
	"CREATE TABLE vote ("
	"  listing BIGINT NOT NULL REFERENCES listing (id),"
	"  place BIGINT NOT NULL,"
	"  rule TEXT NOT NULL,"
	"  category TEXT NOT NULL,"
	"  weight DOUBLE PRECISION NOT NULL CHECK (weight BETWEEN 0 AND 1),"
	"  made_ms BIGINT NOT NULL,"
	"  PRIMARY KEY (listing, place)"
	") @clustered@;"

	/* The log: only ever added to. */
	"CREATE TABLE label ("
	"  id @id@,"
	"  listing BIGINT NOT NULL REFERENCES listing (id),"
	"  category TEXT CHECK (category <> ''),"
	"  made_by TEXT NOT NULL CHECK (made_by IN (@label_by@)),"
	"  who TEXT NOT NULL,"
	"  confidence DOUBLE PRECISION NOT NULL CHECK (confidence BETWEEN 0 AND 1),"
	"  version BIGINT NOT NULL,"
	"  made_ms BIGINT NOT NULL,"
	"  why TEXT NOT NULL"
	");"
	"CREATE INDEX label_listing ON label (listing);"
	"CREATE TABLE label_undo ("
	"  label BIGINT NOT NULL PRIMARY KEY REFERENCES label (id),"
	"  made_ms BIGINT NOT NULL,"
	"  who TEXT NOT NULL"
	") @clustered@;"
	/* What the log amounts to: a person over rules, the newest that is not undone. */
	"CREATE VIEW current_label AS"
	"  SELECT listing.id AS listing, label.id AS id, label.category AS category,"
	"    label.made_by AS made_by FROM listing JOIN label ON label.id = ("
	"    SELECT other.id FROM label AS other WHERE other.listing = listing.id"
	"    AND NOT EXISTS (SELECT 1 FROM label_undo WHERE label_undo.label = other.id)"
	"    ORDER BY CASE other.made_by WHEN 'person' THEN 0 ELSE 1 END, other.id DESC LIMIT 1);"

	"CREATE TABLE model ("
	"  id @id@,"
	"  name TEXT NOT NULL CHECK (name <> ''),"
	"  file TEXT NOT NULL,"
	"  sha256 TEXT NOT NULL,"
	"  metrics TEXT NOT NULL,"
	"  rows_used BIGINT NOT NULL CHECK (rows_used >= 0),"
	"  made_ms BIGINT NOT NULL,"
	"  state TEXT NOT NULL CHECK (@model_states@)"
	");"
	"CREATE UNIQUE INDEX model_live ON model (state) WHERE state = 'live';";

static const char decisions[] =
	/* What stands about a listing now. `label` repeats current_label, which
	 * would be dear to ask for every row of an export. */
	"CREATE TABLE standing ("
	"  listing @key@ REFERENCES listing (id),"
	"  clean_version BIGINT NOT NULL,"
	"  label_version BIGINT NOT NULL,"
	"  label BIGINT REFERENCES label (id),"
	"  reviewed BIGINT NOT NULL CHECK (reviewed IN (0, 1)),"
	"  review_score DOUBLE PRECISION NOT NULL CHECK (review_score >= 0),"
	"  model BIGINT REFERENCES model (id),"
	"  category1 TEXT, p1 DOUBLE PRECISION NOT NULL,"
	"  category2 TEXT, p2 DOUBLE PRECISION NOT NULL,"
	"  category3 TEXT, p3 DOUBLE PRECISION NOT NULL"
	");"
	"CREATE INDEX standing_review ON standing (review_score DESC, listing, reviewed)"
	"  WHERE reviewed = 0 AND review_score > 0;"

	"CREATE TABLE review ("
	"  id @id@,"
	"  listing BIGINT NOT NULL REFERENCES listing (id),"
	"  who TEXT NOT NULL,"
	"  action TEXT NOT NULL CHECK (action = 'accept' OR action = 'keep' OR"
	"    action = 'choose' OR action = 'skip' OR action = 'undo'),"
	"  made_ms BIGINT NOT NULL,"
	"  shown TEXT NOT NULL,"
	"  label BIGINT REFERENCES label (id),"
	"  undoes BIGINT UNIQUE REFERENCES review (id)"
	");"
	"CREATE INDEX review_listing ON review (listing);"

	"CREATE TABLE tally ("
	"  source TEXT NOT NULL REFERENCES source (name),"
	"  name TEXT NOT NULL,"
	"  value BIGINT NOT NULL,"
	"  PRIMARY KEY (source, name)"
	") @clustered@;";

/* The figures are those of the jobs; the latest time stands for never. */
static const char hosts[] =
	"CREATE TABLE host ("
	"  source TEXT NOT NULL REFERENCES source (name),"
	"  host TEXT NOT NULL CHECK (host <> ''),"
	"  due BIGINT NOT NULL CHECK (due >= 0),"
	"  next_ms BIGINT NOT NULL,"
	"  PRIMARY KEY (source, host)"
	") @clustered@;"
	"INSERT INTO host (source, host, due, next_ms)"
	"  SELECT source, host, COUNT(*), MIN(due_ms) FROM job WHERE state = 'due'"
	"  GROUP BY source, host;"
	"CREATE INDEX job_ended ON job (id) WHERE state IN ('failed', 'refused', 'gone');"
	"CREATE INDEX host_next ON host (source, next_ms, host);"
	"INSERT INTO tally (source, name, value)"
	"  SELECT source, 'hosts-due', COUNT(*) FROM host GROUP BY source;";

static const char scopes[] =
	/* Addresses that became no job; few rows, as reasons are few. */
	"CREATE TABLE refused ("
	"  source TEXT NOT NULL REFERENCES source (name),"
	"  reason TEXT NOT NULL,"
	"  times BIGINT NOT NULL CHECK (times >= 1),"
	"  last_ms BIGINT NOT NULL,"
	"  url TEXT NOT NULL,"
	"  PRIMARY KEY (source, reason)"
	") @clustered@;"
	/* Jobs of links per folder. The row without a name counts a host's rows. */
	"CREATE TABLE folder ("
	"  source TEXT NOT NULL REFERENCES source (name),"
	"  host TEXT NOT NULL,"
	"  prefix TEXT NOT NULL,"
	"  jobs BIGINT NOT NULL CHECK (jobs >= 0),"
	"  PRIMARY KEY (source, host, prefix)"
	") @clustered@;"
	/* The rules that its jobs' keys were made by. */
	"ALTER TABLE source ADD COLUMN key_version BIGINT NOT NULL DEFAULT 0;";

static const char visits[] =
	/* Of jobs that are asked again: one row each, apart from the job's, which is
	 * to stay small. */
	"CREATE TABLE visit ("
	"  job @key@ REFERENCES job (id),"
	"  page BIGINT NOT NULL REFERENCES page (id),"
	"  listing BIGINT REFERENCES listing (id),"
	"  seen_ms BIGINT NOT NULL,"
	"  changed_ms BIGINT NOT NULL,"
	"  interval_ms BIGINT NOT NULL CHECK (interval_ms >= 0),"
	"  visits BIGINT NOT NULL CHECK (visits >= 1),"
	"  changes BIGINT NOT NULL CHECK (changes >= 0),"
	"  version BIGINT NOT NULL,"
	"  body_hash BIGINT NOT NULL,"
	"  content_hash BIGINT NOT NULL,"
	"  max_age_ms BIGINT NOT NULL,"
	"  expires_ms BIGINT NOT NULL,"
	"  original BIGINT NOT NULL REFERENCES page (id),"
	"  original_seed BIGINT NOT NULL,"
	"  original_digest TEXT NOT NULL,"
	"  etag TEXT NOT NULL,"
	"  last_modified TEXT NOT NULL"
	");"
	/* When a page last held is when what it shows was last seen. */
	"CREATE UNIQUE INDEX visit_page ON visit (page);"
	"ALTER TABLE page ADD COLUMN same_as BIGINT REFERENCES page (id);"
	"ALTER TABLE listing ADD COLUMN state_ms BIGINT NOT NULL DEFAULT 0;"
	"UPDATE listing SET state_ms = (SELECT MAX(h.seen_ms) FROM history AS h"
	"  WHERE h.listing = listing.id AND h.field = 'state')"
	"  WHERE id IN (SELECT listing FROM history WHERE field = 'state');";

static const char lists[] =
	/* Of page kinds with `gone-after`: the pages of each list, the pass over them
	 * that is going on, and the listings that each page shows. */
	"CREATE TABLE list_pass ("
	"  list @key@ REFERENCES job (id)," /* of its first page */
	"  pass BIGINT NOT NULL CHECK (pass >= 1),"
	"  began_ms BIGINT NOT NULL"
	");"
	"CREATE TABLE list_page ("
	"  job @key@ REFERENCES job (id),"
	"  list BIGINT NOT NULL REFERENCES job (id),"
	"  pass BIGINT NOT NULL CHECK (pass >= 0)," /* in which it was answered last */
	"  whole BIGINT NOT NULL CHECK (whole IN (0, 1))"
	");"
	"CREATE INDEX list_page_waits ON list_page (list, whole, pass);"
	"CREATE TABLE shown ("
	"  list BIGINT NOT NULL REFERENCES job (id),"
	"  listing BIGINT NOT NULL REFERENCES listing (id),"
	"  job BIGINT NOT NULL REFERENCES job (id),"
	"  left_pass BIGINT NOT NULL CHECK (left_pass >= 0),"
	"  PRIMARY KEY (list, listing, job)"
	") @clustered@;"
	"CREATE INDEX shown_job ON shown (job);"
	"CREATE INDEX shown_left ON shown (list, left_pass) WHERE left_pass > 0;";

static const char images[] =
	/* One row per content; `source` is the one that is counted. */
	"CREATE TABLE image ("
	"  id @id@,"
	"  hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),"
	"  file TEXT NOT NULL CHECK (file <> ''),"
	"  type TEXT NOT NULL,"
	"  bytes BIGINT NOT NULL CHECK (bytes > 0),"
	"  width BIGINT NOT NULL CHECK (width > 0),"
	"  height BIGINT NOT NULL CHECK (height > 0),"
	"  source TEXT NOT NULL REFERENCES source (name),"
	"  made_ms BIGINT NOT NULL"
	");"
	/* What an image's address answered last. */
	"CREATE TABLE image_job ("
	"  job @key@ REFERENCES job (id),"
	"  image BIGINT NOT NULL REFERENCES image (id)"
	");"
	"CREATE INDEX image_job_image ON image_job (image);"
	"CREATE TABLE listing_image ("
	"  listing @key@ REFERENCES listing (id),"
	"  job BIGINT NOT NULL REFERENCES job (id)"
	");"
	"CREATE INDEX listing_image_job ON listing_image (job);";

static const char own_pages[] =
	"CREATE INDEX visit_listing ON visit (listing) WHERE listing IS NOT NULL;";
/* What is remembered of a host name, and of the robots.txt of each of its sites. */
static const char sites[] =
	/* hosts, whatever the source */
	"CREATE TABLE site ("
	"  host TEXT PRIMARY KEY CHECK (host <> ''),"
	"  state TEXT NOT NULL CHECK (@breaker_states@),"
	"  troubles BIGINT NOT NULL CHECK (troubles >= 0),"
	"  trouble TEXT NOT NULL,"
	"  trouble_ms BIGINT NOT NULL,"
	"  asked_ms BIGINT NOT NULL,"
	"  hold_ms BIGINT NOT NULL,"
	"  hold_asked BIGINT NOT NULL CHECK (hold_asked IN (0, 1)),"
	"  delay_ms BIGINT NOT NULL CHECK (delay_ms >= 0),"
	"  factor DOUBLE PRECISION NOT NULL CHECK (factor BETWEEN 0 AND 1),"
	"  factor_why TEXT NOT NULL,"
	"  changed_ms BIGINT NOT NULL"
	") @clustered@;"
	"CREATE INDEX site_changed ON site (changed_ms);"
	"CREATE TABLE robots ("
	"  site TEXT PRIMARY KEY CHECK (site <> ''),"
	"  known BIGINT NOT NULL CHECK (known IN (0, 1)),"
	"  rules BIGINT NOT NULL CHECK (rules IN (0, 1)),"
	"  good_ms BIGINT NOT NULL,"
	"  until_ms BIGINT NOT NULL,"
	"  asked_ms BIGINT NOT NULL,"
	"  ask_ms BIGINT NOT NULL,"
	"  failures BIGINT NOT NULL CHECK (failures >= 0),"
	"  why TEXT NOT NULL,"
	"  body TEXT NOT NULL,"
	"  changed_ms BIGINT NOT NULL"
	") @clustered@;"
	"CREATE INDEX robots_changed ON robots (changed_ms);";

/* What is asked by POST. */
static const char bodies[] = "ALTER TABLE job ADD COLUMN body TEXT NOT NULL DEFAULT '';"
			     "ALTER TABLE job ADD COLUMN body_type TEXT NOT NULL DEFAULT '';";

/* Lists that are longer than their window. */
static const char parts[] =
	"ALTER TABLE job ADD COLUMN part BIGINT NOT NULL DEFAULT 0 CHECK (part BETWEEN 0 AND 2);"
	"CREATE TABLE part ("
	"  job @key@ REFERENCES job (id),"
	"  source TEXT NOT NULL REFERENCES source (name),"
	"  parent BIGINT REFERENCES job (id),"
	"  total BIGINT NOT NULL CHECK (total >= 0),"
	"  shown BIGINT NOT NULL CHECK (shown > 0)," /* \"window\" is a word of SQL */
	"  says TEXT NOT NULL CHECK (says = 'fits' OR says = 'split' OR says = 'cut'),"
	"  covers TEXT NOT NULL CHECK (covers = 'all' OR covers = 'some' OR covers = 'ends'),"
	"  parts BIGINT NOT NULL CHECK (parts >= 0),"
	"  own BIGINT NOT NULL CHECK (own IN (0, 1)),"
	"  seen_ms BIGINT NOT NULL,"
	"  reason TEXT NOT NULL"
	");"
	"CREATE INDEX part_source ON part (source);"
	"CREATE INDEX part_parent ON part (parent, total);";

/* What pages find for variables of seeds. */
static const char values[] = "CREATE TABLE value ("
			     "  source TEXT NOT NULL REFERENCES source (name),"
			     "  name TEXT NOT NULL CHECK (name <> ''),"
			     "  under TEXT NOT NULL,"
			     "  value TEXT NOT NULL CHECK (value <> ''),"
			     "  job BIGINT NOT NULL REFERENCES job (id),"
			     "  seen_ms BIGINT NOT NULL,"
			     "  PRIMARY KEY (source, name, under, value)"
			     ") @clustered@;"
			     "CREATE INDEX value_job ON value (job, seen_ms);";

static const char ways[] = "ALTER TABLE job ADD COLUMN way TEXT NOT NULL DEFAULT '';";
/* Listings by the page that is about each, before it was ever read. */
static const char own_keys[] = "ALTER TABLE listing ADD COLUMN own_key BIGINT NOT NULL DEFAULT 0;"
			       "CREATE INDEX listing_own ON listing (own_key) WHERE own_key <> 0;";
/* Files that are taken in; and the pages that a person wants read again, as far as they
 * are not marked yet. */
static const char imports[] = "CREATE TABLE import ("
			      "  id @id@,"
			      "  file TEXT NOT NULL CHECK (file <> ''),"
			      "  source TEXT NOT NULL,"
			      "  page_kind TEXT NOT NULL,"
			      "  state TEXT NOT NULL CHECK (@import_states@),"
			      "  reason TEXT NOT NULL,"
			      "  bytes BIGINT NOT NULL CHECK (bytes >= 0),"
			      "  done_bytes BIGINT NOT NULL CHECK (done_bytes >= 0),"
			      "  passes BIGINT NOT NULL CHECK (passes >= 0),"
			      "  pass_pages BIGINT NOT NULL CHECK (pass_pages >= 0),"
			      "  began_ms BIGINT NOT NULL,"
			      "  changed_ms BIGINT NOT NULL"
			      ");"
			      "CREATE TABLE import_count ("
			      "  import BIGINT NOT NULL REFERENCES import (id),"
			      "  name TEXT NOT NULL CHECK (name <> ''),"
			      "  n BIGINT NOT NULL CHECK (n >= 0),"
			      "  PRIMARY KEY (import, name)"
			      ") @clustered@;"
			      "ALTER TABLE page ADD COLUMN import BIGINT REFERENCES import (id);"
			      "ALTER TABLE page ADD COLUMN import_at BIGINT;"
			      "CREATE INDEX page_import ON page (import) WHERE import IS NOT NULL;"
			      "CREATE TABLE reprocess ("
			      "  id @key@ CHECK (id = 1),"
			      "  source TEXT NOT NULL,"
			      "  page_kind TEXT NOT NULL,"
			      "  since_ms BIGINT NOT NULL,"
			      "  page_from BIGINT NOT NULL"
			      ");";

/* Pages of lists that other pages of them name. */
static const char further[] =
	"ALTER TABLE job ADD COLUMN list BIGINT NOT NULL DEFAULT 0;"
	"ALTER TABLE job ADD COLUMN nth BIGINT NOT NULL DEFAULT 0 CHECK (nth >= 0);"
	"ALTER TABLE job ADD COLUMN repeats BIGINT NOT NULL DEFAULT 0 CHECK (repeats >= 0);"
	/* Passes are told apart by pages: a clock may be set. */
	"ALTER TABLE list_pass ADD COLUMN began_page BIGINT NOT NULL DEFAULT 0;"
	"CREATE INDEX shown_listing ON shown (listing) WHERE left_pass = 0;";

/* Families of titles that are alike, and a person's word on them. */
static const char kin[] =
	/* Titles, by key, that are not families of their own. */
	"CREATE TABLE family_title ("
	"  id @key@,"
	"  family BIGINT NOT NULL CHECK (family >= 0),"
	"  joined_by TEXT NOT NULL CHECK (joined_by <> ''),"
	"  alike DOUBLE PRECISION NOT NULL CHECK (alike BETWEEN 0 AND 1),"
	"  made_ms BIGINT NOT NULL"
	");"
	"CREATE INDEX family_title_family ON family_title (family);"
	/* Listings that a person put in a family, whatever their titles. */
	"CREATE TABLE family_pin ("
	"  listing @key@ REFERENCES listing (id),"
	"  family BIGINT NOT NULL CHECK (family >= 0)"
	");"
	"CREATE INDEX family_pin_family ON family_pin (family);"
	"CREATE TABLE family_event ("
	"  id @id@,"
	"  made_ms BIGINT NOT NULL,"
	"  who TEXT NOT NULL,"
	"  action TEXT NOT NULL CHECK (action = 'split' OR action = 'merge'),"
	"  listing BIGINT NOT NULL REFERENCES listing (id),"
	"  was BIGINT NOT NULL,"
	"  family BIGINT NOT NULL,"
	"  moved BIGINT NOT NULL CHECK (moved >= 1)"
	");"
	"CREATE INDEX family_event_family ON family_event (family);"
	"CREATE INDEX family_event_was ON family_event (was);";

/* What pages of a kind usually are (drift/drift.h), and where they no longer were. */
static const char drifts[] = "CREATE TABLE drift ("
			     "  source TEXT NOT NULL CHECK (source <> ''),"
			     "  page_kind TEXT NOT NULL CHECK (page_kind <> ''),"
			     "  state TEXT NOT NULL,"
			     "  saved_ms BIGINT NOT NULL,"
			     "  PRIMARY KEY (source, page_kind)"
			     ");"
			     "CREATE TABLE drift_alarm ("
			     "  id @id@,"
			     "  source TEXT NOT NULL,"
			     "  page_kind TEXT NOT NULL,"
			     "  statistic TEXT NOT NULL,"
			     "  what TEXT NOT NULL,"
			     "  page BIGINT NOT NULL REFERENCES page (id),"
			     "  raised_ms BIGINT NOT NULL,"
			     "  ended_ms BIGINT NOT NULL DEFAULT 0,"
			     "  ended_by TEXT NOT NULL DEFAULT ''"
			     ");"
			     "CREATE INDEX drift_alarm_open ON drift_alarm (source, page_kind) "
			     "WHERE ended_ms = 0;";

/* Records that became no listing: the newest of each source, and how many there were by
 * reason, of each page and in all. */
static const char rejected_seen[] = "CREATE INDEX rejected_seen ON rejected (source, seen_ms, id);";

static const char rejections[] = "CREATE TABLE rejected ("
				 "  id @id@,"
				 "  source TEXT NOT NULL CHECK (source <> ''),"
				 "  job BIGINT NOT NULL REFERENCES job (id),"
				 "  page BIGINT NOT NULL REFERENCES page (id),"
				 "  place BIGINT NOT NULL,"
				 "  ext_id TEXT NOT NULL,"
				 "  field TEXT NOT NULL,"
				 "  reason TEXT NOT NULL CHECK (reason <> ''),"
				 "  value TEXT NOT NULL,"
				 "  why TEXT NOT NULL,"
				 "  excerpt TEXT NOT NULL,"
				 "  seen_ms BIGINT NOT NULL"
				 ");"
				 "CREATE INDEX rejected_source ON rejected (source, id);"
				 "CREATE INDEX rejected_record ON rejected (source, ext_id, job);"
				 "CREATE INDEX rejected_of_page ON rejected (page);"
				 "CREATE TABLE rejected_page ("
				 "  page BIGINT NOT NULL REFERENCES page (id),"
				 "  reason TEXT NOT NULL,"
				 "  times BIGINT NOT NULL CHECK (times >= 1),"
				 "  PRIMARY KEY (page, reason)"
				 ");"
				 "CREATE TABLE rejected_count ("
				 "  source TEXT NOT NULL,"
				 "  reason TEXT NOT NULL,"
				 "  times BIGINT NOT NULL CHECK (times >= 0),"
				 "  PRIMARY KEY (source, reason)"
				 ");";

static const char looks[] =
	/* What images are found again by (picture/look.h); with a reason: why one has none. */
	"CREATE TABLE image_look ("
	"  image @key@ REFERENCES image (id),"
	"  version BIGINT NOT NULL,"
	"  quality BIGINT NOT NULL CHECK (quality BETWEEN 0 AND 100),"
	"  whole TEXT NOT NULL,"
	"  inside TEXT NOT NULL,"
	"  core TEXT NOT NULL,"
	"  reason TEXT NOT NULL,"
	"  made_ms BIGINT NOT NULL,"
	"  CHECK ((reason <> '') = (whole = ''))"
	");"
	/* Bits by which the pictures differ that were looked at; NULL: none were. */
	"ALTER TABLE family_title ADD COLUMN picture BIGINT;";

/* Made by the sweep: a cleaner of another version made what is stored. */
static const char title_marks[] =
	"ALTER TABLE listing ADD COLUMN title_marks TEXT NOT NULL DEFAULT '';";

/* What a listing has several of, as canonical JSON; when it was changed last. */
static const char several[] =
	"ALTER TABLE listing ADD COLUMN updated_ms BIGINT NOT NULL DEFAULT 0;"
	"ALTER TABLE listing ADD COLUMN images TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE listing ADD COLUMN category_path TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE listing ADD COLUMN attributes TEXT NOT NULL DEFAULT '';";
/* Made by the sweep, too; '': as title_clean. */
static const char title_core[] =
	"ALTER TABLE listing ADD COLUMN title_core TEXT NOT NULL DEFAULT '';";

/* Segments of the archive that are closed. removed_ms: archive-keep or archive-max had it removed,
 * and the bytes of pages whose record_file it is are gone; that is stored before the file is deleted,
 * is_done once it is. */
static const char segments[] =
	"CREATE TABLE segment ("
	"  number @key@,"
	"  file TEXT NOT NULL UNIQUE CHECK (file <> ''),"
	"  closed_ms BIGINT NOT NULL,"
	"  bytes BIGINT NOT NULL DEFAULT 0,"
	"  removed_ms BIGINT NOT NULL DEFAULT 0,"
	"  removed_by TEXT NOT NULL DEFAULT '' CHECK (removed_by <> '' OR removed_ms = 0),"
	"  is_done BIGINT NOT NULL DEFAULT 0 CHECK (is_done IN (0, 1))"
	");"
	"CREATE INDEX segment_undone ON segment (number) WHERE removed_ms > 0 AND is_done = 0;"
	"CREATE TABLE archive_clock ("
	"  id BIGINT PRIMARY KEY CHECK (id = 1),"
	"  counted_ms BIGINT NOT NULL,"
	"  wall_ms BIGINT NOT NULL"
	");";

/* Labels are not rewritten when the taxonomy changes: `recode` says what those with `code`, made
 * under a version from `since` to before `until`, are now (model/recode.h). It and
 * taxonomy_code are of the taxonomy that was loaded last. */
static const char taxonomies[] =
	"ALTER TABLE label ADD COLUMN taxonomy BIGINT NOT NULL DEFAULT 0;"
	"CREATE TABLE taxonomy ("
	"  version BIGINT PRIMARY KEY,"
	"  name TEXT NOT NULL CHECK (name <> ''),"
	"  hash BIGINT NOT NULL,"
	"  first_ms BIGINT NOT NULL"
	");"
	"CREATE TABLE taxonomy_code (code TEXT PRIMARY KEY CHECK (code <> '')) @clustered@;"
	"CREATE TABLE recode ("
	"  code TEXT NOT NULL CHECK (code <> ''),"
	"  since BIGINT NOT NULL,"
	"  until BIGINT NOT NULL CHECK (until > since),"
	"  fate TEXT NOT NULL CHECK (fate = 'code' OR fate = 'split' OR fate = 'none'),"
	"  category TEXT CHECK ((category IS NULL) = (fate <> 'code')),"
	"  why TEXT NOT NULL,"
	"  PRIMARY KEY (code, since)"
	") @clustered@;"
	"ALTER TABLE standing ADD COLUMN recheck BIGINT NOT NULL DEFAULT 0"
	"  CHECK (recheck IN (0, 1));"
	"CREATE INDEX standing_recheck ON standing (listing) WHERE recheck = 1;"
	"DROP VIEW current_label;"
	"CREATE VIEW current_label AS"
	"  SELECT listing.id AS listing, label.id AS id,"
	"    CASE WHEN recode.code IS NULL THEN label.category ELSE recode.category END AS "
	"category,"
	"    label.made_by AS made_by, label.category AS written, recode.fate AS fate"
	"  FROM listing JOIN label ON label.id = ("
	"    SELECT other.id FROM label AS other WHERE other.listing = listing.id"
	"    AND NOT EXISTS (SELECT 1 FROM label_undo WHERE label_undo.label = other.id)"
	"    ORDER BY CASE other.made_by WHEN 'person' THEN 0 ELSE 1 END, other.id DESC LIMIT 1)"
	"  LEFT JOIN recode ON recode.code = label.category AND recode.since <= label.taxonomy"
	"    AND recode.until > label.taxonomy;";
/* What rules vote with, as reviews had it when they were last looked at. */
static const char rule_measures[] =
	"CREATE TABLE rule_measure ("
	"  rule TEXT NOT NULL PRIMARY KEY,"
	"  fires DOUBLE PRECISION NOT NULL CHECK (fires > 0),"
	"  hits DOUBLE PRECISION NOT NULL CHECK (hits BETWEEN 0 AND fires),"
	"  measured_ms BIGINT NOT NULL"
	") @clustered@;"
	"CREATE INDEX standing_decided ON standing (listing) WHERE reviewed = 1;";

/* recipe: what a training has in common with one that may go on from its model; warm: models in a
 * row, this one the last, that went on from the one before. */
static const char warm_models[] = "ALTER TABLE model ADD COLUMN recipe TEXT NOT NULL DEFAULT '';"
				  "ALTER TABLE model ADD COLUMN warm BIGINT NOT NULL DEFAULT 0;";

/* Events of review with all that is known of them; draws; what its queues go by. */
static const char review_events[] =
	"CREATE TABLE draw ("
	"  id @id@,"
	"  name TEXT NOT NULL UNIQUE CHECK (name <> ''),"
	"  who TEXT NOT NULL,"
	"  made_ms BIGINT NOT NULL,"
	"  population BIGINT NOT NULL CHECK (population >= 0),"
	"  seed BIGINT NOT NULL,"
	"  taxonomy BIGINT NOT NULL,"
	"  rules BIGINT NOT NULL,"
	"  model BIGINT REFERENCES model (id),"
	"  plan TEXT NOT NULL"
	");"
	"CREATE TABLE draw_item ("
	"  draw BIGINT NOT NULL REFERENCES draw (id),"
	"  place BIGINT NOT NULL CHECK (place >= 1),"
	"  listing BIGINT NOT NULL REFERENCES listing (id),"
	"  stratum TEXT NOT NULL,"
	"  drawn_p DOUBLE PRECISION NOT NULL CHECK (drawn_p > 0 AND drawn_p <= 1),"
	"  wants BIGINT NOT NULL CHECK (wants >= 1),"
	"  facts TEXT NOT NULL,"
	"  PRIMARY KEY (draw, place),"
	"  UNIQUE (draw, listing)"
	") @clustered@;"
	"CREATE TABLE review_event ("
	"  id @id@,"
	"  listing BIGINT NOT NULL REFERENCES listing (id),"
	"  who TEXT NOT NULL,"
	"  action TEXT NOT NULL CHECK (action IN (@review_actions@)),"
	"  category TEXT CHECK (category <> ''),"
	"  made_ms BIGINT NOT NULL,"
	"  took_ms BIGINT NOT NULL CHECK (took_ms >= 0),"
	"  shown TEXT NOT NULL,"
	"  key TEXT NOT NULL,"
	"  reason TEXT NOT NULL,"
	"  queue TEXT NOT NULL,"
	"  place BIGINT NOT NULL CHECK (place >= 0),"
	"  draw BIGINT REFERENCES draw (id),"
	"  drawn_p DOUBLE PRECISION CHECK (drawn_p > 0 AND drawn_p <= 1),"
	"  wants BIGINT NOT NULL CHECK (wants >= 1),"
	"  taxonomy BIGINT NOT NULL,"
	"  rules BIGINT NOT NULL,"
	"  model BIGINT REFERENCES model (id),"
	"  label BIGINT REFERENCES label (id),"
	"  batch BIGINT REFERENCES review_event (id),"
	"  undoes BIGINT UNIQUE REFERENCES review_event (id),"
	"  client TEXT CHECK (client <> ''),"
	"  UNIQUE (who, client)"
	");"
	"INSERT INTO review_event (id, listing, who, action, category, made_ms, took_ms, shown,"
	"  key, reason, queue, place, wants, taxonomy, rules, label, undoes)"
	"  SELECT review.id, review.listing, review.who, review.action, label.category,"
	"  review.made_ms, 0, review.shown, '', '', 'all', 0, 1, 0, 0, review.label, review.undoes"
	"  FROM review LEFT JOIN label ON label.id = review.label ORDER BY review.id;"
	"DROP TABLE review;"
	"ALTER TABLE review_event RENAME TO review;"
	"CREATE INDEX review_listing ON review (listing);"
	"CREATE INDEX review_who ON review (who, id);"
	"CREATE INDEX review_batch ON review (batch) WHERE batch IS NOT NULL;"
	"CREATE INDEX review_draw ON review (draw, listing) WHERE draw IS NOT NULL;"
	"CREATE INDEX label_person ON label (category, id) WHERE made_by = 'person';"
	"CREATE INDEX label_newest ON label (id) WHERE made_by = 'person';";
static const char review_queues_made[] =
	"ALTER TABLE standing ADD COLUMN errors DOUBLE PRECISION NOT NULL DEFAULT 0;"
	"ALTER TABLE standing ADD COLUMN uncertain DOUBLE PRECISION NOT NULL DEFAULT 0;"
	"ALTER TABLE standing ADD COLUMN rules DOUBLE PRECISION NOT NULL DEFAULT 0;"
	"ALTER TABLE standing ADD COLUMN guess TEXT;"
	"ALTER TABLE standing ADD COLUMN guess_p DOUBLE PRECISION NOT NULL DEFAULT 0;"
	"ALTER TABLE standing ADD COLUMN waits_in TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE standing ADD COLUMN disputed BIGINT NOT NULL DEFAULT 0;"
	/* The sweep judges all again, which makes the figures; no label changes by it. */
	"UPDATE standing SET label_version = 0;"
	"CREATE INDEX standing_errors ON standing (errors DESC, listing)"
	"  WHERE reviewed = 0 AND errors > 0;"
	"CREATE INDEX standing_uncertain ON standing (uncertain DESC, listing)"
	"  WHERE reviewed = 0 AND uncertain > 0;"
	"CREATE INDEX standing_rules ON standing (rules DESC, listing)"
	"  WHERE reviewed = 0 AND rules > 0;"
	"CREATE INDEX standing_guess ON standing (guess, guess_p DESC, listing)"
	"  WHERE reviewed = 0 AND guess IS NOT NULL;"
	"CREATE INDEX standing_waits ON standing (waits_in, listing) WHERE waits_in <> '';"
	"CREATE INDEX standing_disputed ON standing (listing) WHERE disputed = 1;";

/* Which label each item of another origin's became; a listing may be named by its address. */
static const char labels_in[] = "CREATE TABLE label_import ("
				"  origin TEXT NOT NULL CHECK (origin <> ''),"
				"  item TEXT NOT NULL CHECK (item <> ''),"
				"  label BIGINT NOT NULL REFERENCES label (id),"
				"  note TEXT NOT NULL,"
				"  PRIMARY KEY (origin, item)"
				") @clustered@;"
				"CREATE INDEX listing_url ON listing (url) WHERE url <> '';";

const struct schema_migration schema_migrations[] = {
	{ .doc = "sources, jobs, pages, listings; votes, labels, suggestions, reviews, counts",
	  .sql = { jobs, listings, judgements, decisions } },
	{ .doc = "due jobs per host", .sql = { hosts } },
	{ .doc = "refused addresses, jobs per folder, rules of keys", .sql = { scopes } },
	{ .doc = "visits of jobs that are asked again; pages that had not changed, listings "
		 "that are gone, since when a listing is in its state",
	  .sql = { visits },
	  .restates = 1u << STATE_PAGE | 1u << STATE_LISTING },
	{ .doc = "what each page of a list shows, pass by pass", .sql = { lists } },
	{ .doc = "listings' images", .sql = { images } },
	{ .doc = "the page that is about a listing", .sql = { own_pages } },
	{ .doc = "what hosts told us, and their robots.txt", .sql = { sites } },
	{ .doc = "bodies of jobs", .sql = { bodies } },
	{ .doc = "windows of lists and their parts, values for seeds", .sql = { parts, values } },
	{ .doc = "where redirects have led a job", .sql = { ways } },
	{ .doc = "listings by the page that is about each", .sql = { own_keys } },
	{ .doc = "imports and their pages, pages to be read again", .sql = { imports } },
	{ .doc = "which page of a list a job is", .sql = { further } },
	{ .doc = "families of titles that are alike", .sql = { kin } },
	{ .doc = "what pages usually are, and alarms", .sql = { drifts } },
	{ .doc = "rejected records", .sql = { rejections } },
	{ .doc = "what images look like", .sql = { looks } },
	{ .doc = "what titles say of the offer", .sql = { title_marks } },
	{ .doc = "listings' images, attributes, levels of categories, times of change",
	  .sql = { several } },
	{ .doc = "titles without what they say of the offer", .sql = { title_core } },
	{ .doc = "rejected records by when they were seen", .sql = { rejected_seen } },
	{ .doc = "segments of the archive, and which were removed", .sql = { segments } },
	{ .doc = "models whose files are removed", .restates = 1u << STATE_MODEL },
	{ .doc = "versions of the taxonomy, and what labels of former ones are now",
	  .sql = { taxonomies } },
	{ .doc = "models that went on from others", .sql = { warm_models } },
	{ .doc = "events of review, draws, queues by purpose",
	  .sql = { review_events, review_queues_made } },
	{ .doc = "labels that were made elsewhere", .sql = { labels_in } },
	{ .doc = "rules' measured precision", .sql = { rule_measures } },
};
const int schema_n_migrations = sizeof(schema_migrations) / sizeof(schema_migrations[0]);
