#include "config/conf_history.h"
#include "serve/api.h"
#include "serve/api_json.h"

struct story {
	const struct conf_taxonomy *t;
	struct taxonomy_edition *editions;
	struct label_count *labels;
	int n_editions, n_labels;
};

static int64_t in_force_ms(const struct story *s, int64_t version)
{
	for (int i = 0; i < s->n_editions; i++)
		if (s->editions[i].version == version)
			return s->editions[i].first_ms;
	return 0;
}

/* Labels in force that were made before and are of what the change took away. */
static int64_t concerned(const struct story *s, const struct conf_change *c, int64_t version)
{
	int64_t n = 0;

	for (int i = 0; i < s->n_labels; i++) {
		const struct label_count *l = &s->labels[i];
		const struct recode *m = conf_taxonomy_recode(s->t, l->written, l->taxonomy);

		for (int k = 0; m && m->until == version && k < c->n_from; k++)
			if (str_eq(c->from[k].code, l->written))
				n += l->labels;
	}
	return n;
}

static void codes(struct json *j, const char *key, const struct conf_code *c, int n)
{
	json_array(j, key);
	for (int i = 0; i < n; i++)
		json_str(j, NULL, c[i].code);
	json_end_array(j);
}

static void change(struct json *j, const struct story *s, const struct conf_change *c,
		   int64_t version)
{
	struct buf text;

	buf_init(&text, 1 << 20);
	conf_history_text(c, &text);
	json_object(j, NULL);
	json_text(j, "kind", conf_history_kind_name(c->kind));
	codes(j, "from", c->from, c->n_from);
	codes(j, "to", c->to, c->n_to);
	json_object(j, "was");
	for (int i = 0; i < c->n_was; i++)
		json_str(j, c->was[i].language.p, c->was[i].text);
	json_end_object(j);
	json_str(j, "text", buf_str(&text));
	json_int(j, "labels", concerned(s, c, version));
	json_end_object(j);
	buf_done(&text);
}

static void edition(struct json *j, const struct story *s, const struct conf_edition *e)
{
	json_object(j, NULL);
	json_int(j, "version", e->version);
	json_str(j, "date", e->date);
	json_str(j, "note", e->note.n ? e->note : (struct str){ 0 });
	api_json_time(j, "in_force", in_force_ms(s, e->version));
	json_array(j, "changes");
	for (int i = 0; i < e->n_changes; i++)
		change(j, s, &e->changes[i], e->version);
	json_end_array(j);
	json_end_object(j);
}

void api_history_list(struct request *rq)
{
	struct story s = { .t = &rq->view->conf->taxonomy };
	struct reason why = { "" };
	struct json *j = &rq->j;
	struct str *known = NULL;
	int64_t rechecks = 0;
	int n_known = 0;
	enum err err = reader_taxonomy(rq->reader, rq->arena, &s.editions, &s.n_editions, &known,
				       &n_known, &why);

	if (!err)
		err = reader_label_counts(rq->reader, rq->arena, &s.labels, &s.n_labels, &why);
	if (!err)
		err = reader_rechecks(rq->reader, &rechecks, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_object(j, NULL);
	json_str(j, "name", s.t->name);
	json_int(j, "version", s.t->version);
	json_int(j, "rechecks", rechecks);
	json_array(j, "versions");
	for (int i = s.t->n_history - 1; i >= 0; i--)
		edition(j, &s, &s.t->history[i]);
	json_end_array(j);
	json_end_object(j);
}
