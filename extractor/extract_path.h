/* extract_path.h: jq selectors that only name members, as `.price` or
 * `.shop.name`: most of them are. Read by libjq's own access, without its
 * interpreter, which costs ten times that. One thread at a time. */
#ifndef PIPED_EXTRACT_PATH_H
#define PIPED_EXTRACT_PATH_H

#include "base/str.h"

#include <jv.h>

struct extract_path;

/* NULL when the program is anything else. */
struct extract_path *extract_path_new(struct str program);
void extract_path_free(struct extract_path *p);
/* The i-th name, borrowed; false past the last one. */
bool extract_path_name(const struct extract_path *p, size_t i, struct str *ret);
/* What the program gives for `v`, which is borrowed: one value, or an invalid
 * one with jq's message. */
jv extract_path_get(const struct extract_path *p, jv v);

#endif
