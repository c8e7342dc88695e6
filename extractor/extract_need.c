#include "extractor/extract_need.h"

#include "base/mem.h"

#include <string.h>

/* What an expression gives: a place in the page, or a value made of what was looked at. */
struct place {
	struct extract_need *at; /* NULL: a value */
	int elements;		 /* times that its way says [] */
	bool some;		 /* not all that stand there: one by its number, or selected */
};

struct reading {
	struct str rest;
	struct arena *a;
	int depth;
	bool lost; /* the program may look at anything */
};

#define MOST_DEPTH 100

static struct place read_pipe(struct reading *r, struct place in);

static const struct place value = { .at = NULL };

static struct place lose(struct reading *r)
{
	r->lost = true;
	r->rest.n = 0;
	return value;
}

static void use(struct place p)
{
	if (p.at)
		p.at->whole = true;
}

static struct extract_need *new_need(struct arena *a, struct str name)
{
	struct extract_need *n = arena_zero(a, sizeof(*n));

	n->slot = -1;
	n->name = name.n ? arena_str(a, name) : STR("");
	return n;
}

static struct extract_need *member(struct arena *a, struct extract_need *of, struct str name)
{
	for (struct extract_need *n = of->members; n; n = n->next)
		if (str_eq(n->name, name))
			return n;

	struct extract_need *n = new_need(a, name);

	n->next = of->members;
	of->members = n;
	return n;
}

static struct place member_of(struct reading *r, struct place p, struct str name)
{
	if (!p.at)
		return p;
	p.at = member(r->a, p.at, name);
	p.at->kept = true;
	return p;
}

static struct place element_of(struct reading *r, struct place p)
{
	if (!p.at)
		return p;
	if (!p.at->element)
		p.at->element = new_need(r->a, STR(""));
	p.at = p.at->element;
	p.at->kept = true;
	p.elements++;
	return p;
}

/* Tokens. */
static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (c >= '0' && c <= '9');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void skip_space(struct reading *r)
{
	while (r->rest.n && strchr(" \t\r\n", r->rest.p[0]))
		r->rest = str_sub(r->rest, 1, r->rest.n);
}

static bool sees(const struct reading *r, const char *text)
{
	return str_starts(r->rest, str_of(text));
}

static bool take(struct reading *r, const char *text)
{
	skip_space(r);
	if (!sees(r, text))
		return false;
	r->rest = str_sub(r->rest, strlen(text), r->rest.n);
	return true;
}

static struct str word(const struct reading *r)
{
	size_t n = 0;

	while (n < r->rest.n && is_word(r->rest.p[n]))
		n++;
	return n && !is_digit(r->rest.p[0]) ? str_sub(r->rest, 0, n) : STR("");
}

static bool take_word(struct reading *r, const char *text)
{
	skip_space(r);
	if (!str_is(word(r), text))
		return false;
	r->rest = str_sub(r->rest, strlen(text), r->rest.n);
	return true;
}

/* A text without escapes; with one, interpolation among them, the reading is lost. */
static struct str take_text(struct reading *r)
{
	struct str s = str_sub(r->rest, 1, r->rest.n);
	ptrdiff_t end = str_find_char(s, '"');

	s = end < 0 ? (struct str){ 0 } : str_sub(s, 0, (size_t)end);
	if (!s.p || str_find_char(s, '\\') >= 0) {
		lose(r);
		return STR("");
	}
	r->rest = str_sub(r->rest, s.n + 2, r->rest.n);
	return s;
}

static void take_number(struct reading *r)
{
	size_t n = 0;

	while (n < r->rest.n && (is_word(r->rest.p[n]) || r->rest.p[n] == '.'))
		n++;
	r->rest = str_sub(r->rest, n, r->rest.n);
}

/* Behind the opening bracket: `]`, a text, a number. */
static struct place read_bracket(struct reading *r, struct place p)
{
	skip_space(r);
	if (take(r, "]"))
		return element_of(r, p);
	if (sees(r, "\"")) {
		p = member_of(r, p, take_text(r));
	} else if (r->rest.n && is_digit(r->rest.p[0])) {
		take_number(r);
		p = element_of(r, p);
		p.some = true;
	} else {
		return lose(r);
	}
	return take(r, "]") ? p : lose(r);
}

/* Behind a dot: a name, a text, a bracket; another dot looks at all there is. */
static struct place read_dot(struct reading *r, struct place p)
{
	struct str name = word(r);

	if (name.n) {
		r->rest = str_sub(r->rest, name.n, r->rest.n);
		return member_of(r, p, name);
	}
	if (sees(r, "\""))
		return member_of(r, p, take_text(r));
	if (sees(r, "[")) {
		take(r, "[");
		return read_bracket(r, p);
	}
	if (sees(r, "."))
		return lose(r);
	return p;
}

static struct place read_if(struct reading *r, struct place in)
{
	do {
		use(read_pipe(r, in));
		if (!take_word(r, "then"))
			return lose(r);
		use(read_pipe(r, in));
	} while (take_word(r, "elif"));
	/* without it jq 1.7 lets the input through */
	use(take_word(r, "else") ? read_pipe(r, in) : in);
	return take_word(r, "end") ? value : lose(r);
}

static void read_arguments(struct reading *r, struct place in)
{
	if (!take(r, "("))
		return;
	do
		use(read_pipe(r, in));
	while (take(r, ";"));
	if (!take(r, ")"))
		lose(r);
}

/* A function looks at all of its input, `length` and `select` less. */
static struct place read_call(struct reading *r, struct place in, struct str name)
{
	static const char *const others[] = { "reduce",	 "foreach", "def",     "label", "import",
					      "include", "try",	    "catch",   "break", "as",
					      "input",	 "inputs",  "__loc__", "then",	"elif",
					      "else",	 "end",	    "and",     "or" };
	static const char *const constants[] = { "null", "true", "false", "empty" };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (str_is(name, others[i]))
			return lose(r);
	for (size_t i = 0; i < sizeof(constants) / sizeof(*constants); i++)
		if (str_is(name, constants[i]))
			return value;
	if (str_is(name, "length")) {
		if (in.at)
			in.at->counted = true;
		return value;
	}
	if (str_is(name, "select")) {
		read_arguments(r, in);
		in.some = true;
		return in;
	}
	use(in);
	read_arguments(r, value);
	return value;
}

static struct place read_primary(struct reading *r, struct place in)
{
	struct str name;
	struct place p;

	skip_space(r);
	if (!r->rest.n)
		return lose(r);
	if (take(r, "."))
		return read_dot(r, in);
	if (take(r, "(")) {
		p = read_pipe(r, in);
		return take(r, ")") ? p : lose(r);
	}
	if (take(r, "[")) {
		if (take(r, "]"))
			return value;
		use(read_pipe(r, in));
		return take(r, "]") ? value : lose(r);
	}
	if (sees(r, "\"")) {
		take_text(r);
		return value;
	}
	if (is_digit(r->rest.p[0])) {
		take_number(r);
		return value;
	}
	name = word(r);
	r->rest = str_sub(r->rest, name.n, r->rest.n);
	if (str_is(name, "if"))
		return read_if(r, in);
	/* a name of a module, a variable, a format, an object */
	return name.n && !sees(r, "::") ? read_call(r, in, name) : lose(r);
}

static struct place read_term(struct reading *r, struct place in)
{
	struct place p;

	if (take(r, "-")) {
		use(read_term(r, in));
		return value;
	}
	p = read_primary(r, in);
	for (;;) {
		if (take(r, "?")) {
			if (sees(r, "//"))
				return lose(r);
			continue;
		}
		skip_space(r);
		if (r->rest.n > 1 && r->rest.p[0] == '.')
			take(r, ".");
		else if (!sees(r, "["))
			return p;
		p = sees(r, "[") ? (take(r, "["), read_bracket(r, p)) : read_dot(r, p);
	}
}

static bool take_operator(struct reading *r)
{
	static const char *const ops[] = { "==", "!=", "<=", ">=", "//", "<",
					   ">",	 "+",  "-",  "*",  "/",	 "%" };
	bool is = take_word(r, "and") || take_word(r, "or");

	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops) && !is; i++)
		is = take(r, ops[i]);
	/* an assignment */
	if (is && sees(r, "="))
		lose(r);
	return is;
}

static struct place read_operators(struct reading *r, struct place in)
{
	struct place p = read_term(r, in);

	while (take_operator(r)) {
		use(p);
		use(read_term(r, in));
		p = value;
	}
	return p;
}

static struct place read_comma(struct reading *r, struct place in)
{
	struct place p = read_operators(r, in);

	while (take(r, ",")) {
		use(p);
		use(read_operators(r, in));
		p = value;
	}
	return p;
}

static struct place read_pipe(struct reading *r, struct place in)
{
	struct place p = in;

	if (++r->depth > MOST_DEPTH)
		return lose(r);
	do {
		p = read_comma(r, p);
		skip_space(r);
	} while (!sees(r, "|=") && take(r, "|"));
	r->depth--;
	return p;
}

/* What a selector gives for `in`; false: it may look at anything. */
static bool look(struct arena *a, struct str program, struct extract_need *in, struct place *ret)
{
	struct reading r = { .rest = program, .a = a };

	*ret = read_pipe(&r, (struct place){ .at = in });
	skip_space(&r);
	return !r.lost && !r.rest.n;
}

static bool use_all(struct extract_needs *n, const struct conf_sel *sel, struct extract_need *in)
{
	struct place p;

	if (sel->kind != SEL_JQ)
		return true;
	if (!look(n->a, sel->expr, in, &p))
		return false;
	use(p);
	return true;
}

/* The selectors of the page itself. */
static bool use_page(struct extract_needs *n, const struct conf_page *page)
{
	const struct conf_paging *p = &page->paging;
	bool good = use_all(n, &p->more, n->root) && use_all(n, &p->last, n->root) &&
		    use_all(n, &p->next, n->root) && use_all(n, &p->total, n->root);

	for (int i = 0; i < page->n_links && good; i++)
		good = use_all(n, &page->links[i].sel, n->root);
	for (int i = 0; i < page->n_values && good; i++)
		good = use_all(n, &page->values[i].sel, n->root);
	return good;
}

static int put_slot(struct extract_needs *n, const struct extract_path *path)
{
	struct extract_need *at = n->item;
	struct str name;

	for (size_t i = 0; extract_path_name(path, i, &name); i++)
		at = member(n->a, at, name);
	if (at->slot < 0)
		at->slot = n->n_slots++;
	return at->slot;
}

/* A selector of an item. */
static int use_cell(struct extract_needs *n, const struct extract_cell *c,
		    const struct conf_sel *sel, bool by_slot)
{
	if (by_slot && c->path)
		return put_slot(n, c->path);
	if (!use_all(n, sel, n->item))
		n->item->whole = true;
	return -1;
}

static bool use_items(struct extract_needs *n, const struct extract_program *p)
{
	const struct conf_page *page = p->page;
	struct place items = { .at = n->root };
	bool plain = page->items.kind == SEL_NONE;

	if (!plain) {
		if (!look(n->a, page->items.expr, n->root, &items))
			return false;
		/* `.list` is an array of items or one item: only the page knows */
		if (items.at && !items.elements) {
			use(items);
			return true;
		}
		plain = items.elements == 1 && !items.some && items.at && !items.at->name.n;
	}
	if (!items.at)
		return true;
	n->item = items.at;
	n->by_slot = plain;
	n->skip = use_cell(n, &p->skip, &page->skip, n->by_slot);
	for (int i = 0; i < page->n_fields; i++) {
		const struct conf_field *f = &page->fields[i];

		/* slots hold no arrays */
		n->fields[i] = use_cell(n, &p->fields[i], &f->sel,
					n->by_slot && !conf_field_is_several(f));
	}
	return true;
}

static void settle(const struct extract_needs *all, struct extract_need *n)
{
	n->kept = n->kept || n->whole || n->counted;
	for (struct extract_need *m = n->members; m; m = m->next) {
		settle(all, m);
		n->kept = n->kept || m->kept;
		n->slots = n->slots || m->slots || m->slot >= 0;
		n->items = n->items || m->items;
	}
	if (!n->element)
		return;
	settle(all, n->element);
	n->kept = n->kept || n->element->kept;
	n->items = n->items || (all->by_slot && n->element == all->item);
	n->slots = n->slots || n->items;
}

struct extract_needs *extract_need_new(const struct extract_program *p)
{
	struct extract_needs *n = mem_zero(sizeof(*n));
	int n_fields = p->page->n_fields;
	bool good;

	n->a = arena_new(1 << 12);
	n->root = new_need(n->a, STR(""));
	n->root->kept = true;
	n->skip = -1;
	n->fields = arena_array(n->a, (size_t)n_fields + 1, sizeof(*n->fields));
	for (int i = 0; i < n_fields; i++)
		n->fields[i] = -1;
	good = use_page(n, p->page) && (!n_fields || use_items(n, p));
	if (!good || (n->root->whole && !n->by_slot)) {
		extract_need_free(n);
		return NULL;
	}
	settle(n, n->root);
	return n;
}

void extract_need_free(struct extract_needs *n)
{
	if (!n)
		return;
	arena_free(n->a);
	mem_free(n);
}
