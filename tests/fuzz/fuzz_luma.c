/* The bytes of a picture, decoded and looked at. */
#include "picture/look.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct luma *l = calloc(1, sizeof(*l));
	struct reason why = { "" };
	struct look look;
	enum err err;

	must(copy && l);
	if (size)
		memcpy(copy, data, size);
	err = luma_read((struct str){ copy, size }, l, &why);
	must(err == ERR_OK || err == ERR_BAD || err == ERR_TOO_BIG || err == ERR_UNSUPPORTED);
	must(!err == !why.text[0]);
	if (!err) {
		must(l->width > 0 && l->width <= LUMA_SIDE && l->height > 0 &&
		     l->height <= LUMA_SIDE);
		look_of(l, &look);
		must(look.quality >= 0 && look.quality <= 100);
	}
	free(l);
	free(copy);
	return 0;
}
