#include "crawler/warcanswer.h"
#include "daemon/import_inner.h"
#include "daemon/page_kind.h"

#define HEAD_MOST 65536 /* of HTTP */
#define TAKEN IMPORT_COUNTS
/* This very record was taken before: in an earlier pass, or before a death. */
#define TAKEN_BEFORE (IMPORT_COUNTS + 1)

/* Whether the record at hand is to become a page; fills o->answer. */
static unsigned choose(struct import_batch *b, struct import_one *o,
		       const struct warcfile_record *r, enum err *ret_err)
{
	struct task *t = &o->task;
	const struct import *im = b->im;
	struct page_kind_of of = { .source = im->now.source, .page_kind = im->now.page_kind };
	struct reason why;
	struct page page;
	struct buf block;
	struct str text;

	if (str_is(r->head.type, "revisit"))
		return IMPORT_LEFT_REVISIT;
	if (!str_is(r->head.type, "response"))
		return IMPORT_LEFT_TYPE;
	if (r->head.length > im->view->v.conf->max_wire_bytes + HEAD_MOST)
		return IMPORT_LEFT_TOO_BIG;
	switch (page_kind_find(im->view->v.conf, im->reader, r->head.uri, &of, t->arena, &t->job)) {
	case PAGE_KIND_FOUND:
		break;
	case PAGE_KIND_NO_SOURCE:
		return IMPORT_LEFT_NO_SOURCE;
	case PAGE_KIND_NONE:
		return IMPORT_LEFT_NO_KIND;
	}
	if (t->job.id && !reader_page_at(im->reader, t->job.id, r->head.date_ms, r->head.date_ms,
					 t->arena, &page, &why))
		return page.import == im->now.id && page.import_at == r->offset ? TAKEN_BEFORE
										: IMPORT_LEFT_KNOWN;
	buf_init(&block, (size_t)r->head.length + 1);
	*ret_err = warcfile_block(im->file, &block, &b->why);
	text = arena_str(t->arena, buf_str(&block));
	buf_done(&block);
	b->bytes += text.n;
	if (*ret_err || (int64_t)text.n < r->head.length ||
	    warcanswer_make(&r->head, text, t->arena, &o->answer, &why))
		return IMPORT_LEFT_BROKEN;
	if (o->answer.end != FETCH_ANSWER)
		return IMPORT_LEFT_CUT;
	if (o->answer.status < 200 || o->answer.status > 299)
		return IMPORT_LEFT_STATUS;
	/* The next record takes the place of this one's header. */
	o->answer.url = arena_str(t->arena, o->answer.url);
	return TAKEN;
}

static void take(struct import_batch *b, const struct warcfile_record *r)
{
	struct import_one *o = &b->one[b->n];
	struct import *im = b->im;
	unsigned what;

	o->b = b;
	o->task = (struct task){ .view = &im->view->v,
				 .slot = im->slot,
				 .arena = arena_new((size_t)32 << 10),
				 .now_ms = clock_wall_ms(im->env.clock),
				 .nonce = im->env.nonce };
	what = choose(b, o, r, &b->err);
	if (what != TAKEN) {
		if (what != TAKEN_BEFORE)
			b->n_of[what]++;
		arena_free(o->task.arena);
		o->task.arena = NULL;
		return;
	}
	task_import(&o->task, &o->answer);
	o->task.write.page.import = im->now.id;
	o->task.write.page.import_at = r->offset;
	b->n++;
}

void import_read(struct import_batch *b)
{
	struct import *im = b->im;
	struct warcfile *f = im->file;
	struct warcfile_record *r = NULL;

	im->news = 0;
	b->pages_before = -1;
	if (im->recount)
		b->err = reader_intake_pages(im->reader, im->now.id, &b->pages_before, &b->why);
	while (!b->err && b->n < IMPORT_BATCH && b->bytes < IMPORT_BATCH_BYTES &&
	       b->n_of[IMPORT_RECORDS] < IMPORT_RECORDS_MOST) {
		b->err = warcfile_next(f, &r, &b->why);
		b->end = !b->err && !r;
		if (b->err || !r)
			break;
		b->n_of[IMPORT_RECORDS]++;
		take(b, r);
	}
	b->n_of[IMPORT_FAULTS] = im->news;
	if (b->err || b->end)
		return;
	/* so that where it ends is known; gzip as a whole can only be read from the start */
	warcfile_end(f);
	b->at = warcfile_gzip(f) && r && r->bytes < 0 ? 0 : warcfile_at(f);
}
