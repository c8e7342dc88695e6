#include "classifier/tool.h"

#include "base/file.h"
#include "base/json.h"
#include "classifier/evaluation.h"
#include "classifier/titles.h"
#include "classifier/tsv.h"

#include <stdio.h>
#include <unistd.h>

#define REPORT_BYTES ((size_t)64 << 20)

int tool_fail(enum opt_exit code, const char *text)
{
	fprintf(stderr, "pipeclass: %s\n", text);
	return (int)code;
}

int tool_print(struct buf *line)
{
	buf_add_char(line, '\n');
	fwrite(line->p, 1, line->n, stdout);
	buf_done(line);
	return fflush(stdout) == 0 && !ferror(stdout)
		       ? EXIT_DONE
		       : tool_fail(EXIT_FAILED, "standard output cannot be written");
}

enum err tool_rows(const struct tool *s, const char *path, struct tsv **ret, struct reason *why)
{
	struct tsv_count n;
	struct tsv *t = NULL;
	enum err err = tsv_open(path, s->columns, &t, why);

	if (err)
		return err;
	n = tsv_count(t);
	if (n.misshapen)
		fprintf(stderr,
			"pipeclass: %s:%lld: not 'title TAB category%s%s'; skipped, as were %lld "
			"lines in all\n",
			path, (long long)n.first_misshapen, s->columns ? " TAB " : "",
			s->columns ? s->columns : "", (long long)n.misshapen);
	if (n.rows) {
		*ret = t;
		return ERR_OK;
	}
	tsv_close(t);
	return reason_set(why, ERR_BAD, "%s: no line is 'title TAB category%s%s'", path,
			  s->columns ? " TAB " : "", s->columns ? s->columns : "");
}

static bool show_progress(void *ctx, double done, const char *what)
{
	(void)ctx;
	fprintf(stderr, "\r%3d%% %-20s", (int)(done * 100), what);
	return true;
}

struct classifier_opt tool_options(const struct tool *s)
{
	struct classifier_opt opt = classifier_defaults();

	opt.seed = (uint64_t)s->seed;
	opt.epochs = (int)s->epochs;
	opt.rate = s->rate;
	opt.min_rows = s->min_rows;
	opt.bits = (int)s->bits;
	opt.balance = s->balance;
	opt.newer = s->newer;
	opt.threads = (int)s->threads;
	opt.progress = isatty(STDERR_FILENO) ? show_progress : NULL;
	return opt;
}

void tool_progress_done(const struct classifier_opt *opt)
{
	if (opt->progress)
		fprintf(stderr, "\r%-26s\r", "");
}

static void score_json(struct json *j, const struct classifier_score *s)
{
	json_int(j, "n", s->n);
	json_num(j, "top1", s->top1, 4);
	json_num(j, "top3", s->top3, 4);
	json_num(j, "top5", s->top5, 4);
	json_num(j, "macro_f1", s->macro_f1, 4);
	json_num(j, "ece", s->ece, 4);
	json_num(j, "ece_top3", s->ece3, 4);
	json_int(j, "unknown_class", s->unknown_class);
}

/* A model and rows to measure it on. */
struct measured {
	struct classifier *c;
	struct tsv *t;
	struct classifier_evaluation *e;
};

static void measured_done(struct measured *m)
{
	classifier_evaluation_free(m->e);
	tsv_close(m->t);
	classifier_close(m->c);
}

static enum err measure(const struct tool *s, const char *data, struct measured *ret,
			struct reason *why)
{
	struct classifier_rows rows;
	enum err err = classifier_open(s->model, &ret->c, why);

	if (!err)
		err = tool_rows(s, data, &ret->t, why);
	if (err)
		return err;
	rows = tsv_rows(ret->t);
	return classifier_evaluate(ret->c, &rows, &ret->e, why);
}

static int print_training(const struct tool *s, const struct classifier_report *r,
			  const struct classifier_score *valid)
{
	struct buf line;
	struct json j;

	buf_init(&line, 1 << 20);
	json_init(&j, &line);
	json_object(&j, NULL);
	json_text(&j, "model", s->model);
	json_int(&j, "rows", r->rows);
	json_int(&j, "left_out", r->left_out);
	json_int(&j, "classes", r->classes);
	json_int(&j, "epochs", r->epochs);
	json_num(&j, "rate", r->rate, 4);
	json_num(&j, "dev_top1", r->dev_top1, 4);
	json_num(&j, "dev_top3", r->dev_top3, 4);
	if (valid) {
		json_object(&j, "valid");
		score_json(&j, valid);
		json_end_object(&j);
	}
	json_end_object(&j);
	return tool_print(&line);
}

int tool_train(const struct tool *s)
{
	struct classifier_opt opt = tool_options(s);
	struct classifier_report report;
	struct classifier_score valid = { .n = 0 };
	struct measured m = { .c = NULL };
	struct classifier_rows rows;
	struct classifier *start = NULL;
	struct reason why;
	struct tsv *t = NULL;
	enum err err = s->start ? classifier_open(s->start, &start, &why) : ERR_OK;

	if (!err)
		err = tool_rows(s, s->data, &t, &why);
	if (!err) {
		rows = tsv_rows(t);
		opt.start = start;
		err = classifier_train(&rows, &opt, s->model, &report, &why);
	}
	tool_progress_done(&opt);
	tsv_close(t);
	classifier_close(start);
	if (!err && s->valid)
		err = measure(s, s->valid, &m, &why);
	if (m.e)
		valid = classifier_evaluation_score(m.e);
	measured_done(&m);
	if (err)
		return tool_fail(EXIT_FAILED, why.text);
	return print_training(s, &report, s->valid ? &valid : NULL);
}

static enum err write_html(const struct classifier_evaluation *e, const char *path,
			   struct reason *why)
{
	struct buf page;
	enum err err;

	buf_init(&page, REPORT_BYTES);
	err = classifier_evaluation_print(e, CLASSIFIER_HTML, &page);
	err = err ? reason_set(why, err, "%s: the page is too long", path)
		  : file_write(path, buf_str(&page), why);
	buf_done(&page);
	return err;
}

static void add_summary(struct buf *to, const struct classifier_evaluation *e)
{
	struct classifier_score score = classifier_evaluation_score(e);
	struct json j;

	json_init(&j, to);
	json_object(&j, NULL);
	score_json(&j, &score);
	if (e->promise.precision > 0)
		evaluation_json_promise(&j, &e->promise);
	json_end_object(&j);
}

int tool_test(const struct tool *s)
{
	struct measured m = { .c = NULL };
	struct reason why;
	struct buf out;
	enum err err = measure(s, s->data, &m, &why);

	buf_init(&out, REPORT_BYTES);
	if (!err && s->precision > 0)
		classifier_evaluation_promise(m.e, s->precision, m.e, "titles");
	if (!err &&
	    classifier_evaluation_print(m.e, s->json ? CLASSIFIER_JSON : CLASSIFIER_TEXT, &out))
		err = reason_set(&why, ERR_TOO_BIG, "the report is longer than %zu bytes",
				 REPORT_BYTES);
	if (!err && !s->json) {
		buf_add_char(&out, '\n');
		add_summary(&out, m.e);
	}
	if (!err && s->html)
		err = write_html(m.e, s->html, &why);
	measured_done(&m);
	if (err) {
		buf_done(&out);
		return tool_fail(EXIT_FAILED, why.text);
	}
	return tool_print(&out);
}

int tool_predict(const struct tool *s)
{
	const struct titles_opt opt = { .sure = s->sure, .separator = str_of(s->separator) };
	struct classifier *c = NULL;
	struct reason why;
	enum err err = classifier_open(s->model, &c, &why);

	if (!err)
		err = titles_predict(c, &opt, STDIN_FILENO, STDOUT_FILENO, &why);
	classifier_close(c);
	return err ? tool_fail(EXIT_FAILED, why.text) : EXIT_DONE;
}

static void about_json(struct json *j, const struct classifier_about *a)
{
	json_int(j, "classes", a->classes);
	json_int(j, "rows", a->rows);
	json_int(j, "epochs", a->epochs);
	json_num(j, "rate", a->rate, 4);
	json_int(j, "seed", (int64_t)a->seed);
	json_int(j, "members", a->members);
	json_int(j, "dim", a->dim);
	json_int(j, "bits", a->bits);
	json_num(j, "temperature", a->temperature, 4);
	json_num(j, "dev_top1", a->dev_top1, 4);
	json_num(j, "dev_top3", a->dev_top3, 4);
	json_int(j, "bytes", a->bytes);
}

int tool_info(const struct tool *s)
{
	struct classifier_about about;
	struct classifier *c = NULL;
	struct reason why;
	struct buf line;
	struct json j;

	if (classifier_open(s->model, &c, &why))
		return tool_fail(EXIT_FAILED, why.text);
	classifier_about(c, &about);
	buf_init(&line, 64 << 20);
	json_init(&j, &line);
	json_object(&j, NULL);
	about_json(&j, &about);
	json_array(&j, "categories");
	for (int k = 0; k < about.classes; k++)
		json_str(&j, NULL, classifier_class(c, k));
	json_end_array(&j);
	json_end_object(&j);
	classifier_close(c);
	return tool_print(&line);
}
