#include "pipectl/ctl_rules.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILES_MOST 1000

static int wrong(const char *path, const char *why)
{
	fprintf(stderr, "pipectl: %s: %s\n", path, why);
	return EXIT_USAGE;
}

int ctl_rules_add(const char *name, struct str text, struct buf *to)
{
	buf_fmt(to, "%zu %s\n", text.n, name);
	buf_add(to, text);
	buf_add_char(to, '\n');
	return to->full ? wrong(name, "more than 16 MiB of rules") : EXIT_DONE;
}

static int read_file(const char *path, struct buf *text)
{
	struct reason why;

	buf_init(text, CTL_RULES_BYTES);
	if (!file_read(path, text, &why))
		return EXIT_DONE;
	fprintf(stderr, "pipectl: %s\n", why.text);
	buf_done(text);
	return EXIT_USAGE;
}

static int add_file(const char *folder, const char *name, struct buf *to)
{
	char path[PATH_MAX];
	struct buf text;
	int rc;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return wrong(name, "the path is too long");
	rc = read_file(path, &text);
	if (rc)
		return rc;
	rc = ctl_rules_add(name, buf_str(&text), to);
	buf_done(&text);
	return rc;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of a folder's files that end so, sorted; those that stand in `named` unless that is
 * none. */
static size_t names_of(const char *folder, const char *ending, struct str named, char **names)
{
	struct dirent *e;
	DIR *d = opendir(folder);
	size_t n = 0;

	while (d && n < FILES_MOST && (e = readdir(d)))
		if (str_ends(str_of(e->d_name), str_of(ending)) &&
		    (!named.p || str_find(named, str_of(e->d_name)) >= 0))
			names[n++] = mem_text(e->d_name);
	if (d)
		closedir(d);
	if (n)
		qsort(names, n, sizeof(*names), by_name);
	return n;
}

static int add_all(const char *folder, const char *ending, struct str named, struct buf *to)
{
	char **names = mem_array(FILES_MOST, sizeof(*names));
	size_t n = names_of(folder, ending, named, names);
	int rc = EXIT_DONE;

	for (size_t i = 0; i < n; i++) {
		if (!rc)
			rc = add_file(folder, names[i], to);
		mem_free(names[i]);
	}
	mem_free(names);
	return rc;
}

static int add_folder(const char *folder, struct buf *to)
{
	size_t before = to->n;
	int rc = add_all(folder, ".yaml", (struct str){ 0 }, to);

	if (!rc && to->n == before)
		return wrong(folder, "no *.yaml there");
	return rc ? rc : add_all(folder, ".txt", (struct str){ 0 }, to);
}

/* The daemon takes a file for rules by its name. */
static int add_rules(const char *path, struct buf *to)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	char folder[PATH_MAX] = ".", yaml[NAME_MAX + 8];
	struct buf text;
	int rc = read_file(path, &text);

	if (rc)
		return rc;
	if (slash)
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	snprintf(yaml, sizeof(yaml), "%.*s%s", NAME_MAX, name,
		 str_ends(str_of(name), STR(".yaml")) || str_ends(str_of(name), STR(".yml"))
			 ? ""
			 : ".yaml");
	rc = ctl_rules_add(yaml, buf_str(&text), to);
	if (!rc)
		rc = add_all(folder[0] ? folder : "/", ".txt", buf_str(&text), to);
	buf_done(&text);
	return rc;
}

bool ctl_rules_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int ctl_rules_pack(const char *path, struct buf *to)
{
	return ctl_rules_is_folder(path) ? add_folder(path, to) : add_rules(path, to);
}
