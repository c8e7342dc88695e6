#include "config/conf_auth.h"
#include "config/conf_check.h"
#include "config/conf_history.h"
#include "config/conf_hosts.h"
#include "config/conf_images.h"
#include "config/conf_link.h"
#include "config/conf_page.h"
#include "config/conf_paging.h"
#include "config/conf_param.h"
#include "config/conf_piped.h"
#include "config/conf_rules.h"
#include "config/conf_scope.h"
#include "config/conf_seed.h"
#include "config/conf_sel.h"
#include "config/conf_source.h"
#include "config/conf_split.h"
#include "config/conf_taxonomy.h"
#include "config/conf_term.h"
#include "config/conf_var.h"
#include "config/conf_words.h"

#include <string.h>

struct section {
	const char *title, *intro;
	const struct conf_row *rows;
};

static const struct section sections[] = {
	{ .title = "piped.yaml",
	  .intro = "All keys may be left out. Paths are relative to the file.",
	  .rows = conf_piped_rows },
	{ .title = "piped.yaml: hosts",
	  .intro = "Below the name of a host:",
	  .rows = conf_hosts_rows },
	{ .title = "Sources", .intro = "One file each.", .rows = conf_source_rows },
	{ .title = "Sources: auth",
	  .intro = "Who asks. A key without a value at start is said, and the source waits:",
	  .rows = conf_auth_rows },
	{ .title = "Sources: scope",
	  .intro = "For links; seeds are asked as they stand. All keys may be left out.",
	  .rows = conf_scope_rows },
	{ .title = "Sources: seeds", .intro = "Each seed:", .rows = conf_seed_rows },
	{ .title = "Sources: seeds: ranges",
	  .intro = "A variable's values as a range:",
	  .rows = conf_var_range_rows },
	{ .title = "Sources: seeds: files",
	  .intro = "A variable's values from a file:",
	  .rows = conf_var_file_rows },
	{ .title = "Sources: seeds: values found",
	  .intro = "A variable's values from pages of the source:",
	  .rows = conf_var_found_rows },
	{ .title = "Sources: seeds: split",
	  .intro = "Each way to part a list, tried in their order: min and max; or var with found "
		   "or values:",
	  .rows = conf_split_rows },
	{ .title = "Sources: pages",
	  .intro = "Below the name of a page kind:",
	  .rows = conf_page_rows },
	{ .title = "Sources: pages: checks",
	  .intro = "Below the name of a field:",
	  .rows = conf_check_rows },
	{ .title = "Sources: pages: paging",
	  .intro = "Either var with more, last or both; or next:",
	  .rows = conf_paging_rows },
	{ .title = "Sources: pages: links", .intro = "Each link:", .rows = conf_link_rows },
	{ .title = "Sources: images",
	  .intro = "With the key, even as {}, images are fetched:",
	  .rows = conf_images_rows },
	{ .title = "Sources: selectors",
	  .intro = "A bare text is jq in a json page and CSS in an html page. The long form is a "
		   "map "
		   "with one of the first four keys:",
	  .rows = conf_sel_rows },
	{ .title = "Taxonomy", .intro = "One file.", .rows = conf_taxonomy_rows },
	{ .title = "Taxonomy: taxa",
	  .intro = "Below the code of a category:",
	  .rows = conf_taxonomy_taxon_rows },
	{ .title = "Taxonomy: history", .intro = "Each version:", .rows = conf_history_rows },
	{ .title = "Taxonomy: history: changes",
	  .intro = "Each change has one of the first five keys, and those that go with it:",
	  .rows = conf_history_change_rows },
	{ .title = "Rules", .intro = "One file or several.", .rows = conf_rules_rows },
	{ .title = "Rules: rules",
	  .intro = "Below the name of a rule:",
	  .rows = conf_rules_rule_rows },
	{ .title = "Rules: words",
	  .intro = "A bare text in any, all and none is a word or phrase. The long form is a map "
		   "with "
		   "one of the first four keys:",
	  .rows = conf_term_rows },
	{ .title = "Rules: lists",
	  .intro = "The long form of a lookup list:",
	  .rows = conf_term_list_rows },
	{ .title = "Words",
	  .intro = "One file or several. Below each key, names of values with lists of words:",
	  .rows = conf_words_rows },
};

/* Text in which mdoc finds no macro and no escape, in short lines, each sentence
 * on a new one. */
static void text(struct buf *to, const char *s)
{
	struct str rest = str_of(s), word;
	size_t column = 0;

	while (str_next(&rest, ' ', &word)) {
		if (column > 0) {
			bool full = column + word.n > 72 || to->p[to->n - 1] == '.';

			buf_add_char(to, full ? '\n' : ' ');
			column = full ? 0 : column + 1;
		}
		if (column == 0 && word.n && strchr(".'", word.p[0]))
			buf_add_text(to, "\\&");
		for (size_t i = 0; i < word.n; i++) {
			if (word.p[i] == '\\')
				buf_add_text(to, "\\e");
			else
				buf_add_char(to, word.p[i]);
		}
		column += word.n;
	}
}

static void write_row(const struct conf_row *row, struct buf *to)
{
	struct buf what;

	buf_init(&what, 1000);
	conf_table_what(row, &what);
	buf_fmt(to, ".It Ic %s\n", row->name);
	text(to, row->doc);
	buf_add_text(to, "\nWants ");
	text(to, buf_str(&what).p);
	if (row->def) {
		buf_add_text(to, "; default ");
		text(to, row->def);
	}
	buf_add_text(to, row->required ? "; required.\n" : ".\n");
	buf_done(&what);
}

static void write_fields(struct buf *to)
{
	buf_add_text(to, ".Ss Sources: pages: fields\nSelectors below the name of a field:\n"
			 ".Bl -tag -width Ds\n");
	for (int i = 0; i < FIELD_COUNT; i++) {
		buf_fmt(to, ".It Ic %s\n", listing_fields[i].name);
		text(to, listing_fields[i].doc);
		buf_add_text(to, listing_fields[i].required ? "\nRequired.\n" : "\n");
	}
	buf_add_text(to, ".El\n");
}

static void write_params(struct buf *to)
{
	static const char *const intro[] = {
		[PARAM_TRACKING] =
			"Parameters that make no other page, unless keep-params says so. Of "
			"advertisers and newsletters:",
		[PARAM_SESSION] = "Of sessions, in the path as ;name=value too; those in brackets "
				  "when the value looks like one:",
	};

	buf_add_text(to, ".Ss Sources: known parameters\n");
	for (int kind = PARAM_TRACKING; kind <= PARAM_SESSION; kind++) {
		text(to, intro[kind]);
		buf_add_char(to, '\n');
		for (const struct conf_param *p = conf_params; p->name; p++)
			if ((int)p->kind == kind)
				buf_fmt(to, p->token ? ".Op %s\n" : ".Ic %s\n", p->name);
	}
}

void conf_mdoc(struct buf *to)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const struct section *s = &sections[i];

		buf_fmt(to, ".Ss %s\n", s->title);
		text(to, s->intro);
		buf_add_text(to, "\n.Bl -tag -width Ds\n");
		for (const struct conf_row *row = s->rows; row->name; row++)
			write_row(row, to);
		buf_add_text(to, ".El\n");
		if (s->rows == conf_page_rows)
			write_fields(to);
		if (s->rows == conf_scope_rows)
			write_params(to);
	}
}
