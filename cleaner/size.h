/* size.h: sizes and storage in a title, by a grammar. Pure.
 *
 * XXS to 4XL; 85 to 115 by 5; 44 to 56 by 2 at either end of the title; shoes 220 to 300 by 5, with or without mm; what stands beside
 * 사이즈 or size; inches; W32, W32 L34; US, UK and EU sizes; 16GB to 1024GB, 1TB to 16TB. A
 * letter or number that may be something else (a model's, a price's, a date's) is none. */
#ifndef PIPED_SIZE_H
#define PIPED_SIZE_H

#include "base/str.h"

#define SIZE_MOST_TOKENS 128

struct size_token {
	struct str text;
	bool taken; /* belongs to a known word */
};

struct size_tokens {
	struct size_token at[SIZE_MOST_TOKENS];
	int n;
};

struct size_found {
	char text[16]; /* "xl", "270", "w32l34", "us9.5", "128gb" */
	bool storage;
	int tokens; /* that it is made of */
};

/* The tokens of a title in normal form; those past the last are left out. */
void size_split(struct str title, struct size_tokens *to);
/* Whether a size begins at token `i`. */
bool size_read(const struct size_tokens *t, int i, struct size_found *ret);

#endif
