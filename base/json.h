/* json.h: writes JSON (RFC 8259) into a buf. Commas and escapes are its
 * business; nesting is checked by must(). Invalid UTF-8 becomes U+FFFD.
 * Reading JSON is libjq's (extractor) and jansson's (pipectl, serve). */
#ifndef PIPED_JSON_H
#define PIPED_JSON_H

#include "base/buf.h"

#define JSON_DEPTH 32

struct json {
	struct buf *to; /* borrowed */
	unsigned depth;
	bool comma[JSON_DEPTH];
};

void json_init(struct json *j, struct buf *to);

/* `key` is NULL inside an array and at the top. */
void json_object(struct json *j, const char *key);
void json_end_object(struct json *j);
void json_array(struct json *j, const char *key);
void json_end_array(struct json *j);
void json_str(struct json *j, const char *key, struct str value);   /* none: null */
void json_text(struct json *j, const char *key, const char *value); /* NULL: null */
void json_int(struct json *j, const char *key, int64_t value);
/* `digits` after the point; not a finite number: null. */
void json_num(struct json *j, const char *key, double value, int digits);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
/* Already JSON; written as it is. */
void json_raw(struct json *j, const char *key, struct str value);

#endif
