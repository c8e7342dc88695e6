/* pipectl label import: labels that people made elsewhere, sent to the daemon in batches. */
#include "pipectl/ctl.h"
#include "pipectl/http.h"
#include "pipectl/records.h"
#include "pipectl/screen.h"
#include "pipectl/studio.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define BATCH 500
#define BATCH_BYTES ((size_t)512 << 10)

const struct opt ctl_label_in_options[] = {
	{ .name = "format",
	  .letter = 'f',
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(format),
	  .value = "FORMAT",
	  .doc = "jsonl, csv, tsv, or labelstudio (tasks with annotations). Else by the file's "
		 "name: .json is labelstudio; .gz behind it is passed over." },
	{ .name = "origin",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(name),
	  .value = "NAME",
	  .doc = "Where they come from: a row of the same origin and name is the same (the file's "
		 "name)." },
	{ .name = "who",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(who),
	  .value = "NAME",
	  .doc = "Whose word rows are that do not say." },
	{ .name = "rejects",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(out),
	  .value = "FILE",
	  .doc = "Where rows go that are not taken, with line and reason (FILE.rejects.tsv)." },
	{ .name = NULL },
};

static const char *const columns[] = { "row",	   "listing", "source", "id",  "url",
				       "category", "who",     "when",	"note" };
#define N_COLUMNS (int)(sizeof(columns) / sizeof(columns[0]))

struct sending {
	const struct command_env *env;
	const char *path, *origin;
	struct records *records; /* one of the two */
	struct studio *studio;
	json_t *rows;
	int64_t lines[BATCH];
	size_t bytes;
	int64_t n_rows, stored, known, rejected;
	char rejects[PATH_MAX];
	FILE *to;
	bool failed;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* What the file's name says, or the option. */
static const char *format_of(const struct command_env *env, const char *path, char to[32])
{
	struct str name = str_of(path);
	ptrdiff_t dot = -1;

	if (env->opt.format)
		return env->opt.format;
	if (str_ends(name, STR(".gz")))
		name.n -= 3;
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == '.')
			dot = (ptrdiff_t)i;
	name = str_sub(name, dot < 0 ? name.n : (size_t)dot + 1, 31);
	snprintf(to, 32, "%.*s", STR_ARG(name));
	return strcmp(to, "json") == 0 ? "labelstudio" : to;
}

static int say(const char *text)
{
	fprintf(stderr, "pipectl: %s\n", text);
	return EXIT_FAILED;
}

/* Columns without which no row can be taken are told before the first is read. */
static int check_header(const struct sending *s)
{
	bool named = records_has(s->records, 1) || records_has(s->records, 4) ||
		     (records_has(s->records, 2) && records_has(s->records, 3));

	if (!named || !records_has(s->records, 5)) {
		fprintf(stderr,
			"pipectl: %s has no column `category`, or none that names a listing "
			"(`source` and `id`, `listing`, or `url`)\n",
			s->path);
		return EXIT_USAGE;
	}
	return EXIT_DONE;
}

static int open_file(struct sending *s)
{
	char by_name[32];
	const char *format = format_of(s->env, s->path, by_name);
	struct reason why = { "" };
	enum records_how how;
	enum err err;

	if (strcmp(format, "labelstudio") == 0) {
		err = studio_open(s->path, &s->studio, &why);
		return err ? say(why.text) : EXIT_DONE;
	}
	if (!records_parse(format, &how)) {
		fprintf(stderr,
			"pipectl: no format `%s`; --format takes jsonl, csv, tsv, labelstudio\n",
			format);
		return EXIT_USAGE;
	}
	err = records_open(s->path, how, columns, N_COLUMNS, &s->records, &why);
	return err ? say(why.text) : check_header(s);
}

static void reject(struct sending *s, int64_t line, const char *reason)
{
	if (!s->to)
		s->to = fopen(s->rejects, "we");
	if (!s->to && !s->failed) {
		fprintf(stderr, "pipectl: cannot write %s: %s\n", s->rejects, strerror(errno));
		s->failed = true;
	}
	if (s->to && !s->rejected)
		fprintf(s->to, "line\treason\n");
	if (s->to)
		fprintf(s->to, "%lld\t%s\n", (long long)line, reason);
	s->rejected++;
}

static int send_batch(struct sending *s)
{
	size_t n = json_array_size(s->rows), i;
	json_t *body, *root = NULL;
	const json_t *r;
	int rc;

	if (!n)
		return EXIT_DONE;
	body = json_pack("{s:s,s:O}", "origin", s->origin, "rows", s->rows);
	rc = http_post(s->env, "/api/labels/import", body, &root);
	json_decref(body);
	json_array_clear(s->rows);
	s->bytes = 0;
	if (rc)
		return rc;
	s->stored += screen_int(root, "stored");
	s->known += screen_int(root, "known");
	json_array_foreach(json_object_get(root, "rejected"), i, r)
	{
		int64_t at = screen_int(r, "row");

		reject(s, at >= 0 && at < (int64_t)n ? s->lines[at] : 0,
		       screen_member(r, "reason"));
	}
	json_decref(root);
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%lld rows, %lld stored", (long long)s->n_rows,
			(long long)s->stored);
	return EXIT_DONE;
}

/* Takes `row`. */
static int add(struct sending *s, json_t *row, int64_t line)
{
	char *text;

	if (!json_object_get(row, "who") && s->env->opt.who)
		json_object_set_new(row, "who", json_string(s->env->opt.who));
	text = json_dumps(row, JSON_COMPACT);
	s->lines[json_array_size(s->rows)] = line;
	s->bytes += text ? strlen(text) : 0;
	free(text);
	json_array_append_new(s->rows, row);
	s->n_rows++;
	return json_array_size(s->rows) == BATCH || s->bytes > BATCH_BYTES ? send_batch(s)
									   : EXIT_DONE;
}

static json_t *row_of(const struct str *cells)
{
	json_t *row = json_pack("{}");

	for (int i = 0; i < N_COLUMNS; i++)
		if (cells[i].n)
			json_object_set_new(row, columns[i], json_stringn(cells[i].p, cells[i].n));
	return row;
}

/* A row that cannot be read is one more that is not taken; the others are. */
static int send_records(struct sending *s)
{
	struct str cells[RECORDS_COLUMNS_MOST];
	struct reason why = { "" };
	bool any = true, again = true;
	int rc = EXIT_DONE;

	while (rc == EXIT_DONE && any) {
		enum err err = records_next(s->records, cells, &any, &again, &why);

		if (err && !again)
			return say(why.text);
		if (!err && any)
			rc = add(s, row_of(cells), records_line(s->records));
		if (!err)
			continue;
		/* What stands before it is told before. */
		rc = send_batch(s);
		s->n_rows++;
		reject(s, records_line(s->records), why.text);
	}
	return rc;
}

static int send_tasks(struct sending *s)
{
	struct reason why = { "" };
	int rc = EXIT_DONE;

	while (rc == EXIT_DONE) {
		json_t *row = NULL;

		if (studio_next(s->studio, &row, &why))
			return say(why.text);
		if (!row)
			break;
		rc = add(s, row, studio_task(s->studio));
	}
	return rc;
}

static void report(const struct sending *s)
{
	if (s->env->opt.json) {
		json_t *root =
			json_pack("{s:s,s:I,s:I,s:I,s:I,s:s?}", "origin", s->origin, "rows",
				  (json_int_t)s->n_rows, "stored", (json_int_t)s->stored, "known",
				  (json_int_t)s->known, "rejected", (json_int_t)s->rejected,
				  "rejects", s->rejected ? s->rejects : NULL);

		screen_json(root);
		json_decref(root);
		return;
	}
	printf("%lld rows: %lld labels stored, %lld known already, %lld not taken",
	       (long long)s->n_rows, (long long)s->stored, (long long)s->known,
	       (long long)s->rejected);
	if (s->rejected)
		printf(" (%s)", s->rejects);
	if (s->studio && studio_ours(s->studio))
		printf("; %lld annotations were exported from here, and are unchanged",
		       (long long)studio_ours(s->studio));
	putchar('\n');
}

int ctl_label_in(const struct command_env *env)
{
	struct sending s = { .env = env };
	int rc;

	if (strcmp(env->args[0], "import") != 0) {
		fprintf(stderr, "pipectl: label wants import and a file\n");
		return EXIT_USAGE;
	}
	s.path = env->args[1];
	s.origin = env->opt.name ? env->opt.name : base_name(s.path);
	if (env->opt.out)
		snprintf(s.rejects, sizeof(s.rejects), "%s", env->opt.out);
	else
		snprintf(s.rejects, sizeof(s.rejects), "%s.rejects.tsv", s.path);
	s.rows = json_pack("[]");
	rc = open_file(&s);
	if (rc == EXIT_DONE)
		rc = s.studio ? send_tasks(&s) : send_records(&s);
	if (rc == EXIT_DONE)
		rc = send_batch(&s);
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
	if (s.to && fclose(s.to) != 0)
		s.failed = true;
	if (s.records || s.studio)
		report(&s);
	if (rc == EXIT_DONE && (s.rejected || s.failed))
		rc = EXIT_FAILED;
	records_close(s.records);
	studio_close(s.studio);
	json_decref(s.rows);
	return rc;
}
