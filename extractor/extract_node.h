/* extract_node.h: values as JSON has them, in an arena: what the readers of
 * structured data (extract_loose.h, extract_microdata.h, ...) find. Children are a list
 * in the order of the page. Pure. */
#ifndef PIPED_EXTRACT_NODE_H
#define PIPED_EXTRACT_NODE_H

#include "base/arena.h"
#include "base/buf.h"

enum extract_node_kind {
	EXTRACT_NULL,
	EXTRACT_BOOL,
	EXTRACT_NUMBER,
	EXTRACT_TEXT,
	EXTRACT_ARRAY,
	EXTRACT_OBJECT,
};

struct extract_node {
	enum extract_node_kind kind;
	bool truth;		    /* of EXTRACT_BOOL */
	struct str text;	    /* a text; a number as it is written */
	struct str key;		    /* in an object; else {0} */
	struct extract_node *first; /* of an array or object */
	struct extract_node *last;
	struct extract_node *next; /* the same parent's */
};

#define EXTRACT_NODE_MEMBERS 300

struct extract_node *extract_node_new(struct arena *a, enum extract_node_kind kind);
struct extract_node *extract_node_text(struct arena *a, struct str text); /* borrowed */
/* `n` becomes the last child; it must be nobody's. `key` is borrowed; {0} in an array. */
void extract_node_add(struct extract_node *to, struct str key, struct extract_node *n);
/* The member of that name, the last of several as in JSON; NULL: none, or no object. */
struct extract_node *extract_node_get(const struct extract_node *n, const char *key);
/* Into the array that is the member `key`, which is made where there is none; left out past
 * EXTRACT_NODE_MEMBERS of them. */
void extract_node_push(struct arena *a, struct extract_node *object, struct str key,
		       struct extract_node *n);

/* As JSON, without spaces; NULL is null. Numbers are written as they came. */
void extract_node_json(const struct extract_node *n, struct buf *to);

#endif
