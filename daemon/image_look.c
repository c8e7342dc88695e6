#include "daemon/image_look.h"

#include "base/file.h"
#include "base/log.h"

#include <inttypes.h>

/* As much as a source may allow (config/conf_images.c). */
#define BYTES_MOST ((size_t)64 << 20)

static bool look_at(const char *folder, const struct image *i, struct arena *a,
		    struct write_look *ret)
{
	struct reason why = { "" };
	struct buf b;
	enum err err;

	buf_init(&b, BYTES_MOST);
	err = file_read(arena_fmt(a, "%s/%.*s", folder, STR_ARG(i->file)).p, &b, &why);
	if (err) {
		log_warn("image=%" PRId64 " %s", i->id, why.text);
	} else {
		ret->image = i->id;
		if (look_read(buf_str(&b), &ret->look, &why))
			ret->reason = arena_text(a, why.text);
	}
	buf_done(&b);
	return !err;
}

enum err image_look_read(struct reader *r, const char *folder, int64_t after_id, struct write *w,
			 int *ret_n, int64_t *ret_last, struct reason *why)
{
	struct image *all = NULL;
	int n = 0;
	enum err err = reader_images_unseen(r, after_id, IMAGE_LOOK_BATCH, w->arena, &all, &n, why);

	if (err)
		return err;
	w->kind = WRITE_LOOKS;
	w->looks = arena_array(w->arena, (size_t)n, sizeof(*w->looks));
	for (int i = 0; i < n; i++)
		w->n_looks += look_at(folder, &all[i], w->arena, &w->looks[w->n_looks]);
	*ret_n = n;
	*ret_last = n ? all[n - 1].id : after_id;
	return ERR_OK;
}
