#include "extractor/extract_xml.h"

#include "base/buf.h"
#include "base/must.h"
#include "base/utf8.h"
#include "extractor/extract_heap.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <ctype.h>
#include <limits.h>
#include <pthread.h>

/* libxml2 compares each attribute of a tag with all before it: both bound that. */
#define MOST_ATTRIBUTES 300
#define MOST_NAMES 16000 /* bytes of all names of a document */

struct reading {
	xmlParserCtxtPtr parser;
	const struct extract_xml_to *to;
	struct arena *a;
	struct reason *why;
	bool broken, stopped;
};

static void init_once(void)
{
	extract_heap_install();
	xmlInitParser();
}

void extract_xml_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, init_once);
}

struct str extract_xml_attribute(const unsigned char **attributes, const char *name)
{
	for (; attributes && attributes[0]; attributes += 2)
		if (str_is(str_of((const char *)attributes[0]), name))
			return str_of((const char *)attributes[1]);
	return (struct str){ 0 };
}

static void stop(struct reading *r, const char *why)
{
	r->stopped = true;
	if (why && !r->broken) {
		r->broken = true;
		reason_set(r->why, ERR_TOO_BIG, "line %d: %s", xmlSAX2GetLineNumber(r->parser),
			   why);
	}
	xmlStopParser(r->parser);
}

static void on_open(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
	xmlParserCtxtPtr parser = ctx;
	struct reading *r = parser->_private;
	struct str whole = str_of((const char *)name);
	struct extract_xml_name split = { STR(""), whole };
	ptrdiff_t colon = str_find_char(whole, ':');
	size_t n = 0;

	if (r->stopped)
		return;
	while (attributes && attributes[2 * n])
		n++;
	if (n > MOST_ATTRIBUTES) {
		stop(r, "an element with more attributes than are read");
		return;
	}
	if (colon >= 0) {
		split.prefix = str_sub(whole, 0, (size_t)colon);
		split.local = str_sub(whole, (size_t)colon + 1, whole.n);
	}
	if (!r->to->open(r->to->ctx, split, attributes, xmlSAX2GetLineNumber(parser)))
		stop(r, NULL);
}

static void on_close(void *ctx, const xmlChar *name)
{
	struct reading *r = ((xmlParserCtxtPtr)ctx)->_private;

	(void)name;
	if (!r->stopped)
		r->to->close(r->to->ctx);
}

static void on_text(void *ctx, const xmlChar *text, int n)
{
	struct reading *r = ((xmlParserCtxtPtr)ctx)->_private;

	if (!r->stopped && n > 0)
		r->to->text(r->to->ctx, (struct str){ (const char *)text, (size_t)n });
}

/* Only the first one: the others mostly follow from it. */
static void on_error(void *ctx, const char *format, ...)
{
	struct reading *r = ((xmlParserCtxtPtr)ctx)->_private;
	const xmlError *e = &((xmlParserCtxtPtr)ctx)->lastError;
	struct str text = str_trim(str_of(e->message ? e->message : "broken XML"));

	(void)format;
	if (r->broken || r->stopped || e->level < XML_ERR_ERROR || e->code == XML_ERR_DOCUMENT_END)
		return;
	r->broken = true;
	text = utf8_clean(r->a, text);
	reason_set(r->why, ERR_BAD, "line %d: %.*s", e->line, STR_ARG(text));
}

/* &#44032; or &#xac00; */
static bool is_number(struct str s)
{
	bool hex = str_starts(s, STR("&#x"));
	size_t from = hex ? 3 : 2, n = from;

	if (!str_starts(s, STR("&#")))
		return false;
	while (n < s.n && (hex ? isxdigit((unsigned char)s.p[n]) : isdigit((unsigned char)s.p[n])))
		n++;
	return n > from && n < s.n && s.p[n] == ';';
}

/* How an ampersand has to be written, and how many bytes that replaces; NULL: as
 * it is. By number, as libxml2 drops named ones once anything was wrong. */
static const char *reference(struct str s, size_t *ret_n)
{
	static const struct {
		const char *name, *number;
	} known[] = { { "&amp;", "&#38;" },
		      { "&lt;", "&#60;" },
		      { "&gt;", "&#62;" },
		      { "&quot;", "&#34;" },
		      { "&apos;", "&#39;" } };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (!str_starts(s, str_of(known[i].name)))
			continue;
		*ret_n = str_of(known[i].name).n;
		return known[i].number;
	}
	*ret_n = 1;
	return is_number(s) ? NULL : "&#38;";
}

/* Bytes of a comment or a CDATA section that starts here. */
static size_t skipped(struct str s)
{
	struct str end = STR("-->");
	ptrdiff_t at;

	if (str_starts(s, STR("<![CDATA[")))
		end = STR("]]>");
	else if (!str_starts(s, STR("<!--")))
		return 0;
	at = str_find(str_sub(s, 4, s.n), end);
	return at < 0 ? s.n : 4 + (size_t)at + end.n;
}

/* Bytes of a document type declaration that starts here. */
static size_t doctype(struct str s)
{
	size_t i = 9, skip;
	char quote = 0;
	int open = 0;

	if (!str_eq_nocase(str_sub(s, 0, i), STR("<!doctype")))
		return 0;
	for (; i < s.n; i++) {
		if (quote) {
			if (s.p[i] == quote)
				quote = 0;
			continue;
		}
		/* its apostrophes begin nothing */
		skip = s.p[i] == '<' ? skipped(str_sub(s, i, s.n)) : 0;
		if (skip)
			i += skip - 1;
		else if (s.p[i] == '"' || s.p[i] == '\'')
			quote = s.p[i];
		else if (s.p[i] == '[')
			open++;
		else if (s.p[i] == ']')
			open--;
		else if (s.p[i] == '>' && open <= 0)
			return i + 1;
	}
	return s.n;
}

static void add_line_ends(struct buf *to, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\n')
			buf_add_char(to, '\n');
}

/* The text with what sites leave unescaped made right: "?a=1&b=2"; without
 * control characters, at which a reader may stop; and without a DTD, which would
 * cost libxml2 a hundred times its size. */
static struct str repair(struct str s, struct buf *to)
{
	size_t from = 0, skip_to = 0, n;
	const char *instead;

	for (size_t i = 0; i < s.n; i += n) {
		unsigned char c = (unsigned char)s.p[i];

		n = 1;
		instead = NULL;
		if (c == '<' && i >= skip_to) {
			skip_to = i + skipped(str_sub(s, i, s.n));
			n = doctype(str_sub(s, i, s.n));
			instead = n ? "" : NULL;
			n += !n;
		} else if (c == '&' && i >= skip_to)
			instead = reference(str_sub(s, i, 16), &n);
		else if (c < ' ' && c != '\t' && c != '\n' && c != '\r')
			instead = " ";
		if (!instead)
			continue;
		buf_add(to, str_sub(s, from, i - from));
		buf_add_text(to, instead);
		if (!*instead)
			add_line_ends(to, str_sub(s, i, n));
		from = i + n;
	}
	if (!from)
		return s;
	buf_add(to, str_sub(s, from, s.n));
	return buf_str(to);
}

static void set_up(xmlParserCtxtPtr parser, struct reading *r)
{
	/* Without handlers for declarations and entities there would be none of
	 * them. SAX1, as prefixes are ours to judge: sites get namespaces wrong. */
	*parser->sax = (xmlSAXHandler){
		.startElement = on_open,
		.endElement = on_close,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.error = on_error,
		.initialized = 1, /* not XML_SAX2_MAGIC */
	};
	parser->_private = r;
	xmlDictSetLimit(parser->dict, MOST_NAMES);
}

bool extract_xml_read(struct str text, const struct extract_xml_to *to, struct arena *a,
		      struct reason *ret_why)
{
	struct reading r = { .to = to, .a = a, .why = ret_why };
	struct buf fixed;

	must(text.n <= INT_MAX / 8);
	buf_init(&fixed, text.n * 5 + 1);
	text = repair(text, &fixed);
	extract_xml_init();
	r.parser = xmlNewParserCtxt();
	must(r.parser != NULL);
	set_up(r.parser, &r);
	/* NOENT: or else & in an attribute would come as &#38; */
	xmlFreeDoc(xmlCtxtReadMemory(r.parser, text.p, (int)text.n, NULL, "UTF-8",
				     XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC |
					     XML_PARSE_NOENT));
	xmlFreeParserCtxt(r.parser);
	buf_done(&fixed);
	return !r.broken;
}
