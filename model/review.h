/* review.h: what a person may say of a listing, and the queues that ask. */
#ifndef PIPED_REVIEW_H
#define PIPED_REVIEW_H

#include "model/label.h"

/* `decides`: it makes a label, of a category or of none. `blind`: possible of a listing of which
 * no opinion is shown. Names are stored. For whom they are a list, FIRST is another macro than
 * NEXT. */
#define REVIEW_ACTION_ROWS(FIRST, NEXT)                                                            \
	FIRST(REVIEW_ACCEPT, "accept", true, false, "A suggestion is right.")                      \
	NEXT(REVIEW_KEEP, "keep", true, false, "The seller's category is.")                        \
	NEXT(REVIEW_CHOOSE, "choose", true, true, "Another category of the taxonomy is.")          \
	NEXT(REVIEW_NONE, "none", true, true, "None of the categories fits.")                      \
	NEXT(REVIEW_FLAG, "flag", true, true, "It is no example of any; `reason` says why.")       \
	NEXT(REVIEW_UNSURE, "unsure", false, true, "Somebody else is to say.")                     \
	NEXT(REVIEW_SKIP, "skip", false, true, "Not now, and not to this person.")                 \
	NEXT(REVIEW_ADJUDICATE, "adjudicate", true, false,                                         \
	     "The last word where people disagree; without a category: none fits.")                \
	NEXT(REVIEW_UNDO, "undo", false, true, "The newest event of this person never was.")

#define REVIEW_ACTION_ID(id, name, decides, blind, doc) id,
#define REVIEW_ACTION_NAME(id, name, decides, blind, doc) name
#define REVIEW_ACTION_CHOICE(id, name, decides, blind, doc) "|" name
#define REVIEW_ACTION_DOC(id, name, decides, blind, doc) name ": " doc
#define REVIEW_ACTION_OTHER(id, name, decides, blind, doc) " " name ": " doc
enum review_action { REVIEW_ACTION_ROWS(REVIEW_ACTION_ID, REVIEW_ACTION_ID) REVIEW_ACTIONS };
#define REVIEW_ACTION_CHOICES REVIEW_ACTION_ROWS(REVIEW_ACTION_NAME, REVIEW_ACTION_CHOICE)
#define REVIEW_ACTION_DOCS REVIEW_ACTION_ROWS(REVIEW_ACTION_DOC, REVIEW_ACTION_OTHER)

struct review_action_row {
	const char *name, *doc;
	bool decides, blind;
};
extern const struct review_action_row review_actions[REVIEW_ACTIONS];
bool review_action_parse(struct str name, enum review_action *ret);

#define REVIEW_QUEUE_ROWS(FIRST, NEXT)                                                             \
	FIRST(QUEUE_ALL, "all", "Whatever the daemon is not sure of, the most urgent first.")      \
	NEXT(QUEUE_ERRORS, "errors",                                                               \
	     "The seller's category is likely wrong: model or rules say another one.")             \
	NEXT(QUEUE_UNCERTAIN, "uncertain",                                                         \
	     "Two suggestions are near each other, of titles that are like many: one of a "        \
	     "family.")                                                                            \
	NEXT(QUEUE_RULES, "rules", "Rules and model disagree.")                                    \
	NEXT(QUEUE_AUDIT, "audit", "A stored random draw, blind: no opinion is shown.")            \
	NEXT(QUEUE_NEW, "new", "The first of a category that nobody has seen one of.")             \
	NEXT(QUEUE_ADJUDICATE, "adjudicate", "People disagree, or two are unsure.")

#define REVIEW_QUEUE_ID(id, name, doc) id,
#define REVIEW_QUEUE_NAME(id, name, doc) name
#define REVIEW_QUEUE_CHOICE(id, name, doc) "|" name
#define REVIEW_QUEUE_DOC(id, name, doc) name ": " doc
#define REVIEW_QUEUE_OTHER(id, name, doc) " " name ": " doc
enum review_queue { REVIEW_QUEUE_ROWS(REVIEW_QUEUE_ID, REVIEW_QUEUE_ID) REVIEW_QUEUES };
#define REVIEW_QUEUE_CHOICES REVIEW_QUEUE_ROWS(REVIEW_QUEUE_NAME, REVIEW_QUEUE_CHOICE)
#define REVIEW_QUEUE_DOCS REVIEW_QUEUE_ROWS(REVIEW_QUEUE_DOC, REVIEW_QUEUE_OTHER)

struct review_queue_row {
	const char *name, *doc;
};
extern const struct review_queue_row review_queues[REVIEW_QUEUES];
bool review_queue_parse(struct str name, enum review_queue *ret);

/* How much a listing belongs in a queue, 0: not at all; and the category that it would be
 * given now, with its probability, {0}: none. */
struct review_worth {
	double errors, uncertain, rules;
	struct str guess;
	double guess_p;
};

/* What is known of a decision beside what it says. */
struct review_event {
	struct str client;	/* an id that the client made: the same is stored once; {0} */
	struct str shown;	/* JSON: what the person saw */
	struct str key, reason; /* the key pressed; why, of REVIEW_FLAG */
	enum review_queue queue;
	int64_t place;	 /* in the queue as shown, from 1; 0 unknown */
	int64_t draw;	 /* of QUEUE_AUDIT; 0 */
	double drawn_p;	 /* inclusion probability of a drawn listing; 0: it was picked, not drawn */
	int64_t took_ms; /* from shown to answered; 0 unknown */
	int wants;	 /* so many people are to decide: 1 or 2 */
	int64_t model;	 /* that made the suggestions; 0: there were none */
	uint64_t rules;	 /* labeler_version() in force when it was answered */
};
#define REVIEW_CLIENT_BYTES 64
#define REVIEW_REASON_BYTES 200
#define REVIEW_TOOK_MOST_MS ((int64_t)30 * 60 * 1000) /* a longer look is a pause */
/* Listings that one event decides at most: of a family, of a page of titles. */
#define REVIEW_BATCH_MOST 1000

/* Whether a second person is to decide a listing: `share` of them, by hash. */
bool review_second(int64_t listing, double share);

/* A random draw of listings for an audit, with what stood when it was made: a frozen plan. */
struct review_draw {
	int64_t id;
	struct str name, who; /* name: unique */
	int64_t made_ms;
	int64_t population; /* listings that it stands for */
	uint64_t seed;
	int64_t taxonomy, model;
	uint64_t rules;
	struct str plan; /* JSON: the design, as who drew it wants it kept */
	/* of one that is read */
	int64_t items, decisions, done; /* done: items that as many people as wanted decided */
};
struct review_draw_item {
	int64_t place, listing; /* place: from 1, in the order of the draw */
	struct str stratum;
	double drawn_p;	  /* inclusion probability: above 0, at most 1 */
	int wants;	  /* people that are to decide it */
	struct str facts; /* JSON: what stood about it; not shown to who decides */
};

#endif
