/* intake.h: a file of another program's that is taken in (`pipectl import`), and how far
 * it is. */
#ifndef PIPED_INTAKE_H
#define PIPED_INTAKE_H

#include "base/str.h"
#include "model/state.h"

struct intake_count {
	struct str name;
	int64_t n;
};

struct intake {
	int64_t id;
	struct str file;	      /* its path */
	struct str source, page_kind; /* what it was asked for; none: any */
	enum import_state state;
	struct str reason;  /* why it failed */
	int64_t bytes;	    /* of the file */
	int64_t done_bytes; /* the records before are done, in this pass */
	int64_t passes;	    /* times that the file was gone through before */
	int64_t pass_pages; /* pages when this pass began */
	int64_t began_ms, changed_ms;
	struct intake_count *counts;
	int n_counts;
};
#define INTAKE_COUNTS 32 /* kinds of them, at most */

#endif
