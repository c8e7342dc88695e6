#include "pipectl/command.h"

#include "pipectl/ctl.h"

const struct opt command_common[] = {
	{ .name = "socket",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(socket),
	  .value = "PATH",
	  .doc = "The daemon's socket; else PIPED_SOCKET, else /run/piped/piped.sock." },
	{ .name = "json", .type = OPT_FLAG, .at = COMMAND_AT(json), .doc = "Print JSON." },
	{ .name = "color",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(colour),
	  .doc = "Colours also when the output is no terminal." },
	{ .name = "no-color", .type = OPT_FLAG, .at = COMMAND_AT(no_colour), .doc = "No colours." },
	{ .name = "help",
	  .letter = 'h',
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(help),
	  .doc = "What the command does." },
	{ .name = NULL },
};

const struct command command_table[] = {
	{ .name = "status",
	  .args = "",
	  .doc = "One screen: what is being done, and why the rest waits.",
	  .options = ctl_status_options,
	  .example = "status --watch",
	  .run = ctl_status },
	{ .name = "sources",
	  .args = "",
	  .doc = "The sources, their pace and their counts.",
	  .run = ctl_source_list },
	{ .name = "windows",
	  .args = "[SOURCE]",
	  .doc = "Lists that show only a window of their results: what is reached, what is not.",
	  .more = "With a source also its lists and parts, those that leave most unreachable "
		  "first. Unreachable is at most: what the totals leave open counts.",
	  .most = 1,
	  .example = "windows bunjang",
	  .run = ctl_source_windows },
	{ .name = "source",
	  .args = "test SOURCE URL|LISTING|FILE | new URL|FILE",
	  .doc = "Try a source's rules on a page, or draft the rules of a new source from one.",
	  .more = "test reads a page with the rules of now and says which selector finds what, and "
		  "what is missing. Of an address, or of a listing (its row number, or SOURCE/ID), "
		  "the newest page "
		  "in "
		  "the archive is read; a file (- is standard input) is read as if it had been "
		  "fetched. Nothing is stored, and nothing is asked of the site but with --fetch: "
		  "then an address that the archive does not have is fetched first, as `pipectl "
		  "crawl` does it. Each listing "
		  "shows the text that was found and the value made of it, and what is stored "
		  "for it where that differs. With --config a file that the daemon has not "
		  "loaded is tried. The exit code is 1 when a required field is missing, or "
		  "nothing is found. "
		  "new writes the YAML file of a source that finds the listings of this page: by "
		  "what "
		  "the page says of itself (format auto), by the records of its JSON, or by its "
		  "repeated markup, whichever finds most when tried on it. What was found is told "
		  "on "
		  "standard error, with the other ways as comments in the file. An address that "
		  "the "
		  "archive does not have is fetched first, with the limits and the obedience to "
		  "robots.txt of any source. The exit code is 1 when no listings are found, or the "
		  "page cannot be fetched.",
	  .options = ctl_source_options,
	  .least = 2,
	  .most = 3,
	  .example = "source new https://market.example/list -o market.yaml",
	  .run = ctl_source },
	{ .name = "run",
	  .args = "[SOURCE]",
	  .doc = "Crawl a source's pages again now; all sources if none is named.",
	  .more = "Everything that is done, failed or gone becomes due, and what was due later "
		  "is due now; a paused source goes on.",
	  .most = 1,
	  .example = "run bunjang",
	  .run = ctl_source_run },
	{ .name = "pause",
	  .args = "[SOURCE]",
	  .doc = "Ask nothing more of a source; of all if none is named.",
	  .more = "Stays so over a restart, until `pipectl resume`.",
	  .most = 1,
	  .run = ctl_source_pause },
	{ .name = "resume",
	  .args = "[SOURCE]",
	  .doc = "Undo pause.",
	  .most = 1,
	  .run = ctl_source_resume },
	{ .name = "crawl",
	  .args = "URL...",
	  .doc = "Fetch addresses once, now.",
	  .more = "Each goes the way of every page: robots.txt, the host's rate, archive, "
		  "extraction; only before all others of its host. It must be in the scope of "
		  "an enabled source, and the source's seeds or the match of its links must "
		  "tell what kind of page it is; else --source and --page say so. With --wait "
		  "the exit code is 1 when one failed or was refused, 4 when one was gone.",
	  .options = ctl_crawl_options,
	  .least = 1,
	  .most = 1000,
	  .example = "crawl --wait https://market.example/item/71",
	  .run = ctl_crawl },
	{ .name = "why",
	  .args = "URL",
	  .doc = "Why an address has or has not been fetched, and when it will be.",
	  .more = "First the answer, then what it rests on: scope, robots.txt, the job, the "
		  "host's state, what waits before it.",
	  .options = ctl_why_options,
	  .least = 1,
	  .most = 1,
	  .example = "why https://market.example/item/71",
	  .run = ctl_why },
	{ .name = "retry",
	  .args = "[SOURCE]",
	  .doc = "Make failed jobs due again, and say how many.",
	  .more = "What is given narrows it down: source, state, host, a text that the reason "
		  "holds, one address or job.",
	  .options = ctl_source_retry_options,
	  .most = 1,
	  .example = "retry bunjang --reason timeout",
	  .run = ctl_source_retry },
	{ .name = "refused",
	  .args = "[SOURCE]",
	  .doc = "Addresses on pages that were not followed: how many, why, the newest one.",
	  .more = "By source and reason. Which links are followed is said by the source's hosts "
		  "and scope.",
	  .most = 1,
	  .example = "refused bunjang",
	  .run = ctl_refused },
	{ .name = "rejected",
	  .args = "[SOURCE]",
	  .doc = "Records on pages that became no listing: how many, why, the newest ones.",
	  .more = "A record is rejected when a required field is missing, a selector fails on it, "
		  "or "
		  "it fails the `checks` of its page kind. It changes no listing; a listing that "
		  "it is "
		  "of stays as it was. Once a newer page, or the same one extracted again by "
		  "another "
		  "configuration, is fine, the record is no longer here.",
	  .options = ctl_rejected_options,
	  .most = 1,
	  .example = "rejected bunjang --field price",
	  .run = ctl_rejected },
	{ .name = "drift",
	  .args = "[SOURCE [PAGE-KIND]]",
	  .doc = "What pages usually show, and where that has changed: fill, prices, categories, "
		 "counts.",
	  .more = "Each page kind is learned from its first pages and watched from then on by a "
		  "sequential test; `drift-pages` says how rare false alarms are. An alarm ends by "
		  "itself when pages are usual again, and when the source's selectors change. "
		  "Where the new way is right, --accept learns it.",
	  .options = ctl_drift_options,
	  .most = 2,
	  .example = "drift bunjang search --accept",
	  .run = ctl_drift },
	{ .name = "listings",
	  .args = "[WORD...]",
	  .doc = "Find listings by words of the title and by filters.",
	  .options = ctl_listing_options,
	  .most = 64,
	  .example = "listings 나이키 바람막이 --state selling",
	  .run = ctl_listing },
	{ .name = "trace",
	  .args = "listing|page|job ID",
	  .doc = "The whole chain of one thing, down to the WARC record and the seed.",
	  .more = "A listing's ID is its row number, or SOURCE/ID with the site's own id.",
	  .options = ctl_trace_options,
	  .least = 2,
	  .most = 2,
	  .example = "trace listing bunjang/297567501",
	  .run = ctl_trace },
	{ .name = "family",
	  .args = "show|split|merge LISTING...",
	  .doc = "Listings that offer the same thing: show them, take one out, make two one.",
	  .more = "A listing's ID is its row number, or SOURCE/ID with the site's own id. show "
		  "says "
		  "how each member came in: by the family's own title, or by a title like it and "
		  "a second signal (of pictures that look the same: by how many of 256 bits they "
		  "differ). split takes listings out; a title that likeness or a person "
		  "brought in leaves with all its listings, and those to come. merge A B puts "
		  "the whole family of A into that of B. No automatic join undoes either. In "
		  "the datasets to come the listings have the side of their new family.",
	  .options = ctl_family_options,
	  .least = 2,
	  .most = 64,
	  .example = "family split bunjang/297567501",
	  .run = ctl_family },
	{ .name = "train",
	  .args = "",
	  .doc = "Train a classifier on the labeled listings and use it, if it is not worse.",
	  .more = "Families of the test part are held out. Reviewed listings among them measure "
		  "the model, or, where fewer than 100 are reviewed, all labeled ones. On the same "
		  "rows it is compared with the live model: where McNemar's exact test, one-sided "
		  "at 5%, says that it is worse, it is kept but not used, and `pipectl model use` "
		  "is how to use it all the same. Once it is live every listing's suggestions are "
		  "made again. Other values of `salt` or `test-share` hold out other families, of "
		  "which the live model has learned some.",
	  .options = ctl_model_train_options,
	  .example = "train --wait",
	  .run = ctl_model_train },
	{ .name = "model",
	  .args = "list|show|use|folds|curve [NAME]",
	  .doc = "The registry of trained models: all, one, or make one the live one; studies of "
		 "the labels.",
	  .more = "A model goes by name or number. `use` goes back to an older one, or on to one "
		  "that the test kept back; it is live at once, and listings get its suggestions "
		  "at "
		  "low priority. `models-keep` says how many are kept; the file of an older one is "
		  "removed once no listing carries its suggestions, and it is `retired`. `folds` "
		  "has each labeled listing's category said by a model that did not see it nor "
		  "its family, into a file of the model folder, for finding wrong labels; `curve` "
		  "says what more labels would bring. Both take as long as several trainings, go "
		  "on "
		  "when pipectl is ended, and hold up nothing else.",
	  .options = ctl_model_options,
	  .least = 1,
	  .most = 2,
	  .example = "model list",
	  .run = ctl_model },
	{ .name = "evaluate",
	  .args = "[MODEL]",
	  .doc = "How good a model is on held-out labels: a report.",
	  .more = "Of the live model, or of one by name or number. Labeled listings of the test "
		  "part are read, which no model of this split was trained on. The report has "
		  "top-1, top-3 and top-5, F1, calibration, each category's precision and recall, "
		  "what is taken for what, accuracy at coverage, parts by source, price band "
		  "and brand, and the threshold for a precision: from which confidence on that "
		  "share of first suggestions is right. It is the lower bound at 95% (Clopper and "
		  "Pearson) on reviewed held-out listings, whichever labels the report is of; "
		  "reviews are "
		  "mostly of what the daemon was unsure of, no random draw, so that among all "
		  "listings the "
		  "share is rather a higher one. It takes 5 / (1 - P) of them at least, 100 for "
		  "95%.",
	  .options = ctl_evaluate_options,
	  .most = 1,
	  .example = "evaluate --html report.html",
	  .run = ctl_evaluate },
	{ .name = "suggest",
	  .args = "[TITLE...]",
	  .doc = "The most likely categories of a title, and why.",
	  .more = "Words are one title together. Without any, or with -, titles are read from "
		  "standard input, one a line; empty lines are left out, and --json prints a line "
		  "of JSON for each. With the probability stand the parts of the title that argue "
		  "for the category (+) or against it (-), in nats: +0.7 doubles the odds against "
		  "its rivals. What is known beside the titles is said by --brand, --price, "
		  "--source and --source-category; a model that was not trained with it says "
		  "so.",
	  .options = ctl_suggest_options,
	  .most = 200,
	  .example = "suggest \"나이키 바람막이 자켓 95\"",
	  .run = ctl_suggest },
	{ .name = "review",
	  .args = "[agreement]",
	  .doc = "Decide what the daemon is not sure of, one listing at a time.",
	  .more = "Enter takes the first suggestion, 1, 2, 3 take one, 0 keeps the seller's "
		  "category, letters or / search the taxonomy (Korean by first consonants, too), n "
		  "says that no category fits, x that somebody else is to say, f that the listing "
		  "is no "
		  "example of any, and why; s skips, u undoes, as often as wished, q ends. + "
		  "before a "
		  "decision makes it one for the whole duplicate family. Each answer is stored as "
		  "it "
		  "is given, with the time that it took and what was shown. "
		  "--queue says what is asked: errors (sellers' categories that are likely wrong), "
		  "uncertain (suggestions near each other, of titles like many others), rules "
		  "(rules "
		  "and model disagree), new (the first of a category), audit (a stored random "
		  "draw, "
		  "blind: no opinion is shown), adjudicate (people disagree: what is chosen is the "
		  "last "
		  "word; numbers behind the suggestions take what somebody said). With "
		  "`review-double` in piped.yaml a share of listings is asked of two people. "
		  "--grid shows pages of titles that are likely of one category: the numbers of "
		  "those that do not belong, then enter, accept the others as one event, which u "
		  "takes "
		  "back as one. "
		  "agreement says how far people agree who decided the same listings: the share of "
		  "pairs, and Cohen's, Fleiss', Krippendorff's and Gwet's measures, by level of "
		  "the "
		  "taxonomy; with --queue or --draw of one queue or draw.",
	  .options = ctl_review_options,
	  .most = 1,
	  .example = "review --queue errors",
	  .run = ctl_review },
	{ .name = "label",
	  .args = "import FILE",
	  .doc = "Take labels that people made elsewhere into the log of labels.",
	  .more = "The file is CSV or TSV with a header line, JSON objects a line, or Label "
		  "Studio's "
		  "JSON export. Columns: `source` and `id` (the site's own), or `listing` (row "
		  "number or SOURCE/ID), or `url` say of what; `category` is a code, or a name or "
		  "alias that only one has; `none` is none of them; `who` said so (--who where "
		  "the row does not say), `when`, `note`; `row` names the row at its origin, else "
		  "listing, who and when do. Others are passed over. A row that came before is "
		  "known and changes nothing, so a file may be given again, also after it broke "
		  "off. A person's later word stands; rules and models never overwrite any. What "
		  "is "
		  "not taken goes to a file with line and reason, and the exit code is 1 then.",
	  .options = ctl_label_in_options,
	  .least = 2,
	  .most = 2,
	  .example = "label import labels.csv --who anna",
	  .run = ctl_label_in },
	{ .name = "export",
	  .args = "[diff DATASET DATASET]",
	  .doc = "Write the labeled dataset: train, validation, test, manifest, card; or compare "
		 "two.",
	  .more = "No duplicate family is on two sides. The same state gives the same bytes. "
		  "Filters narrow down what has a label and is fit; manifest and card say what "
		  "each left out. "
		  "diff compares two exported folders row by row, without the daemon: + is "
		  "only in the second, - only in the first, ~ in both and changed: its label, its "
		  "side, other columns. Memory does not grow with them. The exit code is 0 when "
		  "they are the same, 1 when they differ, 2 when they cannot be compared.",
	  .options = ctl_export_options,
	  .most = 3,
	  .example = "export --format jsonl --gzip --out dataset",
	  .run = ctl_export },
	{ .name = "archive",
	  .args = "list|cat|verify|index|size [PAGE|URL|FILE:OFFSET|FILE...]",
	  .doc = "The raw responses: what there is, one of them, whether all are whole.",
	  .more = "`list` shows pages and where their records lie. `cat` prints a WARC record, by "
		  "a "
		  "page's id, by the address that was asked for (its newest page), or by place. "
		  "`verify` checks all "
		  "segments (gzip, structure, digests) and that every page's record is there and "
		  "is its; or the files named, which may be any program's; 1 is its exit code when "
		  "something is wrong. `index` writes a CDXJ file beside each segment, the open "
		  "one "
		  "too; closed segments get theirs by themselves. LC_ALL=C sort -m joins them. "
		  "`size` "
		  "shows what the archive takes and which segments archive-keep and archive-max "
		  "would remove, as configured or by --keep and --max; it removes nothing. The "
		  "daemon reads the files, so its user needs the right to.",
	  .options = ctl_archive_options,
	  .least = 1,
	  .most = 200,
	  .example = "archive cat https://api.bunjang.co.kr/ --headers",
	  .run = ctl_archive },
	{ .name = "import",
	  .args = "[FILE.warc.gz]",
	  .doc = "Take the responses in another program's archive as if they had been fetched.",
	  .more = "Each is extracted, cleaned, judged and archived anew, with the time of its "
		  "record. The kind of a page is that of the job of its address, of the seed whose "
		  "URL it has, or of the link whose `match` it has; else name it with --page. What "
		  "is "
		  "there already is left out, so a file may be given again. The daemon reads the "
		  "file, so its user needs the right to. It goes on after a restart of the daemon, "
		  "and waits while a disk is full.",
	  .options = ctl_archive_import_options,
	  .least = 0,
	  .most = 1,
	  .example = "import /var/lib/piped/crawl.warc.gz --source bunjang --page search",
	  .run = ctl_archive_import },
	{ .name = "reprocess",
	  .args = "[SOURCE]",
	  .doc = "Extract stored pages again from the archive, without a request.",
	  .more = "Pages whose kind is configured otherwise than when they were read are read "
		  "again by "
		  "themselves; this does it for all. What a newer page said of a listing stands, "
		  "an older one only fills in what is missing. Crawling goes on, and so does this "
		  "after a restart.",
	  .options = ctl_archive_reprocess_options,
	  .most = 1,
	  .example = "reprocess bunjang --since 7d",
	  .run = ctl_archive_reprocess },
	{ .name = "rules",
	  .args = "[test FILE TITLE... | diff FILE|FOLDER | stats | suggest]",
	  .doc = "The rules, how often they fired and how often the label agreed; or how others "
		 "would "
		 "do.",
	  .more = "test asks a file of rules about titles, or those on standard input, one a line: "
		  "which rules hold, on which words, which do not and why, and what label comes of "
		  "it. The file takes the place of the one of its name among the daemon's rules; "
		  "with - for FILE those of now are asked. The text files beside it that it names "
		  "are sent along. "
		  "diff tells what would change if a file, or a folder's files in place of all "
		  "rules, went live: which listings would be labeled or flagged otherwise, with "
		  "examples, and how much of what people said is met. Nothing is changed. "
		  "stats asks the rules of now about all listings: how many each holds for, its "
		  "share of the votes, for how many no other votes or another votes otherwise, how "
		  "often it is right where a person has decided (with a 95% interval), when it "
		  "last "
		  "held for a new listing; then the pairs that contradict each other, and those "
		  "that "
		  "hold together most. "
		  "suggest lists words that the model finds telling where no rule votes for what "
		  "it "
		  "is sure of, how often titles with them are labeled so, and rules made of them, "
		  "for a person to look through. "
		  "The exit code is 2 when the rules are faulty; file, line and column are told.",
	  .options = ctl_rules_options,
	  .most = 1000,
	  .example = "rules test etc/rules/fashion.yaml '나이키 롱코트 95' --source bunjang",
	  .run = ctl_rules },
	{ .name = "taxonomy",
	  .args = "[WORD | show [CODE] | log | diff OLD NEW | check FILE | import FILE | mapping "
		  "[SOURCE]]",
	  .doc = "The categories with their counts; how they changed; what another file would do.",
	  .more = "Alone, or with show, the tree; of one code it and those below, with all names. "
		  "A "
		  "word finds categories by names of any language, former ones too. log shows the "
		  "versions and what each did. check says what is wrong with a file, whether it "
		  "would be refused, and what labels would become. diff says what leads from one "
		  "file to another, or proposes it with questions where names do not tell: "
		  "taxonomies, lines of id, tab, path, or a site's JSON; --out writes a draft. "
		  "import drafts a taxonomy from a site's categories, or, with --source, their "
		  "mapping to ours. mapping shows how much of the sources' categories is mapped, "
		  "and where what people and rules say contradicts it. A file - is standard input.",
	  .options = ctl_taxonomy_options,
	  .most = 3,
	  .example = "taxonomy check fashion.yaml",
	  .run = ctl_taxonomy },
	{ .name = "images",
	  .args = "",
	  .doc = "Listings' images: how many are kept, how many wait, and until when.",
	  .more = "Images that were fetched before it was asked what they look like are to be "
		  "compared: decoded, a few at a time, so that those that look the same join "
		  "families.",
	  .options = ctl_images_options,
	  .run = ctl_images },
	{ .name = "log",
	  .args = "",
	  .doc = "The newest lines of the daemon's log.",
	  .options = ctl_daemon_log_options,
	  .run = ctl_daemon_log },
	{ .name = "metrics",
	  .args = "",
	  .doc = "Counters and gauges in Prometheus' text format.",
	  .more = "Prometheus itself scrapes them at `metrics-address` of piped.yaml.",
	  .run = ctl_metrics },
	{ .name = "config",
	  .args = "",
	  .doc = "The effective configuration with its documentation.",
	  .run = ctl_daemon_config },
	{ .name = "reload",
	  .args = "",
	  .doc = "Load the configuration again; refused as a whole when something is wrong.",
	  .run = ctl_daemon_reload },
	{ .name = "help",
	  .args = "[COMMAND]",
	  .doc = "This list, or what one command does.",
	  .options = ctl_help_options,
	  .most = 1,
	  .run = ctl_help },
};
const int command_count = sizeof(command_table) / sizeof(*command_table);

const struct command *command_find(struct str name)
{
	for (int i = 0; i < command_count; i++)
		if (str_is(name, command_table[i].name))
			return &command_table[i];
	return NULL;
}

const char *command_near(struct str name)
{
	const char *near = NULL;
	size_t least = 4, d;

	for (int i = 0; i < command_count; i++) {
		d = str_distance(name, str_of(command_table[i].name));
		if (d < least) {
			least = d;
			near = command_table[i].name;
		}
	}
	return near;
}
