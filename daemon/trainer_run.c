#include "daemon/trainer_run.h"

#include "base/file.h"
#include "base/must.h"
#include "daemon/beside.h"

#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

static const char *const phases[] = {
	[TRAINER_READ] = "reading labeled listings",
	[TRAINER_TRAIN] = "training",
	[TRAINER_TEST] = "measuring on the held-out rows",
	[TRAINER_GATE] = "comparing with the live model",
	[TRAINER_STORE] = "storing",
};

const char *trainer_phase_text(enum trainer_phase p)
{
	return phases[p];
}

static bool on_progress(void *ctx, double done, const char *what)
{
	struct trainer_run *t = ctx;

	(void)what;
	atomic_store(&t->progress, (int)(done * 1000));
	return !atomic_load(&t->cancel);
}

static enum err read_rows(struct trainer_run *t, struct labeled *l, struct reason *why)
{
	enum err err =
		labeled_read(t->store, t->view, t->file,
			     1u << LABELED_TRAIN | 1u << LABELED_REVIEWED | 1u << LABELED_ALL,
			     &t->cancel, l, why);

	if (!err && l->rows[LABELED_TRAIN].n < 2)
		err = reason_set(why, ERR_NOT_FOUND,
				 "no labeled listings to train on; crawl first, and see that the "
				 "taxonomy maps the source's categories");
	t->fields = labeled_fields(t->view->v.conf);
	t->held = labeled_held(l);
	for (int i = 0; i < LABEL_BY_N; i++)
		t->by[i] = l->by[i];
	t->mapped = l->mapped;
	for (int i = 0; i < LABELED_SETS; i++)
		l->rows[i].fields = t->fields;
	return err;
}

/* The live model's row says how it was made. */
static enum err choose_start(struct trainer_run *t, int64_t rows, struct reason *why)
{
	const struct conf *conf = t->view->v.conf;
	struct str recipe = warm_recipe(conf, t->fields, labeled_split(conf), t->recipe);
	const struct model_row *live = NULL;
	struct model_row *models = NULL;
	struct reader *r = NULL;
	struct arena *a = arena_new(4096);
	int n = 0;
	enum err err = reader_open(t->store, &r, why);

	if (!err)
		err = reader_models(r, a, &models, &n, why);
	for (int i = 0; !err && i < n; i++)
		if (t->view->v.model && models[i].id == t->view->v.model_id)
			live = &models[i];
	if (!err)
		t->warm = warm_decide(conf, live, recipe, rows);
	if (!err && t->fresh)
		t->warm = (struct warm){ .text = "from nothing: as was asked" };
	reader_close(r);
	arena_free(a);
	return err;
}

static enum err train(struct trainer_run *t, struct labeled *l, struct reason *why)
{
	const struct conf *conf = t->view->v.conf;
	struct classifier_opt opt = classifier_defaults();
	struct classifier_rows rows = trainer_rows_of(&l->rows[LABELED_TRAIN]);
	enum err err;

	opt.seed = (uint64_t)conf->train_seed;
	opt.min_rows = conf->train_min_rows;
	opt.progress = on_progress;
	opt.ctx = t;
	if (t->warm.on) {
		opt.start = t->view->v.model;
		err = classifier_train(&rows, &opt, t->file, &t->report, why);
		if (err != ERR_BAD)
			return err;
		t->warm = (struct warm){ .on = false };
		snprintf(t->warm.text, sizeof(t->warm.text), "from nothing: %.150s", why->text);
		opt.start = NULL;
	}
	opt.epochs = (int)conf->train_epochs;
	return classifier_train(&rows, &opt, t->file, &t->report, why);
}

static enum err judge(struct trainer_run *t, struct labeled *l, const struct classifier *c,
		      struct reason *why)
{
	struct trainer_rows *held = &l->rows[t->held];
	struct classifier_rows rows = trainer_rows_of(held);
	enum err err;

	atomic_store(&t->phase, TRAINER_TEST);
	rows.rewind(rows.ctx);
	err = classifier_test(c, &rows, &t->score, why);
	if (err)
		return err;
	/* What the live model was told beside titles, it is told here, too. */
	held->fields = BESIDE_ALL;
	atomic_store(&t->phase, TRAINER_GATE);
	return gate_judge(t->view->v.model, c, &rows, held->n,
			  (uint64_t)t->view->v.conf->train_seed, &t->gate, why);
}

static enum err train_and_judge(struct trainer_run *t, struct labeled *l, struct reason *why)
{
	struct classifier *c = NULL;
	enum err err;

	atomic_store(&t->phase, TRAINER_TRAIN);
	err = choose_start(t, l->rows[LABELED_TRAIN].n, why);
	if (!err)
		err = train(t, l, why);
	if (err)
		return err;
	err = classifier_open(t->file, &c, why);
	if (!err)
		err = judge(t, l, c, why);
	classifier_close(c);
	if (!err)
		err = file_sha256(t->file, t->sha256, why);
	if (err)
		unlink(t->file);
	return err;
}

enum err trainer_run(struct trainer_run *t, struct reason *why)
{
	struct labeled l = { .by = { 0 } };
	enum err err;

	atomic_store(&t->progress, 0);
	atomic_store(&t->phase, TRAINER_READ);
	err = read_rows(t, &l, why);
	if (!err)
		err = train_and_judge(t, &l, why);
	labeled_done(&l);
	/* Training's peak is not the daemon's. */
	malloc_trim(0);
	return err;
}

static void trained_json(const struct trainer_run *t, struct json *j)
{
	const struct conf *conf = t->view->v.conf;
	char split[17];

	json_object(j, "sources");
	for (int i = 0; i < LABEL_BY_N; i++)
		json_int(j, label_by_name((enum label_by)i), t->by[i]);
	json_end_object(j);
	json_int(j, "taxonomy", conf->taxonomy.version);
	json_array(j, "fields");
	for (int i = 0; i < HINT_N; i++)
		if (t->fields & HINT_BIT(i))
			json_text(j, NULL, hint_name((enum hint)i));
	json_end_array(j);
	json_int(j, "source_category_untold",
		 t->fields & HINT_BIT(HINT_SOURCE_CATEGORY) ? t->mapped : 0);
	json_int(j, "min_rows", conf->train_min_rows);
	snprintf(split, sizeof(split), "%016llx", (unsigned long long)labeled_split(conf));
	json_text(j, "split", split);
}

static void gate_json(const struct trainer_run *t, bool live, const char *verdict, struct json *j)
{
	const struct gate *g = &t->gate;

	json_object(j, "gate");
	json_bool(j, "live", live);
	json_text(j, "verdict", verdict);
	json_text(j, "with", t->view->model ? t->view->model->name : NULL);
	json_bool(j, "tested", g->tested);
	if (g->tested) {
		json_int(j, "rows", g->c.n);
		json_int(j, "only_old", g->c.only_a);
		json_int(j, "only_new", g->c.only_b);
		json_num(j, "p", g->p, 6);
		json_num(j, "top1_old", g->c.top1.a, 4);
		json_num(j, "top1_new", g->c.top1.b, 4);
		json_num(j, "gain_low", g->c.top1.low, 4);
		json_num(j, "gain_high", g->c.top1.high, 4);
	}
	json_end_object(j);
}

void trainer_run_json(const struct trainer_run *t, bool live, const char *verdict, int64_t took_ms,
		      struct buf *to)
{
	struct json j;

	buf_clear(to);
	json_init(&j, to);
	json_object(&j, NULL);
	json_int(&j, "rows", t->report.rows);
	json_int(&j, "left_out", t->report.left_out);
	json_int(&j, "classes", t->report.classes);
	json_int(&j, "epochs", t->report.epochs);
	json_num(&j, "rate", t->report.rate, 4);
	json_int(&j, "seed", t->view->v.conf->train_seed);
	trained_json(t, &j);
	json_text(&j, "start", t->warm.text);
	json_int(&j, "warm", t->warm.in_a_row);
	json_text(&j, "held_out", labeled_name(t->held));
	json_int(&j, "test_rows", t->score.n);
	json_num(&j, "top1", t->score.top1, 4);
	json_num(&j, "top3", t->score.top3, 4);
	json_num(&j, "macro_f1", t->score.macro_f1, 4);
	json_num(&j, "ece", t->score.ece, 4);
	gate_json(t, live, verdict, &j);
	json_int(&j, "took_ms", took_ms);
	json_end_object(&j);
}
