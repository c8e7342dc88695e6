/* picture_edit.h: what people and shops do to a picture before it is seen again. */
#ifndef PIPED_PICTURE_EDIT_H
#define PIPED_PICTURE_EDIT_H

#include "base/str.h"

#include <stdint.h>

/* 8 bits of brightness a pixel. */
struct gray {
	int width, height;
	uint8_t *at; /* mem_free */
};

struct picture_edit {
	const char *name;
	void (*make)(const struct gray *from, double by, struct gray *ret);
	double by;
	int quality; /* of the file that comes of it */
	bool webp;
	bool counted; /* an edit that hashes are to bear */
};
extern const struct picture_edit picture_edits[];
extern const int picture_n_edits;

/* Whole, at its own size. False: no picture. */
bool picture_edit_read(struct str jpeg, struct gray *ret);
/* The edited picture as a file; gives. */
struct str picture_edit_file(const struct gray *from, const struct picture_edit *e);
void picture_edit_drop(struct str file);

#endif
