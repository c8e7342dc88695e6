#include "model/review.h"

#include "base/hash.h"

#define ACTION_ROW(id, n, d, b, text) { .name = (n), .doc = (text), .decides = (d), .blind = (b) },
const struct review_action_row review_actions[REVIEW_ACTIONS] = { REVIEW_ACTION_ROWS(ACTION_ROW,
										     ACTION_ROW) };

#define QUEUE_ROW(id, n, text) { .name = (n), .doc = (text) },
const struct review_queue_row review_queues[REVIEW_QUEUES] = { REVIEW_QUEUE_ROWS(QUEUE_ROW,
										 QUEUE_ROW) };

bool review_action_parse(struct str name, enum review_action *ret)
{
	for (int i = 0; i < REVIEW_ACTIONS; i++)
		if (str_is(name, review_actions[i].name)) {
			*ret = (enum review_action)i;
			return true;
		}
	return false;
}

bool review_queue_parse(struct str name, enum review_queue *ret)
{
	for (int i = 0; i < REVIEW_QUEUES; i++)
		if (str_is(name, review_queues[i].name)) {
			*ret = (enum review_queue)i;
			return true;
		}
	return false;
}

bool review_second(int64_t listing, double share)
{
	uint64_t h = hash64_join((uint64_t)listing, hash64(STR("second"), 0));

	return (double)(h >> 11) * 0x1p-53 < share;
}
