#include "daemon/trial_run.h"

#include "cleaner/check.h"
#include "cleaner/cleaner.h"
#include "crawler/decode.h"
#include "crawler/secret.h"
#include "daemon/lead.h"
#include "daemon/record.h"

struct run {
	const struct trial_in *in;
	struct arena *a;
	struct fetch_answer answer;
	struct str url;
	int64_t seen_ms;
	struct extract_out out;
	struct trial *ret;
};

static enum err find_answer(struct run *r, const char *archive_dir, struct reason *why)
{
	const struct trial_in *in = r->in;

	r->url = in->url;
	r->seen_ms = in->now_ms;
	r->answer = (struct fetch_answer){ .body = in->body };
	if (!in->page)
		return ERR_OK;
	r->url = in->page->url;
	r->seen_ms = in->page->fetched_ms;
	return record_answer(archive_dir, in->reader, in->page, r->a, &r->answer, why);
}

static enum err extract(struct run *r, struct reason *why)
{
	const struct trial_in *in = r->in;
	const struct fetch_answer *x = &r->answer;
	const struct conf *limits = in->view->conf;
	struct extractor *extractor;
	struct str body = { 0 };
	struct buf decoded;
	enum err err;

	buf_init(&decoded, (size_t)limits->max_body_bytes);
	err = decode_body(x->body, x->content_encoding, limits->max_ratio, &decoded, &body, why);
	if (!err) {
		struct extract_in to = { .source = in->source,
					 .page = in->kind,
					 .body = secret_hide(in->source, body, r->a),
					 .content_type = x->content_type,
					 .url = r->url,
					 .head = x->response_head,
					 .found = &r->ret->found };

		extractor = extractor_new(in->conf);
		err = extractor_run(extractor, &to, r->a, &r->out, why);
		extractor_free(extractor);
	}
	buf_done(&decoded);
	return err;
}

/* A page about one thing is that thing's address. */
static struct str own_address(struct run *r)
{
	struct task t = { .view = r->in->view, .arena = r->a, .now_ms = r->in->now_ms };

	t.write.page.url = r->url;
	t.job.url = r->url;
	return lead_address(&t, r->in->source, r->in->kind, &r->out);
}

/* What every listing is cleaned and looked at with. */
struct tools {
	struct labeler_scratch *scratch;
	struct check_set *checks;
	struct regex_match *match;
};

static void clean_one(struct run *r, const struct tools *with, struct found_item *item,
		      struct listing *l)
{
	const struct trial_in *in = r->in;
	struct cleaner_in c = {
		.source = in->source, .raw = &item->raw, .page_url = r->url, .now_ms = r->seen_ms
	};
	struct check_in check = { .source = in->source,
				  .page = in->kind,
				  .raw = &item->raw,
				  .listing = l,
				  .seen_ms = r->seen_ms,
				  .match = with->match };
	struct check_fault fault;
	struct check_doubt doubt = { 0 };

	cleaner_run(&c, r->a, l);
	if (!l->url.n && in->addressed && in->kind->items.kind == SEL_NONE &&
	    r->out.n_listings == 1)
		l->url = own_address(r);
	labeler_flags(in->view->labeler, with->scratch, l);
	if (!check_fails(with->checks, &check, r->a, &fault, &doubt)) {
		r->ret->kept++;
		return;
	}
	item->end = FOUND_REJECTED;
	item->reason = fault.why;
	r->ret->rejected++;
}

static void clean(struct run *r)
{
	struct tools with = { .scratch = labeler_scratch_new(), .match = regex_match_new() };
	struct trial *ret = r->ret;

	check_new(r->in->conf, &with.checks, NULL, NULL);
	ret->listings = arena_array(r->a, (size_t)ret->found.n, sizeof(*ret->listings));
	for (int i = 0; i < ret->found.n; i++)
		if (ret->found.items[i].end == FOUND_KEPT)
			clean_one(r, &with, &ret->found.items[i], &ret->listings[i]);
	check_free(with.checks);
	regex_match_free(with.match);
	labeler_scratch_free(with.scratch);
}

static void lead(struct run *r)
{
	const struct extract_out *out = &r->out;
	struct trial *ret = r->ret;

	ret->links = arena_array(r->a, (size_t)out->n_links, sizeof(*ret->links));
	ret->n_links = out->n_links;
	for (int i = 0; i < out->n_links; i++)
		ret->links[i] = (struct trial_link){ .url = out->links[i].url,
						     .page = out->links[i].page,
						     .next = out->links[i].next };
	ret->n_values = out->n_values;
	ret->more = out->more;
	ret->last = out->last;
	ret->total = out->total;
	ret->cursor = out->cursor;
	ret->canonical = out->canonical;
	ret->skipped = out->skipped;
	ret->rejected += out->rejected;
}

enum err trial_run(const char *archive_dir, const struct trial_in *in, struct arena *a,
		   struct trial *ret, struct reason *why)
{
	struct run r = { .in = in, .a = a, .ret = ret, .out = { .last = -1, .total = -1 } };
	enum err err;

	*ret = (struct trial){ .last = -1, .total = -1 };
	err = find_answer(&r, archive_dir, why);
	if (err)
		return err;
	if (extract(&r, &ret->unreadable)) {
		ret->found.n = 0;
		return ERR_OK;
	}
	clean(&r);
	lead(&r);
	return ERR_OK;
}
