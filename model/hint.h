/* hint.h: what a model may be told of a listing beside its title. */
#ifndef PIPED_HINT_H
#define PIPED_HINT_H

#include "base/str.h"

enum hint { HINT_PRICE, HINT_BRAND, HINT_SOURCE, HINT_SOURCE_CATEGORY, HINT_N };
#define HINT_BIT(f) (1u << (f))

const char *hint_name(enum hint f); /* "price", "brand", "source", "source-category" */
bool hint_parse(struct str name, enum hint *ret);

#endif
