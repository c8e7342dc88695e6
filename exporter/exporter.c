#include "exporter/exporter.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/must.h"
#include "exporter/export_file.h"
#include "exporter/export_report.h"
#include "exporter/export_row.h"
#include "exporter/export_side.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Listings asked for at once: what the store keeps for them is given back
 * after each, so memory does not grow with the dataset. */
#define BATCH 2000
#define PROGRESS_EVERY 1000

enum { MANIFEST = SPLIT_N, CARD, BESIDE };
#define N_FILES (SPLIT_N + 3)

struct run {
	struct reader *reader;
	const struct export_opt *opt;
	struct export_result *ret;
	struct reason *why;
	struct export_out *out[N_FILES];
	struct export_tally tally;
	struct export_side families, titles, images;
	struct arena *batch, *row, *models;
	struct buf line;
	uint64_t salt;
	int64_t last_id, seen;
	bool votes, labels; /* are looked at */
	int in_batch;
	enum err err; /* of a row: what stopped the reading */
};

static void file_name(const struct export_opt *o, enum split s, char to[64])
{
	snprintf(to, 64, "%s.%s%s", split_name(s), export_formats[o->format].ending,
		 o->gzip ? ".gz" : "");
}

/* Rows with pictures go into a folder of their split, beside them. */
static void place_rows(const struct export_opt *o, enum split s, struct export_file *f)
{
	const struct export_format_row *row = &export_formats[o->format];

	if (row->pictures)
		snprintf(f->place, sizeof(f->place), "%s/%s", split_name(s), row->ending);
}

static enum err path_in(const char *folder, const char *name, char path[PATH_MAX],
			struct reason *why)
{
	if (snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
		return reason_set(why, ERR_TOO_BIG, "path too long: %s/%s", folder, name);
	return ERR_OK;
}

/* A folder with somebody else's manifest is not ours to write into. */
static enum err check_folder(const struct export_opt *o, struct reason *why)
{
	char path[PATH_MAX];
	struct buf b;
	enum err err;

	err = path_in(o->folder, "manifest.json", path, why);
	if (!err)
		err = file_folder(o->folder, why);
	if (err || !file_exists(path))
		return err;
	buf_init(&b, EXPORT_REPORT_MOST);
	err = file_read(path, &b, why);
	if (!err && !str_starts(buf_str(&b), STR(EXPORT_REPORT_MARK)))
		err = reason_set(why, ERR_EXISTS,
				 "%s was not written by piped: choose another folder", path);
	buf_done(&b);
	return err;
}

static enum err start(struct run *x)
{
	enum err err = ERR_OK;

	for (int s = 0; s < SPLIT_N && !err; s++) {
		struct export_file *f = &x->ret->files[s];

		file_name(x->opt, (enum split)s, f->name);
		err = export_file_open(x->opt->folder, f->name, x->opt->gzip, &x->out[s], x->why);
		if (err)
			return err;
		buf_clear(&x->line);
		if (export_formats[x->opt->format].begin)
			buf_add_text(&x->line, export_formats[x->opt->format].begin);
		export_row_header(x->opt->format, &x->opt->pick.columns, &x->line);
		err = export_file_add(x->out[s], buf_str(&x->line), x->why);
	}
	return err;
}

/* What columns and filters look at beside the listing. */
static enum err look(struct run *x, int64_t listing, struct export_item *item)
{
	struct label_row *labels = NULL;
	struct vote *votes = NULL;
	enum err err = ERR_OK;

	if (x->votes)
		err = reader_votes(x->reader, listing, x->row, &votes, &item->n_votes, x->why);
	if (!err && x->labels)
		err = reader_labels(x->reader, listing, x->row, &labels, &item->n_labels, x->why);
	item->votes = votes;
	item->labels = labels;
	return err;
}

static void see_sides(struct run *x, const struct export_item *item)
{
	const struct listing *l = &item->view->listing;

	export_side_add(&x->families, l->family, item->split);
	if (l->title_clean.n)
		export_side_add(&x->titles, hash64(l->title_clean, 0), item->split);
	if (item->view->image_hash.n)
		export_side_add(&x->images, hash64(item->view->image_hash, 0), item->split);
}

static enum err put(struct run *x, struct export_item *item)
{
	const struct listing *l = &item->view->listing;
	enum err err;

	item->split = split_of(l->family, x->salt, x->opt->validation, x->opt->test);
	buf_clear(&x->line);
	if (export_formats[x->opt->format].between && x->ret->files[item->split].rows)
		buf_add_text(&x->line, export_formats[x->opt->format].between);
	err = export_row(x->opt->format, &x->opt->pick.columns, item, x->row, &x->line);
	if (err)
		return reason_set(x->why, err, "listing=%lld is too long for a row",
				  (long long)l->id);
	err = export_file_add(x->out[item->split], buf_str(&x->line), x->why);
	if (err)
		return err;
	see_sides(x, item);
	export_report_count(&x->tally, item);
	x->ret->rows++;
	x->ret->per_split[item->split]++;
	x->ret->files[item->split].rows++;
	return ERR_OK;
}

static enum err take(struct run *x, const struct listing_view *v)
{
	struct listing_view row = *v;
	struct export_item item = { .view = &row };
	enum export_left left;
	enum err err;

	arena_reset(x->row);
	err = look(x, v->listing.id, &item);
	if (err)
		return err;
	left = export_pick_row(&x->opt->pick, &row, &item);
	if (left == EXPORT_LEFTS)
		return put(x, &item);
	x->ret->left[left]++;
	x->ret->left_out++;
	return ERR_OK;
}

static bool each(void *ctx, const struct listing_view *v)
{
	struct run *x = ctx;

	must(v->listing.id > x->last_id);
	x->last_id = v->listing.id;
	x->in_batch++;
	x->err = take(x, v);
	if (!x->err && x->opt->progress && ++x->seen % PROGRESS_EVERY == 0 &&
	    !x->opt->progress(x->opt->ctx, x->ret->rows))
		x->err = reason_set(x->why, ERR_CANCELLED, "the export was cancelled");
	return !x->err;
}

static enum err rows(struct run *x, struct reader *r)
{
	enum err err;

	do {
		struct listing_filter f = { .after_id = x->last_id, .most = BATCH };

		x->in_batch = 0;
		arena_reset(x->batch);
		err = reader_listings(r, &f, x->batch, each, x, x->why);
		if (!err)
			err = x->err;
	} while (!err && x->in_batch == BATCH);
	return err;
}

static enum err report(struct run *x, int at, const char *name,
		       void (*put_it)(const struct export_opt *o, const struct export_tally *t,
				      const struct export_result *r, struct buf *to),
		       struct export_file *f)
{
	struct buf b;
	enum err err;

	buf_init(&b, EXPORT_REPORT_MOST);
	put_it(x->opt, &x->tally, x->ret, &b);
	if (b.full)
		err = reason_set(x->why, ERR_TOO_BIG, "%s would be too long", name);
	else
		err = export_file_open(x->opt->folder, name, false, &x->out[at], x->why);
	if (!err)
		err = export_file_add(x->out[at], buf_str(&b), x->why);
	if (!err)
		err = export_file_finish(x->out[at], f, x->why);
	buf_done(&b);
	return err;
}

static enum err finish_rows(struct run *x)
{
	const char *end = export_formats[x->opt->format].end;
	enum err err = ERR_OK;

	for (int s = 0; s < SPLIT_N && !err; s++) {
		if (end)
			err = export_file_add(x->out[s], str_of(end), x->why);
		if (!err)
			err = export_file_finish(x->out[s], &x->ret->files[s], x->why);
		place_rows(x->opt, (enum split)s, &x->ret->files[s]);
	}
	return err;
}

/* What is beside the rows tells their sums, the card that one's, too, the manifest all. The
 * manifest is named before those of which it tells. */
static enum err finish(struct run *x)
{
	const struct export_format_row *format = &export_formats[x->opt->format];
	struct export_file manifest = { .rows = 0 }, card = { .rows = 0 }, beside = { .rows = 0 };
	struct export_result *ret = x->ret;
	enum err err = finish_rows(x);

	if (err)
		return err;
	ret->n_files = SPLIT_N;
	export_report_sort(&x->tally);
	if (format->beside)
		err = report(x, BESIDE, format->beside, format->put_beside, &beside);
	if (!err && format->beside)
		ret->files[ret->n_files++] = beside;
	if (!err)
		err = report(x, CARD, "README.md", export_report_card, &card);
	if (err)
		return err;
	ret->files[ret->n_files++] = card;
	err = report(x, MANIFEST, "manifest.json", export_report_manifest, &manifest);
	if (err)
		return err;
	ret->files[MANIFEST] = manifest;
	ret->files[CARD] = card;
	ret->n_files = CARD + 1;
	if (format->beside)
		ret->files[ret->n_files++] = beside;
	return ERR_OK;
}

/* It cannot be by how sides are chosen; a dataset that leaks would be worse than none. */
static enum err check_sides(struct run *x)
{
	x->ret->families = (int64_t)x->families.n;
	x->ret->titles_shared = x->titles.shared;
	x->ret->images_shared = x->images.shared;
	if (x->families.shared)
		return reason_set(x->why, ERR_BAD, "%lld families would be on two sides",
				  (long long)x->families.shared);
	return ERR_OK;
}

/* What an earlier export left under other names would not match the manifest. */
static void remove_others(const struct export_opt *o)
{
	char path[PATH_MAX], keep[64], name[64];

	for (int s = 0; s < SPLIT_N; s++) {
		file_name(o, (enum split)s, keep);
		for (int f = 0; f < EXPORT_FORMATS * 2; f++) {
			struct export_opt other = { .format = (enum export_format)(f / 2),
						    .gzip = f % 2 };

			file_name(&other, (enum split)s, name);
			if (strcmp(name, keep) != 0 && !path_in(o->folder, name, path, NULL))
				unlink(path);
		}
	}
	for (int f = 0; f < EXPORT_FORMATS; f++)
		if (export_formats[f].beside &&
		    export_formats[f].beside != export_formats[o->format].beside &&
		    !path_in(o->folder, export_formats[f].beside, path, NULL))
			unlink(path);
}

/* The old manifest goes first and the new one comes last, so that whatever
 * manifest is there tells the truth about the files beside it. */
static enum err appear(struct run *x)
{
	char path[PATH_MAX];
	enum err err;

	err = path_in(x->opt->folder, "manifest.json", path, x->why);
	if (err)
		return err;
	if (unlink(path) == 0)
		remove_others(x->opt);
	else if (errno != ENOENT)
		return reason_set(x->why, err_errno(errno), "cannot replace %s: %s", path,
				  strerror(errno));
	for (int i = 0; i < SPLIT_N && !err; i++)
		err = export_file_rename(x->out[i], x->why);
	if (!err && x->out[BESIDE])
		err = export_file_rename(x->out[BESIDE], x->why);
	if (!err)
		err = export_file_rename(x->out[CARD], x->why);
	if (!err)
		err = export_file_rename(x->out[MANIFEST], x->why);
	return err ? err : file_sync_folder(path, x->why);
}

enum err exporter_run(struct reader *r, const struct export_opt *opt, struct export_result *ret,
		      struct reason *why)
{
	struct export_result result = { 0 };
	struct run x = { .reader = r, .opt = opt, .ret = &result, .why = why };
	bool begun = false;
	enum err err;

	must(opt->validation >= 0 && opt->test >= 0 && opt->validation + opt->test < 1);
	x.salt = hash64(opt->salt, 0);
	x.votes = export_pick_votes(&opt->pick) || export_formats[opt->format].looks & EXPORT_VOTES;
	x.labels =
		export_pick_labels(&opt->pick) || export_formats[opt->format].looks & EXPORT_LABELS;
	x.batch = arena_new((size_t)256 << 10);
	x.row = arena_new((size_t)64 << 10);
	x.models = arena_new(4096);
	buf_init(&x.line, EXPORT_ROW_MOST);
	err = check_folder(opt, why);
	if (err)
		goto out;
	err = reader_begin(r, why);
	if (err)
		goto out;
	begun = true;
	err = reader_models(r, x.models, &x.tally.known, &x.tally.n_known, why);
	if (!err)
		err = start(&x);
	if (!err)
		err = rows(&x, r);
	if (!err)
		err = check_sides(&x);
	if (!err)
		err = finish(&x);
	if (!err)
		err = appear(&x);
	if (!err)
		*ret = result;
out:
	if (begun)
		reader_end(r);
	for (int i = 0; i < N_FILES; i++)
		export_file_free(x.out[i]);
	export_side_done(&x.families);
	export_side_done(&x.titles);
	export_side_done(&x.images);
	export_report_done(&x.tally);
	buf_done(&x.line);
	arena_free(x.models);
	arena_free(x.row);
	arena_free(x.batch);
	return err;
}
