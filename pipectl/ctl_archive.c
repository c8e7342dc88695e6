#include "base/clock.h"
#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POLL_US 200000

const struct opt ctl_archive_options[] = {
	{ .name = "url",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(url),
	  .value = "PATTERN",
	  .doc = "list: only such addresses, * being any text." },
	{ .name = "source",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(source),
	  .value = "SOURCE",
	  .doc = "list: only pages of this source." },
	{ .name = "since",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(since),
	  .value = "TIME",
	  .doc = "list: only pages fetched since: 2025-03-01, 2025-03-01T12:00:00Z, or a span "
		 "back: "
		 "12h, 7d." },
	{ .name = "limit",
	  .letter = 'n',
	  .type = OPT_INT,
	  .at = COMMAND_AT(limit),
	  .value = "N",
	  .min = 1,
	  .max = 1000,
	  .doc = "list: at most so many (50)." },
	{ .name = "after",
	  .type = OPT_INT,
	  .at = COMMAND_AT(after),
	  .value = "ID",
	  .max = (int64_t)1 << 53,
	  .doc = "list: only pages past this id." },
	{ .name = "headers",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(headers),
	  .doc = "cat: the head of the HTTP response." },
	{ .name = "body",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(body),
	  .doc = "cat: the body as it came." },
	{ .name = "decoded",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(decoded),
	  .doc = "cat: the body without its content-encoding." },
	{ .name = "background",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(background),
	  .doc = "verify, index: do not wait for the end." },
	{ .name = "keep",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(keep),
	  .value = "SPAN",
	  .doc = "size: as if archive-keep were this: 90d, 12h; 0: for ever." },
	{ .name = "max",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(max_size),
	  .value = "SIZE",
	  .doc = "size: as if archive-max were this: 50GiB, 500MiB; 0: any." },
	{ .name = NULL },
};

#define WORK_OPTIONS                                                                               \
	{ .name = "page",                                                                          \
	  .type = OPT_TEXT,                                                                        \
	  .at = COMMAND_AT(page_kind),                                                             \
	  .value = "KIND",                                                                         \
	  .doc = "The page kind, as the source names it." },                                       \
		{ .name = "background",                                                            \
		  .type = OPT_FLAG,                                                                \
		  .at = COMMAND_AT(background),                                                    \
		  .doc = "Do not wait for the end; `pipectl status` shows how far it is." },       \
	{                                                                                          \
		.name = NULL                                                                       \
	}

const struct opt ctl_archive_import_options[] = {
	{ .name = "stop",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(stop),
	  .doc = "Gives up the import that runs; the pages that it brought stay." },
	{ .name = "source",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(source),
	  .value = "SOURCE",
	  .doc = "Only addresses of this source." },
	WORK_OPTIONS,
};

const struct opt ctl_archive_reprocess_options[] = {
	{ .name = "since",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(since),
	  .value = "TIME",
	  .doc = "Only pages fetched since: 2025-03-01, 2025-03-01T12:00:00Z, or a span back: 12h, "
		 "7d." },
	WORK_OPTIONS,
};

static int usage(const char *text)
{
	fprintf(stderr, "pipectl: %s\n", text);
	return EXIT_USAGE;
}

/* A whole number and one of these units; "0" alone is nothing of any. */
struct unit {
	const char *name;
	int64_t is;
};

static bool read_units(const char *text, const struct unit *units, int64_t *ret)
{
	struct str s = str_of(text);
	int64_t n;

	if (str_is(s, "0")) {
		*ret = 0;
		return true;
	}
	for (; units->name; units++) {
		struct str unit = str_of(units->name);

		if (str_ends(s, unit) && str_i64(str_sub(s, 0, s.n - unit.n), &n) && n >= 0 &&
		    n < INT64_MAX / 2 / units->is) {
			*ret = n * units->is;
			return true;
		}
	}
	return false;
}

static bool read_span(const char *text, int64_t *ret_ms)
{
	static const struct unit units[] = { { "s", 1000 },    { "min", 60000 },  { "m", 60000 },
					     { "h", 3600000 }, { "d", 86400000 }, { NULL, 0 } };

	return read_units(text, units, ret_ms);
}

/* "7d" back from now, a day, or a time; false: neither. */
static bool read_since(const char *text, int64_t *ret_ms)
{
	int64_t span;

	if (read_span(text, &span)) {
		*ret_ms = clock_wall_ms(&clock_system) - span;
		return true;
	}
	return clock_read(str_of(text), ret_ms);
}

static bool since_param(const struct command_env *env, struct buf *path)
{
	int64_t ms;

	if (!env->opt.since)
		return true;
	if (!read_since(env->opt.since, &ms))
		return false;
	http_param_int(path, "since_ms", ms);
	return true;
}

#define BAD_SINCE "--since wants 2025-03-01, 2025-03-01T12:00:00Z, or a span such as 12h or 7d"

static void print_pages(const struct command_env *env, const json_t *root)
{
	const json_t *p, *r;
	char text[32];
	size_t i;

	(void)env;
	json_array_foreach(json_object_get(root, "pages"), i, p)
	{
		r = json_object_get(p, "record");
		printf("%8lld  %s  %3lld  %-11s %10s  %s%s:%lld  %s\n",
		       (long long)screen_int(p, "id"), screen_member(p, "fetched"),
		       (long long)screen_int(p, "status"), screen_member(p, "state"),
		       screen_bytes(screen_int(p, "wire_bytes"), text),
		       json_is_string(json_object_get(p, "removed")) ? "removed " : "",
		       screen_member(r, "file"), (long long)screen_int(r, "offset"),
		       screen_member(p, "url"));
	}
}

static int list(const struct command_env *env)
{
	struct buf path;
	int rc;

	if (env->n_args != 1)
		return usage("archive list takes options only: --url, --source, --since");
	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/pages");
	http_param(&path, "url", env->opt.url);
	http_param(&path, "source", env->opt.source);
	if (env->opt.limit > 0)
		http_param_int(&path, "limit", env->opt.limit);
	if (env->opt.after)
		http_param_int(&path, "after", env->opt.after);
	rc = since_param(env, &path) ? show_get(env, path.p, print_pages) : usage(BAD_SINCE);
	buf_done(&path);
	return rc;
}

/* A page's id, an address, or FILE:OFFSET. */
static bool record_path(const char *what, struct buf *path)
{
	const char *colon = strrchr(what, ':');
	struct buf file;
	int64_t n;

	if (strstr(what, "://")) {
		buf_add_text(path, "/api/record");
		http_param(path, "url", what);
	} else if (str_i64(str_of(what), &n)) {
		buf_fmt(path, "/api/pages/%lld/record", (long long)n);
	} else if (colon && str_i64(str_of(colon + 1), &n) && n >= 0) {
		buf_init(&file, 4096);
		buf_add(&file, (struct str){ what, (size_t)(colon - what) });
		buf_add_text(path, "/api/record");
		http_param(path, "file", file.p);
		http_param_int(path, "offset", n);
		buf_done(&file);
	} else {
		return false;
	}
	return true;
}

static int cat(const struct command_env *env)
{
	int parts = env->opt.headers + env->opt.body + env->opt.decoded;
	struct buf path;
	int rc;

	if (env->n_args != 2 || parts > 1)
		return usage("archive cat PAGE|URL|FILE:OFFSET, with one of --headers, --body and "
			     "--decoded at most");
	buf_init(&path, HTTP_MOST_PATH);
	if (record_path(env->args[1], &path)) {
		if (parts)
			http_param(&path, "part",
				   env->opt.headers ? "headers"
				   : env->opt.body  ? "body"
						    : "decoded");
		rc = http_download(env, path.p, stdout);
	} else {
		rc = usage("archive cat wants a page's id, an address, or FILE:OFFSET");
	}
	buf_done(&path);
	return rc;
}

static void waits(const json_t *s)
{
	if (screen_member(s, "waits")[0])
		fprintf(stderr, ", waits: %s", screen_member(s, "waits"));
	fputs("\033[K", stderr);
}

static void progress(const json_t *s)
{
	int64_t all = screen_int(s, "bytes"), done = screen_int(s, "done_bytes");
	char n[32];

	fprintf(stderr, "\r%s records", screen_count(screen_int(s, "records"), n));
	if (all > 0)
		fprintf(stderr, ", %lld%%", (long long)(done * 100 / all));
	if (screen_int(s, "pages"))
		fprintf(stderr, ", %s pages", screen_count(screen_int(s, "pages"), n));
	waits(s);
}

/* It has pages, not records. */
static void progress_reread(const json_t *s)
{
	int64_t last = screen_int(s, "last"), cursor = screen_int(s, "cursor");
	char n[32], changed[32];

	fprintf(stderr, "\r%s pages read again, %s changed",
		screen_count(screen_int(s, "pages"), n),
		screen_count(screen_int(s, "changed"), changed));
	if (last > 0)
		fprintf(stderr, ", %lld%% looked through",
			(long long)(cursor < last ? cursor * 100 / last : 100));
	waits(s);
}

/* Starts it, unless it runs already; then asks until it is over. */
static int work(const struct command_env *env, const char *path, const char *start, json_t *body,
		void (*show)(const json_t *s), json_t **ret)
{
	bool tty = isatty(STDERR_FILENO);
	json_t *root = NULL;
	int rc = http_post(env, start, body, &root);

	json_decref(root);
	while (!rc && !env->opt.background) {
		root = NULL;
		rc = http_get(env, path, &root);
		if (rc)
			break;
		if (strcmp(screen_member(root, "state"), "running") != 0) {
			*ret = root;
			break;
		}
		if (tty)
			show(root);
		json_decref(root);
		usleep(POLL_US);
	}
	if (tty && !env->opt.background)
		fputs("\r\033[K", stderr);
	if (!rc && env->opt.background)
		printf("started; pipectl status shows how far it is\n");
	return rc;
}

static int failed(const json_t *s)
{
	if (strcmp(screen_member(s, "state"), "failed") != 0)
		return EXIT_DONE;
	fprintf(stderr, "pipectl: %s\n", screen_member(s, "error"));
	return EXIT_FAILED;
}

static void print_problems(const json_t *s)
{
	const json_t *p;
	size_t i;

	json_array_foreach(json_object_get(s, "problem"), i, p)
	{
		printf("%s:%lld", screen_member(p, "file"), (long long)screen_int(p, "offset"));
		if (screen_int(p, "page"))
			printf(" page %lld", (long long)screen_int(p, "page"));
		printf(": %s\n", screen_member(p, "what"));
	}
	if ((size_t)screen_int(s, "problems") > i)
		printf("and %lld more\n", (long long)(screen_int(s, "problems") - (int64_t)i));
}

static json_t *paths(const struct command_env *env)
{
	json_t *files = json_pack("[]");
	char full[PATH_MAX];

	for (int i = 1; i < env->n_args; i++)
		json_array_append_new(
			files, json_string(realpath(env->args[i], full) ? full : env->args[i]));
	return json_pack("{s:o}", "files", files);
}

static int verify(const struct command_env *env)
{
	json_t *body = env->n_args > 1 ? paths(env) : NULL, *s = NULL;
	char records[32], pages[32];
	int rc = work(env, "/api/archive/verify", "/api/archive/verify", body, progress, &s);

	json_decref(body);
	if (rc || !s)
		return rc;
	rc = failed(s);
	if (env->opt.json)
		screen_json(s);
	else if (!rc) {
		print_problems(s);
		printf("%lld files, %s records, digests right %lld, wrong %lld, not checked %lld; "
		       "%s pages, %lld more removed from the archive; %lld problems\n",
		       (long long)screen_int(s, "files"),
		       screen_count(screen_int(s, "records"), records),
		       (long long)screen_int(s, "digests_right"),
		       (long long)screen_int(s, "digests_wrong"),
		       (long long)screen_int(s, "digests_unchecked"),
		       screen_count(screen_int(s, "pages"), pages),
		       (long long)screen_int(s, "pages_removed"),
		       (long long)screen_int(s, "problems"));
	}
	if (!rc && screen_int(s, "problems"))
		rc = EXIT_FAILED;
	json_decref(s);
	return rc;
}

static int make_index(const struct command_env *env)
{
	json_t *s = NULL;
	int rc = work(env, "/api/archive/index", "/api/archive/index", NULL, progress, &s);

	if (rc || !s)
		return rc;
	rc = failed(s);
	if (env->opt.json)
		screen_json(s);
	else if (!rc) {
		print_problems(s);
		printf("%lld segments indexed, %lld lines\n", (long long)screen_int(s, "files"),
		       (long long)screen_int(s, "lines"));
	}
	json_decref(s);
	return rc;
}

static void bound(const char *name, const char *value)
{
	printf("%-14s %s\n", name, value);
}

static void print_size(const struct command_env *env, const json_t *s)
{
	const json_t *all = json_object_get(s, "would_remove"), *f;
	int64_t keep = screen_int(s, "keep_ms"), most = screen_int(s, "max_bytes");
	char bytes[32], text[64];
	size_t i;

	(void)env;
	printf("%lld segments, %s with their indexes, the oldest begun %s\n",
	       (long long)screen_int(s, "segments"), screen_bytes(screen_int(s, "bytes"), bytes),
	       screen_member(s, "oldest")[0] ? screen_member(s, "oldest") : "at no known time");
	clock_span(keep, text);
	bound("archive-keep", keep ? text : "for ever");
	bound("archive-max", most ? screen_bytes(most, bytes) : "any size");
	if (screen_int(s, "removed_segments"))
		printf("%-14s %lld segments, %s, last %s\n", "removed so far",
		       (long long)screen_int(s, "removed_segments"),
		       screen_bytes(screen_int(s, "removed_bytes"), bytes),
		       screen_member(s, "removed_last"));
	printf("%-14s %lld segments, %s\n", "would go now", (long long)json_array_size(all),
	       screen_bytes(screen_int(s, "would_remove_bytes"), bytes));
	json_array_foreach(all, i, f)
	{
		clock_span(screen_int(f, "age_ms"), text);
		printf("  %s %10s  closed %s ago, by %s\n", screen_member(f, "file"),
		       screen_bytes(screen_int(f, "bytes"), bytes), text, screen_member(f, "by"));
	}
	json_array_foreach(json_object_get(s, "would_keep"), i, f)
		printf("  %s %10s  stays: page %lld shows an open drift warning (pipectl drift)\n",
		       screen_member(f, "file"), screen_bytes(screen_int(f, "bytes"), bytes),
		       (long long)screen_int(f, "page"));
	if (screen_int(s, "over_bytes"))
		printf("%-14s %s: what is left cannot be removed\n", "past the most",
		       screen_bytes(screen_int(s, "over_bytes"), bytes));
}

/* What there is, and what would be removed of it; nothing is. */
static int size(const struct command_env *env)
{
	static const struct unit units[] = { { "KiB", 1 << 10 },
					     { "MiB", 1 << 20 },
					     { "GiB", 1 << 30 },
					     { "TiB", INT64_C(1) << 40 },
					     { NULL, 0 } };
	int64_t keep, most;
	struct buf path;
	int rc;

	if (env->n_args != 1)
		return usage("archive size takes options only: --keep, --max");
	if (env->opt.keep && !read_span(env->opt.keep, &keep))
		return usage("--keep wants a span such as 90d or 12h, or 0");
	if (env->opt.max_size && !read_units(env->opt.max_size, units, &most))
		return usage("--max wants a size such as 50GiB, or 0");
	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/archive/size");
	if (env->opt.keep)
		http_param_int(&path, "keep_ms", keep);
	if (env->opt.max_size)
		http_param_int(&path, "max_bytes", most);
	rc = show_get(env, path.p, print_size);
	buf_done(&path);
	return rc;
}

int ctl_archive(const struct command_env *env)
{
	static const struct {
		const char *name;
		int (*run)(const struct command_env *env);
	} rows[] = {
		{ "list", list },	 { "cat", cat },   { "verify", verify },
		{ "index", make_index }, { "size", size },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(env->args[0], rows[i].name) == 0)
			return rows[i].run(env);
	return usage("archive list, cat, verify, index or size; see pipectl archive --help");
}

static int stop_import(const struct command_env *env)
{
	json_t *root = NULL;
	int rc = http_post(env, "/api/archive/import/stop", NULL, &root);

	if (!rc && env->opt.json)
		screen_json(root);
	else if (!rc)
		printf("the import is given up\n");
	json_decref(root);
	return rc;
}

int ctl_archive_import(const struct command_env *env)
{
	json_t *body, *s = NULL;
	const json_t *left;
	char full[PATH_MAX];
	const char *name;
	int rc;

	if (env->opt.stop != (env->n_args == 0))
		return usage("import FILE, or import --stop");
	if (env->opt.stop)
		return stop_import(env);
	body = json_pack("{s:s}", "file", realpath(env->args[0], full) ? full : env->args[0]);
	if (body && env->opt.source)
		json_object_set_new(body, "source", json_string(env->opt.source));
	if (body && env->opt.page_kind)
		json_object_set_new(body, "kind", json_string(env->opt.page_kind));
	rc = work(env, "/api/archive/import", "/api/archive/import", body, progress, &s);
	json_decref(body);
	if (rc || !s)
		return rc;
	rc = failed(s);
	if (env->opt.json) {
		screen_json(s);
	} else if (!rc) {
		printf("%lld records: %lld pages (%lld unparsable), listings %lld new, %lld "
		       "changed, jobs %lld new\n",
		       (long long)screen_int(s, "records"), (long long)screen_int(s, "pages"),
		       (long long)screen_int(s, "unparsable"),
		       (long long)screen_int(s, "listings_new"),
		       (long long)screen_int(s, "listings_changed"),
		       (long long)screen_int(s, "jobs_new"));
		json_object_foreach(json_object_get(s, "left_out"), name, left)
			printf("left out %8lld: %s\n", (long long)json_integer_value(left), name);
		if (screen_int(s, "faults"))
			printf("damaged in %lld places%s%s\n", (long long)screen_int(s, "faults"),
			       screen_member(s, "fault")[0] ? ", the first " : "",
			       screen_member(s, "fault"));
	}
	json_decref(s);
	return rc;
}

int ctl_archive_reprocess(const struct command_env *env)
{
	struct buf path;
	json_t *s = NULL;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/archive/reprocess");
	if (env->n_args)
		http_param(&path, "source", env->args[0]);
	http_param(&path, "kind", env->opt.page_kind);
	rc = since_param(env, &path)
		     ? work(env, "/api/archive/reprocess", path.p, NULL, progress_reread, &s)
		     : usage(BAD_SINCE);
	buf_done(&path);
	if (rc || !s)
		return rc;
	if (env->opt.json)
		screen_json(s);
	else
		printf("%lld pages read again, %lld changed, %lld unparsable, %lld without a "
		       "readable record, %lld removed from the archive before; listings %lld new, "
		       "%lld changed, jobs %lld new\n",
		       (long long)screen_int(s, "pages"), (long long)screen_int(s, "changed"),
		       (long long)screen_int(s, "unparsable"), (long long)screen_int(s, "lost"),
		       (long long)screen_int(s, "removed"),
		       (long long)screen_int(s, "listings_new"),
		       (long long)screen_int(s, "listings_changed"),
		       (long long)screen_int(s, "jobs_new"));
	if (!env->opt.json && screen_member(s, "trouble")[0])
		printf("the last trouble: %s\n", screen_member(s, "trouble"));
	json_decref(s);
	return rc;
}
