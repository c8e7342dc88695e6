#include "crawler/cas.h"

#include "base/file.h"
#include "base/must.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HALF ".half-"

static enum err failed(struct reason *why, const char *what, const char *path)
{
	int e = errno;

	return reason_set(why, err_errno(e), "cannot %s %s: %s", what, path, strerror(e));
}

static enum err join(const char *folder, const char *name, const char *more, char to[PATH_MAX],
		     struct reason *why)
{
	if (snprintf(to, PATH_MAX, "%s/%s%s", folder, name, more) >= PATH_MAX)
		return reason_set(why, ERR_TOO_BIG, "path too long: %s/%s", folder, name);
	return ERR_OK;
}

void cas_name(const char hash[HASH_SHA256_HEX], const char *ending, char to[CAS_NAME])
{
	snprintf(to, CAS_NAME, "%.2s/%s%s", hash, hash, ending);
}

/* Under a name of its own, as another thread may be at the same bytes. */
static enum err write_half(char *half, struct str bytes, struct reason *why)
{
	int fd = mkostemp(half, O_CLOEXEC);
	enum err err = ERR_OK;

	if (fd < 0)
		return failed(why, "create", half);
	if (!file_write_all(fd, bytes) || fchmod(fd, 0644) != 0 || fdatasync(fd) != 0)
		err = failed(why, "write", half);
	close(fd);
	if (err)
		unlink(half);
	return err;
}

enum err cas_put(const char *folder, const char *name, struct str bytes, bool *ret_new,
		 struct reason *why)
{
	char path[PATH_MAX], half[PATH_MAX], part[PATH_MAX];
	bool known = false;
	enum err err = join(folder, name, "", path, why);

	/* as if it was new: who removes old files that nobody refers to leaves it alone */
	if (!err)
		known = utimensat(AT_FDCWD, path, NULL, 0) == 0;
	if (ret_new)
		*ret_new = !known;
	if (known)
		return ERR_OK;
	if (!err)
		err = join(folder, name, HALF "XXXXXX", half, why);
	if (err)
		return err;
	snprintf(part, sizeof(part), "%.*s", (int)(strrchr(path, '/') - path), path);
	err = file_folder(part, why);
	if (!err)
		err = write_half(half, bytes, why);
	if (err)
		return err;
	if (rename(half, path) != 0) {
		err = failed(why, "rename to", path);
		unlink(half);
		return err;
	}
	return file_sync_folder(path, why);
}

bool cas_has(const char *folder, const char *name)
{
	char path[PATH_MAX];

	return !join(folder, name, "", path, NULL) && file_exists(path);
}

enum err cas_drop(const char *folder, const char *name, struct reason *why)
{
	char path[PATH_MAX];
	enum err err = join(folder, name, "", path, why);

	if (!err && unlink(path) != 0 && errno != ENOENT)
		err = failed(why, "remove", path);
	return err;
}

/* False: enough. */
static bool one_file(DIR *d, const char *part, const char *file, int64_t before_ms,
		     bool (*each)(void *ctx, const struct cas_entry *e), void *ctx)
{
	struct cas_entry e = { .bytes = 0 };
	char name[CAS_NAME];
	struct stat st;

	if (fstatat(dirfd(d), file, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return true;
	e.bytes = (int64_t)st.st_size;
	e.changed_ms = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
	if (strstr(file, HALF)) {
		if (e.changed_ms < before_ms)
			unlinkat(dirfd(d), file, 0);
		return true;
	}
	/* What is not named as ours is not ours. */
	if (snprintf(name, sizeof(name), "%s/%s", part, file) >= (int)sizeof(name) ||
	    strncmp(part, file, 2) != 0)
		return true;
	e.name = name;
	return each(ctx, &e);
}

enum err cas_each(const char *folder, int part, int64_t before_ms,
		  bool (*each)(void *ctx, const struct cas_entry *e), void *ctx, struct reason *why)
{
	char name[3], path[PATH_MAX];
	const struct dirent *e;
	bool more = true;
	enum err err;
	DIR *d;

	must(part >= 0 && part < CAS_PARTS);
	snprintf(name, sizeof(name), "%02x", (unsigned)part & 0xff);
	err = join(folder, name, "", path, why);
	if (err)
		return err;
	d = opendir(path);
	if (!d)
		return errno == ENOENT ? ERR_OK : failed(why, "read", path);
	while (more && (e = readdir(d)))
		if (e->d_name[0] != '.')
			more = one_file(d, name, e->d_name, before_ms, each, ctx);
	closedir(d);
	return ERR_OK;
}
