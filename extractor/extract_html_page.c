#include "extractor/extract_html_page.h"

#include "base/must.h"
#include "extractor/extract_charset.h"
#include "extractor/extract_xml.h"
#include "extractor/extractor.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include <limits.h>
#include <string.h>

#define MOST_TEXT 65536
/* Bytes of all names of a page (5,000 on the richest of 100 real ones). libxml2 compares each attribute of a tag with
 * all before it; names that don't fit any more are no attributes. */
#define MOST_NAMES 16000

/* What the parser may still take, and what it met. */
struct intake {
	struct extract_html_page *page;
	struct arena *a;
	size_t nodes;
	const char *over; /* which bound stopped it */
};

static struct str text_of(const xmlChar *s)
{
	return str_of((const char *)s);
}

static void stop(htmlParserCtxtPtr p, struct intake *in, const char *over)
{
	in->over = over;
	xmlStopParser(p);
}

static void on_element(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
	htmlParserCtxtPtr p = ctx;
	struct intake *in = p->_private;
	size_t n = 0;

	for (; attributes && attributes[2 * n]; n++)
		if (!in->page->base.p && attributes[2 * n + 1] &&
		    xmlStrEqual(name, (const xmlChar *)"base") &&
		    xmlStrEqual(attributes[2 * n], (const xmlChar *)"href"))
			in->page->base = arena_str(in->a, str_trim(text_of(attributes[2 * n + 1])));
	in->nodes += 1 + n;
	if (n > EXTRACT_MOST_ATTRIBUTES)
		stop(p, in, "an element with more attributes than are read");
	else if (in->nodes > EXTRACT_MOST_NODES)
		stop(p, in, "more elements and attributes than are read");
	else if (p->nodeNr >= EXTRACT_DEPTH)
		stop(p, in, "elements nest deeper than is read");
	else
		xmlSAX2StartElement(ctx, name, attributes);
}

static void set_up(htmlParserCtxtPtr p, struct intake *in)
{
	p->_private = in;
	xmlDictSetLimit(p->dict, MOST_NAMES);
	p->sax->startElement = on_element;
	p->sax->comment = NULL;
	p->sax->processingInstruction = NULL;
}

/* NUL ends a text for libxml2; in a page it is noise. */
static struct str without_nul(struct arena *a, struct str s)
{
	char *to;

	if (str_find_char(s, 0) < 0)
		return s;
	to = arena_alloc(a, s.n);
	memcpy(to, s.p, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (!to[i])
			to[i] = ' ';
	return (struct str){ to, s.n };
}

enum err extract_html_page_read(struct extract_html_page *p, struct extract_heap *heap,
				const struct extract_want *want, struct str body,
				struct str content_type, struct arena *a, struct reason *why)
{
	struct intake in = { .page = p, .a = a };
	htmlParserCtxtPtr parser;

	extract_xml_init();
	*p = (struct extract_html_page){ .heap = heap };
	extract_heap_begin(heap);
	buf_init(&p->text, MOST_TEXT);
	body = without_nul(a, extract_charset_utf8(body, content_type, true, a));
	if (!str_trim(body).n)
		return reason_set(why, ERR_BAD, "the body is empty");
	if (body.n > INT_MAX)
		return reason_set(why, ERR_TOO_BIG, "%zu bytes of HTML", body.n);
	body = extract_trim(want, body, a);
	parser = htmlNewParserCtxt();
	must(parser != NULL);
	set_up(parser, &in);
	p->doc = htmlCtxtReadMemory(parser, body.p, (int)body.n, NULL, "UTF-8",
				    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
					    HTML_PARSE_NONET | HTML_PARSE_COMPACT |
					    HTML_PARSE_IGNORE_ENC);
	htmlFreeParserCtxt(parser);
	if (in.over)
		return reason_set(why, ERR_TOO_BIG, "%s", in.over);
	if (!p->doc || !xmlDocGetRootElement(p->doc))
		return reason_set(why, ERR_BAD, "no markup");
	return ERR_OK;
}

void extract_html_page_done(struct extract_html_page *p)
{
	/* all of it goes with the heap, unless some of it is elsewhere */
	if (p->doc && extract_heap_spilled(p->heap))
		xmlFreeDoc(p->doc);
	extract_heap_end(p->heap);
	buf_done(&p->text);
	p->doc = NULL;
}

struct str extract_html_page_attr(const xmlNode *n, const char *name, struct arena *a)
{
	struct str s = { 0 };
	xmlChar *value;

	value = xmlGetNoNsProp(n, (const xmlChar *)name);
	if (value)
		s = arena_str(a, text_of(value));
	xmlFree(value);
	return s;
}

/* Folding. */
static size_t space_bytes(const char *p, size_t n)
{
	if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		return 1;
	/* no-break space, with which shops pad prices */
	return n > 1 && p[0] == '\xc2' && p[1] == '\xa0' ? 2 : 0;
}

static void fold(struct buf *to, bool *gap, struct str s)
{
	size_t i = 0, from, w;

	while (i < s.n) {
		w = space_bytes(s.p + i, s.n - i);
		if (w) {
			*gap = true;
			i += w;
			continue;
		}
		if (*gap && to->n)
			buf_add_char(to, ' ');
		*gap = false;
		for (from = i; i < s.n && !space_bytes(s.p + i, s.n - i);)
			i++;
		buf_add(to, str_sub(s, from, i - from));
	}
}

/* What a browser starts on a new line, by the length of its name, a blank behind each. */
static const char *const blocks[] = {
	[1] = "p ",
	[2] = "br li td th tr dt dd ul ol dl h1 h2 h3 h4 h5 h6 hr ",
	[3] = "div nav pre ",
	[4] = "main form ",
	[5] = "table thead tbody tfoot aside ",
	[6] = "header footer figure option ",
	[7] = "section article address ",
	[8] = "fieldset ",
	[10] = "figcaption blockquote ",
};
#define LONGEST_BLOCK (sizeof(blocks) / sizeof(*blocks) - 1)

static bool is_block(const xmlNode *n)
{
	struct str name = n->type == XML_ELEMENT_NODE ? text_of(n->name) : STR("");

	if (name.n > LONGEST_BLOCK || !blocks[name.n])
		return false;
	for (const char *p = blocks[name.n]; *p; p += name.n + 1)
		if (memcmp(p, name.p, name.n) == 0)
			return true;
	return false;
}

static bool is_silent(const xmlNode *n)
{
	return n->type == XML_ELEMENT_NODE &&
	       (str_is(text_of(n->name), "script") || str_is(text_of(n->name), "style"));
}

static bool has_inside(const xmlNode *n)
{
	return (n->type == XML_ELEMENT_NODE || n->type == XML_ATTRIBUTE_NODE ||
		n->type == XML_HTML_DOCUMENT_NODE) &&
	       n->children;
}

static const xmlNode *next_node(const xmlNode *n, const xmlNode *top, bool down, bool *gap)
{
	if (down && has_inside(n))
		return n->children;
	while (n != top && !n->next) {
		n = n->parent;
		*gap |= is_block(n);
	}
	return n == top ? NULL : n->next;
}

struct str extract_html_page_text(struct extract_html_page *p, const xmlNode *top, struct arena *a)
{
	const xmlNode *n = top;
	bool gap = false;

	buf_clear(&p->text);
	while (n && !p->text.full) {
		bool down = n == top || !is_silent(n);

		gap |= is_block(n);
		if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
			fold(&p->text, &gap, text_of(n->content));
		else if (n->type == XML_ENTITY_REF_NODE)
			gap = true;
		n = next_node(n, top, down, &gap);
	}
	return arena_str(a, buf_str(&p->text));
}
