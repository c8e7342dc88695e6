#include "daemon/registry.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

struct registry {
	struct registry_env env;
	bool busy, stopping;
	/* of the pruning */
	int64_t keep;
	char folder[PATH_MAX];
	uv_work_t pool;
	struct write write;
	struct model_row *models;
	int n;
	enum err err;
	struct reason why;
};

/* False: it is too long to be anybody's. */
static bool path_of(struct str folder, struct str file, char to[PATH_MAX])
{
	return snprintf(to, PATH_MAX, "%.*s/%.*s", STR_ARG(folder), STR_ARG(file)) < PATH_MAX;
}

/* ---- at start ---- */

static bool told_file(struct str folder, const struct model_row *m)
{
	struct classifier *c = NULL;
	struct reason why = { "" };
	char path[PATH_MAX];

	if (!path_of(folder, m->file, path))
		return false;
	if (m->state == MODEL_RETIRED) {
		/* Its row was stored, then the daemon was killed. */
		if (unlink(path) == 0)
			log_info("model=%lld retired: %s is removed", (long long)m->id, path);
		return false;
	}
	if (classifier_open(path, &c, &why)) {
		log_warn("model=%lld name=%.*s state=%s cannot be used: %s", (long long)m->id,
			 STR_ARG(m->name), state_name(STATE_MODEL, (int)m->state), why.text);
		return true;
	}
	classifier_close(c);
	return false;
}

/* What a write that was killed has left; nothing writes yet. */
static bool is_rest(struct str name)
{
	return str_ends(name, STR(".bin.tmp")) || str_ends(name, STR(".folds.tmp"));
}

static void remove_rest(const char *folder, const char *name)
{
	char path[PATH_MAX];

	if (!path_of(str_of(folder), str_of(name), path) || unlink(path) != 0)
		return;
	log_info("model-dir: %s is removed: what a write that was killed has left", path);
}

static bool known(struct str name, const struct model_row *models, int n)
{
	for (int i = 0; i < n; i++)
		if (str_eq(models[i].file, name))
			return true;
	return false;
}

int registry_check(struct str folder, const struct model_row *models, int n)
{
	char path[PATH_MAX];
	struct dirent *e;
	DIR *d;
	int told = 0;

	for (int i = 0; i < n; i++)
		told += told_file(folder, &models[i]);
	if (!path_of(folder, STR(""), path))
		return told;
	d = opendir(path);
	while (d && (e = readdir(d))) {
		struct str name = str_of(e->d_name);

		if (is_rest(name))
			remove_rest(path, e->d_name);
		if (!str_ends(name, STR(".bin")) || known(name, models, n))
			continue;
		log_warn("model-dir: no model's row names %s%s: left of a training that was "
			 "killed, or somebody's own; it is not used",
			 path, e->d_name);
		told++;
	}
	if (d)
		closedir(d);
	return told;
}

/* ---- pruning ---- */

int registry_excess(const struct model_row *models, int n, int64_t keep, int64_t *ret)
{
	int64_t kept = 0;
	int excess = 0;

	for (int i = 0; i < n; i++)
		if (models[i].state == MODEL_KEPT && ++kept > keep && !models[i].suggestions)
			ret[excess++] = models[i].id;
	return excess;
}

static void on_pool(uv_work_t *pool)
{
	struct registry *r = pool->data;
	struct arena *a = r->write.arena;
	struct reader *reader = NULL;

	r->err = reader_open(r->env.store, &reader, &r->why);
	if (!r->err)
		r->err = reader_models(reader, a, &r->models, &r->n, &r->why);
	reader_close(reader);
	if (r->err || !r->n)
		return;
	r->write.retire = arena_array(a, (size_t)r->n, sizeof(int64_t));
	r->write.n_retire = registry_excess(r->models, r->n, r->keep, r->write.retire);
}

static void finish(struct registry *r, enum err err, const struct reason *why)
{
	if (err)
		log_warn("models: pruning failed: %s", why->text);
	arena_free(r->write.arena);
	r->busy = false;
	if (r->env.idle)
		r->env.idle(r->env.ctx);
}

static void remove_file(const struct registry *r, int64_t id)
{
	char path[PATH_MAX];

	for (int i = 0; i < r->n; i++) {
		if (r->models[i].id != id || !path_of(str_of(r->folder), r->models[i].file, path))
			continue;
		unlink(path);
		log_info("model=%lld name=%.*s retired", (long long)id, STR_ARG(r->models[i].name));
	}
}

static void on_written(struct write *w)
{
	struct registry *r = w->ctx;

	for (int i = 0; i < w->n_retire && !w->err; i++)
		remove_file(r, w->retire[i]);
	finish(r, w->err, &w->why);
}

static void on_pool_done(uv_work_t *pool, int status)
{
	struct registry *r = pool->data;

	must(status == 0);
	if (r->err || !r->write.n_retire)
		finish(r, r->err, &r->why);
	else
		writer_put(r->env.writer, &r->write);
}

struct registry *registry_new(const struct registry_env *env)
{
	struct registry *r = mem_zero(sizeof(*r));

	r->env = *env;
	r->pool.data = r;
	return r;
}

void registry_free(struct registry *r)
{
	if (!r)
		return;
	must(!r->busy);
	mem_free(r);
}

void registry_prune(struct registry *r, const struct conf *conf)
{
	if (r->busy || r->stopping)
		return;
	r->busy = true;
	r->n = 0;
	r->keep = conf->models_keep;
	snprintf(r->folder, sizeof(r->folder), "%.*s", STR_ARG(conf->model_dir));
	r->write = (struct write){ .kind = WRITE_RETIRE, .done = on_written, .ctx = r };
	r->write.arena = arena_new(4096);
	r->write.now_ms = clock_wall_ms(r->env.clock);
	must(uv_queue_work(r->env.loop, &r->pool, on_pool, on_pool_done) == 0);
}

void registry_stop(struct registry *r)
{
	r->stopping = true;
}

bool registry_busy(const struct registry *r)
{
	return r->busy;
}
