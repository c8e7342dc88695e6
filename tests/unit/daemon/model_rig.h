/* model_rig.h: a store of labeled listings with a configuration, and a loop on which training and
 * measuring come back. Time stands still unless the test moves it. */
#ifndef PIPED_MODEL_RIG_H
#define PIPED_MODEL_RIG_H

#include "base/file.h"
#include "base/hash.h"
#include "daemon/view.h"
#include "tests/unit/classifier/toy.h"
#include "tests/unit/store/store_fixture.h"

#include <fcntl.h>

struct rig {
	struct fx *f;
	struct rule_set *rules;
	struct view *view;
	uv_loop_t loop;
	uv_poll_t wake;
	int64_t wall_ms, mono_ms;
	struct clock clock;
	int listings; /* so far; their ids are 1 to this */
	struct toy toy;
};

static inline int64_t rig_wall(void *ctx)
{
	return ((struct rig *)ctx)->wall_ms;
}

static inline int64_t rig_mono(void *ctx)
{
	return ((struct rig *)ctx)->mono_ms;
}

static inline void rig_on_wake(uv_poll_t *h, int status, int events)
{
	struct rig *r = h->data;
	eventfd_t n;

	(void)events;
	must(status == 0 && eventfd_read(r->f->wake_fd, &n) == 0);
	writer_drain(r->f->writer);
}

/* Reads the configuration anew, with these lines in it; the model stays. */
static inline void rig_configure(struct rig *r, const char *lines)
{
	struct model_ref *model = r->view ? model_ref_keep(r->view->model) : NULL;
	struct reason why = { "" };
	char path[128], text[2048];

	snprintf(path, sizeof(path), "%s/piped.yaml", r->f->folder);
	snprintf(text, sizeof(text),
		 "state-dir: %s\nsources: [%s/etc/sources/bunjang.yaml]\n"
		 "taxonomy: %s/etc/taxonomy/fashion.yaml\ntrain-min-rows: 2\ntrain-epochs: 20\n"
		 "test-share: 0.4\nvalidation-share: 0\n%s\n",
		 r->f->folder, PIPED_SOURCE, PIPED_SOURCE, lines);
	if (file_write(path, str_of(text), &why))
		fail_msg("%s", why.text);
	view_release(r->view);
	rule_set_release(r->rules);
	if (rule_set_load(path, false, &r->rules, NULL, NULL, &why))
		fail_msg("%s", why.text);
	if (file_folder(r->rules->conf->model_dir.p, &why))
		fail_msg("%s", why.text);
	r->view = view_new(r->rules, model);
	model_ref_release(model);
}

/* The model of that file of the model folder, as the live one. */
static inline void rig_use(struct rig *r, int64_t id, const char *file, const char *name)
{
	struct classifier *c = NULL;
	struct reason why = { "" };
	struct model_ref *m;
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", r->rules->conf->model_dir.p, file);
	if (classifier_open(path, &c, &why))
		fail_msg("%s", why.text);
	m = model_ref_new(c, id, str_of(name));
	view_release(r->view);
	r->view = view_new(r->rules, m);
	model_ref_release(m);
}

static inline void rig_up(struct rig *r, struct fx *f, const char *lines)
{
	*r = (struct rig){ .f = f, .wall_ms = FX_NOW, .mono_ms = 1000, .toy = { .seed = 5 } };
	r->clock = (struct clock){ .wall_ms = rig_wall, .mono_ms = rig_mono, .ctx = r };
	must(uv_loop_init(&r->loop) == 0);
	must(uv_poll_init(&r->loop, &r->wake, f->wake_fd) == 0);
	/* libuv has just made it nonblocking; the fixture waits at it. */
	must(fcntl(f->wake_fd, F_SETFL, 0) == 0);
	r->wake.data = r;
	must(uv_poll_start(&r->wake, UV_READABLE, rig_on_wake) == 0);
	/* It must not keep the loop going. */
	uv_unref((uv_handle_t *)&r->wake);
	toy_rewind(&r->toy);
	rig_configure(r, lines);
	fx_ok(f, fx_seeds(f, "bunjang", 0, 1));
}

static inline void rig_down(struct rig *r)
{
	char line[160];

	uv_close((uv_handle_t *)&r->wake, NULL);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	view_release(r->view);
	rule_set_release(r->rules);
	must(uv_loop_close(&r->loop) == 0);
	snprintf(line, sizeof(line), "rm -rf '%s/models' '%s/piped.yaml'", r->f->folder,
		 r->f->folder);
	must(system(line) == 0);
}

/* Adds listings, each a family of its own, that rules have labeled: a share `wrong` of them as something
 * else. Brands tell the category, too. */
static inline void rig_listings(struct rig *r, int n, double wrong)
{
	struct fx *f = r->f;
	struct write_listing l[100];

	r->toy.wrong = wrong;
	for (int i = 0; i < n;) {
		int m = 0;

		for (; m < 100 && i < n; m++, i++) {
			const char *klass = toy_make(&r->toy);

			l[m] = fx_listing("bunjang", arena_fmt(f->arena, "%d", r->listings + m).p,
					  arena_text(f->arena, r->toy.made).p);
			l[m].listing.family = hash64_join(1, (uint64_t)(r->listings + m)) >> 1;
			l[m].listing.brand = arena_fmt(f->arena, "made%d", r->toy.hidden);
			fx_label(f, &l[m], klass);
		}
		fx_ok(f, fx_page(f, "bunjang", 1, l, m));
		r->listings += m;
	}
}

/* A person says of so many held-out listings, in order of their rows, what their titles say. */
static inline int rig_review(struct rig *r, int most)
{
	const struct conf *conf = r->rules->conf;
	struct fx *f = r->f;
	int n = 0;

	for (int id = 1; id <= r->listings && n < most; id++) {
		struct write *w = fx_write(f, WRITE_REVIEW);
		struct listing_view v;
		static const char *const words[][2] = { { "셔츠", "남방" },
							{ "청바지", "데님" },
							{ "운동화", "조던" } };
		int klass = 3;

		fx_view(f, "bunjang", arena_fmt(f->arena, "%d", id - 1).p, &v);
		if (split_of(v.listing.family, hash64(conf->salt, 0), conf->validation_share,
			     conf->test_share) != SPLIT_TEST)
			continue;
		for (int k = 0; k < 3; k++)
			if (str_find(v.listing.title, str_of(words[k][0])) >= 0 ||
			    str_find(v.listing.title, str_of(words[k][1])) >= 0)
				klass = k;
		w->action = REVIEW_CHOOSE;
		w->listing = v.listing.id;
		w->who = STR("anna");
		w->category = str_of(toy_classes[klass]);
		w->event.shown = STR("{}");
		fx_ok(f, w);
		n++;
	}
	return n;
}

#endif
