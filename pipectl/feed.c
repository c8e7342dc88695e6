#include "pipectl/feed.h"

#include "base/buf.h"
#include "pipectl/screen.h"

#include <string.h>

#define PAGE 10

void feed_init(struct feed *f, const struct command_env *env, const char *queue, const char *who)
{
	*f = (struct feed){ .env = env, .queue = queue, .who = who, .draw = env->opt.draw };
}

void feed_done(struct feed *f)
{
	json_decref(f->items);
	json_decref(f->back);
	json_decref(f->shown);
}

bool feed_is_ready(const struct feed *f)
{
	return f->back || json_array_size(f->items);
}

/* The one that is on the screen still waits, so the daemon names it again. */
static void leave_out(json_t *items, int64_t listing)
{
	for (size_t i = json_array_size(items); i-- > 0;)
		if (screen_int(json_array_get(items, i), "id") == listing)
			json_array_remove(items, i);
}

static int fetch(struct feed *f, int64_t but)
{
	json_t *root = NULL;
	struct buf path;
	int rc;

	buf_init(&path, 4096);
	buf_add_text(&path, "/api/review/next");
	http_param_int(&path, "n", PAGE);
	http_param(&path, "source", f->env->opt.source);
	http_param(&path, "who", f->who);
	http_param(&path, "queue", f->queue);
	http_param_int(&path, "draw", f->draw);
	rc = http_get(f->env, path.p, &root);
	buf_done(&path);
	if (rc)
		return rc;
	f->waiting = screen_int(root, "queue");
	json_decref(f->items);
	f->items = json_incref(json_object_get(root, "items"));
	leave_out(f->items, but);
	json_decref(root);
	return EXIT_DONE;
}

void feed_ahead(struct feed *f)
{
	if (!feed_is_ready(f))
		fetch(f, screen_int(f->shown, "id"));
}

const json_t *feed_next(struct feed *f, int *ret_rc)
{
	json_decref(f->shown);
	f->shown = NULL;
	*ret_rc = feed_is_ready(f) ? EXIT_DONE : fetch(f, 0);
	if (*ret_rc || !feed_is_ready(f))
		return NULL;
	f->shown = f->back;
	f->back = NULL;
	if (!f->shown) {
		f->shown = json_incref(json_array_get(f->items, 0));
		json_array_remove(f->items, 0);
	}
	if (json_object_get(f->shown, "draw"))
		f->draw = screen_int(f->shown, "draw"); /* the newest, where none was named */
	f->place++;
	return f->shown;
}

void feed_back(struct feed *f, int64_t listing)
{
	json_t *root = NULL;
	struct buf path;
	int rc;

	buf_init(&path, 4096);
	buf_fmt(&path, "/api/review/items/%lld", (long long)listing);
	http_param(&path, "queue", f->queue);
	http_param_int(&path, "draw", f->draw);
	rc = http_get(f->env, path.p, &root);
	buf_done(&path);
	/* what is on the screen is not decided yet */
	if (f->shown) {
		json_array_insert(f->items, 0, f->shown);
		f->place--;
	}
	if (rc)
		return;
	json_decref(f->back);
	f->back = json_incref(json_array_get(json_object_get(root, "items"), 0));
	json_decref(root);
	leave_out(f->items, listing);
}
