#include "daemon/archive.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "crawler/warc.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>

struct archive {
	struct warc *warc;
	const struct clock *clock;
	int64_t before; /* bytes of segments when it was opened */
	_Atomic int64_t bytes, removed;
	_Atomic int64_t number, whole, old_ms; /* of the open segment */
};

static int64_t segments_bytes(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	struct stat st;
	int64_t n = 0, number;

	while (d && (e = readdir(d)))
		if (warc_is_segment(str_of(e->d_name), &number) &&
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode))
			n += (int64_t)st.st_size;
	if (d)
		closedir(d);
	return n;
}

/* What other threads see; the size last, and none while it is another segment's. */
static void show(struct archive *a)
{
	int64_t number = 0;

	must(warc_is_segment(warc_name(a->warc), &number));
	if (number != atomic_load(&a->number))
		atomic_store(&a->whole, 0);
	atomic_store(&a->number, number);
	atomic_store(&a->whole, warc_size(a->warc));
	atomic_store(&a->old_ms, warc_old_ms(a->warc));
}

void archive_place(const struct archive *a, int64_t *ret_number, int64_t *ret_bytes)
{
	do {
		*ret_number = atomic_load(&a->number);
		*ret_bytes = atomic_load(&a->whole);
	} while (*ret_number != atomic_load(&a->number));
}

bool archive_is_old(const struct archive *a, int64_t now_ms)
{
	return now_ms >= atomic_load(&a->old_ms);
}

enum err archive_open(const struct conf *conf, const struct clock *clock, int64_t least,
		      struct archive **ret, struct reason *why)
{
	struct arena *arena = arena_new(4096);
	struct warc_opt opt = { .folder = arena_str(arena, conf->archive_dir).p,
				.user_agent = arena_str(arena, conf->user_agent).p,
				.segment_bytes = conf->segment_bytes,
				.segment_age_ms = conf->segment_age_ms,
				.least_number = least };
	struct archive *a = mem_zero(sizeof(*a));
	enum err err;

	a->clock = clock;
	err = warc_open(&opt, clock_wall_ms(clock), &a->warc, why);
	if (err) {
		mem_free(a);
	} else {
		if (warc_cut_bytes(a->warc))
			log_warn("archive=%s torn tail cut back bytes=%lld", opt.folder,
				 (long long)warc_cut_bytes(a->warc));
		show(a);
		a->before = segments_bytes(opt.folder);
		*ret = a;
	}
	arena_free(arena);
	return err;
}

void archive_close(struct archive *a)
{
	if (!a)
		return;
	warc_close(a->warc);
	mem_free(a);
}

static enum err append(struct archive *a, struct write **items, int n, struct reason *why)
{
	int64_t now = clock_wall_ms(a->clock);
	int64_t offset;
	struct str file;
	enum err err;

	for (int i = 0; i < n; i++) {
		struct write *w = items[i];

		if (w->kind == WRITE_TURN) {
			err = warc_turn(a->warc, now, why);
			if (err)
				return err;
			continue;
		}
		err = warc_append(a->warc, w->member, now, &file, &offset, why);
		if (err)
			return err;
		w->page.record = (struct page_record){ .file = arena_str(w->arena, file),
						       .offset = offset + w->page_offset,
						       .bytes = w->page_bytes };
		atomic_fetch_add(&a->bytes, (int64_t)w->member.n);
	}
	err = warc_sync(a->warc, why);
	if (!err)
		show(a);
	return err;
}

enum err archive_append(void *archive, struct write **items, int n, struct reason *why)
{
	enum err err = append(archive, items, n, why);

	/* No page is to blame for it: a folder that is gone may come back. */
	return err && !err_is_world(err) ? ERR_IO : err;
}

void archive_removed(struct archive *a, int64_t bytes)
{
	atomic_fetch_add(&a->removed, bytes);
}

int64_t archive_bytes(const struct archive *a)
{
	return atomic_load(&a->bytes);
}

int64_t archive_total(const struct archive *a)
{
	int64_t n = a->before + atomic_load(&a->bytes) - atomic_load(&a->removed);

	return n > 0 ? n : 0;
}
