/* pool.h: libuv's pool of threads, which runs tasks and the API's work. */
#ifndef PIPED_POOL_H
#define PIPED_POOL_H

/* Starts it with so many threads (an operator's UV_THREADPOOL_SIZE stands), lowered by `nice`
 * (base/niceness.h). Before anything else is put into it; it lasts as long as the process. */
void pool_start(int threads, int nice);

#endif
