/* extract_nest.h: which start tags end which open elements, as libxml2 has it: its HTML
 * parser knows the tags of HTML 4 and mends what is left open by them. Made by asking
 * it, not by a table of ours. Thread-safe. */
#ifndef PIPED_EXTRACT_NEST_H
#define PIPED_EXTRACT_NEST_H

#include <stdbool.h>
#include <stddef.h>

/* Tags by number; those that are not listed are the parser's "unknown". */
#define EXTRACT_NEST_UNKNOWN 0
#define EXTRACT_NEST_HTML 1
#define EXTRACT_NEST_HEAD 2
#define EXTRACT_NEST_BODY 3
#define EXTRACT_NEST_P 4

/* Asks libxml2, once for all threads. */
void extract_nest_init(void);

/* Of a name in any case. */
int extract_nest_tag(const char *name, size_t n);
/* Has no content: its start tag is all of it. */
bool extract_nest_empty(int tag);
/* A start tag of `tag` ends `open`, if that is the innermost element. */
bool extract_nest_ends(int tag, int open);
/* Stays open at the end tags of what is around it. */
bool extract_nest_strong(int tag);
/* Frames make another document. */
bool extract_nest_frame(int tag);

#endif
