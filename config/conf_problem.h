/* conf_problem.h: what is wrong with configuration files, gathered. One thread
 * at a time. */
#ifndef PIPED_CONF_PROBLEM_H
#define PIPED_CONF_PROBLEM_H

#include "config/conf.h"

/* More than this are counted, not kept. */
#define CONF_PROBLEMS_MOST 500

struct conf_problems {
	struct conf_problem *p;
	size_t cap;
	int n;
	int dropped;
};

void conf_problem_add(struct conf_problems *ps, struct conf_at at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Worth looking for more: room is left. */
bool conf_problem_room(const struct conf_problems *ps);
/* Gives them in the order of the files, lines and columns, in one block
 * that holds the file names too (mem_free), and leaves `ps` empty. */
void conf_problem_move(struct conf_problems *ps, struct conf_problem **ret, int *ret_n);
void conf_problem_done(struct conf_problems *ps);

#endif
