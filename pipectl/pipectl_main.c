#include "pipectl/command.h"
#include "pipectl/manual.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_ARGS 256
#define MOST_OPTIONS 40
#define DEFAULT_SOCKET "/run/piped/piped.sock"

static int usage(const char *text)
{
	fprintf(stderr, "pipectl: %s\n", text);
	return EXIT_USAGE;
}

/* Where the command's name stands: behind options of every command. 0: none. */
static int name_at(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-')
			return i;
		if (strcmp(argv[i], "--socket") == 0)
			i++;
	}
	return 0;
}

static void both_tables(const struct command *c, struct opt to[MOST_OPTIONS])
{
	int n = 0;

	for (const struct opt *o = command_common; o->name; o++)
		to[n++] = *o;
	for (const struct opt *o = c ? c->options : NULL; o && o->name && n < MOST_OPTIONS - 1; o++)
		to[n++] = *o;
	to[n] = (struct opt){ .name = NULL };
}

static int unknown_command(const char *name)
{
	const char *near = command_near(str_of(name));

	if (near)
		fprintf(stderr, "pipectl: no command '%s'; did you mean '%s'?\n", name, near);
	else
		fprintf(stderr, "pipectl: no command '%s'; see pipectl --help\n", name);
	return EXIT_USAGE;
}

static bool wants_colour(const struct command_opt *o)
{
	const char *no = getenv("NO_COLOR");

	if (o->colour || o->no_colour)
		return o->colour;
	return isatty(STDOUT_FILENO) && !(no && no[0]);
}

static int run(const struct command *c, struct command_env *env)
{
	const char *from_env = getenv("PIPED_SOCKET");

	if (env->n_args < c->least || env->n_args > c->most) {
		fprintf(stderr, "pipectl: usage: pipectl %s%s%s; see pipectl %s --help\n", c->name,
			c->args[0] ? " " : "", c->args, c->name);
		return EXIT_USAGE;
	}
	env->colour = wants_colour(&env->opt);
	env->socket = env->opt.socket ? env->opt.socket : from_env ? from_env : DEFAULT_SOCKET;
	return c->run(env);
}

int main(int argc, char **argv)
{
	struct command_env env = { .opt = { .limit = -1, .interval = 2 } };
	struct opt table[MOST_OPTIONS];
	const struct command *c = NULL;
	const char *args[MOST_ARGS];
	struct reason why;
	int at, n = 0, rc;

	if (argc > MOST_ARGS)
		return usage("too many arguments");
	signal(SIGPIPE, SIG_DFL);
	if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
		puts("pipectl " PIPED_VERSION);
		return EXIT_DONE;
	}
	at = name_at(argc, argv);
	if (at) {
		c = command_find(str_of(argv[at]));
		if (!c)
			return unknown_command(argv[at]);
		memmove(&argv[at], &argv[at + 1], (size_t)(argc - at) * sizeof(*argv));
		argc--;
	}
	both_tables(c, table);
	if (opt_parse(table, argc, argv, &env.opt, args, &n, &why))
		return usage(why.text);
	if (!c && !env.opt.help && argc > 1)
		return usage("name a command; see pipectl --help");
	if (!c || env.opt.help) {
		manual_help(c, stdout);
		return c || env.opt.help ? EXIT_DONE : EXIT_USAGE;
	}
	env.args = args;
	env.n_args = n;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	rc = run(c, &env);
	curl_global_cleanup();
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "pipectl: cannot write the output\n");
		return EXIT_FAILED;
	}
	return rc;
}
