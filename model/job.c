#include "model/job.h"

#include "base/arena.h"

void job_copy(struct arena *a, const struct job *from, struct job *to)
{
	*to = *from;
	to->source = arena_str(a, from->source);
	to->page = arena_str(a, from->page);
	to->url = arena_str(a, from->url);
	to->key = arena_str(a, from->key);
	to->host = arena_str(a, from->host);
	to->body = arena_str(a, from->body);
	to->body_type = arena_str(a, from->body_type);
	to->vars = arena_str(a, from->vars);
	to->reason = arena_str(a, from->reason);
	to->way = arena_str(a, from->way);
	to->visit = from->visit ? visit_put(arena_alloc(a, visit_bytes(from->visit)), from->visit)
				: NULL;
}
