#include "labeler/sieve_cache.h"

#include "base/file.h"
#include "base/mem.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "piped-rules 1\n"
#define SUFFIX ".hsdb"
/* A configuration has two databases; so a change of mind finds those of before. */
#define FILES_KEPT 6
#define HEX ((size_t)HASH_SHA256_HEX - 1)
/* magic, key, newline, checksum of the payload, newline */
#define HEAD_BYTES (sizeof(MAGIC) - 1 + 2 * (HEX + 1))

static bool path_of(const char *folder, const char *key, char to[PATH_MAX])
{
	return snprintf(to, PATH_MAX, "%s/%.16s" SUFFIX, folder, key) < PATH_MAX;
}

static bool head_of(const char *key, struct str payload, char to[HEAD_BYTES + 1])
{
	char sum[HASH_SHA256_HEX];

	hash_sha256_hex(payload, sum);
	return snprintf(to, HEAD_BYTES + 1, MAGIC "%s\n%s\n", key, sum) == (int)HEAD_BYTES;
}

enum err sieve_cache_read(const char *folder, const char key[HASH_SHA256_HEX], struct buf *to)
{
	char path[PATH_MAX], head[HEAD_BYTES + 1];
	struct str payload;
	struct buf file;
	enum err err;

	if (!path_of(folder, key, path))
		return ERR_NOT_FOUND;
	buf_init(&file, SIEVE_CACHE_BYTES + HEAD_BYTES);
	err = file_read(path, &file, NULL);
	if (err || file.n < HEAD_BYTES) {
		buf_done(&file);
		return ERR_NOT_FOUND;
	}
	payload = str_sub(buf_str(&file), HEAD_BYTES, file.n);
	if (!head_of(key, payload, head) || memcmp(head, file.p, HEAD_BYTES) != 0)
		err = ERR_NOT_FOUND;
	else
		err = buf_add(to, payload);
	buf_done(&file);
	return err;
}

struct entry {
	char *name;
	int64_t made_ns;
};

static int newest_first(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->made_ns < y->made_ns) - (x->made_ns > y->made_ns);
}

static void prune(const char *folder)
{
	struct entry *all = NULL;
	size_t n = 0, cap = 0;
	struct dirent *e;
	struct stat st;
	DIR *d = opendir(folder);

	if (!d)
		return;
	while ((e = readdir(d))) {
		if (!str_ends(str_of(e->d_name), STR(SUFFIX)) ||
		    fstatat(dirfd(d), e->d_name, &st, 0))
			continue;
		mem_grow(&all, &cap, n + 1, sizeof(*all));
		all[n++] = (struct entry){ .name = mem_text(e->d_name),
					   .made_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 +
						      st.st_mtim.tv_nsec };
	}
	if (n)
		qsort(all, n, sizeof(*all), newest_first);
	for (size_t i = 0; i < n; i++) {
		if (i >= FILES_KEPT)
			(void)unlinkat(dirfd(d), all[i].name, 0);
		mem_free(all[i].name);
	}
	mem_free(all);
	closedir(d);
}

enum err sieve_cache_write(const char *folder, const char key[HASH_SHA256_HEX], struct str payload,
			   struct reason *why)
{
	char path[PATH_MAX], head[HEAD_BYTES + 1];
	struct buf file;
	enum err err;

	if (!path_of(folder, key, path) || !head_of(key, payload, head))
		return reason_set(why, ERR_TOO_BIG, "%s is too long", folder);
	err = file_folder(folder, why);
	if (err)
		return err;
	buf_init(&file, SIEVE_CACHE_BYTES + HEAD_BYTES);
	(void)buf_add(&file, (struct str){ head, HEAD_BYTES });
	(void)buf_add(&file, payload);
	if (file.full)
		err = reason_set(why, ERR_TOO_BIG, "compiled rules of %zu bytes", payload.n);
	else
		err = file_write_private(path, buf_str(&file), why);
	buf_done(&file);
	if (!err)
		prune(folder);
	return err;
}
