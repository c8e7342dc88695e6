/* extract_open.h: the elements that are open at a place of a page, as libxml2 nests them,
 * and what of them no selector wants. Within extract_trim, which writes the page anew:
 * an element that turns out to be of no use is taken back when it ends. Pure. */
#ifndef PIPED_EXTRACT_OPEN_H
#define PIPED_EXTRACT_OPEN_H

#include "extractor/extract_want.h"

/* Open elements that are kept track of. */
#define EXTRACT_OPEN_DEPTH 190

struct extract_open_element {
	struct str name;
	int tag;	       /* extract_nest's number */
	char *start, *content; /* its start tag, and what follows, in what is written */
	bool keep;	       /* wanted, or something in it is */
	bool whole;	       /* all that stands in it is */
	bool ended;	       /* its start tag ended another element */
};

struct extract_open {
	const struct extract_want *want;
	bool lost; /* what libxml2 makes of it is not clear; all stays from here on */
	bool had_head, had_body;
	int n;
	struct extract_open_element element[EXTRACT_OPEN_DEPTH];
};

struct extract_open_tag {
	struct str name;
	const struct extract_want_attr *attr; /* the wanted ones */
	int n_attr;
	bool empty;  /* written with a slash */
	char *start; /* where it was written */
};

void extract_open_init(struct extract_open *o, const struct extract_want *want);

/* The start tag was written, up to `to`; answers up to where what is written stays. */
char *extract_open_start(struct extract_open *o, const struct extract_open_tag *t, char *to);
/* An end tag comes; `ret_written`: it is to be written. */
char *extract_open_end(struct extract_open *o, struct str name, char *to, bool *ret_written);
/* A text comes. */
void extract_open_text(struct extract_open *o, struct str text);
/* Whether texts here, and what is no element, can be left out. */
bool extract_open_drops(const struct extract_open *o);

#endif
