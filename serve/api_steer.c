#include "serve/api.h"
#include "serve/api_json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void act(struct request *rq, enum serve_source_act a, const char *name)
{
	struct str source = request_text(rq, "name");
	struct reason why = { "" };
	enum err err;

	err = rq->ops->source(rq->ops->ctx, str_is(source, "_all") ? (struct str){ 0 } : source, a,
			      &why);
	if (err) {
		request_err(rq, err, &why, "GET /api/sources lists the sources; _all means all.");
		return;
	}
	json_object(&rq->j, NULL);
	json_str(&rq->j, "source", source);
	json_text(&rq->j, "action", name);
	json_end_object(&rq->j);
}

void api_steer_run(struct request *rq)
{
	act(rq, SERVE_RUN, "run");
}

void api_steer_pause(struct request *rq)
{
	act(rq, SERVE_PAUSE, "pause");
}

void api_steer_resume(struct request *rq)
{
	act(rq, SERVE_RESUME, "resume");
}

void api_steer_reload(struct request *rq)
{
	struct reason why = { "" };
	enum err err;

	err = rq->ops->reload(rq->ops->ctx, &why);
	if (err) {
		request_err(rq, err, &why, "`piped --check` shows every problem.");
		return;
	}
	json_object(&rq->j, NULL);
	json_bool(&rq->j, "reloaded", true);
	json_end_object(&rq->j);
}

void api_steer_collect(struct request *rq)
{
	rq->ops->collect_images(rq->ops->ctx);
	json_object(&rq->j, NULL);
	json_bool(&rq->j, "started", true);
	json_end_object(&rq->j);
}

static void retried(struct request *rq)
{
	json_object(&rq->j, NULL);
	json_str(&rq->j, "source", rq->write.source);
	json_int(&rq->j, "jobs", rq->write.ret_changed);
	json_end_object(&rq->j);
}

/* `url` means a job: of the one source that has it. */
void api_steer_retry_find(struct request *rq)
{
	struct str url = request_text(rq, "url");
	struct reason why = { "" };
	struct serve_target *t;
	struct job job;
	enum err err;
	int n = 0;

	if (!url.n)
		return;
	err = rq->ops->targets(rq->ops->ctx, rq->view->conf, url, request_text(rq, "source"),
			       rq->arena, &t, &n, &why);
	for (int i = 0; i < n - 1 && !err; i++) {
		err = reader_job_by_key(rq->reader, t[i].source->name, t[i].job.key, rq->arena,
					&job, &why);
		if (err == ERR_NOT_FOUND) {
			err = ERR_OK;
			continue;
		}
		if (!err && rq->write.only_job) {
			request_fail(rq, 400, "bad", "Name one of them: `source`.",
				     "several sources have a job of that address");
			return;
		}
		rq->write.only_job = job.id;
	}
	if (err)
		request_err(rq, err, &why, NULL);
	else if (!rq->write.only_job)
		request_fail(rq, 404, "not-found", "GET /api/why?url= says why.",
			     "no source has a job of that address");
}

void api_steer_retry(struct request *rq)
{
	struct str rest = request_text(rq, "state"), one;
	struct write *w = &rq->write;
	int state;

	w->kind = WRITE_RETRY;
	w->source = request_text(rq, "source");
	w->host = request_text(rq, "host");
	w->retry_reason = request_text(rq, "reason");
	if (!w->only_job)
		w->only_job = request_int(rq, "job");
	if (!rest.n)
		rest = w->only_job ? STR("failed,gone,refused,done") : STR("failed");
	while (str_next(&rest, ',', &one)) {
		if (!state_parse(STATE_JOB, one, &state) || state == JOB_DUE) {
			request_fail(rq, 400, "bad",
				     "failed, gone, refused and done, joined by commas",
				     "`state` names no state to retry");
			return;
		}
		w->retry_states |= 1u << (unsigned)state;
	}
	request_write(rq, retried);
}

#define ASKED(member, option, value, text) .member = request_text(rq, #member),

void api_steer_export(struct request *rq)
{
	const struct export_order order = {
		.format = request_text(rq, "format"),
		.gzip = request_bool(rq, "gzip"),
		.all = request_bool(rq, "all"),
		.ask = { EXPORT_ASK_ROWS(ASKED) },
	};
	struct reason why = { "" };
	int64_t id = 0;
	enum err err;

	err = rq->ops->export_start(rq->ops->ctx, &order, &id, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	rq->status = 202;
	json_object(&rq->j, NULL);
	json_int(&rq->j, "id", id);
	json_end_object(&rq->j);
}

void api_steer_export_state(struct request *rq)
{
	struct reason why = { "" };
	enum err err;

	json_object(&rq->j, NULL);
	err = rq->ops->export_state(rq->ops->ctx, request_int(rq, "id"), &rq->j, &why);
	json_end_object(&rq->j);
	if (err)
		request_err(rq, err, &why, NULL);
}

/* A file's name, never a way out of its folder. */
static bool plain_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
			    s.p[i]))
			return false;
	return s.n > 0 && s.p[0] != '.';
}

void api_steer_export_file(struct request *rq)
{
	struct str name = request_text(rq, "name");
	struct reason why = { "" };
	char path[PATH_MAX];
	struct stat st;
	enum err err;

	if (!plain_name(name)) {
		request_fail(rq, 400, "bad", "train.jsonl, manifest.json", "not a file's name");
		return;
	}
	err = rq->ops->export_file(rq->ops->ctx, request_int(rq, "id"), name, path, sizeof(path),
				   &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	rq->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (rq->fd < 0 || fstat(rq->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		request_fail(rq, 404, "not-found", NULL, "%s cannot be read", path);
		return;
	}
	rq->fd_bytes = st.st_size;
	rq->type = "application/octet-stream";
}

void api_steer_routes(struct request *rq)
{
	serve_routes_json(&rq->j);
}
