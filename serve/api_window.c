#include "serve/api.h"
#include "serve/api_json.h"

#include "base/mem.h"

#include <stdlib.h>

static void put_sum(struct json *j, struct str source, const struct part_sum *s)
{
	json_str(j, "source", source);
	json_int(j, "lists", s->lists);
	json_int(j, "parts", s->parts);
	json_int(j, "waiting", s->waiting);
	json_int(j, "total", s->total);
	json_int(j, "reached", s->reached);
	json_int(j, "unreachable", s->unreachable);
}

void api_window_sums(struct request *rq)
{
	struct source_counts *sources = NULL;
	struct reason why = { "" };
	struct part_sum sum;
	struct part *p = NULL;
	struct arena *a;
	int n = 0, n_parts = 0;
	enum err err = reader_sources(rq->reader, rq->arena, &sources, &n, &why);

	json_object(&rq->j, NULL);
	json_array(&rq->j, "sources");
	for (int i = 0; i < n && !err; i++) {
		a = arena_new((size_t)64 << 10);
		err = reader_parts(rq->reader, sources[i].source, a, &p, &n_parts, &why);
		if (!err && n_parts) {
			part_add_up(p, n_parts, &sum, NULL);
			json_object(&rq->j, NULL);
			put_sum(&rq->j, sources[i].source, &sum);
			json_end_object(&rq->j);
		}
		arena_free(a);
	}
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_end_array(&rq->j);
	json_end_object(&rq->j);
}

struct shown {
	const struct part *part;
	int64_t lost;
};

static int most_lost(const void *a, const void *b)
{
	const struct shown *x = a, *y = b;

	if (x->lost != y->lost)
		return x->lost < y->lost ? 1 : -1;
	return (x->part->job > y->part->job) - (x->part->job < y->part->job);
}

static void put_part(struct json *j, const struct part *p, int64_t lost)
{
	json_object(j, NULL);
	json_int(j, "job", p->job);
	json_int(j, "parent", p->parent);
	json_int(j, "seed", p->seed);
	json_str(j, "vars", p->vars);
	json_int(j, "total", p->total);
	json_int(j, "window", p->window);
	json_text(j, "says", part_says_names[p->says]);
	json_int(j, "parts", p->parts);
	json_bool(j, "own", p->own);
	json_int(j, "lost", lost);
	json_str(j, "reason", p->reason.n ? p->reason : (struct str){ 0 });
	api_json_time(j, "seen", p->seen_ms);
	json_end_object(j);
}

void api_window_parts(struct request *rq)
{
	struct str source = request_text(rq, "name");
	struct reason why = { "" };
	struct part_sum sum;
	struct part *p = NULL;
	struct shown *shown;
	int64_t *lost;
	int n = 0;
	enum err err = reader_parts(rq->reader, source, rq->arena, &p, &n, &why);

	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	lost = mem_array((size_t)n + 1, sizeof(*lost));
	shown = mem_array((size_t)n + 1, sizeof(*shown));
	part_add_up(p, n, &sum, lost);
	for (int i = 0; i < n; i++)
		shown[i] = (struct shown){ &p[i], lost[i] };
	qsort(shown, (size_t)n, sizeof(*shown), most_lost);
	json_object(&rq->j, NULL);
	put_sum(&rq->j, source, &sum);
	json_array(&rq->j, "shown");
	for (int i = 0; i < n && i < request_int(rq, "n"); i++)
		put_part(&rq->j, shown[i].part, shown[i].lost);
	json_end_array(&rq->j);
	json_end_object(&rq->j);
	mem_free(lost);
	mem_free(shown);
}
