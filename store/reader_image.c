#include "picture/look.h"
#include "store/reader_conn.h"

enum err reader_image(struct reader *r, int64_t listing, struct arena *a, struct image_view *ret,
		      struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_IMAGE_OF_LISTING);
	struct image_view v = { .job = 0 };
	enum err err;

	query_int(q, listing);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return err;
	if (err)
		return reader_error(r, err, why);
	v.job = query_get_int(q);
	v.url = row_text(q, a);
	v.state = (enum job_state)query_get_state(q, STATE_JOB);
	v.reason = row_text(q, a);
	v.kept = !query_at_null(q);
	v.image.id = query_get_int(q);
	v.image.hash = row_text(q, a);
	v.image.file = row_text(q, a);
	v.image.type = row_text(q, a);
	v.image.bytes = query_get_int(q);
	v.image.width = (int)query_get_int(q);
	v.image.height = (int)query_get_int(q);
	err = query_end(q);
	if (!err)
		*ret = v;
	return reader_error(r, err, why);
}

static void make_wanted(struct query *q, struct arena *a, void *row)
{
	struct image_wanted *w = row;

	w->listing = query_get_int(q);
	w->source = row_text(q, a);
	w->address = row_text(q, a);
	w->job = query_get_int(q);
}

static void make_refused(struct query *q, struct arena *a, void *row)
{
	struct image_refused *r = row;

	r->job = query_get_int(q);
	r->source = row_text(q, a);
	r->host = row_text(q, a);
	r->reason = row_text(q, a);
}

static void make_image(struct query *q, struct arena *a, void *row)
{
	struct image *i = row;

	i->id = query_get_int(q);
	i->file = row_text(q, a);
}

static struct query *after(struct reader *r, enum sql_id id, int64_t after_id, int most)
{
	struct query *q = sql_use(&r->sql, id);

	query_int(q, after_id);
	query_int(q, most);
	return q;
}

enum err reader_images_unlinked(struct reader *r, int64_t after_id, int most, struct arena *a,
				struct image_wanted **ret, int *ret_n, struct reason *why)
{
	struct query *q = after(r, SQL_IMAGES_UNLINKED, after_id, most);

	return reader_error(r, row_all(q, a, sizeof(**ret), make_wanted, ret, ret_n), why);
}

enum err reader_images_refused(struct reader *r, int64_t after_id, int most, struct arena *a,
			       struct image_refused **ret, int *ret_n, struct reason *why)
{
	struct query *q = after(r, SQL_IMAGES_REFUSED, after_id, most);

	return reader_error(r, row_all(q, a, sizeof(**ret), make_refused, ret, ret_n), why);
}

enum err reader_images_orphaned(struct reader *r, int64_t after_id, int most, struct arena *a,
				int64_t **ret, int *ret_n, struct reason *why)
{
	struct query *q = after(r, SQL_IMAGES_ORPHANED, after_id, most);

	return reader_error(r, row_all(q, a, sizeof(**ret), row_id, ret, ret_n), why);
}

enum err reader_images(struct reader *r, int64_t after_id, int most, struct arena *a,
		       struct image **ret, int *ret_n, struct reason *why)
{
	struct query *q = after(r, SQL_IMAGES, after_id, most);

	return reader_error(r, row_all(q, a, sizeof(**ret), make_image, ret, ret_n), why);
}

enum err reader_images_unseen(struct reader *r, int64_t after_id, int most, struct arena *a,
			      struct image **ret, int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_IMAGES_UNSEEN);

	query_int(q, LOOK_VERSION);
	query_int(q, after_id);
	query_int(q, most);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_image, ret, ret_n), why);
}

enum err reader_images_unseen_count(struct reader *r, int64_t *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_IMAGES_UNSEEN_COUNT);
	enum err err;

	query_int(q, LOOK_VERSION);
	err = query_one(q);
	if (err)
		return reader_error(r, err, why);
	*ret = query_get_int(q);
	return reader_error(r, query_end(q), why);
}

enum err reader_image_known(struct reader *r, struct str hash, struct str file, bool *ret,
			    struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_IMAGE_BY_FILE);
	enum err err;

	query_text(q, hash);
	query_text(q, file);
	err = query_one(q);
	*ret = !err;
	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	return reader_error(r, err ? err : query_end(q), why);
}
