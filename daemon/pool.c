#include "daemon/pool.h"

#include "base/must.h"
#include "base/niceness.h"

#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

static void on_work(uv_work_t *w)
{
	(void)w;
}

static void on_done(uv_work_t *w, int status)
{
	(void)w;
	(void)status;
}

/* Threads are as nice as who starts them, and libuv starts its own when it is first given
 * work: by a thread that is lowered, then, which ends with that. */
static void on_thread(void *ctx)
{
	const int *nice = ctx;
	uv_work_t first;
	uv_loop_t loop;

	niceness_add(*nice);
	must(uv_loop_init(&loop) == 0);
	must(uv_queue_work(&loop, &first, on_work, on_done) == 0);
	must(uv_run(&loop, UV_RUN_DEFAULT) == 0);
	must(uv_loop_close(&loop) == 0);
}

void pool_start(int threads, int nice)
{
	uv_thread_t starter;
	char text[16];

	snprintf(text, sizeof(text), "%d", threads);
	setenv("UV_THREADPOOL_SIZE", text, 0);
	must(uv_thread_create(&starter, on_thread, &nice) == 0);
	must(uv_thread_join(&starter) == 0);
}
