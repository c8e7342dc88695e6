#include "serve/api.h"
#include "serve/api_json.h"

#include <inttypes.h>
#include <stdlib.h>

struct list {
	struct request *rq;
	struct arena *row; /* scratch of one row */
	int64_t n, most, last_id;
};

static bool put(void *ctx, const struct listing_view *v)
{
	struct list *l = ctx;

	json_object(&l->rq->j, NULL);
	api_json_listing(&l->rq->j, l->rq->view->conf, v, l->row);
	json_end_object(&l->rq->j);
	arena_reset(l->row);
	l->last_id = v->listing.id;
	return ++l->n < l->most && !l->rq->out.full;
}

/* 16 hexadecimal digits, as rows show a family. */
static bool read_family(struct str s, int64_t *ret)
{
	char text[20] = "", *end;

	if (!s.n || s.n > 16)
		return false;
	for (size_t i = 0; i < s.n; i++)
		text[i] = s.p[i];
	*ret = (int64_t)strtoull(text, &end, 16);
	return *end == 0 && *ret > 0;
}

static void fail_flag(struct request *rq)
{
	char names[256];

	listing_flags_text(~0u, names);
	request_fail(rq, 400, "bad", names, "no such flag");
}

static bool read_filter(struct request *rq, struct listing_filter *f)
{
	int state;
	enum listing_flag flag;

	*f = (struct listing_filter){
		.source = request_text(rq, "source"),
		.category = request_text(rq, "category"),
		.text = request_text(rq, "text"),
		.state = request_text(rq, "state"),
		.flag = request_text(rq, "flag"),
		.after_id = request_int(rq, "after"),
		.most = request_int(rq, "limit"),
		.review_queue = request_bool(rq, "review"),
	};
	if (f->state.n && !state_parse(STATE_LISTING, f->state, &state))
		request_fail(rq, 400, "bad", "selling, reserved, sold or unknown", "no such state");
	else if (f->flag.n && !listing_flag_parse(f->flag, &flag))
		fail_flag(rq);
	else if (request_arg(rq, "family")->given &&
		 !read_family(request_text(rq, "family"), &f->family))
		request_fail(rq, 400, "bad", "As listings show it: 16 hexadecimal digits.",
			     "`family` is not one");
	return !rq->failed;
}

void api_listing_list(struct request *rq)
{
	struct list l = { .rq = rq };
	struct arena *a;
	struct listing_filter f;
	struct reason why = { "" };
	enum err err;

	if (!read_filter(rq, &f))
		return;
	l.most = f.most;
	a = arena_new((size_t)64 << 10);
	l.row = arena_new(4096);
	json_object(&rq->j, NULL);
	json_array(&rq->j, "listings");
	err = reader_listings(rq->reader, &f, a, put, &l, &why);
	json_end_array(&rq->j);
	/* The review queue goes by score: it has no cursor. */
	if (l.n == l.most && !f.review_queue)
		json_int(&rq->j, "next", l.last_id);
	else
		json_null(&rq->j, "next");
	json_end_object(&rq->j);
	arena_free(l.row);
	arena_free(a);
	if (err)
		request_err(rq, err, &why, NULL);
}

bool api_listing_find(struct request *rq, struct listing_view *ret)
{
	struct str id = request_text(rq, "id"), source = request_text(rq, "source"),
		   ext_id = request_text(rq, "ext_id");
	struct reason why = { "" };
	int64_t row = 0;
	enum err err;

	if (str_is(id, "-") ? !source.n || !ext_id.n : !str_i64(id, &row) || row < 1) {
		request_fail(rq, 400, "bad",
			     "/api/listings/812, or /api/listings/-?source=NAME&ext_id=ID",
			     "a listing is named by its row, or by `-` with source and ext_id");
		return false;
	}
	if (row)
		source = ext_id = (struct str){ 0 };
	err = reader_listing(rq->reader, row, source, ext_id, rq->arena, ret, &why);
	if (err == ERR_NOT_FOUND && row)
		request_fail(rq, 404, "not-found", NULL, "no listing %" PRId64, row);
	else if (err == ERR_NOT_FOUND)
		request_fail(rq, 404, "not-found", NULL, "no listing %.*s of %.*s", STR_ARG(ext_id),
			     STR_ARG(source));
	else if (err)
		request_err(rq, err, &why, NULL);
	return !err;
}

static void history(struct json *j, const struct history_row *h, int n)
{
	json_array(j, "history");
	for (int i = 0; i < n; i++) {
		json_object(j, NULL);
		api_json_time(j, "seen", h[i].seen_ms);
		json_int(j, "page", h[i].page);
		json_str(j, "field", h[i].field);
		json_str(j, "was", h[i].was);
		json_str(j, "now", h[i].now);
		json_end_object(j);
	}
	json_end_array(j);
}

static void labels(struct json *j, const struct conf *c, const struct label_row *l, int n)
{
	json_array(j, "labels");
	for (int i = 0; i < n; i++) {
		json_object(j, NULL);
		api_json_label(j, c, &l[i].label);
		api_json_time(j, "undone", l[i].undone_ms);
		json_end_object(j);
	}
	json_end_array(j);
}

/* Null when nothing fetches it. */
static enum err image(struct request *rq, int64_t listing, struct reason *why)
{
	struct image_view v = { .job = 0 };
	struct json *j = &rq->j;
	enum err err = reader_image(rq->reader, listing, rq->arena, &v, why);

	if (err == ERR_NOT_FOUND) {
		json_null(j, "image_file");
		return ERR_OK;
	}
	if (err)
		return err;
	json_object(j, "image_file");
	json_int(j, "job", v.job);
	json_str(j, "url", v.url);
	json_text(j, "state", state_name(STATE_JOB, (int)v.state));
	json_str(j, "reason", v.reason);
	json_bool(j, "kept", v.kept);
	if (v.kept) {
		json_str(j, "path",
			 arena_fmt(rq->arena, "%.*s/%.*s", STR_ARG(rq->view->conf->image_dir),
				   STR_ARG(v.image.file)));
		json_str(j, "sha256", v.image.hash);
		json_str(j, "type", v.image.type);
		json_int(j, "bytes", v.image.bytes);
		json_int(j, "width", v.image.width);
		json_int(j, "height", v.image.height);
	}
	json_end_object(j);
	return ERR_OK;
}

bool api_listing_members(struct request *rq, const struct listing_view *v)
{
	const struct conf *c = rq->view->conf;
	int64_t id = v->listing.id;
	struct history_row *past = NULL;
	struct label_row *log = NULL;
	struct vote *votes = NULL;
	int n_past = 0, n_log = 0, n_votes = 0;
	struct reason why = { "" };
	enum err err;

	err = reader_votes(rq->reader, id, rq->arena, &votes, &n_votes, &why);
	if (!err)
		err = reader_history(rq->reader, id, rq->arena, &past, &n_past, &why);
	if (!err)
		err = reader_labels(rq->reader, id, rq->arena, &log, &n_log, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return false;
	}
	json_object(&rq->j, "listing");
	api_json_listing(&rq->j, c, v, rq->arena);
	api_json_listing_more(&rq->j, v);
	json_end_object(&rq->j);
	api_json_votes(&rq->j, "votes", c, votes, n_votes);
	labels(&rq->j, c, log, n_log);
	history(&rq->j, past, n_past);
	err = image(rq, id, &why);
	if (err)
		request_err(rq, err, &why, NULL);
	return !err;
}

void api_listing_one(struct request *rq)
{
	struct listing_view v;

	if (!api_listing_find(rq, &v))
		return;
	json_object(&rq->j, NULL);
	if (api_listing_members(rq, &v))
		json_end_object(&rq->j);
}
