#include "tests/fuzz/fuzz_json_read.h"

#include <jansson.h>

bool fuzz_json_read(struct str text, struct str *ret_key, struct str *ret_value)
{
	static json_t *kept;
	const char *key;
	json_t *value;

	json_decref(kept);
	kept = json_loadb(text.p, text.n,
			  JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
	if (kept && ret_key) {
		json_object_foreach(kept, key, value)
		{
			*ret_key = str_of(key);
			*ret_value =
				(struct str){ json_string_value(value), json_string_length(value) };
		}
	}
	return kept != NULL;
}
