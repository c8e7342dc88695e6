#include "model/refusal.h"

const struct refusal_row refusals[REFUSALS] = {
	[REFUSAL_ADDRESS] = { "address", "No address, or one with a user name." },
	[REFUSAL_SCHEME] = { "scheme", "Neither http nor https (mailto, javascript, tel), or not "
				       "one of `scope: schemes`." },
	[REFUSAL_HOST] = { "host", "Its host is not one of the source's `hosts`." },
	[REFUSAL_PATH] = { "path", "`scope: deny` matches it, or nothing of `scope: allow` does." },
	[REFUSAL_DEPTH] = { "depth", "More links from a seed than `scope: max-depth`." },
	[REFUSAL_LENGTH] = { "length", "Longer than `scope: max-url`." },
	[REFUSAL_PARAMS] = { "params", "More parameters than `scope: max-params`." },
	[REFUSAL_REPEATS] = { "repeats", "Its path repeats itself (`scope: max-repeats`): a "
					 "trap." },
	[REFUSAL_DATES] = { "dates", "A date beyond `scope: dates-ahead` or `dates-back`: an "
				     "endless calendar." },
	[REFUSAL_BUDGET] = { "budget", "Its folder has as many jobs as `scope: prefix-jobs` "
				       "allows." },
	[REFUSAL_REDIRECT] = { "redirect", "An answer that leads out of the source's scope (see "
					   "`redirect-hosts`)." },
	[REFUSAL_ENDLESS] = { "endless",
			      "The next page of a list that goes on and on: it has more than "
			      "`paging: max`, or its last ten showed only what the list had shown "
			      "before (fifty, where they have links alone)." },
};

bool refusal_parse(struct str name, enum refusal *ret)
{
	for (int i = 0; i < REFUSALS; i++) {
		if (str_is(name, refusals[i].name)) {
			*ret = (enum refusal)i;
			return true;
		}
	}
	return false;
}

void refusal_add(struct refusal_counts *c, enum refusal why, struct str url)
{
	c->of[why].n++;
	c->of[why].url = url;
}
