/* Stands in for systemd: makes the datagram socket that NOTIFY_SOCKET names,
 * runs a program with it, and writes what the program tells to a file, a line
 * each. Usage: e2e_notify SOCKET FILE PROGRAM [ARGUMENT]... */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void pass_on(int number)
{
	kill(child, number);
}

static int listen_at(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(a.sun_path))
		return -1;
	memcpy(a.sun_path, path, strlen(path) + 1);
	return bind(fd, (const struct sockaddr *)&a, sizeof(a)) == 0 ? fd : -1;
}

/* All that has arrived by now. */
static void take(int fd, FILE *to)
{
	char text[4096];
	ssize_t n;

	while ((n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT)) >= 0) {
		text[n] = 0;
		fprintf(to, "%s\n", text);
		fflush(to);
	}
}

static pid_t start(const char *socket, char **argv)
{
	pid_t pid = fork();

	if (pid == 0) {
		/* whoever is killed in its place takes it along */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == 1)
			_exit(127);
		setenv("NOTIFY_SOCKET", socket, 1);
		execv(argv[0], argv);
		_exit(127);
	}
	return pid;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = pass_on };
	struct pollfd p = { .events = POLLIN };
	int status = 0;
	FILE *to;

	if (argc < 4)
		return 2;
	p.fd = listen_at(argv[1]);
	to = fopen(argv[2], "we");
	if (p.fd < 0 || !to) {
		perror("e2e_notify");
		return 2;
	}
	child = start(argv[1], argv + 3);
	if (child < 0)
		return 2;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	while (waitpid(child, &status, WNOHANG) == 0) {
		poll(&p, 1, 100);
		take(p.fd, to);
	}
	take(p.fd, to);
	fclose(to);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
