#include "serve/api.h"

/* Long work that makes no model: out-of-fold probabilities, the learning curve. */

static void start(struct request *rq, enum serve_study kind, int folds)
{
	struct reason why = { "" };
	enum err err = rq->ops->study_start(rq->ops->ctx, kind, folds, &why);

	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	rq->status = 202;
	json_object(&rq->j, NULL);
	json_bool(&rq->j, "started", true);
	json_end_object(&rq->j);
}

static void state(struct request *rq, enum serve_study kind)
{
	json_object(&rq->j, NULL);
	rq->ops->study_state(rq->ops->ctx, kind, &rq->j);
	json_end_object(&rq->j);
}

static void stop(struct request *rq, enum serve_study kind)
{
	struct reason why = { "" };
	enum err err = rq->ops->study_stop(rq->ops->ctx, kind, &why);

	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_object(&rq->j, NULL);
	json_bool(&rq->j, "stopped", true);
	json_end_object(&rq->j);
}

void api_study_folds(struct request *rq)
{
	start(rq, SERVE_FOLDS, (int)request_int(rq, "folds"));
}

void api_study_folds_state(struct request *rq)
{
	state(rq, SERVE_FOLDS);
}

void api_study_folds_stop(struct request *rq)
{
	stop(rq, SERVE_FOLDS);
}

void api_study_curve(struct request *rq)
{
	start(rq, SERVE_CURVE, 0);
}

void api_study_curve_state(struct request *rq)
{
	state(rq, SERVE_CURVE);
}

void api_study_curve_stop(struct request *rq)
{
	stop(rq, SERVE_CURVE);
}
