#include "daemon/draft_run.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "cleaner/check.h"
#include "cleaner/mask.h"
#include "cleaner/posted.h"
#include "cleaner/price.h"
#include "config/conf_table.h"
#include "crawler/decode.h"
#include "daemon/draft_yaml.h"
#include "daemon/record.h"
#include "daemon/trial_run.h"
#include "extractor/extractor.h"
#include "serve/serve.h"

#include <math.h>
#include <stdlib.h>

#define MOST_STATES 12
#define DAY_MS 86400000

struct run {
	const char *archive_dir;
	const struct draft_in *in;
	struct arena *a;
	struct str url; /* absolute, whatever is known of it */
	struct fetch_answer answer;
	struct buf decoded;
	struct extract_draft draft;
	struct draft_yaml yaml;
	struct str currency[EXTRACT_DRAFT_WAYS]; /* that the way's prices name */
	struct words {
		struct str word[MOST_STATES];
		int n;
	} states[EXTRACT_DRAFT_WAYS]; /* that it finds for the status */
	struct draft *ret;
};

/* --- what the cleaner can read */

static int price(void *ctx, struct str text)
{
	const struct str none = { 0 };
	char code[4];
	int64_t amount;
	int digits;

	(void)ctx;
	if (!price_read(text, none, &amount, &digits))
		return 0;
	/* "나눔", but not "free shipping" */
	return price_currency(text, none, code) || (!amount && text.n <= 12) ? 2 : 1;
}

/* A day's zone does not matter here. */
static bool is_time(void *ctx, struct str text)
{
	const struct run *r = ctx;

	return posted_ms(text, r->in->now_ms + DAY_MS, 0) > 0;
}

/* --- the page */

static enum err read_page(struct run *r, struct str *ret_body, struct reason *why)
{
	const struct draft_in *in = r->in;
	const struct conf *limits = in->view->conf;
	enum err err = ERR_OK;

	r->answer = (struct fetch_answer){ .body = in->body };
	if (in->page)
		err = record_answer(r->archive_dir, in->reader, in->page, r->a, &r->answer, why);
	buf_init(&r->decoded, (size_t)limits->max_body_bytes);
	if (!err)
		err = decode_body(r->answer.body, r->answer.content_encoding, limits->max_ratio,
				  &r->decoded, ret_body, why);
	return err;
}

/* --- trying a way */

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int distinct_ids(const struct trial *t, struct arena *a)
{
	uint64_t *ids = arena_array(a, (size_t)t->found.n + 1, sizeof(*ids));
	int n = 0, kinds = 0;

	for (int i = 0; i < t->found.n; i++)
		if (t->found.items[i].end == FOUND_KEPT)
			ids[n++] = hash64(t->listings[i].ext_id, 0);
	qsort(ids, (size_t)n, sizeof(*ids), compare);
	for (int i = 0; i < n; i++)
		kinds += !i || ids[i] != ids[i - 1];
	return kinds;
}

/* Whether the field came to something: a price, an address, a time that can be read. */
static bool is_filled(const struct found_item *item, const struct listing *l, int field)
{
	switch (field) {
	case FIELD_PRICE:
		return l->price != LISTING_NO_PRICE;
	case FIELD_URL:
		return l->url.n > 0;
	case FIELD_IMAGE:
		return l->image.n > 0;
	case FIELD_POSTED:
		return l->posted_ms > 0;
	default:
		return str_trim(item->raw.field[field]).n > 0;
	}
}

/* As a source that is not told otherwise stores it: a draft is no archive. */
static struct str sample(const struct listing_raw *raw, int field, struct arena *a)
{
	struct str text = listing_raw_text(raw, (enum listing_field)field, a);

	if (field == FIELD_TITLE || field == FIELD_DESCRIPTION || field == FIELD_ATTRIBUTES)
		text = mask_personal(utf8_clean(a, text), a);
	return arena_str(a, utf8_cut(text, DRAFT_SAMPLE));
}

static void count(const struct found_item *item, const struct listing *l, struct arena *a,
		  struct draft_way *to)
{
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (!is_filled(item, l, f))
			continue;
		if (!to->filled[f]++) {
			to->sample[f] = sample(&item->raw, f, a);
			to->reader[f] = item->reader[f];
		}
	}
}

static void note_currency(struct run *r, int way, const struct found_item *item)
{
	const struct str none = { 0 };
	char code[4];

	if (r->currency[way].n)
		return;
	if (price_currency(item->raw.field[FIELD_CURRENCY], none, code) ||
	    price_currency(item->raw.field[FIELD_PRICE], none, code))
		r->currency[way] = arena_text(r->a, code);
}

static void note_state(struct run *r, int way, const struct found_item *item)
{
	struct words *to = &r->states[way];
	struct str word = str_trim(item->raw.field[FIELD_STATUS]);

	for (int i = 0; i < to->n; i++)
		if (str_eq_nocase(to->word[i], word))
			return;
	if (word.n && word.n <= DRAFT_SAMPLE && to->n < MOST_STATES)
		to->word[to->n++] = arena_str(r->a, word);
}

static void ignore(void *ctx, const struct conf_problem *p)
{
	(void)ctx;
	(void)p;
}

static enum err load(struct str yaml, struct conf **ret, struct reason *why)
{
	struct conf_problem *problems = NULL;
	int n = 0;
	enum err err = conf_load_source(yaml, STR("draft"), ret, &problems, &n);

	if (err) {
		reason_set(why, err, "%s", problems[0].text);
		mem_free(problems);
	} else if (extractor_check(*ret, ignore, NULL)) {
		err = reason_set(why, ERR_BAD, "its selectors cannot be read");
		conf_free(*ret);
	}
	return err;
}

static void try_way(struct run *r, int i)
{
	struct draft_way *to = &r->ret->ways[i];
	struct trial_in in = { .view = r->in->view,
			       .reader = r->in->reader,
			       .page = r->in->page,
			       .body = r->in->body,
			       .url = r->url,
			       .addressed = r->in->url.n > 0 || r->in->page,
			       .now_ms = r->in->now_ms };
	struct reason why = { "" };
	struct conf *conf;
	struct trial t;

	r->yaml.way = &r->draft.ways[i];
	if (load(draft_yaml(&r->yaml, r->a), &conf, &why)) {
		to->trouble = arena_text(r->a, why.text);
		return;
	}
	to->loads = true;
	in.conf = conf;
	in.source = &conf->sources[0];
	in.kind = &in.source->pages[0];
	if (trial_run(r->archive_dir, &in, r->a, &t, &why))
		to->trouble = arena_text(r->a, why.text);
	else if (t.unreadable.text[0])
		to->trouble = arena_text(r->a, t.unreadable.text);
	else {
		to->kept = t.kept;
		to->rejected = t.rejected;
		to->skipped = t.skipped;
		to->distinct = distinct_ids(&t, r->a);
		for (int k = 0; k < t.found.n; k++) {
			if (t.found.items[k].end != FOUND_KEPT)
				continue;
			count(&t.found.items[k], &t.listings[k], r->a, to);
			note_currency(r, i, &t.found.items[k]);
			note_state(r, i, &t.found.items[k]);
		}
	}
	conf_free(conf);
}

/* --- which is best */

static double share(const struct draft_way *w, enum listing_field f)
{
	return w->kept ? (double)w->filled[f] / w->kept : 0;
}

static double rate(const struct draft_way *w)
{
	double value = 3 * share(w, FIELD_TITLE) + 4 * share(w, FIELD_PRICE) +
		       2 * share(w, FIELD_URL) + 1.5 * share(w, FIELD_IMAGE);

	for (int f = 0; f < FIELD_COUNT; f++)
		value += 0.4 * share(w, (enum listing_field)f);
	if (!w->kept || w->distinct * 10 < w->kept * 8)
		return 0;
	return value * log2(1 + w->distinct) * (1 - 0.5 * w->rejected / (w->kept + w->rejected));
}

/* What a page says in markup made for that, not what a reader made of its look; of a JSON body's
 * members one may be the first of many. */
static bool is_said(const struct draft_way *w, enum listing_field f)
{
	static const char *const guesses[] = { "shown", "address", "members" };

	for (size_t i = 0; w->reader[f] && i < sizeof(guesses) / sizeof(guesses[0]); i++)
		if (str_is(str_of(w->reader[f]), guesses[i]))
			return false;
	return w->filled[f] && w->reader[f];
}

/* A page about one thing shows others beside it. */
static bool is_one_thing(const struct run *r, const struct draft_way *w)
{
	if (w->kept != 1)
		return false;
	if (w->filled[FIELD_PRICE] && is_said(w, FIELD_TITLE) && is_said(w, FIELD_PRICE))
		return true;
	return w->filled[FIELD_PRICE] && r->draft.outside;
}

/* Links with nothing but a name may be anything. */
static bool is_list(const struct draft_way *w, const struct extract_draft_way *by)
{
	if (by->format == FORMAT_AUTO)
		return w->kept > 0;
	return w->kept > 1 &&
	       (share(w, FIELD_PRICE) >= .2 ||
		(by->format == FORMAT_JSON && share(w, FIELD_URL) + share(w, FIELD_IMAGE) >= .5));
}

static int best_of(const struct run *r)
{
	double best = 0, now;
	int found = -1;

	if (r->ret->n && r->draft.ways[0].format == FORMAT_AUTO &&
	    is_one_thing(r, &r->ret->ways[0]))
		return 0;
	for (int i = 0; i < r->ret->n; i++) {
		const struct draft_way *w = &r->ret->ways[i];

		if (!is_list(w, &r->draft.ways[i]))
			continue;
		now = rate(w);
		/* what a page says of itself stays when its looks change */
		now *= r->draft.ways[i].format == FORMAT_AUTO && w->kept > 1 ? 1.15 : 1;
		if (now > best) {
			best = now;
			found = i;
		}
	}
	return found;
}

/* --- the file */

static struct str usual_currency(struct str language)
{
	static const struct {
		const char *language, *currency;
	} usual[] = { { "ko", "KRW" }, { "ja", "JPY" }, { "zh", "CNY" }, { "de", "EUR" },
		      { "fr", "EUR" }, { "it", "EUR" }, { "es", "EUR" }, { "nl", "EUR" },
		      { "fi", "EUR" }, { "pl", "PLN" }, { "cs", "CZK" }, { "ru", "RUB" },
		      { "sv", "SEK" }, { "da", "DKK" }, { "tr", "TRY" }, { "en", "USD" } };

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (language.n >= 2 &&
		    str_eq_nocase(str_sub(language, 0, 2), str_of(usual[i].language)))
			return str_of(usual[i].currency);
	return (struct str){ 0 };
}

/* As piped.yaml has them; a page's may be anything. */
static struct str language_of(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') && s.p[i] != '-')
			return (struct str){ 0 };
	return s.n >= 2 && s.n <= 11 ? s : (struct str){ 0 };
}

static enum err write_best(struct run *r, struct reason *why)
{
	struct draft *d = r->ret;
	struct conf *conf;
	enum err err;

	r->yaml.way = &r->draft.ways[d->best];
	r->yaml.tried = &d->ways[d->best];
	r->yaml.all = d;
	if (r->currency[d->best].n) {
		r->yaml.currency = r->currency[d->best];
		r->yaml.guessed = false;
	}
	r->yaml.states = r->states[d->best].word;
	r->yaml.n_states = r->states[d->best].n;
	d->yaml = draft_yaml(&r->yaml, r->a);
	err = load(d->yaml, &conf, why);
	if (!err)
		conf_free(conf);
	return err;
}

static enum err draft(struct run *r, struct str body, struct reason *why)
{
	const struct extract_draft_in in = { .body = body,
					     .content_type = r->answer.content_type,
					     .url = r->url,
					     .price = price,
					     .time = is_time,
					     .ctx = r };
	struct draft *d = r->ret;
	enum err err = extract_draft(&in, r->a, &r->draft, why);

	if (err)
		return err;
	d->name = r->in->name.n ? r->in->name : draft_yaml_name(r->in->url, r->a);
	r->yaml = (struct draft_yaml){ .name = d->name,
				       .url = r->in->url,
				       .draft = &r->draft,
				       .language = language_of(r->draft.language) };
	r->yaml.currency = usual_currency(r->yaml.language);
	r->yaml.guessed = true;
	for (; d->n < r->draft.n; d->n++) {
		const struct extract_draft_way *w = &r->draft.ways[d->n];

		d->ways[d->n].format = draft_yaml_format(w->format);
		d->ways[d->n].what = w->what;
		try_way(r, d->n);
		/* format auto has no selectors: what is wrong is the address */
		if (w->format == FORMAT_AUTO && !d->ways[d->n].loads)
			return reason_set(why, ERR_BAD, "%.*s", STR_ARG(d->ways[d->n].trouble));
	}
	d->best = best_of(r);
	return d->best < 0 ? ERR_OK : write_best(r, why);
}

enum err draft_run(const char *archive_dir, const struct draft_in *in, struct arena *a,
		   struct draft *ret, struct reason *why)
{
	struct run r = { .archive_dir = archive_dir, .in = in, .a = a, .ret = ret };
	struct str body = { 0 };
	enum err err;

	*ret = (struct draft){ .best = -1 };
	if (in->name.n && conf_table_name_wrong(in->name))
		return reason_set(why, ERR_BAD, "%.*s: %s", (int)utf8_cut(in->name, 64).n,
				  in->name.p, conf_table_name_wrong(in->name));
	r.url = in->url.n ? in->url : STR(DRAFT_YAML_NO_URL);
	err = read_page(&r, &body, why);
	if (!err)
		err = draft(&r, body, why);
	buf_done(&r.decoded);
	return err;
}
