#include "serve/api.h"
#include "serve/api_json.h"

#include <inttypes.h>

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
