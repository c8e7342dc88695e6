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

int ctl_help(const struct command_env *env)
{
	const struct command *c = NULL;
	struct buf b;

	if (env->opt.format) {
		buf_init(&b, 1 << 20);
		if (strcmp(env->opt.format, "mdoc") == 0)
			manual_mdoc(&b);
		else if (strcmp(env->opt.format, "bash") == 0)
			manual_bash(&b);
		else
			fprintf(stderr, "pipectl: --format wants mdoc or bash\n");
		fputs(buf_str(&b).p, stdout);
		buf_done(&b);
		return strcmp(env->opt.format, "mdoc") && strcmp(env->opt.format, "bash")
			       ? EXIT_USAGE
			       : EXIT_DONE;
	}
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
