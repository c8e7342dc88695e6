#include "pipectl/ctl.h"
#include "pipectl/manual.h"

#include <string.h>

const struct opt ctl_help_options[] = {
	{ .name = "format",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(format),
	  .value = "FORMAT",
	  .doc = "mdoc: the manual page; bash: a completion script." },
	{ .name = NULL },
};

/* The documentation as files for other programs. */
static int formatted(const char *format)
{
	struct buf b;
	int rc = EXIT_DONE;

	buf_init(&b, 1 << 20);
	if (strcmp(format, "mdoc") == 0) {
		manual_mdoc(&b);
	} else if (strcmp(format, "bash") == 0) {
		manual_bash(&b);
	} else {
		fprintf(stderr, "pipectl: --format wants mdoc or bash\n");
		rc = EXIT_USAGE;
	}
	fputs(buf_str(&b).p, stdout);
	buf_done(&b);
	return rc;
}

int ctl_help(const struct command_env *env)
{
	const struct command *c = NULL;

	if (env->opt.format)
		return formatted(env->opt.format);
	if (env->n_args) {
		c = command_find(str_of(env->args[0]));
		if (!c) {
			fprintf(stderr, "pipectl: no command '%s'; see pipectl help\n",
				env->args[0]);
			return EXIT_USAGE;
		}
	}
	manual_help(c, stdout);
	return EXIT_DONE;
}
