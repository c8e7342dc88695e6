#include "base/json.h"
#include "base/mem.h"
#include "classifier/predict.h"
#include "classifier/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BEST 3
#define LINE_BYTES ((size_t)1 << 20)

static void fold_line(struct json *j, const struct classifier_folds *f,
		      const struct classifier_folds_row *row, const float *p, bool all)
{
	int n = classifier_folds_about(f).classes;
	struct classifier_guess best[BEST];

	json_object(j, NULL);
	json_int(j, "row", row->input + 1);
	json_int(j, "fold", row->fold);
	json_str(j, "category", classifier_folds_class(f, row->klass));
	json_num(j, "p", (double)p[row->klass], 6);
	if (!row->learned)
		json_bool(j, "learned", false);
	if (all) {
		json_array(j, "all");
		for (int k = 0; k < n; k++)
			json_num(j, NULL, (double)p[k], 6);
		json_end_array(j);
	} else {
		json_array(j, "top");
		n = predict_best(p, n, BEST, best);
		for (int k = 0; k < n; k++) {
			json_object(j, NULL);
			json_str(j, "category", classifier_folds_class(f, best[k].klass));
			json_num(j, "p", (double)best[k].p, 6);
			json_end_object(j);
		}
		json_end_array(j);
	}
	json_end_object(j);
}

/* The first line: how it was done, and which category is which in "all". */
static void fold_head(struct json *j, const struct classifier_folds *f)
{
	struct classifier_folds_about a = classifier_folds_about(f);

	json_object(j, NULL);
	json_int(j, "rows", a.rows);
	json_int(j, "left_out", a.left_out);
	json_int(j, "folds", a.folds);
	json_int(j, "epochs", a.epochs);
	json_num(j, "rate", a.rate, 4);
	json_num(j, "temperature", a.temperature, 4);
	json_num(j, "loss", a.loss, 4);
	json_num(j, "top1", a.top1, 4);
	json_num(j, "top3", a.top3, 4);
	json_array(j, "categories");
	for (int k = 0; k < a.classes; k++)
		json_str(j, NULL, classifier_folds_class(f, k));
	json_end_array(j);
	json_end_object(j);
}

static enum err write_line(struct buf *line, FILE *to)
{
	enum err err = ERR_OK;

	buf_add_char(line, '\n');
	if (line->full || fwrite(line->p, 1, line->n, to) != line->n)
		err = ERR_IO;
	buf_clear(line);
	return err;
}

static enum err write_folds(const struct classifier_folds *f, const struct tool *s, FILE *to)
{
	struct classifier_folds_about a = classifier_folds_about(f);
	float *p = mem_array((size_t)a.classes, sizeof(*p));
	struct classifier_folds_row row;
	struct buf line;
	struct json j;
	enum err err;

	buf_init(&line, LINE_BYTES * 16);
	json_init(&j, &line);
	fold_head(&j, f);
	err = write_line(&line, to);
	for (int64_t i = 0; i < a.rows && !err; i++) {
		err = classifier_folds_row(f, i, &row, p);
		if (err)
			break;
		json_init(&j, &line);
		fold_line(&j, f, &row, p, s->all);
		err = write_line(&line, to);
	}
	buf_done(&line);
	mem_free(p);
	return err;
}

static enum err print_folds(const struct classifier_folds *f, const struct tool *s, FILE *to,
			    struct reason *why)
{
	enum err err = write_folds(f, s, to);

	if (fflush(to) != 0)
		err = ERR_IO;
	return err ? reason_set(why, err, "%s: cannot be written",
				s->output ? s->output : "standard output")
		   : ERR_OK;
}

/* Answers go beside their file, which is replaced in one step once all are there. */
struct output {
	FILE *to;
	char beside[4096]; /* "": standard output */
};

static enum err output_open(const char *path, struct output *ret, struct reason *why)
{
	int n, fd;
	enum err err;

	*ret = (struct output){ .to = stdout };
	if (!path)
		return ERR_OK;
	n = snprintf(ret->beside, sizeof(ret->beside), "%s.XXXXXX", path);
	if (n < 0 || (size_t)n >= sizeof(ret->beside))
		return reason_set(why, ERR_TOO_BIG, "%s: the path is too long", path);
	fd = mkostemp(ret->beside, O_CLOEXEC);
	ret->to = fd >= 0 && fchmod(fd, 0644) == 0 ? fdopen(fd, "w") : NULL;
	if (ret->to)
		return ERR_OK;
	err = reason_set(why, err_errno(errno), "%s: %s", path, strerror(errno));
	if (fd >= 0) {
		unlink(ret->beside);
		close(fd);
	}
	return err;
}

static enum err output_close(struct output *o, const char *path, enum err err, struct reason *why)
{
	if (!path)
		return err;
	if (!err && (fflush(o->to) != 0 || fsync(fileno(o->to)) != 0))
		err = reason_set(why, err_errno(errno), "%s: %s", path, strerror(errno));
	fclose(o->to);
	if (!err && rename(o->beside, path) != 0)
		err = reason_set(why, err_errno(errno), "%s: %s", path, strerror(errno));
	if (err)
		unlink(o->beside);
	return err;
}

int tool_folds(const struct tool *s)
{
	const char *beside = s->output ? s->output : "./pipeclass";
	struct classifier_opt opt = tool_options(s);
	struct classifier_folds *f = NULL;
	struct classifier_rows rows;
	struct tsv *t = NULL;
	struct reason why;
	struct output out;
	enum err err = tool_rows(s, s->data, &t, &why);

	if (!err)
		err = output_open(s->output, &out, &why);
	if (err) {
		tsv_close(t);
		return tool_fail(EXIT_FAILED, why.text);
	}
	rows = tsv_rows(t);
	err = classifier_folds_make(&rows, &opt, (int)s->folds, beside, &f, &why);
	tool_progress_done(&opt);
	tsv_close(t);
	if (!err)
		err = print_folds(f, s, out.to, &why);
	err = output_close(&out, s->output, err, &why);
	classifier_folds_free(f);
	return err ? tool_fail(EXIT_FAILED, why.text) : EXIT_DONE;
}

static void curve_json(struct json *j, const struct classifier_curve *c)
{
	json_object(j, NULL);
	json_int(j, "dev_rows", c->dev_rows);
	json_array(j, "points");
	for (int i = 0; i < c->points_n; i++) {
		json_object(j, NULL);
		json_int(j, "rows", c->points[i].rows);
		json_num(j, "top1", c->points[i].top1, 4);
		json_num(j, "low", c->points[i].low, 4);
		json_num(j, "high", c->points[i].high, 4);
		json_end_object(j);
	}
	json_end_array(j);
	json_num(j, "floor", c->floor, 6);
	json_num(j, "b", c->b, 6);
	json_num(j, "c", c->c, 6);
	json_num(j, "gain", c->gain, 6);
	json_num(j, "gain_low", c->gain_low, 6);
	json_num(j, "gain_high", c->gain_high, 6);
	json_end_object(j);
}

static void curve_text(struct buf *to, const struct classifier_curve *c)
{
	buf_fmt(to, "%lld titles were held out\n\n    titles  best right (95%% interval)\n",
		(long long)c->dev_rows);
	for (int i = 0; i < c->points_n; i++)
		buf_fmt(to, "%10lld  %6.2f%% (%.2f to %.2f)\n", (long long)c->points[i].rows,
			c->points[i].top1 * 100, c->points[i].low * 100, c->points[i].high * 100);
	buf_fmt(to,
		"\ntwice as many titles would add %.2f points (%.2f to %.2f); more and more of "
		"them, "
		"%.2f at most",
		c->gain * 100, c->gain_low * 100, c->gain_high * 100,
		c->b * pow((double)c->points[c->points_n - 1].rows, -c->c) * 100);
}

int tool_curve(const struct tool *s)
{
	struct classifier_opt opt = tool_options(s);
	struct classifier_curve curve;
	struct classifier_rows rows;
	struct tsv *t = NULL;
	struct reason why;
	struct buf out;
	struct json j;
	enum err err = tool_rows(s, s->data, &t, &why);

	if (err)
		return tool_fail(EXIT_FAILED, why.text);
	rows = tsv_rows(t);
	err = classifier_curve(&rows, &opt, "./pipeclass", &curve, &why);
	tool_progress_done(&opt);
	tsv_close(t);
	if (err)
		return tool_fail(EXIT_FAILED, why.text);
	buf_init(&out, LINE_BYTES);
	json_init(&j, &out);
	if (s->json)
		curve_json(&j, &curve);
	else
		curve_text(&out, &curve);
	return tool_print(&out);
}

static void change_json(struct json *j, const char *key, const struct classifier_change *c)
{
	json_object(j, key);
	json_num(j, "first", c->a, 4);
	json_num(j, "second", c->b, 4);
	json_num(j, "change", c->b - c->a, 6);
	json_num(j, "low", c->low, 6);
	json_num(j, "high", c->high, 6);
	json_end_object(j);
}

static void comparison_json(struct json *j, const struct classifier_comparison *c)
{
	json_object(j, NULL);
	json_int(j, "n", c->n);
	json_int(j, "both", c->both);
	json_int(j, "only_first", c->only_a);
	json_int(j, "only_second", c->only_b);
	json_int(j, "neither", c->neither);
	json_int(j, "groups_first", c->groups_a);
	json_int(j, "groups_second", c->groups_b);
	json_num(j, "p", c->p, 6);
	change_json(j, "top1", &c->top1);
	change_json(j, "top3", &c->top3);
	change_json(j, "macro_f1", &c->macro_f1);
	json_end_object(j);
}

static void change_text(struct buf *to, const char *what, const struct classifier_change *c)
{
	buf_fmt(to, "%-21s %6.2f%%  %6.2f%%  %+6.2f (%+.2f to %+.2f)\n", what, c->a * 100,
		c->b * 100, (c->b - c->a) * 100, c->low * 100, c->high * 100);
}

static void comparison_text(struct buf *to, const struct classifier_comparison *c)
{
	buf_fmt(to, "%lld titles\n\n%-22s  first   second  change (95%% interval)\n",
		(long long)c->n, "");
	change_text(to, "best category right", &c->top1);
	change_text(to, "among the best three", &c->top3);
	change_text(to, "macro-F1", &c->macro_f1);
	buf_fmt(to,
		"\nright by both %lld, by the first alone %lld, by the second alone %lld, by "
		"neither "
		"%lld\n",
		(long long)c->both, (long long)c->only_a, (long long)c->only_b,
		(long long)c->neither);
	if (c->p < 0.05)
		buf_fmt(to, "the %s one is better (McNemar's exact test, p = %.2g)",
			c->groups_b > c->groups_a ? "second" : "first", c->p);
	else
		buf_fmt(to,
			"no difference can be shown on so many titles (McNemar's exact test, p = "
			"%.2f)",
			c->p);
}

int tool_compare(const struct tool *s)
{
	struct classifier *models[2] = { NULL, NULL };
	struct classifier_comparison comparison;
	struct classifier_rows rows;
	struct tsv *t = NULL;
	struct reason why;
	struct buf out;
	struct json j;
	enum err err = ERR_OK;

	for (int m = 0; m < 2 && !err; m++)
		err = classifier_open(s->args[m], &models[m], &why);
	if (!err)
		err = tool_rows(s, s->data, &t, &why);
	if (!err) {
		rows = tsv_rows(t);
		err = classifier_compare(models[0], models[1], &rows, (uint64_t)s->seed,
					 &comparison, &why);
	}
	tsv_close(t);
	classifier_close(models[0]);
	classifier_close(models[1]);
	if (err)
		return tool_fail(EXIT_FAILED, why.text);
	buf_init(&out, LINE_BYTES);
	json_init(&j, &out);
	if (s->json)
		comparison_json(&j, &comparison);
	else
		comparison_text(&out, &comparison);
	return tool_print(&out);
}
