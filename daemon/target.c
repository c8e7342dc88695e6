#include "daemon/target.h"

#include "crawler/canon.h"
#include "crawler/kind.h"
#include "crawler/picture.h"
#include "crawler/scope.h"

/* As a person gives it, not as a page does: no link led there. */
static void judge(const struct conf_source *s, const struct scope_link *l, struct arena *a,
		  struct serve_target *t)
{
	struct reason why = { "" };
	enum refusal rule;

	t->in_scope = scope_link(s, l, a, &rule, &why);
	if (!t->in_scope)
		t->refused = arena_fmt(a, "%s (%s)", why.text, refusals[rule].name);
}

static enum err fill(const struct conf_source *s, const struct url *u, int64_t now_ms,
		     struct arena *a, struct serve_target *t, struct reason *why)
{
	static const struct conf_source nobody = { .sort_params = true };
	const struct conf_source *of = s ? s : &nobody;
	struct scope_link l = { .now_ms = now_ms };
	enum err err;

	*t = (struct serve_target){ .source = s };
	t->job = (struct job){ .vars = STR(""), .seed = -1, .state = JOB_DUE };
	t->image_key = picture_key(u->text, a);
	err = canon_key(of, u->text, a, &t->job.key, &t->job.host, why);
	if (err)
		return err;
	l.url = canon_asked(of, u, a);
	l.key = t->job.key;
	t->job.url = l.url.text;
	if (s) {
		t->job.source = s->name;
		t->job.page = kind_of(s, u->text, a);
		if (!t->job.page.n)
			t->job.page = kind_only(s);
		judge(s, &l, a, t);
	}
	return ERR_OK;
}

enum err target_find(const struct conf *conf, struct str url, struct str source, int64_t now_ms,
		     struct arena *a, struct serve_target **ret, int *ret_n, struct reason *why)
{
	struct serve_target *t =
		arena_array(a, (size_t)conf->n_sources + 2, sizeof(struct serve_target));
	enum err err;
	struct url u;
	int n = 0;

	err = url_parse(url, a, &u, why);
	if (!err && source.n && str_eq(source, conf->no_source.name))
		err = fill(&conf->no_source, &u, now_ms, a, &t[n++], why);
	for (int i = 0; i < conf->n_sources && !err; i++)
		if (!source.n || str_eq(source, conf->sources[i].name))
			err = fill(&conf->sources[i], &u, now_ms, a, &t[n++], why);
	if (!err)
		err = fill(NULL, &u, now_ms, a, &t[n++], why);
	if (err)
		return err;
	*ret = t;
	*ret_n = n;
	return ERR_OK;
}
