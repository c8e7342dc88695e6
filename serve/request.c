#include "serve/request.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void request_init(struct request *rq, const struct serve_ops *ops)
{
	*rq = (struct request){ .ops = ops, .status = 200, .type = "application/json", .fd = -1 };
	rq->arena = arena_new((size_t)16 << 10);
	buf_init(&rq->out, REQUEST_OUT_MOST);
	json_init(&rq->j, &rq->out);
}

void request_done(struct request *rq)
{
	if (rq->fd >= 0)
		close(rq->fd);
	buf_done(&rq->out);
	arena_free(rq->arena);
}

const struct request_arg *request_arg(const struct request *rq, const char *name)
{
	const struct route_param *p = rq->route->params;
	const struct request_arg *found = NULL;

	for (int i = 0; p && p[i].name && !found; i++)
		if (!strcmp(p[i].name, name))
			found = &rq->args[i];
	must(found);
	return found;
}

struct str request_text(const struct request *rq, const char *name)
{
	const struct request_arg *a = request_arg(rq, name);

	return a->given ? a->text : (struct str){ 0 };
}

int64_t request_int(const struct request *rq, const char *name)
{
	return request_arg(rq, name)->n;
}

bool request_bool(const struct request *rq, const char *name)
{
	return request_arg(rq, name)->yes;
}

void request_fail(struct request *rq, int status, const char *code, const char *hint,
		  const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (rq->fd >= 0)
		close(rq->fd);
	rq->fd = -1;
	buf_clear(&rq->out);
	json_init(&rq->j, &rq->out);
	json_object(&rq->j, NULL);
	json_object(&rq->j, "error");
	json_text(&rq->j, "code", code);
	json_text(&rq->j, "message", text);
	json_text(&rq->j, "hint", hint);
	json_end_object(&rq->j);
	json_end_object(&rq->j);
	rq->type = "application/json";
	rq->status = status;
	rq->failed = true;
}

void request_err(struct request *rq, enum err err, const struct reason *why, const char *hint)
{
	static const int status[ERR_N] = {
		[ERR_IO] = 500,		 [ERR_FULL] = 507,	[ERR_TOO_BIG] = 413,
		[ERR_BAD] = 400,	 [ERR_NOT_FOUND] = 404, [ERR_EXISTS] = 409,
		[ERR_BUSY] = 409,	 [ERR_VERSION] = 500,	[ERR_TIMEOUT] = 504,
		[ERR_NET] = 502,	 [ERR_DENIED] = 403,	[ERR_CANCELLED] = 503,
		[ERR_UNSUPPORTED] = 400,
	};

	must(err != ERR_OK && err < ERR_N);
	if (status[err] == 500)
		log_warn("api %s %s failed: %s", rq->route->method, rq->route->path,
			 why && why->text[0] ? why->text : err_text(err));
	request_fail(rq, status[err], err_name(err), hint, "%s",
		     why && why->text[0] ? why->text : err_text(err));
}

static void written(struct write *w)
{
	struct request *rq = w->ctx;

	if (w->err)
		request_err(rq, w->err, &w->why, NULL);
	else if (rq->written)
		rq->written(rq);
	rq->waiting = false;
	rq->finish(rq);
}

void request_write(struct request *rq, void (*after)(struct request *rq))
{
	rq->written = after;
	rq->write.arena = rq->arena;
	rq->write.done = written;
	rq->write.ctx = rq;
	rq->write.now_ms = clock_wall_ms(&clock_system);
	rq->waiting = true;
	rq->ops->write(rq->ops->ctx, &rq->write);
}
