#include "base/clock.h"
#include "pipectl/ctl.h"
#include "pipectl/http.h"
#include "pipectl/screen.h"
#include "pipectl/show.h"

#include <string.h>
#include <unistd.h>

const struct opt ctl_status_options[] = {
	{ .name = "watch",
	  .letter = 'w',
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(watch),
	  .doc = "Show it again every few seconds until interrupted." },
	{ .name = "interval",
	  .letter = 'n',
	  .type = OPT_INT,
	  .at = COMMAND_AT(interval),
	  .value = "SECONDS",
	  .min = 1,
	  .max = 3600,
	  .doc = "Seconds between two looks with --watch (2)." },
	{ .name = NULL },
};

static void row(const char *name, const json_t *object, const char *key)
{
	char text[32];

	printf("  %-22s %12s\n", name, screen_count(screen_int(object, key), text));
}

static void head(const struct command_env *env, const json_t *s)
{
	const json_t *crawl = json_object_get(s, "crawl");
	char span[32];

	clock_span(screen_int(s, "uptime_ms"), span);
	printf("%spiped %s%s  pid %lld  up %s  %s", screen_colour(env, SCREEN_BOLD),
	       screen_member(json_object_get(s, "versions"), "piped"),
	       screen_colour(env, SCREEN_PLAIN), (long long)screen_int(s, "pid"), span,
	       screen_true(s, "stopping") ? "stopping"
	       : screen_true(s, "idle")	  ? "idle"
					  : "working");
	if (screen_true(crawl, "paused"))
		printf("  %spaused%s", screen_colour(env, SCREEN_YELLOW),
		       screen_colour(env, SCREEN_PLAIN));
	putchar('\n');
	if (screen_member(crawl, "held")[0])
		printf("%sfetching waits: %s%s\n", screen_colour(env, SCREEN_RED),
		       screen_member(crawl, "held"), screen_colour(env, SCREEN_PLAIN));
	if (screen_member(json_object_get(s, "writer"), "error")[0])
		printf("%slast commit failed: %s%s\n", screen_colour(env, SCREEN_RED),
		       screen_member(json_object_get(s, "writer"), "error"),
		       screen_colour(env, SCREEN_PLAIN));
}

/* Only what there is: most crawls have little of it. */
static void ends(const json_t *tallies)
{
	static const char start[] = "ends-";
	const char *joint = "requests without answer";
	const json_t *n;
	const char *name;
	char text[32];

	json_object_foreach((json_t *)(uintptr_t)tallies, name, n)
	{
		if (strncmp(name, start, sizeof(start) - 1) != 0 || !json_integer_value(n))
			continue;
		printf("%s  %s %s", joint, name + sizeof(start) - 1,
		       screen_count(json_integer_value(n), text));
		joint = "";
	}
	if (!*joint)
		putchar('\n');
}

static void counts(const json_t *s)
{
	const json_t *t = json_object_get(s, "tallies"), *jobs = json_object_get(s, "jobs");
	char text[32];

	printf("\nPages and listings\n");
	row("pages fetched", t, "pages");
	row("  unchanged", t, "pages-unchanged");
	row("  unparsable", t, "pages-unparsable");
	row("  errors", t, "pages-error");
	row("listings", t, "listings");
	row("  gone", t, "gone");
	row("  duplicates", t, "duplicates");
	row("  flagged", t, "flagged");
	row("  changes recorded", t, "changes");
	row("promoted rows skipped", t, "skipped");
	row("labeled", t, "labeled");
	row("suggested", t, "suggested");
	row("reviewed", t, "reviewed");
	printf("  %-22s %12s\n", "waiting for review",
	       screen_count(screen_int(s, "review_queue"), text));
	ends(t);
	printf("\nQueue   due %lld  done %lld  failed %lld  refused %lld  gone %lld\n",
	       (long long)screen_int(jobs, "due"), (long long)screen_int(jobs, "done"),
	       (long long)screen_int(jobs, "failed"), (long long)screen_int(jobs, "refused"),
	       (long long)screen_int(jobs, "gone"));
	ctl_rejected_line(s);
	if (screen_int(s, "links_refused"))
		printf("Links   %s not followed; `pipectl refused` says why\n",
		       screen_count(screen_int(s, "links_refused"), text));
}

static int share(int64_t done, int64_t all)
{
	return all > 0 && done < all ? (int)(done * 100 / all) : 100;
}

static void waits(const json_t *work)
{
	const char *why = screen_member(work, "waits");

	printf("%s%s\n", why[0] ? "; waits: " : "", why);
}

/* Listings are looked through in the order of their numbers, which have no gaps. */
static void sweeping(const json_t *s)
{
	const json_t *sweep = json_object_get(s, "sweep");
	int64_t all = screen_int(json_object_get(s, "tallies"), "listings"),
		at = screen_int(sweep, "cursor");
	char text[32];

	if (!screen_true(sweep, "active"))
		return;
	printf("Sweep   clean titles, families, labels and suggestions are made again: %s "
	       "listings so far, %.0f/s, %lld%% looked through\n",
	       screen_count(screen_int(sweep, "done"), text), screen_real(sweep, "per_s"),
	       (long long)(all <= 0    ? 0
			   : at >= all ? 100
				       : at * 100 / all));
}

static void flow(const struct command_env *env, const json_t *s)
{
	const json_t *c = json_object_get(s, "crawl");
	const json_t *reread = json_object_get(s, "reread"), *import = json_object_get(s, "import");
	char text[32];

	printf("Flow    %.2f requests/s  %.1f listings/s  fetching %lld  waiting %lld  extracting "
	       "%lld  committing %lld\n",
	       screen_real(c, "requests_per_s"), screen_real(c, "listings_per_s"),
	       (long long)screen_int(c, "fetching"), (long long)screen_int(c, "waiting"),
	       (long long)screen_int(c, "extracting"), (long long)screen_int(c, "committing"));
	sweeping(s);
	if (strcmp(screen_member(reread, "state"), "running") == 0) {
		printf("Reread  pages are extracted again from the archive: %s so far, %lld "
		       "changed, %d%% looked through",
		       screen_count(screen_int(reread, "pages"), text),
		       (long long)screen_int(reread, "changed"),
		       share(screen_int(reread, "cursor"), screen_int(reread, "last")));
		waits(reread);
	}
	if (strcmp(screen_member(import, "state"), "running") == 0) {
		printf("Import  %s: %s pages so far, %d%% of the file",
		       screen_member(import, "file"),
		       screen_count(screen_int(import, "pages"), text),
		       share(screen_int(import, "done_bytes"), screen_int(import, "bytes")));
		waits(import);
	}
	ctl_images_line(env, s);
}

static void in_flight(const json_t *s)
{
	const json_t *work = json_object_get(json_object_get(s, "crawl"), "in_flight"), *w;
	int64_t now = screen_int(s, "now_ms");
	size_t i;
	char span[32];

	json_array_foreach(work, i, w)
	{
		if (i == 5) {
			printf("        and %zu more\n", json_array_size(work) - i);
			break;
		}
		clock_span(now - screen_int(w, "since_ms"), span);
		printf("        job %lld %s for %s: ", (long long)screen_int(w, "job"),
		       screen_member(w, "step"), span);
		screen_cell(str_of(screen_member(w, "url")), 60);
		putchar('\n');
	}
}

/* "0.25", "20", "1000"; `to` holds 32. */
static const char *rate(double r, char to[32])
{
	snprintf(to, 32, r < 100 ? "%.3g" : "%.0f", r);
	return to;
}

/* What the list leaves out: hosts in memory, by why, and those in the database. */
static void hosts_not_shown(const json_t *s)
{
	const json_t *f = json_object_get(s, "frontier"), *n;
	int64_t more = screen_int(f, "hosts_in_memory") - screen_int(f, "hosts_shown");
	int64_t due = screen_int(json_object_get(s, "tallies"), "hosts-due");
	const char *why, *sep = " (of all: ";
	char text[32];

	if (more > 0) {
		printf("  and %s more in memory", screen_count(more, text));
		json_object_foreach((json_t *)(uintptr_t)json_object_get(f, "why"), why, n)
		{
			if (!json_integer_value(n))
				continue;
			printf("%s%s %s", sep, screen_count(json_integer_value(n), text), why);
			sep = ", ";
		}
		puts(")");
	}
	if (due > screen_int(f, "hosts_in_memory"))
		printf("  %s hosts have due jobs; the others wait in the database for their turn\n",
		       screen_count(due, text));
}

static void hosts(const struct command_env *env, const json_t *s)
{
	const json_t *all = json_object_get(s, "hosts"), *h;
	int64_t now = screen_int(s, "now_ms"), until;
	char span[32] = "", used[32], allowed[32];
	size_t i;

	if (json_array_size(all))
		printf("\nHosts\n");
	json_array_foreach(all, i, h)
	{
		until = screen_int(h, "until_ms");
		printf("  ");
		screen_cell(str_of(screen_member(h, "host")), 28);
		printf(" %5lld due  %s/s of %s/s  ", (long long)screen_int(h, "due"),
		       rate(screen_real(h, "rate_used"), used),
		       rate(screen_real(h, "rate"), allowed));
		printf("%s%s%s: %s", screen_colour(env, SCREEN_DIM), screen_member(h, "why"),
		       screen_colour(env, SCREEN_PLAIN), screen_member(h, "why_doc"));
		if (until > now) {
			clock_span(until - now, span);
			printf(" (%s)", span);
		}
		putchar('\n');
		if (screen_real(h, "factor") < 1)
			printf("    at %.0f%% of its rate: %s\n", screen_real(h, "factor") * 100,
			       screen_member(h, "factor_doc"));
		if (screen_int(h, "troubles"))
			printf("    %lld in a row, breaker %s: %s\n",
			       (long long)screen_int(h, "troubles"), screen_member(h, "breaker"),
			       screen_member(h, "trouble"));
	}
	hosts_not_shown(s);
}

static void model(const json_t *s)
{
	const json_t *m = json_object_get(s, "model"), *t = json_object_get(s, "train");
	const char *state = screen_member(t, "state");

	if (json_is_object(m))
		printf("\nModel   %s (id %lld), %lld categories\n", screen_member(m, "name"),
		       (long long)screen_int(m, "id"), (long long)screen_int(m, "classes"));
	else if (screen_member(s, "model_trouble")[0])
		printf("\nModel   %s; `pipectl model use` takes another\n",
		       screen_member(s, "model_trouble"));
	else
		printf("\nModel   none yet; `pipectl train` makes one\n");
	if (strcmp(state, "running") == 0)
		printf("Train   %s, %.0f%%\n", screen_member(t, "what"),
		       screen_real(t, "progress") * 100);
	else if (strcmp(state, "failed") == 0)
		printf("Train   failed: %s\n", screen_member(t, "error"));
	else if (strcmp(state, "done") == 0)
		printf("Train   %s\n",
		       screen_member(json_object_get(json_object_get(t, "metrics"), "gate"),
				     "verdict"));
}

static void disk(const json_t *s)
{
	const json_t *d = json_object_get(s, "disk"), *c = json_object_get(s, "cost");
	char database[32], archive[32], left[32], peak[32], day[32];

	printf("Disk    database %s, archive %s, free %s, in %s\n",
	       screen_bytes(screen_int(d, "database_bytes"), database),
	       screen_bytes(screen_int(d, "archive_bytes"), archive),
	       screen_bytes(screen_int(d, "free_bytes"), left), screen_member(d, "state_dir"));
	if (screen_int(d, "archive_removed_segments")) {
		clock_iso(screen_int(d, "archive_removed_ms"), day);
		printf("        removed from the archive: %lld segments, %s, last %s\n",
		       (long long)screen_int(d, "archive_removed_segments"),
		       screen_bytes(screen_int(d, "archive_removed_bytes"), archive), day);
	}
	if (screen_member(d, "archive_waits")[0])
		printf("        archive: %s\n", screen_member(d, "archive_waits"));
	printf("Cost    %.1f s of CPU, peak memory %s\n", screen_real(c, "cpu_s"),
	       screen_bytes(screen_int(c, "memory_peak_bytes"), peak));
}

static void troubles(const struct command_env *env, const json_t *s)
{
	const json_t *all = json_object_get(s, "troubles"), *t;
	size_t i;

	if (json_array_size(all))
		printf("\nLast troubles\n");
	json_array_foreach(all, i, t)
	{
		if (i == 5)
			break;
		printf("  %s %s%s%s %s: %s\n", screen_member(t, "at"),
		       screen_colour(env, SCREEN_RED), screen_member(t, "what"),
		       screen_colour(env, SCREEN_PLAIN), screen_member(t, "source"),
		       screen_member(t, "reason"));
		printf("    job %lld ", (long long)screen_int(t, "job"));
		screen_cell(str_of(screen_member(t, "url")), 70);
		putchar('\n');
	}
}

static void alarms(const struct command_env *env, const json_t *s)
{
	const json_t *all = json_object_get(s, "alarms"), *a;
	size_t i;

	if (json_array_size(all))
		printf("\n%sPages have changed%s (`pipectl drift SOURCE` says what was usual; is "
		       "it right, "
		       "`pipectl drift SOURCE --accept`)\n",
		       screen_colour(env, SCREEN_RED), screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(all, i, a) ctl_drift_alarm(env, a);
	if (json_array_size(all))
		putchar('\n');
}

static int once(const struct command_env *env)
{
	json_t *s = NULL;
	int rc = http_get(env, "/api/status", &s);

	if (rc)
		return rc;
	if (env->opt.watch && isatty(STDOUT_FILENO))
		fputs("\033[H\033[2J", stdout);
	if (env->opt.json) {
		screen_json(s);
	} else {
		head(env, s);
		counts(s);
		alarms(env, s);
		flow(env, s);
		in_flight(s);
		hosts(env, s);
		model(s);
		disk(s);
		troubles(env, s);
	}
	json_decref(s);
	fflush(stdout);
	return rc;
}

int ctl_status(const struct command_env *env)
{
	int rc = once(env);

	while (rc == EXIT_DONE && env->opt.watch) {
		sleep((unsigned)env->opt.interval);
		rc = once(env);
	}
	return rc;
}
