#include "daemon/archive.h"

#include "base/log.h"
#include "base/mem.h"
#include "crawler/warc.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>

struct archive {
	struct warc *warc;
	const struct clock *clock;
	int64_t before; /* bytes in the folder when it was opened */
	_Atomic int64_t bytes;
};

static int64_t files_bytes(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	struct stat st;
	int64_t n = 0;

	while (d && (e = readdir(d)))
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode))
			n += (int64_t)st.st_size;
	if (d)
		closedir(d);
	return n;
}

enum err archive_open(const struct conf *conf, const struct clock *clock, struct archive **ret,
		      struct reason *why)
{
	struct arena *arena = arena_new(4096);
	struct warc_opt opt = { .folder = arena_str(arena, conf->archive_dir).p,
				.user_agent = arena_str(arena, conf->user_agent).p,
				.segment_bytes = conf->segment_bytes,
				.segment_age_ms = conf->segment_age_ms };
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
		a->before = files_bytes(opt.folder);
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

enum err archive_append(void *archive, struct write **items, int n, struct reason *why)
{
	struct archive *a = archive;
	int64_t now = clock_wall_ms(a->clock);
	int64_t offset;
	struct str file;
	enum err err;

	for (int i = 0; i < n; i++) {
		struct write *w = items[i];

		err = warc_append(a->warc, w->member, now, &file, &offset, why);
		if (err)
			return err;
		w->page.record = (struct page_record){ .file = arena_str(w->arena, file),
						       .offset = offset + w->page_offset,
						       .bytes = w->page_bytes };
		atomic_fetch_add(&a->bytes, (int64_t)w->member.n);
	}
	return warc_sync(a->warc, why);
}

int64_t archive_bytes(const struct archive *a)
{
	return atomic_load(&a->bytes);
}

int64_t archive_total(const struct archive *a)
{
	return a->before + atomic_load(&a->bytes);
}
