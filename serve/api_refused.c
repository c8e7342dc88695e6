#include "serve/api.h"
#include "serve/api_json.h"

static void row(struct json *j, const struct refused_row *f)
{
	json_object(j, NULL);
	json_str(j, "source", f->source);
	json_text(j, "reason", refusals[f->reason].name);
	json_text(j, "doc", refusals[f->reason].doc);
	json_int(j, "times", f->times);
	api_json_time(j, "last", f->last_ms);
	json_str(j, "url", f->url);
	json_end_object(j);
}

void api_refused_list(struct request *rq)
{
	struct str source = request_text(rq, "source");
	struct refused_row *f = NULL;
	struct reason why = { "" };
	int n = 0;
	enum err err = reader_refused(rq->reader, rq->arena, &f, &n, &why);

	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_object(&rq->j, NULL);
	json_array(&rq->j, "refused");
	for (int i = 0; i < n; i++)
		if (!source.n || str_eq(f[i].source, source))
			row(&rq->j, &f[i]);
	json_end_array(&rq->j);
	json_end_object(&rq->j);
}
