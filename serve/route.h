/* route.h: what the API can be asked. One table (routes.h) yields dispatch,
 * the checking of arguments, `GET /api` and docs/api.md. */
#ifndef PIPED_ROUTE_H
#define PIPED_ROUTE_H

#include "base/buf.h"

struct request;

enum route_in {
	ROUTE_PATH, /* {name} in the path */
	ROUTE_ARG,  /* ?name= in the URL, or a member of the body's JSON object */
	ROUTE_BODY  /* a member of the body's JSON object only */
};

enum route_type {
	ROUTE_TEXT,   /* UTF-8, at most `max` bytes */
	ROUTE_INT,    /* min..max */
	ROUTE_BOOL,   /* true, false, 1, 0, yes, no */
	ROUTE_CHOICE, /* one of `choices`, joined by | */
	ROUTE_TEXTS,  /* array of at most `max` texts; body only */
	ROUTE_ANY     /* any JSON, at most `max` bytes; body only */
};

struct route_param {
	const char *name; /* NULL ends the list */
	enum route_in in;
	enum route_type type;
	int64_t min, max;
	const char *choices;
	const char *def; /* taken when not given, as it would be given in the URL */
	bool required;
	const char *doc;
};

/* Sockets beside the API's own, at which only some routes are answered. */
enum route_door { ROUTE_METRICS = 1, ROUTE_SUGGEST = 2 };

#define ROUTE_MOST_PARAMS 16
#define ROUTE_MOST_PARTS 8
/* Longest text in an array of texts. */
#define ROUTE_TEXTS_BYTES 8192

struct route {
	const char *method, *path;
	const struct route_param *params; /* or NULL */
	/* What is done, in this order; any may be NULL. A failed step is the last. When the
	 * first has made the answer (rq->made), `work` is left out. */
	void (*first)(struct request *rq); /* loop thread */
	void (*work)(struct request *rq);  /* pool thread, with a reader */
	void (*last)(struct request *rq);  /* loop thread */
	unsigned doors;			   /* enum route_door: where else it is answered */
	bool limited;			   /* by the client's address: bucket.h */
	size_t bytes;	   /* the body is so many bytes at most, of any kind, no JSON; 0: JSON */
	size_t loop_bytes; /* a JSON body of so many bytes at most is read on the loop; 0: none is */
	const char *doc;
	const char *answer;  /* what comes back */
	const char *example; /* path and query as asked for */
	const char *body;    /* of the example, or NULL */
};

/* The parts of `path` (borrowed from it), at most `most`; -1: more. */
int route_parts(struct str path, struct str *parts, int most);
/* The route of a request at a door (0: the API's own). ERR_NOT_FOUND; ERR_DENIED: only
 * other methods, told in `ret_allow` ("GET, HEAD"). `ret_parts` gets the parts of the path. */
enum err route_find(struct str method, struct str path, unsigned door, const struct route **ret,
		    struct str ret_parts[ROUTE_MOST_PARTS], char ret_allow[64]);
/* The paths that a door answers, joined by commas; at most `room` bytes with the NUL. */
void route_door_paths(unsigned door, char *to, size_t room);
/* The route whose path is most like `path`. */
const struct route *route_nearest(struct str path);
/* The part of a path that {name} stands for: its place, or -1. */
int route_place(const struct route *r, const char *name);
bool route_has_body(const struct route *r);
const char *route_type_name(enum route_type t);

#endif
