#include "extractor/extract_nest.h"

#include "base/must.h"
#include "extractor/extract_xml.h"

#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* All that HTML ever had: only these may have rules of their own. The first ones are
 * those that extract_nest.h numbers. */
static const char *const names[] = {
	"",	      "html",	    "head",	"body",	    "p",	"a",	   "abbr",
	"acronym",    "address",    "applet",	"area",	    "article",	"aside",   "audio",
	"b",	      "base",	    "basefont", "bdi",	    "bdo",	"bgsound", "big",
	"blink",      "blockquote", "br",	"button",   "canvas",	"caption", "center",
	"cite",	      "code",	    "col",	"colgroup", "command",	"content", "data",
	"datalist",   "dd",	    "del",	"details",  "dfn",	"dialog",  "dir",
	"div",	      "dl",	    "dt",	"element",  "em",	"embed",   "fieldset",
	"figcaption", "figure",	    "font",	"footer",   "form",	"frame",   "frameset",
	"h1",	      "h2",	    "h3",	"h4",	    "h5",	"h6",	   "header",
	"hgroup",     "hr",	    "i",	"iframe",   "ilayer",	"image",   "img",
	"input",      "ins",	    "isindex",	"kbd",	    "keygen",	"label",   "layer",
	"legend",     "li",	    "link",	"listing",  "main",	"map",	   "mark",
	"marquee",    "math",	    "menu",	"menuitem", "meta",	"meter",   "multicol",
	"nav",	      "nextid",	    "nobr",	"noembed",  "noframes", "nolayer", "noscript",
	"object",     "ol",	    "optgroup", "option",   "output",	"param",   "picture",
	"plaintext",  "pre",	    "progress", "q",	    "rb",	"rp",	   "rt",
	"rtc",	      "ruby",	    "s",	"samp",	    "script",	"search",  "section",
	"select",     "shadow",	    "slot",	"small",    "source",	"spacer",  "span",
	"strike",     "strong",	    "style",	"sub",	    "summary",	"sup",	   "svg",
	"table",      "tbody",	    "td",	"template", "textarea", "tfoot",   "th",
	"thead",      "time",	    "title",	"tr",	    "track",	"tt",	   "u",
	"ul",	      "var",	    "video",	"wbr",	    "xmp",
};
#define TAGS (sizeof(names) / sizeof(names[0]))
#define SLOTS 1024 /* a power of two */

static struct {
	unsigned char slot[SLOTS]; /* number of a tag; 0: none */
	bool empty[TAGS], strong[TAGS], frame[TAGS];
	bool ends[TAGS][TAGS]; /* [start tag][open] */
} nest;

static size_t slot_of(const char *name, size_t n)
{
	size_t h = n;

	for (size_t i = 0; i < n; i++)
		h = h * 31 + ((unsigned char)name[i] | 32);
	return (h ^ h >> 10) % SLOTS;
}

static void enter(int tag)
{
	size_t at = slot_of(names[tag], strlen(names[tag]));

	while (nest.slot[at])
		at = (at + 1) % SLOTS;
	nest.slot[at] = (unsigned char)tag;
}

/* Of two elements of one name the second is not in the first. */
static bool ends_itself(const char *name)
{
	char page[128];
	xmlDocPtr doc;
	xmlNodePtr first = NULL;
	bool ends = false;
	int n = snprintf(page, sizeof(page), "<html><body><%s>x<%s>y", name, name);

	doc = htmlReadMemory(page, n, NULL, "UTF-8",
			     HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
	must(doc != NULL);
	for (xmlNodePtr at = xmlDocGetRootElement(doc); at && !first;
	     at = at->children ? at->children : at->next)
		if (xmlStrEqual(at->name, (const xmlChar *)name))
			first = at;
	ends = first != NULL;
	for (xmlNodePtr at = first ? first->children : NULL; at; at = at->next)
		ends &= !xmlStrEqual(at->name, (const xmlChar *)name);
	xmlFreeDoc(doc);
	return ends;
}

static bool ends_open(htmlDocPtr doc, int tag, int open)
{
	xmlNode start = { .type = XML_ELEMENT_NODE, .name = (const xmlChar *)names[tag] };

	return tag == open ? ends_itself(names[tag])
			   : htmlAutoCloseTag(doc, (const xmlChar *)names[open], &start) == 1;
}

static bool is_any(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

static void init_once(void)
{
	/* those that libxml2's htmlEndPriority ranks above the rest */
	static const char *const strong[] = { "html",  "head",	"body", "div", "table", "tbody",
					      "thead", "tfoot", "tr",	"td",  "th",	NULL };
	static const char *const frames[] = { "frame", "frameset", "noframes", NULL };
	const htmlElemDesc *known;
	htmlDocPtr doc;

	extract_xml_init();
	doc = htmlNewDocNoDtD(NULL, NULL);
	must(doc != NULL);
	for (int tag = 1; tag < (int)TAGS; tag++) {
		enter(tag);
		known = htmlTagLookup((const xmlChar *)names[tag]);
		nest.empty[tag] = known && known->empty;
		nest.strong[tag] = is_any(names[tag], strong);
		nest.frame[tag] = is_any(names[tag], frames);
		for (int open = 1; open < (int)TAGS; open++)
			nest.ends[tag][open] = ends_open(doc, tag, open);
	}
	xmlFreeDoc(doc);
}

void extract_nest_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, init_once);
}

int extract_nest_tag(const char *name, size_t n)
{
	for (size_t at = slot_of(name, n); nest.slot[at]; at = (at + 1) % SLOTS) {
		const char *known = names[nest.slot[at]];

		if (strncasecmp(known, name, n) == 0 && !known[n])
			return nest.slot[at];
	}
	return EXTRACT_NEST_UNKNOWN;
}

bool extract_nest_empty(int tag)
{
	return nest.empty[tag];
}

bool extract_nest_ends(int tag, int open)
{
	return nest.ends[tag][open];
}

bool extract_nest_strong(int tag)
{
	return nest.strong[tag];
}

bool extract_nest_frame(int tag)
{
	return nest.frame[tag];
}
