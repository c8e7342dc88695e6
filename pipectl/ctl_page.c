#include "pipectl/ctl_page.h"

#include "base/file.h"
#include "base/opt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

int ctl_page_usage(const char *why)
{
	fprintf(stderr, "pipectl: %s; `pipectl help source` says more\n", why);
	return EXIT_USAGE;
}

static int read_stdin(struct buf *to)
{
	char block[65536];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), stdin)) > 0)
		if (buf_add(to, (struct str){ block, n }))
			return ctl_page_usage("the page is too big");
	if (!ferror(stdin))
		return EXIT_DONE;
	fprintf(stderr, "pipectl: standard input: %s\n", strerror(errno));
	return EXIT_FAILED;
}

int ctl_page_add(const char *path, struct buf *to)
{
	struct reason why = { "" };

	if (strcmp(path, "-") == 0)
		return read_stdin(to);
	if (!file_read(path, to, &why))
		return EXIT_DONE;
	fprintf(stderr, "pipectl: %s\n", why.text);
	return EXIT_USAGE;
}

int ctl_page_write(const struct command_env *env, const char *text)
{
	int flags = O_WRONLY | O_CREAT | (env->opt.force ? O_TRUNC : O_EXCL);
	int fd = open(env->opt.out, flags, 0644);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	bool bad;

	if (!f) {
		fprintf(stderr, "pipectl: %s: %s%s\n", env->opt.out, strerror(errno),
			errno == EEXIST ? "; --force writes over it" : "");
		return errno == EEXIST ? EXIT_USAGE : EXIT_FAILED;
	}
	bad = fputs(text, f) < 0;
	bad |= fclose(f) != 0;
	if (!bad)
		return EXIT_DONE;
	fprintf(stderr, "pipectl: %s: %s\n", env->opt.out, strerror(errno));
	return EXIT_FAILED;
}

int ctl_page_problems(const json_t *list)
{
	const json_t *p;
	size_t i;

	json_array_foreach(list, i, p)
	{
		fprintf(stderr, "%s:", screen_member(p, "file"));
		if (screen_int(p, "line"))
			fprintf(stderr, "%lld:%lld:", (long long)screen_int(p, "line"),
				(long long)screen_int(p, "column"));
		fprintf(stderr, " %s\n", screen_member(p, "text"));
	}
	return EXIT_USAGE;
}
