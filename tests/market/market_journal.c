#include "market_journal.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define HOSTS_MOST 16 /* the last counts all further ones together */

struct host {
	char name[64];
	int now, most;
	int64_t requests, bytes, by_class[6];
};

struct market_journal {
	pthread_mutex_t lock;
	FILE *file;
	struct host hosts[HOSTS_MOST];
	int n_hosts;
};

enum err market_journal_new(const char *path, struct market_journal **ret, struct reason *why)
{
	struct market_journal *j;
	FILE *f = NULL;

	if (path) {
		f = fopen(path, "ae");
		if (!f)
			return reason_set(why, ERR_IO, "%s: %s", path, strerror(errno));
	}
	j = mem_zero(sizeof(*j));
	pthread_mutex_init(&j->lock, NULL);
	j->file = f;
	*ret = j;
	return ERR_OK;
}

void market_journal_free(struct market_journal *j)
{
	if (!j)
		return;
	if (j->file)
		fclose(j->file);
	pthread_mutex_destroy(&j->lock);
	mem_free(j);
}

static int place_of(struct market_journal *j, struct str name)
{
	int i;

	name = utf8_cut(name, sizeof(j->hosts[0].name) - 1);
	for (i = 0; i < j->n_hosts; i++)
		if (str_is(name, j->hosts[i].name))
			return i;
	if (j->n_hosts == HOSTS_MOST)
		return HOSTS_MOST - 1;
	if (j->n_hosts == HOSTS_MOST - 1)
		name = STR("(others)");
	if (name.n)
		memcpy(j->hosts[i].name, name.p, name.n);
	j->n_hosts++;
	return i;
}

int market_journal_begin(struct market_journal *j, struct str host)
{
	struct host *h;
	int place;

	pthread_mutex_lock(&j->lock);
	place = place_of(j, host);
	h = &j->hosts[place];
	h->requests++;
	h->now++;
	if (h->now > h->most)
		h->most = h->now;
	pthread_mutex_unlock(&j->lock);
	return place;
}

void market_journal_end(struct market_journal *j, int place)
{
	pthread_mutex_lock(&j->lock);
	j->hosts[place].now--;
	pthread_mutex_unlock(&j->lock);
}

/* A path is the client's: nothing in it may start a new line or column. */
static void print_text(FILE *f, struct str s)
{
	size_t i;

	if (!s.n)
		putc('-', f);
	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c == 0x7f)
			fprintf(f, "%%%02X", c);
		else
			putc(c, f);
	}
}

void market_journal_line(struct market_journal *j, const struct market_journal_entry *e)
{
	struct host *h;

	pthread_mutex_lock(&j->lock);
	h = &j->hosts[place_of(j, e->host)];
	h->bytes += e->bytes;
	h->by_class[e->status >= 100 && e->status < 600 ? e->status / 100 : 0]++;
	if (j->file) {
		fprintf(j->file, "%lld\t", (long long)e->arrived_ms);
		print_text(j->file, e->host);
		putc('\t', j->file);
		print_text(j->file, e->path);
		fprintf(j->file, "\t%d\t%lld\t%s\t", e->status, (long long)e->bytes,
			e->fault ? e->fault : "-");
		if (e->retry_after_ms < 0)
			fprintf(j->file, "-\t%lld\n", (long long)e->answered_ms);
		else
			fprintf(j->file, "%lld\t%lld\n", (long long)e->retry_after_ms,
				(long long)e->answered_ms);
		fflush(j->file);
	}
	pthread_mutex_unlock(&j->lock);
}

static void add_host(struct json *to, const struct host *h)
{
	static const char *const names[] = { "none", "1xx", "2xx", "3xx", "4xx", "5xx" };
	int i;

	json_object(to, NULL);
	json_text(to, "host", h->name);
	json_int(to, "requests", h->requests);
	json_int(to, "bytes", h->bytes);
	json_int(to, "most_at_once", h->most);
	for (i = 0; i < 6; i++)
		json_int(to, names[i], h->by_class[i]);
	json_end_object(to);
}

void market_journal_json(struct market_journal *j, struct buf *to)
{
	struct json out;
	int i;

	json_init(&out, to);
	pthread_mutex_lock(&j->lock);
	json_object(&out, NULL);
	json_array(&out, "hosts");
	for (i = 0; i < j->n_hosts; i++)
		add_host(&out, &j->hosts[i]);
	json_end_array(&out);
	json_end_object(&out);
	pthread_mutex_unlock(&j->lock);
}
