/* bench_cost: runs a command and says what it and its children cost.
 *   bench_cost FILE COMMAND...
 * writes "CPU-SECONDS WALL-SECONDS PEAK-MB" to FILE when the command ends, and
 * ends as it did. SIGTERM is passed on, so that a daemon can be measured. */
#include "base/clock.h"
#include "base/opt.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void pass_on(int signal)
{
	kill(child, signal);
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int fail(const char *text)
{
	fprintf(stderr, "bench_cost: %s\n", text);
	return EXIT_FAILED;
}

int main(int argc, char **argv)
{
	int64_t began = clock_mono_ms(&clock_system);
	struct rusage use;
	pid_t ended;
	int status;
	FILE *to;

	if (argc < 3) {
		fail("FILE COMMAND...");
		return EXIT_USAGE;
	}
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0)
		return fail("cannot fork");
	signal(SIGTERM, pass_on);
	do
		ended = wait4(child, &status, 0, &use);
	while (ended < 0 && errno == EINTR);
	if (ended < 0)
		return fail("cannot wait for the command");
	to = fopen(argv[1], "w");
	if (!to)
		return fail("cannot write the file");
	fprintf(to, "%.3f %.3f %ld\n", seconds(use.ru_utime) + seconds(use.ru_stime),
		(double)(clock_mono_ms(&clock_system) - began) / 1000, use.ru_maxrss / 1024);
	if (fclose(to))
		return fail("cannot write the file");
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
}
