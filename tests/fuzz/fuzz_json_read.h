/* fuzz_json_read.h: jansson as judge of what base/json.h wrote; apart, because
 * the two share names. */
#ifndef PIPED_FUZZ_JSON_READ_H
#define PIPED_FUZZ_JSON_READ_H

#include "base/str.h"

/* Whether `text` is JSON. With `ret_key` it gives the last member of the object
 * that it is; borrowed until the next call. */
bool fuzz_json_read(struct str text, struct str *ret_key, struct str *ret_value);

#endif
