/* sql.h: every fixed statement that piped runs, and the prepared ones of a
 * connection. Parameters and columns come in the order of the text. */
#ifndef PIPED_SQL_H
#define PIPED_SQL_H

#include "store/query.h"

enum sql_id {
	/* writing */
	SQL_SOURCE_SEE,
	SQL_SOURCE_PAUSE,
	SQL_SOURCE_KEYS,
	SQL_SOURCE_KEYED,
	SQL_TALLY_ADD,
	SQL_REFUSED_ADD,
	SQL_FOLDER_JOBS,
	SQL_FOLDER_ADD,
	SQL_JOB_ADD,
	SQL_JOB_DROP,
	SQL_JOB_KEYS,
	SQL_JOB_REKEY,
	SQL_JOB_NOW,
	SQL_JOB_MOVE,
	SQL_JOB_PICK,
	SQL_JOB_NEXT,
	SQL_JOB_FIRST,
	SQL_JOB_WALK,
	SQL_JOB_WALK_ENDED,
	SQL_HOST_NOW,
	SQL_HOST_ADD,
	SQL_HOST_DUE,
	SQL_HOST_SET,
	SQL_HOST_RECOUNT,
	SQL_HOST_LIST,

	SQL_PAGE_ADD,
	SQL_PAGE_LISTINGS,
	SQL_PAGE_KNOWN,
	SQL_PAGE_NOW,
	SQL_PAGE_REREAD,
	SQL_LISTING_FIND,
	SQL_LISTING_BY_ID,
	SQL_LISTING_DESCRIPTION,
	SQL_LISTING_SOURCE,
	SQL_LISTING_ADD,
	SQL_LISTING_TOUCH,
	SQL_LISTING_EARLIER,
	SQL_LISTING_UPDATE,
	SQL_LISTING_CLEAN,
	SQL_FAMILY_FIRST,
	SQL_FAMILY_GROW,
	SQL_FAMILY_SHRINK,
	SQL_FAMILY_END,
	SQL_HISTORY_ADD,
	SQL_VOTE_CLEAR,
	SQL_VOTE_ADD,
	SQL_LABEL_ADD,
	SQL_LABEL_RULES,
	SQL_LABEL_CURRENT,
	SQL_LABEL_UNDO,
	SQL_STANDING_ADD,
	SQL_STANDING_READ,
	SQL_STANDING_UPDATE,
	SQL_STANDING_SEEN,
	SQL_STANDING_SUGGEST,
	SQL_REVIEW_ADD,
	SQL_REVIEW_NEWEST,
	SQL_REVIEW_STANDS,
	SQL_MODEL_ADD,
	SQL_MODEL_STATE,
	SQL_MODEL_LIVE,
	SQL_MODEL_MOVE,
	/* reading */
	SQL_HISTORY_OF,
	SQL_VOTES_OF,
	SQL_LABELS_OF,
	SQL_PAGE,
	SQL_PAGES_OF_JOB,
	SQL_PAGE_AT,
	SQL_PAGES,
	SQL_JOB,
	SQL_JOB_BY_KEY,
	SQL_JOB_AHEAD,
	SQL_SOURCES,
	SQL_SOURCE_TALLIES,
	SQL_REFUSED,
	SQL_SOURCE_DUE,
	SQL_REVIEW_SIZE,
	SQL_MODELS,
	SQL_CATEGORIES,
	SQL_RULES,
	SQL_TROUBLES,
	SQL_COUNT
};

struct sql_row {
	const char *name, *text, *doc;
};
extern const struct sql_row sql_rows[SQL_COUNT];

/* Prepared on first use. One thread at a time. */
struct sql {
	struct store_engine *engine; /* borrowed */
	struct query *query[SQL_COUNT];
};
void sql_init(struct sql *s, struct store_engine *e);
void sql_done(struct sql *s);
/* Ready to be bound. */
struct query *sql_use(struct sql *s, enum sql_id id);

#endif
