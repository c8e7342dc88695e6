/* Files of categories that are posted: checked, compared, drafted. Nothing is stored. */
#include "base/clock.h"
#include "base/mem.h"
#include "config/conf_history.h"
#include "labeler/category_map.h"
#include "serve/api.h"
#include "serve/api_json.h"
#include "serve/tree_json.h"

#include <string.h>
#include <time.h>

#define PROBLEMS_SHOWN 100
#define EFFECTS_SHOWN 200
#define DRAFT_BYTES ((size_t)16 << 20)

/* ---- what labels would become ---- */

enum effect { KEPT, RECODED, SPLIT, NONE, LOST, EFFECTS };
static const char *const effect_names[EFFECTS] = { "kept", "recoded", "split", "none", "lost" };

static struct str reads(const struct conf_taxonomy *t, const struct label_count *c,
			const struct recode **ret)
{
	*ret = conf_taxonomy_recode(t, c->written, c->taxonomy);
	if (!*ret)
		return c->written;
	return (*ret)->category;
}

static bool has_code(const struct conf_taxonomy *t, struct str code)
{
	for (int i = 0; i < t->n_taxa; i++)
		if (str_eq(t->taxa[i].code, code))
			return true;
	return false;
}

static enum effect effect_of(const struct conf_taxonomy *t, struct str was, struct str becomes,
			     const struct recode *m)
{
	if (m && m->fate != RECODE_CODE)
		return m->fate == RECODE_SPLIT ? SPLIT : NONE;
	if (!has_code(t, becomes))
		return LOST;
	return str_eq(was, becomes) ? KEPT : RECODED;
}

static void effect_json(struct json *j, const struct label_count *c, struct str was,
			struct str becomes, enum effect e, const struct recode *m)
{
	json_object(j, NULL);
	json_str(j, "written", c->written);
	json_int(j, "labels", c->labels);
	json_str(j, "was", was.n ? was : (struct str){ 0 });
	json_str(j, "becomes", becomes.n ? becomes : (struct str){ 0 });
	json_text(j, "fate", effect_names[e]);
	json_str(j, "why", m ? m->why : (struct str){ 0 });
	json_end_object(j);
}

/* "labels", "effects": of labels that are read otherwise by `t` than now. */
static void effects(struct request *rq, const struct conf_taxonomy *t)
{
	const struct conf_taxonomy *now = &rq->view->conf->taxonomy;
	struct label_count *c = NULL;
	struct reason why = { "" };
	int64_t sums[EFFECTS] = { 0 };
	int n = 0, shown = 0;
	enum err err = reader_label_counts(rq->reader, rq->arena, &c, &n, &why);

	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_array(&rq->j, "effects");
	for (int i = 0; i < n; i++) {
		const struct recode *m, *m_now;
		struct str was = reads(now, &c[i], &m_now), becomes = reads(t, &c[i], &m);
		enum effect e = effect_of(t, was, becomes, m);

		if (m_now && m && m_now->fate == m->fate && str_eq(was, becomes))
			e = KEPT; /* it is so already */
		sums[e] += c[i].labels;
		if (e != KEPT && shown++ < EFFECTS_SHOWN)
			effect_json(&rq->j, &c[i], was, becomes, e, m);
	}
	json_end_array(&rq->j);
	json_object(&rq->j, "labels");
	for (int e = 0; e < EFFECTS; e++)
		json_int(&rq->j, effect_names[e], sums[e]);
	json_end_object(&rq->j);
}

/* ---- check ---- */

static struct str named(struct str file, const char *otherwise)
{
	return file.n ? file : str_of(otherwise);
}

static int leaves_of(const struct conf_taxonomy *t)
{
	int n = 0;

	for (int i = 0; i < t->n_taxa; i++)
		n += t->taxa[i].leaf;
	return n;
}

static void good(struct request *rq, const struct conf_taxonomy *t)
{
	struct reason why = { "" };
	struct json *j = &rq->j;
	enum err err = rq->ops->adoptable(rq->ops->ctx, rq->reader, t, &why);

	json_str(j, "name", t->name);
	json_int(j, "version", t->version);
	json_int(j, "categories", t->n_taxa);
	json_int(j, "leaves", leaves_of(t));
	json_int(j, "mappings", t->n_mappings);
	json_text(j, "refused", err ? why.text : NULL);
	effects(rq, t);
}

void api_taxonomy_check(struct request *rq)
{
	struct str file = named(request_text(rq, "file"), "taxonomy");
	struct conf_problem *problems = NULL;
	struct conf *c = NULL;
	struct json *j = &rq->j;
	int n = 0;

	conf_load_taxonomy(rq->body, file, rq->view->conf, &c, &problems, &n);
	json_object(j, NULL);
	json_str(j, "file", file);
	json_array(j, "problems");
	for (int i = 0; i < n && i < PROBLEMS_SHOWN; i++)
		api_json_problem(j, &problems[i]);
	json_end_array(j);
	json_bool(j, "good", n == 0);
	if (c)
		good(rq, &c->taxonomy);
	json_end_object(j);
	mem_free(problems);
	conf_free(c);
}

/* ---- files of any kind ---- */

struct posted {
	struct str file;
	struct category_tree tree;
	struct conf *conf; /* of a taxonomy; NULL: it is none */
};

/* A key `taxa` at the start of a line: no table and no JSON has it. */
static bool is_taxonomy(struct str text)
{
	return str_starts(text, STR("taxa:")) || str_find(text, STR("\ntaxa:")) >= 0;
}

static enum err read_taxonomy(struct request *rq, struct str text, struct posted *p,
			      struct reason *why)
{
	struct conf_problem *problems = NULL;
	char first[512] = "";
	int n = 0;

	if (conf_load_taxonomy(text, p->file, rq->view->conf, &p->conf, &problems, &n)) {
		if (n)
			conf_problem_text(&problems[0], first);
		mem_free(problems);
		return reason_set(why, ERR_BAD, "%s", first);
	}
	category_tree_taxonomy(&p->conf->taxonomy, rq->arena, &p->tree);
	return category_tree_end(&p->tree, why);
}

/* False: `rq` failed. */
static bool read_posted(struct request *rq, struct str text, struct posted *p)
{
	struct reason why = { "" };
	struct str start = str_trim(text);
	bool json = start.n && (start.p[0] == '{' || start.p[0] == '[');
	enum err err = json		   ? tree_json_read(text, rq->arena, &p->tree, &why)
		       : is_taxonomy(text) ? read_taxonomy(rq, text, p, &why)
					   : category_tree_tsv(text, rq->arena, &p->tree, &why);

	if (!err)
		return true;
	request_fail(rq, 400, "bad",
		     "A taxonomy, lines of id, tab and path, or a site's JSON with ids and titles.",
		     "%.*s: %s", STR_ARG(p->file), why.text);
	return false;
}

static int leaves_of_tree(const struct category_tree *t)
{
	int n = 0;

	for (int i = 0; i < t->n; i++)
		n += t->nodes[i].leaf;
	return n;
}

static void today(char to[16])
{
	const time_t s = (time_t)(clock_wall_ms(&clock_system) / 1000);
	struct tm tm;

	gmtime_r(&s, &tm);
	strftime(to, 16, "%Y-%m-%d", &tm);
}

/* ---- diff ---- */

static void posted_json(struct json *j, const char *key, const struct posted *p)
{
	json_object(j, key);
	json_str(j, "file", p->file);
	json_int(j, "categories", p->tree.n);
	if (p->conf)
		json_int(j, "version", p->conf->taxonomy.version);
	else
		json_null(j, "version");
	json_end_object(j);
}

static void change_json(struct json *j, int64_t version, const char *kind, const struct str *from,
			int n_from, const struct str *to, int n_to, struct str text, struct str ask)
{
	json_object(j, NULL);
	json_int(j, "version", version);
	json_text(j, "kind", kind);
	json_array(j, "from");
	for (int i = 0; i < n_from; i++)
		json_str(j, NULL, from[i]);
	json_end_array(j);
	json_array(j, "to");
	for (int i = 0; i < n_to; i++)
		json_str(j, NULL, to[i]);
	json_end_array(j);
	json_str(j, "text", text);
	json_str(j, "ask", ask);
	json_end_object(j);
}

static struct str *codes_of(const struct conf_code *c, int n, struct arena *a)
{
	struct str *codes = arena_array(a, (size_t)n + 1, sizeof(*codes));

	for (int i = 0; i < n; i++)
		codes[i] = c[i].code;
	return codes;
}

/* What the newer's own history says since the older's version. */
static void said_changes(struct request *rq, const struct conf_taxonomy *t, int64_t since)
{
	for (int e = 0; e < t->n_history; e++) {
		const struct conf_edition *ed = &t->history[e];

		for (int i = 0; i < ed->n_changes && ed->version > since; i++) {
			const struct conf_change *c = &ed->changes[i];
			struct buf text;

			buf_init(&text, 1 << 20);
			conf_history_text(c, &text);
			change_json(&rq->j, ed->version, conf_history_kind_name(c->kind),
				    codes_of(c->from, c->n_from, rq->arena), c->n_from,
				    codes_of(c->to, c->n_to, rq->arena), c->n_to, buf_str(&text),
				    (struct str){ 0 });
			buf_done(&text);
		}
	}
}

static void proposed_changes(struct request *rq, const struct category_diff *d, int64_t version)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct category_change *c = &d->changes[i];
		struct buf text;

		buf_init(&text, 1 << 20);
		category_draft_change(c, &text);
		change_json(&rq->j, version, conf_history_kind_name(c->kind), c->from, c->n_from,
			    c->to, c->n_to, buf_str(&text), c->ask);
		buf_done(&text);
	}
}

/* The draft, and what labels of ours would become by it. */
static void proposed(struct request *rq, const struct posted *old, const struct posted *new)
{
	int64_t version = old->conf ? old->conf->taxonomy.version + 1 : 2;
	struct str name = new->conf ? new->conf->taxonomy.name : STR("draft");
	struct conf_problem *problems = NULL;
	struct conf *c = NULL;
	struct category_diff d;
	char date[16];
	struct buf yaml;
	int n = 0;

	category_diff(&old->tree, &new->tree, rq->arena, &d);
	today(date);
	buf_init(&yaml, DRAFT_BYTES);
	category_draft(&new->tree, &d, name, version, date, &yaml);
	json_int(&rq->j, "same", d.same);
	json_int(&rq->j, "added", d.added);
	json_array(&rq->j, "changes");
	proposed_changes(rq, &d, version);
	json_end_array(&rq->j);
	json_str(&rq->j, "yaml", buf_str(&yaml));
	if (old->conf && new->conf &&
	    !conf_load_taxonomy(buf_str(&yaml), STR("draft"), NULL, &c, &problems, &n))
		effects(rq, &c->taxonomy);
	mem_free(problems);
	conf_free(c);
	buf_done(&yaml);
}

static void compare(struct request *rq, const struct posted *old, const struct posted *new)
{
	const struct conf_taxonomy *t = new->conf ? &new->conf->taxonomy : NULL;
	bool said = old->conf && t && t->n_history && t->version > old->conf->taxonomy.version;

	json_object(&rq->j, NULL);
	posted_json(&rq->j, "old", old);
	posted_json(&rq->j, "new", new);
	json_bool(&rq->j, "proposed", !said);
	if (said) {
		json_array(&rq->j, "changes");
		said_changes(rq, t, old->conf->taxonomy.version);
		json_end_array(&rq->j);
		json_null(&rq->j, "yaml");
		effects(rq, t);
	} else {
		proposed(rq, old, new);
	}
	json_end_object(&rq->j);
}

void api_taxonomy_diff(struct request *rq)
{
	size_t n = (size_t)request_int(rq, "old_bytes");
	struct posted old = { .file = named(request_text(rq, "old"), "old") };
	struct posted new = { .file = named(request_text(rq, "new"), "new") };

	if (n >= rq->body.n)
		request_fail(rq, 400, "bad", "The body is the older file, then the newer.",
			     "the body has %zu bytes, and `old_bytes` are %zu", rq->body.n, n);
	else if (read_posted(rq, str_sub(rq->body, 0, n), &old) &&
		 read_posted(rq, str_sub(rq->body, n, rq->body.n), &new))
		compare(rq, &old, &new);
	conf_free(old.conf);
	conf_free(new.conf);
}

/* ---- import ---- */

static void mapped_json(struct json *j, const struct category_mapped *m)
{
	json_object(j, "mapping");
	json_int(j, "kept", m->kept);
	json_int(j, "clear", m->clear);
	json_int(j, "asked", m->asked);
	json_int(j, "none", m->none);
	json_end_object(j);
}

static void draft(struct request *rq, const struct posted *p, struct str source)
{
	struct category_mapped m = { 0 };
	struct buf yaml;

	buf_init(&yaml, DRAFT_BYTES);
	if (source.n)
		category_map_draft(&p->tree, source, &rq->view->conf->taxonomy, rq->view->labeler,
				   &yaml, &m);
	else
		category_draft(&p->tree, NULL, request_text(rq, "name"), 1, NULL, &yaml);
	json_object(&rq->j, NULL);
	json_str(&rq->j, "file", p->file);
	json_int(&rq->j, "categories", p->tree.n);
	json_int(&rq->j, "leaves", leaves_of_tree(&p->tree));
	json_str(&rq->j, "yaml", buf_str(&yaml));
	if (source.n)
		mapped_json(&rq->j, &m);
	else
		json_null(&rq->j, "mapping");
	json_end_object(&rq->j);
	buf_done(&yaml);
}

void api_taxonomy_import(struct request *rq)
{
	struct posted p = { .file = named(request_text(rq, "file"), "categories") };
	struct str source = request_text(rq, "source");

	if (source.n && !rq->view->conf->taxonomy.n_taxa)
		request_fail(rq, 404, "not-found", "piped.yaml(5): `taxonomy`.",
			     "there is no taxonomy to map to");
	else if (read_posted(rq, rq->body, &p))
		draft(rq, &p, source);
	conf_free(p.conf);
}
