/* conf_auth.h: the `auth` of a source, and the credentials that it and other
 * values name: "{credential:NAME}" stands for a secret that is no part of the
 * configuration. It is the file NAME in $CREDENTIALS_DIRECTORY (systemd), or the
 * environment's $PIPED_CREDENTIAL_NAME, NAME in capitals and _ for . and -. */
#ifndef PIPED_CONF_AUTH_H
#define PIPED_CONF_AUTH_H

#include "config/conf_table.h"

extern const struct conf_row conf_auth_rows[];
extern const struct conf_part conf_auth_part; /* fills conf_source.auth */

/* A value is no shorter, or it could not be told from other text, and no longer. */
#define CONF_AUTH_LEAST 6
#define CONF_AUTH_BYTES 4096

/* Takes the next {credential:NAME} off *rest: the text before it and its name.
 * Braces may be percent-encoded, and the colon, as in a URL. False without one:
 * then *ret_before is all of *rest. */
bool conf_auth_next(struct str *rest, struct str *ret_before, struct str *ret_name);
/* Whether a seed's {name} is one of these. */
bool conf_auth_is_credential(struct str name);
/* Whether a header of that name is taken to hold a secret: credentials, cookies, keys,
 * tokens. Its value neither stands in the configuration nor in the archive. */
bool conf_auth_is_secret(struct str header);

/* Checks names, and reads what source `s`, which is complete, names. What is not
 * found stands in s->missing. */
void conf_auth_read(struct conf_reader *r, struct conf_source *s);

#endif
