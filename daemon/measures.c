#include "daemon/measures.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "store/reader.h"

struct measures {
	struct measures_env env;
	struct reader *reader;
	struct arena *arena; /* of the list in use */
	struct rule_measure *list;
	int n;
	int64_t last_ms;
	bool busy, stopping;
	/* a count under way */
	uv_work_t pool;
	struct arena *counted_arena;
	struct rule_measure *counted;
	int n_counted;
	enum err err;
	struct reason why;
	struct write write;
};

enum err measures_new(const struct measures_env *env, struct measures **ret, struct reason *why)
{
	struct measures *m = mem_zero(sizeof(*m));
	enum err err;

	m->env = *env;
	m->arena = arena_new(4096);
	m->last_ms = clock_mono_ms(env->clock);
	err = reader_open(env->store, &m->reader, why);
	if (!err)
		err = reader_measures(m->reader, true, m->arena, &m->list, &m->n, why);
	if (err) {
		measures_free(m);
		return err;
	}
	*ret = m;
	return ERR_OK;
}

void measures_free(struct measures *m)
{
	if (!m)
		return;
	must(!m->busy);
	reader_close(m->reader);
	arena_free(m->arena);
	mem_free(m);
}

const struct rule_measure *measures_get(const struct measures *m, int *ret_n)
{
	*ret_n = m ? m->n : 0;
	return m ? m->list : NULL;
}

void measures_stop(struct measures *m)
{
	m->stopping = true;
}

bool measures_busy(const struct measures *m)
{
	return m->busy;
}

static void end(struct measures *m)
{
	arena_free(m->counted_arena);
	m->counted_arena = NULL;
	m->busy = false;
	m->last_ms = clock_mono_ms(m->env.clock);
	m->env.idle(m->env.ctx);
}

static void on_written(struct write *w)
{
	struct measures *m = w->ctx;
	struct arena *before = m->arena;

	if (w->err) {
		log_warn("measures of rules not stored: %s", w->why.text);
		end(m);
		return;
	}
	m->list = m->counted;
	m->n = m->n_counted;
	m->arena = m->counted_arena;
	m->counted_arena = before;
	if (!m->stopping)
		m->env.moved(m->env.ctx);
	end(m);
}

static void on_pool(uv_work_t *pool)
{
	struct measures *m = pool->data;

	m->err = reader_measures(m->reader, false, m->counted_arena, &m->counted, &m->n_counted,
				 &m->why);
}

static void on_pool_done(uv_work_t *pool, int status)
{
	struct measures *m = pool->data;
	double moved = 0;

	must(status == 0);
	if (m->err)
		log_warn("decisions not counted: %s", m->why.text);
	else
		moved = labeler_moved(m->env.labeler(m->env.ctx), m->counted, m->n_counted);
	if (moved < MEASURES_NATS || m->stopping) {
		end(m);
		return;
	}
	log_info("rules=%d measured anew, a weight moved by %.2f nats: listings are labeled again",
		 m->n_counted, moved);
	m->write = (struct write){ .kind = WRITE_MEASURES,
				   .arena = m->counted_arena,
				   .done = on_written,
				   .ctx = m,
				   .now_ms = clock_wall_ms(m->env.clock),
				   .measures = m->counted,
				   .n_measures = m->n_counted };
	writer_put(m->env.writer, &m->write);
}

void measures_tick(struct measures *m, int64_t each_ms)
{
	if (m->busy || m->stopping || !each_ms ||
	    clock_mono_ms(m->env.clock) < m->last_ms + each_ms)
		return;
	m->busy = true;
	m->counted_arena = arena_new(4096);
	m->pool.data = m;
	must(uv_queue_work(m->env.loop, &m->pool, on_pool, on_pool_done) == 0);
}
