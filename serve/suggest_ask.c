#include "serve/suggest_ask.h"

#include "base/utf8.h"
#include "model/hint.h"
#include "serve/body.h"

#include <math.h>
#include <stdio.h>

/* One title that is read: where it stands, for what is wrong with it. */
struct reading {
	struct request *rq;
	struct classifier_item *item;
	struct classifier_field *fields; /* of the item, CLASSIFIER_FIELDS of them */
	char at[24];			 /* "`items[3]`: "; "" in the URL */
};

static const char all_or_none[] = "The answer is for all titles or none.";

static void refuse(const struct reading *r, int status, const char *code, struct str name,
		   const char *what)
{
	struct str shown = utf8_clean(r->rq->arena, utf8_cut(name, 64));

	request_fail(r->rq, status, code, r->at[0] ? all_or_none : NULL, "%s`%.*s` %s", r->at,
		     STR_ARG(shown), what);
}

static void refuse_unknown(const struct reading *r, struct str name)
{
	struct str known[CLASSIFIER_FIELDS];
	const int n = classifier_fields(r->rq->view->model, known);
	struct buf text;

	buf_init(&text, 320);
	buf_add_text(&text,
		     "is not what the live model was trained with; beside a title it knows ");
	for (int i = 0; i < n; i++)
		buf_fmt(&text, "%s%.*s", i ? ", " : "", STR_ARG(known[i]));
	if (n == 0)
		buf_add_text(&text, "nothing");
	refuse(r, 400, "bad", name, text.p);
	buf_done(&text);
}

static bool known(const struct reading *r, struct str name)
{
	struct str names[CLASSIFIER_FIELDS];
	const int n = classifier_fields(r->rq->view->model, names);

	for (int i = 0; i < n; i++)
		if (str_eq(names[i], name))
			return true;
	return false;
}

/* The model knows a price by its band. */
static bool band_of(const struct reading *r, struct str price, struct str *ret)
{
	double x = 0;

	if (!str_f64(price, &x) || !isfinite(x) || x < 0)
		return false;
	*ret = classifier_price_band(x, arena_alloc(r->rq->arena, CLASSIFIER_BAND));
	return true;
}

static void add_field(struct reading *r, struct str name, struct str value)
{
	if (!known(r, name))
		refuse_unknown(r, name);
	else if (value.n > SUGGEST_ASK_FIELD)
		refuse(r, 413, "too-big", name, "is longer than 200 bytes");
	else if (str_is(name, hint_name(HINT_PRICE)) && !band_of(r, value, &value))
		refuse(r, 400, "bad", name, "must be a number, 0 or more");
	if (!r->rq->failed)
		r->fields[r->item->fields_n++] = (struct classifier_field){ name, value };
}

static void begin(struct request *rq, int n, struct suggest_ask *ret)
{
	ret->n = n;
	ret->bytes = 0;
	ret->items = arena_array(rq->arena, (size_t)n, sizeof(*ret->items));
}

static struct reading reading_of(struct request *rq, struct classifier_item *item)
{
	struct reading r = { .rq = rq, .item = item };

	r.fields = arena_array(rq->arena, CLASSIFIER_FIELDS, sizeof(*r.fields));
	item->fields = r.fields;
	return r;
}

bool suggest_ask_one(struct request *rq, struct suggest_ask *ret)
{
	struct reading r;

	begin(rq, 1, ret);
	r = reading_of(rq, &ret->items[0]);
	r.item->title = request_text(rq, "title");
	ret->bytes = r.item->title.n;
	if (!ret->bytes)
		request_fail(rq, 400, "bad", NULL, "`title` is empty");
	for (int i = 0; i < HINT_N && !rq->failed; i++) {
		const char *name = hint_name((enum hint)i);

		if (request_arg(rq, name)->given)
			add_field(&r, str_of(name), request_text(rq, name));
	}
	return !rq->failed;
}

static void read_member(struct reading *r, const struct body_member *m)
{
	double x;

	if (str_is(m->name, "title")) {
		if (m->type == BODY_TEXT)
			r->item->title = m->text;
		else
			refuse(r, 400, "bad", m->name, "must be a text");
	} else if (m->type == BODY_NULL) {
		return;
	} else if (m->type == BODY_TEXT) {
		add_field(r, m->name, m->text);
	} else if (str_f64(m->json, &x)) {
		add_field(r, m->name, m->json);
	} else {
		refuse(r, 400, "bad", m->name, "must be a text or a number");
	}
}

static void read_items(struct request *rq, struct str json, struct suggest_ask *to)
{
	struct body_object *o = NULL;
	struct reason why = { "" };
	int n = 0;
	enum err err = body_read_objects(json, rq->arena, &o, &n, &why);

	if (err) {
		request_err(rq, err, &why, "`items` is an array of 1 to 1000 objects.");
		return;
	}
	begin(rq, n, to);
	for (int i = 0; i < n && !rq->failed; i++) {
		struct reading r = reading_of(rq, &to->items[i]);

		snprintf(r.at, sizeof(r.at), "`items[%d]`: ", i);
		for (int k = 0; k < o[i].n && !rq->failed; k++)
			read_member(&r, &o[i].members[k]);
	}
}

static void read_titles(struct request *rq, const struct request_arg *titles,
			struct suggest_ask *to)
{
	begin(rq, titles->n_texts, to);
	for (int i = 0; i < to->n; i++)
		to->items[i] = (struct classifier_item){ .title = titles->texts[i] };
}

static void check_title(struct request *rq, const char *list, int at, struct str title)
{
	if (!title.n)
		request_fail(rq, 400, "bad", all_or_none, "`%s[%d]` has no title", list, at);
	else if (title.n > SUGGEST_ASK_TITLE)
		request_fail(rq, 413, "too-big", all_or_none,
			     "the title of `%s[%d]` is longer than %d bytes", list, at,
			     SUGGEST_ASK_TITLE);
}

bool suggest_ask_many(struct request *rq, struct suggest_ask *ret)
{
	const struct request_arg *titles = request_arg(rq, "titles");
	const struct request_arg *items = request_arg(rq, "items");
	const char *list = items->given ? "items" : "titles";

	if (titles->given == items->given) {
		request_fail(rq, 400, "bad", "See docs/api.md.",
			     "one of `titles` and `items` is wanted");
		return false;
	}
	if (items->given)
		read_items(rq, items->text, ret);
	else
		read_titles(rq, titles, ret);
	if (!rq->failed && ret->n == 0)
		request_fail(rq, 400, "bad", NULL, "`%s` is empty", list);
	for (int i = 0; !rq->failed && i < ret->n; i++) {
		check_title(rq, list, i, ret->items[i].title);
		ret->bytes += ret->items[i].title.n;
	}
	return !rq->failed;
}
