#include "config/conf_history.h"

#include "base/civil.h"
#include "config/conf_names.h"

#include <string.h>

static void read_codes(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);
static void read_changes(struct conf_reader *r, const struct conf_row *row,
			 const struct conf_node *n, void *into);
static void read_history(struct conf_reader *r, const struct conf_row *row,
			 const struct conf_node *n, void *into);

static const struct conf_part code_part = { .what = "a category's code", .read = read_codes };
static const struct conf_part codes_part = {
	.what = "a list of categories' codes",
	.read = read_codes,
};
static const struct conf_part changes_part = { .what = "a list of changes", .read = read_changes };
const struct conf_part conf_history_part = { .what = "a list of versions", .read = read_history };

static const char *date_wrong(struct str date)
{
	int64_t y, m, d;

	if (date.n == 10 && date.p[4] == '-' && date.p[7] == '-' &&
	    str_i64(str_sub(date, 0, 4), &y) && str_i64(str_sub(date, 5, 2), &m) &&
	    str_i64(str_sub(date, 8, 2), &d) && civil_exists(y, m, d))
		return NULL;
	return "a day is written as 2026-03-01";
}

const struct conf_row conf_history_rows[] = {
	{ .name = "version",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_edition, version),
	  .required = true,
	  .min = 1,
	  .max = 1e9,
	  .doc = "Its number, above that of the version before. The last is the taxonomy's." },
	{ .name = "date",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_edition, date),
	  .required = true,
	  .wrong = date_wrong,
	  .doc = "The day since which it holds: 2026-03-01." },
	{ .name = "note",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_edition, note),
	  .doc = "Why, for people." },
	{ .name = "changes",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_edition, changes),
	  .at_n = offsetof(struct conf_edition, n_changes),
	  .part = &changes_part,
	  .doc = "What it did, in this order. A category that was only added needs no change." },
	{ .name = NULL },
};

struct codes {
	struct conf_code *codes;
	int n;
};

/* A change as it is written. */
struct form {
	struct codes verb[CONF_CHANGES];
	struct codes to, below, into, successor;
	struct conf_name *was;
	int n_was;
};

#define CODES(key, member, kind_part, text)                                                        \
	{                                                                                          \
		.name = (key), .type = CONF_PART, .part = &(kind_part),                            \
		.at = offsetof(struct form, member.codes),                                         \
		.at_n = offsetof(struct form, member.n), .doc = (text)                             \
	}

const struct conf_row conf_history_change_rows[] = {
	[CONF_RENAME] = CODES("rename", verb[CONF_RENAME], code_part,
			      "A category with another code (`to`), other names (`was`), or "
			      "both. It means what it meant."),
	[CONF_MOVE] = CODES("move", verb[CONF_MOVE], code_part,
			    "A category that stands `below` another one now, or at the top."),
	[CONF_MERGE] = CODES("merge", verb[CONF_MERGE], codes_part,
			     "Categories that became one: the one `into` which they went, which "
			     "may be new, one of them, or one that was there."),
	[CONF_SPLIT] = CODES("split", verb[CONF_SPLIT], code_part,
			     "A category that became several: `into` names them. Its code may be "
			     "that of a part, or stay as the group that the parts stand below. "
			     "Listings labeled with it go back to review."),
	[CONF_RETIRE] = CODES("retire", verb[CONF_RETIRE], code_part,
			      "A category that is no more. Its labels are its `successor`'s, or, "
			      "without one, say that none of the categories fits."),
	[CONF_CHANGES] = CODES("to", to, code_part, "The code that a renamed category has now."),
	{ .name = "was",
	  .type = CONF_PART,
	  .part = &conf_names_part,
	  .at = offsetof(struct form, was),
	  .at_n = offsetof(struct form, n_was),
	  .doc = "Names that a renamed category had until then, by language: {ko: 점퍼}. They are "
		 "still found by the search." },
	CODES("below", below, code_part, "The category above a moved one."),
	CODES("into", into, codes_part, "What a merge or a split made."),
	CODES("successor", successor, code_part, "What a retired category's labels are now."),
	{ .name = NULL },
};

const char *conf_history_kind_name(enum conf_change_kind k)
{
	return conf_history_change_rows[k].name;
}

static const char *done_name(enum conf_change_kind k)
{
	static const char *const names[CONF_CHANGES] = {
		[CONF_RENAME] = "renamed", [CONF_MOVE] = "moved",     [CONF_MERGE] = "merged",
		[CONF_SPLIT] = "split",	   [CONF_RETIRE] = "retired",
	};

	return names[k];
}

void conf_history_text(const struct conf_change *c, struct buf *to)
{
	static const char *const how[CONF_CHANGES] = {
		[CONF_RENAME] = " to ",	 [CONF_MOVE] = " below ",  [CONF_MERGE] = " into ",
		[CONF_SPLIT] = " into ", [CONF_RETIRE] = ", now ",
	};

	buf_add_text(to, done_name(c->kind));
	for (int i = 0; i < c->n_to; i++) {
		buf_add_text(to, i ? ", " : how[c->kind]);
		buf_add(to, c->to[i].code);
	}
	if (c->kind == CONF_MOVE && !c->n_to)
		buf_add_text(to, " to the top");
}

/* ---- reading ---- */

static void read_code(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct str code = conf_table_text(r, n, "a category's code");

	if (code.p && conf_table_name_wrong(code))
		conf_problem_add(r->problems, n->at, "category `%.60s`: %s", code.p,
				 conf_table_name_wrong(code));
	*(struct conf_code *)into = (struct conf_code){ code, n->at };
}

/* One code may stand for a list of one. */
static void read_codes(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct conf_code *codes;
	int count = 1;

	if (n->kind == NODE_LIST && row->part == &codes_part) {
		codes = conf_table_items(r, n, NODE_LIST, sizeof(*codes), read_code, &count);
	} else if (n->kind == NODE_SCALAR) {
		codes = arena_zero(r->a, sizeof(*codes));
		read_code(r, n, codes);
	} else {
		conf_problem_add(r->problems, n->at, "`%s` wants %s, not %s", row->name,
				 row->part->what, conf_yaml_kind(n));
		return;
	}
	conf_table_put_list(row, into, codes, count);
}

/* Where a verb leads: the key that says it. */
static const struct {
	const char *key;
	size_t at;
} leads[CONF_CHANGES] = {
	[CONF_RENAME] = { "to", offsetof(struct form, to) },
	[CONF_MOVE] = { "below", offsetof(struct form, below) },
	[CONF_MERGE] = { "into", offsetof(struct form, into) },
	[CONF_SPLIT] = { "into", offsetof(struct form, into) },
	[CONF_RETIRE] = { "successor", offsetof(struct form, successor) },
};

/* Keys beside the verb that do not go with it. */
static bool fits(struct conf_reader *r, const struct conf_node *n, enum conf_change_kind k)
{
	bool good = true;

	for (const struct conf_row *row = conf_history_change_rows + CONF_CHANGES; row->name;
	     row++) {
		const struct conf_node *said = conf_yaml_child(n, row->name);
		bool names = row->part == &conf_names_part;

		if (!said || (names ? k == CONF_RENAME : strcmp(row->name, leads[k].key) == 0))
			continue;
		conf_problem_add(r->problems, said->key_at, "`%s` does not go with `%s`", row->name,
				 conf_history_kind_name(k));
		good = false;
	}
	return good;
}

static void twice(struct conf_reader *r, const struct conf_code *codes, int n)
{
	for (int i = 1; i < n; i++)
		for (int k = 0; k < i; k++)
			if (str_eq(codes[i].code, codes[k].code)) {
				conf_problem_add(r->problems, codes[i].at,
						 "`%.60s` stands here twice", codes[i].code.p);
				break;
			}
}

/* What a change needs to say, and that it is no change to itself. */
static void complete(struct conf_reader *r, const struct conf_change *c)
{
	const char *verb = conf_history_kind_name(c->kind);
	bool same = c->n_to == 1 && c->n_from == 1 && str_eq(c->from[0].code, c->to[0].code);

	twice(r, c->from, c->n_from);
	twice(r, c->to, c->n_to);
	if (c->kind == CONF_RENAME && !c->n_to && !c->n_was)
		conf_problem_add(r->problems, c->at, "`rename` wants `to`, `was` or both");
	else if (c->kind == CONF_MERGE && c->n_to != 1)
		conf_problem_add(r->problems, c->at, "`merge` wants one category in `into`");
	else if (c->kind == CONF_SPLIT && c->n_to < 2)
		conf_problem_add(r->problems, c->at, "`split` wants two or more in `into`");
	else if (same)
		conf_problem_add(r->problems, c->to[0].at, "`%s` leads `%.60s` to itself", verb,
				 c->to[0].code.p);
}

static void read_change(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_change *c = into;
	struct form form;
	int verbs = 0;
	struct codes to;

	memset(&form, 0, sizeof(form));
	*c = (struct conf_change){ .at = n->at };
	conf_table_read(r, conf_history_change_rows, n, &form);
	for (int k = 0; k < CONF_CHANGES; k++)
		if (conf_yaml_child(n, conf_history_change_rows[k].name)) {
			c->kind = (enum conf_change_kind)k;
			verbs++;
		}
	if (verbs != 1) {
		conf_problem_add(r->problems, n->at,
				 "a change is one of rename, move, merge, split, retire; this is "
				 "%s",
				 verbs ? "several" : "none");
		return;
	}
	memcpy(&to, (const char *)&form + leads[c->kind].at, sizeof(to));
	*c = (struct conf_change){ .kind = c->kind,
				   .from = form.verb[c->kind].codes,
				   .n_from = form.verb[c->kind].n,
				   .to = to.codes,
				   .n_to = to.n,
				   .was = form.was,
				   .n_was = form.n_was,
				   .at = n->at };
	if (fits(r, n, c->kind) && c->n_from)
		complete(r, c);
}

static void read_changes(struct conf_reader *r, const struct conf_row *row,
			 const struct conf_node *n, void *into)
{
	struct conf_edition *e = into;

	if (!conf_yaml_none(n))
		e->changes = conf_table_items(r, n, NODE_LIST, sizeof(*e->changes), read_change,
					      &e->n_changes);
	(void)row;
}

static void read_edition(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_edition *e = into;

	*e = (struct conf_edition){ .at = n->at };
	conf_table_read(r, conf_history_rows, n, e);
}

static void read_history(struct conf_reader *r, const struct conf_row *row,
			 const struct conf_node *n, void *into)
{
	struct conf_taxonomy *t = into;
	int changes = 0;

	(void)row;
	t->history =
		conf_table_items(r, n, NODE_LIST, sizeof(*t->history), read_edition, &t->n_history);
	for (int i = 0; i < t->n_history; i++)
		changes += t->history[i].n_changes;
	if (changes <= CONF_CHANGES_MOST)
		return;
	conf_problem_add(r->problems, n->at, "more than %d changes", CONF_CHANGES_MOST);
	t->n_history = 0;
}

/* ---- asking ---- */

const struct conf_change *conf_history_end(const struct conf_taxonomy *t, struct str code,
					   int64_t *ret_version)
{
	for (int e = t->n_history - 1; e >= 0; e--) {
		const struct conf_edition *ed = &t->history[e];

		for (int i = ed->n_changes - 1; i >= 0; i--) {
			const struct conf_change *c = &ed->changes[i];

			if (c->kind == CONF_MOVE || (c->kind == CONF_RENAME && !c->n_to))
				continue;
			for (int k = 0; k < c->n_from; k++)
				if (str_eq(c->from[k].code, code)) {
					*ret_version = ed->version;
					return c;
				}
		}
	}
	return NULL;
}
