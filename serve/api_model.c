#include "serve/api.h"
#include "serve/api_json.h"

#include <inttypes.h>

#define MOST_K 20

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
		json_int(j, "id", m[i].id);
		json_str(j, "name", m[i].name);
		json_text(j, "state", state_name(STATE_MODEL, (int)m[i].state));
		json_bool(j, "in_use", rq->view->model && rq->view->model_id == m[i].id);
		json_str(j, "file", m[i].file);
		json_str(j, "sha256", m[i].sha256);
		json_int(j, "rows", m[i].rows);
		api_json_time(j, "made", m[i].made_ms);
		json_int(j, "suggestions", m[i].suggestions);
		json_raw(j, "metrics", m[i].metrics.n ? m[i].metrics : STR("null"));
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

void api_model_use(struct request *rq)
{
	struct reason why = { "" };
	enum err err;

	err = rq->ops->use_model(rq->ops->ctx, request_int(rq, "id"), &why);
	if (err) {
		request_err(rq, err, &why, "GET /api/models lists the models.");
		return;
	}
	rq->status = 202;
	json_object(&rq->j, NULL);
	json_int(&rq->j, "model", request_int(rq, "id"));
	json_end_object(&rq->j);
}

void api_model_train(struct request *rq)
{
	struct reason why = { "" };
	enum err err;

	err = rq->ops->train(rq->ops->ctx, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	rq->status = 202;
	json_object(&rq->j, NULL);
	json_bool(&rq->j, "started", true);
	json_end_object(&rq->j);
}

static bool have_model(struct request *rq)
{
	if (!rq->view->model)
		request_fail(rq, 409, "no-model", "Train one first: POST /api/train.",
			     "there is no model yet");
	return !rq->failed;
}

static void suggest(struct request *rq, struct str title)
{
	const struct classifier *m = rq->view->model;
	struct classifier_guess guess[MOST_K];
	int n = classifier_top(m, title, (int)request_int(rq, "k"), guess);

	json_str(&rq->j, "title", title);
	json_array(&rq->j, "suggestions");
	for (int i = 0; i < n; i++)
		api_json_guess(&rq->j, rq->view->conf, classifier_class(m, guess[i].klass),
			       (double)guess[i].p);
	json_end_array(&rq->j);
}

void api_model_suggest(struct request *rq)
{
	if (!have_model(rq))
		return;
	json_object(&rq->j, NULL);
	json_int(&rq->j, "model", rq->view->model_id);
	suggest(rq, request_text(rq, "title"));
	json_end_object(&rq->j);
}

void api_model_suggest_many(struct request *rq)
{
	const struct request_arg *titles = request_arg(rq, "titles");

	if (!have_model(rq))
		return;
	json_object(&rq->j, NULL);
	json_int(&rq->j, "model", rq->view->model_id);
	json_array(&rq->j, "results");
	for (int i = 0; i < titles->n_texts && !rq->out.full; i++) {
		json_object(&rq->j, NULL);
		suggest(rq, titles->texts[i]);
		json_end_object(&rq->j);
	}
	json_end_array(&rq->j);
	json_end_object(&rq->j);
}
