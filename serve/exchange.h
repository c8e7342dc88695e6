/* exchange.h: one HTTP request and its answer, between libmicrohttpd and the
 * route's steps. While they run the connection is suspended, so nothing waits
 * for it but its client. Loop thread. */
#ifndef PIPED_EXCHANGE_H
#define PIPED_EXCHANGE_H

#include "serve/desk.h"
#include "serve/serve.h"

#include <microhttpd.h>

/* What all exchanges of a server share. */
struct exchange_hub {
	const struct serve_ops *ops;
	struct desk *desk;
	unsigned door;		    /* enum route_door: only its routes are answered; 0: all */
	struct bucket_set *buckets; /* of clients known by an address */
	bool stopping;		    /* new requests are turned away */
	int open;		    /* exchanges not yet over */
	int busy;		    /* of these, steps are running */
	size_t held;		    /* bytes of long bodies, come or announced */
	struct serve_counts *counts;
	void (*kick)(void *ctx); /* a connection was resumed */
	void *ctx;
};

#define EXCHANGE_CONNECTIONS 64
#define EXCHANGE_SUGGEST_CONNECTIONS 256 /* at suggest-address */
#define EXCHANGE_ADDRESS_CONNECTIONS 128 /* of these from one address, so that none has them all */
#define EXCHANGE_TIMEOUT_S 30
#define EXCHANGE_MEMORY ((size_t)32 << 10) /* request line and headers */
/* Bodies of routes that take more than BODY_BYTES, and all that come by TCP, all together; what goes
 * past it hears 503 before it is sent. The others are 64 MiB at most, as the connections are
 * counted. */
#define EXCHANGE_BODIES ((size_t)64 << 20)

/* For MHD_start_daemon; `cls` is the hub. */
enum MHD_Result exchange_handle(void *cls, struct MHD_Connection *con, const char *url,
				const char *method, const char *version, const char *upload,
				size_t *upload_bytes, void **con_cls);
void exchange_completed(void *cls, struct MHD_Connection *con, void **con_cls,
			enum MHD_RequestTerminationCode why);

#endif
