/* The bytes of a picture. */
#include "extractor/extract_image.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* a block of its very size, so that a read past its end is seen */
	char *copy = malloc(size ? size : 1);
	struct extract_image i = { .format = IMAGE_FORMATS };
	struct reason why = { "" };
	enum err err;

	must(copy != NULL);
	if (size)
		memcpy(copy, data, size);
	err = extract_image_read((struct str){ copy, size }, &i, &why);
	must(err == ERR_OK || err == ERR_BAD || err == ERR_UNSUPPORTED);
	must(err ? why.text[0] != 0 : i.format < IMAGE_FORMATS && i.width > 0 && i.height > 0);
	free(copy);
	return 0;
}
