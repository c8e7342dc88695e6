/* frontier_state.h: what frontier.c decides on and frontier_view.c shows. */
#ifndef PIPED_FRONTIER_STATE_H
#define PIPED_FRONTIER_STATE_H

#include "base/rng.h"
#include "crawler/frontier.h"
#include "crawler/window.h"

struct frontier {
	struct window window;
	struct turn_heap ready, ask; /* of hosts */
	const struct conf *conf;
	struct rng rng;
	int64_t now_ms;	  /* newest time that was given */
	int most, wanted; /* jobs held at most; jobs asked for, on their way */
	int running;
	int64_t *skip;
	size_t skip_room;
};

#endif
