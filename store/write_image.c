/* Listings' images: what an address answered, which listing shows which address,
 * and what nothing refers to any more. */
#include "store/row.h"
#include "store/tx.h"

#include "base/must.h"

static enum err one_id(struct tx *t, enum sql_id id, int64_t key, int64_t *ret)
{
	struct query *q = sql_use(&t->sql, id);
	enum err err;

	*ret = 0;
	query_int(q, key);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	if (err)
		return err;
	*ret = query_get_int(q);
	return query_end(q);
}

static enum err run_id(struct tx *t, enum sql_id id, int64_t key)
{
	struct query *q = sql_use(&t->sql, id);

	query_int(q, key);
	return query_run(q);
}

static enum err find(struct tx *t, struct str hash, int64_t *ret_id)
{
	struct query *q = sql_use(&t->sql, SQL_IMAGE_FIND);
	enum err err;

	query_text(q, hash);
	err = query_one(q);
	if (err)
		return err;
	*ret_id = query_get_int(q);
	return query_end(q);
}

static enum err add(struct tx *t, const struct write *w, int64_t *ret_id)
{
	struct query *q = sql_use(&t->sql, SQL_IMAGE_ADD);
	const struct image *i = &w->image;
	enum err err;

	query_text(q, i->hash);
	query_text(q, i->file);
	query_text(q, i->type);
	query_int(q, i->bytes);
	query_int(q, i->width);
	query_int(q, i->height);
	query_text(q, w->job.source);
	query_int(q, w->now_ms);
	err = query_run(q);
	if (err)
		return err;
	*ret_id = store_engine_last_id(t->engine);
	tally_add(&t->tallies, w->job.source, TALLY_IMAGES, 1);
	tally_add(&t->tallies, w->job.source, TALLY_IMAGE_BYTES, i->bytes);
	return ERR_OK;
}

/* Lets go of a content that no address answers any more. */
static enum err drop(struct tx *t, int64_t image, int *ret_dropped)
{
	struct query *q = sql_use(&t->sql, SQL_IMAGE_COUNTED);
	struct str source;
	int64_t bytes;
	enum err err;

	query_int(q, image);
	err = query_one(q);
	if (err)
		return err;
	source = row_text(q, t->scratch);
	bytes = query_get_int(q);
	err = query_end(q);
	if (!err)
		err = tally_source(&t->tallies, &t->sql, source);
	if (!err)
		err = write_look_drop(t, image);
	if (!err)
		err = run_id(t, SQL_IMAGE_DROP, image);
	if (err || store_engine_changes(t->engine) == 0)
		return err;
	tally_add(&t->tallies, source, TALLY_IMAGES, -1);
	tally_add(&t->tallies, source, TALLY_IMAGE_BYTES, -bytes);
	++*ret_dropped;
	return ERR_OK;
}

enum err write_image_store(struct tx *t, struct write *w)
{
	struct query *q;
	int64_t was = 0;
	enum err err = write_job_move(t, &w->job, w->now_ms);

	if (!err)
		err = tally_source(&t->tallies, &t->sql, w->job.source);
	if (!err)
		err = one_id(t, SQL_IMAGE_OF_JOB, w->job.id, &was);
	if (!err)
		err = find(t, w->image.hash, &w->image.id);
	if (err == ERR_NOT_FOUND)
		err = add(t, w, &w->image.id);
	if (err)
		return err;
	q = sql_use(&t->sql, SQL_IMAGE_SET);
	query_int(q, w->job.id);
	query_int(q, w->image.id);
	err = query_run(q);
	if (!err && was && was != w->image.id)
		err = drop(t, was, &w->ret_changed);
	if (err || !w->n_looks)
		return err;
	w->looks->image = w->image.id;
	return write_look_do(t, w);
}

/* The listing shows what it did when it was read. */
static enum err still_shows(struct tx *t, const struct write_image_link *l, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_IMAGE);
	enum err err;

	query_int(q, l->listing);
	err = query_one(q);
	*ret = !err && str_eq(query_get_text(q), l->address);
	return err ? err : query_end(q);
}

/* The stored job of that address. One that was fetched for a listing which has let
 * go of it since, so that the image is kept no more, is due again. */
static enum err job_of(struct tx *t, struct write *w, const struct job *j, int64_t *ret_id)
{
	struct query *q = sql_use(&t->sql, SQL_IMAGE_JOB_BY_KEY);
	struct job again = *j;
	bool kept;
	enum err err;

	query_text(q, j->source);
	query_text(q, j->key);
	err = query_one(q);
	if (err)
		return err;
	again.id = *ret_id = query_get_int(q);
	again.state = (enum job_state)query_get_state(q, STATE_JOB);
	kept = !query_at_null(q);
	err = query_end(q);
	if (err || kept || again.state != JOB_DONE)
		return err;
	again.state = (enum job_state)state_move(STATE_JOB, JOB_DONE, JOB_DUE);
	again.attempts = 0;
	w->ret_new_jobs++;
	return write_job_move(t, &again, w->now_ms);
}

static enum err link_one(struct tx *t, struct write *w, const struct write_image_link *l)
{
	struct query *q;
	bool shows = false;
	int64_t job = 0;
	int n = 0;
	enum err err = still_shows(t, l, &shows);

	if (err || !shows)
		return err;
	err = write_job_add(t, &l->job, 1, w->now_ms, &n);
	if (!err)
		err = job_of(t, w, &l->job, &job);
	if (err)
		return err;
	w->ret_new_jobs += n;
	q = sql_use(&t->sql, SQL_LISTING_LINK);
	query_int(q, l->listing);
	query_int(q, job);
	err = query_run(q);
	return err ? err : write_look_shown(t, l->listing, w->now_ms);
}

enum err write_image_link(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;

	for (int i = 0; i < w->n_links && !err; i++)
		err = link_one(t, w, &w->links[i]);
	return err;
}

enum err write_image_unlink(struct tx *t, int64_t listing)
{
	return run_id(t, SQL_LISTING_UNLINK, listing);
}

enum err write_image_drop(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;

	for (int i = 0; i < w->n_ids && !err; i++) {
		int64_t image = 0;

		err = one_id(t, SQL_IMAGE_OF_JOB, w->ids[i], &image);
		if (err || !image)
			continue;
		err = run_id(t, SQL_IMAGE_UNSET, w->ids[i]);
		if (!err && store_engine_changes(t->engine) > 0)
			err = drop(t, image, &w->ret_changed);
	}
	return err;
}

/* All addresses that answered it are asked again. */
static enum err lost(struct tx *t, struct write *w, int64_t image)
{
	struct query *q = sql_use(&t->sql, SQL_IMAGE_JOBS);
	int64_t *jobs = NULL;
	int n = 0;
	enum err err;

	query_int(q, image);
	err = row_all(q, t->scratch, sizeof(*jobs), row_id, &jobs, &n);
	for (int i = 0; i < n && !err; i++) {
		const struct job due = { .id = jobs[i],
					 .reason = STR("its file was lost"),
					 .state = JOB_DUE,
					 .due_ms = w->now_ms,
					 .priority = JOB_PRIORITY_LAST };

		err = run_id(t, SQL_IMAGE_FORGET, jobs[i]);
		if (!err)
			err = write_job_move(t, &due, w->now_ms);
		w->ret_new_jobs += !err;
	}
	return err ? err : drop(t, image, &w->ret_changed);
}

/* Unless a person was faster. */
static enum err again(struct tx *t, struct write *w, int64_t id)
{
	struct query *q = sql_use(&t->sql, SQL_JOB);
	struct job j;
	enum err err;

	query_int(q, id);
	err = query_one(q);
	if (err)
		return err;
	row_job(q, t->scratch, &j);
	err = query_end(q);
	if (err || j.state != JOB_REFUSED)
		return err;
	j.state = JOB_DUE;
	j.due_ms = w->now_ms;
	j.reason = STR("");
	w->ret_new_jobs++;
	return write_job_move(t, &j, w->now_ms);
}

enum err write_image_again(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;

	for (int i = 0; i < w->n_ids && !err; i++)
		err = again(t, w, w->ids[i]);
	return err;
}

enum err write_image_lost(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;

	for (int i = 0; i < w->n_ids && !err; i++) {
		err = lost(t, w, w->ids[i]);
		if (err == ERR_NOT_FOUND) /* let go of meanwhile */
			err = ERR_OK;
	}
	return err;
}
