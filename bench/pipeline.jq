# What bench/pipeline.sh measured: the daemon's own figures at the end of each
# step ($crawl, $train, $suggest, $export), as one object.
def places($n): . * pow(10; $n) | round / pow(10; $n);

def stages: [
	{ name: "decode", doc: "content-encoding undone" },
	{ name: "parse", doc: "JSON or HTML to a tree" },
	{ name: "extract", doc: "selectors to raw listings" },
	{ name: "links", doc: "links and further pages to jobs" },
	{ name: "clean", doc: "typed fields, normal title, family" },
	{ name: "label", doc: "flags, votes, label" },
	{ name: "suggest", doc: "the classifier's top three" },
	{ name: "archive", doc: "WARC members made (gzip)" },
	{ name: "append", doc: "WARC written and synced" },
	{ name: "sql", doc: "transactions: listings, then suggestions" },
	{ name: "reread", doc: "stored listings read again for suggestions" }
];
def cost: .cost.stages_cpu_s as $s | [stages[] | $s[.name]] | add;
def beside($from): .cost.cpu_s - $from.cost.cpu_s - (cost - ($from | cost));
def loop($from): .cost.stages_cpu_s.loop - $from.cost.stages_cpu_s.loop;

$crawl[0] as $c | $train[0] as $t | $suggest[0] as $s | $export[0] as $e
| $s.tallies.listings as $n
| ($s | cost) as $cpu
| ($s.cost.stages_cpu_s.loop) as $loop
| ($t | beside($c) - loop($c)) as $training
| ($e | beside($s) - loop($s)) as $export_cpu
| ($s.cost.cpu_s - $cpu - $loop - $training) as $rest
| (($c.uptime_ms + $s.uptime_ms - $t.uptime_ms) / 1000) as $wall
| {
	input: $input,
	listings: $n,
	pages: $s.tallies.pages,
	suggested: $s.tallies.suggested,
	wall_s: ($wall | places(2)),
	cpu_s: ($cpu | places(3)),
	per_wall_s: ($n / $wall | round),
	per_cpu_s: ($n / $cpu | round),
	per_cpu_s_with_loop: ($n / ($cpu + $loop) | round),
	per_cpu_s_process: ($n / ($cpu + $loop + $rest) | round),
	memory_peak_mib: ($e.cost.memory_peak_bytes / 1048576 | places(1)),
	database_bytes_each: ($s.disk.database_bytes / $n | round),
	archive_bytes_each: ($archive / $n | round),
	stages: [stages[] | . + { ms_per_1000: ($s.cost.stages_cpu_s[.name] * 1e6 / $n | places(2)) }],
	beside: [
		{ name: "loop", cpu_s: ($loop | places(2)), doc: "requests over TLS, timers, hand-overs" },
		{ name: "training", cpu_s: ($training | places(2)), doc: "with its reading and measuring" },
		{ name: "export", cpu_s: ($export_cpu | places(2)), doc: "JSONL, three parts" },
		{ name: "rest", cpu_s: ($rest | places(2)), doc: "start, answering status, the kernel's share" }
	]
}
