#include "crawler/link.h"

#include "crawler/canon.h"
#include "crawler/priority.h"
#include "crawler/scope.h"

/* Links that lead nowhere in particular are not the site's mistakes. */
static enum refusal unreadable(struct str url)
{
	static const char *const others[] = { "mailto:", "javascript:", "tel:",	 "data:",
					      "sms:",	 "blob:",	"ftp:",	 "intent:",
					      "about:",	 "kakaolink:",	"file:", "market:" };

	url = str_trim(url);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (str_eq_nocase(str_sub(url, 0, str_of(others[i]).n), str_of(others[i])))
			return REFUSAL_SCHEME;
	return REFUSAL_ADDRESS;
}

/* What a site lists itself is no trap; nor are the pages of one list. */
static bool counts(const struct conf_page *from, const struct link_found *l)
{
	return !l->next && !(from && conf_format_links(from->format));
}

bool link_job(const struct conf_source *s, const struct job *from, const struct url *base,
	      const struct link_found *l, int64_t now_ms, struct arena *a, struct job *ret_job,
	      struct link_refused *ret_refused)
{
	struct priority_link kinds = { .from = conf_page(s, from->page),
				       .to = conf_page(s, l->page),
				       .given = l->priority,
				       .next = l->next,
				       .lastmod_ms = l->lastmod_ms };
	struct scope_link to = { .depth = from->depth + !l->next, .now_ms = now_ms };
	struct job j = {
		.source = s->name,
		.page = l->page,
		.vars = STR(""),
		.seed = -1,
		.parent = from->id,
		.depth = to.depth,
		.priority = priority_link(from, &kinds, now_ms),
		.state = JOB_DUE,
		.due_ms = now_ms,
	};

	ret_refused->url = l->url;
	if (url_join(base, l->url, a, &to.url, &ret_refused->why) ||
	    canon_key_of(s, &to.url, a, &to.key, &j.host, &ret_refused->why)) {
		ret_refused->kind = unreadable(l->url);
		return false;
	}
	to.url = canon_asked(s, &to.url, a);
	ret_refused->url = to.url.text;
	if (!scope_link(s, &to, a, &ret_refused->kind, &ret_refused->why))
		return false;
	j.url = to.url.text;
	j.key = to.key;
	if (s->scope.prefix_jobs && counts(kinds.from, l)) {
		j.prefix = scope_prefix(j.key, s->scope.prefix_segments);
		j.prefix_most = s->scope.prefix_jobs;
	}
	if (kinds.to && kinds.to->revisit_ms && l->lastmod_ms) {
		j.changed_ms = l->lastmod_ms;
		j.least_ms =
			kinds.to->revisit_min_ms ? kinds.to->revisit_min_ms : kinds.to->revisit_ms;
	}
	*ret_job = j;
	return true;
}
