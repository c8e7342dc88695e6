/* A CSS selector (YAML is UTF-8, so it is). What compiles is XPath that libxml2 takes and that finds
 * elements; `nothing, SELECTOR` finds as many as SELECTOR. */
#include "base/utf8.h"
#include "extractor/extract_css.h"
#include "tests/fuzz/fuzz.h"

#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>

static const char page[] =
	"<html><body id=b><div id=d class='x first'><p class=x>one</p><p>two <b>bold</b></p><span "
	"class='x y'>three</span></div><ul><li>1</li><li class=on>2</li><li>3</li></ul><a href=/x "
	"rel='next z'>n</a><i></i><x-card lang=en-GB "
	"title='q&quot;&apos;q'>k</x-card></body></html>";

static xmlDocPtr doc;

static void quiet(void *ctx, const char *message, ...)
{
	(void)ctx;
	(void)message;
}

static void set_up(void)
{
	xmlSetGenericErrorFunc(NULL, quiet);
	doc = htmlReadMemory(page, (int)sizeof(page) - 1, NULL, "UTF-8",
			     HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
	must(doc);
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* How many elements; -1: too many steps, or no XPath. */
static int found(struct str xpath)
{
	xmlXPathContextPtr ctx = xmlXPathNewContext(doc);
	xmlXPathCompExprPtr program;
	xmlXPathObjectPtr o;
	int n = -1;

	must(ctx && xpath.p[xpath.n] == '\0');
	program = xmlXPathCtxtCompile(ctx, (const xmlChar *)xpath.p);
	if (!program) {
		/* CSS has names that XML has not, of letters outside of ASCII */
		must(!is_ascii(xpath));
		xmlXPathFreeContext(ctx);
		return -1;
	}
	ctx->node = (xmlNodePtr)(void *)doc;
	ctx->opLimit = 1000000;
	o = xmlXPathCompiledEval(program, ctx);
	if (o) {
		must(o->type == XPATH_NODESET);
		n = o->nodesetval ? o->nodesetval->nodeNr : 0;
		for (int i = 0; i < n; i++)
			must(o->nodesetval->nodeTab[i]->type == XML_ELEMENT_NODE ||
			     o->nodesetval->nodeTab[i]->type == XML_HTML_DOCUMENT_NODE);
	} else {
		must(ctx->lastError.code);
	}
	xmlXPathFreeObject(o);
	xmlXPathFreeCompExpr(program);
	xmlXPathFreeContext(ctx);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct extract_css css, more;
	struct reason why = { "" };
	struct str selector = utf8_clean(a, fuzz_text(data, size));
	int n, n2;

	if (!doc)
		set_up();
	if (extract_css_compile(selector, a, &css, &why)) {
		must(why.text[0]);
	} else {
		n = found(css.xpath);
		must(css.tail != CSS_TAIL_ATTR || css.attr.n > 0);
		if (css.tail == CSS_TAIL_NONE &&
		    !extract_css_compile(arena_fmt(a, "nothing, %.*s", STR_ARG(selector)), a, &more,
					 &why)) {
			n2 = found(more.xpath);
			must(n < 0 || n2 < 0 || n == n2);
		}
	}
	arena_free(a);
	return 0;
}
