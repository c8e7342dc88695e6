#include "crawler/cookiejar.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/must.h"

#include <stdlib.h>
#include <string.h>

/* Longest line that libcurl takes. */
#define LINE_MOST 8192

struct cookiejar {
	CURLSH *share;
	CURL *easy; /* for asking what is in the share */
	char *source, *path;
	bool changed;
};

static void add_line(struct cookiejar *j, struct str line)
{
	static const struct str http_only = { "#HttpOnly_", 10 };
	char text[LINE_MOST];

	/* other words are commands to libcurl */
	if (line.n >= sizeof(text) || str_find_char(line, '\t') < 0 || memchr(line.p, 0, line.n) ||
	    (line.p[0] == '#' && !str_starts(line, http_only)))
		return;
	memcpy(text, line.p, line.n);
	text[line.n] = 0;
	curl_easy_setopt(j->easy, CURLOPT_COOKIELIST, text);
}

static void add_text(struct cookiejar *j, struct str text)
{
	struct str line;

	while (str_next(&text, '\n', &line))
		add_line(j, line);
}

static void read_file(struct cookiejar *j, struct reason *why)
{
	struct buf b;

	if (!file_exists(j->path))
		return;
	buf_init(&b, 2 * COOKIEJAR_BYTES);
	if (!file_read(j->path, &b, why))
		add_text(j, buf_str(&b));
	buf_done(&b);
	cookiejar_heard(j);
	j->changed = false;
}

struct cookiejar *cookiejar_new(struct str source, const char *path, struct reason *why)
{
	struct cookiejar *j = mem_zero(sizeof(*j));
	char *name = mem_alloc(source.n + 1);

	memcpy(name, source.p, source.n);
	name[source.n] = 0;
	j->source = name;
	j->path = mem_text(path);
	j->share = curl_share_init();
	j->easy = curl_easy_init();
	must(j->share && j->easy);
	must(!curl_share_setopt(j->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE));
	must(!curl_easy_setopt(j->easy, CURLOPT_SHARE, j->share));
	if (path)
		read_file(j, why);
	return j;
}

void cookiejar_free(struct cookiejar *j)
{
	if (!j)
		return;
	curl_easy_cleanup(j->easy);
	must(curl_share_cleanup(j->share) == CURLSHE_OK);
	mem_free(j->source);
	mem_free(j->path);
	mem_free(j);
}

struct str cookiejar_source(const struct cookiejar *j)
{
	return str_of(j->source);
}

const char *cookiejar_path(const struct cookiejar *j)
{
	return j->path;
}

void cookiejar_lend(struct cookiejar *j, CURL *easy)
{
	/* first, as this lets go of the cookies without clearing a share */
	if (!j)
		must(!curl_easy_setopt(easy, CURLOPT_COOKIEFILE, NULL));
	must(!curl_easy_setopt(easy, CURLOPT_SHARE, j ? j->share : NULL));
	/* no file, but it turns the engine on */
	if (j)
		must(!curl_easy_setopt(easy, CURLOPT_COOKIEFILE, ""));
}

/* ---- bounds ---- */

/* Netscape's fifth field: seconds since 1970; 0 ends with the session. */
static int64_t expires(const char *line)
{
	struct str rest = str_of(line), field;
	int64_t at = 0;

	for (int i = 0; i < 5; i++)
		if (!str_next(&rest, '\t', &field))
			return 0;
	return str_i64(field, &at) ? at : 0;
}

struct entry {
	const char *line;
	int64_t expires;
};

static int longest_lived_first(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->expires > y->expires ? -1 : x->expires < y->expires;
}

/* Puts back only what fits. */
static void shrink(struct cookiejar *j, const struct curl_slist *list, int n)
{
	struct entry *all = mem_array((size_t)n, sizeof(*all));
	size_t bytes = 0;
	int k = 0;

	for (const struct curl_slist *l = list; l; l = l->next)
		all[k++] = (struct entry){ l->data, expires(l->data) };
	qsort(all, (size_t)n, sizeof(*all), longest_lived_first);
	curl_easy_setopt(j->easy, CURLOPT_COOKIELIST, "ALL");
	for (k = 0; k < n && k < COOKIEJAR_MOST; k++) {
		bytes += strlen(all[k].line) + 1;
		if (bytes > COOKIEJAR_BYTES)
			break;
		add_line(j, str_of(all[k].line));
	}
	mem_free(all);
}

void cookiejar_heard(struct cookiejar *j)
{
	struct curl_slist *list = NULL;
	size_t bytes = 0;
	int n = 0;

	j->changed = true;
	curl_easy_getinfo(j->easy, CURLINFO_COOKIELIST, &list);
	for (const struct curl_slist *l = list; l; l = l->next, n++)
		bytes += strlen(l->data) + 1;
	if (n > COOKIEJAR_MOST || bytes > COOKIEJAR_BYTES)
		shrink(j, list, n);
	curl_slist_free_all(list);
}

/* ---- its file ---- */

bool cookiejar_changed(struct cookiejar *j)
{
	bool changed = j->changed;

	j->changed = false;
	return changed;
}

void cookiejar_text(struct cookiejar *j, struct buf *to)
{
	struct curl_slist *list = NULL;

	curl_easy_getinfo(j->easy, CURLINFO_COOKIELIST, &list);
	for (const struct curl_slist *l = list; l; l = l->next) {
		buf_add_text(to, l->data);
		buf_add_char(to, '\n');
	}
	curl_slist_free_all(list);
}

enum err cookiejar_write(const char *path, struct str text, struct reason *why)
{
	return file_write_private(path, text, why);
}
