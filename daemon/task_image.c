#include "daemon/task_image.h"

#include "crawler/cas.h"
#include "crawler/decode.h"
#include "crawler/picture.h"
#include "daemon/outcome.h"
#include "extractor/extract_image.h"

const struct conf_header task_image_accept[1] = {
	{ .name = { "Accept", 6 }, .value = { "image/webp,image/png,image/jpeg", 31 } },
};

bool task_image_is(const struct job *j)
{
	return str_is(j->page, IMAGE_PAGE);
}

static void store(struct task *t, struct str bytes, const struct extract_image *what)
{
	struct image *i = &t->write.image;
	struct write_look *l = arena_zero(t->arena, sizeof(*l));
	struct reason why = { "" };
	char hash[HASH_SHA256_HEX], name[CAS_NAME];

	hash_sha256_hex(bytes, hash);
	cas_name(hash, extract_image_ending(what->format), name);
	t->write.kind = WRITE_IMAGE;
	if (cas_put(t->image_dir, name, bytes, &t->write.image_new, &t->write.why)) {
		t->write.err = ERR_IO; /* no fault of the site's, nor of the job's */
		return;
	}
	*i = (struct image){ .hash = arena_text(t->arena, hash),
			     .file = arena_text(t->arena, name),
			     .type = str_of(extract_image_type(what->format)),
			     .bytes = (int64_t)bytes.n,
			     .width = what->width,
			     .height = what->height };
	if (look_read(bytes, &l->look, &why))
		l->reason = arena_text(t->arena, why.text);
	t->write.looks = l;
	t->write.n_looks = 1;
	outcome_end(t, JOB_DONE, (struct str){ 0 });
}

static void keep(struct task *t, int64_t max_bytes)
{
	struct fetch_answer *a = t->answer;
	struct extract_image what;
	struct reason why = { "" };
	struct str bytes = { 0 };
	struct buf decoded;
	enum err err;

	buf_init(&decoded, (size_t)max_bytes);
	err = decode_body(a->body, a->content_encoding, t->view->conf->max_ratio, &decoded, &bytes,
			  &why);
	if (err == ERR_TOO_BIG || (!err && (int64_t)bytes.n > max_bytes)) {
		outcome_end(t, JOB_REFUSED,
			    arena_fmt(t->arena, PICTURE_LARGE "(%lld)", (long long)max_bytes));
	} else if (err) {
		outcome_retry(t, t->view->conf->retries, arena_text(t->arena, why.text));
	} else if (extract_image_read(bytes, &what, &why)) {
		outcome_end(t, JOB_FAILED, arena_text(t->arena, why.text));
	} else {
		store(t, bytes, &what);
	}
	buf_done(&decoded);
}

void task_image_run(struct task *t)
{
	const struct conf_source *source = conf_source(t->view->conf, t->job.source);
	const struct fetch_answer *a = t->answer;

	t->write.kind = WRITE_JOB;
	if (a->end != FETCH_ANSWER)
		outcome_failed(t,
			       arena_fmt(t->arena, "%s: %s", fetch_end_name(a->end), a->why.text));
	else if (a->status < 200 || a->status > 299)
		outcome_failed(t, arena_fmt(t->arena, "HTTP status %d", a->status));
	else if (!source || !source->images.wanted || !t->image_dir)
		outcome_end(t, JOB_REFUSED, STR(PICTURE_OFF));
	else
		keep(t, source->images.max_bytes);
}
