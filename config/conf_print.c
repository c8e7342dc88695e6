#include "config/conf_print.h"

#include "base/utf8.h"
#include "config/conf_piped.h"
#include "config/conf_show.h"
#include "config/conf_source.h"

#include <string.h>

#define DOCS_MOST 256
#define COLUMNS 96

struct writer {
	struct buf *to;
	const char *margin;
	const char *told[DOCS_MOST]; /* documentation that was written */
	int n_told;
};

static void start_line(struct writer *w, int depth)
{
	buf_fmt(w->to, "%s%*s", w->margin, 2 * depth, "");
}

static void comment(struct writer *w, const char *text, int depth)
{
	struct str rest = str_of(text), word;
	size_t column = COLUMNS;

	while (str_next(&rest, ' ', &word)) {
		if (column + 1 + word.n > COLUMNS) {
			if (column < COLUMNS || w->to->n == 0 || w->to->p[w->to->n - 1] != '\n')
				buf_add_char(w->to, '\n');
			start_line(w, depth);
			buf_add_char(w->to, '#');
			column = 2 * (size_t)depth + 1;
		}
		buf_add_char(w->to, ' ');
		buf_add(w->to, word);
		column += 1 + word.n;
	}
	buf_add_char(w->to, '\n');
}

static void tell(struct writer *w, const char *doc, int depth)
{
	for (int i = 0; i < w->n_told; i++)
		if (w->told[i] == doc)
			return;
	if (w->n_told < DOCS_MOST)
		w->told[w->n_told++] = doc;
	if (depth == 0) {
		buf_add(w->to, str_trim(str_of(w->margin)));
		buf_add_char(w->to, '\n');
	}
	comment(w, doc, depth);
}

static bool is_plain(const struct conf_node *n)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_./";

	if (!n->quoted)
		return true;
	for (size_t i = 0; i < n->text.n; i++)
		if (!strchr(letters, n->text.p[i]) && (i == 0 || n->text.p[i] != '-'))
			return false;
	return n->text.n > 0 && !str_is(n->text, "null");
}

static void quoted(struct writer *w, struct str s)
{
	uint32_t code;
	size_t n;

	buf_add_char(w->to, '"');
	for (; s.n > 0; s = str_sub(s, n, s.n)) {
		n = utf8_decode(s, &code);
		if (n == 0) { /* only what did not come from YAML: the environment */
			buf_fmt(w->to, "\\x%02X", (unsigned char)s.p[0]);
			n = 1;
		} else if (code == '"' || code == '\\') {
			buf_fmt(w->to, "\\%c", (char)code);
		} else if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 ||
			   code == 0x2029 || code == 0xfeff || (code & 0xfffe) == 0xfffe) {
			buf_fmt(w->to, code > 0xffff ? "\\U%08X" : "\\u%04X", code);
		} else {
			buf_add(w->to, str_sub(s, 0, n));
		}
	}
	buf_add_char(w->to, '"');
}

static void scalar(struct writer *w, const struct conf_node *n)
{
	if (is_plain(n))
		buf_add(w->to, n->text);
	else
		quoted(w, n->text);
}

static void key(struct writer *w, const struct conf_node *n)
{
	struct conf_node k = { .kind = NODE_SCALAR, .text = n->key, .quoted = true };

	scalar(w, &k);
	buf_add_char(w->to, ':');
}

static bool one_line(const struct conf_node *n)
{
	size_t bytes = 0;

	for (const struct conf_node *c = n->first; c; c = c->next) {
		if (c->kind != NODE_SCALAR)
			return false;
		bytes += c->key.n + c->text.n + 4;
	}
	return bytes < 72;
}

static void flow(struct writer *w, const struct conf_node *n)
{
	bool map = n->kind == NODE_MAP;

	buf_add_text(w->to, n->n == 0 ? (map ? "{" : "[") : (map ? "{ " : "["));
	for (const struct conf_node *c = n->first; c; c = c->next) {
		if (c != n->first)
			buf_add_text(w->to, ", ");
		if (map) {
			key(w, c);
			buf_add_char(w->to, ' ');
		}
		scalar(w, c);
	}
	buf_add_text(w->to, n->n == 0 ? (map ? "}" : "]") : (map ? " }" : "]"));
}

/* After "key:" or "-": the value, and the end of its line. YAML_DEPTH bounds
 * the nesting of what can be shown. */
// NOLINTNEXTLINE(misc-no-recursion)
static void value(struct writer *w, const struct conf_node *n, int depth)
{
	if (n->kind == NODE_SCALAR || n->n == 0 || (one_line(n) && !n->first->doc)) {
		buf_add_char(w->to, ' ');
		if (n->kind == NODE_SCALAR)
			scalar(w, n);
		else
			flow(w, n);
		buf_add_char(w->to, '\n');
		return;
	}
	buf_add_char(w->to, '\n');
	for (const struct conf_node *c = n->first; c; c = c->next) {
		if (n->kind == NODE_MAP && c->doc)
			tell(w, c->doc, depth);
		start_line(w, depth);
		if (n->kind == NODE_MAP)
			key(w, c);
		else
			buf_add_char(w->to, '-');
		value(w, c, depth + 1);
	}
}

void conf_print_yaml(const struct conf_node *map, const char *margin, struct buf *to)
{
	struct writer w = { .to = to, .margin = margin };

	for (const struct conf_node *c = map->first; c; c = c->next) {
		if (c->doc)
			tell(&w, c->doc, 0);
		start_line(&w, 0);
		key(&w, c);
		value(&w, c, 1);
	}
}

static void print_source(const struct conf_source *s, struct arena *a, struct buf *to)
{
	buf_fmt(to, "\n# --- source %.*s, from %s\n", STR_ARG(s->name), s->at.file);
	conf_print_yaml(conf_show_rows(a, conf_source_rows, s), "#   ", to);
}

void conf_print(const struct conf *c, struct buf *to)
{
	struct arena *a = arena_new(16384);
	int leaves = 0;

	for (int i = 0; i < c->taxonomy.n_taxa; i++)
		leaves += c->taxonomy.taxa[i].leaf;
	buf_fmt(to, "# The configuration in effect, from %.*s.\n", STR_ARG(c->file));
	conf_print_yaml(conf_show_rows(a, conf_piped_rows, c), "", to);
	for (int i = 0; i < c->n_sources; i++)
		print_source(&c->sources[i], a, to);
	if (c->taxonomy.n_taxa > 0)
		buf_fmt(to,
			"\n# --- taxonomy %.*s, version %lld: %d categories, %d of them leaves, "
			"%d mappings\n",
			STR_ARG(c->taxonomy.name), (long long)c->taxonomy.version,
			c->taxonomy.n_taxa, leaves, c->taxonomy.n_mappings);
	if (c->rules.n_rules > 0)
		buf_fmt(to, "\n# --- %d rules, version %016llx\n", c->rules.n_rules,
			(unsigned long long)c->rules.version);
	if (c->words.n_words > 0)
		buf_fmt(to, "\n# --- %d words, version %016llx\n", c->words.n_words,
			(unsigned long long)c->words.version);
	arena_free(a);
}
