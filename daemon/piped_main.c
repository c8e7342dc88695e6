#include "base/opt.h"
#include "daemon/daemon.h"
#include "daemon/manpage.h"

#include <signal.h>
#include <stdio.h>

static void print_help(void)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_add_text(&b, "Usage: piped [OPTION]...\n"
			 "Crawls marketplaces, archives, extracts, labels and suggests; look in "
			 "with pipectl.\n\nOptions:\n");
	opt_help(manpage_options, &b);
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
	enum err err = rule_set_load(path, false, &r, print_problem, NULL, &why);

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

static int print_manual(int64_t section)
{
	struct buf b;

	buf_init(&b, 4 << 20);
	if (section == 5)
		manpage_yaml(&b);
	else if (section == 8)
		manpage_piped(&b);
	fputs(buf_str(&b).p, stdout);
	buf_done(&b);
	return section == 5 || section == 8 ? EXIT_DONE
					    : usage("--manual wants 5 (piped.yaml) or 8 (piped)");
}

int main(int argc, char **argv)
{
	struct manpage_opt o = { .config = PIPED_SYSCONFDIR "/piped.yaml" };
	struct daemon_opt d = { 0 };
	struct reason why;
	const char *args[64];
	int n = 0;

	if (argc > 64)
		return usage("too many arguments; see --help");
	if (opt_parse(manpage_options, argc, argv, &o, args, &n, &why))
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
	if (o.manual)
		return print_manual(o.manual);
	if (o.check || o.print)
		return check(o.config, o.print);
	d.config = o.config;
	d.paused = o.paused;
	d.once = o.once;
	d.log_level_given = o.log_level != NULL;
	if (o.log_level && !log_level_parse(str_of(o.log_level), &d.log_level))
		return usage("--log-level wants debug, info, warn or error");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is like a full disk */
	return daemon_run(&d);
}
