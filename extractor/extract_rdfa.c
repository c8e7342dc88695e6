#include "extractor/extract_rdfa.h"

#include "base/hash.h"
#include "extractor/extract_tree.h"

#define MOST_PREFIXES 64
#define MOST_SUBJECTS 5000
#define SLOTS 10007U
#define MOST_MEMORY (64 << 20)

struct prefix {
	struct str name, uri;
};

/* The initial context's (w3.org/2011/rdfa-context), as far as shops use it, and what
 * Open Graph counts as known. */
static const struct {
	const char *name, *uri;
} initial[] = {
	{ .name = "schema", .uri = "http://schema.org/" },
	{ .name = "gr", .uri = "http://purl.org/goodrelations/v1#" },
	{ .name = "og", .uri = "http://ogp.me/ns#" },
	{ .name = "article", .uri = "http://ogp.me/ns/article#" },
	{ .name = "book", .uri = "http://ogp.me/ns/book#" },
	{ .name = "music", .uri = "http://ogp.me/ns/music#" },
	{ .name = "product", .uri = "http://ogp.me/ns/product#" },
	{ .name = "profile", .uri = "http://ogp.me/ns/profile#" },
	{ .name = "video", .uri = "http://ogp.me/ns/video#" },
	{ .name = "foaf", .uri = "http://xmlns.com/foaf/0.1/" },
	{ .name = "dc", .uri = "http://purl.org/dc/terms/" },
	{ .name = "dcterms", .uri = "http://purl.org/dc/terms/" },
	{ .name = "dc11", .uri = "http://purl.org/dc/elements/1.1/" },
	{ .name = "v", .uri = "http://rdf.data-vocabulary.org/#" },
	{ .name = "rdf", .uri = "http://www.w3.org/1999/02/22-rdf-syntax-ns#" },
	{ .name = "rdfs", .uri = "http://www.w3.org/2000/01/rdf-schema#" },
	{ .name = "xsd", .uri = "http://www.w3.org/2001/XMLSchema#" },
	{ .name = "skos", .uri = "http://www.w3.org/2004/02/skos/core#" },
	{ .name = "cc", .uri = "http://creativecommons.org/ns#" },
};

/* What holds for an element and what stands in it. */
struct scope {
	struct str vocab, subject;
	int n_prefixes;
};

struct reader {
	struct extract_html_page *page;
	struct arena *a;
	struct str url;
	struct extract_node *all;
	struct extract_node *found[SLOTS]; /* by the hash of @id */
	struct prefix prefixes[MOST_PREFIXES];
	int subjects, blanks;
	size_t most; /* bytes of the arena: texts within texts add up */
};

static bool next_word(struct str *rest, struct str *ret)
{
	size_t n = 0;

	while (rest->n && (unsigned char)*rest->p <= ' ')
		*rest = str_sub(*rest, 1, rest->n);
	while (n < rest->n && (unsigned char)rest->p[n] > ' ')
		n++;
	*ret = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	return n > 0;
}

static void read_prefixes(struct reader *r, struct scope *s, struct str list)
{
	struct str name, uri;

	while (next_word(&list, &name) && next_word(&list, &uri))
		if (str_ends(name, STR(":")) && s->n_prefixes < MOST_PREFIXES)
			r->prefixes[s->n_prefixes++] =
				(struct prefix){ str_sub(name, 0, name.n - 1), uri };
}

/* As RDFa was written in XHTML. */
static void read_namespaces(struct reader *r, struct scope *s, const xmlNode *n)
{
	for (const xmlAttr *at = n->properties; at; at = at->next) {
		struct str name = str_of((const char *)at->name);

		if (str_starts(name, STR("xmlns:")) && at->children && at->children->content &&
		    s->n_prefixes < MOST_PREFIXES)
			r->prefixes[s->n_prefixes++] =
				(struct prefix){ str_sub(name, 6, name.n),
						 str_of((const char *)at->children->content) };
	}
}

static struct str uri_of(const struct reader *r, const struct scope *s, struct str prefix)
{
	for (int i = s->n_prefixes; i--;)
		if (str_eq(r->prefixes[i].name, prefix))
			return r->prefixes[i].uri;
	for (size_t i = 0; i < sizeof(initial) / sizeof(initial[0]); i++)
		if (str_is(prefix, initial[i].name))
			return str_of(initial[i].uri);
	return (struct str){ 0 };
}

/* A term, a prefixed name or an address, as a whole; {0}: it means nothing. */
static struct str expanded(struct reader *r, const struct scope *s, struct str word)
{
	ptrdiff_t colon = str_find_char(word, ':');
	struct str uri;

	if (colon < 0)
		return s->vocab.n ? arena_fmt(r->a, "%.*s%.*s", STR_ARG(s->vocab), STR_ARG(word))
				  : (struct str){ 0 };
	uri = uri_of(r, s, str_sub(word, 0, (size_t)colon));
	if (uri.n)
		return arena_fmt(r->a, "%.*s%.*s", STR_ARG(uri),
				 STR_ARG(str_sub(word, (size_t)colon + 1, word.n)));
	return arena_str(r->a, word);
}

static struct extract_node *subject_of(struct reader *r, struct str id)
{
	size_t i = (size_t)(hash64(id, 0) % SLOTS);
	struct extract_node *n;

	for (; (n = r->found[i]); i = (i + 1) % SLOTS)
		if (str_eq(n->first->text, id))
			return n;
	if (r->subjects == MOST_SUBJECTS)
		return NULL;
	r->subjects++;
	n = extract_node_new(r->a, EXTRACT_OBJECT);
	extract_node_add(n, STR("@id"), extract_node_text(r->a, id));
	extract_node_add(r->all, (struct str){ 0 }, n);
	r->found[i] = n;
	return n;
}

/* `kind`: "@id" or "@value"; `type` of the latter, or {0}. */
static void tell(struct reader *r, struct str subject, struct str property, const char *kind,
		 struct str value, struct str type)
{
	struct extract_node *n = subject_of(r, subject), *object;

	if (!n || !property.n)
		return;
	object = extract_node_new(r->a, EXTRACT_OBJECT);
	extract_node_add(object, str_of(kind), extract_node_text(r->a, value));
	if (type.n)
		extract_node_add(object, STR("@type"), extract_node_text(r->a, type));
	extract_node_push(r->a, n, property, object);
}

/* href or src. */
static struct str address_of(struct reader *r, const xmlNode *n)
{
	struct str s = extract_tree_attr(n, "href");

	if (!s.p)
		s = extract_tree_attr(n, "src");
	return s.p ? arena_str(r->a, extract_tree_absolute(s, r->url, r->a)) : s;
}

/* The resource that an element names, if any. */
static struct str resource_of(struct reader *r, const xmlNode *n)
{
	struct str s = extract_tree_attr(n, "resource");

	if (!s.p)
		return s;
	if (str_starts(s, STR("_:")))
		return arena_str(r->a, s);
	return str_trim(s).n ? arena_str(r->a, extract_tree_absolute(s, r->url, r->a)) : r->url;
}

static void tell_all(struct reader *r, const struct scope *s, xmlNodePtr n, const char *kind,
		     struct str value)
{
	struct str words = extract_tree_attr(n, "property"), word, type = { 0 };

	if (str_is(str_of(kind), "@value"))
		type = str_trim(extract_tree_attr(n, "datatype"));
	if (type.n)
		type = expanded(r, s, type);
	while (next_word(&words, &word))
		tell(r, s->subject, expanded(r, s, word), kind, value, type);
}

static void tell_types(struct reader *r, const struct scope *s, const xmlNode *n, struct str id)
{
	struct str words = extract_tree_attr(n, "typeof"), word;
	struct extract_node *subject = subject_of(r, id);

	while (subject && next_word(&words, &word)) {
		word = expanded(r, s, word);
		if (word.n)
			extract_node_push(r->a, subject, STR("@type"),
					  extract_node_text(r->a, word));
	}
}

static void tell_value(struct reader *r, const struct scope *s, xmlNodePtr n)
{
	struct str resource = resource_of(r, n), address = address_of(r, n), text;

	text = extract_tree_attr(n, "content");
	if (text.p)
		tell_all(r, s, n, "@value", arena_str(r->a, text));
	else if (resource.p || address.p)
		tell_all(r, s, n, "@id", resource.p ? resource : address);
	else if (extract_tree_attr(n, "datetime").p)
		tell_all(r, s, n, "@value", arena_str(r->a, extract_tree_attr(n, "datetime")));
	else
		tell_all(r, s, n, "@value", extract_html_page_text(r->page, n, r->a));
}

/* An element: what it says, and the scope of what stands in it. Nested as deep as the tree. */
static void look(struct reader *r, xmlNodePtr n, struct scope s)
{
	struct str vocab = extract_tree_attr(n, "vocab"), about, id;
	bool typed = extract_tree_has(n, "typeof"), property = extract_tree_has(n, "property");

	if (vocab.p) {
		s.vocab = arena_str(r->a, str_trim(vocab));
		if (s.vocab.n)
			tell(r, r->url, STR("http://www.w3.org/ns/rdfa#usesVocabulary"), "@id",
			     s.vocab, (struct str){ 0 });
	}
	read_namespaces(r, &s, n);
	read_prefixes(r, &s, extract_tree_attr(n, "prefix"));
	about = extract_tree_attr(n, "about");
	if (about.p)
		s.subject = arena_str(r->a, extract_tree_absolute(about, r->url, r->a));
	id = resource_of(r, n);
	if (typed && !id.n)
		id = about.p			      ? s.subject
		     : property && address_of(r, n).p ? address_of(r, n)
						      : arena_fmt(r->a, "_:%d", ++r->blanks);
	if (typed)
		tell_types(r, &s, n, id);
	if (property && typed && !about.p)
		tell_all(r, &s, n, "@id", id);
	else if (property)
		tell_value(r, &s, n);
	if (id.n && (typed || !property))
		s.subject = id;
	for (xmlNodePtr c = n->children; c && arena_used(r->a) < r->most; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			look(r, c, s);
}

struct extract_node *extract_rdfa_read(struct extract_html_page *page, struct str url,
				       struct arena *a)
{
	struct reader *r = arena_zero(a, sizeof(*r));
	xmlNodePtr root = xmlDocGetRootElement(page->doc);

	r->page = page;
	r->a = a;
	r->url = url;
	r->most = arena_used(a) + MOST_MEMORY;
	r->all = extract_node_new(a, EXTRACT_ARRAY);
	if (root)
		look(r, root, (struct scope){ .subject = url });
	return r->all;
}
