/* extract_image.h: what a picture's first bytes say: its format and its size.
 * JPEG (ITU-T T.81 B.2), PNG (W3C PNG 2nd ed. 5.2, 11.2.2), WebP (RFC 9649 2).
 * Nothing is decoded. Pure. */
#ifndef PIPED_EXTRACT_IMAGE_H
#define PIPED_EXTRACT_IMAGE_H

#include "base/err.h"
#include "base/str.h"

enum extract_image_format { IMAGE_JPEG, IMAGE_PNG, IMAGE_WEBP, IMAGE_FORMATS };

struct extract_image {
	enum extract_image_format format;
	int width, height; /* pixels, as stored: rotation by Exif is not applied */
};

/* ".jpg"; and the media type. */
const char *extract_image_ending(enum extract_image_format f);
const char *extract_image_type(enum extract_image_format f);

/* ERR_UNSUPPORTED: none of the three (`why` says what it looks like); ERR_BAD: one
 * of them, but cut or without pixels. */
enum err extract_image_read(struct str bytes, struct extract_image *ret, struct reason *why);

#endif
