/* Stands in for libFuzzer in ordinary builds: runs a target on every file of a
 * folder. Fails when there is none, so that a corpus cannot get lost unseen. */
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>

#define FILE_MOST ((size_t)4 << 20)

static int run(const char *folder, const char *name)
{
	struct reason why = { "" };
	char path[PATH_MAX];
	uint8_t *exact; /* without the NUL that a buf keeps behind its bytes */
	struct buf b;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	buf_init(&b, FILE_MOST);
	if (file_read(path, &b, &why)) {
		fprintf(stderr, "%s\n", why.text);
		buf_done(&b);
		return 1;
	}
	/* known when the target aborts */
	fprintf(stderr, "%s %zu bytes\n", name, b.n);
	n = b.n;
	exact = mem_dup(b.p ? b.p : "", n);
	buf_done(&b);
	(void)LLVMFuzzerTestOneInput(exact, n);
	mem_free(exact);
	return 0;
}

int main(int argc, char **argv)
{
	int n = 0, failed = 0;
	struct dirent *e;
	DIR *d;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	d = opendir(argv[1]);
	if (!d) {
		perror(argv[1]);
		return 2;
	}
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		failed += run(argv[1], e->d_name);
		n++;
	}
	closedir(d);
	printf("%d files\n", n);
	if (n == 0)
		fprintf(stderr, "%s is empty\n", argv[1]);
	return failed || n == 0;
}
