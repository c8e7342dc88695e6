/* conf_seedurl.h: addresses of seeds: their variables and hosts. */
#ifndef PIPED_CONF_SEEDURL_H
#define PIPED_CONF_SEEDURL_H

#include "config/conf_table.h"

/* NULL, or what is wrong: scheme, host, characters, braces. */
const char *conf_seedurl_wrong(struct str url);
/* NULL, or what is wrong with a host: example.org, example.org:8080, [::1]:80. */
const char *conf_seedurl_host_wrong(struct str host);
/* A host as jobs have it: as URLs spell it (host.h), no port that is http's or https's
 * own. */
struct str conf_seedurl_host(struct arena *a, struct str host);
/* That the address and the seed's variables name each other. */
void conf_seedurl_check(struct conf_reader *r, const struct conf_node *n,
			const struct conf_seed *seed);
/* Gives the source's hosts that form;
 * without any, takes those of its seeds; says which seeds lead elsewhere. */
void conf_seedurl_hosts(struct conf_reader *r, struct conf_source *s,
			const struct conf_node *seeds);

#endif
