#include "classifier/classifier.h"

#include "base/file.h"
#include "base/mem.h"
#include "classifier/explain.h"
#include "classifier/predict.h"
#include "classifier/train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct classifier {
	struct model model;
	void *mapped;
	size_t bytes;
};

enum err classifier_open(const char *path, struct classifier **ret, struct reason *why)
{
	struct classifier *c = mem_zero(sizeof(*c));
	struct reason inner;
	enum err err = file_map(path, 1, MODEL_BYTES, "model file", &c->mapped, &c->bytes, why);

	if (err)
		goto out;
	err = model_view((struct str){ c->mapped, c->bytes }, &c->model, &inner);
	if (err) {
		reason_set(why, err, "%s: %s", path, inner.text);
		goto out;
	}
	*ret = c;
	c = NULL;
out:
	classifier_close(c);
	return err;
}

void classifier_close(struct classifier *c)
{
	if (!c)
		return;
	if (c->mapped)
		munmap(c->mapped, c->bytes);
	mem_free(c);
}

const struct model *predict_model(const struct classifier *c)
{
	return &c->model;
}

int classifier_classes(const struct classifier *c)
{
	return c->model.classes;
}

struct str classifier_class(const struct classifier *c, int i)
{
	return model_name(&c->model, i);
}

int classifier_find(const struct classifier *c, struct str name)
{
	return model_find(&c->model, name);
}

int classifier_fields(const struct classifier *c, struct str ret[CLASSIFIER_FIELDS])
{
	struct str rest = c->model.fields, name;
	int n = 0;

	while (n < CLASSIFIER_FIELDS && str_next(&rest, 0, &name))
		if (name.n)
			ret[n++] = name;
	return n;
}

struct str classifier_price_band(double price, char to[CLASSIFIER_BAND])
{
	const double decade = 4;

	to[0] = 0;
	if (price > 0 && isfinite(price))
		snprintf(to, CLASSIFIER_BAND, "%d", (int)floor(log10(price) * decade + 1e-9));
	return str_of(to);
}

int classifier_item_top(const struct classifier *c, const struct classifier_item *item, int k,
			struct classifier_guess *ret)
{
	float p[CORPUS_CLASSES];

	predict_item(&c->model, item, p);
	return predict_best(p, c->model.classes, k, ret);
}

void classifier_item_probabilities(const struct classifier *c, const struct classifier_item *item,
				   float *ret)
{
	predict_item(&c->model, item, ret);
}

int classifier_top(const struct classifier *c, struct str title, int k,
		   struct classifier_guess *ret)
{
	const struct classifier_item item = { .title = title };

	return classifier_item_top(c, &item, k, ret);
}

void classifier_probabilities(const struct classifier *c, struct str title, float *ret)
{
	const struct classifier_item item = { .title = title };

	predict_item(&c->model, &item, ret);
}

int classifier_explain(const struct classifier *c, const struct classifier_item *item, int k,
		       char form[CLASSIFIER_FORM], size_t *ret_form,
		       struct classifier_argument *ret)
{
	return explain_item(&c->model, item, k, form, ret_form, ret);
}

void classifier_about(const struct classifier *c, struct classifier_about *ret)
{
	const struct model *m = &c->model;

	*ret = (struct classifier_about){ .classes = m->classes,
					  .members = m->members,
					  .dim = m->dim,
					  .bits = (int)m->bits,
					  .epochs = (int)m->facts.epochs,
					  .rate = m->facts.rate,
					  .rows = (int64_t)m->facts.rows,
					  .seed = m->facts.seed,
					  .temperature = (double)m->facts.temperature,
					  .dev_top1 = (double)m->facts.dev_top1,
					  .dev_top3 = (double)m->facts.dev_top3,
					  .bytes = (int64_t)c->bytes };
}

void classifier_row_of(struct str title, struct str klass, struct classifier_row *ret)
{
	*ret = (struct classifier_row){ .title = title,
					.labels = { { .klass = klass, .share = 1 } },
					.labels_n = 1,
					.weight = 1 };
}

enum err classifier_train(const struct classifier_rows *rows, const struct classifier_opt *opt,
			  const char *path, struct classifier_report *ret, struct reason *why)
{
	return train_model(rows, opt, path, ret, why);
}

enum err classifier_test(const struct classifier *c, const struct classifier_rows *rows,
			 struct classifier_score *ret, struct reason *why)
{
	struct classifier_evaluation *e = NULL;
	enum err err = classifier_evaluate(c, rows, &e, why);

	if (!err)
		*ret = classifier_evaluation_score(e);
	classifier_evaluation_free(e);
	return err;
}
