#include "serve/api.h"
#include "serve/api_json.h"
#include "serve/suggest_ask.h"

#define MOST_K 20
#define PATH_MOST 16
/* What the loop may answer by itself: some 30 us a title. */
#define QUICK_TITLES 4
#define QUICK_BYTES 300 /* of all titles */
#define QUICK_K 5

static bool have_model(struct request *rq)
{
	if (!rq->view->model) {
		rq->retry_s = 60;
		request_fail(rq, 503, "no-model",
			     "Train one first: `pipectl train`, or POST /api/train.",
			     "there is no model yet");
	}
	return !rq->failed;
}

static void about_model(struct request *rq)
{
	json_int(&rq->j, "model", rq->view->model_id);
	json_str(&rq->j, "model_name", rq->view->model_name);
}

/* From the top to the category itself. */
static void path(struct json *j, const struct conf *c, int taxon)
{
	const struct conf_taxon *taxa = c->taxonomy.taxa;
	int line[PATH_MOST], n = 0;

	for (; taxa && taxon >= 0 && n < PATH_MOST; taxon = taxa[taxon].parent)
		line[n++] = taxon;
	json_array(j, "path");
	while (n-- > 0) {
		json_object(j, NULL);
		json_str(j, "category", taxa[line[n]].code);
		json_str(j, "ko", taxa[line[n]].ko);
		json_str(j, "en", taxa[line[n]].en);
		json_end_object(j);
	}
	json_end_array(j);
}

static void spans(struct json *j, const char *key, struct str form, const struct classifier_span *s,
		  int n)
{
	json_array(j, key);
	for (int i = 0; i < n; i++) {
		json_object(j, NULL);
		json_str(j, "text", str_sub(form, (size_t)s[i].from, (size_t)s[i].bytes));
		json_int(j, "from", s[i].from);
		json_int(j, "bytes", s[i].bytes);
		json_num(j, "weight", (double)s[i].weight, 3);
		json_end_object(j);
	}
	json_end_array(j);
}

static void category(struct json *j, const struct conf *c, struct str code, double p)
{
	const int at = conf_taxon(c, code);
	const struct conf_taxon *t = at < 0 ? NULL : &c->taxonomy.taxa[at];

	json_str(j, "category", code);
	json_str(j, "ko", t ? t->ko : (struct str){ 0 });
	json_str(j, "en", t ? t->en : (struct str){ 0 });
	json_num(j, "p", p, 4);
	path(j, c, at);
	api_json_names(j, t);
	json_array(j, "aliases");
	for (int i = 0; t && i < t->n_aliases; i++)
		json_str(j, NULL, t->aliases[i]);
	json_end_array(j);
}

/* The taxonomy may have changed since the model learned; what has no name now keeps its code. */
static struct str called(const struct request *rq, int klass)
{
	struct str code = classifier_class(rq->view->model, klass);
	struct str now = labeler_now(rq->view->labeler, code);

	return now.n ? now : code;
}

static void reasons(struct request *rq, const struct classifier_item *item, int k)
{
	struct classifier_argument a[MOST_K];
	char form[CLASSIFIER_FORM];
	struct json *j = &rq->j;
	size_t form_n;
	int n = classifier_explain(rq->view->model, item, k, form, &form_n, a);

	json_str(j, "normal", (struct str){ form, form_n });
	json_array(j, "suggestions");
	for (int i = 0; i < n; i++) {
		json_object(j, NULL);
		category(j, rq->view->conf, called(rq, a[i].klass), (double)a[i].p);
		spans(j, "pro", (struct str){ form, form_n }, a[i].pro, a[i].n_pro);
		spans(j, "con", (struct str){ form, form_n }, a[i].con, a[i].n_con);
		json_end_object(j);
	}
	json_end_array(j);
}

/* Members of the object that is open. */
static void suggest(struct request *rq, const struct classifier_item *item)
{
	const int k = (int)request_int(rq, "k");
	struct classifier_guess guess[MOST_K];
	int n;

	json_str(&rq->j, "title", item->title);
	if (request_bool(rq, "why")) {
		reasons(rq, item, k);
		return;
	}
	n = classifier_item_top(rq->view->model, item, k, guess);
	json_array(&rq->j, "suggestions");
	for (int i = 0; i < n; i++) {
		json_object(&rq->j, NULL);
		category(&rq->j, rq->view->conf, called(rq, guess[i].klass), (double)guess[i].p);
		json_end_object(&rq->j);
	}
	json_end_array(&rq->j);
}

void api_suggest_work(struct request *rq)
{
	struct suggest_ask ask;

	if (!have_model(rq) || !suggest_ask_one(rq, &ask))
		return;
	json_object(&rq->j, NULL);
	about_model(rq);
	suggest(rq, &ask.items[0]);
	json_end_object(&rq->j);
}

void api_suggest_quick(struct request *rq)
{
	rq->made = request_text(rq, "title").n <= QUICK_BYTES && request_int(rq, "k") <= QUICK_K;
	if (rq->made)
		api_suggest_work(rq);
}

static void answer_many(struct request *rq, const struct suggest_ask *ask)
{
	json_object(&rq->j, NULL);
	about_model(rq);
	json_array(&rq->j, "results");
	for (int i = 0; i < ask->n && !rq->out.full; i++) {
		json_object(&rq->j, NULL);
		suggest(rq, &ask->items[i]);
		json_end_object(&rq->j);
	}
	json_end_array(&rq->j);
	json_end_object(&rq->j);
	rq->cost = ask->n - 1;
}

void api_suggest_many(struct request *rq)
{
	struct suggest_ask ask;

	if (have_model(rq) && suggest_ask_many(rq, &ask))
		answer_many(rq, &ask);
}

void api_suggest_many_quick(struct request *rq)
{
	struct suggest_ask *ask;

	/* A longer body is not read yet. */
	if (!rq->body_read || !have_model(rq))
		return;
	ask = arena_zero(rq->arena, sizeof(*ask));
	if (!suggest_ask_many(rq, ask))
		return;
	rq->made = ask->n <= QUICK_TITLES && ask->bytes <= QUICK_BYTES &&
		   request_int(rq, "k") <= QUICK_K;
	if (rq->made)
		answer_many(rq, ask);
}

void api_suggest_last(struct request *rq)
{
	rq->counts->titles += 1 + rq->cost;
}

void api_suggest_health(struct request *rq)
{
	struct str fields[CLASSIFIER_FIELDS];
	int n = 0;

	json_object(&rq->j, NULL);
	json_bool(&rq->j, "ok", true);
	if (rq->view->model) {
		about_model(rq);
		n = classifier_fields(rq->view->model, fields);
	} else {
		json_null(&rq->j, "model");
		json_null(&rq->j, "model_name");
	}
	json_array(&rq->j, "fields");
	for (int i = 0; i < n; i++)
		json_str(&rq->j, NULL, fields[i]);
	json_end_array(&rq->j);
	json_end_object(&rq->j);
}
