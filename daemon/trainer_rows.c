#include "daemon/trainer_rows.h"

#include "base/mem.h"
#include "base/must.h"
#include "daemon/beside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum err trainer_rows_open(struct trainer_rows *r, const char *file, const char *ending,
			   struct reason *why)
{
	if (snprintf(r->path, sizeof(r->path), "%s%s", file, ending) >= (int)sizeof(r->path))
		return reason_set(why, ERR_TOO_BIG, "path too long: %s", file);
	r->n = 0;
	r->f = fopen(r->path, "w+e");
	if (!r->f)
		return reason_set(why, err_errno(errno), "cannot create %s: %s", r->path,
				  strerror(errno));
	/* Nameless from the start, so that no crash leaves it behind. */
	unlink(r->path);
	return ERR_OK;
}

void trainer_rows_close(struct trainer_rows *r)
{
	if (r->f)
		fclose(r->f);
	free(r->line);
	*r = (struct trainer_rows){ 0 };
}

static enum err cannot_write(const struct trainer_rows *r, struct reason *why)
{
	return reason_set(why, err_errno(errno), "cannot write %s: %s", r->path, strerror(errno));
}

/* A value with a tab or a line end in it would be several. */
static void put(FILE *f, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		putc((unsigned char)s.p[i] < ' ' ? ' ' : s.p[i], f);
}

enum err trainer_rows_add(struct trainer_rows *r, const struct listing *l, struct str category,
			  unsigned untold, struct reason *why)
{
	struct beside b;

	r->n++;
	beside_of(l, &b);
	put(r->f, l->title_clean);
	putc('\t', r->f);
	put(r->f, category);
	fprintf(r->f, "\t%016llx\t%lld", (unsigned long long)l->family, (long long)l->id);
	for (int i = 0; i < HINT_N; i++) {
		putc('\t', r->f);
		if (!(untold & HINT_BIT(i)))
			put(r->f, b.values[i]);
	}
	putc('\n', r->f);
	return ferror(r->f) ? cannot_write(r, why) : ERR_OK;
}

enum err trainer_rows_flush(struct trainer_rows *r, struct reason *why)
{
	return fflush(r->f) == 0 ? ERR_OK : cannot_write(r, why);
}

static void rows_rewind(void *ctx)
{
	struct trainer_rows *r = ctx;

	rewind(r->f);
}

static bool rows_next(void *ctx, struct classifier_row *ret)
{
	struct trainer_rows *r = ctx;
	ssize_t n = getline(&r->line, &r->room, r->f);
	struct str rest, title, category, family, id, values[HINT_N];

	if (n <= 0)
		return false;
	rest = (struct str){ r->line, (size_t)n - (r->line[n - 1] == '\n') };
	must(str_next(&rest, '\t', &title) && str_next(&rest, '\t', &category) &&
	     str_next(&rest, '\t', &family) && str_next(&rest, '\t', &id) && str_i64(id, &r->id));
	for (int i = 0; i < HINT_N; i++)
		must(str_next(&rest, '\t', &values[i]));
	classifier_row_of(title, category, ret);
	ret->group = strtoull(family.p, NULL, 16);
	ret->fields_n = beside_fields(values, r->fields, ret->fields);
	return true;
}

int64_t *trainer_rows_ids(struct trainer_rows *r)
{
	int64_t *ids = mem_array((size_t)r->n + 1, sizeof(*ids));
	struct classifier_row row;

	rows_rewind(r);
	for (int64_t i = 0; i < r->n && rows_next(r, &row); i++)
		ids[i] = r->id;
	return ids;
}

struct classifier_rows trainer_rows_of(struct trainer_rows *r)
{
	return (struct classifier_rows){ .ctx = r, .rewind = rows_rewind, .next = rows_next };
}
