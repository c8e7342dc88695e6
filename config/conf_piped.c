#include "config/conf_piped.h"

#include "base/niceness.h"

#include "config/conf_files.h"
#include "config/conf_hosts.h"
#include "config/conf_net.h"
#include "config/conf_path.h"
#include "config/conf_proxy.h"
#include "config/conf_seedurl.h"
#include "model/hint.h"

#include <stdlib.h>

static const char *header_wrong(struct str s);
static const char *field_wrong(struct str s);

static const char *const levels[] = { [LOG_LEVEL_DEBUG] = "debug",
				      [LOG_LEVEL_INFO] = "info",
				      [LOG_LEVEL_WARN] = "warn",
				      [LOG_LEVEL_ERROR] = "error",
				      NULL };

#define MIB (1024.0 * 1024)
#define SECOND 1e3
#define HOUR 3600e3

const struct conf_row conf_piped_rows[] = {
	{ .name = "sources",
	  .type = CONF_PART,
	  .at = offsetof(struct conf, source_files),
	  .at_n = offsetof(struct conf, n_source_files),
	  .part = &conf_files_part,
	  .doc = "Files of sources: each a file, a folder (every *.yaml in it) or a pattern." },
	{ .name = "taxonomy",
	  .type = CONF_PART,
	  .at = offsetof(struct conf, taxonomy_file),
	  .part = &conf_files_taxonomy_part,
	  .doc = "File of the categories and of the sources' own ones." },
	{ .name = "rules",
	  .type = CONF_PART,
	  .at = offsetof(struct conf, rules_files),
	  .at_n = offsetof(struct conf, n_rules_files),
	  .part = &conf_files_part,
	  .doc = "Files of labeling rules, named as the sources are." },
	{ .name = "words",
	  .type = CONF_PART,
	  .at = offsetof(struct conf, words_files),
	  .at_n = offsetof(struct conf, n_words_files),
	  .part = &conf_files_part,
	  .doc = "Files of words that titles have beside the thing's name: brands, models, "
		 "sizes, and what sellers say of condition, shipping, price. Named as the sources "
		 "are. A change is applied to stored listings, too." },
	{ .name = "state-dir",
	  .type = CONF_PATH,
	  .at = offsetof(struct conf, state_dir),
	  .def = "/var/lib/piped",
	  .doc = "Folder of everything that is kept. $STATE_DIRECTORY, which systemd sets, takes "
		 "the "
		 "default's place." },
	{ .name = "socket",
	  .type = CONF_PATH,
	  .at = offsetof(struct conf, socket),
	  .def = "/run/piped/piped.sock",
	  .doc = "Unix socket that pipectl speaks to. $RUNTIME_DIRECTORY, which systemd sets, "
		 "takes "
		 "the default folder's place." },
	{ .name = "database",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf, database),
	  .def = "piped.db",
	  .doc = "The database, within state-dir unless absolute." },
	{ .name = "archive-dir",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf, archive_dir),
	  .def = "archive",
	  .doc = "Folder of the raw responses (WARC), within state-dir unless absolute." },
	{ .name = "model-dir",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf, model_dir),
	  .def = "models",
	  .doc = "Folder of trained models, within state-dir unless absolute." },
	{ .name = "export-dir",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf, export_dir),
	  .def = "export",
	  .doc = "Folder of datasets, within state-dir unless absolute." },
	{ .name = "image-dir",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf, image_dir),
	  .def = "images",
	  .doc = "Folder of listings' images, within state-dir unless absolute." },
	{ .name = "metrics-address",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf, metrics_address),
	  .wrong = conf_net_endpoint_wrong,
	  .doc = "Where Prometheus may scrape /metrics over TCP, such as 127.0.0.1:9464; nothing "
		 "else is answered there. Whoever reaches the address may read them. Without it: "
		 "only at the socket." },
	{ .name = "suggest-address",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf, suggest_address),
	  .wrong = conf_net_endpoint_wrong,
	  .doc = "Where suggestions may be asked for over TCP, such as 127.0.0.1:8080: "
		 "/api/suggest and /health, nothing else. Whoever reaches the address may ask, "
		 "within suggest-rate, by 128 connections at once; a proxy in front of it keeps "
		 "slow "
		 "clients away. Without it: only at the socket." },
	{ .name = "suggest-rate",
	  .type = CONF_RATE,
	  .at = offsetof(struct conf, suggest_rate),
	  .def = "1000/s",
	  .min = 1.0 / 3600,
	  .max = 1e6,
	  .doc = "Titles a second that one client at suggest-address may ask for, where a second's "
		 "worth may come at once; past it the answer is 429 with Retry-After. A client is "
		 "an address, of IPv6 a network of 64 bits, those of this machine included: who "
		 "asks through a proxy is one client. At the socket there is no limit." },
	{ .name = "work-nice",
	  .type = CONF_INT,
	  .at = offsetof(struct conf, work_nice),
	  .def = "5",
	  .max = NICENESS_MOST,
	  .doc = "How much nicer the threads that read pages, write, train, measure and export "
		 "are than the one that asks sites and answers requests, which then gets a "
		 "processor at once when it is wanted. Where there are processors enough it makes "
		 "no "
		 "difference. 0: all are alike. Linux only; it changes at a restart." },
	{ .name = "log-level",
	  .type = CONF_CHOICE,
	  .at = offsetof(struct conf, log_level),
	  .def = "info",
	  .choices = levels,
	  .doc = "Least level of the events that are logged." },
	{ .name = "user-agent",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf, user_agent),
	  .def = "piped/" PIPED_VERSION,
	  .wrong = header_wrong,
	  .doc = "Who asks. Add an address where a site's owner can reach you." },
	{ .name = "ca-file",
	  .type = CONF_PATH,
	  .at = offsetof(struct conf, ca_file),
	  .doc = "Certificates (PEM) to trust instead of the system's." },
	{ .name = "proxy",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf, proxy),
	  .wrong = conf_proxy_wrong,
	  .doc = "Asks through it: http://, https:// or socks5h://HOST:PORT, with "
		 "{credential:NAME}@ before the host if it wants USER:PASSWORD (see auth). Proxies "
		 "of the environment are not used. A proxy resolves names itself: of what is "
		 "asked, "
		 "addresses and localhost are judged here by allow-networks, names only by the "
		 "proxy; the proxy's own address is judged like any other." },
	{ .name = "no-proxy",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf, no_proxy),
	  .at_n = offsetof(struct conf, n_no_proxy),
	  .wrong = conf_proxy_host_wrong,
	  .doc = "Hosts that are asked directly: a name, or .NAME for all below it." },
	{ .name = "connect-to",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf, connect_to),
	  .at_n = offsetof(struct conf, n_connect_to),
	  .wrong = conf_hosts_connect_wrong,
	  .doc = "HOST:PORT:HOST2:PORT2 as curl has it: ask the second for what is the first's. An "
		 "empty part stands for any, or for the same." },
	{ .name = "allow-networks",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf, allow_networks),
	  .at_n = offsetof(struct conf, n_allow_networks),
	  .wrong = conf_net_wrong,
	  .doc = "Networks such as 10.0.0.0/8, fd00::/8 or ::1 that may be connected to. Others "
		 "that are not of the public Internet (loopback, private, link-local, reserved) "
		 "are refused, whatever name, redirect or connect-to leads there." },
	{ .name = "max-body",
	  .type = CONF_SIZE,
	  .at = offsetof(struct conf, max_body_bytes),
	  .def = "16MiB",
	  .min = 1024,
	  .max = 256 * MIB,
	  .doc = "Longest response that is read, after decompression." },
	{ .name = "max-wire",
	  .type = CONF_SIZE,
	  .at = offsetof(struct conf, max_wire_bytes),
	  .def = "16MiB",
	  .min = 1024,
	  .max = 256 * MIB,
	  .doc = "Longest response that is received, as it comes." },
	{ .name = "max-header",
	  .type = CONF_SIZE,
	  .at = offsetof(struct conf, max_header_bytes),
	  .def = "64KiB",
	  .min = 1024,
	  .max = MIB / 8,
	  .doc = "Longest head of a response, all its lines together." },
	{ .name = "max-ratio",
	  .type = CONF_INT,
	  .at = offsetof(struct conf, max_ratio),
	  .def = "200",
	  .min = 2,
	  .max = 100000,
	  .doc = "A response that expands more than so many times when decompressed, past its "
		 "first MiB, is a bomb and stopped." },
	{ .name = "timeout",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf, timeout_ms),
	  .def = "60s",
	  .min = 100,
	  .max = HOUR,
	  .doc = "A whole request takes no longer." },
	{ .name = "connect-timeout",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf, connect_timeout_ms),
	  .def = "10s",
	  .min = 100,
	  .max = HOUR,
	  .doc = "Connecting, TLS included, takes no longer." },
	{ .name = "idle-timeout",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf, idle_timeout_ms),
	  .def = "30s",
	  .min = 100,
	  .max = HOUR,
	  .doc = "A response pauses no longer." },
	{ .name = "max-redirects",
	  .type = CONF_INT,
	  .at = offsetof(struct conf, max_redirects),
	  .def = "5",
	  .max = 50,
	  .doc = "Redirects that are followed for one job. Each is asked in the turn of the host "
		 "that it leads to, as that one's robots.txt allows." },
	{ .name = "retries",
	  .type = CONF_INT,
	  .at = offsetof(struct conf, retries),
	  .def = "5",
	  .max = 100,
	  .doc = "Tries after the first before a job has failed. One with `revisit` comes again "
		 "even so, less and less often, see there." },
	{ .name = "backoff-first",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf, backoff_first_ms),
	  .def = "2s",
	  .min = 1,
	  .max = 24 * HOUR,
	  .doc = "Wait before the first new try; it doubles from one to the next." },
	{ .name = "backoff-max",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf, backoff_max_ms),
	  .def = "15min",
	  .min = 1,
	  .max = 24 * HOUR,
	  .doc = "Longest wait before a new try." },
	{ .name = "concurrency",
	  .type = CONF_INT,
	  .at = offsetof(struct conf, concurrency),
	  .def = "16",
	  .min = 1,
	  .max = 1000,
	  .doc = "Requests at once, to all hosts together. Those that take longer than 10 s, or "
		 "2 s where nobody knows whether the host answers at all, do not count: slow hosts "
		 "keep no slot from others. There are at most 768 of them." },
	{ .name = "address-rate",
	  .type = CONF_RATE,
	  .at = offsetof(struct conf, address_rate),
	  .def = "10/s",
	  .min = 1.0 / 3600,
	  .max = 100000,
	  .doc = "Requests to one address, at most, over all host names that lead to it: shared "
		 "servers feel the sum. A host's own rate cannot be had above this." },
	{ .name = "crawl-delay-max",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf, crawl_delay_max_ms),
	  .def = "60s",
	  .max = 24 * HOUR,
	  .doc = "A longer crawl-delay of a robots.txt counts as this: some sites ask for a day, "
		 "which would be the end of their crawl." },
	{ .name = "adaptive",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf, adaptive),
	  .def = "true",
	  .doc = "Whether a host is asked more slowly than its rate while its answers take longer "
		 "than is usual for it, and after 429, 503, timeouts and other trouble; in small "
		 "steps the rate is used in full again." },
	{ .name = "hosts",
	  .type = CONF_PART,
	  .at = offsetof(struct conf, hosts),
	  .part = &conf_hosts_part,
	  .doc = "A host's own rate and concurrency; they win over its source's." },
	{ .name = "segment-size",
	  .type = CONF_SIZE,
	  .at = offsetof(struct conf, segment_bytes),
	  .def = "1GiB",
	  .min = 65536,
	  .max = 1024 * 1024 * MIB,
	  .doc = "A file of the archive is followed by a new one past this." },
	{ .name = "segment-age",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf, segment_age_ms),
	  .def = "1d",
	  .min = 60e3,
	  .max = 3650 * 24 * HOUR,
	  .doc = "And so long after it was begun, if anything is in it: what is older can be "
		 "copied "
		 "away whole." },
	{ .name = "archive-keep",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf, archive_keep_ms),
	  .def = "0",
	  .max = 36500 * 24 * HOUR,
	  .doc = "How long raw responses are kept; 0: for ever, as what a changed extractor reads "
		 "again is months of data that no site gives a second time. At least an hour. "
		 "Whole segments are removed, so long after they were closed, so that records are "
		 "kept up to `segment-age` longer; of all sources alike, as a segment has those of "
		 "all. The segment that is written to stays, those with a page that shows an open "
		 "drift warning, and all while pages are read again. What was made of a page "
		 "stays: "
		 "listings, history, labels, images. The page is marked, and cannot be read again. "
		 "Time counts while piped runs, and at most a day of each stop, so that a clock "
		 "that is set wrong removes nothing. `pipectl archive size` shows what would go." },
	{ .name = "archive-max",
	  .type = CONF_SIZE,
	  .at = offsetof(struct conf, archive_max_bytes),
	  .def = "0",
	  .max = 1024.0 * 1024 * 1024 * MIB,
	  .doc = "The most that the archive takes of the disk, with its indexes, without images; "
		 "past it the oldest segments are removed as above. At least twice `segment-size`. "
		 "0: no bound." },
	{ .name = "batch-rows",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf, batch_rows),
	  .def = "64",
	  .min = 1,
	  .max = 10000,
	  .doc = "Most pages that are committed together." },
	{ .name = "batch-time",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf, batch_ms),
	  .def = "200ms",
	  .max = 60 * SECOND,
	  .doc = "Longest wait of a page for others to be committed with." },
	{ .name = "min-free",
	  .type = CONF_SIZE,
	  .at = offsetof(struct conf, min_free_bytes),
	  .def = "512MiB",
	  .max = 1024 * 1024 * MIB,
	  .doc = "Nothing is fetched while one of the disks in use has less room." },
	{ .name = "train-seed",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf, train_seed),
	  .def = "1",
	  .max = 9007199254740992.0,
	  .doc = "Seed of training: the same seed and data give the same model." },
	{ .name = "train-epochs",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf, train_epochs),
	  .def = "0",
	  .max = 1000,
	  .doc = "Times that training reads the data; 0: chosen on the validation part." },
	{ .name = "train-min-rows",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf, train_min_rows),
	  .def = "10",
	  .min = 1,
	  .max = 1000000,
	  .doc = "Categories with fewer listings are not learned." },
	{ .name = "warm-starts",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf, warm_starts),
	  .def = "1",
	  .max = 1000,
	  .doc = "Trainings in a row that may go on from the live model instead of from nothing, "
		 "which is a third of the work. One does so where fields, split, taxonomy and "
		 "`train-min-rows` are the live one's and there are at most a quarter more rows, "
		 "and at most a twentieth fewer. On 204,021 titles, a fifth of them new, that cost "
		 "nothing beyond chance (top-1 .8719, from nothing .8725; ECE .009 and .005). But "
		 "such chains fade: after "
		 "five in a row, each with a tenth new, top-1 was .8709; after two over the same "
		 "rows ECE was .020, "
		 "after five .059, as what is sure becomes surer each time. `pipectl train "
		 "--fresh` starts from nothing." },
	{ .name = "model-fields",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf, model_fields),
	  .at_n = offsetof(struct conf, n_model_fields),
	  .wrong = field_wrong,
	  .doc = "What models are told beside the title, in training and suggesting alike: price "
		 "(its band, four to a factor of ten), brand, source, source-category. None unless "
		 "named: on 204,021 titles of second-hand goods brand and band of price brought "
		 "nothing beyond chance (top-1 .8718 to .8728, top-3 .9759 to .9770). With "
		 "source-category the model repeats the seller's choice, so leave it out where "
		 "that is what suggestions are to be held against. Of listings whose label was "
		 "made of it "
		 "by `mappings` it is not told, as it would be the label itself; the log and "
		 "`pipectl model show` say of how many, and where that is all, it says nothing. "
		 "The next training takes a "
		 "change up; a model keeps the fields it was trained with." },
	{ .name = "models-keep",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf, models_keep),
	  .def = "5",
	  .min = 1,
	  .max = 1000,
	  .doc = "Models that are kept beside the live one, the newest, to go back to by "
		 "`pipectl model use`. The files of older ones are removed, once no listing "
		 "carries their suggestions; what was measured of them stays on record." },
	{ .name = "salt",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf, salt),
	  .def = "piped",
	  .doc = "Decides, with the duplicate family, which part of a dataset a listing is in. "
		 "Another salt is another split." },
	{ .name = "validation-share",
	  .type = CONF_REAL,
	  .at = offsetof(struct conf, validation_share),
	  .def = "0.1",
	  .max = 0.9,
	  .doc = "Share of the families in the validation part." },
	{ .name = "test-share",
	  .type = CONF_REAL,
	  .at = offsetof(struct conf, test_share),
	  .def = "0.1",
	  .max = 0.9,
	  .doc = "Share of the families in the test part." },
	{ .name = "drift-pages",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf, drift_pages),
	  .def = "1000000",
	  .max = 1e12,
	  .doc = "How rare false alarms are to be when the pages of each page kind are watched for "
		 "changes that are not chance (fill of fields, prices, categories, listings and "
		 "links per page, rejected items): one in so many normal pages of a kind, on "
		 "average, where a quarter of the pages may be odd. Fewer find changes a little "
		 "sooner. 0: nothing is watched. See `pipectl drift`." },
	{ .name = "rejected-keep",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf, rejected_keep),
	  .def = "1000",
	  .max = 100000,
	  .doc = "Records of each source that became no listing (a required field is missing, or "
		 "they failed `checks`) and are kept with the reason, the newest. All are "
		 "counted. See `pipectl rejected`." },
	{ .name = "review-margin",
	  .type = CONF_REAL,
	  .at = offsetof(struct conf, review_margin),
	  .def = "0.2",
	  .max = 1,
	  .doc = "A listing whose two best suggestions are nearer than this is worth a person's "
		 "look." },
	{ .name = "review-double",
	  .type = CONF_REAL,
	  .at = offsetof(struct conf, review_double),
	  .def = "0",
	  .max = 1,
	  .doc = "The share of reviewed listings that a second person decides, too, who does not "
		 "see what the first said. Where they disagree the listing goes to the queue "
		 "`adjudicate`. An audit has its own share." },
	{ .name = "measure-time",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf, measure_ms),
	  .def = "0s",
	  .max = 24 * HOUR,
	  .doc = "How often people's decisions are counted for the precision that rules vote with, "
		 "in place of the configured one, which counts as four listings do. When a rule's "
		 "weight has moved much, listings are labeled again. 0: rules vote as configured. "
		 "Decisions should be of a random draw: the queue shows what is doubtful, where "
		 "all rules are wrong more often than elsewhere." },
	{ .name = NULL },
};

static const char *field_wrong(struct str s)
{
	enum hint f;

	return hint_parse(s, &f) ? NULL : "price, brand, source or source-category";
}

static const char *header_wrong(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || (unsigned char)s.p[i] >= 0x7f)
			return "printable ASCII only";
	return NULL;
}

/* The first of the folders that systemd made, or {0}. */
static struct str from_systemd(struct conf_reader *r, const char *name)
{
	struct str folders = str_of(getenv(name)), first;

	if (!folders.p || !str_next(&folders, ':', &first) || !str_starts(first, STR("/")))
		return (struct str){ 0 };
	return arena_str(r->a, first);
}

static void place(struct conf_reader *r, const struct conf_node *root)
{
	struct conf *c = r->conf;
	struct str *within[] = { &c->database, &c->archive_dir, &c->model_dir, &c->export_dir,
				 &c->image_dir };
	struct str state = from_systemd(r, "STATE_DIRECTORY");
	struct str runtime = from_systemd(r, "RUNTIME_DIRECTORY");

	if (state.p && !conf_yaml_child(root, "state-dir"))
		c->state_dir = state;
	if (runtime.p && !conf_yaml_child(root, "socket"))
		c->socket = conf_path_join(r->a, runtime, STR("piped.sock"));
	for (size_t i = 0; i < sizeof(within) / sizeof(within[0]); i++)
		*within[i] = conf_path_join(r->a, c->state_dir, *within[i]);
}

static void problem_at(struct conf_reader *r, const struct conf_node *root, const char *key,
		       const char *text)
{
	const struct conf_node *n = conf_yaml_child(root, key);

	conf_problem_add(r->problems, n ? n->at : root->at, "%s", text);
}

void conf_piped_read(struct conf_reader *r, const struct conf_node *root)
{
	/* sockaddr_un holds 107 bytes and a zero. */
	const size_t socket_most = 107;
	struct conf *c = r->conf;

	conf_table_read(r, conf_piped_rows, root, c);
	place(r, root);
	if (c->socket.n > socket_most)
		problem_at(r, root, "socket", "`socket` is longer than 107 bytes with its folder");
	if (c->backoff_first_ms > c->backoff_max_ms)
		problem_at(r, root, "backoff-first", "`backoff-first` is above `backoff-max`");
	if (c->archive_keep_ms > 0 && c->archive_keep_ms < (int64_t)HOUR)
		problem_at(r, root, "archive-keep", "`archive-keep` is 0, or at least 1h");
	if (c->archive_max_bytes > 0 && c->archive_max_bytes / 2 < c->segment_bytes)
		problem_at(r, root, "archive-max",
			   "`archive-max` is 0, or at least twice `segment-size`: the segment that "
			   "is written to is never removed");
	if (c->validation_share + c->test_share >= 1)
		problem_at(r, root, "test-share",
			   "`validation-share` and `test-share` leave nothing to train with");
}
