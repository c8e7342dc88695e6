#include "base/file.h"
#include "pipectl/ctl.h"
#include "pipectl/screen.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define METADATA "metadata.jsonl"
#define BLOCK ((size_t)256 << 10)

struct put {
	const char *image_dir;
	bool link;
	char split[PATH_MAX]; /* the split's folder */
	char class[PATH_MAX]; /* the last that was made */
	int64_t *n_put, *n_missing;
};

bool ctl_pictures_free(const char *folder, const char *split)
{
	char path[PATH_MAX];
	struct dirent *e;
	bool empty = true;
	DIR *d;

	snprintf(path, sizeof(path), "%s/%s", folder, split);
	d = opendir(path);
	while (d && (e = readdir(d)))
		empty &= e->d_name[0] == '.';
	if (d)
		closedir(d);
	if (!empty)
		fprintf(stderr,
			"pipectl: %s has files already, which would count as pictures of this "
			"dataset: remove it, or choose another folder with --out\n",
			path);
	return empty;
}

static bool copy(int from, int to)
{
	static char block[BLOCK];
	ssize_t n;

	while ((n = read(from, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || !file_write_all(to, (struct str){ block, (size_t)n }))
			return false;
	}
	return true;
}

/* False: told. A picture that is not there any more is counted. */
static bool put_copy(struct put *p, const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out;
	bool good;

	if (in < 0 && errno == ENOENT) {
		++*p->n_missing;
		return true;
	}
	if (in < 0) {
		fprintf(stderr,
			"pipectl: cannot read %s: %s; the daemon's pictures are for those who may "
			"read its image-dir\n",
			from, strerror(errno));
		return false;
	}
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	good = out >= 0 && copy(in, out);
	if (out >= 0 && close(out) != 0)
		good = false;
	if (!good)
		fprintf(stderr, "pipectl: cannot write %s: %s\n", to, strerror(errno));
	close(in);
	*p->n_put += good;
	return good;
}

static bool put_link(struct put *p, const char *from, const char *to)
{
	if (access(from, F_OK) != 0) {
		++*p->n_missing;
		return true;
	}
	if (symlink(from, to) != 0) {
		fprintf(stderr, "pipectl: cannot link %s: %s\n", to, strerror(errno));
		return false;
	}
	++*p->n_put;
	return true;
}

/* CLASS/FILE and nothing that leads elsewhere. */
static bool plain(const char *name)
{
	const char *slash = strchr(name, '/');

	return slash && slash != name && name[0] != '.' && slash[1] && slash[1] != '.' &&
	       !strchr(slash + 1, '/');
}

static bool put_one(struct put *p, const json_t *row)
{
	const char *name = json_string_value(json_object_get(row, "file_name"));
	const char *file = json_string_value(json_object_get(row, "image_file"));
	char from[PATH_MAX], to[PATH_MAX], class[PATH_MAX];
	struct reason why;

	if (!name || !plain(name) || !file || strstr(file, "..") ||
	    snprintf(from, sizeof(from), "%s/%s", p->image_dir, file) >= PATH_MAX ||
	    snprintf(to, sizeof(to), "%s/%s", p->split, name) >= PATH_MAX) {
		fprintf(stderr, "pipectl: a row of %s/%s names no picture\n", p->split, METADATA);
		return false;
	}
	snprintf(class, sizeof(class), "%.*s", (int)(strrchr(to, '/') - to), to);
	if (strcmp(class, p->class) != 0 && file_folder(class, &why)) {
		fprintf(stderr, "pipectl: %s\n", why.text);
		return false;
	}
	memcpy(p->class, class, sizeof(class));
	return p->link ? put_link(p, from, to) : put_copy(p, from, to);
}

int ctl_pictures_put(const char *folder, const char *split, const char *image_dir, bool link,
		     int64_t *ret_put, int64_t *ret_missing)
{
	struct put p = {
		.image_dir = image_dir, .link = link, .n_put = ret_put, .n_missing = ret_missing
	};
	char path[PATH_MAX];
	char *line = NULL;
	size_t room = 0;
	bool good = true;
	json_t *row;
	FILE *f;

	snprintf(p.split, sizeof(p.split), "%s/%s", folder, split);
	snprintf(path, sizeof(path), "%s/%s/%s", folder, split, METADATA);
	f = fopen(path, "re");
	if (!f) {
		fprintf(stderr, "pipectl: cannot read %s: %s\n", path, strerror(errno));
		return EXIT_FAILED;
	}
	while (good && getline(&line, &room, f) > 0) {
		row = json_loads(line, 0, NULL);
		good = put_one(&p, row);
		json_decref(row);
	}
	free(line);
	fclose(f);
	return good ? EXIT_DONE : EXIT_FAILED;
}
