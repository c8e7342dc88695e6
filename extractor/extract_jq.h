/* extract_jq.h: one jq program (libjq 1.6) and one JSON text at a time. One
 * thread at a time. Bounded: programs are those that extract_bound.h lets pass,
 * and extract_watch.h stops what takes too long all the same. */
#ifndef PIPED_EXTRACT_JQ_H
#define PIPED_EXTRACT_JQ_H

#include "base/arena.h"
#include "base/err.h"

#include <jq.h>

struct extract_jq;

/* ERR_BAD when it is not taken, or doesn't compile (`why`: jq's first message). Takes some 20 ms
 * whatever the program, so programs are kept and put together. */
enum err extract_jq_new(const char *program, struct extract_jq **ret, struct reason *why);
void extract_jq_free(struct extract_jq *q);

/* Starts the program on `input`, which it takes; then each result, which the
 * caller frees. False at the end and on an error: ERR_OK, or with `why` ERR_BAD,
 * or ERR_TOO_BIG: over a limit. Stopping lets go of the input. */
void extract_jq_start(struct extract_jq *q, jv input);
void extract_jq_stop(struct extract_jq *q);
bool extract_jq_next(struct extract_jq *q, jv *ret, enum err *ret_err, struct reason *why);

/* Other limits than those of extract_watch.h, from the next start on. */
void extract_jq_limit(struct extract_jq *q, int cpu_ms, int64_t bytes);

/* Bytes -> value (jv_free). ERR_BAD: "line 3, column 8: ..."; see extract_scan.h
 * for what must be asked first. */
enum err extract_jq_parse(struct str body, jv *ret, struct reason *why);

/* The shortest decimal that reads back as `x`, as extract_jq_text says. */
struct str extract_jq_number(double x, struct arena *a, struct str *ret_why);
/* A value as text in the arena: strings as they are, numbers in full (exact
 * whole ones, no exponent), "true", "false". None for null (*ret_why untouched),
 * and for arrays, objects and numbers that are not exact (*ret_why says so).
 * Frees `v`. */
struct str extract_jq_text(jv v, struct arena *a, struct str *ret_why);

#endif
