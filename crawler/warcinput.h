/* warcinput.h: the bytes of a file that may be gzip, member by member, through a
 * window of fixed size. What belongs to one member is never mixed with the next,
 * so a reader knows where in the file it stands. One thread at a time. */
#ifndef PIPED_WARCINPUT_H
#define PIPED_WARCINPUT_H

#include "base/err.h"
#include "base/str.h"

struct warcinput;

/* Borrows the descriptor; reads with pread from `from` on, and nothing behind `till`
 * (0: all). Whether it is gzip is told by its first bytes. */
struct warcinput *warcinput_new(int fd, int64_t from, int64_t till);
void warcinput_free(struct warcinput *in);
bool warcinput_gzip(const struct warcinput *in);

/* What is ready to be taken, borrowed until the next call; more than `least`
 * bytes only if they are there anyway. Fewer than `least`: the file ends, or with
 * gzip the member does. ERR_BAD: no gzip member here, or a broken one. */
enum err warcinput_look(struct warcinput *in, size_t least, struct str *ret);
/* Takes the first `n` of what warcinput_look showed. */
void warcinput_take(struct warcinput *in, size_t n);
/* All of a member was taken: the next look shows the next member. False when the
 * member still has bytes, or nothing follows. Without gzip: always false. */
bool warcinput_next_member(struct warcinput *in);

/* Offset in the file of the next byte; with gzip of the member it is in. */
int64_t warcinput_at(const struct warcinput *in);
/* Whether nothing was taken of the member yet. */
bool warcinput_at_start(const struct warcinput *in);
/* With gzip, once all of a member was taken: where it ends. */
int64_t warcinput_end(const struct warcinput *in);
/* Goes on at the next place after `at` where a gzip member may begin.
 * ERR_NOT_FOUND: there is none. */
enum err warcinput_search(struct warcinput *in, int64_t at);

/* Goes back (or on) to an offset of a file that is no gzip. */
void warcinput_seek(struct warcinput *in, int64_t at);

#define WARCINPUT_WINDOW ((size_t)64 << 10)

#endif
