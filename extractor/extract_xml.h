/* extract_xml.h: the XML of sitemaps and feeds as events (libxml2's SAX parser).
 * What can be read is read: broken XML goes on as far as it makes sense, an
 * ampersand that begins no reference stands for itself. Of a DTD nothing is used:
 * no entity but the five of XML, no default value, no other file; nothing
 * expands. Pure; one thread at a time. */
#ifndef PIPED_EXTRACT_XML_H
#define PIPED_EXTRACT_XML_H

#include "base/arena.h"
#include "base/err.h"

#define EXTRACT_XML_DEPTH 256 /* deeper elements end the reading; libxml2's own bound */

/* "sit:loc" */
struct extract_xml_name {
	struct str prefix, local; /* borrowed while the document is read; prefix "" without */
};

struct extract_xml_to {
	/* False ends the reading. `attributes`: see below. */
	bool (*open)(void *ctx, struct extract_xml_name name, const unsigned char **attributes,
		     int line);
	void (*close)(void *ctx);
	void (*text)(void *ctx, struct str s); /* in pieces */
	void *ctx;
};

/* Value of an attribute by its whole name, borrowed; {0} without. */
struct str extract_xml_attribute(const unsigned char **attributes, const char *name);

/* `text` is well-formed UTF-8. False: broken, or past a bound; `ret_why` says where
 * first. What comes after the document's end is not looked at. */
bool extract_xml_read(struct str text, const struct extract_xml_to *to, struct arena *a,
		      struct reason *ret_why);

/* libxml2's globals, once for all threads. */
void extract_xml_init(void);

#endif
