#include "daemon/view.h"

#include "base/mem.h"
#include "base/must.h"
#include "cleaner/check.h"
#include "crawler/expand.h"
#include "extractor/extractor.h"

#include <stdio.h>

static int report(struct conf_problem *problems, int n,
		  void (*each)(void *ctx, const struct conf_problem *p), void *ctx,
		  struct reason *why)
{
	char text[512];

	for (int i = 0; i < n; i++) {
		if (each)
			each(ctx, &problems[i]);
		if (i == 0) {
			conf_problem_text(&problems[i], text);
			reason_set(why, ERR_BAD, "%s", text);
		}
	}
	return n;
}

struct first_problem {
	void (*each)(void *ctx, const struct conf_problem *p);
	void *ctx;
	struct reason *why;
	int n;
};

static void on_selector_problem(void *ctx, const struct conf_problem *p)
{
	struct first_problem *f = ctx;
	char text[512];

	if (f->each)
		f->each(f->ctx, p);
	if (f->n++ == 0) {
		conf_problem_text(p, text);
		reason_set(f->why, ERR_BAD, "%s", text);
	}
}

/* What does not keep the rest from starting. */
static void warn(const struct conf *conf, void (*each)(void *ctx, const struct conf_problem *p),
		 void *ctx)
{
	struct conf_problem p;

	for (int i = 0; each && i < conf->n_sources; i++) {
		if (!conf->sources[i].missing.p)
			continue;
		p.at = conf->sources[i].at;
		snprintf(p.text, sizeof(p.text), "%s", conf->sources[i].missing.p);
		each(ctx, &p);
	}
}

/* JSON bodies of seeds, as they are while no variable has a value. */
static int check_bodies(const struct conf *conf,
			void (*each)(void *ctx, const struct conf_problem *p), void *ctx)
{
	struct arena *a = arena_new(1 << 10);
	struct conf_problem p;
	struct reason why;
	struct str body;
	int n = 0;

	for (int i = 0; i < conf->n_sources; i++) {
		for (int k = 0; k < conf->sources[i].n_seeds; k++) {
			const struct conf_seed *seed = &conf->sources[i].seeds[k];

			if (!seed->body.p || seed->body_type != CONF_BODY_JSON ||
			    (!expand_body(seed, STR(""), a, &body, &why) &&
			     !extractor_check_json(body, &why)))
				continue;
			p.at = seed->at;
			snprintf(p.text, sizeof(p.text), "the seed's body is no JSON: %.200s",
				 why.text);
			each(ctx, &p);
			n++;
		}
	}
	arena_free(a);
	return n;
}

static enum err make_labeler(struct rule_set *r, bool cache, struct reason *why)
{
	struct str folder = arena_fmt(r->conf->arena, "%.*s/cache", STR_ARG(r->conf->state_dir));

	return labeler_new_cached(r->conf, cache && r->conf->state_dir.n ? folder.p : NULL,
				  &r->labeler, why);
}

enum err rule_set_load(const char *path, bool cache, struct rule_set **ret,
		       void (*each)(void *ctx, const struct conf_problem *p), void *ctx,
		       struct reason *why)
{
	struct first_problem first = { .each = each, .ctx = ctx, .why = why };
	struct conf_problem *problems = NULL;
	struct rule_set *r = mem_zero(sizeof(*r));
	enum err err;
	int n = 0;

	r->users = 1;
	err = conf_load(path, &r->conf, &problems, &n);
	if (err) {
		if (!report(problems, n, each, ctx, why))
			reason_set(why, err, "cannot read %s: %s", path, err_text(err));
		goto out;
	}
	if (extractor_check(r->conf, on_selector_problem, &first) +
		    check_bodies(r->conf, on_selector_problem, &first) +
		    check_new(r->conf, &r->checks, on_selector_problem, &first) >
	    0) {
		err = ERR_BAD;
		goto out;
	}
	warn(r->conf, each, ctx);
	r->marks = marks_new(&r->conf->words);
	err = make_labeler(r, cache, why);
	if (err && each) {
		struct conf_problem p = { .at = { .file = path } };

		snprintf(p.text, sizeof(p.text), "%.290s", why ? why->text : err_text(err));
		each(ctx, &p);
	}
out:
	mem_free(problems);
	if (err) {
		rule_set_release(r);
		return err;
	}
	*ret = r;
	return ERR_OK;
}

struct rule_set *rule_set_keep(struct rule_set *r)
{
	r->users++;
	return r;
}

void rule_set_release(struct rule_set *r)
{
	if (!r)
		return;
	must(r->users > 0);
	if (--r->users)
		return;
	labeler_free(r->labeler);
	check_free(r->checks);
	marks_free(r->marks);
	conf_free(r->conf);
	mem_free(r);
}

struct model_ref *model_ref_new(struct classifier *c, int64_t id, struct str name)
{
	struct model_ref *m = mem_zero(sizeof(*m));

	m->users = 1;
	m->classifier = c;
	m->id = id;
	snprintf(m->name, sizeof(m->name), "%.*s", STR_ARG(name));
	return m;
}

struct model_ref *model_ref_keep(struct model_ref *m)
{
	if (m)
		m->users++;
	return m;
}

void model_ref_release(struct model_ref *m)
{
	if (!m)
		return;
	must(m->users > 0);
	if (--m->users)
		return;
	classifier_close(m->classifier);
	mem_free(m);
}

struct view *view_new(struct rule_set *rules, struct model_ref *model)
{
	return view_new_measured(rules, model, NULL, 0);
}

struct view *view_new_measured(struct rule_set *rules, struct model_ref *model,
			       const struct rule_measure *measures, int n)
{
	struct view *v = mem_zero(sizeof(*v));

	v->users = 1;
	v->rules = rule_set_keep(rules);
	v->model = model_ref_keep(model);
	v->v.conf = rules->conf;
	v->v.checks = rules->checks;
	v->labeler = n ? labeler_measured(rules->labeler, measures, n) : NULL;
	v->v.labeler = n ? v->labeler : rules->labeler;
	v->v.marks = rules->marks;
	v->v.model = model ? model->classifier : NULL;
	v->v.model_id = model ? model->id : 0;
	v->v.model_name = str_of(model ? model->name : NULL);
	return v;
}

struct view *view_keep(struct view *v)
{
	v->users++;
	return v;
}

void view_release(struct view *v)
{
	if (!v)
		return;
	must(v->users > 0);
	if (--v->users)
		return;
	labeler_free(v->labeler); /* borrows of the rules' */
	rule_set_release(v->rules);
	model_ref_release(v->model);
	mem_free(v);
}
