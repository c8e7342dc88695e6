/* value.h: a value that a page gave for variables of seeds: a category's id. */
#ifndef PIPED_VALUE_H
#define PIPED_VALUE_H

#include "base/str.h"

#define VALUE_MOST 20000 /* kept of one source */

struct value {
	struct str name; /* as the page kind's `values` calls them */
	struct str value;
	struct str under; /* the value that it stands below; empty: none */
};

#endif
