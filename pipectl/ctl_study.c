#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <string.h>
#include <unistd.h>

#define EACH_US 200000

static void folds(const json_t *x)
{
	printf("%lld listings answered by models that had not seen them, nor their families (%lld "
	       "parts, "
	       "%lld categories; %lld left out): top-1 %.1f%%, top-3 %.1f%%\nin %s\n",
	       (long long)screen_int(x, "rows"), (long long)screen_int(x, "folds"),
	       (long long)screen_int(x, "classes"), (long long)screen_int(x, "left_out"),
	       screen_real(x, "top1") * 100, screen_real(x, "top3") * 100,
	       screen_member(x, "file"));
}

static void curve(const json_t *x)
{
	const json_t *p;
	size_t i;

	printf("%10s  %s\n", "LISTINGS", "TOP-1 (95% INTERVAL)");
	json_array_foreach(json_object_get(x, "points"), i, p)
		printf("%10lld  %5.1f%% (%.1f to %.1f)\n", (long long)screen_int(p, "rows"),
		       screen_real(p, "top1") * 100, screen_real(p, "low") * 100,
		       screen_real(p, "high") * 100);
	printf("measured on %lld listings that were held out\ntwice as many labels would add %.2f "
	       "points to top-1 (95%% interval %.2f to %.2f)\n",
	       (long long)screen_int(x, "dev_rows"), screen_real(x, "gain") * 100,
	       screen_real(x, "gain_low") * 100, screen_real(x, "gain_high") * 100);
}

static int wait_for(const struct command_env *env, const char *path,
		    void (*print)(const json_t *result))
{
	bool tty = isatty(STDERR_FILENO);
	json_t *root = NULL;
	int rc;

	for (;;) {
		rc = http_get(env, path, &root);
		if (rc || strcmp(screen_member(root, "state"), "running") != 0)
			break;
		if (tty)
			fprintf(stderr, "\r\033[K%s %.0f%%", screen_member(root, "what"),
				screen_real(root, "progress") * 100);
		json_decref(root);
		root = NULL;
		usleep(EACH_US);
	}
	if (tty)
		fprintf(stderr, "\r\033[K");
	if (!rc && strcmp(screen_member(root, "state"), "done") != 0) {
		fprintf(stderr, "pipectl: failed: %s\n", screen_member(root, "error"));
		rc = EXIT_FAILED;
	} else if (!rc && env->opt.json) {
		screen_json(json_object_get(root, "result"));
	} else if (!rc) {
		print(json_object_get(root, "result"));
	}
	json_decref(root);
	return rc;
}

static void stopped(const struct command_env *env, const json_t *root)
{
	(void)env;
	(void)root;
	printf("stopped\n");
}

static int begin(const struct command_env *env, const char *path)
{
	json_t *body =
		env->opt.folds ? json_pack("{s:I}", "folds", (json_int_t)env->opt.folds) : NULL;
	json_t *root = NULL;
	int rc = http_post(env, path, body, &root);

	if (!rc && env->opt.background && env->opt.json)
		screen_json(root);
	json_decref(body);
	json_decref(root);
	return rc;
}

int ctl_study(const struct command_env *env, bool is_curve)
{
	const char *path = is_curve ? "/api/study/curve" : "/api/study/folds";
	char stop[64];
	int rc;

	snprintf(stop, sizeof(stop), "%s/stop", path);
	if (env->opt.stop)
		return show_post(env, stop, stopped);
	if (is_curve && env->opt.folds) {
		fprintf(stderr, "pipectl: --folds is of model folds\n");
		return EXIT_USAGE;
	}
	rc = begin(env, path);
	if (rc || env->opt.background)
		return rc;
	return wait_for(env, path, is_curve ? curve : folds);
}
