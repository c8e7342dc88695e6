#include "base/niceness.h"

#ifdef __linux__
#include <pthread.h>
#include <sys/resource.h>

void niceness_add(int nice)
{
	const struct sched_param none = { .sched_priority = 0 };

	if (nice <= 0)
		return;
	/* Of Linux, not of POSIX: 0 is the calling thread, not its process. */
	(void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + nice);
	(void)pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);
}
#else
void niceness_add(int nice)
{
	(void)nice;
}
#endif
