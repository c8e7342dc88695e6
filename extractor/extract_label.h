/* extract_label.h: names of character encodings as pages give them (Encoding Standard,
 * 4.2). Pure. */
#ifndef PIPED_EXTRACT_LABEL_H
#define PIPED_EXTRACT_LABEL_H

#include "base/str.h"

struct extract_encoding {
	const char *name;   /* the standard's: "EUC-KR" */
	const char *iconv;  /* what reads it: "CP949"; nothing else is ever asked for */
	const char *labels; /* lower case, spaces between them */
};

/* The encoding that `label` stands for, in any case, spaces around it; NULL: none.
 * Beyond the standard: Johab and ISO-2022-KR, which browsers don't read, and what Korean
 * pages call CP949 besides. "replacement" is none. */
const struct extract_encoding *extract_label(struct str label);

/* All, to go over; NULL past the last one. */
const struct extract_encoding *extract_label_at(int i);

#endif
