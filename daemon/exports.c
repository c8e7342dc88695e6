#include "daemon/exports.h"

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/niceness.h"
#include "exporter/exporter.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum export_state { EXPORT_RUNNING, EXPORT_DONE, EXPORT_FAILED };
static const char *const state_names[] = { "running", "done", "failed" };

struct one {
	int64_t id;
	enum export_state state;
	char folder[PATH_MAX];
	struct export_result result;
	struct reason why;
};

struct exports {
	struct exports_env env;
	uv_thread_t thread;
	uv_async_t ended;
	uv_mutex_t lock; /* of `kept`: exports_file runs on any thread */
	struct one kept[EXPORTS_KEPT];
	int64_t last_id;
	struct one *now; /* the one that runs, or NULL */
	struct view *view;
	struct export_opt opt;
	struct arena *asked; /* what opt borrows */
	enum err err;
	struct reason why;
	struct export_result result;
	_Atomic bool cancel;
	_Atomic int64_t rows;
};

static void on_ended(uv_async_t *h);

struct exports *exports_new(const struct exports_env *env)
{
	struct exports *x = mem_zero(sizeof(*x));

	x->env = *env;
	x->asked = arena_new(4096);
	must(uv_mutex_init(&x->lock) == 0);
	must(uv_async_init(env->loop, &x->ended, on_ended) == 0);
	x->ended.data = x;
	return x;
}

void exports_free(struct exports *x)
{
	if (!x)
		return;
	must(!x->now);
	uv_mutex_destroy(&x->lock);
	arena_free(x->asked);
	mem_free(x);
}

bool exports_busy(const struct exports *x)
{
	return x->now != NULL;
}

void exports_stop(struct exports *x)
{
	atomic_store(&x->cancel, true);
	if (!x->now && !uv_is_closing((uv_handle_t *)&x->ended))
		uv_close((uv_handle_t *)&x->ended, NULL);
}

static bool on_progress(void *ctx, int64_t rows)
{
	struct exports *x = ctx;

	atomic_store(&x->rows, rows);
	return !atomic_load(&x->cancel);
}

/* An export-dir may be somebody's folder with numbered folders of their own. */
static bool is_ours(const char *name)
{
	static const char *const begin[] = { "train.", "validation.", "test.", "manifest.json",
					     "README.md" };

	for (size_t i = 0; i < sizeof(begin) / sizeof(*begin); i++)
		if (strncmp(name, begin[i], strlen(begin[i])) == 0)
			return true;
	for (int f = 0; f < EXPORT_FORMATS; f++)
		if (export_formats[f].beside &&
		    strncmp(name, export_formats[f].beside, strlen(export_formats[f].beside)) == 0)
			return true;
	return false;
}

/* With nothing but an export in it; otherwise the rest stays. */
static void remove_folder(const char *folder)
{
	char path[PATH_MAX + 260];
	DIR *d = opendir(folder);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (is_ours(e->d_name) &&
		    snprintf(path, sizeof(path), "%s/%s", folder, e->d_name) < (int)sizeof(path))
			unlink(path);
	if (d)
		closedir(d);
	rmdir(folder);
}

/* Folders are numbered; those of an earlier life of the daemon are nobody's. */
static void remove_strangers(struct exports *x, const char *parent)
{
	char path[PATH_MAX];
	DIR *d = opendir(parent);
	struct dirent *e;
	int64_t id;

	while (d && (e = readdir(d))) {
		bool ours = false;

		if (!str_i64(str_of(e->d_name), &id) || id <= 0)
			continue;
		for (int i = 0; i < EXPORTS_KEPT; i++)
			ours |= x->kept[i].id == id;
		if (!ours && snprintf(path, sizeof(path), "%s/%lld", parent, (long long)id) <
				     (int)sizeof(path))
			remove_folder(path);
	}
	if (d)
		closedir(d);
}

static void on_thread(void *ctx)
{
	struct exports *x = ctx;
	struct reader *r = NULL;

	niceness_add(x->view->rules->conf->work_nice);
	x->err = reader_open(x->env.store, &r, &x->why);
	if (!x->err)
		x->err = exporter_run(r, &x->opt, &x->result, &x->why);
	reader_close(r);
	uv_async_send(&x->ended);
}

static void on_ended(uv_async_t *h)
{
	struct exports *x = h->data;
	struct one *o = x->now;

	if (!o)
		return;
	uv_thread_join(&x->thread);
	uv_mutex_lock(&x->lock);
	o->result = x->result;
	o->why = x->why;
	o->state = x->err ? EXPORT_FAILED : EXPORT_DONE;
	x->now = NULL;
	uv_mutex_unlock(&x->lock);
	view_release(x->view);
	x->view = NULL;
	if (x->err)
		log_warn("export=%lld failed: %s", (long long)o->id, o->why.text);
	else
		log_info("export=%lld done rows=%lld folder=%s", (long long)o->id,
			 (long long)o->result.rows, o->folder);
	if (atomic_load(&x->cancel))
		uv_close((uv_handle_t *)&x->ended, NULL);
	if (x->env.idle)
		x->env.idle(x->env.ctx);
}

static enum err unknown_format(struct str format, struct reason *why)
{
	struct buf known;
	enum err err;

	buf_init(&known, 256);
	for (int i = 0; i < EXPORT_FORMATS; i++)
		buf_fmt(&known, "%s%s", i ? ", " : "", export_formats[i].name);
	err = reason_set(why, ERR_BAD, "unknown format '%.*s'; there are: %s", STR_ARG(format),
			 buf_str(&known).p);
	buf_done(&known);
	return err;
}

static struct one *new_one(struct exports *x)
{
	struct one *oldest = &x->kept[0];

	for (int i = 1; i < EXPORTS_KEPT; i++)
		if (x->kept[i].id < oldest->id)
			oldest = &x->kept[i];
	uv_mutex_lock(&x->lock);
	*oldest = (struct one){ .id = ++x->last_id, .state = EXPORT_RUNNING };
	x->now = oldest;
	uv_mutex_unlock(&x->lock);
	return oldest;
}

/* The card's: the sources' own, where they agree. */
static struct str language_of(const struct conf *conf)
{
	struct str language = { 0 };

	for (int i = 0; i < conf->n_sources; i++) {
		if (i && !str_eq(conf->sources[i].language, language))
			return (struct str){ 0 };
		language = conf->sources[i].language;
	}
	return language;
}

/* What no filter can check that knows no configuration. */
static enum err check_names(const struct conf *conf, const struct export_pick *p,
			    struct reason *why)
{
	for (int i = 0; i < p->n_sources; i++)
		if (!conf_source(conf, p->sources[i]))
			return reason_set(why, ERR_BAD, "no source `%.*s` is configured",
					  STR_ARG(p->sources[i]));
	if (p->ask.category.p && conf_taxon(conf, p->ask.category) < 0)
		return reason_set(why, ERR_BAD, "no category `%.*s`; pipectl taxonomy finds codes",
				  STR_ARG(p->ask.category));
	return ERR_OK;
}

static bool within(const void *ctx, struct str code, struct str above)
{
	const struct conf *conf = ctx;
	int at = conf_taxon(conf, code), to = conf_taxon(conf, above);

	while (at >= 0 && at != to)
		at = conf->taxonomy.taxa[at].parent;
	return at >= 0;
}

#define ASKED(member, option, value, text)                                                         \
	.member = ask->member.p ? arena_str(a, ask->member) : ask->member,
static enum err read_pick(const struct conf *conf, const struct export_order *order,
			  struct arena *a, struct export_pick *ret, struct reason *why)
{
	const struct export_ask *ask = &order->ask;
	const struct export_ask own = { EXPORT_ASK_ROWS(ASKED) };
	enum err err = export_pick_read(&own, order->all, ret, why);

	ret->within = within;
	ret->taxonomy = conf;
	return err ? err : check_names(conf, ret, why);
}

/* What a label may be: the leaves of the taxonomy. */
static void give_classes(const struct conf *conf, struct arena *a, struct export_opt *opt)
{
	const struct conf_taxonomy *t = &conf->taxonomy;
	struct export_class *c = arena_array(a, (size_t)t->n_taxa + 1, sizeof(*c));
	int n = 0;

	for (int i = 0; i < t->n_taxa; i++)
		if (t->taxa[i].leaf)
			c[n++] = (struct export_class){ t->taxa[i].code, t->taxa[i].ko.n
										 ? t->taxa[i].ko
										 : t->taxa[i].en };
	opt->classes = c;
	opt->n_classes = n;
}

enum err exports_start(struct exports *x, struct view *view, const struct export_order *order,
		       int64_t *ret_id, struct reason *why)
{
	const struct conf *conf = view->rules->conf;
	struct export_pick pick;
	enum export_format f;
	struct one *o;
	enum err err;
	int n;

	if (!export_format_parse(order->format, &f))
		return unknown_format(order->format, why);
	if (order->gzip && export_formats[f].no_gzip)
		return reason_set(why, ERR_BAD, "%s is not compressed: its readers don't unpack",
				  export_formats[f].name);
	if (x->now)
		return reason_set(why, ERR_BUSY, "export %lld is running", (long long)x->now->id);
	if (atomic_load(&x->cancel))
		return reason_set(why, ERR_CANCELLED, "the daemon is stopping");
	arena_reset(x->asked);
	err = read_pick(conf, order, x->asked, &pick, why);
	if (err)
		return err;
	pick.picture = export_formats[f].pictures;
	o = new_one(x);
	n = snprintf(o->folder, sizeof(o->folder), "%.*s/%lld", STR_ARG(conf->export_dir),
		     (long long)o->id);
	if (n >= (int)sizeof(o->folder)) {
		x->now = NULL;
		o->state = EXPORT_FAILED;
		return reason_set(why, ERR_TOO_BIG, "export-dir is too long");
	}
	remove_strangers(x, conf->export_dir.p);
	remove_folder(o->folder);
	x->opt = (struct export_opt){
		.format = f,
		.gzip = order->gzip,
		.pick = pick,
		.folder = o->folder,
		.language = language_of(conf),
		.salt = conf->salt,
		.validation = conf->validation_share,
		.test = conf->test_share,
		.taxonomy_name = conf->taxonomy.name,
		.taxonomy_version = conf->taxonomy.version,
		.rules_version = conf->rules.version,
		.progress = on_progress,
		.ctx = x,
	};
	give_classes(conf, x->asked, &x->opt);
	x->view = view_keep(view);
	x->why.text[0] = 0;
	atomic_store(&x->rows, 0);
	must(uv_thread_create(&x->thread, on_thread, x) == 0);
	*ret_id = o->id;
	return ERR_OK;
}

static struct one *find(struct exports *x, int64_t id)
{
	for (int i = 0; i < EXPORTS_KEPT; i++)
		if (id > 0 && x->kept[i].id == id)
			return &x->kept[i];
	return NULL;
}

static enum err no_such(int64_t id, struct reason *why)
{
	return reason_set(why, ERR_NOT_FOUND, "no export %lld; the newest %d are kept",
			  (long long)id, EXPORTS_KEPT);
}

static void left_json(const struct export_result *r, struct json *j)
{
	json_object(j, "left");
	for (int i = 0; i < EXPORT_LEFTS; i++)
		json_int(j, export_lefts[i].name, r->left[i]);
	json_end_object(j);
}

enum err exports_json(struct exports *x, int64_t id, struct json *j, struct reason *why)
{
	const struct one *o = find(x, id);

	if (!o)
		return no_such(id, why);
	json_int(j, "id", o->id);
	json_text(j, "state", state_names[o->state]);
	json_int(j, "rows", o == x->now ? atomic_load(&x->rows) : o->result.rows);
	json_int(j, "left_out", o->result.left_out);
	if (o->state == EXPORT_DONE)
		left_json(&o->result, j);
	if (o->state == EXPORT_FAILED)
		json_text(j, "error", o->why.text);
	if (o->state == EXPORT_DONE) {
		json_object(j, "splits");
		for (int i = 0; i < SPLIT_N; i++)
			json_int(j, split_name((enum split)i), o->result.per_split[i]);
		json_end_object(j);
	}
	json_text(j, "image_dir", x->env.image_dir);
	json_array(j, "files");
	for (int i = 0; o->state == EXPORT_DONE && i < o->result.n_files; i++) {
		const struct export_file *f = &o->result.files[i];

		json_object(j, NULL);
		json_text(j, "name", f->name);
		json_text(j, "place", f->place);
		json_int(j, "rows", f->rows);
		json_int(j, "bytes", f->bytes);
		json_text(j, "sha256", f->sha256);
		json_end_object(j);
	}
	json_end_array(j);
	return ERR_OK;
}

enum err exports_file(struct exports *x, int64_t id, struct str name, char *path, size_t room,
		      struct reason *why)
{
	enum err err = ERR_NOT_FOUND;
	const struct one *o;

	uv_mutex_lock(&x->lock);
	o = find(x, id);
	for (int i = 0; o && o->state == EXPORT_DONE && i < o->result.n_files; i++) {
		if (!str_is(name, o->result.files[i].name))
			continue;
		err = snprintf(path, room, "%s/%s", o->folder, o->result.files[i].name) < (int)room
			      ? ERR_OK
			      : ERR_TOO_BIG;
	}
	uv_mutex_unlock(&x->lock);
	return err ? reason_set(why, err, "no file %.*s in export %lld", STR_ARG(name),
				(long long)id)
		   : ERR_OK;
}
