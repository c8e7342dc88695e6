#include "config/conf_source.h"

#include "base/must.h"
#include "config/conf_auth.h"
#include "config/conf_images.h"
#include "config/conf_page.h"
#include "config/conf_param.h"
#include "config/conf_path.h"
#include "config/conf_proxy.h"
#include "config/conf_scope.h"
#include "config/conf_seed.h"
#include "config/conf_seedurl.h"
#include "config/conf_show.h"

#include <string.h>

static void read_headers(struct conf_reader *r, const struct conf_row *row,
			 const struct conf_node *n, void *into);
static struct conf_node *show_headers(struct arena *a, const struct conf_row *row,
				      const void *from);
static void read_status(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into);
static struct conf_node *show_status(struct arena *a, const struct conf_row *row, const void *from);

static const struct conf_part headers_part = {
	.what = "a map of header names and values",
	.read = read_headers,
	.show = show_headers,
};
static const struct conf_part status_part = {
	.what = "a map of the site's words and ours: selling, reserved, sold, unknown",
	.read = read_status,
	.show = show_status,
};

static void read_conditions(struct conf_reader *r, const struct conf_row *row,
			    const struct conf_node *n, void *into);
static struct conf_node *show_conditions(struct arena *a, const struct conf_row *row,
					 const void *from);

static const struct conf_part conditions_part = {
	.what = "a map of the site's words and ours: new, used, refurbished, damaged",
	.read = read_conditions,
	.show = show_conditions,
};

static const char *language_wrong(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-", s.p[i]))
			return "a language is a tag such as ko or en-US";
	return s.n < 2 || s.n > 11 ? "a language is a tag such as ko or en-US" : NULL;
}

static const char *currency_wrong(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return "a currency is three capitals (ISO 4217) such as KRW";
	return s.n != 3 ? "a currency is three capitals (ISO 4217) such as KRW" : NULL;
}

static const char *utc_offset_wrong(struct str s)
{
	int64_t ms;

	return conf_utc_offset(s, &ms) ? NULL : "an offset is hours and minutes such as +09:00";
}

const struct conf_row conf_source_rows[] = {
	{ .name = "name",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_source, name),
	  .required = true,
	  .wrong = conf_table_name_wrong,
	  .doc = "Stable name; it stands in the database and in datasets." },
	{ .name = "title",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_source, title),
	  .doc = "The name that people know." },
	{ .name = "language",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_source, language),
	  .def = "ko",
	  .wrong = language_wrong,
	  .doc = "Language of its listings (BCP 47)." },
	{ .name = "currency",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_source, currency),
	  .def = "KRW",
	  .wrong = currency_wrong,
	  .doc = "Currency of prices that name none (ISO 4217)." },
	{ .name = "utc-offset",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_source, utc_offset),
	  .wrong = utc_offset_wrong,
	  .doc = "Of times that name no zone (\"2025-03-01 12:30\", \"어제 15:20\"): how far its "
		 "clocks are ahead of UTC, as +09:00. Without it: +09:00 where the language is "
		 "ko or ja, else +00:00." },
	{ .name = "enabled",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_source, enabled),
	  .def = "true",
	  .doc = "Whether it is crawled." },
	{ .name = "hosts",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf_source, hosts),
	  .at_n = offsetof(struct conf_source, n_hosts),
	  .wrong = conf_scope_host_wrong,
	  .doc = "Hosts that its requests may go to, in any script, with :port unless it is the "
		 "scheme's own; *.shop.example is every host below shop.example. Without it: "
		 "the hosts of the seeds." },
	{ .name = "scope",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_source, scope),
	  .part = &conf_scope_part,
	  .doc = "Which links are followed, and what is taken for a trap. What is refused is "
		 "counted: see pipectl refused." },
	{ .name = "mask-personal",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_source, mask_personal),
	  .def = "true",
	  .doc = "Whether telephone numbers, e-mail addresses and KakaoTalk ids in titles and "
		 "descriptions are replaced by * before they are stored. The archive keeps what "
		 "the site sent." },
	{ .name = "drift",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_source, drift),
	  .def = "true",
	  .doc = "Whether its pages are watched for changes that are not chance: see "
		 "`drift-pages` and pipectl drift." },
	{ .name = "robots",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_source, robots),
	  .def = "true",
	  .doc = "Whether robots.txt is obeyed (RFC 9309), crawl-delay included. Only for sites "
		 "whose "
		 "owner allowed otherwise: false." },
	{ .name = "rate",
	  .type = CONF_RATE,
	  .at = offsetof(struct conf_source, rate),
	  .def = "1/s",
	  .min = 1.0 / 3600,
	  .max = 1000,
	  .doc = "Requests to each host, at most. Where several sources ask one host, they share "
		 "the strictest of their rates." },
	{ .name = "concurrency",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_source, concurrency),
	  .def = "1",
	  .min = 1,
	  .max = 64,
	  .doc = "Requests at once to each host, at most; shared as the rate is." },
	{ .name = "adaptive",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_source, adaptive),
	  .def = "true",
	  .doc = "Whether its hosts are asked more slowly while they are slow or in trouble; "
		 "see adaptive in piped.yaml. One source that says so is enough for a host." },
	{ .name = "headers",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_source, headers),
	  .part = &headers_part,
	  .doc = "Sent with every request of the source. {credential:NAME} within a value stands "
		 "for a secret (see auth); such a header goes to the source's own hosts only. "
		 "Authorization, Cookie, X-Api-Key and others that are named like a secret are "
		 "taken with one only." },
	{ .name = "auth",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_source, auth),
	  .part = &conf_auth_part,
	  .doc = "Who asks: a credential that is sent to the source's own hosts, and never over "
		 "plain http after https. Without its value the source does not start." },
	{ .name = "cookies",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_source, cookies),
	  .def = "true",
	  .doc = "Whether cookies of the site are kept and sent back (RFC 6265). Each source has "
		 "its own, below state-dir/cookies." },
	{ .name = "proxy",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_source, proxy),
	  .wrong = conf_proxy_wrong,
	  .doc = "Asked through it instead of the proxy of piped.yaml; none: directly." },
	{ .name = "redirect-hosts",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf_source, redirect_hosts),
	  .at_n = offsetof(struct conf_source, n_redirect_hosts),
	  .wrong = conf_scope_host_wrong,
	  .doc = "Hosts that a redirect may lead to besides its own, written as there. No "
		 "credential is sent there, "
		 "and links there are not followed." },
	{ .name = "seeds",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_source, seeds),
	  .required = true,
	  .part = &conf_seed_part,
	  .doc = "Where a crawl starts." },
	{ .name = "pages",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_source, pages),
	  .required = true,
	  .part = &conf_page_part,
	  .doc = "What the site's pages look like." },
	{ .name = "status",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_source, status),
	  .part = &status_part,
	  .doc = "What the site's words for a listing's state mean. The names of states, which "
		 "format auto finds, mean themselves unless this says otherwise." },
	{ .name = "condition",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_source, conditions),
	  .part = &conditions_part,
	  .doc = "What the site's words for a thing's condition mean: new, used, refurbished, "
		 "damaged. Others stay as they are." },
	{ .name = "location-parts",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_source, location_parts),
	  .def = "0",
	  .min = 0,
	  .max = 20,
	  .doc = "How much of a location is stored: the parts that say least, such as city and "
		 "district; 0: all of it. Parts are parted by blanks and come from wide to narrow "
		 "where `language` is ko, ja or zh; else by commas, from narrow to wide. The "
		 "archive keeps what the site sent." },
	{ .name = "category-separator",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_source, category_separator),
	  .def = ">",
	  .doc = "What stands between the levels of a category that is one text, such as "
		 "`Men > Shoes`." },
	{ .name = "images",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_source, images),
	  .part = &conf_images_part,
	  .doc = "Fetch listings' images (JPEG, PNG, WebP), each once, when no page is due. "
		 "Without it: only their addresses are kept." },
	{ .name = "ignore-params",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf_source, ignore_params),
	  .at_n = offsetof(struct conf_source, n_ignore_params),
	  .doc = "Parameters that do not make another page (time stamps, positions), a * being "
		 "any text. Those of advertisers and sessions are known already: see below." },
	{ .name = "keep-params",
	  .type = CONF_TEXTS,
	  .at = offsetof(struct conf_source, keep_params),
	  .at_n = offsetof(struct conf_source, n_keep_params),
	  .doc = "Of those that are known already: parameters that do make another page here." },
	{ .name = "sort-params",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_source, sort_params),
	  .def = "true",
	  .doc = "Whether addresses that differ in the order of their parameters are one page." },
	{ .name = "strip-params",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_source, strip_params),
	  .def = "false",
	  .doc = "Whether parameters that make no other page are left out of what is asked, "
		 "too. Some sites want them." },
	{ .name = "merge-slashes",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_source, merge_slashes),
	  .def = "false",
	  .doc = "Whether several slashes in a path are as good as one." },
	{ .name = NULL },
};

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f ||
		    strchr("()<>@,;:\\\"/[]?={}", s.p[i]))
			return false;
	return s.n > 0;
}

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return true;
	return false;
}

static void read_header(struct conf_reader *r, const struct conf_node *n, void *into)
{
	/* They would break what the fetcher does itself. */
	static const char *const ours[] = { "Host", "Content-Length", "Transfer-Encoding",
					    "Connection", "Accept-Encoding" };
	struct conf_header *h = into;
	struct str rest, before, name;

	h->name = n->key;
	h->value = rest = conf_table_text(r, n, n->key.p);
	if (!is_token(h->name))
		conf_problem_add(r->problems, n->key_at, "`%.60s` is no name of a header",
				 n->key.p);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (str_eq_nocase(h->name, str_of(ours[i])))
			conf_problem_add(r->problems, n->key_at, "header `%s` is set by piped",
					 ours[i]);
	if (has_control(h->value))
		conf_problem_add(r->problems, n->at,
				 "a header's value has no line breaks or control characters");
	if (conf_auth_is_secret(h->name) && !conf_auth_next(&rest, &before, &name))
		conf_problem_add(r->problems, n->at,
				 "a secret does not stand in the configuration: write "
				 "{credential:NAME} for the value of `%.60s`, or use `auth`",
				 n->key.p);
}

static void read_headers(struct conf_reader *r, const struct conf_row *row,
			 const struct conf_node *n, void *into)
{
	struct conf_source *s = into;

	(void)row;
	s->headers =
		conf_table_items(r, n, NODE_MAP, sizeof(*s->headers), read_header, &s->n_headers);
}

static struct conf_node *show_headers(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_source *s = from;
	struct conf_node *map = conf_show_map(a);

	(void)row;
	for (int i = 0; i < s->n_headers; i++)
		conf_show_put(map, s->headers[i].name, conf_show_text(a, s->headers[i].value));
	return s->n_headers ? map : NULL;
}

static void read_state(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_status_map *m = into;
	struct conf_near near = { .wanted = n->text };
	char hint[128];
	int state;

	m->from = n->key;
	if (n->kind == NODE_SCALAR && state_parse(STATE_LISTING, n->text, &state)) {
		m->to = (enum listing_state)state;
		return;
	}
	for (state = 0; state < LISTING_STATES; state++)
		conf_table_near(&near, str_of(state_name(STATE_LISTING, state)));
	conf_problem_add(r->problems, n->at,
			 "a state is selling, reserved, sold, gone or unknown, not `%.60s`%s",
			 n->kind == NODE_SCALAR ? n->text.p : conf_yaml_kind(n),
			 conf_table_hint(&near, hint));
}

static void read_status(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into)
{
	struct conf_source *s = into;

	(void)row;
	s->status = conf_table_items(r, n, NODE_MAP, sizeof(*s->status), read_state, &s->n_status);
}

static struct conf_node *show_status(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_source *s = from;
	struct conf_node *map = conf_show_map(a);

	(void)row;
	for (int i = 0; i < s->n_status; i++)
		conf_show_put(map, s->status[i].from,
			      conf_show_plain(a, state_name(STATE_LISTING, (int)s->status[i].to)));
	return s->n_status ? map : NULL;
}

static void read_condition(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_condition_map *m = into;
	struct conf_near near = { .wanted = n->text };
	char hint[128];

	m->from = n->key;
	for (int i = 0; listing_conditions[i] && n->kind == NODE_SCALAR; i++)
		if (str_is(n->text, listing_conditions[i]))
			m->to = n->text;
	if (m->to.p)
		return;
	for (int i = 0; listing_conditions[i]; i++)
		conf_table_near(&near, str_of(listing_conditions[i]));
	conf_problem_add(r->problems, n->at,
			 "a condition is new, used, refurbished or damaged, not `%.60s`%s",
			 n->kind == NODE_SCALAR ? n->text.p : conf_yaml_kind(n),
			 conf_table_hint(&near, hint));
}

static void read_conditions(struct conf_reader *r, const struct conf_row *row,
			    const struct conf_node *n, void *into)
{
	struct conf_source *s = into;

	(void)row;
	s->conditions = conf_table_items(r, n, NODE_MAP, sizeof(*s->conditions), read_condition,
					 &s->n_conditions);
}

static struct conf_node *show_conditions(struct arena *a, const struct conf_row *row,
					 const void *from)
{
	const struct conf_source *s = from;
	struct conf_node *map = conf_show_map(a);

	(void)row;
	for (int i = 0; i < s->n_conditions; i++)
		conf_show_put(map, s->conditions[i].from, conf_show_text(a, s->conditions[i].to));
	return s->n_conditions ? map : NULL;
}

static void check_name(struct conf_reader *r, const struct conf_source *s, int before,
		       const struct conf_node *root)
{
	const struct conf_node *name = conf_yaml_child(root, "name");

	for (int i = 0; i < before && name && s[before].name.p; i++)
		if (str_eq(s[i].name, s[before].name))
			conf_problem_add(r->problems, name->at,
					 "source `%.60s` stands in %.120s too", s[i].name.p,
					 s[i].at.file);
}

static void read_root(struct conf_reader *r, const struct conf_node *root, struct conf_source *s)
{
	s->at = (struct conf_at){ r->file, 1, 1 };
	conf_table_defaults(r, conf_scope_rows, &s->scope);
	conf_table_read(r, conf_source_rows, root, s);
	if (!s->title.p)
		s->title = s->name;
	conf_seed_check(r, s, conf_yaml_child(root, "seeds"));
	for (int i = 0; i < s->n_redirect_hosts; i++)
		s->redirect_hosts[i] = conf_scope_host(r->a, s->redirect_hosts[i]);
	conf_auth_read(r, s);
	conf_param_check(r, s, conf_yaml_child(root, "seeds"));
	conf_page_check(r, s, conf_yaml_child(root, "pages"));
	conf_page_versions(s);
	check_name(r, r->conf->sources, (int)(s - r->conf->sources), root);
}

static void read_file(struct conf_reader *r, const struct conf_file *file, struct conf_source *s)
{
	const struct conf_node *root;

	r->file = file->path.p;
	r->folder = conf_path_folder(r->a, conf_path_absolute(r->a, file->path));
	s->at = (struct conf_at){ r->file, 1, 1 };
	root = conf_path_read(r, r->file, file->at);
	if (root)
		read_root(r, root, s);
}

void conf_source_read_text(struct conf_reader *r, struct str text)
{
	struct conf *c = r->conf;
	struct conf_node *root;

	if (conf_yaml_parse(text, r->file, r->a, r->problems, &root))
		return;
	c->sources = arena_zero(r->a, sizeof(*c->sources));
	c->n_sources = 1;
	read_root(r, root, c->sources);
}

void conf_source_read(struct conf_reader *r)
{
	struct conf *c = r->conf;

	c->sources = arena_array(r->a, (size_t)c->n_source_files, sizeof(*c->sources));
	c->n_sources = c->n_source_files;
	for (int i = 0; i < c->n_source_files; i++)
		read_file(r, &c->source_files[i], &c->sources[i]);
}

/* By the tables, so that it has the limits that any source has. */
void conf_source_read_none(struct conf_reader *r)
{
	static const char text[] =
		"name: none\n"
		"cookies: false\n"
		"drift: false\n"
		"seeds: [{ page: " CONF_NO_SOURCE_PAGE ", url: \"https://none.invalid/\" }]\n"
		"pages: { " CONF_NO_SOURCE_PAGE ": { format: none } }\n";
	struct conf_source *s = &r->conf->no_source;
	struct conf_node *root;
	int before = r->problems->n;

	must(!conf_yaml_parse(str_of(text), r->conf->file.p, r->a, r->problems, &root));
	conf_table_defaults(r, conf_scope_rows, &s->scope);
	conf_table_read(r, conf_source_rows, root, s);
	must(r->problems->n == before);
	s->name = STR(CONF_NO_SOURCE);
	s->title = STR("Pages fetched for new sources");
	s->seeds = NULL;
	s->n_seeds = 0;
	s->any_host = true;
	s->at = (struct conf_at){ r->conf->file.p, 1, 1 };
	conf_page_versions(s);
}
