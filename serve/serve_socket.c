#include "serve/serve_socket.h"

#include "base/file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 64

static enum err failed(const char *what, const char *path, struct reason *why)
{
	int e = errno;

	return reason_set(why, err_errno(e), "cannot %s %s: %s", what, path, strerror(e));
}

static int new_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Whether somebody listens at the file that is already there. */
static enum err check_stale(const struct sockaddr_un *at, struct reason *why)
{
	struct stat st;
	int fd, e;

	if (lstat(at->sun_path, &st) != 0)
		return errno == ENOENT ? ERR_OK : failed("look at", at->sun_path, why);
	if (!S_ISSOCK(st.st_mode))
		return reason_set(why, ERR_EXISTS, "%s is not a socket: left alone", at->sun_path);
	fd = new_socket();
	if (fd < 0)
		return failed("make a socket for", at->sun_path, why);
	e = connect(fd, (const struct sockaddr *)(const void *)at, sizeof(*at)) == 0 ? 0 : errno;
	close(fd);
	if (e == 0 || e == EAGAIN)
		return reason_set(why, ERR_BUSY, "another daemon answers at %s", at->sun_path);
	if (e != ECONNREFUSED)
		return reason_set(why, err_errno(e), "cannot try %s: %s", at->sun_path,
				  strerror(e));
	return unlink(at->sun_path) == 0 ? ERR_OK : failed("replace", at->sun_path, why);
}

static enum err make_folder(const char *path, struct reason *why)
{
	const char *slash = strrchr(path, '/');
	char folder[108];

	if (!slash || slash == path)
		return ERR_OK;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	return file_folder(folder, why);
}

static enum err bind_at(int fd, const struct sockaddr_un *at, struct serve_socket *s,
			struct reason *why)
{
	struct stat st;

	/* Nobody can connect before listen, so the mode is right in time. */
	if (bind(fd, (const struct sockaddr *)(const void *)at, sizeof(*at)) != 0)
		return failed("bind", at->sun_path, why);
	if (chmod(at->sun_path, 0660) != 0 || stat(at->sun_path, &st) != 0 ||
	    listen(fd, BACKLOG) != 0) {
		enum err err = failed("listen at", at->sun_path, why);

		unlink(at->sun_path);
		return err;
	}
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	return ERR_OK;
}

enum err serve_socket_open(const char *path, struct serve_socket *ret, struct reason *why)
{
	struct serve_socket s = { .fd = -1 };
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	enum err err;

	if (strlen(path) >= sizeof(at.sun_path))
		return reason_set(why, ERR_TOO_BIG,
				  "the socket's path is longer than %zu bytes: %s",
				  sizeof(at.sun_path) - 1, path);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	snprintf(s.path, sizeof(s.path), "%s", path);
	err = make_folder(path, why);
	if (!err)
		err = check_stale(&at, why);
	if (err)
		return err;
	s.fd = new_socket();
	if (s.fd < 0)
		return failed("make a socket for", path, why);
	err = bind_at(s.fd, &at, &s, why);
	if (err) {
		close(s.fd);
		return err;
	}
	*ret = s;
	return ERR_OK;
}

/* An IPv4 address goes into a socket of its own family: ::ffff:0:0/96 may be
 * switched off. */
static socklen_t tcp_address(const struct conf_net *address, int port, struct sockaddr_storage *ret)
{
	const struct conf_net ipv4 = { .at = { [10] = 0xff, 0xff }, .bits = CONF_NET_IPV4_BITS };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	if (conf_net_holds(&ipv4, address->at)) {
		memcpy(&in.sin_addr, address->at + 12, sizeof(in.sin_addr));
		memcpy(ret, &in, sizeof(in));
		return sizeof(in);
	}
	memcpy(&in6.sin6_addr, address->at, sizeof(in6.sin6_addr));
	memcpy(ret, &in6, sizeof(in6));
	return sizeof(in6);
}

enum err serve_socket_tcp(const struct conf_net *address, int port, const char *key,
			  struct serve_socket *ret, struct reason *why)
{
	struct sockaddr_storage at = { 0 };
	socklen_t n = tcp_address(address, port, &at);
	struct serve_socket s = { .fd = -1 };
	int yes = 1;
	enum err err;

	s.fd = socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s.fd < 0)
		return failed("make a socket for", key, why);
	if (setsockopt(s.fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
	    bind(s.fd, (const struct sockaddr *)(const void *)&at, n) != 0 ||
	    listen(s.fd, BACKLOG) != 0) {
		err = errno == EADDRINUSE ? ERR_BUSY : ERR_IO;
		reason_set(why, err, "cannot listen at %s, port %d: %s", key, port,
			   strerror(errno));
		close(s.fd);
		return err;
	}
	*ret = s;
	return ERR_OK;
}

void serve_socket_close(struct serve_socket *s)
{
	struct stat st;

	if (s->fd < 0)
		return;
	close(s->fd);
	s->fd = -1;
	if (s->path[0] && stat(s->path, &st) == 0 && st.st_dev == s->dev && st.st_ino == s->ino)
		unlink(s->path);
}
