#include "pipectl/await.h"

#include "pipectl/screen.h"

#include <string.h>
#include <unistd.h>

#define ASK_US 100000

int await_start(const struct command_env *env, const char *path, json_t *body, int64_t *ret_id)
{
	json_t *root = NULL;
	int rc = http_post(env, path, body, &root);

	json_decref(body);
	if (rc == EXIT_DONE)
		*ret_id = screen_int(root, "id");
	json_decref(root);
	return rc;
}

int await_end(const struct command_env *env, const char *path, int64_t id, const char *what,
	      void (*progress)(const json_t *state), json_t **ret)
{
	const bool tty = isatty(STDERR_FILENO);
	char each[64];
	json_t *root;
	int rc;

	snprintf(each, sizeof(each), "%s/%lld", path, (long long)id);
	for (;;) {
		root = NULL;
		rc = http_get(env, each, &root);
		if (rc)
			return rc;
		if (strcmp(screen_member(root, "state"), "running") != 0)
			break;
		if (tty) {
			fputs("\r\033[K", stderr);
			progress(root);
		}
		json_decref(root);
		usleep(ASK_US);
	}
	if (tty)
		fputs("\r\033[K", stderr);
	if (strcmp(screen_member(root, "state"), "done") != 0) {
		fprintf(stderr, "pipectl: the %s failed: %s\n", what, screen_member(root, "error"));
		json_decref(root);
		return EXIT_FAILED;
	}
	*ret = root;
	return EXIT_DONE;
}
