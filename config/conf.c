#include "config/conf.h"

#include "base/file.h"
#include "config/conf_path.h"
#include "config/conf_piped.h"
#include "config/conf_rules.h"
#include "config/conf_source.h"
#include "config/conf_taxonomy.h"
#include "config/conf_words.h"

#include <string.h>

static struct conf *conf_new(struct str path)
{
	struct arena *a = arena_new(65536);
	struct conf *c = arena_zero(a, sizeof(*c));

	c->arena = a;
	c->file = arena_str(a, path);
	return c;
}

void conf_free(struct conf *c)
{
	if (c)
		arena_free(c->arena);
}

static void read_all(struct conf_reader *r, struct str bytes)
{
	struct conf *c = r->conf;
	struct conf_node *root;

	if (conf_yaml_parse(bytes, r->file, r->a, r->problems, &root))
		return;
	conf_piped_read(r, root);
	conf_source_read(r);
	conf_source_read_none(r);
	conf_taxonomy_read(r);
	if (c->n_rules_files > 0)
		conf_rules_read(r);
	conf_words_read(r);
}

enum err conf_load(const char *path, struct conf **ret_conf, struct conf_problem **ret, int *ret_n)
{
	struct conf_problems problems = { 0 };
	struct conf_reader r = { .problems = &problems };
	struct conf *c = conf_new(str_of(path));
	struct buf b;
	enum err err;

	*ret = NULL;
	*ret_n = 0;
	buf_init(&b, CONF_YAML_BYTES);
	err = file_read(path, &b, NULL);
	if (err)
		goto out;
	r.a = c->arena;
	r.conf = c;
	r.file = c->file.p;
	r.folder = conf_path_folder(c->arena, conf_path_absolute(c->arena, c->file));
	read_all(&r, buf_str(&b));
	if (problems.n > 0) {
		conf_problem_move(&problems, ret, ret_n);
		err = ERR_BAD;
		goto out;
	}
	*ret_conf = c;
	c = NULL;
out:
	conf_problem_done(&problems);
	buf_done(&b);
	conf_free(c);
	return err;
}

/* `c`, unless there are problems; then it is freed, and they are moved out. */
static enum err end_alone(struct conf *c, struct conf_problems *problems, struct conf **ret_conf,
			  struct conf_problem **ret, int *ret_n)
{
	enum err err = problems->n ? ERR_BAD : ERR_OK;

	*ret = NULL;
	*ret_n = 0;
	if (err) {
		conf_problem_move(problems, ret, ret_n);
		conf_free(c);
	} else {
		*ret_conf = c;
	}
	conf_problem_done(problems);
	return err;
}

enum err conf_load_source(struct str text, struct str file, struct conf **ret_conf,
			  struct conf_problem **ret, int *ret_n)
{
	struct conf_problems problems = { 0 };
	struct conf *c = conf_new(file);
	struct conf_reader r = { .problems = &problems,
				 .a = c->arena,
				 .conf = c,
				 .file = c->file.p,
				 .folder = STR("/"),
				 .alone = true };

	conf_source_read_text(&r, text);
	return end_alone(c, &problems, ret_conf, ret, ret_n);
}

enum err conf_load_taxonomy(struct str text, struct str file, const struct conf *beside,
			    struct conf **ret_conf, struct conf_problem **ret, int *ret_n)
{
	struct conf_problems problems = { 0 };
	struct conf *c = conf_new(file);
	struct conf_reader r = { .problems = &problems,
				 .a = c->arena,
				 .conf = c,
				 .file = c->file.p,
				 .folder = STR("/"),
				 .alone = true };

	if (beside) {
		c->sources = beside->sources;
		c->n_sources = beside->n_sources;
	}
	conf_taxonomy_read_text(&r, text);
	c->sources = NULL; /* they are another's */
	c->n_sources = 0;
	return end_alone(c, &problems, ret_conf, ret, ret_n);
}

enum err conf_load_rules(const struct conf *live, const struct conf_text *texts, int n, bool all,
			 struct conf **ret_conf, struct conf_problem **ret, int *ret_n)
{
	struct conf_problems problems = { 0 };
	struct conf *c = conf_new(live->file);
	struct arena *a = c->arena;
	struct conf_reader r = { .problems = &problems,
				 .a = a,
				 .conf = c,
				 .folder = STR("/"),
				 .alone = true,
				 .texts = texts,
				 .n_texts = n };

	*c = *live;
	c->arena = a;
	c->rules = (struct conf_rules){ 0 };
	conf_rules_read_texts(&r, all ? NULL : &live->rules);
	return end_alone(c, &problems, ret_conf, ret, ret_n);
}

const struct conf_source *conf_source(const struct conf *c, struct str name)
{
	for (int i = 0; i < c->n_sources; i++)
		if (str_eq(c->sources[i].name, name))
			return &c->sources[i];
	return c->no_source.name.n && str_eq(c->no_source.name, name) ? &c->no_source : NULL;
}

bool conf_utc_offset(struct str text, int64_t *ret_ms)
{
	int64_t h, m = 0, sign;

	*ret_ms = 0;
	if (str_is(text, "Z"))
		return true;
	if (text.n < 3 || (text.p[0] != '+' && text.p[0] != '-') ||
	    !str_i64(str_sub(text, 1, 2), &h))
		return false;
	sign = text.p[0] == '-' ? -1 : 1;
	text = str_sub(text, 3, text.n);
	if (str_starts(text, STR(":")))
		text = str_sub(text, 1, text.n);
	if (text.n && (text.n != 2 || !str_i64(text, &m)))
		return false;
	if (h < 0 || h > 14 || m < 0 || m > 59)
		return false;
	*ret_ms = sign * (h * 60 + m) * 60000;
	return true;
}

int64_t conf_source_zone_ms(const struct conf_source *s)
{
	struct str language = s->language, tag = { 0 };
	int64_t ms;

	if (s->utc_offset.n && conf_utc_offset(s->utc_offset, &ms))
		return ms;
	str_next(&language, '-', &tag);
	return str_is(tag, "ko") || str_is(tag, "ja") ? 9 * 3600000 : 0;
}

bool conf_source_runs(const struct conf_source *s)
{
	return s->enabled && !s->missing.p;
}

const struct conf_page *conf_page(const struct conf_source *s, struct str name)
{
	for (int i = 0; i < s->n_pages; i++)
		if (str_eq(s->pages[i].name, name))
			return &s->pages[i];
	return NULL;
}

int conf_list(const struct conf_rules *r, struct str name)
{
	for (int i = 0; i < r->n_lists; i++)
		if (str_eq(r->lists[i].name, name))
			return i;
	return -1;
}

int conf_taxon(const struct conf *c, struct str code)
{
	for (int i = 0; i < c->taxonomy.n_taxa; i++)
		if (str_eq(c->taxonomy.taxa[i].code, code))
			return i;
	return -1;
}

const struct recode *conf_taxonomy_recode(const struct conf_taxonomy *t, struct str code,
					  int64_t version)
{
	int low = 0, high = t->n_recodes;

	while (low < high) {
		int mid = low + (high - low) / 2;
		const struct recode *m = &t->recodes[mid];
		int order = str_cmp(m->code, code);

		if (!order && version >= m->since && version < m->until)
			return m;
		if (order < 0 || (!order && m->until <= version))
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}
