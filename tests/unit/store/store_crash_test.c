/* kill -9 while writing: what was answered is there, whole, the archive holds what the
 * database names, and families of titles that are alike go on as they were. */
#include "store_fixture.h"

#include "base/utf8.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define ROUNDS 6
#define PER_PAGE 20

struct child {
	struct fx fx;
	int archive_fd, told_fd;
	int64_t offset;
};

static enum err append(void *ctx, struct write **items, int n, struct reason *why)
{
	struct child *c = ctx;

	(void)why;
	for (int i = 0; i < n; i++) {
		must(write(c->archive_fd, items[i]->member.p, items[i]->member.n) ==
		     (ssize_t)items[i]->member.n);
		items[i]->page.record = (struct page_record){ STR("db.warc"), c->offset,
							      (int64_t)items[i]->member.n };
		c->offset += (int64_t)items[i]->member.n;
	}
	must(fdatasync(c->archive_fd) == 0);
	return ERR_OK;
}

/* Tells the parent which page is committed. */
static void told(struct write *w)
{
	struct child *c = w->ctx;

	must(w->err == ERR_OK);
	c->fx.done++;
	must(write(c->told_fd, &w->page.id, sizeof(w->page.id)) == sizeof(w->page.id));
}

#define THINGS 90

/* Things of different words, in four sizes. */
static const char *title(struct arena *a, int n)
{
	static const char *const sizes[] = { "", " s", " xl", " 105" };
	char word[8];
	size_t k = utf8_encode(0xac00 + (uint32_t)(n % THINGS) * 97, word);

	k += utf8_encode(0xac10 + (uint32_t)(n % THINGS) * 89, word + k);
	return arena_fmt(a, "푸른달 울 가디건 %.*s%s", (int)k, word, sizes[n % 4]).p;
}

static struct write *page(struct child *c, int round, int n)
{
	struct write_listing l[PER_PAGE];
	char *member = arena_alloc(c->fx.arena, 64);
	struct write *w;

	for (int i = 0; i < PER_PAGE; i++) {
		int thing = round * 31 + n * 7 + i;

		l[i] = fx_listing("a", "", title(c->fx.arena, thing));
		l[i].listing.category = arena_fmt(c->fx.arena, "%d", thing % THINGS);
		l[i].listing.ext_id = arena_fmt(c->fx.arena, "%d-%d", round, n * PER_PAGE / 2 + i);
		l[i].listing.family = listing_title_key(&l[i].listing);
		fx_label(&c->fx, &l[i], "phone");
	}
	w = fx_page(&c->fx, "a", 1, l, PER_PAGE);
	snprintf(member, 64, "round %d page %d\n", round, n);
	w->member = str_of(member);
	w->done = told;
	w->ctx = c;
	return w;
}

/* Writes until it is killed. */
static _Noreturn void child_run(struct fx *f, int round, int told_fd)
{
	static struct child child; /* too large for some stacks, and never freed */
	struct child *c = &child;
	struct writer_opt opt = {
		.batch_items = 4, .append = append, .wake = fx_wake, .near = true
	};
	char name[128];
	struct reason why;
	struct stat st;

	c->fx = *f;
	c->told_fd = told_fd;
	opt.ctx = c;
	snprintf(name, sizeof(name), "%s.warc", f->path);
	c->archive_fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	must(fstat(c->archive_fd, &st) == 0);
	c->offset = st.st_size;
	must(store_open(f->path, &c->fx.store, &why) == ERR_OK);
	must(writer_start(c->fx.store, &opt, &c->fx.writer, &why) == ERR_OK);
	for (int n = 0;; n++) {
		writer_put(c->fx.writer, page(c, round, n));
		fx_wait(&c->fx, n - 8);
	}
}

/* Reads `n` answers, then kills; returns the last page answered for. */
static int64_t kill_after(pid_t pid, int told_fd, int n)
{
	int64_t id = 0, got;
	int status;

	for (int i = 0; i < n; i++) {
		must(read(told_fd, &got, sizeof(got)) == sizeof(got));
		id = got;
	}
	must(kill(pid, SIGKILL) == 0);
	must(waitpid(pid, &status, 0) == pid);
	must(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	/* answers that were on their way count, too */
	while (read(told_fd, &got, sizeof(got)) == sizeof(got))
		id = got;
	return id;
}

static bool in_archive(struct fx *f, const struct page_record *r, const char *text)
{
	char name[128], bytes[64] = "";
	int fd;
	ssize_t n;

	snprintf(name, sizeof(name), "%s/%.*s", f->folder, STR_ARG(r->file));
	fd = open(name, O_RDONLY | O_CLOEXEC);
	n = pread(fd, bytes, (size_t)r->bytes, r->offset);
	close(fd);
	return n == r->bytes && strncmp(bytes, text, strlen(text)) == 0;
}

struct things {
	struct fx *f;
	uint64_t family[THINGS];
	int n;
};

/* A thing's sizes are one family, which is that of one of their titles. */
static bool of_its_thing(void *ctx, const struct listing_view *v)
{
	struct things *t = ctx;
	struct family_title f;
	struct reason why;
	int64_t n;

	assert_true(str_i64(v->listing.category, &n));
	if (!t->family[n])
		t->family[n] = v->listing.family;
	assert_true(t->family[n] == v->listing.family);
	assert_int_equal(reader_family_title(t->f->reader, &v->listing, t->f->arena, &f, &why),
			 ERR_OK);
	assert_true(str_is(f.joined_by, "own") ==
		    (listing_title_key(&v->listing) == v->listing.family));
	t->n++;
	return true;
}

static void check_families(struct fx *f)
{
	struct things things = { .f = f };
	struct listing_filter all = { .most = 0 };
	struct reason why;

	assert_int_equal(reader_listings(f->reader, &all, f->arena, of_its_thing, &things, &why),
			 ERR_OK);
	assert_true(things.n > 0);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM listing l LEFT JOIN family f ON f.id = "
				      "l.family WHERE COALESCE(f.size, 1) <> (SELECT COUNT(*) FROM "
				      "listing o WHERE o.family = l.family)"),
			 0);
}

static void check(struct fx *f, int64_t last)
{
	int64_t pages = fx_number(f, "SELECT COUNT(*) FROM page");
	struct reason why;

	assert_true(pages >= last);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM pragma_integrity_check WHERE "
				      "integrity_check <> 'ok'"),
			 0);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM pragma_foreign_key_check"), 0);
	/* every page is whole: its listings, each once, and their labels */
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM page WHERE listings <> 20"), 0);
	assert_int_equal(fx_number(f, "SELECT value FROM tally WHERE name = 'pages'"), pages);
	assert_int_equal(fx_number(f, "SELECT value FROM tally WHERE name = 'listings'"),
			 fx_number(f, "SELECT COUNT(*) FROM listing"));
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM label"),
			 fx_number(f, "SELECT COUNT(*) FROM listing"));
	for (int64_t id = 1; id <= pages; id++) {
		struct page p;

		assert_int_equal(reader_page(f->reader, id, f->arena, &p, &why), ERR_OK);
		assert_true(in_archive(f, &p.record, "round "));
	}
}

static void test_kill(void **state)
{
	struct fx *f = *state;
	int64_t last;

	fx_open(f);
	fx_ok(f, fx_seeds(f, "a", 0, 1));
	fx_close(f);
	for (int round = 0; round < ROUNDS; round++) {
		int fds[2];
		pid_t pid;

		must(pipe(fds) == 0);
		fflush(NULL);
		pid = fork();
		must(pid >= 0);
		if (!pid) {
			close(fds[0]);
			child_run(f, round, fds[1]);
		}
		close(fds[1]);
		last = kill_after(pid, fds[0], 3 + 7 * round);
		close(fds[0]);
		fx_open(f);
		check(f, last);
		check_families(f);
		fx_close(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kill, fx_setup, fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
