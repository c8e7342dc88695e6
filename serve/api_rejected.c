#include "serve/api.h"
#include "serve/api_json.h"

static void record(struct json *j, const struct reject *r)
{
	json_object(j, NULL);
	json_str(j, "source", r->source);
	json_int(j, "page", r->page);
	json_str(j, "url", r->url);
	json_int(j, "place", r->place);
	json_str(j, "ext_id", r->ext_id);
	json_text(j, "field", reject_field_name(r->field));
	json_text(j, "reason", rejects[r->code].name);
	json_str(j, "value", r->value);
	json_str(j, "why", r->why);
	json_str(j, "excerpt", r->excerpt);
	api_json_time(j, "seen", r->seen_ms);
	json_end_object(j);
}

static void records(struct json *j, const struct reject *r, int n)
{
	json_array(j, "rejected");
	for (int i = 0; i < n; i++)
		record(j, &r[i]);
	json_end_array(j);
}

void api_rejected_counts(struct json *j, const char *key, const struct reject_count *c, int n,
			 struct str source)
{
	json_array(j, key);
	for (int i = 0; i < n; i++) {
		if (source.n && !str_eq(c[i].source, source))
			continue;
		json_object(j, NULL);
		json_str(j, "source", c[i].source);
		json_text(j, "reason", rejects[c[i].code].name);
		json_text(j, "doc", rejects[c[i].code].doc);
		json_int(j, "times", c[i].times);
		json_end_object(j);
	}
	json_end_array(j);
}

bool api_rejected_of_page(struct request *rq, int64_t page)
{
	struct reject_filter filter = { .page = page, .most = REJECT_MOST };
	struct reject_count *c = NULL;
	struct reject *r = NULL;
	struct reason why = { "" };
	int n = 0, n_counts = 0;
	enum err err = reader_reject_counts(rq->reader, page, rq->arena, &c, &n_counts, &why);

	if (!err)
		err = reader_rejected(rq->reader, &filter, rq->arena, &r, &n, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return false;
	}
	api_rejected_counts(&rq->j, "rejected_counts", c, n_counts, (struct str){ 0 });
	records(&rq->j, r, n);
	return true;
}

void api_rejected_list(struct request *rq)
{
	struct reject_filter filter = { .source = request_text(rq, "source"),
					.field = request_text(rq, "field"),
					.reason = request_text(rq, "reason"),
					.most = (int)request_int(rq, "limit") };
	struct reject_count *c = NULL;
	struct reject *r = NULL;
	struct reason why = { "" };
	enum listing_field field;
	int n = 0, n_counts = 0;
	enum err err;

	if (filter.field.n && !listing_field_parse(filter.field, &field)) {
		request_fail(rq, 400, "bad", "Fields are those of listings: price, title, ...",
			     "no field `%.*s`", STR_ARG(filter.field));
		return;
	}
	err = reader_reject_counts(rq->reader, 0, rq->arena, &c, &n_counts, &why);
	if (!err)
		err = reader_rejected(rq->reader, &filter, rq->arena, &r, &n, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_object(&rq->j, NULL);
	api_rejected_counts(&rq->j, "counts", c, n_counts, filter.source);
	records(&rq->j, r, n);
	json_end_object(&rq->j);
}
