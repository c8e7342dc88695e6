/* niceness.h: threads that give way to others of the process. On Linux a nice value is a
 * thread's own, and nobody needs a right to raise it; elsewhere, and where it is refused,
 * nothing is done. */
#ifndef PIPED_NICENESS_H
#define PIPED_NICENESS_H

#define NICENESS_MOST 19

/* The calling thread, and all that it starts from now on, are nicer by `nice` (0 to NICENESS_MOST)
 * and interrupt no other when they wake up (SCHED_BATCH; sched(7)). 0: nothing is done. It
 * can't be taken back. */
void niceness_add(int nice);

#endif
