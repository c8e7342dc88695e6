#include "serve/routes.h"

static const struct routes *const subjects[] = {
	&routes_source, &routes_listing, &routes_archive,
	&routes_review, &routes_label,	 &routes_daemon,
};

const struct route *routes_at(size_t i)
{
	for (size_t s = 0; s < sizeof(subjects) / sizeof(subjects[0]); s++) {
		if (i < subjects[s]->n)
			return &subjects[s]->rows[i];
		i -= subjects[s]->n;
	}
	return NULL;
}
