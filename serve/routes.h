/* routes.h: the one table of routes, in a file for each subject (routes_*.c), and what their
 * rows have in common. */
#ifndef PIPED_ROUTES_H
#define PIPED_ROUTES_H

#include "serve/route.h"

struct routes {
	const struct route *rows;
	size_t n;
};

extern const struct routes routes_source;  /* sources, and what comes of asking them */
extern const struct routes routes_listing; /* listings, their families, where they come from */
extern const struct routes routes_archive; /* stored pages and the archive */
extern const struct routes routes_review;  /* what people are asked, and say */
extern const struct routes routes_label;   /* models, the taxonomy; what is exported */
extern const struct routes routes_daemon;  /* what the daemon is told, and tells of itself */

/* The rows of all subjects, from 0; NULL past the last. */
const struct route *routes_at(size_t i);

/* Of lists of parameters. */
#define ROUTE_ID_MOST ((int64_t)1 << 53)
#define ROUTE_URL_MOST 8192
#define ROUTE_END                                                                                  \
	{                                                                                          \
		.name = NULL                                                                       \
	}

#define ROUTE_ROW_ID                                                                               \
	{                                                                                          \
		.name = "id", .in = ROUTE_PATH, .type = ROUTE_INT, .min = 1, .max = ROUTE_ID_MOST, \
		.required = true, .doc = "Row number."                                             \
	}

#endif
