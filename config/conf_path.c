#include "config/conf_path.h"

#include "base/file.h"
#include "base/mem.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MOST 1000

struct str conf_path_folder(struct arena *a, struct str path)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;

	if (!slash)
		return STR(".");
	if (slash == path.p)
		return STR("/");
	return arena_str(a, str_sub(path, 0, (size_t)(slash - path.p)));
}

struct str conf_path_join(struct arena *a, struct str folder, struct str name)
{
	while (str_starts(name, STR("./")))
		name = str_sub(name, 2, name.n);
	if (str_starts(name, STR("/")) || str_is(folder, "."))
		return arena_str(a, name);
	if (str_is(name, ".") || name.n == 0)
		return arena_str(a, folder);
	return arena_fmt(a, "%.*s%s%.*s", STR_ARG(folder), str_is(folder, "/") ? "" : "/",
			 STR_ARG(name));
}

struct str conf_path_absolute(struct arena *a, struct str path)
{
	struct str absolute;
	char *cwd;

	if (str_starts(path, STR("/")))
		return path;
	cwd = get_current_dir_name();
	absolute = conf_path_join(a, cwd ? str_of(cwd) : STR("/"), path);
	free(cwd);
	return absolute;
}

/* Characters that a pattern gives a meaning to, quoted. */
static struct str literal(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, 2 * s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (strchr("*?[]\\", s.p[i]))
			p[n++] = '\\';
		p[n++] = s.p[i];
	}
	p[n] = 0;
	return (struct str){ p, n };
}

struct found {
	struct conf_file *files;
	size_t cap;
	int n;
};

static void found_add(struct conf_reader *r, struct found *f, struct str path, struct conf_at at)
{
	if (f->n == FILES_MOST) {
		conf_problem_add(r->problems, at, "more than %d files", FILES_MOST);
		return;
	}
	mem_grow(&f->files, &f->cap, (size_t)f->n + 1, sizeof(*f->files));
	f->files[f->n++] = (struct conf_file){ .path = path, .at = at };
}

static void by_pattern(struct conf_reader *r, struct found *f, struct str pattern,
		       struct conf_at at)
{
	glob_t g = { 0 };

	if (glob(pattern.p, 0, NULL, &g) != 0 || g.gl_pathc == 0)
		conf_problem_add(r->problems, at, "no file matches `%.120s`", pattern.p);
	for (size_t i = 0; i < g.gl_pathc && f->n < FILES_MOST; i++)
		found_add(r, f, arena_text(r->a, g.gl_pathv[i]), at);
	globfree(&g);
}

static void by_name(struct conf_reader *r, struct found *f, const struct conf_node *n)
{
	struct str name = conf_table_text(r, n, "file"), folder, path;
	struct stat st;

	if (!name.p)
		return;
	folder = conf_path_folder(r->a, str_of(r->file));
	path = conf_path_join(r->a, folder, name);
	if (strpbrk(name.p, "*?[")) {
		path = conf_path_join(r->a, literal(r->a, folder), name);
		by_pattern(r, f, path, n->at);
	} else if (stat(path.p, &st) == 0 && S_ISDIR(st.st_mode)) {
		path = conf_path_join(r->a, literal(r->a, path), STR("*.yaml"));
		by_pattern(r, f, path, n->at);
	} else {
		found_add(r, f, path, n->at);
	}
}

void conf_path_files(struct conf_reader *r, const struct conf_node *n, struct conf_file **ret,
		     int *ret_n)
{
	struct found f = { 0 };

	if (n->kind == NODE_LIST) {
		for (const struct conf_node *c = n->first; c; c = c->next)
			by_name(r, &f, c);
	} else {
		by_name(r, &f, n);
	}
	*ret = arena_array(r->a, (size_t)f.n, sizeof(**ret));
	if (f.n > 0)
		memcpy(*ret, f.files, (size_t)f.n * sizeof(**ret));
	*ret_n = f.n;
	mem_free(f.files);
}

const struct conf_node *conf_path_read(struct conf_reader *r, const char *file,
				       struct conf_at named)
{
	struct conf_node *root = NULL;
	struct reason why;
	struct buf b;
	enum err err;

	buf_init(&b, CONF_YAML_BYTES);
	err = file_read(file, &b, &why);
	if (err)
		conf_problem_add(r->problems, named, "%s", why.text);
	else
		(void)conf_yaml_parse(buf_str(&b), file, r->a, r->problems, &root);
	buf_done(&b);
	return root;
}

struct str conf_path_text(struct conf_reader *r, struct str name, struct conf_at named,
			  struct buf *b, struct str *ret_path)
{
	struct str bom = STR("\xef\xbb\xbf"), text;
	struct reason why;

	*ret_path = conf_path_join(r->a, conf_path_folder(r->a, str_of(r->file)), name);
	if (file_read(ret_path->p, b, &why)) {
		conf_problem_add(r->problems, named, "%s", why.text);
		return (struct str){ 0 };
	}
	text = buf_str(b);
	return str_starts(text, bom) ? str_sub(text, bom.n, text.n) : text;
}
