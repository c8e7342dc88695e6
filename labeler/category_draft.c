/* category_tree.h: trees and changes written as a taxonomy's file. */
#include "labeler/category_tree.h"

#include "base/buf.h"

/* In quotes, whatever it holds: YAML 1.1, double-quoted. */
static void quoted(struct str s, struct buf *to)
{
	buf_add_char(to, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '"' || c == '\\')
			buf_fmt(to, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			buf_fmt(to, "\\x%02x", c);
		else
			buf_add_char(to, s.p[i]);
	}
	buf_add_char(to, '"');
}

static void codes(const char *key, const struct str *code, int n, bool list, struct buf *to)
{
	buf_fmt(to, "%s: %s", key, list ? "[" : "");
	for (int i = 0; i < n; i++) {
		buf_add_text(to, i ? ", " : "");
		quoted(code[i], to);
	}
	buf_add_text(to, list ? "]" : "");
}

void category_draft_change(const struct category_change *c, struct buf *to)
{
	static const struct {
		const char *verb, *leads;
		bool many_from, many_to;
	} words[CONF_CHANGES] = {
		[CONF_RENAME] = { "rename", "to", false, false },
		[CONF_MOVE] = { "move", "below", false, false },
		[CONF_MERGE] = { "merge", "into", true, false },
		[CONF_SPLIT] = { "split", "into", false, true },
		[CONF_RETIRE] = { "retire", "successor", false, false },
	};

	buf_add_text(to, "{ ");
	codes(words[c->kind].verb, c->from, c->n_from, words[c->kind].many_from, to);
	if (c->n_to) {
		buf_add_text(to, ", ");
		codes(words[c->kind].leads, c->to, c->n_to, words[c->kind].many_to, to);
	}
	if (c->was.n) {
		buf_add_text(to, ", was: { ko: ");
		quoted(c->was, to);
		buf_add_text(to, " }");
	}
	buf_add_text(to, " }");
}

static void history(const struct category_diff *d, int64_t version, const char *date,
		    struct buf *to)
{
	buf_fmt(to, "history:\n- version: %lld\n  date: %s\n  changes:%s\n", (long long)version,
		date, d->n ? "" : " []");
	for (size_t i = 0; i < d->n; i++) {
		if (d->changes[i].ask.n)
			buf_fmt(to, "  # ? %.*s\n", STR_ARG(d->changes[i].ask));
		buf_add_text(to, "  - ");
		category_draft_change(&d->changes[i], to);
		buf_add_char(to, '\n');
	}
}

static void taxon(const struct category_tree *t, int i, struct buf *to)
{
	const struct category_node *n = &t->nodes[i];

	buf_add_text(to, "  ");
	quoted(n->id, to);
	buf_add_text(to, ": { ko: ");
	quoted(n->name, to);
	buf_add_text(to, ", en: ");
	quoted(n->name, to);
	if (n->parent >= 0) {
		buf_add_text(to, ", parent: ");
		quoted(t->nodes[n->parent].id, to);
	}
	buf_add_text(to, " }\n");
}

void category_draft(const struct category_tree *now, const struct category_diff *d, struct str name,
		    int64_t version, const char *date, struct buf *to)
{
	buf_fmt(to, "# A draft: %d categories", now->n);
	if (d)
		buf_fmt(to, ", %zu changes, %d new, %d as before", d->n, d->added, d->same);
	buf_add_text(to, ". Lines with a question mark ask. The names in `en` are those in `ko`: "
			 "give\n# them others, and codes that say something: once labels have them "
			 "they stay.\n");
	buf_fmt(to, "name: %.*s\nversion: %lld\n", STR_ARG(name), (long long)version);
	if (d)
		history(d, version, date, to);
	buf_add_text(to, "taxa:\n");
	for (int i = 0; i < now->n; i++)
		taxon(now, i, to);
}
