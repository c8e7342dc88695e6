#include "classifier/titles.h"

#include "base/json.h"
#include "base/mem.h"
#include "classifier/predict.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define TITLES_READ (64u << 10)
#define TITLES_HELD ((size_t)1 << 20) /* of output, before it is written */

struct titles {
	const struct classifier *c;
	const struct titles_opt *opt;
	struct classifier_tree *tree; /* NULL: not asked for */
	float *p, *nodes;
	struct buf line, out;
	int fd;
};

static enum err write_out(struct titles *t, struct reason *why)
{
	size_t at = 0;

	while (at < t->out.n) {
		ssize_t n = write(t->fd, t->out.p + at, t->out.n - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return reason_set(why, err_errno(errno), "standard output: %s",
					  strerror(errno));
		at += (size_t)n;
	}
	buf_clear(&t->out);
	return ERR_OK;
}

static void add_sure(struct titles *t, struct json *j)
{
	int node;

	classifier_tree_probabilities(t->tree, t->p, t->nodes);
	node = classifier_tree_deepest(t->tree, t->nodes, (float)t->opt->sure);
	json_object(j, "sure");
	json_str(j, "category", classifier_tree_path(t->tree, node));
	json_num(j, "p", (double)t->nodes[node], 4);
	json_end_object(j);
}

static enum err answer(struct titles *t, struct reason *why)
{
	struct classifier_guess best[3];
	struct str title = buf_str(&t->line);
	struct json j;
	int n;

	if (title.n && title.p[title.n - 1] == '\r')
		title.n--;
	classifier_probabilities(t->c, title, t->p);
	n = predict_best(t->p, classifier_classes(t->c), 3, best);
	json_init(&j, &t->out);
	json_object(&j, NULL);
	json_str(&j, "title", title);
	json_array(&j, "top");
	for (int i = 0; i < n; i++) {
		json_object(&j, NULL);
		json_str(&j, "category", classifier_class(t->c, best[i].klass));
		json_num(&j, "p", (double)best[i].p, 4);
		json_end_object(&j);
	}
	json_end_array(&j);
	if (t->tree)
		add_sure(t, &j);
	json_end_object(&j);
	buf_add_char(&t->out, '\n');
	buf_clear(&t->line);
	return t->out.n > TITLES_HELD / 2 ? write_out(t, why) : ERR_OK;
}

static void add_part(struct titles *t, const char *p, size_t n)
{
	size_t left = TITLES_LINE - t->line.n;

	buf_add(&t->line, (struct str){ p, n < left ? n : left });
}

static enum err feed(struct titles *t, const char *p, size_t n, bool *ret_open, struct reason *why)
{
	enum err err = ERR_OK;

	while (n && !err) {
		const char *end = memchr(p, '\n', n);
		size_t part = end ? (size_t)(end - p) : n;

		add_part(t, p, part);
		*ret_open = !end;
		if (!end)
			break;
		err = answer(t, why);
		p += part + 1;
		n -= part + 1;
	}
	return err ? err : write_out(t, why);
}

static void make_tree(struct titles *t)
{
	t->tree = classifier_tree_new(t->c, t->opt->separator, NULL, NULL);
	t->nodes = mem_array((size_t)classifier_tree_nodes(t->tree), sizeof(*t->nodes));
}

enum err titles_predict(const struct classifier *c, const struct titles_opt *opt, int in, int out,
			struct reason *why)
{
	struct titles t = { .c = c,
			    .opt = opt,
			    .p = mem_array((size_t)classifier_classes(c), sizeof(float)),
			    .fd = out };
	char window[TITLES_READ];
	bool open = false;
	enum err err = ERR_OK;
	ssize_t n;

	if (opt->sure > 0)
		make_tree(&t);
	buf_init(&t.line, TITLES_LINE);
	buf_init(&t.out, 4 * TITLES_HELD);
	for (;;) {
		n = read(in, window, sizeof(window));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err = reason_set(why, err_errno(errno), "standard input: %s",
					 strerror(errno));
		if (n <= 0)
			break;
		err = feed(&t, window, (size_t)n, &open, why);
		if (err)
			break;
	}
	/* The last line may lack its end. */
	if (!err && open) {
		err = answer(&t, why);
		if (!err)
			err = write_out(&t, why);
	}
	buf_done(&t.line);
	classifier_tree_free(t.tree);
	mem_free(t.p);
	mem_free(t.nodes);
	buf_done(&t.out);
	return err;
}
