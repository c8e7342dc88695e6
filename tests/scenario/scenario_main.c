#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"
#include "tests/scenario/scenario.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void scenario_fail(const struct world *w, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", w->file, w->line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n(state kept in %s)\n", w->folder);
	exit(EXIT_FAILED);
}

struct str scenario_word(struct str *rest)
{
	struct str s = str_trim(*rest), word;
	size_t n = 0;

	if (!s.n)
		return (struct str){ 0 };
	if (s.p[0] == '"' || s.p[0] == '\'') {
		ptrdiff_t end = str_find_char(str_sub(s, 1, s.n), s.p[0]);

		n = end < 0 ? s.n - 1 : (size_t)end;
		word = str_sub(s, 1, n);
		*rest = str_sub(s, n + 2, s.n);
		return word;
	}
	while (n < s.n && s.p[n] != ' ' && s.p[n] != '\t')
		n++;
	word = str_sub(s, 0, n);
	*rest = str_sub(s, n, s.n);
	return word;
}

int64_t scenario_number(const struct world *w, struct str s)
{
	int64_t n;

	if (!str_i64(s, &n))
		scenario_fail(w, "not a number: %.*s", STR_ARG(s));
	return n;
}

int64_t scenario_span(const struct world *w, struct str s)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "min", 60000 }, { "h", 3600000 }, { "d", 86400000 }
	};
	size_t digits = 0;
	int64_t n;

	while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
		digits++;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (str_is(str_sub(s, digits, s.n), units[i].unit) &&
		    str_i64(str_sub(s, 0, digits), &n))
			return n * units[i].ms;
	scenario_fail(w, "not a time: %.*s", STR_ARG(s));
}

/* The file's text with @CONF@ for the folder it lies in, in the state folder. */
static void set_config(struct world *w, struct str name)
{
	struct str rest, mark = STR("@CONF@");
	struct buf from, to;
	struct reason why;
	char path[1024];
	ptrdiff_t at;

	snprintf(path, sizeof(path), "%s/conf/%.*s", PIPED_SCENARIOS, STR_ARG(name));
	buf_init(&from, 1 << 20);
	buf_init(&to, 1 << 20);
	if (file_read(path, &from, &why))
		scenario_fail(w, "%s", why.text);
	buf_fmt(&to, "state-dir: %s\nsocket: %s/piped.sock\n", w->folder, w->folder);
	rest = buf_str(&from);
	while ((at = str_find(rest, mark)) >= 0) {
		buf_add(&to, str_sub(rest, 0, (size_t)at));
		buf_add_text(&to, PIPED_SCENARIOS "/conf");
		rest = str_sub(rest, (size_t)at + mark.n, rest.n);
	}
	buf_add(&to, rest);
	snprintf(w->config, sizeof(w->config), "%s/piped.yaml", w->folder);
	if (file_write(w->config, buf_str(&to), &why))
		scenario_fail(w, "%s", why.text);
	buf_done(&from);
	buf_done(&to);
}

static void do_config(struct world *w, struct str rest)
{
	set_config(w, scenario_word(&rest));
	if (w->running)
		scenario_world_reload(w);
}

static void do_credential(struct world *w, struct str rest)
{
	struct str name = scenario_word(&rest), value = scenario_word(&rest);
	char variable[128], text[256];

	if (!value.p)
		scenario_fail(w, "credential NAME VALUE");
	snprintf(variable, sizeof(variable), "PIPED_CREDENTIAL_%.*s", STR_ARG(name));
	snprintf(text, sizeof(text), "%.*s", STR_ARG(value));
	setenv(variable, text, 1);
}

static void do_start(struct world *w, struct str rest)
{
	(void)rest;
	if (!w->config[0])
		scenario_fail(w, "start: no config yet");
	scenario_world_start(w);
}

static void do_pass(struct world *w, struct str rest)
{
	scenario_world_pass(w, scenario_span(w, scenario_word(&rest)));
}

/* clock ahead TIME | clock back TIME: the wall clock is set; no time passes */
static void do_clock(struct world *w, struct str rest)
{
	struct str way = scenario_word(&rest);
	int64_t ms = scenario_span(w, scenario_word(&rest));

	if (!str_is(way, "ahead") && !str_is(way, "back"))
		scenario_fail(w, "clock: ahead TIME or back TIME");
	w->ahead_ms += str_is(way, "ahead") ? ms : -ms;
	if (w->running) {
		crawl_pump(w->crawl);
		scenario_world_settle(w);
	}
}

/* restart [clock ahead TIME | clock back TIME] */
static void do_restart(struct world *w, struct str rest)
{
	scenario_world_stop(w);
	if (str_is(scenario_word(&rest), "clock"))
		do_clock(w, rest);
	scenario_world_start(w);
}

static void do_pause(struct world *w, struct str rest)
{
	crawl_pause(w->crawl, scenario_word(&rest), true);
}

static void do_resume(struct world *w, struct str rest)
{
	crawl_pause(w->crawl, scenario_word(&rest), false);
	scenario_world_settle(w);
}

static void do_hold(struct world *w, struct str rest)
{
	scenario_net_hold(w, scenario_word(&rest));
}

static void do_release(struct world *w, struct str rest)
{
	scenario_net_release(w, scenario_word(&rest));
	if (w->running)
		scenario_world_settle(w);
}

static void do_crawl(struct world *w, struct str rest)
{
	scenario_world_crawl(w, scenario_word(&rest));
}

/* reprocess [SOURCE]: pages are extracted again, whatever their version */
static void do_reprocess(struct world *w, struct str rest)
{
	struct reason why;

	if (reread_start(w->reread, scenario_word(&rest), (struct str){ 0 }, 0, &why))
		scenario_fail(w, "%s", why.text);
	scenario_world_settle(w);
}

static void do_store(struct world *w, struct str rest)
{
	struct str how = scenario_word(&rest);

	w->store_err = str_is(how, "fails") ? ERR_FULL : str_is(how, "refuses") ? ERR_BAD : ERR_OK;
	if (!w->store_err && !str_is(how, "works"))
		scenario_fail(w, "store: fails, refuses or works");
}

/* robots-memory BYTES: before start */
static void do_robots_memory(struct world *w, struct str rest)
{
	w->robots_bytes = (size_t)scenario_number(w, scenario_word(&rest));
}

static const struct {
	const char *name;
	void (*run)(struct world *w, struct str rest);
	bool running; /* only after start */
} commands[] = {
	{ "config", do_config, false },		{ "credential", do_credential, false },
	{ "reply", scenario_net_reply, false }, { "hold", do_hold, false },
	{ "release", do_release, false },	{ "start", do_start, false },
	{ "restart", do_restart, true },	{ "pass", do_pass, true },
	{ "clock", do_clock, false },		{ "pause", do_pause, true },
	{ "resume", do_resume, true },		{ "crawl", do_crawl, true },
	{ "store", do_store, false },		{ "robots-memory", do_robots_memory, false },
	{ "reprocess", do_reprocess, true },	{ "expect", scenario_expect, true },
};

static void run_line(struct world *w, struct str line)
{
	struct str rest = str_trim(line), name;

	if (!rest.n || rest.p[0] == '#')
		return;
	name = scenario_word(&rest);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (!str_is(name, commands[i].name))
			continue;
		if (commands[i].running && !w->running)
			scenario_fail(w, "%.*s before start", STR_ARG(name));
		commands[i].run(w, rest);
		return;
	}
	scenario_fail(w, "unknown step %.*s", STR_ARG(name));
}

static int64_t read_clock(void *ctx)
{
	return ((struct world *)ctx)->now_ms;
}

static int64_t read_wall(void *ctx)
{
	return scenario_world_wall(ctx);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

int main(int argc, char **argv)
{
	struct world *w = mem_zero(sizeof(*w));
	struct str rest, line;
	struct reason why;
	struct buf text;

	if (argc != 2) {
		fprintf(stderr, "usage: scenario FILE\n");
		return EXIT_USAGE;
	}
	log_setup(getenv("SCENARIO_LOG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
	w->file = argv[1];
	w->now_ms = SCENARIO_START_MS;
	w->clock = (struct clock){ .wall_ms = read_wall, .mono_ms = read_clock, .ctx = w };
	snprintf(w->folder, sizeof(w->folder), "%s/scenario-XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	buf_init(&text, 1 << 20);
	if (!mkdtemp(w->folder))
		scenario_fail(w, "mkdtemp failed");
	if (file_read(argv[1], &text, &why))
		scenario_fail(w, "%s", why.text);
	rest = buf_str(&text);
	while (str_next(&rest, '\n', &line)) {
		w->line++;
		run_line(w, line);
	}
	scenario_world_stop(w);
	scenario_net_free(w);
	nftw(w->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	buf_done(&text);
	mem_free(w);
	return EXIT_DONE;
}
