/* extract_rdfa.h: RDFa Lite 1.1 (W3C): vocab, typeof, property, resource, prefix; and of
 * RDFa, what pages write besides: about, content, datatype, xmlns. In the shape of
 * expanded JSON-LD: [{"@id": "...", "@type": ["http://schema.org/Product"],
 * "http://schema.org/name": [{"@value": "..."}]}]. Pure. */
#ifndef PIPED_EXTRACT_RDFA_H
#define PIPED_EXTRACT_RDFA_H

#include "extractor/extract_html_page.h"
#include "extractor/extract_node.h"

/* Subjects in the order of the page, each told once; those without a resource of their own are
 * "_:1", "_:2", ... The page itself is `url`. Open Graph's properties are read, too, where
 * they have a `property`. */
struct extract_node *extract_rdfa_read(struct extract_html_page *page, struct str url,
				       struct arena *a);

#endif
