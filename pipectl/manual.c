#include "pipectl/manual.h"

#include <string.h>

static void overview(struct buf *b)
{
	buf_add_text(b, "Usage: pipectl [OPTION]... COMMAND [ARGUMENT]...\n"
			"Looks into a running piped and steers it.\n\nCommands:\n");
	for (int i = 0; i < command_count; i++)
		buf_fmt(b, "  %-11s %s\n", command_table[i].name, command_table[i].doc);
	buf_add_text(b, "\nOptions of every command:\n");
	opt_help(command_common, b);
	buf_add_text(b,
		     "\n`pipectl COMMAND --help` tells more. Exit codes: 0 done, 1 failed, 2 wrong "
		     "usage,\n3 no daemon answers, 4 not found, 5 busy. See pipectl(1).\n");
}

static void one(struct buf *b, const struct command *c)
{
	buf_fmt(b, "Usage: pipectl %s%s%s [OPTION]...\n%s\n", c->name, c->args[0] ? " " : "",
		c->args, c->doc);
	if (c->more)
		buf_fmt(b, "\n%s\n", c->more);
	if (c->options && c->options->name) {
		buf_add_text(b, "\nOptions:\n");
		opt_help(c->options, b);
	}
	buf_add_text(b, "\nOptions of every command:\n");
	opt_help(command_common, b);
	if (c->example)
		buf_fmt(b, "\nExample:\n  pipectl %s\n", c->example);
}

void manual_help(const struct command *c, FILE *to)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	if (c)
		one(&b, c);
	else
		overview(&b);
	fputs(buf_str(&b).p, to);
	buf_done(&b);
}

/* An argument of a macro: there a quote would vanish. */
static void mdoc_literal(struct buf *to, const char *text)
{
	for (; *text; text++)
		if (*text == '"')
			buf_add_text(to, "\\(dq");
		else
			buf_add_char(to, *text);
	buf_add_char(to, '\n');
}

static void mdoc_args(struct buf *to, const char *args)
{
	struct str rest = str_of(args), word;

	while (str_next(&rest, ' ', &word)) {
		if (!word.n)
			continue;
		if (word.p[0] == '[' && word.p[word.n - 1] == ']')
			buf_fmt(to, " Op Ar %.*s", (int)word.n - 2, word.p + 1);
		else
			buf_fmt(to, " Ar %.*s", STR_ARG(word));
	}
}

static void mdoc_command(struct buf *to, const struct command *c)
{
	buf_fmt(to, ".It Cm %s", c->name);
	mdoc_args(to, c->args);
	buf_add_char(to, '\n');
	opt_mdoc_text(c->doc, to);
	if (c->more) {
		buf_add_text(to, ".Pp\n");
		opt_mdoc_text(c->more, to);
	}
	if (c->options && c->options->name) {
		buf_add_text(to, ".Bl -tag -width Ds -compact\n");
		opt_mdoc(c->options, to);
		buf_add_text(to, ".El\n");
	}
}

void manual_mdoc(struct buf *to)
{
	buf_add_text(to, ".\\\" Written by `pipectl help --format mdoc` from the command table; do "
			 "not edit.\n"
			 ".Dd $Mdocdate$\n.Dt PIPECTL 1\n.Os piped\n.Sh NAME\n.Nm pipectl\n"
			 ".Nd look into a running piped and steer it\n.Sh SYNOPSIS\n.Nm\n"
			 ".Op Ar option ...\n.Ar command\n.Op Ar argument ...\n.Sh DESCRIPTION\n"
			 ".Nm\nspeaks to the daemon\n.Xr piped 8\nover its Unix socket.\n"
			 "Every command that prints data has\n.Fl -json .\n.Pp\n"
			 "Options of every command:\n.Bl -tag -width Ds\n");
	opt_mdoc(command_common, to);
	buf_add_text(to, ".El\n.Sh COMMANDS\n.Bl -tag -width Ds\n");
	for (int i = 0; i < command_count; i++)
		mdoc_command(to, &command_table[i]);
	buf_add_text(to,
		     ".El\n.Sh ENVIRONMENT\n.Bl -tag -width PIPED_SOCKET\n"
		     ".It Ev PIPED_SOCKET\nThe daemon's socket, when\n.Fl -socket\n"
		     "is not given.\n.It Ev NO_COLOR\nNo colours.\n"
		     ".It Ev USER\nThe name that decisions of\n.Cm review\nare stored under.\n.El\n"
		     ".Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n"
		     ".It 0\ndone\n.It 1\nfailed; stderr says why\n.It 2\nwrong usage\n"
		     ".It 3\nno daemon answers\n.It 4\nno such thing\n"
		     ".It 5\nbusy: it runs already\n.El\n.Sh EXAMPLES\n");
	for (int i = 0; i < command_count; i++)
		if (command_table[i].example) {
			buf_add_text(to, ".Dl pipectl ");
			mdoc_literal(to, command_table[i].example);
		}
	buf_add_text(to, ".Sh SEE ALSO\n.Xr pipeclass 1 ,\n.Xr piped.yaml 5 ,\n.Xr piped 8\n");
}

static void bash_options(struct buf *to, const struct opt *o)
{
	for (; o && o->name; o++)
		buf_fmt(to, " --%s", o->name);
}

void manual_bash(struct buf *to)
{
	buf_add_text(
		to,
		"# bash completion for pipectl; written by `pipectl help --format bash`.\n"
		"_pipectl() {\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
		"command='' i words=''\n"
		"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		"\t\tcase ${COMP_WORDS[i]} in\n\t\t--socket) ((i++)) ;;\n\t\t-*) ;;\n"
		"\t\t*) command=${COMP_WORDS[i]}; break ;;\n\t\tesac\n\tdone\n"
		"\tcase $prev in\n"
		"\t--socket | --out) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n"
		"\tesac\n\tcase $command in\n\t'') words='");
	for (int i = 0; i < command_count; i++)
		buf_fmt(to, "%s%s", i ? " " : "", command_table[i].name);
	bash_options(to, command_common);
	buf_add_text(to, "' ;;\n");
	for (int i = 0; i < command_count; i++) {
		buf_fmt(to, "\t%s) words='", command_table[i].name);
		if (strstr(command_table[i].args, "SOURCE"))
			buf_add_text(to, "'$(pipectl sources --json 2>/dev/null | "
					 "sed -n 's/.*\"source\": *\"\\([^\"]*\\)\".*/\\1/p')'");
		bash_options(to, command_common);
		bash_options(to, command_table[i].options);
		buf_add_text(to, "' ;;\n");
	}
	buf_add_text(to,
		     "\tesac\n\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\n"
		     "complete -F _pipectl pipectl\n");
}
