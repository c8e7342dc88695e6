/* The archive: pages and where they lie, records, and the long work on it. */
#include "serve/api.h"
#include "serve/api_json.h"

#include "base/clock.h"

#define RECORD_MOST ((size_t)300 << 20)

static bool put_page(void *ctx, const struct page *p)
{
	struct request *rq = ctx;

	json_object(&rq->j, NULL);
	json_str(&rq->j, "source", p->source);
	json_str(&rq->j, "page_kind", p->page_kind);
	api_json_page(&rq->j, p);
	json_end_object(&rq->j);
	rq->next = p->id;
	return true;
}

void api_archive_pages(struct request *rq)
{
	struct page_filter f = { .source = request_text(rq, "source"),
				 .page_kind = request_text(rq, "kind"),
				 .url = request_text(rq, "url"),
				 .since_ms = request_int(rq, "since_ms"),
				 .after_id = request_int(rq, "after"),
				 .most = request_int(rq, "limit") };
	struct reason why = { "" };
	enum err err;

	json_object(&rq->j, NULL);
	json_array(&rq->j, "pages");
	rq->next = 0;
	err = reader_pages(rq->reader, &f, rq->arena, put_page, rq, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_end_array(&rq->j);
	json_int(&rq->j, "next", rq->next);
	json_end_object(&rq->j);
}

void api_archive_removed(struct request *rq, const struct page *p, const char *hint)
{
	char text[160];

	segment_removed_text(p->id, p->removed_ms, p->removed_by, text);
	request_fail(rq, 410, "removed", hint, "%s", text);
}

static bool found(struct request *rq, enum err err, const struct page *p, const struct reason *why)
{
	if (!err && p->removed_ms) {
		api_archive_removed(rq, p,
				    "What was made of it is still there: `pipectl trace page`.");
		return false;
	}
	if (!err && p->record.file.n)
		return true;
	if (err && err != ERR_NOT_FOUND)
		request_err(rq, err, why, NULL);
	else
		request_fail(rq, 404, "not-found", "`pipectl archive list` shows what there is.",
			     "%s", err ? why->text : "the page has no record");
	return false;
}

static const char *const part_names[] = { [SERVE_PART_RECORD] = "record",
					  [SERVE_PART_HEAD] = "headers",
					  [SERVE_PART_BODY] = "body",
					  [SERVE_PART_DECODED] = "decoded" };

static enum serve_part part_of(const struct request *rq)
{
	struct str name = request_text(rq, "part");

	for (int i = 0; i <= SERVE_PART_DECODED; i++)
		if (str_is(name, part_names[i]))
			return (enum serve_part)i;
	return SERVE_PART_RECORD;
}

/* The payload of a revisit is that of an earlier page of the same job. */
static enum err follow(struct request *rq, int64_t job, int64_t from_ms, struct buf *to,
		       struct reason *why)
{
	struct page old;
	enum err err = ERR_NOT_FOUND;
	int64_t again = -1;
	char text[160];

	if (job)
		err = reader_page_at(rq->reader, job, from_ms, from_ms + 999, rq->arena, &old, why);
	if (err)
		return reason_set(why, err,
				  "a revisit: its payload is in a record that is not known");
	if (old.removed_ms) {
		segment_removed_text(old.id, old.removed_ms, old.removed_by, text);
		return reason_set(why, ERR_NOT_FOUND, "a revisit of a page that is gone: %s", text);
	}
	return rq->ops->record(rq->ops->ctx, &old.record, part_of(rq), to, &again, why);
}

/* The file of a record is not there: maybe by the configuration's will. */
static void explain(struct request *rq, enum err err, const struct page_record *r,
		    const struct reason *why)
{
	struct segment_removed gone;
	struct reason none;
	char day[32];

	if (reader_segment_removed(rq->reader, r->file, rq->arena, &gone, &none)) {
		request_err(rq, err, why, "The archive's file may have been moved away.");
		return;
	}
	clock_iso(gone.removed_ms, day);
	request_fail(rq, 410, "removed", NULL, "%.*s was removed from the archive on %s by %.*s",
		     STR_ARG(r->file), day, STR_ARG(gone.by));
}

static void answer(struct request *rq, const struct page_record *r, int64_t job)
{
	struct reason why = { "" };
	int64_t original_ms = -1;
	struct buf b;
	enum err err;

	buf_init(&b, RECORD_MOST);
	err = rq->ops->record(rq->ops->ctx, r, part_of(rq), &b, &original_ms, &why);
	if (err && original_ms >= 0)
		err = follow(rq, job, original_ms, &b, &why);
	if (err) {
		buf_done(&b);
		explain(rq, err, r, &why);
		return;
	}
	buf_done(&rq->out);
	rq->out = b;
	rq->type = "application/octet-stream";
}

void api_archive_page_record(struct request *rq)
{
	struct reason why = { "" };
	struct page p;
	enum err err = reader_page(rq->reader, request_int(rq, "id"), rq->arena, &p, &why);

	if (found(rq, err, &p, &why))
		answer(rq, &p.record, p.job);
}

/* The newest page of the jobs that ask for an address, of any source. */
static enum err newest(struct request *rq, struct str url, struct page *ret, struct reason *why)
{
	const struct conf *c = rq->view->conf;
	enum err err, result = reason_set(why, ERR_NOT_FOUND, "no source has fetched that address");

	for (int i = 0; i < c->n_sources; i++) {
		struct page *pages;
		struct str key;
		struct job j;
		int n = 0;

		if (rq->ops->job_key(rq->ops->ctx, &c->sources[i], url, rq->arena, &key, why))
			continue;
		err = reader_job_by_key(rq->reader, c->sources[i].name, key, rq->arena, &j, why);
		if (!err)
			err = reader_job_pages(rq->reader, j.id, 1, rq->arena, &pages, &n, why);
		if (err && err != ERR_NOT_FOUND)
			return err;
		if (n && (result || pages[0].id > ret->id)) {
			*ret = pages[0];
			result = ERR_OK;
		}
	}
	return result ? reason_set(why, result, "no source has fetched that address") : ERR_OK;
}

static void by_url(struct request *rq, struct str url)
{
	struct reason why = { "" };
	struct page p = { .id = 0 };
	enum err err = newest(rq, url, &p, &why);

	if (found(rq, err, &p, &why))
		answer(rq, &p.record, p.job);
}

void api_archive_record(struct request *rq)
{
	struct page_record r = { .file = request_text(rq, "file"),
				 .offset = request_int(rq, "offset") };

	if (request_text(rq, "url").n)
		by_url(rq, request_text(rq, "url"));
	else if (r.file.n)
		answer(rq, &r, 0);
	else
		request_fail(rq, 400, "bad", "/api/record?url=https://...",
			     "`url` or `file` is missing");
}

/* As configured, or as is asked: what would go. */
void api_archive_size(struct request *rq)
{
	const struct conf *c = rq->view->conf;
	const struct request_arg *keep = request_arg(rq, "keep_ms"),
				 *most = request_arg(rq, "max_bytes");
	struct segment_totals gone;
	struct reason why;
	enum err err = reader_segment_totals(rq->reader, &gone, &why);

	json_object(&rq->j, NULL);
	if (!err)
		err = rq->ops->archive_plan(
			rq->ops->ctx, rq->reader, keep->given ? keep->n : c->archive_keep_ms,
			most->given ? most->n : c->archive_max_bytes, rq->arena, &rq->j, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_int(&rq->j, "removed_segments", gone.n);
	json_int(&rq->j, "removed_bytes", gone.bytes);
	api_json_time(&rq->j, "removed_last", gone.last_ms);
	json_end_object(&rq->j);
}

/* ---- long work ---- */

static void start(struct request *rq, enum serve_work kind)
{
	const struct request_arg *files = kind == SERVE_VERIFY ? request_arg(rq, "files") : NULL;
	struct serve_work_args args = { .kind = kind };
	struct reason why = { "" };
	enum err err;

	if (files && files->given) {
		args.files = files->texts;
		args.n_files = files->n_texts;
	}
	if (kind == SERVE_IMPORT)
		args.file = request_text(rq, "file");
	if (kind == SERVE_IMPORT || kind == SERVE_REPROCESS) {
		args.source = request_text(rq, "source");
		args.page_kind = request_text(rq, "kind");
	}
	if (kind == SERVE_REPROCESS)
		args.since_ms = request_int(rq, "since_ms");
	err = rq->ops->work_start(rq->ops->ctx, &args, &why);
	if (err) {
		request_err(rq, err, &why,
			    kind == SERVE_IMPORT && (err == ERR_DENIED || err == ERR_NOT_FOUND)
				    ? "The daemon itself reads the file: its user "
				      "needs the right to."
				    : NULL);
		return;
	}
	rq->status = 202;
	json_object(&rq->j, NULL);
	json_bool(&rq->j, "started", true);
	json_end_object(&rq->j);
}

void api_archive_import_stop(struct request *rq)
{
	struct reason why = { "" };
	enum err err = rq->ops->import_stop(rq->ops->ctx, &why);

	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_object(&rq->j, NULL);
	json_bool(&rq->j, "stopped", true);
	json_end_object(&rq->j);
}

static void state(struct request *rq, enum serve_work kind)
{
	json_object(&rq->j, NULL);
	rq->ops->work_state(rq->ops->ctx, kind, &rq->j);
	json_end_object(&rq->j);
}

#define WORK(name, kind)                                                                           \
	void api_archive_##name(struct request *rq)                                                \
	{                                                                                          \
		start(rq, kind);                                                                   \
	}                                                                                          \
	void api_archive_##name##_state(struct request *rq)                                        \
	{                                                                                          \
		state(rq, kind);                                                                   \
	}
WORK(verify, SERVE_VERIFY)
WORK(index, SERVE_INDEX)
WORK(import, SERVE_IMPORT)
WORK(reprocess, SERVE_REPROCESS)
