/* body.h: a request's JSON object, flat: the only place that reads JSON. Its
 * header is apart because jansson and base/json.h share names. Pure. */
#ifndef PIPED_BODY_H
#define PIPED_BODY_H

#include "base/arena.h"
#include "base/err.h"

enum body_type { BODY_TEXT, BODY_INT, BODY_BOOL, BODY_TEXTS, BODY_NULL, BODY_OTHER };

struct body_member {
	struct str name;
	enum body_type type;
	struct str text; /* BODY_TEXT */
	struct str json; /* the value as JSON, whatever it is */
	int64_t n;	 /* BODY_INT */
	bool yes;
	struct str *texts; /* BODY_TEXTS: an array of texts, or empty */
	int n_texts;
};

#define BODY_BYTES ((size_t)1 << 20)
#define BODY_DEPTH 16
#define BODY_MEMBERS 32
#define BODY_TEXTS_MOST 1000

/* An object's members. */
struct body_object {
	struct body_member *members;
	int n;
};
/* An array of objects, as a member's `json` has it: at most BODY_TEXTS_MOST of them. All in
 * `a`; errors as below. */
enum err body_read_objects(struct str json, struct arena *a, struct body_object **ret, int *ret_n,
			   struct reason *why);

/* Whether JSON is nested past BODY_DEPTH: a reader that recurses must not see it. */
bool body_too_deep(struct str s);
/* All in `a`. ERR_BAD: not an object, ill-formed (`why` says where), names
 * twice; ERR_TOO_BIG: nested, wide or long past the bounds above. */
enum err body_read(struct str bytes, struct arena *a, struct body_member **ret, int *ret_n,
		   struct reason *why);

#endif
