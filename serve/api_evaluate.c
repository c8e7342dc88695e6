#include "serve/api.h"

#include <stdlib.h>

struct start {
	struct model_row row;
	struct classifier *model;
	double precision;
};

/* Strictly between 0 and 1; NAN is not. */
static bool parse_precision(struct request *rq, double *ret)
{
	const char *text = arena_str(rq->arena, request_text(rq, "precision")).p;
	char *end;

	*ret = strtod(text, &end);
	if (end != text && !*end && *ret > 0 && *ret < 1)
		return true;
	request_fail(rq, 400, "bad", "A share such as 0.95.",
		     "`precision` must lie between 0 and 1");
	return false;
}

void api_evaluate_work(struct request *rq)
{
	struct start *s = arena_zero(rq->arena, sizeof(*s));

	if (!parse_precision(rq, &s->precision))
		return;
	if (api_model_open(rq, request_text(rq, "model"), &s->row, &s->model))
		rq->kept = s;
}

void api_evaluate_last(struct request *rq)
{
	const struct start *s = rq->kept;
	const struct serve_evaluation what = { .model = s->row.name,
					       .labels = request_text(rq, "labels"),
					       .precision = s->precision };
	struct reason why = { "" };
	int64_t id = 0;
	enum err err;

	err = rq->ops->evaluate_start(rq->ops->ctx, s->model, &what, &id, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	rq->status = 202;
	json_object(&rq->j, NULL);
	json_int(&rq->j, "id", id);
	json_str(&rq->j, "model", s->row.name);
	json_end_object(&rq->j);
}

void api_evaluate_state(struct request *rq)
{
	struct str format = request_text(rq, "format");
	bool html = str_is(format, "html");
	struct reason why = { "" };
	enum err err;

	if (str_is(format, "json")) {
		json_object(&rq->j, NULL);
		err = rq->ops->evaluate_state(rq->ops->ctx, request_int(rq, "id"), &rq->j, &why);
		json_end_object(&rq->j);
	} else {
		err = rq->ops->evaluate_page(rq->ops->ctx, request_int(rq, "id"), html, &rq->out,
					     &why);
		rq->type = html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
	}
	if (err)
		request_err(rq, err, &why, NULL);
}
