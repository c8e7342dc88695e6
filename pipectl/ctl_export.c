#include "base/file.h"
#include "base/hash.h"
#include "pipectl/await.h"
#include "pipectl/ctl.h"
#include "pipectl/screen.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define ASK(member, option, called, text)                                                          \
	{ .name = option,                                                                          \
	  .type = OPT_TEXT,                                                                        \
	  .at = COMMAND_AT(ask.member),                                                            \
	  .value = called,                                                                         \
	  .doc = text },

const struct opt ctl_export_options[] = {
	{ .name = "format",
	  .letter = 'f',
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(format),
	  .value = "FORMAT",
	  .doc = "jsonl, csv, tsv or fasttext (jsonl)." },
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

	if (!name || strchr(name, '/') || !sum ||
	    snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path) ||
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
		printf("  %-22s %12s  %s\n", screen_member(f, "name"),
		       screen_bytes(screen_int(f, "bytes"), n), screen_member(f, "sha256"));
}

int ctl_export(const struct command_env *env)
{
	const char *folder = env->opt.out ? env->opt.out : "dataset";
	json_t *root = NULL;
	struct reason why;
	int64_t id = 0;
	const json_t *f;
	size_t i;
	int rc;

	/* A folder that cannot be made is known before the work is done. */
	if (file_folder(folder, &why)) {
		fprintf(stderr, "pipectl: %s\n", why.text);
		return EXIT_FAILED;
	}
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
	if (rc == EXIT_DONE && env->opt.json)
		screen_json(root);
	else if (rc == EXIT_DONE)
		report(folder, root);
	json_decref(root);
	return rc;
}
