/* market: a second-hand market to crawl. Everything it says follows from its
 * options; see --help. */
#include "market_data.h"
#include "market_fault.h"
#include "market_gen.h"
#include "market_http.h"
#include "market_journal.h"
#include "market_site.h"
#include "market_spec.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MOST ((size_t)1 << 30)

struct options {
	const char *listen, *port_file, *cert, *key, *listings, *dump, *fault, *log, *robots;
	int64_t port, seed, count, window, html_count, ads, threads;
	bool quiet, help;
};

#define AT(field) offsetof(struct options, field)

static const struct opt table[] = {
	{ .name = "listen",
	  .type = OPT_TEXT,
	  .at = AT(listen),
	  .value = "ADDRESS",
	  .doc = "IPv4 address to serve on (127.0.0.1)." },
	{ .name = "port",
	  .type = OPT_INT,
	  .at = AT(port),
	  .value = "N",
	  .min = 0,
	  .max = 65535,
	  .doc = "Port; 0, the default, takes a free one." },
	{ .name = "port-file",
	  .type = OPT_TEXT,
	  .at = AT(port_file),
	  .value = "FILE",
	  .doc = "Write the port here once the market can be reached." },
	{ .name = "tls-cert",
	  .type = OPT_TEXT,
	  .at = AT(cert),
	  .value = "PEM",
	  .doc = "Serve TLS with this certificate (make-ca.sh makes one)." },
	{ .name = "tls-key",
	  .type = OPT_TEXT,
	  .at = AT(key),
	  .value = "PEM",
	  .doc = "The certificate's key." },
	{ .name = "seed",
	  .type = OPT_INT,
	  .at = AT(seed),
	  .value = "N",
	  .min = 0,
	  .max = INT64_MAX,
	  .doc = "Seed of the generated listings (1)." },
	{ .name = "count",
	  .type = OPT_INT,
	  .at = AT(count),
	  .value = "N",
	  .min = 1,
	  .max = 5000000,
	  .doc = "How many listings to generate (20000)." },
	{ .name = "listings",
	  .type = OPT_TEXT,
	  .at = AT(listings),
	  .value = "FILE",
	  .doc = "Sell the listings of this file instead: tab-separated, plain or gzip, with a "
		 "header line as --dump writes it." },
	{ .name = "dump",
	  .type = OPT_TEXT,
	  .at = AT(dump),
	  .value = "FILE",
	  .doc = "Write the generated listings to this file and end." },
	{ .name = "window",
	  .type = OPT_INT,
	  .at = AT(window),
	  .value = "N",
	  .min = 0,
	  .max = 1000000000,
	  .doc = "Show only the first N results of a query; 0: all." },
	{ .name = "html-count",
	  .type = OPT_INT,
	  .at = AT(html_count),
	  .value = "N",
	  .min = 0,
	  .max = 1000000,
	  .doc = "Listings on the HTML side (300)." },
	{ .name = "ads",
	  .type = OPT_INT,
	  .at = AT(ads),
	  .value = "PERCENT",
	  .min = 0,
	  .max = 50,
	  .doc = "Promoted rows on top of a page's own, in percent of them (5)." },
	{ .name = "fault",
	  .type = OPT_TEXT,
	  .at = AT(fault),
	  .value = "SPEC",
	  .doc = "What goes wrong, see below. May be given many times." },
	{ .name = "log",
	  .type = OPT_TEXT,
	  .at = AT(log),
	  .value = "FILE",
	  .doc = "Append a line for each request: milliseconds (monotonic), host, path, status, "
		 "bytes, fault, Retry-After in milliseconds, milliseconds of the answer; tabs "
		 "between." },
	{ .name = "robots",
	  .type = OPT_TEXT,
	  .at = AT(robots),
	  .value = "FOLDER",
	  .doc = "A host has the robots.txt FOLDER/HOST.txt, where there is one." },
	{ .name = "threads",
	  .type = OPT_INT,
	  .at = AT(threads),
	  .value = "N",
	  .min = 1,
	  .max = 64,
	  .doc = "Threads that serve (2)." },
	{ .name = "quiet",
	  .letter = 'q',
	  .type = OPT_FLAG,
	  .at = AT(quiet),
	  .doc = "Do not print a line when listening." },
	{ .name = "help", .letter = 'h', .type = OPT_FLAG, .at = AT(help), .doc = "This text." },
	{ .name = NULL },
};

struct market {
	struct options o;
	struct market_data *data;
	struct market_site site;
	struct market_faults *faults;
	struct market_journal *journal;
	struct market_http *http;
	int port;
};

static void print_help(void)
{
	struct buf text;

	buf_init(&text, 1 << 16);
	buf_add_text(&text,
		     "Usage: market [OPTION]...\n"
		     "A second-hand market to crawl: Bunjang's search API, and an HTML side.\n\n"
		     "Options:\n");
	opt_help(table, &text);
	market_spec_help(&text);
	fputs(text.p, stdout);
	buf_done(&text);
}

/* Every --fault counts, where the option table keeps only the last. */
static enum err add_faults(struct market_faults *f, int argc, char **argv, struct reason *why)
{
	const struct str with_value = STR("--fault=");
	enum err err = ERR_OK;
	int i;

	for (i = 1; i < argc && !err; i++) {
		if (strcmp(argv[i], "--fault") == 0 && i + 1 < argc)
			err = market_fault_add(f, str_of(argv[++i]), why);
		else if (str_starts(str_of(argv[i]), with_value))
			err = market_fault_add(f, str_of(argv[i] + with_value.n), why);
	}
	return err;
}

static enum err read_options(struct market *m, int argc, char **argv, struct reason *why)
{
	const char **args = mem_array((size_t)argc + 1, sizeof(*args));
	enum err err;
	int n = 0;

	m->o = (struct options){ .listen = "127.0.0.1",
				 .seed = 1,
				 .count = 20000,
				 .html_count = 300,
				 .ads = 5,
				 .threads = 2 };
	err = opt_parse(table, argc, argv, &m->o, args, &n, why);
	if (!err && n > 0)
		err = reason_set(why, ERR_BAD, "'%s' is not an option; see --help", args[0]);
	if (!err && !m->o.cert != !m->o.key)
		err = reason_set(why, ERR_BAD, "--tls-cert and --tls-key go together");
	if (!err)
		err = add_faults(m->faults, argc, argv, why);
	mem_free(args);
	return err;
}

static enum err load(struct market *m, struct reason *why)
{
	struct buf text;
	enum err err;

	if (m->o.listings)
		return market_data_read(m->o.listings, &m->data, why);
	buf_init(&text, TEXT_MOST);
	market_gen_rows((uint64_t)m->o.seed, (uint32_t)m->o.count, &text);
	if (m->o.dump)
		err = file_write(m->o.dump, buf_str(&text), why);
	else
		err = market_data_new(&text, "generated", &m->data, why);
	buf_done(&text);
	return err;
}

static enum err serve(struct market *m, struct reason *why)
{
	struct market_http_conf conf = {
		.listen = m->o.listen,
		.port = (int)m->o.port,
		.cert_file = m->o.cert,
		.key_file = m->o.key,
		.threads = (int)m->o.threads,
		.site = &m->site,
		.faults = m->faults,
	};
	enum err err;

	market_site_init(&m->site, m->data, (uint32_t)m->o.html_count);
	m->site.window = (uint32_t)m->o.window;
	m->site.ads_percent = (int)m->o.ads;
	m->site.robots_folder = m->o.robots;
	err = market_journal_new(m->o.log, &m->journal, why);
	if (err)
		return err;
	conf.journal = m->journal;
	return market_http_start(&conf, &m->http, &m->port, why);
}

static enum err announce(const struct market *m, struct reason *why)
{
	char text[16];

	if (!m->o.quiet) {
		printf("market: %s://%s:%d/ listings=%u html=%u\n", m->o.cert ? "https" : "http",
		       m->o.listen, m->port, m->data->n_items, m->site.n_shop);
		fflush(stdout);
	}
	if (!m->o.port_file)
		return ERR_OK;
	snprintf(text, sizeof(text), "%d\n", m->port);
	return file_write(m->o.port_file, str_of(text), why);
}

static enum err run(struct market *m, struct reason *why)
{
	sigset_t ends;
	enum err err;
	int got;

	/* before any thread starts, so that none of them gets these */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
	err = load(m, why);
	if (err || m->o.dump)
		return err;
	err = serve(m, why);
	if (!err)
		err = announce(m, why);
	if (!err)
		sigwait(&ends, &got);
	return err;
}

int main(int argc, char **argv)
{
	struct market m = { .faults = market_faults_new() };
	struct reason why = { "" };
	int code = EXIT_DONE;

	if (read_options(&m, argc, argv, &why) != ERR_OK)
		code = EXIT_USAGE;
	else if (m.o.help)
		print_help();
	else if (run(&m, &why) != ERR_OK)
		code = EXIT_FAILED;
	if (code != EXIT_DONE)
		fprintf(stderr, "market: %s\n", why.text);
	market_http_stop(m.http);
	market_site_done(&m.site);
	market_data_free(m.data);
	market_journal_free(m.journal);
	market_faults_free(m.faults);
	return code;
}
