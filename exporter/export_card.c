#include "base/clock.h"
#include "exporter/export_report.h"

#include <inttypes.h>

/* The size classes that dataset cards use. */
static const char *size_class(int64_t rows)
{
	static const struct {
		int64_t below;
		const char *name;
	} classes[] = {
		{ 1000, "n<1K" },
		{ 10000, "1K<n<10K" },
		{ 100000, "10K<n<100K" },
		{ 1000000, "100K<n<1M" },
		{ 10000000, "1M<n<10M" },
		{ 100000000, "10M<n<100M" },
		{ 1000000000, "100M<n<1B" },
		{ INT64_MAX, "1B<n<10B" },
	};
	int i = 0;

	while (rows >= classes[i].below && classes[i].below != INT64_MAX)
		i++;
	return classes[i].name;
}

/* A split without rows would be a file that no type can be told of: it is left out where types
 * matter. */
static bool has_split(const struct export_opt *o, const struct export_result *r, int s)
{
	const struct export_format_row *row = &export_formats[o->format];

	return r->per_split[s] || !(row->card || row->pictures);
}

static void configs(const struct export_opt *o, const struct export_result *r, struct buf *to)
{
	bool pictures = export_formats[o->format].pictures;

	buf_add_text(to, "configs:\n- config_name: default\n  data_files:\n");
	for (int s = 0; s < SPLIT_N; s++)
		if (has_split(o, r, s))
			buf_fmt(to, "  - split: %s\n    path: %s%s\n", split_name((enum split)s),
				pictures ? split_name((enum split)s) : r->files[s].name,
				pictures ? "/**" : "");
}

static void feature(const char *indent, const char *name, enum export_kind kind, struct buf *to)
{
	buf_fmt(to, "%s- name: %s\n%s  dtype: %s\n", indent, name, indent,
		kind == EXPORT_NUMBER ? "float64" : "string");
}

/* The type of each column, as `datasets` writes and reads it: YAML that needs no quoting, as all
 * names are ours. */
static void dataset_info(const struct export_opt *o, const struct export_result *r, struct buf *to)
{
	buf_add_text(to, "dataset_info:\n  features:\n");
	for (int i = 0; i < o->pick.columns.n; i++) {
		const struct export_column *c = o->pick.columns.at[i];

		if (c->members) {
			buf_fmt(to, "  - name: %s\n    list:\n", c->name);
			for (const struct export_member *m = c->members; m->name; m++)
				feature("    ", m->name, m->kind, to);
		} else if (c->kind == EXPORT_LIST) {
			buf_fmt(to, "  - name: %s\n    sequence: string\n", c->name);
		} else {
			feature("  ", c->name, c->kind, to);
		}
	}
	buf_add_text(to, "  splits:\n");
	for (int s = 0; s < SPLIT_N; s++)
		if (has_split(o, r, s))
			buf_fmt(to,
				"  - name: %s\n    num_bytes: %" PRId64
				"\n    num_examples: %" PRId64 "\n",
				split_name((enum split)s), r->files[s].bytes, r->per_split[s]);
}

static void front_matter(const struct export_opt *o, const struct export_result *r, struct buf *to)
{
	buf_add_text(to, "---\n");
	if (o->language.n)
		buf_fmt(to, "language:\n- %.*s\n", STR_ARG(o->language));
	buf_fmt(to, "task_categories:\n- text-classification\nsize_categories:\n- %s\n",
		size_class(r->rows));
	buf_add_text(to, "pretty_name: Second-hand listings\n");
	if (o->format != EXPORT_FASTTEXT && o->format != EXPORT_LABELSTUDIO)
		configs(o, r, to);
	if (export_formats[o->format].card)
		dataset_info(o, r, to);
	buf_add_text(to, "---\n\n");
}

static void left_out(const struct export_result *r, struct buf *to)
{
	bool usual;

	buf_add_text(to, "Left out:");
	for (int i = 0, n = 0; i < EXPORT_LEFTS; i++) {
		usual = i == EXPORT_LEFT_UNFIT || i == EXPORT_LEFT_UNLABELED;
		if (!usual && !r->left[i])
			continue;
		buf_fmt(to, "%s %" PRId64 " %s", n++ ? "," : "", r->left[i], export_lefts[i].doc);
	}
	buf_add_text(to, ".\n");
}

/* What was asked for beside the columns, of which there is a table. */
static void filters(const struct export_pick *p, struct buf *to)
{
	bool any = false;

	for (int i = 0; i < export_pick_n_asks; i++) {
		struct str s = export_pick_text(&p->ask, &export_pick_asks[i]);

		if (!s.p || export_pick_asks[i].at == offsetof(struct export_ask, columns))
			continue;
		buf_fmt(to, "%s- `%s` = `%.*s`. %s\n", any ? "" : "\nIt was asked for:\n\n",
			export_pick_asks[i].name, STR_ARG(s), export_pick_asks[i].doc);
		any = true;
	}
}

static void made(const struct export_opt *o, const struct export_tally *t,
		 const struct export_result *r, struct buf *to)
{
	char newest[32] = "";

	if (t->newest_ms > 0)
		clock_iso(t->newest_ms, newest);
	buf_fmt(to, "# Second-hand listings\n\n%" PRId64 " listings of second-hand marketplaces, ",
		r->rows);
	buf_fmt(to, "one row each, in %zu categories of the taxonomy \"%.*s\" version %" PRId64 ".",
		t->categories.n, STR_ARG(o->taxonomy_name), o->taxonomy_version);
	if (newest[0])
		buf_fmt(to, " The newest was last seen at %s.", newest);
	buf_add_text(
		to,
		"\n\n## How it was made\n\n"
		"piped " PIPED_VERSION
		" fetched the sites' pages, kept every response as it came (column `archive` "
		"names\nthe WARC file and offset), read the listings from them, brought titles to "
		"one normal form,\njoined exact duplicates into families, let rules vote for a "
		"category and asked its classifier for\nthree suggestions. A person's decision, "
		"where there is one, replaces the rules' label.\n\n");
	if (o->pick.all && !r->left_out)
		buf_add_text(to, "All listings are here, flagged and unlabeled ones too.\n");
	else
		left_out(r, to);
	filters(&o->pick, to);
}

static void count_table(const char *title, const struct export_count *c, struct buf *to)
{
	if (!c->n)
		return;
	buf_fmt(to, "\n| %s | train | validation | test |\n|---|---:|---:|---:|\n", title);
	for (size_t i = 0; i < c->n; i++) {
		buf_fmt(to, "| %.*s |", STR_ARG(c->rows[i].name));
		for (int s = 0; s < SPLIT_N; s++)
			buf_fmt(to, " %" PRId64 " |", c->rows[i].n[s]);
		buf_add_char(to, '\n');
	}
}

static void columns(const struct export_opt *o, struct buf *to)
{
	buf_fmt(to, "\n## Format\n\n%s\n\n| column | meaning |\n|---|---|\n",
		export_formats[o->format].doc);
	if (o->format == EXPORT_FASTTEXT) {
		buf_add_text(to, "| label | the category's code after `__label__` |\n"
				 "| text | title_clean |\n");
		return;
	}
	for (int i = 0; i < o->pick.columns.n; i++)
		buf_fmt(to, "| `%s` | %s |\n", o->pick.columns.at[i]->name,
			o->pick.columns.at[i]->doc);
	buf_add_text(to, "\nFlags:\n\n");
	for (int i = 0; i < FLAG_COUNT; i++)
		buf_fmt(to, "- `%s`: %s%s\n", listing_flags[i].name, listing_flags[i].doc,
			listing_flags[i].unfit ? " Unfit: left out by default." : "");
}

static void limits(const struct export_opt *o, struct buf *to)
{
	buf_fmt(to,
		"\n## Splits\n\nBy hash of the duplicate family with the salt `%.*s`: validation "
		"%.4g, test %.4g of the families.\nAll listings of a family stand on one side.\n",
		STR_ARG(o->salt), o->validation, o->test);
	buf_add_text(
		to,
		"\n## Known limits\n\n"
		"- Labels of source `rules` are weak: they follow the seller's own category and "
		"words in the title, and\n  share their errors; `label_why` tells which. "
		"`confidence` is the vote's, not a "
		"measured precision.\n"
		"- Families join exact duplicates of the normal form; near-duplicates may stand on "
		"two sides.\n"
		"- Suggestions come from a model trained on listings like these; on rows it was "
		"trained on they are\n  better than on new ones.\n"
		"- Titles, prices and images are the sellers'. They may name people or be wrong; "
		"the sites' terms\n  say what may be done with them. Images are addresses, not "
		"copies.\n"
		"- Text is as sellers wrote it; a spreadsheet may take a title that starts with = "
		"for a formula.\n");
}

static void files(const struct export_result *r, struct buf *to)
{
	buf_add_text(to, "\n## Files\n\n| file | rows | bytes | SHA-256 |\n|---|---:|---:|---|\n");
	for (int i = 0; i < r->n_files; i++)
		buf_fmt(to, "| %s | %" PRId64 " | %" PRId64 " | `%s` |\n", r->files[i].place,
			r->files[i].rows, r->files[i].bytes, r->files[i].sha256);
	buf_add_text(to, "\n`manifest.json` holds the same for programs, with all versions.\n");
}

void export_report_card(const struct export_opt *o, const struct export_tally *t,
			const struct export_result *r, struct buf *to)
{
	front_matter(o, r, to);
	made(o, t, r, to);
	columns(o, to);
	limits(o, to);
	files(r, to);
	buf_add_text(to, "\n## Counts\n");
	count_table("source", &t->sources, to);
	count_table("label source", &t->label_sources, to);
	count_table("label rests on", &t->label_whys, to);
	count_table("category", &t->categories, to);
}
