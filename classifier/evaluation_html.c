#include "base/mem.h"
#include "classifier/evaluation.h"

#define SIDE 320   /* of a plot, in its own units */
#define FRAME 40   /* around it, for the numbers */
#define POINTS 100 /* of the curve of coverage */

static const char head[] =
	"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width\">"
	"<title>Evaluation of a classifier</title>\n<style>\n"
	":root{color-scheme:light dark;--line:#8886;--ink:#2563eb;--warm:#d97706}\n"
	"body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}\n"
	"table{border-collapse:collapse;margin:.5rem 0 2rem}\n"
	"th,td{padding:.2rem .8rem;text-align:right;border-bottom:1px solid var(--line);"
	"font-variant-numeric:tabular-nums}\n"
	"th:last-child,td:last-child{text-align:left}\n"
	"small{opacity:.7}figure{display:inline-block;margin:0 2rem 1rem 0;vertical-align:top}\n"
	"figcaption{max-width:24rem}svg{width:24rem;max-width:100%}\n"
	"svg text{font-size:11px;fill:currentColor}ul{margin:.2rem 0;padding-left:1.2rem}\n"
	".bar{display:inline-block;height:.7em;background:var(--ink)}\n"
	"</style></head><body>\n<h1>Evaluation of a classifier</h1>\n";

static void add_escaped(struct buf *to, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (c == '<')
			buf_add_text(to, "&lt;");
		else if (c == '&')
			buf_add_text(to, "&amp;");
		else if (c == '"')
			buf_add_text(to, "&quot;");
		else
			buf_add_char(to, (char)((unsigned char)c < 0x20 || c == 0x7f ? ' ' : c));
	}
}

static void add_share(struct buf *to, int64_t hits, int64_t n)
{
	struct interval i = evaluation_share(hits, n);

	if (n == 0)
		buf_add_text(to, "<td>-</td>");
	else
		buf_fmt(to, "<td>%.2f%% <small>%.1f&ndash;%.1f</small></td>",
			evaluation_ratio(hits, n) * 100, i.low * 100, i.high * 100);
}

static void score_row(struct buf *to, const char *what, double share, int64_t n)
{
	buf_add_text(to, "<tr>");
	add_share(to, (int64_t)(share * (double)n + 0.5), n);
	buf_fmt(to, "<td>%s</td></tr>\n", what);
}

static void add_score(struct buf *to, const struct classifier_evaluation *e)
{
	const struct classifier_score *s = &e->score;

	buf_fmt(to,
		"<p>%lld titles, %lld of a category that the model does not have. Small numbers "
		"are "
		"95%% intervals (Wilson).</p>\n<table>\n",
		(long long)s->n, (long long)s->unknown_class);
	score_row(to, "best category right (micro-F1)", s->top1, s->n);
	score_row(to, "among the best three", s->top3, s->n);
	score_row(to, "among the best five", s->top5, s->n);
	buf_fmt(to, "<tr><td>%.2f%%</td><td>macro-F1</td></tr>\n", s->macro_f1 * 100);
	buf_fmt(to,
		"<tr><td>%.2f%%</td><td>expected calibration error</td></tr>\n"
		"<tr><td>%.2f%%</td><td>the same of the best three together</td></tr>\n</table>\n",
		s->ece * 100, s->ece3 * 100);
}

static void add_promise(struct buf *to, const struct evaluation_promise *p)
{
	buf_fmt(to, "<h2>Threshold for a precision of %.4g%%</h2>\n<p>", p->precision * 100);
	if (p->shown)
		buf_fmt(to,
			"<strong>%.4f</strong>: from that confidence on so many of the best "
			"categories are right (lower bound at 95%%, Clopper and Pearson). %lld of "
			"%lld %s are that sure (%.1f%%), %lld of them are right.",
			(double)p->at.p, (long long)p->at.covered, (long long)p->rows, p->what,
			evaluation_ratio(p->at.covered, p->rows) * 100, (long long)p->at.right);
	else if (p->rows < p->rows_least)
		buf_fmt(to, "Not known: there are %lld %s; it takes %lld at least to show one.",
			(long long)p->rows, p->what, (long long)p->rows_least);
	else
		buf_fmt(to, "None: the %lld %s do not show it from any confidence on.",
			(long long)p->rows, p->what);
	buf_add_text(to, "</p>\n");
}

/* Shares grow to the right and upward. */
static double x_of(double share)
{
	return FRAME + share * SIDE;
}

static double y_of(double share, double from)
{
	return FRAME / 2.0 + SIDE * (1 - (share - from) / (1 - from));
}

static void plot_begin(struct buf *to, double from)
{
	buf_fmt(to, "<figure><svg viewBox=\"0 0 %d %d\" role=\"img\">\n", SIDE + FRAME + FRAME / 2,
		SIDE + 2 * FRAME);
	for (int i = 0; i <= 5; i++) {
		const double x = i / 5.0, y = from + (1 - from) * x;

		buf_fmt(to,
			"<path d=\"M%.1f %.1fH%d\" stroke=\"var(--line)\"/><text x=\"%d\" "
			"y=\"%.1f\" "
			"text-anchor=\"end\">%.0f%%</text><text x=\"%.1f\" y=\"%d\" "
			"text-anchor=\"middle\">%.0f%%</text>\n",
			x_of(0), y_of(y, from), SIDE + FRAME, FRAME - 6, y_of(y, from) + 4, y * 100,
			x_of(x), SIDE + FRAME, x * 100);
	}
}

static void plot_end(struct buf *to, const char *below, const char *caption)
{
	buf_fmt(to,
		"<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text></svg>"
		"<figcaption>%s</figcaption></figure>\n",
		FRAME + SIDE / 2, SIDE + FRAME + 24, below, caption);
}

static void add_reliability(struct buf *to, const struct calibration_bin *bins, const char *caption)
{
	plot_begin(to, 0);
	buf_fmt(to,
		"<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"var(--warm)\" "
		"stroke-dasharray=\"4\"/>\n",
		x_of(0), y_of(0, 0), x_of(1), y_of(1, 0));
	for (int i = 0; i < CALIBRATION_BINS; i++) {
		const struct calibration_bin *b = &bins[i];
		struct interval at = evaluation_share(b->hits, b->n);
		double x, y;

		if (b->n == 0)
			continue;
		x = x_of(b->confidence / (double)b->n);
		y = y_of(evaluation_ratio(b->hits, b->n), 0);
		buf_fmt(to,
			"<path d=\"M%.1f %.1fV%.1f\" stroke=\"var(--ink)\"/><circle cx=\"%.1f\" "
			"cy=\"%.1f\" r=\"4\" fill=\"var(--ink)\"><title>%lld titles: said %.1f%%, "
			"right %.1f%%</title></circle>\n",
			x, y_of(at.low, 0), y_of(at.high, 0), x, y, (long long)b->n,
			b->confidence / (double)b->n * 100, evaluation_ratio(b->hits, b->n) * 100);
	}
	plot_end(to, "said", caption);
}

/* The lowest tenth that the curve stays above. */
static double curve_floor(const struct classifier_evaluation *e)
{
	double least = evaluation_ratio(e->hits[e->rows - 1], (int64_t)e->rows);

	for (int i = 1; i <= POINTS; i++) {
		size_t n = (e->rows * (size_t)i + POINTS - 1) / POINTS;
		double y = (double)e->hits[n - 1] / (double)n;

		least = y < least ? y : least;
	}
	return least > 0.05 ? (int)(least * 10 - 0.5) / 10.0 : 0;
}

static void add_curve(struct buf *to, const struct classifier_evaluation *e)
{
	double from = curve_floor(e);

	plot_begin(to, from);
	buf_add_text(to, "<path fill=\"none\" stroke=\"var(--ink)\" stroke-width=\"2\" d=\"");
	for (int i = 1; i <= POINTS; i++) {
		size_t n = (e->rows * (size_t)i + POINTS - 1) / POINTS;

		buf_fmt(to, "%c%.1f %.1f", i == 1 ? 'M' : 'L', x_of((double)n / (double)e->rows),
			y_of((double)e->hits[n - 1] / (double)n, from));
	}
	buf_add_text(to, "\"/>\n");
	plot_end(to, "answers taken, surest first",
		 "How many of the answers are right when only the surest are taken.");
}

static void add_coverage(struct buf *to, const struct classifier_evaluation *e)
{
	buf_add_text(to, "<h2>When only the surest answers are taken</h2>\n<table><tr><th>taken"
			 "</th><th>confidence at least</th><th>right</th></tr>\n");
	for (int i = 0; i < e->coverage_n; i++) {
		const struct evaluation_coverage *c = &e->coverage[i];

		buf_fmt(to, "<tr><td>%.1f%%</td><td>%.4f</td>",
			evaluation_ratio(c->n, e->score.n) * 100, (double)c->least);
		add_share(to, c->hits, c->n);
		buf_add_text(to, "</tr>\n");
	}
	buf_add_text(to, "</table>\n");
}

static void add_classes(struct buf *to, const struct classifier_evaluation *e)
{
	buf_add_text(to, "<h2>Categories</h2>\n<table><tr><th>titles</th><th>recall</th>"
			 "<th>precision</th><th>F1</th><th>category</th></tr>\n");
	for (int k = 0; k < classifier_classes(e->model); k++) {
		struct evaluate_class t = evaluate_class(e->tallies, k);

		if (t.truth + t.guessed == 0)
			continue;
		buf_fmt(to, "<tr><td>%lld</td>", (long long)t.truth);
		add_share(to, t.hits, t.truth);
		add_share(to, t.hits, t.guessed);
		buf_fmt(to, "<td>%.1f</td><td><span class=\"bar\" style=\"width:%.2frem\"></span> ",
			evaluate_f1(&t) * 100, evaluate_f1(&t) * 4);
		add_escaped(to, classifier_class(e->model, k));
		buf_add_text(to, "</td></tr>\n");
	}
	buf_add_text(to, "</table>\n");
}

static void add_pairs(struct buf *to, const struct classifier_evaluation *e)
{
	buf_add_text(to, "<h2>What is taken for what</h2>\n<table><tr><th>titles</th><th>of the "
			 "category</th><th>with the titles it was surest of</th></tr>\n");
	for (int i = 0; i < e->pairs_n; i++) {
		const struct evaluation_pair *p = &e->pairs[i];
		struct evaluate_class t = evaluate_class(e->tallies, p->truth);

		buf_fmt(to, "<tr><td>%lld</td><td>%.1f%%</td><td>", (long long)p->n,
			evaluation_ratio(p->n, t.truth) * 100);
		add_escaped(to, classifier_class(e->model, p->truth));
		buf_add_text(to, " &rarr; ");
		add_escaped(to, classifier_class(e->model, p->guess));
		buf_add_text(to, "<ul>");
		for (int k = 0; k < p->titles_n; k++) {
			buf_fmt(to, "<li><small>%.1f%%</small> ", (double)p->p[k] * 100);
			add_escaped(to, p->titles[k]);
			buf_add_text(to, "</li>");
		}
		buf_add_text(to, "</ul></td></tr>\n");
	}
	buf_add_text(to, "</table>\n");
}

static void add_slices(struct buf *to, const struct classifier_evaluation *e)
{
	struct evaluation_walk w = { .e = e, .most = EVALUATION_SHOWN };

	while (evaluation_walk(&w)) {
		const struct evaluation_slice *s = w.slice;

		if (w.first) {
			buf_add_text(to, s > e->slices ? "</table>\n<h2>By " : "<h2>By ");
			add_escaped(to, s->field);
			buf_add_text(to, "</h2>\n<table><tr><th>titles</th><th>best right</th>"
					 "<th>among three</th><th></th></tr>\n");
		}
		buf_fmt(to, "<tr><td>%lld</td>", (long long)s->n);
		add_share(to, s->top1, s->n);
		add_share(to, s->top3, s->n);
		buf_add_text(to, "<td>");
		add_escaped(to, s->value.n ? s->value : STR("(none)"));
		buf_add_text(to, "</td></tr>\n");
	}
	if (e->slices_n)
		buf_add_text(to, "</table>\n");
}

void evaluation_html(const struct classifier_evaluation *e, struct buf *to)
{
	buf_add_text(to, head);
	add_score(to, e);
	if (e->promise.precision > 0)
		add_promise(to, &e->promise);
	add_reliability(to, evaluate_bins(e->tallies),
			"How far its confidence can be believed: on the dashed line it is as often "
			"right as it says.");
	add_reliability(to, evaluate_bins3(e->tallies), "The same of the best three together.");
	add_curve(to, e);
	add_coverage(to, e);
	add_classes(to, e);
	add_pairs(to, e);
	add_slices(to, e);
	buf_add_text(to, "</body></html>\n");
}
