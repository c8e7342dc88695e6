#include "serve/api.h"
#include "serve/api_json.h"
#include "serve/body.h"

#define MOST_K 20
#define PATH_MOST 16
/* What the loop may answer by itself: some 30 us. */
#define QUICK_TITLE 300
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
	json_array(j, "aliases");
	for (int i = 0; t && i < t->n_aliases; i++)
		json_str(j, NULL, t->aliases[i]);
	json_end_array(j);
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
		category(j, rq->view->conf, classifier_class(rq->view->model, a[i].klass),
			 (double)a[i].p);
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
		category(&rq->j, rq->view->conf, classifier_class(rq->view->model, guess[i].klass),
			 (double)guess[i].p);
		json_end_object(&rq->j);
	}
	json_end_array(&rq->j);
}

/* --- one title --- */

static struct classifier_item item_of(const struct request *rq, struct classifier_field *f,
				      char band[CLASSIFIER_BAND])
{
	static const char *const names[] = { "brand", "source", "category" };
	struct classifier_item item = { .title = request_text(rq, "title"), .fields = f };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (request_arg(rq, names[i])->given)
			f[item.fields_n++] =
				(struct classifier_field){ str_of(names[i]),
							   request_text(rq, names[i]) };
	if (request_arg(rq, "price")->given)
		f[item.fields_n++] = (struct classifier_field){
			STR("price"), classifier_price_band((double)request_int(rq, "price"), band)
		};
	return item;
}

void api_suggest_work(struct request *rq)
{
	struct classifier_field fields[CLASSIFIER_FIELDS];
	char band[CLASSIFIER_BAND];
	const struct classifier_item item = item_of(rq, fields, band);

	if (!have_model(rq))
		return;
	if (!item.title.n) {
		request_fail(rq, 400, "bad", NULL, "`title` is empty");
		return;
	}
	json_object(&rq->j, NULL);
	about_model(rq);
	suggest(rq, &item);
	json_end_object(&rq->j);
}

void api_suggest_quick(struct request *rq)
{
	rq->made = request_text(rq, "title").n <= QUICK_TITLE && request_int(rq, "k") <= QUICK_K;
	if (rq->made)
		api_suggest_work(rq);
}

/* --- many --- */

struct many {
	struct classifier_item *items;
	int n;
};

static bool bad_item(struct request *rq, const char *list, int at, const char *what)
{
	request_fail(rq, 400, "bad", "The answer is for all titles or none.", "`%s[%d]` %s", list,
		     at, what);
	return false;
}

static bool set_field(struct arena *a, const struct body_member *m, struct classifier_item *item,
		      struct classifier_field *f)
{
	double x = 0;

	if (m->type == BODY_TEXT && str_is(m->name, "title")) {
		item->title = m->text;
		return true;
	}
	if (m->type == BODY_NULL && !str_is(m->name, "title"))
		return true;
	if (item->fields_n == CLASSIFIER_FIELDS || str_is(m->name, "title"))
		return false;
	f[item->fields_n] = (struct classifier_field){ m->name, m->text };
	if (str_is(m->name, "price")) {
		if (!str_f64(m->type == BODY_TEXT ? m->text : m->json, &x))
			return false;
		f[item->fields_n].value = classifier_price_band(x, arena_alloc(a, CLASSIFIER_BAND));
	} else if (m->type == BODY_INT || str_f64(m->json, &x)) {
		f[item->fields_n].value = m->json;
	} else if (m->type != BODY_TEXT) {
		return false;
	}
	item->fields_n++;
	return true;
}

static void read_items(struct request *rq, struct str json, struct many *to)
{
	struct body_object *o = NULL;
	struct reason why = { "" };
	enum err err = body_read_objects(json, rq->arena, &o, &to->n, &why);

	if (err) {
		request_err(rq, err, &why, "`items` is an array of 1 to 1000 objects.");
		return;
	}
	to->items = arena_array(rq->arena, (size_t)to->n + 1, sizeof(*to->items));
	for (int i = 0; i < to->n && !rq->failed; i++) {
		struct classifier_field *f = arena_array(rq->arena, CLASSIFIER_FIELDS, sizeof(*f));

		to->items[i] = (struct classifier_item){ .fields = f };
		for (int k = 0; k < o[i].n && !rq->failed; k++)
			if (!set_field(rq->arena, &o[i].members[k], &to->items[i], f))
				bad_item(rq, "items", i,
					 "wants a `title`, and beside it at most 16 texts and "
					 "numbers");
	}
}

static bool read_many(struct request *rq, struct many *to)
{
	const struct request_arg *titles = request_arg(rq, "titles");
	const struct request_arg *items = request_arg(rq, "items");
	const char *list = items->given ? "items" : "titles";

	if (titles->given == items->given) {
		request_fail(rq, 400, "bad", "See docs/api.md.",
			     "one of `titles` and `items` is wanted");
		return false;
	}
	if (items->given) {
		read_items(rq, items->text, to);
	} else {
		to->n = titles->n_texts;
		to->items = arena_array(rq->arena, (size_t)to->n + 1, sizeof(*to->items));
		for (int i = 0; i < to->n; i++)
			to->items[i] = (struct classifier_item){ .title = titles->texts[i] };
	}
	if (!rq->failed && to->n == 0)
		request_fail(rq, 400, "bad", NULL, "`%s` is empty", list);
	for (int i = 0; i < to->n && !rq->failed; i++) {
		if (!to->items[i].title.n)
			bad_item(rq, list, i, "has no title");
		else if (to->items[i].title.n > API_SUGGEST_TITLE)
			request_fail(rq, 413, "too-big", "The answer is for all titles or none.",
				     "the title of `%s[%d]` is longer than %d bytes", list, i,
				     API_SUGGEST_TITLE);
	}
	return !rq->failed;
}

void api_suggest_many(struct request *rq)
{
	struct many m = { .n = 0 };

	if (!have_model(rq) || !read_many(rq, &m))
		return;
	json_object(&rq->j, NULL);
	about_model(rq);
	json_array(&rq->j, "results");
	for (int i = 0; i < m.n && !rq->out.full; i++) {
		json_object(&rq->j, NULL);
		suggest(rq, &m.items[i]);
		json_end_object(&rq->j);
	}
	json_end_array(&rq->j);
	json_end_object(&rq->j);
	rq->cost = m.n - 1;
}

void api_suggest_last(struct request *rq)
{
	rq->counts->titles += 1 + rq->cost;
}

void api_suggest_health(struct request *rq)
{
	json_object(&rq->j, NULL);
	json_bool(&rq->j, "ok", true);
	if (rq->view->model) {
		about_model(rq);
	} else {
		json_null(&rq->j, "model");
		json_null(&rq->j, "model_name");
	}
	json_end_object(&rq->j);
}
