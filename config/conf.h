/* conf.h: the configuration as checked structs. Read-only once loaded; a
 * reload builds a new one. Everything lives in the conf's arena. Defaults are
 * filled in, references resolved, ranges checked. */
#ifndef PIPED_CONF_H
#define PIPED_CONF_H

#include "base/arena.h"
#include "base/log.h"
#include "model/label.h"
#include "model/listing.h"
#include "model/part.h"
#include "model/recode.h"

/* Where in the files a thing stands: for later errors about it. 1-based. */
struct conf_at {
	const char *file;
	int line, column;
};

enum conf_sel_kind { SEL_NONE, SEL_JQ, SEL_CSS, SEL_XPATH, SEL_CONST };

/* How a value is found. In a JSON page SEL_JQ; in an HTML page SEL_CSS (with
 * ::text and ::attr(name)) or SEL_XPATH; SEL_CONST is the text itself. */
struct conf_sel {
	enum conf_sel_kind kind;
	struct str expr;
	struct conf_at at;
};

struct conf_field {
	enum listing_field field;
	struct conf_sel sel;
	struct str prefix; /* put before a value that is found; may be {0} */
	struct str name;   /* of the one of FIELD_ATTRIBUTES that it finds; {0}: it finds all */
	bool required;
};
/* Whether all that its selector finds is its value. */
static inline bool conf_field_is_several(const struct conf_field *f)
{
	return listing_fields[f->field].kind != LISTING_TEXT && !f->name.n;
}
#define CONF_MOST_ATTRIBUTES 32 /* that are named by a page kind */
#define CONF_MOST_FIELDS (FIELD_COUNT + CONF_MOST_ATTRIBUTES)

/* What a field of a listing has to be; a record that is otherwise is rejected. */
struct conf_check {
	enum listing_field field;
	bool required;		   /* of format auto, which has no `fields` */
	struct str min, max;	   /* as written; {0} none */
	double least, most;	   /* price: in units of its currency; posted: age in ms */
	struct str pattern;	   /* PCRE2; {0} none */
	struct conf_at pattern_at; /* for messages */
	struct str *values;
	int n_values;
};

/* Where the links of a source may lead, besides its hosts. Bounds of 0: none. */
struct conf_scope {
	struct str *schemes, *allow, *deny; /* no schemes: both; no allow: all */
	int n_schemes, n_allow, n_deny;
	int max_depth, max_url, max_params, max_repeats;
	int64_t dates_ahead_ms, dates_back_ms;
	int64_t prefix_jobs; /* most jobs of links in one folder of a host */
	int prefix_segments; /* that make such a folder */
};

/* Links to follow: what they find becomes jobs of page kind `page`. */
struct conf_link {
	struct conf_sel sel; /* SEL_NONE in a sitemap or a feed, which knows its addresses */
	struct str page;
	struct str match; /* only addresses like this, * being any text; {0}: all */
	/* Of a sitemap: the alternates of its entries in languages like this, lower case,
	 * instead of the entries; {0}: the entries. */
	struct str hreflang;
	int priority; /* -1: by itself */
};

/* Pages of one result list. The seed's variable `var` counts up by one, or each
 * page says where the `next` one is. */
struct conf_paging {
	struct str var;	      /* {0}: nothing is counted */
	struct conf_sel more; /* true (jq), or anything found (css, xpath): ask for the next page */
	struct conf_sel last; /* a number: last value of `var`; all up to it are asked at once */
	int64_t max;	      /* most pages of one list; 0: no bound but 1,000,000 */
	/* Finds the next page's address; with `var`, that variable's value there (a
	 * cursor); without the others above. */
	struct conf_sel next;
	bool rel_next;	       /* it is what the page calls rel=next; without the others */
	struct conf_sel total; /* a number: results of the list, */
	int64_t window;	       /* of which only so many can be read; 0: all */
};

static inline bool conf_paging_by_cursor(const struct conf_paging *p)
{
	return p->var.p && p->next.kind;
}

/* Values for variables of seeds, as a page has them. */
struct conf_values {
	struct str name;
	struct conf_sel sel; /* in JSON also pairs: [value, the one it stands below] */
};

/* Of a sitemap or a feed only the links are taken; of an html page by FORMAT_AUTO the
 * products, too, by what it says of them itself. */
enum conf_format {
	FORMAT_JSON,
	FORMAT_HTML,
	FORMAT_SITEMAP,
	FORMAT_FEED,
	FORMAT_AUTO,
	FORMAT_NONE /* archived, and nothing is taken from it */
};
/* Pages of these formats give links and nothing else. */
static inline bool conf_format_links(enum conf_format f)
{
	return f == FORMAT_SITEMAP || f == FORMAT_FEED;
}

/* A kind of page within a source. */
struct conf_page {
	struct str name;
	enum conf_format format;
	struct str
		script; /* of a json page: where in an HTML page it stands; {0}: it is the body */
	struct conf_sel items; /* what is repeated; SEL_NONE: the page is one item */
	struct conf_sel skip;  /* within an item: true or found drops it (promoted ads) */
	struct conf_field fields[CONF_MOST_FIELDS];
	int n_fields;
	bool lists; /* has fields, so listings are expected */
	struct conf_check *checks;
	int n_checks;
	struct conf_paging paging;
	bool canonical; /* rel=canonical is heeded */
	struct conf_link *links;
	int n_links;
	struct conf_values *values;
	int n_values;
	int64_t revisit_ms;			/* asked again after, at first; 0 never */
	int64_t revisit_min_ms, revisit_max_ms; /* bounds of what becomes of that */
	int64_t gone_after; /* passes over a list; 0: what it no longer shows may be anywhere */
	int64_t revisit_sold_ms; /* of a page about one thing, once that is sold; 0 never */
	int priority;		 /* of links and further pages of this kind; -1: by itself */
	uint64_t version;	 /* changes when anything above does */
};

struct conf_var {
	struct str name;
	struct str *values; /* in order; ranges are expanded, files read */
	int n;
	struct str file;	 /* that they are from; {0} none */
	struct str found, under; /* what pages find, instead: conf_values */
};

/* A way to part a list with more results than its window: by bands of prices, or by
 * values of a variable. */
struct conf_split {
	struct str min, max; /* variables of a band; {0}: by values */
	int64_t from, to, step;
	struct conf_var var;
	enum part_covers covers;
};

enum conf_body { CONF_BODY_JSON, CONF_BODY_FORM };

struct conf_seed {
	struct str page; /* page kind of what it answers */
	struct str url;	 /* with {name} of variables: conf_template.h */
	struct str body; /* likewise; sent by POST. {0}: a GET */
	enum conf_body body_type;
	struct conf_var *vars;
	int n_vars;
	struct conf_split *splits; /* tried in this order */
	int n_splits;
	int priority;
	struct conf_at at;
};

struct conf_header {
	struct str name, value;
};

enum conf_auth_type { AUTH_BASIC, AUTH_BEARER, AUTH_HEADER, AUTH_QUERY };
struct conf_auth {
	enum conf_auth_type type;
	struct str credential; /* its name; {0}: no auth */
	struct str user;       /* basic; {0}: the credential is USER:PASSWORD */
	struct str name;       /* of the header or the query parameter */
};

/* A secret that the configuration names; read with it, and never shown. */
#define CONF_CREDENTIALS_MOST 16
struct conf_credential {
	struct str name, value; /* value {0}: not found */
	bool in_urls;		/* named by a seed's URL or by auth of type query */
};

struct conf_status_map {
	struct str from;
	enum listing_state to;
};

/* A word of the site's and the one of listing_conditions that it means. */
struct conf_condition_map {
	struct str from, to;
};

/* A name in braces and what stands for it. */
struct conf_fill {
	struct str name, value;
};

/* Listings' images, fetched when nothing better is to be done. */
struct conf_images {
	bool wanted;
	struct str *hosts; /* beside the source's own */
	int n_hosts;
	struct conf_fill *fill;
	int n_fill;
	double rate; /* requests a second to each of `hosts`; most */
	int concurrency;
	int64_t max_bytes;
};

struct conf_source {
	struct str name, title, language, currency, utc_offset;
	bool enabled;
	struct str *hosts; /* that its jobs may go to; *. before one: those below it */
	int n_hosts;
	bool any_host; /* of conf.no_source alone */
	struct conf_scope scope;
	bool mask_personal;	    /* in titles and descriptions */
	bool drift;		    /* changes of its pages are watched for */
	bool robots;		    /* robots.txt is obeyed */
	double rate;		    /* requests a second per host; most */
	int concurrency;	    /* requests at once per host */
	bool adaptive;		    /* slower while a host is slow or in trouble */
	struct str *redirect_hosts; /* that redirects may lead to besides */
	int n_redirect_hosts;
	struct conf_header *headers; /* values may hold {credential:NAME} */
	int n_headers;
	struct conf_auth auth;
	struct conf_credential *credentials; /* all that it names */
	int n_credentials;
	struct str missing; /* a credential: why it does not start; {0}: it does */
	struct str proxy;   /* {0}: as piped.yaml says; "none" */
	bool cookies;
	struct conf_seed *seeds;
	int n_seeds;
	struct conf_page *pages;
	int n_pages;
	struct conf_status_map *status;
	int n_status;
	struct conf_condition_map *conditions;
	int n_conditions;
	int location_parts;	       /* that are kept; 0: all */
	struct str category_separator; /* between the levels of a category; {0}: it has none */
	struct conf_images images;
	/* Patterns: parameters left out of a job's key, and of those that always are
	 * (conf_param.h) the ones that are not. */
	struct str *ignore_params, *keep_params;
	int n_ignore_params, n_keep_params;
	bool sort_params, strip_params, merge_slashes;
	struct conf_at at;
};

/* Its name, which no source's file can have, and its one page kind. */
#define CONF_NO_SOURCE "_new"
#define CONF_NO_SOURCE_PAGE "page"

/* Per-host settings of piped.yaml; they win over the source's. */
struct conf_host {
	struct str name;
	double rate;	 /* 0: as the source says */
	int concurrency; /* 0: as the source says */
};

/* What became of categories at a version of the taxonomy. */
enum conf_change_kind {
	CONF_RENAME, /* another code, other names, or both */
	CONF_MOVE,   /* below another category; to none: to the top */
	CONF_MERGE,  /* several into one */
	CONF_SPLIT,  /* one into several */
	CONF_RETIRE, /* to its successor, or to none */
	CONF_CHANGES
};
struct conf_code {
	struct str code;
	struct conf_at at;
};
/* A name in a language, which is a BCP 47 tag. */
struct conf_name {
	struct str language, text;
};
struct conf_change {
	enum conf_change_kind kind;
	struct conf_code *from, *to; /* from: at least one, more only of CONF_MERGE */
	int n_from, n_to;
	struct conf_name *was; /* CONF_RENAME: names until then */
	int n_was;
	bool stays; /* CONF_SPLIT: the code goes on as a part, or as the group of its parts */
	struct conf_at at;
};
struct conf_edition {
	int64_t version;
	struct str date, note; /* date: YYYY-MM-DD */
	struct conf_change *changes;
	int n_changes;
	struct conf_at at;
};

struct conf_taxon {
	struct str code; /* stable id: "men.outer.jacket" */
	struct str ko, en;
	struct conf_name *names; /* in other languages */
	int n_names;
	int parent; /* index, or -1 */
	bool leaf;
	struct str *aliases;
	int n_aliases;
	struct conf_at at;
};

/* A source's category and ours. `from` is compared with the listing's
 * category; a trailing * stands for any ending. Longest match wins. */
struct conf_mapping {
	struct str source, from;
	int taxon;
	struct conf_at at;
};

struct conf_taxonomy {
	struct str name;
	int64_t version; /* as the file says: a number that grows */
	struct conf_taxon *taxa;
	int n_taxa;
	struct conf_edition *history; /* by version; the last is `version`. May be empty */
	int n_history;
	struct recode *recodes; /* what history makes of codes: by code, then since */
	int n_recodes;
	struct conf_mapping *mappings;
	int n_mappings;
	struct str *sources; /* that it knows, loaded or not */
	int n_sources;
};

enum conf_term_kind {
	CONF_TERM_WORD,	   /* a word or phrase in the clean title */
	CONF_TERM_REGEX,   /* PCRE2, UTF, on the clean title */
	CONF_TERM_WRITTEN, /* the same, on the title */
	CONF_TERM_LIST	   /* one of a lookup list's words */
};

/* Where a word may stand. By its script: an end of it that is a Latin letter or a digit must
 * stand at the end of a token of the title ("xl" is not in "xlim"); one that is Hangul or of
 * another script may stand inside ("자켓" is in "청자켓"). */
enum conf_whole {
	CONF_WHOLE_BY_SCRIPT,
	CONF_WHOLE_YES, /* by itself: "네고" is not in "카네고" */
	CONF_WHOLE_NO,	/* anywhere: "boot" is in "boots" */
	CONF_WHOLE_UNSAID
};

struct conf_term {
	struct str text; /* of a word its normal form, of a list its name */
	enum conf_term_kind kind;
	enum conf_whole whole; /* of words */
	struct conf_at at;
};

/* A lookup list: words that rules name together. */
struct conf_list {
	struct str name;
	struct conf_term *words;
	int n;
	struct conf_at at;
};

/* One of these, each exactly or up to a * at its end; none: any. */
struct conf_texts {
	struct str *v;
	int n;
};

/* A rule votes for `taxon`, or sets `flag` (taxon -1). Conditions are joined
 * by and; absent ones hold. */
struct conf_rule {
	struct str name;
	struct str family; /* of rules that go by the same words; {0}: it has none */
	int priority;
	int taxon;	       /* or -1 */
	int flag;	       /* enum listing_flag, or -1 */
	double precision;      /* 0..1, the vote's weight before data */
	enum conf_whole whole; /* of its words that do not say it */
	/* The keys `regex` and `written` stand in `all`. */
	struct conf_term *any, *all, *none;
	int n_any, n_all, n_none;
	int64_t price_min, price_max; /* LISTING_NO_PRICE: unbounded */
	struct conf_texts source, category, path, brand, condition;
	struct conf_at at;
};

struct conf_rules {
	struct conf_rule *rules;
	int n_rules;
	struct conf_list *lists; /* of all files */
	int n_lists;
	uint64_t version; /* hash of the rules' content */
};

/* What a word of a title speaks of; conf_words.h has their names. */
enum conf_word_kind {
	CONF_WORD_BRAND,
	CONF_WORD_MODEL,
	CONF_WORD_SIZE,
	CONF_WORD_STORAGE,
	CONF_WORD_CONDITION,
	CONF_WORD_SHIPPING,
	CONF_WORD_NEGOTIABLE,
	CONF_WORD_URGENT,
	CONF_WORD_DIRECT,
	CONF_WORD_STATUS,
	CONF_WORD_AUTHENTIC,
	CONF_WORD_SAFE,
	CONF_WORD_IGNORE, /* last: of nothing */
	CONF_WORD_KINDS
};

struct conf_word {
	struct str text; /* normal form */
	struct str value;
	enum conf_word_kind kind;
	bool whole; /* only where it stands by itself */
	int rank;   /* in the order of the files */
	struct conf_at at;
};

struct conf_words {
	struct conf_word *words; /* sorted, no text twice */
	int n_words;
	uint64_t version; /* hash of the words; 0: none */
};

/* A file that another names, and where it is named. */
struct conf_file {
	struct str path; /* NUL-terminated */
	struct conf_at at;
};

struct conf {
	struct arena *arena;
	struct str file; /* piped.yaml */
	/* where things lie */
	struct str state_dir, socket;
	struct str metrics_address; /* {0}: none; as conf_net_endpoint reads it */
	struct str suggest_address; /* the same */
	int work_nice;		    /* of the pool, the writer and long work: base/niceness.h */
	double suggest_rate;	    /* titles a second of one client by TCP */
	struct str database, archive_dir, model_dir, export_dir,
		image_dir; /* within state_dir unless absolute */
	enum log_level log_level;
	/* fetching */
	struct str user_agent, ca_file;
	struct str proxy;     /* {0}: none; may hold {credential:NAME} */
	struct str *no_proxy; /* hosts that are asked directly */
	int n_no_proxy;
	struct str *connect_to; /* curl's HOST:PORT:HOST:PORT */
	int n_connect_to;
	struct str *allow_networks; /* as conf_net_parse reads them */
	int n_allow_networks;
	int64_t max_body_bytes; /* after decoding */
	int64_t max_wire_bytes; /* as received */
	int64_t timeout_ms, connect_timeout_ms, idle_timeout_ms;
	int64_t max_header_bytes; /* of one response, all lines together */
	int max_ratio;		  /* bytes out per byte in when decoding */
	int max_redirects, retries;
	int64_t backoff_first_ms, backoff_max_ms;
	int concurrency;	    /* requests at once, all hosts */
	double address_rate;	    /* requests a second to one address, all its host names */
	int64_t crawl_delay_max_ms; /* a robots.txt that wants more gets this */
	bool adaptive;		    /* as each source says; else none is */
	struct conf_host *hosts;
	int n_hosts;
	/* archive, store */
	int64_t segment_bytes, segment_age_ms;
	int64_t archive_keep_ms, archive_max_bytes; /* 0: everything */
	int64_t batch_rows, batch_ms; /* group commit: at most so many pages, so long */
	int64_t min_free_bytes;	      /* stop fetching when the disk has less */
	/* classifier */
	int64_t train_seed, train_epochs; /* epochs 0: chosen on the validation part */
	int64_t train_min_rows;		  /* classes with fewer rows are left out */
	int64_t warm_starts;		  /* models in a row that may go on from the one before */
	struct str *model_fields;	  /* names of model/hint.h */
	int n_model_fields;
	int64_t models_keep; /* files of models that are not live */
	/* drift: pages of a kind until a false alarm, on average; 0: nothing is watched */
	int64_t drift_pages;
	int64_t rejected_keep; /* rejected records of a source that are kept */
	/* dataset */
	struct str salt;
	double validation_share, test_share;
	/* review */
	double review_margin; /* p1 - p2 below this: worth a look */
	double review_double; /* share of listings that two people decide */
	/* How often decisions are counted for rules' precision; 0: it is as configured. */
	int64_t measure_ms;
	/* parts */
	struct conf_source *sources;
	int n_sources;
	/* What is fetched on a person's word for no source, with the limits of one that sets none;
	 * conf_source finds it, `sources` does not have it. Of a configuration that was not
	 * loaded: no name. */
	struct conf_source no_source;
	struct conf_taxonomy taxonomy;
	struct conf_rules rules;
	struct conf_words words;
	/* their files */
	struct conf_file *source_files, *rules_files, *words_files;
	int n_source_files, n_rules_files, n_words_files;
	struct conf_file taxonomy_file; /* path {0}: none */
};

/* Problems found; all of them, not just the first. */
struct conf_problem {
	struct conf_at at; /* line 0: the file as a whole */
	char text[300];
};

/* Reads `path` and every file it names. ERR_BAD when there are problems
 * (*ret_n of them in *ret, mem_free it), ERR_NOT_FOUND and others for
 * `path` itself. On success *ret_conf is complete; conf_free it. */
enum err conf_load(const char *path, struct conf **ret_conf, struct conf_problem **ret, int *ret_n);
/* A file as text: what it is called and what is in it. */
struct conf_text {
	struct str name, text;
};
/* A configuration of nothing but the source that `text` describes, the text of a source's
 * file; `file` is what problems call it. Of other files only the credentials that it names are
 * read, as for sources that are loaded; `file` of variables and the like are problems. ERR_BAD
 * as above. */
enum err conf_load_source(struct str text, struct str file, struct conf **ret_conf,
			  struct conf_problem **ret, int *ret_n);
/* `live` with other rules, of `texts`: files of rules (NAME.yaml) and those that their lists name.
 * Each takes the place of the file of `live` that has its name, or is added; `all`: they take the
 * place of all. `live` is borrowed and must outlive it. ERR_BAD as above. */
enum err conf_load_rules(const struct conf *live, const struct conf_text *texts, int n, bool all,
			 struct conf **ret_conf, struct conf_problem **ret, int *ret_n);
/* A configuration of nothing but a taxonomy, likewise. Its mappings may name the sources of
 * `beside` (may be NULL). */
enum err conf_load_taxonomy(struct str text, struct str file, const struct conf *beside,
			    struct conf **ret_conf, struct conf_problem **ret, int *ret_n);
void conf_free(struct conf *c);

/* "etc/piped.yaml:12:5: unknown key `rat`; did you mean `rate`?" */
void conf_problem_text(const struct conf_problem *p, char to[512]);

const struct conf_source *conf_source(const struct conf *c, struct str name);
/* Enabled, and nothing that it needs is missing. */
bool conf_source_runs(const struct conf_source *s);
/* "+09:00", "-0330", "Z" in milliseconds; false: it is none. */
bool conf_utc_offset(struct str text, int64_t *ret_ms);
/* How far the source's clocks are ahead of UTC. */
int64_t conf_source_zone_ms(const struct conf_source *s);
const struct conf_page *conf_page(const struct conf_source *s, struct str name);
int conf_taxon(const struct conf *c, struct str code); /* -1: none */
/* What labels with `code` that were made under `version` are now; NULL: what they say. */
const struct recode *conf_taxonomy_recode(const struct conf_taxonomy *t, struct str code,
					  int64_t version);
int conf_list(const struct conf_rules *r, struct str name); /* -1: none */

/* The effective configuration, every key with its value and documentation:
 * as YAML with comments, or as JSON for the API. */
void conf_print(const struct conf *c, struct buf *to);
void conf_json(const struct conf *c, struct buf *to);
/* The tables' documentation as mdoc(7), for piped.yaml(5). */
void conf_mdoc(struct buf *to);

#endif
