/* http.h: the daemon's API over its Unix socket (libcurl, jansson). */
#ifndef PIPED_HTTP_H
#define PIPED_HTTP_H

#include "pipectl/command.h"

#include <jansson.h>
#include <stdio.h>

/* Cap for a path that holds a command's arguments: the kernel lets in far less. */
#define HTTP_MOST_PATH (8 << 20)

/* Asks and reads the JSON answer. On failure prints why to stderr (nobody
 * answers, an error of the API) and returns its exit code; *ret is untouched.
 * The caller json_decrefs *ret. */
int http_get(const struct command_env *env, const char *path, json_t **ret);
/* `body` may be NULL; borrowed. */
int http_post(const struct command_env *env, const char *path, json_t *body, json_t **ret);
/* A body that is no JSON. */
int http_post_bytes(const struct command_env *env, const char *path, struct str body, json_t **ret);
/* The body as it comes. */
int http_download(const struct command_env *env, const char *path, FILE *to);

/* "path?a=b&c=d": adds a parameter, percent-encoded; NULL value: nothing. */
void http_param(struct buf *path, const char *name, const char *value);
void http_param_int(struct buf *path, const char *name, int64_t value);
/* The command's arguments, joined by spaces; none: nothing. */
void http_param_args(struct buf *path, const char *name, const struct command_env *env);
/* One path segment, percent-encoded. */
void http_segment(struct buf *path, const char *text);

#endif
