/* extract_schema.h: schema.org data as JSON-LD, microdata and RDFa write it, read in one
 * way: types without their address, properties wherever the form keeps them, references
 * ({"@id": ...}) followed. Pure. */
#ifndef PIPED_EXTRACT_SCHEMA_H
#define PIPED_EXTRACT_SCHEMA_H

#include "extractor/extract_node.h"

#define EXTRACT_SCHEMA_FOLLOWED 500000 /* references of a page; more lead nowhere */

/* Objects of a page by their @id. */
struct extract_schema {
	struct arena *a;
	const struct extract_node **slot;
	size_t n_slots; /* a power of two, or 0 */
	int *left;	/* references that are still followed */
};

/* `docs` is borrowed. */
void extract_schema_init(struct extract_schema *s, const struct extract_node *docs,
			 struct arena *a);

/* Whether one of its types is `type`: "Product" is "http://schema.org/Product" too. */
bool extract_schema_is(const struct extract_node *n, const char *type);
/* The property's value, a reference followed; of a list of one, that one. NULL: none. */
const struct extract_node *extract_schema_get(const struct extract_schema *s,
					      const struct extract_node *n, const char *name);
/* The i-th of a value and its list, a reference followed; NULL past the last. */
const struct extract_node *extract_schema_at(const struct extract_schema *s,
					     const struct extract_node *n, int i);
/* What is meant by a value where a text is wanted: of a list the first that has one, of an
 * object its @value, name, url or @id. Character references are read. {0}: nothing. */
struct str extract_schema_text(const struct extract_schema *s, const struct extract_node *n);
/* The text of a property. */
struct str extract_schema_value(const struct extract_schema *s, const struct extract_node *n,
				const char *name);

#endif
