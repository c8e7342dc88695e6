#include "serve/api.h"
#include "serve/api_json.h"

#include "base/normal.h"

#define SEARCH_MOST 50

struct sums {
	int64_t labeled, reviewed, suggested;
};

static const struct category_count *count_of(const struct category_count *c, int n, struct str code)
{
	for (int i = 0; i < n; i++)
		if (str_eq(c[i].category, code))
			return &c[i];
	return NULL;
}

/* Counts of each taxon and of all below it. */
static struct sums *sum_up(const struct conf_taxonomy *t, const struct category_count *c, int n,
			   struct arena *a)
{
	struct sums *s = arena_array(a, (size_t)t->n_taxa + 1, sizeof(*s));

	for (int i = 0; i < t->n_taxa; i++) {
		const struct category_count *own = count_of(c, n, t->taxa[i].code);
		int steps = 0;

		for (int at = i; own && at >= 0 && steps++ <= t->n_taxa; at = t->taxa[at].parent) {
			s[at].labeled += own->labeled;
			s[at].reviewed += own->reviewed;
			s[at].suggested += own->suggested;
		}
	}
	return s;
}

static int depth_of(const struct conf_taxonomy *t, int i)
{
	int depth = 0;

	while (t->taxa[i].parent >= 0 && depth < t->n_taxa) {
		i = t->taxa[i].parent;
		depth++;
	}
	return depth;
}

static void taxon(struct json *j, const struct conf_taxonomy *t, int i)
{
	const struct conf_taxon *x = &t->taxa[i];

	json_str(j, "code", x->code);
	json_str(j, "ko", x->ko);
	json_str(j, "en", x->en);
	api_json_names(j, x);
	json_str(j, "parent", x->parent < 0 ? (struct str){ 0 } : t->taxa[x->parent].code);
	json_int(j, "depth", depth_of(t, i));
	json_bool(j, "leaf", x->leaf);
}

static bool at_or_below(const struct conf_taxonomy *t, int i, int above)
{
	while (i >= 0 && i != above)
		i = t->taxa[i].parent;
	return i >= 0;
}

static void aliases(struct json *j, const struct conf_taxon *x)
{
	json_array(j, "aliases");
	for (int i = 0; i < x->n_aliases; i++)
		json_str(j, NULL, x->aliases[i]);
	json_end_array(j);
}

void api_label_taxonomy(struct request *rq)
{
	const struct conf_taxonomy *t = &rq->view->conf->taxonomy;
	struct category_count *c = NULL;
	struct reason why = { "" };
	struct json *j = &rq->j;
	struct sums *s;
	struct str code = request_text(rq, "code");
	int n = 0, only = -1;
	enum err err;

	err = reader_categories(rq->reader, rq->arena, &c, &n, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	if (code.n && (only = conf_taxon(rq->view->conf, code)) < 0) {
		request_fail(rq, 404, "not-found", "GET /api/taxonomy/search?text=... finds codes.",
			     "no category `%.*s`", STR_ARG(code));
		return;
	}
	s = sum_up(t, c, n, rq->arena);
	json_object(j, NULL);
	json_str(j, "name", t->name);
	json_int(j, "version", t->version);
	json_array(j, "categories");
	for (int i = 0; i < t->n_taxa; i++) {
		if (only >= 0 && !at_or_below(t, i, only))
			continue;
		json_object(j, NULL);
		taxon(j, t, i);
		json_int(j, "labeled", s[i].labeled);
		json_int(j, "reviewed", s[i].reviewed);
		json_int(j, "suggested", s[i].suggested);
		if (only >= 0)
			aliases(j, &t->taxa[i]);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

void api_label_search(struct request *rq)
{
	const struct conf_taxonomy *t = &rq->view->conf->taxonomy;
	struct str text = normal_str(rq->arena, request_text(rq, "text"));
	int found[SEARCH_MOST], n = 0;

	if (text.n)
		n = labeler_search(rq->view->labeler, text, found, (int)request_int(rq, "limit"));
	json_object(&rq->j, NULL);
	json_array(&rq->j, "categories");
	for (int i = 0; i < n; i++) {
		json_object(&rq->j, NULL);
		taxon(&rq->j, t, found[i]);
		json_end_object(&rq->j);
	}
	json_end_array(&rq->j);
	json_end_object(&rq->j);
}

static const struct rule_count *fired(const struct rule_count *r, int n, struct str rule)
{
	for (int i = 0; i < n; i++)
		if (str_eq(r[i].rule, rule))
			return &r[i];
	return NULL;
}

static void counts(struct json *j, const struct rule_count *r)
{
	json_int(j, "fired", r ? r->fired : 0);
	json_int(j, "agreed", r ? r->agreed : 0);
	api_json_time(j, "last", r ? r->last_ms : 0);
}

static void rule(struct json *j, const struct serve_view *view, int i, const struct rule_count *n)
{
	const struct conf *c = view->conf;
	const struct conf_rule *r = &c->rules.rules[i];

	json_object(j, NULL);
	json_str(j, "rule", r->name);
	api_json_category(j, c, r->taxon < 0 ? (struct str){ 0 } : c->taxonomy.taxa[r->taxon].code);
	json_text(j, "flag", r->flag < 0 ? NULL : listing_flags[r->flag].name);
	json_num(j, "precision", r->precision, 4);
	json_num(j, "votes_with", labeler_precision(view->labeler, i), 4);
	json_text(j, "file", r->at.file);
	json_int(j, "line", r->at.line);
	counts(j, n);
	json_end_object(j);
}

static bool configured(const struct conf_rules *rules, struct str name)
{
	for (int i = 0; i < rules->n_rules; i++)
		if (str_eq(rules->rules[i].name, name))
			return true;
	return false;
}

void api_label_rules(struct request *rq)
{
	const struct conf *c = rq->view->conf;
	struct rule_count *r = NULL;
	struct reason why = { "" };
	struct json *j = &rq->j;
	int n = 0;
	enum err err;

	err = reader_rules(rq->reader, rq->arena, &r, &n, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_object(j, NULL);
	api_json_hex(j, "version", labeler_version(rq->view->labeler));
	json_array(j, "rules");
	for (int i = 0; i < c->rules.n_rules; i++)
		rule(j, rq->view, i, fired(r, n, c->rules.rules[i].name));
	/* The mapping votes too, and so did rules that are no more. */
	for (int i = 0; i < n; i++) {
		if (configured(&c->rules, r[i].rule))
			continue;
		json_object(j, NULL);
		json_str(j, "rule", r[i].rule);
		counts(j, &r[i]);
		if (str_is(r[i].rule, "source-category"))
			json_num(j, "votes_with",
				 labeler_precision(rq->view->labeler, c->rules.n_rules), 4);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}
