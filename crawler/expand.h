/* expand.h: a template (conf_template.h) with the values of a job's variables. Those
 * are form-encoded ("category=320&page=3"). Pure. */
#ifndef PIPED_EXPAND_H
#define PIPED_EXPAND_H

#include "base/arena.h"
#include "config/conf.h"

/* Longest body that is sent. */
#define EXPAND_BODY_MOST ((size_t)64 << 10)

/* Value of `name` in `vars`, decoded; false when it has none. */
bool expand_value(struct str vars, struct str name, struct arena *a, struct str *ret);
/* `vars` with `name` set to `value`, in its place or behind all others. */
struct str expand_with(struct str vars, struct str name, struct str value, struct arena *a);

/* An address, or a form-encoded body: values are percent-encoded. {name} stays as it
 * is where there is no such variable. */
struct str expand_url(struct str text, struct str vars, struct arena *a);
/* A body of the seed: {0} when it has none. In JSON a value within quotes is escaped;
 * outside of them it stands as it is when it is a number, true, false or null, else as
 * a string; null where there is no such variable. ERR_TOO_BIG. */
enum err expand_body(const struct conf_seed *seed, struct str vars, struct arena *a,
		     struct str *ret, struct reason *why);
/* Its Content-Type. */
struct str expand_body_type(const struct conf_seed *seed);

#endif
