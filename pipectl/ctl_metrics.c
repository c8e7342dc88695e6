#include "base/must.h"
#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <stdlib.h>

/* A label's value up to its closing quote, unescaped; *rest goes behind it. */
static json_t *value(struct str *rest)
{
	struct buf b;
	json_t *v;
	size_t i = 0;

	buf_init(&b, rest->n + 1);
	for (; i < rest->n && rest->p[i] != '"'; i++) {
		bool escaped = rest->p[i] == '\\' && i + 1 < rest->n;

		i += escaped;
		buf_add_char(&b, (char)(escaped && rest->p[i] == 'n' ? '\n' : rest->p[i]));
	}
	*rest = str_sub(*rest, i < rest->n ? i + 1 : i, rest->n);
	v = json_stringn(buf_str(&b).p, b.n);
	buf_done(&b);
	return v;
}

/* a="b",c="d"} */
static json_t *labels(struct str *rest)
{
	json_t *all = json_pack("{}");
	struct str name;

	while (rest->n && rest->p[0] != '}' && str_next(rest, '=', &name)) {
		if (str_starts(name, STR(",")))
			name = str_sub(name, 1, name.n);
		*rest = str_sub(*rest, 1, rest->n); /* the quote */
		json_object_setn_new(all, name.p, name.n, value(rest));
	}
	*rest = str_sub(*rest, 1, rest->n);
	return all;
}

static json_t *sample(struct str line)
{
	json_t *one = json_pack("{}"), *all = NULL;
	size_t n = 0;

	while (n < line.n && line.p[n] != '{' && line.p[n] != ' ')
		n++;
	json_object_set_new(one, "name", json_stringn(line.p, n));
	line = str_sub(line, n, line.n);
	if (str_starts(line, STR("{"))) {
		line = str_sub(line, 1, line.n);
		all = labels(&line);
	}
	json_object_set_new(one, "labels", all ? all : json_pack("{}"));
	json_object_set_new(one, "value", json_real(strtod(str_trim(line).p, NULL)));
	return one;
}

/* For those who ask for JSON of everything: {metrics: [{name, labels, value}]}. */
static void print_json(struct str text)
{
	json_t *root = json_pack("{}"), *all = json_pack("[]");
	struct str line;

	while (str_next(&text, '\n', &line))
		if (line.n && line.p[0] != '#')
			json_array_append_new(all, sample(line));
	json_object_set_new(root, "metrics", all);
	screen_json(root);
	json_decref(root);
}

int ctl_metrics(const struct command_env *env)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to;
	int rc;

	if (!env->opt.json)
		return http_download(env, "/metrics", stdout);
	to = open_memstream(&text, &n);
	must(to != NULL);
	rc = http_download(env, "/metrics", to);
	must(fclose(to) == 0);
	if (!rc)
		print_json((struct str){ text, n });
	free(text);
	return rc;
}
