/* extract_entity.h: character references of HTML (&amp; &#44; &#x2c; &euro;) in a text
 * that no parser has read. Pure. */
#ifndef PIPED_EXTRACT_ENTITY_H
#define PIPED_EXTRACT_ENTITY_H

#include "base/arena.h"

/* In the arena, or `s` itself where it has none. Unknown ones stay as they are, and so
 * do those without a semicolon. */
struct str extract_entity_decode(struct str s, struct arena *a);

#endif
