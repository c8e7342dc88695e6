#include "store/row.h"

#include "base/mem.h"

#include <limits.h>
#include <string.h>

struct str row_text(struct query *q, struct arena *a)
{
	struct str s = query_get_text(q);

	return a && s.p ? arena_str(a, s) : s;
}

void row_id(struct query *q, struct arena *a, void *row)
{
	(void)a;
	*(int64_t *)row = query_get_int(q);
}

void row_job(struct query *q, struct arena *a, struct job *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->id = query_get_int(q);
	ret->source = row_text(q, a);
	ret->page = row_text(q, a);
	ret->url = row_text(q, a);
	ret->key = row_text(q, a);
	ret->host = row_text(q, a);
	ret->vars = row_text(q, a);
	ret->seed = query_get_int(q);
	ret->parent = query_get_int(q);
	ret->depth = (int)query_get_int(q);
	ret->priority = (int)query_get_int(q);
	ret->state = (enum job_state)query_get_state(q, STATE_JOB);
	ret->due_ms = query_get_int(q);
	ret->attempts = (int)query_get_int(q);
	ret->reason = row_text(q, a);
	ret->body = row_text(q, a);
	ret->body_type = row_text(q, a);
	ret->part = (enum job_part)query_get_int(q);
	ret->way = row_text(q, a);
	ret->list = query_get_int(q);
	ret->nth = query_get_int(q);
	ret->repeats = (int)query_get_int(q);
}

const struct visit *row_visit(struct query *q, struct arena *a)
{
	struct visit *v;

	if (query_at_null(q))
		return NULL;
	v = arena_zero(a, sizeof(*v));
	v->page = query_get_int(q);
	v->listing = query_get_int(q);
	v->seen_ms = query_get_int(q);
	v->changed_ms = query_get_int(q);
	v->interval_ms = query_get_int(q);
	v->visits = query_get_int(q);
	v->changes = query_get_int(q);
	v->version = query_get_version(q);
	v->body_hash = query_get_version(q);
	v->content_hash = query_get_version(q);
	v->max_age_ms = query_get_int(q);
	v->expires_ms = query_get_int(q);
	v->original = query_get_int(q);
	v->original_seed = query_get_version(q);
	v->original_digest = row_text(q, a);
	v->etag = row_text(q, a);
	v->last_modified = row_text(q, a);
	v->original_url = row_text(q, a);
	v->original_ms = query_get_int(q);
	/* The body went with its segment: it is asked for in full, read and archived anew. */
	if (query_get_int(q)) {
		v->original = 0;
		v->version = 0;
		v->original_digest = v->etag = v->last_modified = STR("");
	}
	return v;
}

void row_page(struct query *q, struct arena *a, struct page *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->id = query_get_int(q);
	ret->job = query_get_int(q);
	ret->source = row_text(q, a);
	ret->page_kind = row_text(q, a);
	ret->url = row_text(q, a);
	ret->fetched_ms = query_get_int(q);
	ret->status = (int)query_get_int(q);
	ret->content_type = row_text(q, a);
	ret->wire_bytes = query_get_int(q);
	ret->body_bytes = query_get_int(q);
	ret->body_hash = query_get_version(q);
	ret->state = (enum page_state)query_get_state(q, STATE_PAGE);
	ret->reason = row_text(q, a);
	ret->extract_version = query_get_version(q);
	ret->items = (int)query_get_int(q);
	ret->skipped = (int)query_get_int(q);
	ret->rejected = (int)query_get_int(q);
	ret->listings = (int)query_get_int(q);
	ret->record.file = row_text(q, a);
	ret->record.offset = query_get_int(q);
	ret->record.bytes = query_get_int(q);
	ret->same_as = query_get_int(q);
	ret->import = query_get_int(q);
	ret->import_at = query_get_int(q);
	ret->import_file = row_text(q, a);
	ret->removed_ms = query_get_int(q);
	ret->removed_by = row_text(q, a);
}

enum label_by row_label_by(struct query *q)
{
	return str_is(query_get_text(q), label_by_name(LABEL_BY_PERSON)) ? LABEL_BY_PERSON
									 : LABEL_BY_RULES;
}

enum recode_fate row_fate(struct str name)
{
	for (int f = 0; f < RECODE_FATES; f++)
		if (str_is(name, recode_fate_name((enum recode_fate)f)))
			return (enum recode_fate)f;
	return RECODE_CODE;
}

void row_label(struct query *q, struct arena *a, struct label *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->id = query_get_int(q);
	ret->listing = query_get_int(q);
	ret->category = row_text(q, a);
	ret->by = row_label_by(q);
	ret->who = row_text(q, a);
	ret->confidence = query_get_real(q);
	ret->version = query_get_version(q);
	ret->made_ms = query_get_int(q);
	ret->why = row_text(q, a);
	ret->taxonomy = query_get_int(q);
	ret->written = row_text(q, a);
	ret->recoded = !query_at_null(q);
	ret->fate = row_fate(query_get_text(q));
	ret->recode_why = row_text(q, a);
}

void row_suggestion(struct query *q, struct arena *a, struct suggestion *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->model = query_get_int(q);
	for (int i = 0; i < SUGGESTION_K; i++) {
		ret->category[i] = row_text(q, a);
		ret->p[i] = query_get_real(q);
	}
}

enum err row_all(struct query *q, struct arena *a, size_t each,
		 void (*make)(struct query *q, struct arena *a, void *row), void *ret, int *ret_n)
{
	char *rows = NULL;
	size_t n = 0, cap = 0;
	bool more = true;
	void *copy;
	enum err err = query_row(q, &more);

	while (!err && more && n < INT_MAX) {
		mem_grow(&rows, &cap, n + 1, each);
		memset(rows + n * each, 0, each);
		make(q, a, rows + n * each);
		n++;
		err = query_row(q, &more);
	}
	if (!err) {
		copy = arena_array(a, n ? n : 1, each);
		if (n)
			memcpy(copy, rows, n * each);
		memcpy(ret, &copy, sizeof(copy));
		*ret_n = (int)n;
	}
	mem_free(rows);
	return err;
}
