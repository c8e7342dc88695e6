#include "daemon/drifts.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#include <math.h>
#include <string.h>

/* What was learned is kept after so many pages, or so long. */
#define SAVE_PAGES 500
#define SAVE_MS 60000

struct kind {
	struct kind *next;
	struct str source, page_kind; /* its own */
	struct drift drift;
	int64_t unsaved; /* pages since it was kept, at least */
	int64_t unsaved_ms;
	bool saving, hurry;
	const char *ended_by; /* of alarms that ended since */
};

struct drifts {
	const struct clock *clock;
	struct writer *writer;
	struct view *view;
	struct kind *kinds; /* as many as are configured, or were */
};

static struct kind *find(const struct drifts *d, struct str source, struct str page_kind)
{
	for (struct kind *k = d->kinds; k; k = k->next)
		if (str_eq(k->source, source) && str_eq(k->page_kind, page_kind))
			return k;
	return NULL;
}

static struct str own(struct str s)
{
	return (struct str){ mem_dup(s.p, s.n), s.n };
}

static struct kind *add(struct drifts *d, struct str source, struct str page_kind)
{
	struct kind *k = mem_zero(sizeof(*k));

	k->source = own(source);
	k->page_kind = own(page_kind);
	k->next = d->kinds;
	d->kinds = k;
	return k;
}

static const struct conf *conf_of(const struct drifts *d)
{
	return d->view->rules->conf;
}

static bool watched(const struct drifts *d, struct str source, struct str page_kind)
{
	const struct conf_source *s = conf_source(conf_of(d), source);

	return s && s->drift && conf_of(d)->drift_pages && conf_page(s, page_kind);
}

/* ---- keeping ---- */

struct save {
	struct drifts *d;
	struct kind *kind;
	struct write write;
	struct buf state;
	struct alarm alarms[DRIFT_STATS];
};

static void on_saved(struct write *w)
{
	struct save *s = w->ctx;

	s->kind->saving = false;
	if (w->err) {
		/* It is kept at the next try, with all that will have come by then. */
		s->kind->unsaved += SAVE_PAGES;
		s->kind->unsaved_ms = clock_mono_ms(s->d->clock);
		log_warn("source=%.*s page-kind=%.*s drift not kept: %s", STR_ARG(s->kind->source),
			 STR_ARG(s->kind->page_kind), w->why.text);
	}
	buf_done(&s->state);
	arena_free(w->arena);
	mem_free(s);
}

static struct str words(const struct drift_alarm *a, enum drift_stat s, struct arena *to)
{
	struct buf b;
	struct str text;

	buf_init(&b, 400);
	drift_words(s, a->was, a->now, &b);
	text = arena_str(to, buf_str(&b));
	buf_done(&b);
	return text;
}

static void list_alarms(struct save *s)
{
	struct arena *a = s->write.arena;
	char name[32];

	for (enum drift_stat k = 0; k < DRIFT_STATS; k++) {
		const struct drift_alarm *alarm = &s->kind->drift.watch[k].alarm;

		if (!alarm->open)
			continue;
		drift_stat_name(k, name);
		s->alarms[s->write.n_alarms++] = (struct alarm){
			.statistic = arena_text(a, name),
			.what = words(alarm, k, a),
			.page = alarm->page,
			.raised_ms = alarm->at_ms,
		};
	}
	s->write.alarms = s->alarms;
}

static void save(struct drifts *d, struct kind *k)
{
	struct save *s = mem_zero(sizeof(*s));
	struct arena *a = arena_new(4096);

	s->d = d;
	s->kind = k;
	buf_init(&s->state, DRIFT_TEXT_BYTES);
	drift_write(&k->drift, &s->state);
	must(!s->state.full);
	s->write = (struct write){ .kind = WRITE_DRIFT,
				   .arena = a,
				   .done = on_saved,
				   .ctx = s,
				   .now_ms = clock_wall_ms(d->clock),
				   .may_wait = true,
				   .source = k->source,
				   .page_kind = k->page_kind,
				   .drift_state = buf_str(&s->state),
				   .alarms_ended_by = str_of(k->ended_by ? k->ended_by : "") };
	list_alarms(s);
	k->saving = true;
	k->hurry = false;
	k->unsaved = 0;
	k->ended_by = NULL;
	writer_put(d->writer, &s->write);
}

static void save_soon(struct drifts *d, struct kind *k)
{
	int64_t now = clock_mono_ms(d->clock);

	if (k->saving || !k->unsaved)
		return;
	if (k->hurry || k->unsaved >= SAVE_PAGES || now - k->unsaved_ms >= SAVE_MS)
		save(d, k);
}

static void changed(struct drifts *d, struct kind *k)
{
	if (!k->unsaved++)
		k->unsaved_ms = clock_mono_ms(d->clock);
}

void drifts_tick(struct drifts *d)
{
	for (struct kind *k = d->kinds; k; k = k->next)
		save_soon(d, k);
}

void drifts_stop(struct drifts *d)
{
	for (struct kind *k = d->kinds; k; k = k->next)
		if (k->unsaved)
			save(d, k);
}

/* ---- pages ---- */

static bool any_open(const struct drift *d)
{
	for (int s = 0; s < DRIFT_STATS; s++)
		if (d->watch[s].alarm.open)
			return true;
	return false;
}

static void begin_anew(struct drifts *d, struct kind *k, uint64_t version, const char *why)
{
	if (k->drift.pages)
		log_info("source=%.*s page-kind=%.*s drift learns anew: %s", STR_ARG(k->source),
			 STR_ARG(k->page_kind), why);
	if (any_open(&k->drift))
		k->ended_by = why;
	k->hurry = k->drift.pages > 0;
	drift_reset(&k->drift, version);
	changed(d, k);
}

static void tell(const struct kind *k, enum drift_stat s)
{
	const struct drift_alarm *a = &k->drift.watch[s].alarm;
	struct buf text;
	char name[32];

	drift_stat_name(s, name);
	buf_init(&text, 400);
	drift_words(s, a->was, a->now, &text);
	if (a->open)
		log_warn("page=%lld source=%.*s page-kind=%.*s drift=%s %s", (long long)a->page,
			 STR_ARG(k->source), STR_ARG(k->page_kind), name, text.p);
	else
		log_info("page=%lld source=%.*s page-kind=%.*s drift=%s is usual again",
			 (long long)a->page, STR_ARG(k->source), STR_ARG(k->page_kind), name);
	buf_done(&text);
}

void drifts_page(struct drifts *d, const struct write *w, const struct drift_page *shown)
{
	const struct page *p = &w->page;
	struct kind *k;
	uint64_t news;

	/* one that was under way at a reload was read by other rules, which are no more */
	if (!watched(d, w->job.source, p->page_kind) ||
	    p->extract_version !=
		    conf_page(conf_source(conf_of(d), w->job.source), p->page_kind)->version)
		return;
	k = find(d, w->job.source, p->page_kind);
	if (!k)
		k = add(d, w->job.source, p->page_kind);
	if (k->drift.version != p->extract_version)
		begin_anew(d, k, p->extract_version, "another rule");
	news = drift_add(&k->drift, shown, p->id, w->now_ms, (double)conf_of(d)->drift_pages);
	changed(d, k);
	for (enum drift_stat s = 0; s < DRIFT_STATS; s++) {
		if (!(news >> s & 1))
			continue;
		tell(k, s);
		k->hurry = true;
		if (!k->drift.watch[s].alarm.open)
			k->ended_by = "usual again";
	}
	save_soon(d, k);
}

enum err drifts_accept(struct drifts *d, struct str source, struct str page_kind, int *ret_n,
		       struct reason *why)
{
	int n = 0;

	for (struct kind *k = d->kinds; k; k = k->next) {
		if (!str_eq(k->source, source) || (page_kind.n && !str_eq(k->page_kind, page_kind)))
			continue;
		begin_anew(d, k, k->drift.version, "accepted");
		save_soon(d, k);
		n++;
	}
	if (!n)
		return reason_set(why, ERR_NOT_FOUND, "nothing is known of pages of %.*s%s%.*s",
				  STR_ARG(source), page_kind.n ? " " : "", STR_ARG(page_kind));
	*ret_n = n;
	return ERR_OK;
}

/* ---- what is known ---- */

static void stat_json(const struct drift *d, enum drift_stat s, struct json *j)
{
	const struct drift_alarm *a = &d->watch[s].alarm;
	struct buf text;
	char name[32];

	if (!d->watch[s].ref.n)
		return;
	drift_stat_name(s, name);
	buf_init(&text, 100);
	drift_value_words(s, drift_usual(d, s), &text);
	json_object(j, NULL);
	json_text(j, "statistic", name);
	json_str(j, "usual", buf_str(&text));
	json_num(j, "value", drift_usual(d, s), 4);
	json_int(j, "sample", d->watch[s].ref.n);
	json_text(j, "state", a->open ? "alarm" : drift_watches(d, s) ? "usual" : "learning");
	json_end_object(j);
	buf_done(&text);
}

void drifts_json(const struct drifts *d, struct str source, struct json *j)
{
	json_array(j, "kinds");
	for (const struct kind *k = d->kinds; k; k = k->next) {
		if (source.n && !str_eq(source, k->source))
			continue;
		json_object(j, NULL);
		json_str(j, "source", k->source);
		json_str(j, "page_kind", k->page_kind);
		json_bool(j, "watched", watched(d, k->source, k->page_kind));
		json_int(j, "pages", k->drift.pages);
		json_array(j, "statistics");
		for (enum drift_stat s = 0; s < DRIFT_STATS; s++)
			stat_json(&k->drift, s, j);
		json_end_array(j);
		json_end_object(j);
	}
	json_end_array(j);
}

/* ---- beginning and end ---- */

static void recall(struct drifts *d, const struct drift_row *row)
{
	struct kind *k = add(d, row->source, row->page_kind);

	if (drift_read(&k->drift, row->state))
		log_warn("source=%.*s page-kind=%.*s what was learned of its pages is of another "
			 "form: it is learned anew",
			 STR_ARG(row->source), STR_ARG(row->page_kind));
}

/* Of page kinds that are no longer watched nothing will end their alarms. */
static void let_go(struct drifts *d)
{
	for (struct kind *k = d->kinds; k; k = k->next) {
		if (!any_open(&k->drift) || watched(d, k->source, k->page_kind))
			continue;
		begin_anew(d, k, 0, "no longer watched");
		save_soon(d, k);
	}
}

enum err drifts_new(const struct clock *clock, struct store *store, struct writer *writer,
		    struct view *view, struct drifts **ret, struct reason *why)
{
	struct arena *a = arena_new(64 << 10);
	struct drift_row *rows = NULL;
	struct reader *r = NULL;
	struct drifts *d;
	int n = 0;
	enum err err = reader_open(store, &r, why);

	if (!err)
		err = reader_drifts(r, a, &rows, &n, why);
	if (!err) {
		d = mem_zero(sizeof(*d));
		d->clock = clock;
		d->writer = writer;
		d->view = view_keep(view);
		for (int i = 0; i < n; i++)
			recall(d, &rows[i]);
		let_go(d);
		*ret = d;
	}
	reader_close(r);
	arena_free(a);
	return err;
}

void drifts_set_view(struct drifts *d, struct view *view)
{
	view_release(d->view);
	d->view = view_keep(view);
	let_go(d);
}

void drifts_free(struct drifts *d)
{
	struct kind *k, *next;

	if (!d)
		return;
	for (k = d->kinds; k; k = next) {
		next = k->next;
		mem_free((void *)(uintptr_t)k->source.p);
		mem_free((void *)(uintptr_t)k->page_kind.p);
		mem_free(k);
	}
	view_release(d->view);
	mem_free(d);
}
