#include "config/conf_param.h"

#include <string.h>

const struct conf_param conf_params[] = {
	/* campaigns, by Google Analytics, Matomo, Piwik, Openstat */
	{ .name = "utm_*" },
	{ .name = "mtm_*" },
	{ .name = "pk_campaign" },
	{ .name = "pk_kwd" },
	{ .name = "pk_source" },
	{ .name = "pk_medium" },
	{ .name = "_openstat" },
	{ .name = "_ga" },
	{ .name = "_gl" },
	/* clicks on advertisements: Google, Meta, Microsoft, X, TikTok, Yandex, LinkedIn,
	 * Pinterest, Snapchat, Reddit, Naver, Kakao */
	{ .name = "gclid" },
	{ .name = "gclsrc" },
	{ .name = "gbraid" },
	{ .name = "wbraid" },
	{ .name = "dclid" },
	{ .name = "gad_source" },
	{ .name = "gad_campaignid" },
	{ .name = "srsltid" },
	{ .name = "fbclid" },
	{ .name = "igshid" },
	{ .name = "igsh" },
	{ .name = "msclkid" },
	{ .name = "twclid" },
	{ .name = "ttclid" },
	{ .name = "yclid" },
	{ .name = "ysclid" },
	{ .name = "li_fat_id" },
	{ .name = "epik" },
	{ .name = "sccid" },
	{ .name = "rdt_cid" },
	{ .name = "napm" },
	{ .name = "nvadid" },
	{ .name = "nvadrank" },
	{ .name = "nvadkwd" },
	{ .name = "n_media" },
	{ .name = "n_query" },
	{ .name = "n_rank" },
	{ .name = "n_ad_group*" },
	{ .name = "n_keyword*" },
	{ .name = "n_campaign_type" },
	{ .name = "kclid" },
	/* newsletters: Mailchimp, HubSpot, Marketo, Vero, Omeda */
	{ .name = "mc_cid" },
	{ .name = "mc_eid" },
	{ .name = "_hsenc" },
	{ .name = "_hsmi" },
	{ .name = "__hstc" },
	{ .name = "__hssc" },
	{ .name = "__hsfp" },
	{ .name = "hsctatracking" },
	{ .name = "mkt_tok" },
	{ .name = "vero_id" },
	{ .name = "oly_anon_id" },
	{ .name = "oly_enc_id" },
	/* sessions: Java, PHP, ASP, ColdFusion, shops in PHP */
	{ .name = "jsessionid", .kind = PARAM_SESSION },
	{ .name = "phpsessid", .kind = PARAM_SESSION },
	{ .name = "aspsessionid*", .kind = PARAM_SESSION },
	{ .name = "asp.net_sessionid", .kind = PARAM_SESSION },
	{ .name = "cfid", .kind = PARAM_SESSION, .token = true },
	{ .name = "cftoken", .kind = PARAM_SESSION },
	{ .name = "oscsid", .kind = PARAM_SESSION },
	{ .name = "zenid", .kind = PARAM_SESSION, .token = true },
	{ .name = "sid", .kind = PARAM_SESSION, .token = true },
	{ .name = "sessid", .kind = PARAM_SESSION, .token = true },
	{ .name = "session", .kind = PARAM_SESSION, .token = true },
	{ .name = "sessionid", .kind = PARAM_SESSION, .token = true },
	{ .name = "session_id", .kind = PARAM_SESSION, .token = true },
	{ .name = NULL },
};

static bool named(struct str name, const char *row)
{
	struct str want = str_of(row);

	if (str_ends(want, STR("*"))) {
		want.n--;
		name = str_sub(name, 0, want.n);
	}
	return str_eq_nocase(name, want);
}

static bool is_token(struct str value)
{
	bool digit = false, letter = false;

	for (size_t i = 0; i < value.n; i++) {
		char c = (char)(value.p[i] | 32);

		if (value.p[i] >= '0' && value.p[i] <= '9')
			digit = true;
		else if (c >= 'a' && c <= 'z')
			letter = true;
		else if (!strchr("-_.!", value.p[i]) || !value.p[i])
			return false;
	}
	return value.n >= 16 && digit && letter;
}

const struct conf_param *conf_param_find(struct str name, struct str value)
{
	for (const struct conf_param *p = conf_params; p->name; p++)
		if (named(name, p->name) && (!p->token || is_token(value)))
			return p;
	return NULL;
}

static bool any(const struct str *patterns, int n, struct str name)
{
	for (int i = 0; i < n; i++)
		if (str_like(name, patterns[i]))
			return true;
	return false;
}

bool conf_param_ignored(const struct conf_source *s, struct str name, struct str value)
{
	if (any(s->ignore_params, s->n_ignore_params, name))
		return true;
	return conf_param_find(name, value) && !any(s->keep_params, s->n_keep_params, name);
}

static void check_seed(struct conf_reader *r, const struct conf_source *s, struct str url,
		       const struct conf_node *at)
{
	struct str rest = url, param, name;

	str_next(&rest, '?', &param);
	while (str_next(&rest, '&', &param)) {
		if (!str_next(&param, '=', &name) || str_find_char(param, '{') < 0 ||
		    !conf_param_ignored(s, name, param))
			continue;
		conf_problem_add(r->problems, at->at,
				 "parameter `%.*s` makes no other page by `ignore-params` or by "
				 "itself (see `keep-params`), but has a variable here",
				 (int)(name.n < 60 ? name.n : 60), name.p);
	}
}

void conf_param_check(struct conf_reader *r, const struct conf_source *s,
		      const struct conf_node *seeds)
{
	const struct conf_node *n = seeds ? seeds->first : NULL, *url;

	for (int i = 0; i < s->n_seeds && n; i++, n = n->next) {
		url = conf_yaml_child(n, "url");
		if (url && s->seeds[i].url.p)
			check_seed(r, s, s->seeds[i].url, url);
	}
}
