#include "daemon/trainer_rows.h"

#include "base/must.h"

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

enum err trainer_rows_add(struct trainer_rows *r, struct str title, struct str category,
			  struct reason *why)
{
	r->n++;
	if (fprintf(r->f, "%.*s\t%.*s\n", STR_ARG(title), STR_ARG(category)) < 0)
		return cannot_write(r, why);
	return ERR_OK;
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
	struct str line;
	ptrdiff_t tab;

	if (n <= 0)
		return false;
	line = (struct str){ r->line, (size_t)n - (r->line[n - 1] == '\n') };
	tab = str_find_char(line, '\t');
	must(tab >= 0);
	classifier_row_of(str_sub(line, 0, (size_t)tab), str_sub(line, (size_t)tab + 1, line.n),
			  ret);
	return true;
}

struct classifier_rows trainer_rows_of(struct trainer_rows *r)
{
	return (struct classifier_rows){ .ctx = r, .rewind = rows_rewind, .next = rows_next };
}
