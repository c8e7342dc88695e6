#include "serve/api.h"
#include "serve/api_json.h"

/* Alarms that are over and are told of. */
#define TOLD_MOST 100

void api_drift_alarms(struct json *j, const struct alarm *a, int n, struct str source)
{
	json_array(j, "alarms");
	for (int i = 0; i < n; i++) {
		if (source.n && !str_eq(a[i].source, source))
			continue;
		json_object(j, NULL);
		json_str(j, "source", a[i].source);
		json_str(j, "page_kind", a[i].page_kind);
		json_str(j, "statistic", a[i].statistic);
		json_str(j, "what", a[i].what);
		json_int(j, "page", a[i].page);
		json_str(j, "url", a[i].url);
		api_json_time(j, "raised", a[i].raised_ms);
		api_json_time(j, "ended", a[i].ended_ms);
		json_str(j, "ended_by", a[i].ended_by);
		json_end_object(j);
	}
	json_end_array(j);
}

void api_drift_first(struct request *rq)
{
	json_object(&rq->j, NULL);
	rq->ops->drift(rq->ops->ctx, request_text(rq, "source"), &rq->j);
}

void api_drift_work(struct request *rq)
{
	struct alarm *a = NULL;
	struct reason why = { "" };
	int n = 0;
	enum err err = reader_alarms(rq->reader, true, TOLD_MOST, rq->arena, &a, &n, &why);

	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	api_drift_alarms(&rq->j, a, n, request_text(rq, "source"));
	json_end_object(&rq->j);
}

void api_drift_accept(struct request *rq)
{
	struct reason why = { "" };
	int n = 0;
	enum err err = rq->ops->drift_accept(rq->ops->ctx, request_text(rq, "source"),
					     request_text(rq, "kind"), &n, &why);

	if (err) {
		request_err(rq, err, &why, "GET /api/drift lists what is watched.");
		return;
	}
	json_object(&rq->j, NULL);
	json_int(&rq->j, "accepted", n);
	json_end_object(&rq->j);
}
