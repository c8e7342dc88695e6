#include "config/conf_problem.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool conf_problem_room(const struct conf_problems *ps)
{
	return ps->n < CONF_PROBLEMS_MOST;
}

void conf_problem_add(struct conf_problems *ps, struct conf_at at, const char *fmt, ...)
{
	struct conf_problem *p;
	char text[1024];
	struct str s;
	va_list args;

	if (!conf_problem_room(ps)) {
		ps->dropped++;
		return;
	}
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	mem_grow(&ps->p, &ps->cap, (size_t)ps->n + 1, sizeof(*ps->p));
	p = &ps->p[ps->n++];
	p->at = at;
	s = utf8_cut(str_of(text), sizeof(p->text) - 1);
	memcpy(p->text, s.p, s.n);
	p->text[s.n] = 0;
}

/* A problem and the rank of its file: the order in which files were met. */
struct ranked {
	struct conf_problem p;
	int file, n;
};

static int order(const void *va, const void *vb)
{
	const struct ranked *a = va, *b = vb;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->p.at.line != b->p.at.line)
		return a->p.at.line < b->p.at.line ? -1 : 1;
	if (a->p.at.column != b->p.at.column)
		return a->p.at.column < b->p.at.column ? -1 : 1;
	return a->n < b->n ? -1 : 1;
}

static const char *name_of(const struct conf_problem *p)
{
	return p->at.file ? p->at.file : "";
}

static struct ranked *sorted(const struct conf_problems *ps)
{
	struct ranked *r = mem_array((size_t)ps->n, sizeof(*r));

	for (int i = 0; i < ps->n; i++) {
		int first = 0;

		while (strcmp(name_of(&ps->p[first]), name_of(&ps->p[i])) != 0)
			first++;
		r[i] = (struct ranked){ .p = ps->p[i], .file = first, .n = i };
	}
	qsort(r, (size_t)ps->n, sizeof(*r), order);
	return r;
}

void conf_problem_move(struct conf_problems *ps, struct conf_problem **ret, int *ret_n)
{
	struct conf_problem *block;
	struct ranked *r;
	size_t text = 0;
	char *names;

	if (ps->dropped > 0) {
		ps->n--;
		ps->dropped++;
		conf_problem_add(ps, (struct conf_at){ .file = ps->p[ps->n].at.file },
				 "%d more problems are not shown", ps->dropped);
	}
	if (ps->n == 0) {
		*ret = NULL;
		*ret_n = 0;
		return;
	}
	r = sorted(ps);
	for (int i = 0; i < ps->n; i++)
		text += strlen(name_of(&r[i].p)) + 1;
	block = mem_alloc((size_t)ps->n * sizeof(*block) + text);
	names = (char *)(block + ps->n);
	for (int i = 0; i < ps->n; i++) {
		size_t n = strlen(name_of(&r[i].p)) + 1;

		block[i] = r[i].p;
		block[i].at.file = memcpy(names, name_of(&r[i].p), n);
		names += n;
	}
	mem_free(r);
	*ret = block;
	*ret_n = ps->n;
	conf_problem_done(ps);
}

void conf_problem_done(struct conf_problems *ps)
{
	mem_free(ps->p);
	*ps = (struct conf_problems){ 0 };
}

void conf_problem_text(const struct conf_problem *p, char to[512])
{
	struct str file = utf8_cut(str_of(p->at.file), 180);

	if (p->at.line > 0)
		snprintf(to, 512, "%.*s:%d:%d: %s", STR_ARG(file), p->at.line, p->at.column,
			 p->text);
	else
		snprintf(to, 512, "%.*s: %s", STR_ARG(file), p->text);
}
