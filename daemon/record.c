#include "daemon/record.h"

#include "crawler/decode.h"
#include "crawler/warc.h"
#include "crawler/warcanswer.h"
#include "model/segment.h"

/* Limits on what is fetched are far below. */
#define RECORD_MOST ((size_t)300 << 20)
/* It was let in when it came, and is bounded by its buffer. */
#define RATIO_ANY 100000

enum err record_read(const char *folder, const struct page_record *at, struct arena *a,
		     struct warchead *ret_head, struct str *ret_block, struct reason *why)
{
	struct str rest = { 0 }, head;
	struct buf raw;
	enum err err;

	buf_init(&raw, RECORD_MOST);
	err = warc_read(folder, at->file, at->offset, at->bytes, &raw, why);
	if (!err)
		rest = arena_str(a, buf_str(&raw));
	buf_done(&raw);
	if (err)
		return err;
	if (!warchead_take(&rest, &head))
		return reason_set(why, ERR_BAD, "not a WARC record");
	err = warchead_parse(head, ret_head, why);
	if (!err && (uint64_t)ret_head->length > rest.n)
		err = reason_set(why, ERR_BAD, "WARC record with a wrong Content-Length");
	if (!err)
		*ret_block = str_sub(rest, 0, (size_t)ret_head->length);
	return err;
}

static enum err removed(const struct page *p, struct reason *why)
{
	char text[160];

	segment_removed_text(p->id, p->removed_ms, p->removed_by, text);
	return reason_set(why, ERR_NOT_FOUND, "%s", text);
}

/* The record of the response whose payload a revisit says came again: an earlier page
 * of the same job. */
static enum err original(struct reader *r, const struct page *p, const struct warchead *h,
			 struct arena *a, struct page_record *ret, struct reason *why)
{
	int64_t from = warchead_time(h->refers_to_date) / 1000 * 1000;
	struct page old;
	enum err err = reader_page_at(r, p->job, from, from + 999, a, &old, why);

	if (err)
		return reason_set(why, err, "the response that it repeats, of %.*s, is not known",
				  STR_ARG(h->refers_to_date));
	if (old.removed_ms)
		return removed(&old, why);
	*ret = old.record;
	return ERR_OK;
}

enum err record_answer(const char *folder, struct reader *r, const struct page *p, struct arena *a,
		       struct fetch_answer *ret, struct reason *why)
{
	struct page_record at = { 0 };
	struct warchead h = { .length = 0 };
	struct str block = { 0 };
	enum err err;

	if (p->removed_ms)
		return removed(p, why);
	err = record_read(folder, &p->record, a, &h, &block, why);
	if (!err && str_is(h.type, "revisit")) {
		err = original(r, p, &h, a, &at, why);
		if (!err)
			err = record_read(folder, &at, a, &h, &block, why);
	}
	return err ? err : warcanswer_make(&h, block, a, ret, why);
}

static enum err add_body(const struct fetch_answer *x, bool decoded, struct buf *to,
			 struct reason *why)
{
	struct str body = x->body;
	struct buf plain;
	enum err err = ERR_OK;

	buf_init(&plain, to->cap);
	if (decoded)
		err = decode_body(x->body, x->content_encoding, RATIO_ANY, &plain, &body, why);
	if (!err && buf_add(to, body))
		err = reason_set(why, ERR_TOO_BIG, "a body over %zu bytes", to->cap);
	buf_done(&plain);
	return err;
}

enum err record_part(const char *folder, const struct page_record *at, enum serve_part part,
		     struct buf *to, int64_t *ret_original_ms, struct reason *why)
{
	struct arena *a;
	struct fetch_answer x;
	struct warchead h = { .type = STR("") };
	struct str block = { 0 };
	enum err err;

	if (part == SERVE_PART_RECORD)
		return warc_read(folder, at->file, at->offset, at->bytes, to, why);
	a = arena_new((size_t)64 << 10);
	err = record_read(folder, at, a, &h, &block, why);
	if (!err && str_is(h.type, "revisit") && part != SERVE_PART_HEAD) {
		*ret_original_ms = warchead_time(h.refers_to_date);
		err = reason_set(why, ERR_NOT_FOUND, "a revisit, which has no body of its own");
	}
	if (!err)
		err = warcanswer_make(&h, block, a, &x, why);
	if (!err && part == SERVE_PART_HEAD)
		err = buf_add(to, x.response_head);
	else if (!err)
		err = add_body(&x, part == SERVE_PART_DECODED, to, why);
	arena_free(a);
	return err;
}
