#include "pipectl/http.h"

#include <curl/curl.h>
#include <string.h>

#define MOST_ANSWER (64 << 20)

struct answer {
	struct buf body;
	FILE *to; /* a good answer goes here instead */
	CURL *curl;
};

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct answer *a = ctx;
	long status = 0;

	curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
	if (a->to && status < 400)
		return fwrite(p, size, n, a->to) * size;
	return buf_add(&a->body, (struct str){ p, size * n }) ? 0 : size * n;
}

static int nobody(const struct command_env *env, CURLcode code)
{
	fprintf(stderr,
		"pipectl: no daemon answers on %s (%s)\n"
		"Is piped running? Start it with `systemctl start piped`, or name its socket with "
		"--socket or PIPED_SOCKET.\n",
		env->socket, curl_easy_strerror(code));
	return EXIT_NO_DAEMON;
}

static int exit_for(long status)
{
	switch (status) {
	case 404:
	case 410:
		return EXIT_NOT_FOUND;
	case 409:
		return EXIT_BUSY;
	case 400:
	case 405:
	case 413:
	case 422:
		return EXIT_USAGE;
	default:
		return EXIT_FAILED;
	}
}

/* {"error": {"code", "message", "hint"}} */
static int refused(long status, struct str body)
{
	json_t *root = json_loadb(body.p, body.n, 0, NULL);
	const char *message = NULL, *hint = NULL;

	if (root)
		json_unpack(root, "{s:{s?s,s?s}}", "error", "message", &message, "hint", &hint);
	if (message)
		fprintf(stderr, "pipectl: %s\n", message);
	else
		fprintf(stderr, "pipectl: the daemon answered with status %ld\n", status);
	if (hint)
		fprintf(stderr, "%s\n", hint);
	json_decref(root);
	return exit_for(status);
}

/* `post`: p NULL asks by GET. */
static int ask(const struct command_env *env, const char *path, struct str post, const char *type,
	       struct answer *a)
{
	struct curl_slist *headers = NULL;
	CURL *c = curl_easy_init();
	CURLcode code;
	struct buf url;
	long status = 0;
	int rc = EXIT_DONE;

	a->curl = c;
	buf_init(&url, 1 << 20);
	buf_fmt(&url, "http://piped%s", path);
	curl_easy_setopt(c, CURLOPT_URL, buf_str(&url).p);
	curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, env->socket);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, a);
	if (post.p) {
		headers = curl_slist_append(headers, type);
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post.n);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, post.p);
		curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	}
	code = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_COULDNT_CONNECT || (code && !status)) {
		rc = nobody(env, code);
	} else if (code) {
		fprintf(stderr, "pipectl: the answer broke off: %s\n", curl_easy_strerror(code));
		rc = EXIT_FAILED;
	} else if (status >= 400) {
		rc = refused(status, buf_str(&a->body));
	}
	curl_slist_free_all(headers);
	curl_easy_cleanup(c);
	buf_done(&url);
	return rc;
}

static int ask_json(const struct command_env *env, const char *path, struct str post,
		    const char *type, json_t **ret)
{
	struct answer a = { .to = NULL };
	json_error_t e;
	json_t *root;
	int rc;

	buf_init(&a.body, MOST_ANSWER);
	rc = ask(env, path, post, type, &a);
	if (rc == EXIT_DONE) {
		root = json_loadb(buf_str(&a.body).p, a.body.n, JSON_DECODE_ANY, &e);
		if (root) {
			*ret = root;
		} else {
			fprintf(stderr, "pipectl: the answer to %s is not JSON: %s\n", path,
				e.text);
			rc = EXIT_FAILED;
		}
	}
	buf_done(&a.body);
	return rc;
}

int http_get(const struct command_env *env, const char *path, json_t **ret)
{
	return ask_json(env, path, (struct str){ 0 }, NULL, ret);
}

int http_post(const struct command_env *env, const char *path, json_t *body, json_t **ret)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	int rc = ask_json(env, path, str_of(text ? text : ""), "Content-Type: application/json",
			  ret);

	free(text);
	return rc;
}

int http_post_bytes(const struct command_env *env, const char *path, struct str body, json_t **ret)
{
	if (!body.p)
		body = STR("");
	return ask_json(env, path, body, "Content-Type: application/octet-stream", ret);
}

int http_download(const struct command_env *env, const char *path, FILE *to)
{
	struct answer a = { .to = to };
	int rc;

	buf_init(&a.body, MOST_ANSWER);
	rc = ask(env, path, (struct str){ 0 }, NULL, &a);
	buf_done(&a.body);
	return rc;
}

static void encoded(struct buf *to, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    strchr("-._~", c))
			buf_add_char(to, (char)c);
		else
			buf_fmt(to, "%%%02X", c);
	}
}

void http_param(struct buf *path, const char *name, const char *value)
{
	if (!value)
		return;
	buf_add_char(path, str_find_char(buf_str(path), '?') < 0 ? '?' : '&');
	buf_fmt(path, "%s=", name);
	encoded(path, value);
}

void http_param_int(struct buf *path, const char *name, int64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	http_param(path, name, text);
}

void http_param_args(struct buf *path, const char *name, const struct command_env *env)
{
	struct buf text;

	buf_init(&text, HTTP_MOST_PATH);
	for (int i = 0; i < env->n_args; i++)
		buf_fmt(&text, "%s%s", i ? " " : "", env->args[i]);
	http_param(path, name, env->n_args ? text.p : NULL);
	buf_done(&text);
}

void http_segment(struct buf *path, const char *text)
{
	buf_add_char(path, '/');
	encoded(path, text);
}
