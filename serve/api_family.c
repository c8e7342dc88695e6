#include "serve/api.h"
#include "serve/api_json.h"

#include "base/hash.h"
#include "base/log.h"

#include <inttypes.h>

#define EVENTS_SHOWN 50

struct members {
	struct request *rq;
	struct arena *arena; /* of a row */
	int n, most;
	enum err err;
	struct reason why;
};

static bool put_member(void *ctx, const struct listing_view *v)
{
	struct members *m = ctx;
	struct json *j = &m->rq->j;
	struct family_title f;

	if (m->n == m->most)
		return false;
	arena_reset(m->arena);
	m->err = reader_family_title(m->rq->reader, &v->listing, m->arena, &f, &m->why);
	if (m->err)
		return false;
	json_object(j, NULL);
	json_int(j, "id", v->listing.id);
	json_str(j, "source", v->listing.source);
	json_str(j, "ext_id", v->listing.ext_id);
	json_str(j, "title", v->listing.title);
	json_str(j, "joined_by", f.joined_by);
	json_num(j, "alike", f.alike, 4);
	if (f.picture < 0)
		json_null(j, "picture");
	else
		json_int(j, "picture", f.picture);
	json_text(j, "state", state_name(STATE_LISTING, (int)v->listing.state));
	api_json_time(j, "first_seen", v->listing.first_seen_ms);
	json_end_object(j);
	m->n++;
	return true;
}

static enum err put_members(struct request *rq, uint64_t family, struct reason *why)
{
	struct members m = { .rq = rq, .most = (int)request_int(rq, "limit") };
	struct listing_filter f = { .family = (int64_t)family, .most = m.most };
	struct arena *a = arena_new((size_t)16 << 10);
	enum err err;

	m.arena = arena_new(4096);
	json_array(&rq->j, "members");
	err = reader_listings(rq->reader, &f, a, put_member, &m, why);
	json_end_array(&rq->j);
	if (!err && m.err) {
		*why = m.why;
		err = m.err;
	}
	arena_free(m.arena);
	arena_free(a);
	return err;
}

static enum err put_events(struct request *rq, uint64_t family, struct reason *why)
{
	struct family_event *all = NULL;
	struct json *j = &rq->j;
	int n = 0;
	enum err err =
		reader_family_events(rq->reader, family, EVENTS_SHOWN, rq->arena, &all, &n, why);

	json_array(j, "events");
	for (int i = 0; i < n; i++) {
		json_object(j, NULL);
		json_int(j, "id", all[i].id);
		api_json_time(j, "made", all[i].made_ms);
		json_str(j, "who", all[i].who);
		json_str(j, "action", all[i].action);
		json_int(j, "listing", all[i].listing);
		api_json_hex(j, "was", all[i].was);
		api_json_hex(j, "family", all[i].family);
		json_int(j, "moved", all[i].moved);
		json_end_object(j);
	}
	json_end_array(j);
	return err;
}

void api_family_of(struct request *rq)
{
	const struct conf *c = rq->view->conf;
	struct json *j = &rq->j;
	struct reason why = { "" };
	struct listing_view v;
	enum err err;

	if (!api_listing_find(rq, &v))
		return;
	json_object(j, NULL);
	json_int(j, "listing", v.listing.id);
	json_str(j, "family", v.family_name);
	json_int(j, "size", v.family_size);
	json_text(j, "split",
		  split_name(split_of(v.listing.family, hash64(c->salt, 0), c->validation_share,
				      c->test_share)));
	err = put_members(rq, v.listing.family, &why);
	if (!err)
		err = put_events(rq, v.listing.family, &why);
	json_end_object(j);
	if (err)
		request_err(rq, err, &why, NULL);
}

static void written(struct request *rq)
{
	struct str action = request_text(rq, "action");
	const struct write *w = &rq->write;
	struct json *j = &rq->j;

	log_info("listing=%" PRId64 " family=%016" PRIx64 " %.*s moved=%d who=%.*s", w->listing,
		 w->ret_family, STR_ARG(action), w->ret_changed, STR_ARG(w->who));
	json_object(j, NULL);
	json_str(j, "action", action);
	json_int(j, "listing", w->listing);
	api_json_hex(j, "family", w->ret_family);
	json_int(j, "moved", w->ret_changed);
	json_end_object(j);
}

void api_family_change(struct request *rq)
{
	bool merge = str_is(request_text(rq, "action"), "merge");
	struct write *w = &rq->write;

	w->kind = WRITE_FAMILY;
	w->family_action = merge ? FAMILY_MERGE : FAMILY_SPLIT;
	w->listing = request_int(rq, "listing");
	w->into = request_int(rq, "into");
	w->who = str_trim(request_text(rq, "who"));
	if (!w->who.n)
		request_fail(rq, 400, "bad", "A person's name goes into the log of families.",
			     "`who` is empty");
	else if (merge != request_arg(rq, "into")->given)
		request_fail(rq, 400, "bad", NULL,
			     merge ? "merge needs `into`: a listing of the family that stays"
				   : "split has no `into`");
	else
		request_write(rq, written);
}
