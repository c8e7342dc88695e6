#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include "base/clock.h"

#include <string.h>

const struct opt ctl_trace_options[] = {
	{ .name = "raw",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(raw),
	  .doc = "With a page: its WARC record as it lies in the archive, decompressed." },
	{ .name = NULL },
};

static void title(const struct command_env *env, const char *text)
{
	printf("%s%s%s\n", screen_colour(env, SCREEN_BOLD), text, screen_colour(env, SCREEN_PLAIN));
}

static void line(const char *name, const char *value)
{
	if (value[0])
		printf("  %-14s %s\n", name, value);
}

static void mark(const json_t *v)
{
	if (json_is_boolean(v))
		printf("%s", json_is_true(v) ? "yes" : "no");
	else
		printf("%s", screen_text(v));
}

/* What the title says: "brand nike, size 270, negotiable no". */
static void marks(const json_t *m)
{
	const char *key, *between = "";
	const json_t *v, *each;
	size_t i;

	if (!json_is_object(m))
		return;
	printf("  %-14s ", "title says");
	json_object_foreach((json_t *)(uintptr_t)m, key, v)
	{
		printf("%s%s ", between, key);
		if (!json_is_array(v))
			mark(v);
		json_array_foreach(v, i, each)
		{
			printf("%s", i ? " " : "");
			mark(each);
		}
		between = ", ";
	}
	putchar('\n');
}

/* Of more than one. */
static void list(const char *name, const json_t *all, const char *between)
{
	const json_t *each;
	size_t i;

	if (json_array_size(all) < 2)
		return;
	printf("  %-14s ", name);
	json_array_foreach(all, i, each) printf("%s%s", i ? between : "", screen_text(each));
	putchar('\n');
}

static void attributes(const json_t *all)
{
	const char *key;
	const json_t *v;

	if (!json_is_object(all))
		return;
	json_object_foreach((json_t *)(uintptr_t)all, key, v)
	{
		json_t *name = json_string(key);

		printf("  %-14s %s: %s\n", "attribute", screen_text(name), screen_text(v));
		json_decref(name);
	}
}

static void listing(const struct command_env *env, const json_t *l)
{
	const json_t *f;
	size_t i;

	printf("%slisting %lld  %s/%s%s\n", screen_colour(env, SCREEN_BOLD),
	       (long long)screen_int(l, "id"), screen_member(l, "source"),
	       screen_member(l, "ext_id"), screen_colour(env, SCREEN_PLAIN));
	line("title", screen_member(l, "title"));
	line("clean title", screen_member(l, "title_clean"));
	if (strcmp(screen_member(l, "title_core"), screen_member(l, "title_clean")) != 0)
		line("of the thing", screen_member(l, "title_core"));
	marks(json_object_get(l, "title_marks"));
	if (json_is_number(json_object_get(l, "price")))
		printf("  %-14s %.12g %s\n", "price", screen_real(l, "price"),
		       screen_member(l, "currency"));
	printf("  %-14s %s since %s\n", "state", screen_member(l, "state"),
	       screen_member(l, "state_since"));
	line("url", screen_member(l, "url"));
	line("image", screen_member(l, "image"));
	list("images", json_object_get(l, "images"), "\n                 ");
	line("category", screen_member(l, "source_category"));
	list("levels", json_object_get(l, "category_path"), " > ");
	line("brand", screen_member(l, "brand"));
	line("condition", screen_member(l, "condition"));
	line("location", screen_member(l, "location"));
	attributes(json_object_get(l, "attributes"));
	line("posted", screen_member(l, "posted"));
	line("updated", screen_member(l, "updated"));
	line("first seen", screen_member(l, "first_seen"));
	line("last seen", screen_member(l, "last_seen"));
	printf("  %-14s %s, %lld members, split %s\n", "family", screen_member(l, "family"),
	       (long long)screen_int(l, "family_size"), screen_member(l, "split"));
	json_array_foreach(json_object_get(l, "flags"), i, f) printf(
		"  %-14s %s (%s)\n", "flag", screen_text(f), screen_member(l, "flag_reason"));
}

static void image(const struct command_env *env, const json_t *i)
{
	if (!json_is_object(i))
		return;
	title(env, "image");
	if (screen_true(i, "kept"))
		printf("  %lld x %lld, %lld bytes: %s\n", (long long)screen_int(i, "width"),
		       (long long)screen_int(i, "height"), (long long)screen_int(i, "bytes"),
		       screen_member(i, "path"));
	printf("  job %lld %s%s%s\n", (long long)screen_int(i, "job"), screen_member(i, "state"),
	       screen_member(i, "reason")[0] ? ": " : "", screen_member(i, "reason"));
	line("url", screen_member(i, "url"));
}

static void says(const struct command_env *env, const json_t *root)
{
	const json_t *l = json_object_get(root, "listing"), *v;
	size_t i;

	title(env, "votes");
	json_array_foreach(json_object_get(root, "votes"), i, v)
		printf("  %-24s %-28s weight %.2f\n", screen_member(v, "rule"),
		       screen_member(v, "category"), screen_real(v, "weight"));
	title(env, "labels, newest last");
	json_array_foreach(json_object_get(root, "labels"), i, v)
	{
		printf("  %s %-28s by %s", screen_member(v, "made"), screen_member(v, "category"),
		       screen_member(v, "by"));
		if (screen_member(v, "who")[0])
			printf(" %s", screen_member(v, "who"));
		printf("  confidence %.2f", screen_real(v, "confidence"));
		if (screen_member(v, "why")[0])
			printf(" (%s)", screen_member(v, "why"));
		if (screen_member(v, "undone")[0])
			printf(" undone %s", screen_member(v, "undone"));
		if (json_is_object(json_object_get(v, "recoded")))
			printf(" written as %s, which was %s",
			       screen_member(json_object_get(v, "recoded"), "written"),
			       screen_member(json_object_get(v, "recoded"), "why"));
		putchar('\n');
	}
	title(env, "suggestions");
	json_array_foreach(json_object_get(l, "suggestions"), i, v)
		printf("  %5.1f%%  %-28s %s\n", screen_real(v, "p") * 100,
		       screen_member(v, "category"), screen_member(v, "ko"));
	line("by model", screen_member(l, "model"));
	image(env, json_object_get(root, "image_file"));
	if (json_array_size(json_object_get(root, "history")))
		title(env, "history");
	json_array_foreach(json_object_get(root, "history"), i, v)
		printf("  %s %-6s %s -> %s (page %lld)\n", screen_member(v, "seen"),
		       screen_member(v, "field"), screen_member(v, "was"), screen_member(v, "now"),
		       (long long)screen_int(v, "page"));
	if (json_array_size(json_object_get(root, "family")))
		title(env, "others of its family");
	json_array_foreach(json_object_get(root, "family"), i, v) printf(
		"  %lld  %s/%s  %s\n", (long long)screen_int(v, "id"), screen_member(v, "source"),
		screen_member(v, "ext_id"), screen_member(v, "title"));
}

static void page(const struct command_env *env, const json_t *p)
{
	const json_t *r = json_object_get(p, "record"), *i = json_object_get(p, "import");

	printf("%spage %lld%s  %s, status %lld, %s\n", screen_colour(env, SCREEN_BOLD),
	       (long long)screen_int(p, "id"), screen_colour(env, SCREEN_PLAIN),
	       screen_member(p, "state"), (long long)screen_int(p, "status"),
	       screen_member(p, "fetched"));
	line("url", screen_member(p, "url"));
	line("reason", screen_member(p, "reason"));
	printf("  %-14s %lld items, %lld skipped, %lld rejected, %lld listings\n", "extracted",
	       (long long)screen_int(p, "items"), (long long)screen_int(p, "skipped"),
	       (long long)screen_int(p, "rejected"), (long long)screen_int(p, "listings"));
	printf("  %-14s %lld bytes on the wire, %lld decoded\n", "body",
	       (long long)screen_int(p, "wire_bytes"), (long long)screen_int(p, "body_bytes"));
	if (screen_int(p, "same_as"))
		printf("  %-14s page %lld\n", "its body", (long long)screen_int(p, "same_as"));
	if (screen_int(i, "id"))
		printf("  %-14s %s at %lld\n", "imported from", screen_member(i, "file"),
		       (long long)screen_int(i, "offset"));
	if (screen_member(p, "removed")[0])
		printf("  %-14s removed from the archive on %s by %s; was in %s\n", "WARC record",
		       screen_member(p, "removed"), screen_member(p, "removed_by"),
		       screen_member(r, "file"));
	else if (json_is_object(r))
		printf("  %-14s %s, offset %lld, %lld bytes (pipectl trace page %lld --raw)\n",
		       "WARC record", screen_member(r, "file"), (long long)screen_int(r, "offset"),
		       (long long)screen_int(r, "bytes"), (long long)screen_int(p, "id"));
}

static void jobs(const struct command_env *env, const json_t *root)
{
	const json_t *seed = json_object_get(root, "seed"), *j;
	size_t i;

	json_array_foreach(json_object_get(root, "jobs"), i, j)
	{
		printf("%s%s %lld%s  %s, due %s, attempts %lld\n", screen_colour(env, SCREEN_BOLD),
		       i ? "named by job" : "job", (long long)screen_int(j, "id"),
		       screen_colour(env, SCREEN_PLAIN), screen_member(j, "state"),
		       screen_member(j, "due"), (long long)screen_int(j, "attempts"));
		line("url", screen_member(j, "url"));
		line("body", screen_member(j, "body"));
		line("reason", screen_member(j, "reason"));
		show_visit(json_object_get(j, "visit"), 14);
	}
	if (json_is_object(seed)) {
		title(env, "seed");
		printf("  %-14s %s:%lld\n", "configured at", screen_member(seed, "file"),
		       (long long)screen_int(seed, "line"));
		line("url", screen_member(seed, "url"));
	}
}

static void print(const struct command_env *env, const json_t *root)
{
	const json_t *p;
	size_t i;

	if (json_is_object(json_object_get(root, "listing"))) {
		listing(env, json_object_get(root, "listing"));
		says(env, root);
	}
	if (json_is_object(json_object_get(root, "page")))
		page(env, json_object_get(root, "page"));
	json_array_foreach(json_object_get(root, "pages"), i, p) page(env, p);
	if (json_array_size(json_object_get(root, "rejected")))
		title(env, "rejected records that are kept");
	ctl_rejected_records(env, json_object_get(root, "rejected"));
	jobs(env, root);
}

/* A listing goes by row id or by SOURCE/ID. */
static bool make_path(const struct command_env *env, struct buf *path)
{
	const char *kind = env->args[0], *id = env->args[1];
	const char *slash = strchr(id, '/');
	struct buf source;

	if (strcmp(kind, "listing") != 0 && strcmp(kind, "page") != 0 && strcmp(kind, "job") != 0)
		return false;
	buf_fmt(path, "/api/trace/%s", kind);
	if (strcmp(kind, "listing") == 0 && slash) {
		buf_init(&source, 4096);
		buf_add(&source, (struct str){ id, (size_t)(slash - id) });
		buf_add_text(path, "/-");
		http_param(path, "source", buf_str(&source).p);
		http_param(path, "ext_id", slash + 1);
		buf_done(&source);
	} else {
		http_segment(path, id);
	}
	return true;
}

static int raw(const struct command_env *env)
{
	struct buf path;
	int rc;

	if (strcmp(env->args[0], "page") != 0) {
		fprintf(stderr, "pipectl: --raw goes with a page: pipectl trace page ID --raw\n");
		return EXIT_USAGE;
	}
	buf_init(&path, 4096);
	buf_add_text(&path, "/api/pages");
	http_segment(&path, env->args[1]);
	buf_add_text(&path, "/record");
	rc = http_download(env, path.p, stdout);
	buf_done(&path);
	return rc;
}

int ctl_trace(const struct command_env *env)
{
	struct buf path;
	int rc;

	if (env->opt.raw)
		return raw(env);
	buf_init(&path, 1 << 16);
	if (!make_path(env, &path)) {
		buf_done(&path);
		fprintf(stderr, "pipectl: trace listing ID, page ID or job ID, not '%s'\n",
			env->args[0]);
		return EXIT_USAGE;
	}
	rc = show_get(env, path.p, print);
	buf_done(&path);
	return rc;
}
