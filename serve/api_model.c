#include "serve/api.h"
#include "serve/api_json.h"

#include <limits.h>
#include <stdio.h>

/* False: `m` has no file that can be used, and `why` says what is wrong. Gives it opened. */
static bool open_file(struct request *rq, const struct model_row *m, struct classifier **ret,
		      struct reason *why)
{
	char path[PATH_MAX];

	if (m->state == MODEL_RETIRED) {
		reason_set(why, ERR_NOT_FOUND, "retired: its file was removed by models-keep");
		return false;
	}
	if (snprintf(path, sizeof(path), "%.*s/%.*s", STR_ARG(rq->view->conf->model_dir),
		     STR_ARG(m->file)) >= (int)sizeof(path)) {
		reason_set(why, ERR_TOO_BIG, "model-dir is too long");
		return false;
	}
	return !classifier_open(path, ret, why);
}

static void members(struct request *rq, const struct model_row *m)
{
	struct classifier_about about = { .bytes = 0 };
	struct classifier *c = NULL;
	struct reason why = { "" };
	struct json *j = &rq->j;
	bool whole = open_file(rq, m, &c, &why);

	if (whole)
		classifier_about(c, &about);
	classifier_close(c);
	json_int(j, "id", m->id);
	json_str(j, "name", m->name);
	json_text(j, "state", state_name(STATE_MODEL, (int)m->state));
	json_bool(j, "in_use", rq->view->model && rq->view->model_id == m->id);
	json_str(j, "file", m->file);
	json_str(j, "sha256", m->sha256);
	json_int(j, "bytes", about.bytes);
	json_text(j, "trouble", whole ? NULL : why.text);
	json_int(j, "rows", m->rows);
	api_json_time(j, "made", m->made_ms);
	json_int(j, "suggestions", m->suggestions);
	json_raw(j, "metrics", m->metrics.n ? m->metrics : STR("null"));
}

void api_model_list(struct request *rq)
{
	struct model_row *m = NULL;
	struct reason why = { "" };
	struct json *j = &rq->j;
	int n = 0;
	enum err err;

	err = reader_models(rq->reader, rq->arena, &m, &n, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_object(j, NULL);
	json_array(j, "models");
	for (int i = 0; i < n; i++) {
		json_object(j, NULL);
		members(rq, &m[i]);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

/* By name or by number, {0}: the live one; false: `rq` failed. */
static bool find(struct request *rq, struct str name, struct model_row *ret)
{
	struct model_row *m = NULL;
	struct reason why = { "" };
	int64_t id = 0;
	int n = 0;
	enum err err = reader_models(rq->reader, rq->arena, &m, &n, &why);

	str_i64(name, &id);
	for (int i = 0; !err && i < n; i++) {
		if (name.n ? m[i].id != id && !str_eq(m[i].name, name) : m[i].state != MODEL_LIVE)
			continue;
		*ret = m[i];
		return true;
	}
	if (!err && !name.n)
		err = reason_set(&why, ERR_NOT_FOUND, "no model is live yet");
	else if (!err)
		err = reason_set(&why, ERR_NOT_FOUND, "no model `%.*s`", STR_ARG(name));
	request_err(rq, err, &why, "GET /api/models lists the models.");
	return false;
}

bool api_model_open(struct request *rq, struct str name, struct model_row *ret,
		    struct classifier **ret_model)
{
	struct reason why = { "" };

	if (!find(rq, name, ret))
		return false;
	if (!open_file(rq, ret, ret_model, &why))
		request_fail(rq, 409, "unusable", "GET /api/models says what each file is like.",
			     "model `%.*s` cannot be used: %s", STR_ARG(ret->name), why.text);
	return !rq->failed;
}

void api_model_one(struct request *rq)
{
	struct model_row m;

	if (!find(rq, request_text(rq, "name"), &m))
		return;
	json_object(&rq->j, NULL);
	members(rq, &m);
	json_end_object(&rq->j);
}

struct use {
	struct model_row row;
	struct classifier *model;
};

void api_model_use_work(struct request *rq)
{
	struct use *u = arena_zero(rq->arena, sizeof(*u));

	if (api_model_open(rq, request_text(rq, "name"), &u->row, &u->model))
		rq->kept = u;
}

void api_model_use_last(struct request *rq)
{
	const struct use *u = rq->kept;

	rq->ops->use_model(rq->ops->ctx, u->row.id, u->row.name, u->model);
	rq->status = 202;
	json_object(&rq->j, NULL);
	json_int(&rq->j, "model", u->row.id);
	json_str(&rq->j, "name", u->row.name);
	json_end_object(&rq->j);
}

void api_model_train(struct request *rq)
{
	struct reason why = { "" };
	enum err err;

	err = rq->ops->train(rq->ops->ctx, request_bool(rq, "fresh"), &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	rq->status = 202;
	json_object(&rq->j, NULL);
	json_bool(&rq->j, "started", true);
	json_end_object(&rq->j);
}
