/* trainer_run.h: a training from the first row read to the verdict on the model.
 * On a thread of its own. */
#ifndef PIPED_TRAINER_RUN_H
#define PIPED_TRAINER_RUN_H

#include "base/hash.h"
#include "daemon/gate.h"
#include "daemon/labeled.h"
#include "daemon/warm.h"

enum trainer_phase { TRAINER_READ, TRAINER_TRAIN, TRAINER_TEST, TRAINER_GATE, TRAINER_STORE };
const char *trainer_phase_text(enum trainer_phase p);

struct trainer_run {
	/* in */
	struct store *store;
	const struct view *view; /* its model, if any, is the one to be compared with */
	const char *file;
	bool fresh; /* from nothing, whatever the live model is like */
	_Atomic bool cancel;
	/* meanwhile */
	_Atomic int progress; /* thousandths */
	_Atomic int phase;
	/* out */
	unsigned fields;
	int64_t by[LABEL_BY_N]; /* rows to learn from, by whose word */
	int64_t mapped;		/* as in struct labeled */
	char recipe[WARM_RECIPE];
	struct warm warm;
	enum labeled_set held;
	struct classifier_report report;
	struct classifier_score score;
	struct gate gate;
	char sha256[HASH_SHA256_HEX];
};

/* The model is at `file` then, and only then. */
enum err trainer_run(struct trainer_run *t, struct reason *why);
/* What the registry keeps of it, as one JSON object. */
void trainer_run_json(const struct trainer_run *t, bool live, const char *verdict, int64_t took_ms,
		      struct buf *to);

#endif
