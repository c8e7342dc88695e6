#include "serve/api.h"
#include "serve/api_json.h"
#include "serve/pack.h"

#include "base/mem.h"
#include "base/normal.h"

#define PROBLEMS_SHOWN 100
#define TITLES_MOST 1000
/* The titles, among the files of a pack. */
#define TITLES "-"

/* Rules that may be others than those of now. */
struct rules_in {
	struct conf_text *files;
	int n;
	struct str titles;
	struct conf *own; /* made of the files; NULL: the daemon's are taken */
	struct labeler *own_labeler;
	const struct conf *conf;
	const struct labeler *labeler;
};

static void problems(struct json *j, const struct conf_problem *p, int n)
{
	json_array(j, "problems");
	for (int i = 0; i < n && i < PROBLEMS_SHOWN; i++) {
		json_object(j, NULL);
		json_text(j, "file", p[i].at.file);
		json_int(j, "line", p[i].at.line);
		json_int(j, "column", p[i].at.column);
		json_text(j, "text", p[i].text);
		json_end_object(j);
	}
	json_end_array(j);
}

static void faulty(struct request *rq, const struct conf_problem *p, int n)
{
	json_object(&rq->j, NULL);
	problems(&rq->j, p, n);
	json_end_object(&rq->j);
	rq->made = true;
}

/* False: they are faulty, and the answer is made. */
static bool load(struct request *rq, struct rules_in *in)
{
	struct conf_problem *p = NULL, one = { .at = { .file = "rules" } };
	struct reason why = { "" };
	int n = 0;

	if (conf_load_rules(rq->view->conf, in->files, in->n, request_bool(rq, "all"), &in->own, &p,
			    &n)) {
		faulty(rq, p, n);
		mem_free(p);
		return false;
	}
	if (labeler_new(in->own, &in->own_labeler, &why)) {
		snprintf(one.text, sizeof(one.text), "%.290s", why.text);
		faulty(rq, &one, 1);
		return false;
	}
	in->conf = in->own;
	in->labeler = in->own_labeler;
	return true;
}

static void take_titles(struct rules_in *in)
{
	int kept = 0;

	for (int i = 0; i < in->n; i++) {
		if (str_is(in->files[i].name, TITLES))
			in->titles = in->files[i].text;
		else
			in->files[kept++] = in->files[i];
	}
	in->n = kept;
}

/* What the body has; without files the daemon's rules are looked at. */
static bool read_in(struct request *rq, struct rules_in *in)
{
	struct reason why;
	enum err err = pack_read(rq->body, rq->arena, &in->files, &in->n, &why);

	if (err) {
		request_err(rq, err, &why, "The body is files: docs/api.md says how.");
		return false;
	}
	in->conf = rq->view->conf;
	in->labeler = rq->view->labeler;
	take_titles(in);
	return !in->n || load(rq, in);
}

static void done_in(struct rules_in *in)
{
	labeler_free(in->own_labeler);
	conf_free(in->own);
}

/* ---- test */

struct testing {
	struct request *rq;
	const struct rules_in *in;
	const struct listing *listing;
};

static void hit(struct json *j, const struct ruleset_hit *h, const struct listing *l)
{
	static const char *const lists[] = { "any", "all", "none" };
	static const char *const kinds[] = { [CONF_TERM_WORD] = "word",
					     [CONF_TERM_REGEX] = "regex",
					     [CONF_TERM_WRITTEN] = "written",
					     [CONF_TERM_LIST] = "list" };

	json_object(j, NULL);
	json_text(j, "in", lists[h->list]);
	json_text(j, "kind", kinds[h->term->kind]);
	json_str(j, "term", h->term->text);
	json_str(j, "text",
		 str_sub(h->written ? l->title : l->title_clean, h->from, h->till - h->from));
	json_int(j, "from", (int64_t)h->from);
	json_int(j, "bytes", (int64_t)(h->till - h->from));
	json_end_object(j);
}

static void finding(void *ctx, const struct ruleset_finding *f)
{
	struct testing *t = ctx;
	struct json *j = &t->rq->j;
	const struct conf *c = t->in->conf;
	const struct conf_rule *r = f->rule;

	json_object(j, NULL);
	json_str(j, "rule", r->name);
	json_bool(j, "holds", f->holds);
	json_text(j, "against", f->against);
	json_str(j, "term", f->term ? f->term->text : (struct str){ 0 });
	api_json_category(j, c, r->taxon < 0 ? (struct str){ 0 } : c->taxonomy.taxa[r->taxon].code);
	json_text(j, "flag", r->flag < 0 ? NULL : listing_flags[r->flag].name);
	json_num(j, "precision", r->precision, 4);
	json_str(j, "family", r->family);
	json_int(j, "priority", r->priority);
	json_text(j, "file", r->at.file);
	json_int(j, "line", r->at.line);
	json_array(j, "hits");
	for (int i = 0; i < f->n; i++)
		hit(j, &f->hits[i], t->listing);
	json_end_array(j);
	json_end_object(j);
}

static void flags(struct json *j, uint32_t bits)
{
	json_array(j, "flags");
	for (int i = 0; i < FLAG_COUNT; i++)
		if (bits & FLAG_BIT(i))
			json_text(j, NULL, listing_flags[i].name);
	json_end_array(j);
}

static void test_one(struct request *rq, const struct rules_in *in, struct labeler_scratch *s,
		     struct listing *l)
{
	struct testing t = { .rq = rq, .in = in, .listing = l };
	struct vote votes[LABEL_MOST_VOTES];
	struct str category = { 0 }, why = { 0 };
	double sure = 0;
	int n;

	json_object(&rq->j, NULL);
	json_str(&rq->j, "title", l->title);
	json_str(&rq->j, "clean", l->title_clean);
	json_array(&rq->j, "rules");
	labeler_explain(in->labeler, s, l, finding, &t);
	json_end_array(&rq->j);
	n = labeler_judge(in->labeler, s, l, votes);
	api_json_votes(&rq->j, "votes", in->conf, votes, n);
	flags(&rq->j, l->flags);
	if (labeler_resolve(in->labeler, votes, n, rq->arena, &category, &sure, &why)) {
		json_object(&rq->j, "label");
		api_json_category(&rq->j, in->conf, category);
		json_num(&rq->j, "confidence", sure, 4);
		json_str(&rq->j, "why", why);
		json_end_object(&rq->j);
	} else {
		json_null(&rq->j, "label");
	}
	json_end_object(&rq->j);
}

/* "A > B > C" as listings have it. */
static struct str path_of(struct request *rq)
{
	struct str rest = request_text(rq, "category_path"), level;
	struct json j;
	struct buf b;
	struct str path;

	if (!rest.n)
		return STR("");
	buf_init(&b, 1 << 14);
	json_init(&j, &b);
	json_array(&j, NULL);
	while (str_next(&rest, '>', &level))
		json_str(&j, NULL, str_trim(level));
	json_end_array(&j);
	path = arena_str(rq->arena, buf_str(&b));
	buf_done(&b);
	return path;
}

static struct listing listing_of(struct request *rq, struct str title)
{
	const struct request_arg *price = request_arg(rq, "price");

	return (struct listing){
		.title = title,
		.title_clean = normal_str(rq->arena, title),
		.source = request_text(rq, "source"),
		.category = request_text(rq, "category"),
		.category_path = path_of(rq),
		.brand = request_text(rq, "brand"),
		.condition = request_text(rq, "condition"),
		.price = price->given ? price->n : LISTING_NO_PRICE,
		.flag_reason = STR(""),
	};
}

static void test_all(struct request *rq, const struct rules_in *in)
{
	struct labeler_scratch *s = labeler_scratch_new();
	struct str rest = in->titles, line;

	json_object(&rq->j, NULL);
	problems(&rq->j, NULL, 0);
	json_int(&rq->j, "rules", in->conf->rules.n_rules);
	json_array(&rq->j, "titles");
	for (int i = 0; i < TITLES_MOST && str_next(&rest, '\n', &line);) {
		struct listing l;

		line = str_trim(line);
		if (!line.n)
			continue;
		l = listing_of(rq, line);
		test_one(rq, in, s, &l);
		i++;
	}
	json_end_array(&rq->j);
	json_end_object(&rq->j);
	labeler_scratch_free(s);
}

void api_rules_test(struct request *rq)
{
	struct rules_in in = { .n = 0 };

	if (read_in(rq, &in))
		test_all(rq, &in);
	done_in(&in);
}

/* ---- what takes longer */

static void drop(void *kept)
{
	done_in(kept);
	mem_free(kept);
}

void api_rules_diff_work(struct request *rq)
{
	struct rules_in *in = mem_zero(sizeof(*in));

	rq->kept = in;
	if (read_in(rq, in) && !in->own)
		request_fail(rq, 400, "no-rules", "Send the files of rules; docs/api.md says how.",
			     "the body has no rules");
	if (rq->failed || rq->made) {
		drop(in);
		rq->kept = NULL;
	}
}

static void start(struct request *rq, enum serve_rules kind, struct conf *conf,
		  struct labeler *labeler)
{
	struct reason why = { "" };
	int64_t id = 0;
	enum err err;

	err = rq->ops->rules_start(rq->ops->ctx, kind, rq->view, conf, labeler, &id, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	rq->status = 202;
	json_object(&rq->j, NULL);
	problems(&rq->j, NULL, 0);
	json_int(&rq->j, "id", id);
	json_end_object(&rq->j);
}

void api_rules_diff(struct request *rq)
{
	struct rules_in *in = rq->kept;

	if (!in)
		return;
	start(rq, SERVE_RULES_DIFF, in->own, in->own_labeler);
	mem_free(in);
}

void api_rules_stats(struct request *rq)
{
	start(rq, SERVE_RULES_STATS, NULL, NULL);
}

void api_rules_suggest(struct request *rq)
{
	if (!rq->view->model) {
		request_fail(rq, 503, "no-model",
			     "Train one first: `pipectl train`, or POST /api/train.",
			     "there is no model yet");
		return;
	}
	start(rq, SERVE_RULES_SUGGEST, NULL, NULL);
}

void api_rules_state(struct request *rq)
{
	struct reason why = { "" };
	enum err err;

	json_object(&rq->j, NULL);
	err = rq->ops->rules_state(rq->ops->ctx, request_int(rq, "id"), &rq->j, &why);
	json_end_object(&rq->j);
	if (err)
		request_err(rq, err, &why, NULL);
}
