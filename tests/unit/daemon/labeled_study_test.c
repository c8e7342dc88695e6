/* What a model that had not seen it says of each labeled listing, and what more labels would
 * bring; given up by a person, and at the daemon's end. */
#include "daemon/study.h"

#include "base/log.h"
#include "classifier/folds_file.h"
#include "tests/unit/daemon/model_rig.h"

struct world {
	struct rig rig;
	struct study *s;
	int ended;
	struct buf said;
	char path[256];
};

static void on_idle(void *ctx)
{
	((struct world *)ctx)->ended++;
}

static void up(struct world *w, struct fx *f, enum serve_study kind)
{
	struct study_env env = { .idle = on_idle, .ctx = w };

	*w = (struct world){ .ended = 0 };
	rig_up(&w->rig, f, "");
	env.loop = &w->rig.loop;
	env.clock = &w->rig.clock;
	env.store = f->store;
	w->s = study_new(&env, kind);
	buf_init(&w->said, 1 << 16);
	snprintf(w->path, sizeof(w->path), "%s/" STUDY_FOLDS_FILE, w->rig.rules->conf->model_dir.p);
}

static void down(struct world *w)
{
	study_stop(w->s);
	uv_run(&w->rig.loop, UV_RUN_DEFAULT);
	study_free(w->s);
	rig_down(&w->rig);
	buf_done(&w->said);
}

static void begin(struct world *w)
{
	struct reason why = { "" };

	if (study_start(w->s, w->rig.view, 4, &why))
		fail_msg("%s", why.text);
}

static void until_ended(struct world *w)
{
	int before = w->ended;

	while (w->ended == before)
		uv_run(&w->rig.loop, UV_RUN_ONCE);
}

static void says(struct world *w, const char *want)
{
	struct json j;

	buf_clear(&w->said);
	json_init(&j, &w->said);
	json_object(&j, NULL);
	study_json(w->s, &j);
	json_end_object(&j);
	if (str_find(buf_str(&w->said), str_of(want)) < 0)
		fail_msg("no `%s` in %.*s", want, STR_ARG(buf_str(&w->said)));
}

/* All listings that have a label, of the test part as of the others; none without. */
static void every_labeled_listing_is_answered(void **state)
{
	struct folds_file *file = NULL;
	struct reason why = { "" };
	struct listing_view v;
	struct world w;
	int right = 0;

	up(&w, *state, SERVE_FOLDS);
	rig_listings(&w.rig, 200, 0);
	/* One that has no label. */
	fx_ok(w.rig.f,
	      fx_page(w.rig.f, "bunjang", 1,
		      &(struct write_listing[]){ fx_listing("bunjang", "x", "셔츠 95") }[0], 1));
	says(&w, "\"state\":\"idle\"");
	begin(&w);
	until_ended(&w);
	says(&w, "\"state\":\"done\",\"result\":{\"file\":");
	says(&w, "\"rows\":200,\"left_out\":0,\"classes\":4,\"folds\":4,");
	if (folds_file_open(w.path, &file, &why))
		fail_msg("%s", why.text);
	assert_int_equal(folds_file_about(file).rows, 200);
	assert_int_equal(folds_file_about(file).made_ms, FX_NOW);
	for (int i = 0; i < 200; i++) {
		struct folds_file_row row;
		int best = 0;

		fx_view(w.rig.f, "bunjang", arena_fmt(w.rig.f->arena, "%d", i).p, &v);
		assert_true(folds_file_find(file, v.listing.id) >= 0);
		row = folds_file_row(file, folds_file_find(file, v.listing.id));
		assert_true(str_eq(folds_file_class(file, row.klass), v.label.category));
		for (int k = 0; k < 4; k++)
			best = row.p[k] > row.p[best] ? k : best;
		right += best == row.klass;
	}
	assert_true(right > 150);
	folds_file_close(file);
	down(&w);
}

static void a_family_is_never_on_both_sides(void **state)
{
	struct folds_file *file = NULL;
	struct write_listing l[100];
	struct reason why = { "" };
	struct world w;
	int fold[10];

	up(&w, *state, SERVE_FOLDS);
	for (int i = 0; i < 100; i++) {
		l[i] = fx_listing("bunjang", arena_fmt(w.rig.f->arena, "%d", i).p,
				  arena_fmt(w.rig.f->arena, "셔츠 %d", i).p);
		l[i].listing.family = (uint64_t)(100 + i % 10);
		fx_label(w.rig.f, &l[i], toy_classes[i % 2]);
	}
	fx_ok(w.rig.f, fx_page(w.rig.f, "bunjang", 1, l, 100));
	begin(&w);
	until_ended(&w);
	if (folds_file_open(w.path, &file, &why))
		fail_msg("%s", why.text);
	for (int i = 0; i < 100; i++) {
		struct listing_view v;
		int in;

		fx_view(w.rig.f, "bunjang", arena_fmt(w.rig.f->arena, "%d", i).p, &v);
		in = folds_file_row(file, folds_file_find(file, v.listing.id)).fold;
		if (i < 10)
			fold[i] = in;
		assert_int_equal(in, fold[i % 10]);
	}
	folds_file_close(file);
	down(&w);
}

static void what_more_labels_would_bring(void **state)
{
	struct world w;

	up(&w, *state, SERVE_CURVE);
	begin(&w);
	until_ended(&w);
	says(&w, "\"state\":\"failed\",\"error\":\"no labeled listings");
	rig_listings(&w.rig, 900, 0.1);
	begin(&w);
	until_ended(&w);
	says(&w, "\"state\":\"done\",\"result\":{\"dev_rows\":");
	says(&w, "\"gain_low\":");
	assert_false(file_exists(w.path));
	down(&w);
}

static void one_that_is_given_up_changes_nothing(void **state)
{
	struct reason why = { "" };
	struct world w;

	up(&w, *state, SERVE_FOLDS);
	rig_listings(&w.rig, 200, 0);
	assert_int_equal(study_cancel(w.s, &why), ERR_NOT_FOUND);
	begin(&w);
	assert_int_equal(study_start(w.s, w.rig.view, 4, &why), ERR_BUSY);
	assert_int_equal(study_cancel(w.s, &why), ERR_OK);
	until_ended(&w);
	says(&w, "\"state\":\"failed\"");
	says(&w, "cancelled");
	assert_false(file_exists(w.path));
	begin(&w);
	study_stop(w.s);
	until_ended(&w);
	says(&w, "\"state\":\"failed\"");
	assert_false(file_exists(w.path));
	assert_int_equal(study_start(w.s, w.rig.view, 4, &why), ERR_CANCELLED);
	down(&w);
}

#define IN_STORE(f) cmocka_unit_test_setup_teardown(f, fx_setup_open, fx_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORE(every_labeled_listing_is_answered),
		IN_STORE(a_family_is_never_on_both_sides),
		IN_STORE(what_more_labels_would_bring),
		IN_STORE(one_that_is_given_up_changes_nothing),
	};

	log_setup(LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
