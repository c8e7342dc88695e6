/* Measuring a model beside all else: what it reports, when it is given up. */
#include "daemon/evaluator.h"

#include "base/log.h"
#include "daemon/labeled.h"
#include "tests/unit/daemon/model_rig.h"

/* The thread waits before it reads, where a test wants to act in the meantime. */
static uv_sem_t may_read;

enum err __real_labeled_read(struct store *store, const struct view *view, const char *file,
			     unsigned wanted, const _Atomic bool *cancel, struct labeled *ret,
			     struct reason *why);
enum err __wrap_labeled_read(struct store *store, const struct view *view, const char *file,
			     unsigned wanted, const _Atomic bool *cancel, struct labeled *ret,
			     struct reason *why);
enum err __wrap_labeled_read(struct store *store, const struct view *view, const char *file,
			     unsigned wanted, const _Atomic bool *cancel, struct labeled *ret,
			     struct reason *why)
{
	uv_sem_wait(&may_read);
	return __real_labeled_read(store, view, file, wanted, cancel, ret, why);
}

struct world {
	struct rig rig;
	struct evaluator *e;
	int ended;
	struct buf said;
};

static void on_idle(void *ctx)
{
	((struct world *)ctx)->ended++;
}

static void up(struct world *w, struct fx *f)
{
	struct evaluator_env env = { .idle = on_idle, .ctx = w };

	rig_up(&w->rig, f, "");
	env.loop = &w->rig.loop;
	env.clock = &w->rig.clock;
	env.store = f->store;
	w->e = evaluator_new(&env);
	w->ended = 0;
	buf_init(&w->said, 4 << 20);
	must(uv_sem_init(&may_read, 0) == 0);
}

/* Waits for what runs. */
static void stop(struct world *w)
{
	evaluator_stop(w->e);
	uv_run(&w->rig.loop, UV_RUN_DEFAULT);
	assert_false(evaluator_busy(w->e));
	evaluator_free(w->e);
	w->e = NULL;
}

static void down(struct world *w)
{
	if (w->e)
		stop(w);
	rig_down(&w->rig);
	buf_done(&w->said);
	uv_sem_destroy(&may_read);
}

static struct classifier *any_model(struct world *w, const char *to)
{
	struct toy t = { .n = 400, .seed = 7 };
	const struct classifier_rows rows = toy_rows(&t);
	struct classifier_opt opt = classifier_defaults();
	struct classifier_report report;
	struct classifier *c = NULL;
	struct reason why = { "" };
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", w->rig.rules->conf->model_dir.p, to);
	opt.epochs = 4;
	opt.rate = 0.02;
	if (classifier_train(&rows, &opt, path, &report, &why) || classifier_open(path, &c, &why))
		fail_msg("%s", why.text);
	return c;
}

static int64_t begin(struct world *w, const char *labels, double precision)
{
	const struct serve_evaluation what = { STR("toy"), str_of(labels), precision };
	struct reason why = { "" };
	int64_t id = 0;

	if (evaluator_start(w->e, w->rig.view, any_model(w, "toy.bin"), &what, &id, &why))
		fail_msg("%s", why.text);
	return id;
}

static void until_ended(struct world *w)
{
	int before = w->ended;

	uv_sem_post(&may_read);
	while (w->ended == before)
		uv_run(&w->rig.loop, UV_RUN_ONCE);
}

/* What its client is told. */
static void says(struct world *w, int64_t id, const char *want)
{
	struct reason why = { "" };
	struct json j;

	buf_clear(&w->said);
	json_init(&j, &w->said);
	json_object(&j, NULL);
	if (evaluator_json(w->e, id, &j, &why))
		buf_add_text(&w->said, why.text);
	json_end_object(&j);
	if (str_find(buf_str(&w->said), str_of(want)) < 0)
		fail_msg("no `%s` in %.*s", want, STR_ARG(buf_str(&w->said)));
}

static void what_is_promised_is_reviewed(void **state)
{
	struct world w;
	int64_t id;

	up(&w, *state);
	rig_listings(&w.rig, 500, 0.9);
	id = begin(&w, "", 0.95);
	says(&w, id, "\"state\":\"running\",\"progress\":0.000,\"what\":\"reading");
	until_ended(&w);
	says(&w, id, "\"labels\":\"all\"");
	says(&w, id,
	     "\"threshold\":{\"precision\":0.950000,\"rows\":0,\"rows_least\":100,\"p\":null}");
	assert_int_equal(rig_review(&w.rig, 120), 120);
	id = begin(&w, "all", 0.95);
	until_ended(&w);
	says(&w, id, "\"labels\":\"all\"");
	says(&w, id, "\"precision\":0.950000,\"rows\":120,\"rows_least\":100,\"p\":0.");
	/* 100 are enough to be measured on, too. */
	id = begin(&w, "", 0.99);
	until_ended(&w);
	says(&w, id, "\"labels\":\"reviewed\",\"rows\":120,");
	says(&w, id, "\"precision\":0.990000,\"rows\":120,\"rows_least\":500,\"p\":null}");
	down(&w);
}

/* A client that is gone asks no more. */
static void unasked_it_is_given_up(void **state)
{
	struct world w;
	int64_t id;

	up(&w, *state);
	rig_listings(&w.rig, 100, 0);
	id = begin(&w, "", 0.95);
	w.rig.mono_ms += EVALUATOR_LEASE_MS;
	evaluator_tick(w.e);
	says(&w, id, "running");
	w.rig.mono_ms += EVALUATOR_LEASE_MS;
	evaluator_tick(w.e); /* it was asked for just now */
	until_ended(&w);
	says(&w, id, "\"state\":\"done\"");
	id = begin(&w, "", 0.95);
	w.rig.mono_ms += EVALUATOR_LEASE_MS + 1;
	evaluator_tick(w.e);
	until_ended(&w);
	says(&w, id, "\"state\":\"failed\",\"error\":\"cancelled\"");
	w.rig.mono_ms += EVALUATOR_KEEP_MS + 1;
	evaluator_tick(w.e);
	says(&w, id, "no evaluation 2");
	down(&w);
}

static void one_at_a_time(void **state)
{
	const struct serve_evaluation what = { STR("toy"), STR(""), 0.95 };
	struct reason why = { "" };
	struct world w;
	int64_t id, other;

	up(&w, *state);
	rig_listings(&w.rig, 60, 0);
	id = begin(&w, "", 0.95);
	assert_int_equal(
		evaluator_start(w.e, w.rig.view, any_model(&w, "b.bin"), &what, &other, &why),
		ERR_BUSY);
	until_ended(&w);
	says(&w, id, "\"state\":\"done\"");
	down(&w);
}

/* The daemon stops: nobody waits for a report. */
static void a_stop_ends_it(void **state)
{
	const struct serve_evaluation what = { STR("toy"), STR(""), 0.95 };
	struct reason why = { "" };
	struct world w;
	int64_t id;

	up(&w, *state);
	rig_listings(&w.rig, 100, 0);
	begin(&w, "", 0.95);
	evaluator_stop(w.e);
	assert_true(evaluator_busy(w.e));
	until_ended(&w);
	assert_false(evaluator_busy(w.e));
	says(&w, 1, "\"state\":\"failed\",\"error\":\"cancelled\"");
	assert_int_equal(evaluator_start(w.e, w.rig.view, any_model(&w, "b.bin"), &what, &id, &why),
			 ERR_CANCELLED);
	down(&w);
}

#define IN_STORE(f) cmocka_unit_test_setup_teardown(f, fx_setup_open, fx_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORE(what_is_promised_is_reviewed),
		IN_STORE(unasked_it_is_given_up),
		IN_STORE(one_at_a_time),
		IN_STORE(a_stop_ends_it),
	};

	log_setup(LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
