#include "store/tally.h"

#include "base/mem.h"
#include "base/must.h"

#include <stdio.h>
#include <string.h>

const struct tally_row tallies[TALLY_COUNT] = {
	[TALLY_PAGES] = { .name = "pages", .doc = "Responses stored.", .grows = true },
	[TALLY_PAGES_UNCHANGED] = { .name = "pages-unchanged",
				    .doc = "Of those: as they were before (304, or the "
					   "same bytes), so that nothing was read.",
				    .grows = true },
	[TALLY_PAGES_UNPARSABLE] = { .name = "pages-unparsable",
				     .doc = "Of those: did not fit their extractor." },
	[TALLY_PAGES_ERROR] = { .name = "pages-error",
				.doc = "Of those: HTTP errors and cut bodies.",
				.grows = true },
	[TALLY_BYTES] = { .name = "bytes",
			  .doc = "Bytes of bodies as they came over the wire.",
			  .grows = true },
	[TALLY_LISTINGS] = { .name = "listings", .doc = "Listings stored." },
	[TALLY_GONE] = { .name = "gone", .doc = "Of those: no longer there now." },
	[TALLY_DUPLICATES] = { .name = "duplicates",
			       .doc = "Of those: not the first of their duplicate family." },
	[TALLY_FLAGGED] = { .name = "flagged", .doc = "Of those: with any flag." },
	[TALLY_UNFIT] = { .name = "unfit",
			  .doc = "Of those: with a flag that keeps them out of datasets." },
	[TALLY_CHANGES] = { .name = "changes",
			    .doc = "Changes of price, state or title recorded.",
			    .grows = true },
	[TALLY_SKIPPED] = { .name = "skipped", .doc = "Items dropped by the source's `skip`." },
	[TALLY_REJECTED] = { .name = "rejected",
			     .doc = "Items without a required field, or that failed a check." },
	[TALLY_UNDECIDED] = { .name = "checks-undecided",
			      .doc = "Values that passed a check, as its pattern takes too many "
				     "steps on them.",
			      .grows = true },
	[TALLY_LABELED] = { .name = "labeled",
			    .doc = "Listings whose current label names a category, or is a "
				   "person's." },
	[TALLY_SUGGESTED] = { .name = "suggested", .doc = "Listings with a model's suggestions." },
	[TALLY_REVIEWED] = { .name = "reviewed",
			     .doc = "Listings whose current label is a person's." },
	[TALLY_HOSTS_DUE] = { .name = "hosts-due",
			      .doc = "Hosts with jobs that are due, now or later." },
	[TALLY_CUT] = { .name = "ends-cut",
			.doc = "Requests whose answer ended early.",
			.grows = true },
	[TALLY_TOO_BIG] = { .name = "ends-too-big",
			    .doc = "Requests stopped at max-header, max-wire, max-body or "
				   "max-ratio.",
			    .grows = true },
	[TALLY_TIMEOUT] = { .name = "ends-timeout",
			    .doc = "Requests stopped at a limit of time.",
			    .grows = true },
	[TALLY_UNREACHABLE] = { .name = "ends-unreachable",
				.doc = "Requests without connection, by name, network, "
				       "TLS or protocol.",
				.grows = true },
	[TALLY_REDIRECTS] = { .name = "ends-redirects",
			      .doc = "Requests redirected too often, or out of the "
				     "source.",
			      .grows = true },
	[TALLY_GUARDED] = { .name = "ends-refused",
			    .doc = "Requests that would have led to an address that "
				   "allow-networks does not name.",
			    .grows = true },
	[TALLY_ROBOTS] = { .name = "ends-robots",
			   .doc = "Requests not made because robots.txt disallows them.",
			   .grows = true },
	[TALLY_IMAGES] = { .name = "images", .doc = "Listings' images kept, each content once." },
	[TALLY_IMAGE_BYTES] = { .name = "image-bytes", .doc = "Bytes of those." },
	[TALLY_IMAGES_WAITING] = { .name = "images-waiting",
				   .doc = "Images that are due to be fetched." },
	[TALLY_RETRIES] = { .name = "retries",
			    .doc = "Times that a job was put off to be tried again.",
			    .grows = true },
};

void tally_name(int tally, char to[64])
{
	must(tally >= 0 && tally < TALLY_ALL);
	if (tally < TALLY_COUNT)
		snprintf(to, 64, "%s", tallies[tally].name);
	else
		snprintf(to, 64, "jobs-%s", state_name(STATE_JOB, tally - TALLY_JOBS));
}

bool tally_parse(struct str name, int *ret_tally)
{
	char text[64];

	for (int i = 0; i < TALLY_ALL; i++) {
		tally_name(i, text);
		if (str_is(name, text)) {
			*ret_tally = i;
			return true;
		}
	}
	return false;
}

void tally_done(struct tally_set *t)
{
	for (size_t i = 0; i < t->n; i++)
		mem_free(t->sources[i].name);
	mem_free(t->sources);
	memset(t, 0, sizeof(*t));
}

static bool named(const struct tally_source *s, struct str name)
{
	return str_eq((struct str){ s->name, s->name_bytes }, name);
}

static struct tally_source *find(struct tally_set *t, struct str name)
{
	if (t->last < t->n && named(&t->sources[t->last], name))
		return &t->sources[t->last];
	for (size_t i = 0; i < t->n; i++) {
		if (named(&t->sources[i], name)) {
			t->last = i;
			return &t->sources[i];
		}
	}
	return NULL;
}

enum err tally_source(struct tally_set *t, struct sql *sql, struct str source)
{
	struct tally_source *s = find(t, source);
	struct query *q;
	enum err err;

	if (s && s->stored)
		return ERR_OK;
	q = sql_use(sql, SQL_SOURCE_SEE);
	query_text(q, source);
	err = query_run(q);
	if (err)
		return err;
	if (!s) {
		mem_grow(&t->sources, &t->cap, t->n + 1, sizeof(*t->sources));
		s = &t->sources[t->n++];
		memset(s, 0, sizeof(*s));
		s->name = mem_dup(source.p, source.n);
		s->name_bytes = source.n;
	}
	s->stored = true;
	return ERR_OK;
}

void tally_add(struct tally_set *t, struct str source, int tally, int64_t n)
{
	struct tally_source *s = find(t, source);

	must(s && s->stored);
	must(tally >= 0 && tally < TALLY_ALL);
	s->delta[tally] += n;
}

enum err tally_flush(struct tally_set *t, struct sql *sql)
{
	struct query *q = sql_use(sql, SQL_TALLY_ADD);
	char name[64];
	enum err err = ERR_OK;

	for (size_t i = 0; i < t->n && !err; i++) {
		struct tally_source *s = &t->sources[i];

		for (int k = 0; k < TALLY_ALL && !err; k++) {
			if (!s->delta[k])
				continue;
			tally_name(k, name);
			query_text(q, (struct str){ s->name, s->name_bytes });
			query_text(q, str_of(name));
			query_int(q, s->delta[k]);
			err = query_run(q);
			s->delta[k] = 0;
		}
	}
	return err;
}

void tally_forget(struct tally_set *t)
{
	for (size_t i = 0; i < t->n; i++) {
		t->sources[i].stored = false;
		memset(t->sources[i].delta, 0, sizeof(t->sources[i].delta));
	}
}
