/* serve_socket.h: the sockets that the API listens at: a file, and an address for
 * /metrics. */
#ifndef PIPED_SERVE_SOCKET_H
#define PIPED_SERVE_SOCKET_H

#include "base/err.h"
#include "config/conf_net.h"

#include <sys/types.h>

struct serve_socket {
	int fd;		/* listening, does not block; -1 */
	char path[108]; /* "": no file */
	dev_t dev;	/* of the file, to remove only what is ours */
	ino_t ino;
};

/* Binds and listens, mode 0660; makes the folder. A file that nobody listens
 * at is replaced; a live one is ERR_BUSY; what is no socket ERR_EXISTS. */
enum err serve_socket_open(const char *path, struct serve_socket *ret, struct reason *why);
/* Binds and listens at an address of the Internet Protocol, which the configuration has under
 * `key`; `path` is left empty. */
enum err serve_socket_tcp(const struct conf_net *address, int port, const char *key,
			  struct serve_socket *ret, struct reason *why);
/* Closes, and removes the file if it is still ours. */
void serve_socket_close(struct serve_socket *s);

#endif
