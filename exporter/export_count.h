/* export_count.h: how many rows had which text in a column, by split. Bounded:
 * past EXPORT_COUNT_MOST texts the rest is counted together. */
#ifndef PIPED_EXPORT_COUNT_H
#define PIPED_EXPORT_COUNT_H

#include "base/json.h"
#include "model/label.h"

#define EXPORT_COUNT_MOST 20000

struct export_count_row {
	struct str name; /* owned */
	int64_t n[SPLIT_N];
};

struct export_count {
	struct export_count_row *rows;
	size_t n, room;
	uint32_t *slots; /* 1 + index into rows; 0 free */
	size_t n_slots;	 /* a power of two, more than twice n */
	struct export_count_row other;
};

void export_count_done(struct export_count *c);
void export_count_add(struct export_count *c, struct str name, enum split s);
/* Sorts by name, after which nothing may be added. */
void export_count_sort(struct export_count *c);
/* {"men.outer":{"train":10,"validation":1,"test":2}, ...}; sorted before. */
void export_count_json(const struct export_count *c, struct json *j, const char *key);

#endif
