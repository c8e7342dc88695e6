/* image.h: a listing's picture as it is kept: one file per content. All text is
 * borrowed from the arena or the row that it came with. */
#ifndef PIPED_IMAGE_H
#define PIPED_IMAGE_H

#include "base/str.h"

/* Page kind of the jobs that fetch images; no page kind of a configuration. */
#define IMAGE_PAGE "@image"

struct image {
	int64_t id;	 /* row; 0 before it is stored */
	struct str hash; /* SHA-256 of the bytes, hexadecimal */
	struct str file; /* in image-dir: "ab/ab12....jpg" */
	struct str type; /* media type: "image/jpeg" */
	int64_t bytes;
	int width, height; /* pixels as stored */
};

#endif
