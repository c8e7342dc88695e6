#include "base/opt.h"
#include "daemon/daemon.h"

#include <signal.h>
#include <stdio.h>

struct options {
	bool help, version, check, paused, once, print;
	const char *config, *log_level;
};

#define AT(field) offsetof(struct options, field)
static const struct opt options[] = {
	{ .name = "config",
	  .letter = 'c',
	  .type = OPT_TEXT,
	  .at = AT(config),
	  .value = "FILE",
	  .doc = "Configuration file; " PIPED_SYSCONFDIR "/piped.yaml if not given." },
	{ .name = "check",
	  .type = OPT_FLAG,
	  .at = AT(check),
	  .doc = "Check the configuration and every file it names, print all problems, and stop." },
	{ .name = "print-config",
	  .type = OPT_FLAG,
	  .at = AT(print),
	  .doc = "Print the effective configuration with its documentation, and stop." },
	{ .name = "paused",
	  .type = OPT_FLAG,
	  .at = AT(paused),
	  .doc = "Start without fetching: to look at, label, train on and export what is there." },
	{ .name = "once",
	  .type = OPT_FLAG,
	  .at = AT(once),
	  .doc = "Stop when nothing is under way and nothing is due in the next 10 minutes." },
	{ .name = "log-level",
	  .type = OPT_TEXT,
	  .at = AT(log_level),
	  .value = "LEVEL",
	  .doc = "debug, info, warn or error; wins over the configuration's log-level." },
	{ .name = "help",
	  .letter = 'h',
	  .type = OPT_FLAG,
	  .at = AT(help),
	  .doc = "Print this help, and stop." },
	{ .name = "version",
	  .letter = 'V',
	  .type = OPT_FLAG,
	  .at = AT(version),
	  .doc = "Print the version, and stop." },
	{ .name = NULL },
};

static void print_help(void)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_add_text(&b, "Usage: piped [OPTION]...\n"
			 "Crawls marketplaces, archives, extracts, labels and suggests; look in "
			 "with pipectl.\n\nOptions:\n");
	opt_help(options, &b);
	buf_add_text(&b,
		     "\nSIGTERM stops cleanly, SIGHUP reloads the configuration.\n"
		     "Exit codes: 0 done, 1 failed, 2 wrong options or configuration, 5 another "
		     "daemon holds the store.\nSee piped(8), piped.yaml(5), pipectl(1).\n");
	fputs(b.p, stdout);
	buf_done(&b);
}

static void print_problem(void *ctx, const struct conf_problem *p)
{
	char text[512];

	(void)ctx;
	conf_problem_text(p, text);
	fprintf(stderr, "%s\n", text);
}

static int check(const char *path, bool print)
{
	struct rule_set *r = NULL;
	struct reason why = { "" };
	struct buf b;
	enum err err = rule_set_load(path, &r, print_problem, NULL, &why);

	if (err) {
		if (err != ERR_BAD)
			fprintf(stderr, "piped: %s\n", why.text);
		return EXIT_USAGE;
	}
	if (print) {
		buf_init(&b, 16 << 20);
		conf_print(r->conf, &b);
		fputs(buf_str(&b).p, stdout);
		buf_done(&b);
	} else {
		printf("%s: fine: %d sources, %d categories, %d mappings, %d rules\n", path,
		       r->conf->n_sources, r->conf->taxonomy.n_taxa, r->conf->taxonomy.n_mappings,
		       r->conf->rules.n_rules);
	}
	rule_set_release(r);
	return EXIT_DONE;
}

static int usage(const char *why)
{
	fprintf(stderr, "piped: %s\n", why);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct options o = { .config = PIPED_SYSCONFDIR "/piped.yaml" };
	struct daemon_opt d = { 0 };
	struct reason why;
	const char *args[64];
	int n = 0;

	if (argc > 64)
		return usage("too many arguments; see --help");
	if (opt_parse(options, argc, argv, &o, args, &n, &why))
		return usage(why.text);
	if (n)
		return usage("piped takes options only; see --help. To look in, use pipectl");
	if (o.help) {
		print_help();
		return EXIT_DONE;
	}
	if (o.version) {
		puts("piped " PIPED_VERSION);
		return EXIT_DONE;
	}
	if (o.check || o.print)
		return check(o.config, o.print);
	d.config = o.config;
	d.paused = o.paused;
	d.once = o.once;
	d.log_level_given = o.log_level != NULL;
	if (o.log_level && !log_level_parse(str_of(o.log_level), &d.log_level))
		return usage("--log-level wants debug, info, warn or error");
	signal(SIGPIPE, SIG_IGN);
	return daemon_run(&d);
}
