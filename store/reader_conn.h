/* reader_conn.h: what the files of the reader share. */
#ifndef PIPED_READER_CONN_H
#define PIPED_READER_CONN_H

#include "store/reader.h"
#include "store/row.h"
#include "store/sql.h"

struct reader {
	struct store_engine *engine;
	struct sql sql;
};

/* Passes `err` on with the engine's reason. */
enum err reader_error(const struct reader *r, enum err err, struct reason *why);

#endif
