/* must.h: always-on assertions for our own bugs. Prints where and aborts;
 * the state is on disk, so that is safe. Never for outside input. */
#ifndef PIPED_MUST_H
#define PIPED_MUST_H

_Noreturn void must_fail(const char *file, int line, const char *what);

#define must(x) ((x) ? (void)0 : must_fail(__FILE__, __LINE__, #x))

#endif
