#include "pipectl/ctl_page.h"

#include "base/file.h"
#include "base/opt.h"

#include <errno.h>
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
