#include "classifier/folds_file.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FOLDS_VERSION 1u
#define FOLDS_ENDIAN 0x01020304u
#define SECTION 64 /* bytes that sections begin at multiples of */
#define CLASSES_MOST 65535
#define PROGRESS_ROWS 1024

struct header {
	char magic[8];
	uint32_t version, endian;
	uint64_t file_bytes, checksum; /* of all before the probabilities but this number */
	uint64_t rows;
	uint32_t classes, folds;
	int64_t made_ms, taxonomy;
	uint64_t labels;
	double temperature, top1, top3, loss;
	uint32_t names_bytes, unused[5];
};
_Static_assert(sizeof(struct header) == 128, "the header has no holes");

static const char magic[8] = { 'p', 'i', 'p', 'e', 'd', 'f', 'l', 'd' };
#define CHECKED_FROM offsetof(struct header, rows)

struct entry {
	int64_t id;
	uint32_t klass, fold;
};
_Static_assert(sizeof(struct entry) == 16, "an entry has no holes");

struct folds_file {
	const struct header *head;
	const struct entry *entries;
	const float *p;
	const char **names;
	void *mapped;
	size_t bytes;
};

struct layout {
	size_t entries, p, total;
};

static size_t section(size_t at)
{
	return (at + SECTION - 1) / SECTION * SECTION;
}

static struct layout layout_of(const struct header *h)
{
	struct layout l;

	l.entries = section(sizeof(*h) + h->names_bytes);
	l.p = section(l.entries + (size_t)h->rows * sizeof(struct entry));
	l.total = l.p + (size_t)h->rows * h->classes * sizeof(float);
	return l;
}

static uint64_t checksum_of(const char *front, size_t n)
{
	return hash64_join(hash64((struct str){ front, offsetof(struct header, checksum) }, 0),
			   hash64((struct str){ front + CHECKED_FROM, n - CHECKED_FROM }, 0));
}

/* ---- writing ---- */

/* A row's id, and where the folds have it. */
struct place {
	int64_t id, at;
};

static int by_id(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

struct writing {
	const struct classifier_folds *f;
	struct classifier_folds_about about;
	struct place *order; /* of rows, by id */
	float *p;
	bool (*progress)(void *ctx, double done, const char *what);
	void *ctx;
};

static enum err put_in_order(struct writing *w, const int64_t *ids)
{
	struct classifier_folds_row row;
	enum err err = ERR_OK;

	for (int64_t i = 0; i < w->about.rows && !err; i++) {
		err = classifier_folds_row(w->f, i, &row, w->p);
		if (!err)
			w->order[i] = (struct place){ ids[row.input], i };
	}
	if (!err && w->about.rows)
		qsort(w->order, (size_t)w->about.rows, sizeof(*w->order), by_id);
	return err;
}

/* Header, names and entries: all that is checked. */
static enum err make_front(struct writing *w, struct header *h, struct buf *names, char **ret,
			   size_t *ret_n)
{
	struct classifier_folds_row row;
	struct entry *entries;
	struct layout l;
	enum err err = ERR_OK;

	for (int k = 0; k < w->about.classes; k++) {
		buf_add(names, classifier_folds_class(w->f, k));
		buf_add_char(names, 0);
	}
	h->names_bytes = (uint32_t)names->n;
	l = layout_of(h);
	h->file_bytes = l.total;
	*ret = mem_zero(l.p);
	*ret_n = l.p;
	memcpy(*ret + sizeof(*h), names->p, names->n);
	entries = (struct entry *)(void *)(*ret + l.entries);
	for (int64_t i = 0; i < w->about.rows && !err; i++) {
		err = classifier_folds_row(w->f, w->order[i].at, &row, w->p);
		if (!err)
			entries[i] = (struct entry){ w->order[i].id, (uint32_t)row.klass,
						     (uint32_t)row.fold };
	}
	memcpy(*ret, h, sizeof(*h));
	h->checksum = checksum_of(*ret, *ret_n);
	memcpy(*ret, h, sizeof(*h));
	return err;
}

static enum err write_rows(struct writing *w, FILE *to)
{
	const size_t classes = (size_t)w->about.classes;
	struct classifier_folds_row row;
	enum err err = ERR_OK;

	for (int64_t i = 0; i < w->about.rows && !err; i++) {
		if (w->progress && i % PROGRESS_ROWS == 0 &&
		    !w->progress(w->ctx, (double)i / (double)w->about.rows, "writing"))
			return ERR_CANCELLED;
		err = classifier_folds_row(w->f, w->order[i].at, &row, w->p);
		if (!err && fwrite(w->p, sizeof(*w->p), classes, to) != classes)
			err = err_errno(errno);
	}
	return err;
}

static enum err write_temp(struct writing *w, const char *front, size_t n, const char *temp)
{
	FILE *f = fopen(temp, "we");
	enum err err = ERR_OK;

	if (!f)
		return err_errno(errno);
	if (fwrite(front, 1, n, f) != n)
		err = err_errno(errno);
	if (!err)
		err = write_rows(w, f);
	if (!err && (fflush(f) != 0 || fsync(fileno(f)) != 0))
		err = err_errno(errno);
	if (fclose(f) != 0 && !err)
		err = err_errno(errno);
	return err;
}

static enum err write_all(struct writing *w, const int64_t *ids, struct header *h, const char *temp)
{
	struct buf names;
	char *front = NULL;
	size_t n = 0;
	enum err err;

	buf_init(&names, UINT32_MAX);
	err = put_in_order(w, ids);
	if (!err)
		err = make_front(w, h, &names, &front, &n);
	if (!err)
		err = write_temp(w, front, n, temp);
	mem_free(front);
	buf_done(&names);
	return err;
}

enum err folds_file_write(const struct classifier_folds *f, const int64_t *ids,
			  const struct folds_file_about *about,
			  bool (*progress)(void *ctx, double done, const char *what), void *ctx,
			  const char *path, struct reason *why)
{
	struct classifier_folds_about a = classifier_folds_about(f);
	struct header h = { .version = FOLDS_VERSION,
			    .endian = FOLDS_ENDIAN,
			    .rows = (uint64_t)a.rows,
			    .classes = (uint32_t)a.classes,
			    .folds = (uint32_t)a.folds,
			    .made_ms = about->made_ms,
			    .taxonomy = about->taxonomy,
			    .labels = about->labels,
			    .temperature = a.temperature,
			    .top1 = a.top1,
			    .top3 = a.top3,
			    .loss = a.loss };
	struct writing w = { .f = f,
			     .about = a,
			     .order = mem_array((size_t)a.rows + 1, sizeof(*w.order)),
			     .p = mem_array((size_t)a.classes + 1, sizeof(*w.p)),
			     .progress = progress,
			     .ctx = ctx };
	char temp[PATH_MAX];
	enum err err = ERR_TOO_BIG;

	memcpy(h.magic, magic, sizeof(magic));
	if (snprintf(temp, sizeof(temp), "%s.tmp", path) < (int)sizeof(temp))
		err = write_all(&w, ids, &h, temp);
	if (!err && rename(temp, path) != 0)
		err = err_errno(errno);
	mem_free(w.order);
	mem_free(w.p);
	if (!err)
		return file_sync_folder(path, why);
	unlink(temp);
	return reason_set(why, err, "%s: %s", path,
			  err == ERR_CANCELLED ? "cancelled" : "cannot be written");
}

/* ---- reading ---- */

/* That numbers fit each other, so that nothing is read beyond the end. */
static bool sizes_fit(const struct header *h, size_t bytes)
{
	if (h->file_bytes != bytes || h->classes < 1 || h->classes > CLASSES_MOST ||
	    h->names_bytes > bytes || h->rows > bytes / sizeof(struct entry) ||
	    h->rows * sizeof(float) > bytes / h->classes)
		return false;
	return layout_of(h).total == bytes;
}

static bool take_names(struct folds_file *f)
{
	const char *at = (const char *)(f->head + 1), *end = at + f->head->names_bytes;

	f->names = mem_array(f->head->classes, sizeof(*f->names));
	for (uint32_t k = 0; k < f->head->classes; k++) {
		const char *stop = at < end ? memchr(at, 0, (size_t)(end - at)) : NULL;

		if (!stop)
			return false;
		f->names[k] = at;
		at = stop + 1;
	}
	return at == end;
}

static bool entries_fit(const struct folds_file *f)
{
	for (uint64_t i = 0; i < f->head->rows; i++)
		if (f->entries[i].klass >= f->head->classes ||
		    (i && f->entries[i].id <= f->entries[i - 1].id))
			return false;
	return true;
}

static enum err check(struct folds_file *f)
{
	const char *bytes = f->mapped;
	struct layout l;

	f->head = f->mapped;
	if (memcmp(f->head->magic, magic, sizeof(magic)) != 0)
		return ERR_BAD;
	if (f->head->version != FOLDS_VERSION || f->head->endian != FOLDS_ENDIAN)
		return ERR_VERSION;
	if (!sizes_fit(f->head, f->bytes))
		return ERR_BAD;
	l = layout_of(f->head);
	if (checksum_of(bytes, l.p) != f->head->checksum)
		return ERR_BAD;
	f->entries = (const struct entry *)(const void *)(bytes + l.entries);
	f->p = (const float *)(const void *)(bytes + l.p);
	return take_names(f) && entries_fit(f) ? ERR_OK : ERR_BAD;
}

enum err folds_file_open(const char *path, struct folds_file **ret, struct reason *why)
{
	struct folds_file *f = mem_zero(sizeof(*f));
	enum err err = file_map(path, sizeof(struct header), SIZE_MAX, "file of folds", &f->mapped,
				&f->bytes, why);

	if (!err) {
		err = check(f);
		if (err)
			reason_set(why, err, "%s: %s", path,
				   err == ERR_VERSION ? "of another version or kind of machine"
						      : "damaged, or not a file of folds");
	}
	if (err) {
		folds_file_close(f);
		return err;
	}
	*ret = f;
	return ERR_OK;
}

void folds_file_close(struct folds_file *f)
{
	if (!f)
		return;
	if (f->mapped)
		munmap(f->mapped, f->bytes);
	mem_free(f->names);
	mem_free(f);
}

struct folds_file_about folds_file_about(const struct folds_file *f)
{
	const struct header *h = f->head;

	return (struct folds_file_about){ .rows = (int64_t)h->rows,
					  .made_ms = h->made_ms,
					  .taxonomy = h->taxonomy,
					  .labels = h->labels,
					  .classes = (int)h->classes,
					  .folds = (int)h->folds,
					  .temperature = h->temperature,
					  .top1 = h->top1,
					  .top3 = h->top3,
					  .loss = h->loss };
}

struct str folds_file_class(const struct folds_file *f, int k)
{
	return str_of(f->names[k]);
}

struct folds_file_row folds_file_row(const struct folds_file *f, int64_t i)
{
	const struct entry *e = &f->entries[i];

	return (struct folds_file_row){ .id = e->id,
					.klass = (int)e->klass,
					.fold = (int)e->fold,
					.p = f->p + (size_t)i * f->head->classes };
}

int64_t folds_file_find(const struct folds_file *f, int64_t id)
{
	int64_t low = 0, high = (int64_t)f->head->rows;

	while (low < high) {
		int64_t mid = low + (high - low) / 2;

		if (f->entries[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < (int64_t)f->head->rows && f->entries[low].id == id ? low : -1;
}
