#include "daemon/page_kind.h"

#include "crawler/canon.h"
#include "crawler/kind.h"
#include "crawler/scope.h"

static bool find(const struct conf_source *s, struct reader *r, const struct url *u,
		 struct str said, struct arena *a, struct job *ret)
{
	struct job j = { .source = s->name,
			 .url = u->text,
			 .vars = STR(""),
			 .seed = -1,
			 .priority = JOB_PRIORITY_LAST,
			 .state = JOB_DUE };
	struct reason why;

	if (canon_key(s, u->text, a, &j.key, &j.host, &why))
		return false;
	if (!reader_job_by_key(r, s->name, j.key, a, ret, &why) &&
	    (!said.n || str_eq(said, ret->page)) && conf_page(s, ret->page)) {
		/* As the database has it: the import is about this one page. */
		ret->state = JOB_DUE;
		return true;
	}
	j.page = said.n ? said : kind_of(s, u->text, a);
	*ret = j;
	return j.page.n > 0;
}

enum page_kind_found page_kind_find(const struct conf *conf, struct reader *r, struct str url,
				    const struct page_kind_of *of, struct arena *a, struct job *ret)
{
	enum page_kind_found found = PAGE_KIND_NO_SOURCE;
	struct reason why;
	struct url u;

	if (url_parse(url, a, &u, &why))
		return PAGE_KIND_NO_SOURCE;
	for (int i = 0; i < conf->n_sources; i++) {
		const struct conf_source *s = &conf->sources[i];

		if ((of->source.n && !str_eq(of->source, s->name)) || !scope_host(s, u.host))
			continue;
		if (find(s, r, &u, of->page_kind, a, ret))
			return PAGE_KIND_FOUND;
		found = PAGE_KIND_NONE;
	}
	return found;
}
