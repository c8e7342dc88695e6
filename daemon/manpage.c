#include "daemon/manpage.h"

#include "config/conf.h"
#include "model/state.h"

#define AT(field) offsetof(struct manpage_opt, field)
const struct opt manpage_options[] = {
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
	{ .name = "manual",
	  .type = OPT_INT,
	  .at = AT(manual),
	  .value = "SECTION",
	  .doc = "Print a manual page as mdoc: 8 for piped, 5 for piped.yaml; and stop." },
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

static const char *const head =
	".\\\" Written by `piped --manual 8`; do not edit.\n"
	".Dd $Mdocdate$\n.Dt PIPED 8\n.Os piped\n.Sh NAME\n.Nm piped\n"
	".Nd turn marketplaces into audited, labeled datasets\n"
	".Sh SYNOPSIS\n.Nm\n.Op Ar option ...\n.Sh DESCRIPTION\n.Nm\n"
	"crawls second-hand marketplaces and shops within the rates that their sources allow, "
	"keeps\n"
	"the raw responses in WARC files, extracts listings into SQLite, finds duplicates, labels "
	"by\n"
	"rules, asks a linked classifier for the three likeliest categories, and queues for "
	"review\n"
	"what deserves a person's look.\nIt is steered with\n.Xr pipectl 1\n"
	"and configured in\n.Xr piped.yaml 5 .\n.Pp\nThe options are:\n.Bl -tag -width Ds\n";

static const char *const tail =
	".Sh SIGNALS\n.Bl -tag -width SIGTERM -compact\n"
	".It Dv SIGTERM , SIGINT\nStop: no new requests; what was answered is committed; then "
	"end.\n"
	".It Dv SIGHUP\nLoad the configuration again.\n"
	"It is refused as a whole when something in it\n"
	"is wrong, and the old one stays.\n.El\n"
	".Sh FILES\n.Bl -tag -width Ds\n"
	".It Pa piped.db\nThe database, within the state directory; and the queue: what is due is "
	"a "
	"row.\n"
	".It Pa piped.db.lock\nHeld by the one daemon that may write.\n"
	".It Pa archive/piped-000001.warc.gz\nRaw responses, WARC 1.1, one gzip member per "
	"record.\n"
	".It Pa models/\nTrained models.\n"
	".It Pa export/\nThe newest exports; scratch, may be removed.\n.El\n"
	".Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n"
	".It 0\nstopped as asked\n.It 1\nfailed: the database cannot be opened, was made by a "
	"newer\n"
	"version, the disk is full; stderr says which\n"
	".It 2\nwrong options or configuration\n"
	".It 5\nanother daemon holds the database or answers on the socket\n.El\n"
	".Sh DIAGNOSTICS\nOne line an event on stderr, the object's id first:\n"
	".Dl page=71 job=70 source=bunjang status=200 bytes=18233 items=100\n"
	"Under systemd the lines carry priorities instead of times.\n"
	".Sh SEE ALSO\n.Xr pipeclass 1 ,\n.Xr pipectl 1 ,\n.Xr piped.yaml 5\n";

static void states(struct buf *to)
{
	buf_add_text(to, ".Sh STATES\n");
	for (int k = 0; k < STATE_KINDS; k++) {
		buf_fmt(to, "A %s is:\n.Bl -tag -width unparsable -compact\n",
			state_kind_name((enum state_kind)k));
		for (int i = 0; i < state_count((enum state_kind)k); i++)
			buf_fmt(to, ".It %s\n%s\n", state_name((enum state_kind)k, i),
				state_doc((enum state_kind)k, i));
		buf_add_text(to, k + 1 < STATE_KINDS ? ".El\n.Pp\n" : ".El\n");
	}
}

void manpage_piped(struct buf *to)
{
	buf_add_text(to, head);
	opt_mdoc(manpage_options, to);
	buf_add_text(to, ".El\n");
	states(to);
	buf_add_text(to, tail);
}

void manpage_yaml(struct buf *to)
{
	buf_add_text(
		to, ".\\\" Written by `piped --manual 5`; do not edit.\n"
		    ".Dd $Mdocdate$\n.Dt PIPED.YAML 5\n.Os piped\n.Sh NAME\n.Nm piped.yaml\n"
		    ".Nd configuration of piped, its sources, taxonomy and rules\n.Sh DESCRIPTION\n"
		    ".Nm\nis read by\n.Xr piped 8\nand names the files of sources, taxonomy and "
		    "rules.\n"
		    "Relative paths are relative to the file that holds them.\nEvery problem is "
		    "reported "
		    "with its file, line and column;\n.Ql piped --check\nshows them all.\n");
	conf_mdoc(to);
	buf_add_text(to, ".Sh SEE ALSO\n.Xr pipectl 1 ,\n.Xr piped 8\n");
}
