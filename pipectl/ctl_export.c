#include "base/file.h"
#include "base/hash.h"
#include "model/label.h"
#include "pipectl/await.h"
#include "pipectl/ctl.h"
#include "pipectl/screen.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define ASK(member, option, called, text)                                                          \
	{ .name = (option),                                                                        \
	  .type = OPT_TEXT,                                                                        \
	  .at = COMMAND_AT(ask.member),                                                            \
	  .value = (called),                                                                       \
	  .doc = (text) },

const struct opt ctl_export_options[] = {
	{ .name = "format",
	  .letter = 'f',
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(format),
	  .value = "FORMAT",
	  .doc = "jsonl, csv, tsv, fasttext, huggingface (a folder that datasets.load_dataset "
		 "reads), croissant (CSV with Croissant 1.0 metadata), labelstudio (tasks with "
		 "predictions and annotations), imagefolder (pictures by split and category) "
		 "(jsonl)." },
	{ .name = "out",
	  .letter = 'o',
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(out),
	  .value = "DIR",
	  .doc = "Folder that the files are written to; made if missing (dataset)." },
	{ .name = "gzip",
	  .letter = 'z',
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(gzip),
	  .doc = "Compress the data files." },
	{ .name = "all",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(all),
	  .doc = "Also rows without a label and rows flagged as unfit." },
	{ .name = "pictures",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(pictures),
	  .value = "HOW",
	  .doc = "imagefolder: copy them, or link to those in the daemon's image-dir (copy)." },
	{ .name = "summary",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(brief),
	  .doc = "diff: only the counts." },
	EXPORT_ASK_ROWS(ASK){ .name = NULL },
};

#define PATH "/api/export"
#define ASKED(member, option, value, text)                                                         \
	if (env->opt.ask.member)                                                                   \
		json_object_set_new(body, #member, json_string(env->opt.ask.member));

static int start(const struct command_env *env, int64_t *ret_id)
{
	const char *format = env->opt.format ? env->opt.format : "jsonl";
	json_t *body = json_pack("{s:s,s:b,s:b}", "format", format, "gzip", env->opt.gzip, "all",
				 env->opt.all);

	EXPORT_ASK_ROWS(ASKED)
	return await_start(env, PATH, body, ret_id);
}

static void progress(const json_t *state)
{
	char n[32];

	fprintf(stderr, "%s rows", screen_count(screen_int(state, "rows"), n));
}

static bool same_sum(const char *path, const char *want)
{
	char sum[HASH_SHA256_HEX];

	return !file_sha256(path, sum, NULL) && strcmp(sum, want) == 0;
}

/* FILE, or FOLDER/FILE, in the dataset's folder, which is made. */
static bool place_of(const char *folder, const json_t *file, char path[PATH_MAX])
{
	const char *place = json_string_value(json_object_get(file, "place"));
	const char *slash = place ? strchr(place, '/') : NULL;
	char below[PATH_MAX];

	if (!place || place[0] == '.' || place[0] == '/' || (slash && strchr(slash + 1, '/')) ||
	    (slash && slash[1] == '.') ||
	    snprintf(path, PATH_MAX, "%s/%s", folder, place) >= PATH_MAX)
		return false;
	snprintf(below, sizeof(below), "%s/%.*s", folder, slash ? (int)(slash - place) : 0, place);
	return !slash || !file_folder(below, NULL);
}

/* Beside its place first, then there in one step. */
static int fetch_file(const struct command_env *env, int64_t id, const char *folder,
		      const json_t *file)
{
	char temp[PATH_MAX], path[PATH_MAX];
	const char *name = json_string_value(json_object_get(file, "name"));
	const char *sum = json_string_value(json_object_get(file, "sha256"));
	struct buf url;
	FILE *f;
	int rc;

	if (!name || !sum || !place_of(folder, file, path) ||
	    snprintf(temp, sizeof(temp), "%s.part", path) >= (int)sizeof(temp)) {
		fprintf(stderr, "pipectl: the daemon named a file that cannot be written\n");
		return EXIT_FAILED;
	}
	f = fopen(temp, "we");
	if (!f) {
		fprintf(stderr, "pipectl: cannot create %s: %s\n", temp, strerror(errno));
		return EXIT_FAILED;
	}
	buf_init(&url, 8192);
	buf_fmt(&url, PATH "/%lld/files", (long long)id);
	http_segment(&url, name);
	rc = http_download(env, url.p, f);
	buf_done(&url);
	if (fclose(f) != 0 && rc == EXIT_DONE) {
		fprintf(stderr, "pipectl: cannot write %s: %s\n", temp, strerror(errno));
		rc = EXIT_FAILED;
	}
	if (rc == EXIT_DONE && !same_sum(temp, sum)) {
		fprintf(stderr, "pipectl: %s arrived damaged; run the export again\n", name);
		rc = EXIT_FAILED;
	}
	if (rc == EXIT_DONE && rename(temp, path) != 0) {
		fprintf(stderr, "pipectl: cannot rename %s: %s\n", temp, strerror(errno));
		rc = EXIT_FAILED;
	}
	if (rc != EXIT_DONE)
		unlink(temp);
	return rc;
}

static void left_out(const json_t *root)
{
	const char *reason, *before = " (";
	json_t *n;

	printf("; left out %lld", (long long)screen_int(root, "left_out"));
	json_object_foreach(json_object_get(root, "left"), reason, n)
	{
		if (!json_integer_value(n))
			continue;
		printf("%s%s %lld", before, reason, (long long)json_integer_value(n));
		before = ", ";
	}
	puts(screen_int(root, "left_out") ? ")" : "");
}

static void report(const char *folder, const json_t *root)
{
	const json_t *splits = json_object_get(root, "splits"), *f;
	char n[32];
	size_t i;

	printf("%s rows in %s: train %lld, validation %lld, test %lld",
	       screen_count(screen_int(root, "rows"), n), folder,
	       (long long)screen_int(splits, "train"), (long long)screen_int(splits, "validation"),
	       (long long)screen_int(splits, "test"));
	left_out(root);
	json_array_foreach(json_object_get(root, "files"), i, f)
		printf("  %-22s %12s  %s\n", screen_member(f, "place"),
		       screen_bytes(screen_int(f, "bytes"), n), screen_member(f, "sha256"));
}

static bool wants_pictures(const struct command_env *env)
{
	return env->opt.format && strcmp(env->opt.format, "imagefolder") == 0;
}

/* Wrong options, and folders that cannot be written, are known before the work is done. */
static int check(const struct command_env *env, const char *folder)
{
	const char *how = env->opt.pictures;
	struct reason why;

	if (how &&
	    (!wants_pictures(env) || (strcmp(how, "copy") != 0 && strcmp(how, "link") != 0))) {
		fprintf(stderr, "pipectl: --pictures wants copy or link, with --format "
				"imagefolder\n");
		return EXIT_USAGE;
	}
	if (file_folder(folder, &why)) {
		fprintf(stderr, "pipectl: %s\n", why.text);
		return EXIT_FAILED;
	}
	for (int s = 0; s < SPLIT_N && wants_pictures(env); s++)
		if (!ctl_pictures_free(folder, split_name((enum split)s)))
			return EXIT_FAILED;
	return EXIT_DONE;
}

static int pictures(const struct command_env *env, const char *folder, const json_t *root)
{
	bool link = env->opt.pictures && strcmp(env->opt.pictures, "link") == 0;
	int64_t put = 0, missing = 0;
	int rc = EXIT_DONE;

	for (int s = 0; s < SPLIT_N && rc == EXIT_DONE; s++)
		rc = ctl_pictures_put(folder, split_name((enum split)s),
				      json_string_value(json_object_get(root, "image_dir")), link,
				      &put, &missing);
	if (rc == EXIT_DONE)
		fprintf(stderr, "%lld pictures %s, %lld are not there any more\n", (long long)put,
			link ? "linked" : "copied", (long long)missing);
	return rc;
}

static int write_dataset(const struct command_env *env)
{
	const char *folder = env->opt.out ? env->opt.out : "dataset";
	json_t *root = NULL;
	int64_t id = 0;
	const json_t *f;
	size_t i;
	int rc = check(env, folder);

	if (rc == EXIT_DONE)
		rc = start(env, &id);
	if (rc == EXIT_DONE)
		rc = await_end(env, PATH, id, "export", progress, &root);
	if (rc)
		return rc;
	json_array_foreach(json_object_get(root, "files"), i, f)
	{
		rc = fetch_file(env, id, folder, f);
		if (rc)
			break;
	}
	if (rc == EXIT_DONE && wants_pictures(env))
		rc = pictures(env, folder, root);
	if (rc == EXIT_DONE && env->opt.json)
		screen_json(root);
	else if (rc == EXIT_DONE)
		report(folder, root);
	json_decref(root);
	return rc;
}

int ctl_export(const struct command_env *env)
{
	if (!env->n_args)
		return write_dataset(env);
	if (strcmp(env->args[0], "diff") == 0 && env->n_args == 3)
		return ctl_export_diff(env, env->args[1], env->args[2]);
	fprintf(stderr, "pipectl: export takes no arguments, or diff and two datasets\n");
	return EXIT_USAGE;
}
