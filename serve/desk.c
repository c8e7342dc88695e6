#include "serve/desk.h"

#include "base/mem.h"
#include "base/must.h"

struct desk {
	uv_loop_t *loop;
	bool store;
	struct reader *readers[DESK_READERS]; /* the free ones come first */
	int free;
	struct desk_work *first, *last; /* in line */
	int line;
};

enum err desk_open(uv_loop_t *loop, struct store *store, struct desk **ret, struct reason *why)
{
	struct desk *d = mem_zero(sizeof(*d));
	enum err err = ERR_OK;

	d->loop = loop;
	d->store = store != NULL;
	while (d->free < DESK_READERS && !err) {
		if (store)
			err = reader_open(store, &d->readers[d->free], why);
		if (!err)
			d->free++;
	}
	if (!err) {
		*ret = d;
		return ERR_OK;
	}
	while (d->free > 0)
		reader_close(d->readers[--d->free]);
	mem_free(d);
	return err;
}

static void on_work(uv_work_t *uv)
{
	struct desk_work *w = uv->data;

	w->work(w, w->reader);
}

static void start(struct desk *d, struct desk_work *w);

static void on_done(uv_work_t *uv, int status)
{
	struct desk_work *w = uv->data, *next;
	struct desk *d = w->desk;

	must(status == 0); /* nothing cancels */
	d->readers[d->free++] = w->reader;
	next = d->first;
	if (next) {
		d->first = next->next;
		d->line--;
		start(d, next);
	}
	w->done(w);
}

static void start(struct desk *d, struct desk_work *w)
{
	w->reader = d->readers[--d->free];
	w->uv.data = w;
	must(uv_queue_work(d->loop, &w->uv, on_work, on_done) == 0);
}

enum err desk_put(struct desk *d, struct desk_work *w)
{
	w->desk = d;
	w->next = NULL;
	if (d->free > 0) {
		start(d, w);
		return ERR_OK;
	}
	if (d->line == DESK_LINE)
		return ERR_BUSY;
	if (d->first)
		d->last->next = w;
	else
		d->first = w;
	d->last = w;
	d->line++;
	return ERR_OK;
}

int desk_at_work(const struct desk *d)
{
	return DESK_READERS - d->free + d->line;
}

void desk_close(struct desk *d)
{
	must(desk_at_work(d) == 0);
	for (int i = 0; i < DESK_READERS && d->store; i++)
		reader_close(d->readers[i]);
	mem_free(d);
}
