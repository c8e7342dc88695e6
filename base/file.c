#include "base/file.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PUBLIC 0644
#define PRIVATE 0600

static enum err failed(struct reason *why, const char *what, const char *path)
{
	int e = errno;

	return reason_set(why, err_errno(e), "cannot %s %s: %s", what, path, strerror(e));
}

enum err file_read(const char *path, struct buf *to, struct reason *why)
{
	enum err err = ERR_OK;
	char part[16384];
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(why, "open", path);
	for (;;) {
		n = read(fd, part, sizeof(part));
		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err = failed(why, "read", path);
			break;
		}
		err = buf_add(to, (struct str){ part, (size_t)n });
		if (err) {
			reason_set(why, err, "%s is longer than %zu bytes", path, to->cap);
			break;
		}
	}
	close(fd);
	return err;
}

enum err file_sha256(const char *path, char to[HASH_SHA256_HEX], struct reason *why)
{
	struct hash_stream *h;
	enum err err = ERR_OK;
	char part[65536];
	size_t n;
	FILE *f = fopen(path, "re");

	if (!f)
		return failed(why, "open", path);
	h = hash_stream_new();
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		hash_stream_add(h, (struct str){ part, n });
	if (ferror(f))
		err = failed(why, "read", path);
	fclose(f);
	hash_stream_end(h, to);
	return err;
}

bool file_write_all(int fd, struct str s)
{
	ssize_t n;

	while (s.n) {
		n = write(fd, s.p, s.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		s = str_sub(s, (size_t)n, s.n);
	}
	return true;
}

static enum err write_as(const char *path, struct str bytes, mode_t mode, struct reason *why)
{
	char temp[PATH_MAX];
	enum err err;
	int fd;

	if (snprintf(temp, sizeof(temp), "%s.tmp", path) >= (int)sizeof(temp))
		return reason_set(why, ERR_TOO_BIG, "path too long: %s", path);
	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0)
		return failed(why, "create", temp);
	/* one that was left over may have another mode */
	if ((mode == PRIVATE && fchmod(fd, mode) != 0) || !file_write_all(fd, bytes) ||
	    fsync(fd) != 0) {
		err = failed(why, "write", temp);
		close(fd);
		unlink(temp);
		return err;
	}
	close(fd);
	if (rename(temp, path) != 0) {
		err = failed(why, "rename to", path);
		unlink(temp);
		return err;
	}
	return file_sync_folder(path, why);
}

enum err file_write(const char *path, struct str bytes, struct reason *why)
{
	return write_as(path, bytes, PUBLIC, why);
}

enum err file_write_private(const char *path, struct str bytes, struct reason *why)
{
	return write_as(path, bytes, PRIVATE, why);
}

enum err file_folder(const char *path, struct reason *why)
{
	char part[PATH_MAX];
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof(part))
		return reason_set(why, ERR_BAD, "not a folder's path: '%s'", path);
	memcpy(part, path, n + 1);
	for (size_t i = 1; i <= n; i++) {
		if (part[i] != '/' && part[i] != 0)
			continue;
		part[i] = 0;
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return failed(why, "create folder", part);
		part[i] = path[i];
	}
	return ERR_OK;
}

enum err file_sync_folder(const char *path, struct reason *why)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	int fd, bad;

	if (n >= sizeof(folder))
		return reason_set(why, ERR_TOO_BIG, "path too long: %s", path);
	memcpy(folder, path, n);
	folder[n] = 0;
	fd = open(slash ? (n ? folder : "/") : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return failed(why, "open the folder of", path);
	bad = fsync(fd);
	close(fd);
	return bad ? failed(why, "sync the folder of", path) : ERR_OK;
}

enum err file_map(const char *path, size_t least, size_t most, const char *what, void **ret,
		  size_t *ret_n, struct reason *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err err = ERR_OK;
	struct stat st;
	void *p;

	if (fd < 0)
		return reason_set(why, err_errno(errno), "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) != 0)
		err = reason_set(why, err_errno(errno), "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size < least ||
		 (uint64_t)st.st_size > most)
		err = reason_set(why, ERR_BAD, "%s: not a %s", path, what);
	if (err)
		goto out;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED) {
		err = reason_set(why, err_errno(errno), "%s: %s", path, strerror(errno));
		goto out;
	}
	*ret = p;
	*ret_n = (size_t)st.st_size;
out:
	close(fd);
	return err;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}
