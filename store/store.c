#include "store/store.h"

#include "base/log.h"
#include "base/mem.h"
#include "store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct store {
	char *path;
	int lock;
};

const char *store_path(const struct store *s)
{
	return s->path;
}

int store_schema_version(void)
{
	return schema_n_migrations;
}

static enum err held(int fd, const char *path, struct reason *why)
{
	char pid[32];
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	/* The holder may not have written its pid yet. */
	pid[n < 0 ? 0 : n] = 0;
	pid[strcspn(pid, "\n")] = 0;
	return reason_set(why, ERR_BUSY, "%s: another piped has it%s%s (lock %s.lock)", path,
			  pid[0] ? ", process " : "", pid, path);
}

static enum err lock(const char *path, int *ret_fd, struct reason *why)
{
	char name[4096], pid[32];
	int n = snprintf(name, sizeof(name), "%s.lock", path);
	enum err err = ERR_OK;
	int fd;

	if (n < 0 || (size_t)n >= sizeof(name))
		return reason_set(why, ERR_TOO_BIG, "%s: the path is too long", path);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return reason_set(why, err_errno(errno), "%s: %s", name, strerror(errno));
	n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		err = errno == EWOULDBLOCK
			      ? held(fd, path, why)
			      : reason_set(why, err_errno(errno), "%s: %s", name, strerror(errno));
	else if (ftruncate(fd, 0) < 0 || pwrite(fd, pid, (size_t)n, 0) != n)
		err = reason_set(why, err_errno(errno), "%s: %s", name, strerror(errno));
	if (err)
		close(fd);
	else
		*ret_fd = fd;
	return err;
}

static enum err prepare(const char *path, struct reason *why)
{
	struct store_engine *e;
	struct reason bad;
	int was = 0;
	enum err err = store_engine_open(path, STORE_ENGINE_CREATE, &e, why);

	if (err)
		return err;
	err = schema_apply(e, schema_migrations, schema_n_migrations, &was, &bad);
	store_engine_close(e);
	if (err)
		return reason_set(why, err, "%s: %s", path, bad.text);
	if (was != schema_n_migrations)
		log_info("store=%s schema=%d was=%d", path, schema_n_migrations, was);
	return ERR_OK;
}

enum err store_open(const char *path, struct store **ret_store, struct reason *why)
{
	struct store *s;
	int fd = -1;
	enum err err = lock(path, &fd, why);

	if (err)
		return err;
	err = prepare(path, why);
	if (err) {
		close(fd);
		return err;
	}
	s = mem_zero(sizeof(*s));
	s->path = mem_text(path);
	s->lock = fd;
	*ret_store = s;
	return ERR_OK;
}

/* The last connection to close puts the log (-wal) back into the database and
 * removes it, but only when it may write: a reader that closed last left it. */
static void fold_log(const char *path)
{
	struct store_engine_stamp stamp;
	struct store_engine *e;
	struct reason why;

	if (store_engine_open(path, STORE_ENGINE_CREATE, &e, &why))
		return;
	/* SQLite opens the log with the first read. A failure loses nothing. */
	(void)store_engine_stamp(e, &stamp);
	store_engine_close(e);
}

void store_close(struct store *s)
{
	if (!s)
		return;
	fold_log(s->path);
	/* The file stays: removing it would let two daemons lock two files. */
	close(s->lock);
	mem_free(s->path);
	mem_free(s);
}
