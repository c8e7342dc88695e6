/* names.h: names, each once, numbered as they come. One thread. */
#ifndef PIPED_NAMES_H
#define PIPED_NAMES_H

#include "base/str.h"

#define NAMES_MOST 65536u

struct names;

struct names *names_new(void);
void names_free(struct names *n);
/* Its number, given when it is new; -1: there are NAMES_MOST others. */
int64_t names_number(struct names *n, struct str s);
uint32_t names_count(const struct names *n);
/* Borrowed until names_free. */
struct str names_at(const struct names *n, uint32_t i);

#endif
