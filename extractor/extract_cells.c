#include "extractor/extract_cells.h"

#include "extractor/extract_around.h"
#include "extractor/extract_tree.h"

#define MOST_TEXT 400
#define MOST_SHORT 60 /* bytes of a price or a time */
#define BIT(what) (uint8_t)(1u << (what))

static const char *const price_words[] = { "price", "cost", "amount", "가격", "금액", NULL };

static bool is_silent(const xmlNode *n)
{
	static const char *const tags[] = { "script", "style",	"noscript", "template",
					    "svg",    "option", "head",	    NULL };

	for (int i = 0; tags[i]; i++)
		if (extract_tree_is(n, tags[i]))
			return true;
	return false;
}

struct str extract_cells_href(const xmlNode *n)
{
	static const char *const others[] = { "#", "javascript:", "mailto:", "tel:", "data:" };
	struct str s = extract_tree_is(n, "a") ? str_trim(extract_tree_attr(n, "href"))
					       : (struct str){ 0 };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (str_starts(s, str_of(others[i])))
			return (struct str){ 0 };
	return s;
}

static bool has_own_text(const xmlNode *n)
{
	for (const xmlNode *c = n->children; c; c = c->next)
		if (c->type == XML_TEXT_NODE && c->content &&
		    str_trim(str_of((const char *)c->content)).n)
			return true;
	return false;
}

static bool is_price(struct extract_cells *c, xmlNodePtr n)
{
	struct str text = extract_around_text(c->page, n, c->a);
	int sure = text.n ? c->in->price(c->in->ctx, text) : 0;

	return sure > 1 || (sure > 0 && extract_around_named(n, price_words));
}

static uint8_t look(struct extract_cells *c, xmlNodePtr n)
{
	uint8_t is = 0;

	if (extract_cells_href(n).n)
		is |= BIT(EXTRACT_CELLS_LINK);
	if (extract_tree_is(n, "img"))
		is |= BIT(EXTRACT_CELLS_IMAGE);
	if (has_own_text(n))
		is |= BIT(EXTRACT_CELLS_TEXT);
	if (is_price(c, n))
		is |= BIT(EXTRACT_CELLS_PRICE);
	return is;
}

/* The element that `n` stands in, of those up to `last`; what ends on the way ends here. */
static int parent_of(struct extract_cells *c, int last, const xmlNode *n)
{
	while (last >= 0 && c->at[last].node != n->parent) {
		c->at[last].end = c->n;
		last = c->at[last].parent;
	}
	return last;
}

static int count_elements(xmlNodePtr top)
{
	int n = 0;

	for (xmlNodePtr e = top; e && n < EXTRACT_CELLS_MOST; e = extract_tree_next(e, top))
		n += e->type == XML_ELEMENT_NODE;
	return n;
}

static void walk(struct extract_cells *c, xmlNodePtr top, int room)
{
	int last = -1;
	xmlNodePtr next;

	for (xmlNodePtr n = top; n && c->n < room; n = next) {
		if (n->type == XML_ELEMENT_NODE && is_silent(n)) {
			next = extract_tree_past(n, top);
			continue;
		}
		next = extract_tree_next(n, top);
		if (n->type != XML_ELEMENT_NODE)
			continue;
		last = parent_of(c, last, n);
		c->at[c->n] = (struct extract_cell){ .node = n, .parent = last };
		c->at[c->n].is = look(c, n);
		last = c->n++;
	}
	parent_of(c, last, top->parent);
}

static void add_up(struct extract_cells *c)
{
	for (int w = 0; w < EXTRACT_CELLS_WHATS; w++) {
		c->sum[w] = arena_array(c->a, (size_t)c->n + 1, sizeof(int));
		for (int i = 0; i < c->n; i++)
			c->sum[w][i + 1] = c->sum[w][i] + ((c->at[i].is >> w) & 1);
	}
}

/* A price's element stands in others that have no other text. */
static void keep_innermost(struct extract_cells *c)
{
	for (int i = c->n; i-- > 0;) {
		bool inner = false;

		for (int k = i + 1; k < c->at[i].end && k < i + 40; k++)
			inner |= (c->at[k].is & BIT(EXTRACT_CELLS_PRICE)) != 0;
		if (inner)
			c->at[i].is &= (uint8_t)~BIT(EXTRACT_CELLS_PRICE);
	}
}

void extract_cells_read(struct extract_cells *c, struct extract_html_page *page,
			const struct extract_draft_in *in, struct arena *a)
{
	xmlNodePtr top = xmlDocGetRootElement(page->doc);
	int room = count_elements(top);

	*c = (struct extract_cells){ .page = page, .in = in, .a = a };
	c->at = arena_array(a, (size_t)room + 1, sizeof(*c->at));
	walk(c, top, room);
	keep_innermost(c);
	add_up(c);
}

int extract_cells_count(const struct extract_cells *c, int i, enum extract_cells_what what)
{
	return c->sum[what][c->at[i].end] - c->sum[what][i];
}

static struct extract_cell *read_cell(struct extract_cells *c, int i)
{
	struct extract_cell *cell = &c->at[i];

	if (cell->read)
		return cell;
	cell->read = true;
	cell->text = extract_around_upto(c->page, cell->node, MOST_TEXT, c->a);
	if (cell->text.n && cell->text.n <= MOST_SHORT) {
		cell->price = c->in->price(c->in->ctx, cell->text);
		cell->time = c->in->time(c->in->ctx, cell->text);
	}
	return cell;
}

struct str extract_cells_text(struct extract_cells *c, int i)
{
	return read_cell(c, i)->text;
}

int extract_cells_price(struct extract_cells *c, int i)
{
	return read_cell(c, i)->price;
}

bool extract_cells_time(struct extract_cells *c, int i)
{
	return read_cell(c, i)->time;
}

int extract_cells_link(const struct extract_cells *c, int i)
{
	int any = extract_cells_count(c, i, EXTRACT_CELLS_LINK);

	for (int k = i; any && k < c->at[i].end; k++)
		if (c->at[k].is & BIT(EXTRACT_CELLS_LINK))
			return k;
	return -1;
}
