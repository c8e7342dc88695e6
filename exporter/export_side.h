/* export_side.h: which side of a dataset a key was seen on, to find keys that are on two.
 * Exact, at some 18 bytes a key. */
#ifndef PIPED_EXPORT_SIDE_H
#define PIPED_EXPORT_SIDE_H

#include "model/label.h"

struct export_side {
	uint64_t *keys;
	unsigned char *seen; /* 1 << side; 0: the slot is free */
	size_t n, n_slots;   /* n_slots: a power of two, more than twice n */
	int64_t shared;	     /* keys on more than one side */
};

void export_side_add(struct export_side *s, uint64_t key, enum split side);
void export_side_done(struct export_side *s);

#endif
