/* The pool gives way to the thread that runs the loop. */
#include "daemon/pool.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <uv.h>

#include <cmocka.h>

#define THREADS 3

/* What each thread of the pool is; all are at work at once. */
struct seen {
	uv_work_t uv[THREADS];
	uv_barrier_t all;
	int nice[THREADS], policy[THREADS];
};

static void on_work(uv_work_t *w)
{
	struct seen *s = w->data;
	const size_t i = (size_t)(w - s->uv);

	uv_barrier_wait(&s->all);
	s->nice[i] = getpriority(PRIO_PROCESS, 0);
	s->policy[i] = sched_getscheduler(0);
}

static void on_done(uv_work_t *w, int status)
{
	(void)w;
	assert_int_equal(status, 0);
}

static void the_pool_is_lowered_and_nothing_else(void **state)
{
	const int nice = getpriority(PRIO_PROCESS, 0), policy = sched_getscheduler(0);
	const int most = nice + 5 > 19 ? 19 : nice + 5;
	struct seen s;
	uv_loop_t loop;

	(void)state;
	assert_int_equal(unsetenv("UV_THREADPOOL_SIZE"), 0);
	pool_start(THREADS, 5);
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_int_equal(uv_barrier_init(&s.all, THREADS), 0);
	for (int i = 0; i < THREADS; i++) {
		s.uv[i].data = &s;
		assert_int_equal(uv_queue_work(&loop, &s.uv[i], on_work, on_done), 0);
	}
	assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(s.nice[i], most);
		assert_int_equal(s.policy[i], SCHED_BATCH);
	}
	assert_int_equal(getpriority(PRIO_PROCESS, 0), nice);
	assert_int_equal(sched_getscheduler(0), policy);
	uv_barrier_destroy(&s.all);
	assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pool_is_lowered_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
