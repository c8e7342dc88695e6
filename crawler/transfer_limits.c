#include "base/mem.h"
#include "base/must.h"
#include "crawler/transfer.h"

struct transfer_limits *transfer_limits_new(const struct conf *conf)
{
	struct transfer_limits *l = mem_zero(sizeof(*l));
	struct curl_slist *more;
	struct arena *a = arena_new(1024);

	l->users = 1;
	l->user_agent = mem_text(arena_str(a, conf->user_agent).p);
	l->ca_file = conf->ca_file.n ? mem_text(arena_str(a, conf->ca_file).p) : NULL;
	for (int i = 0; i < conf->n_connect_to; i++) {
		more = curl_slist_append(l->connect_to, arena_str(a, conf->connect_to[i]).p);
		must(more != NULL);
		l->connect_to = more;
	}
	l->n_networks = conf->n_allow_networks;
	l->networks = mem_array((size_t)l->n_networks, sizeof(*l->networks));
	for (int i = 0; i < l->n_networks; i++)
		must(!conf_net_parse(conf->allow_networks[i], &l->networks[i]));
	l->wire_bytes = conf->max_wire_bytes;
	l->head_bytes = conf->max_header_bytes;
	l->timeout_ms = conf->timeout_ms;
	l->connect_ms = conf->connect_timeout_ms;
	l->idle_ms = conf->idle_timeout_ms;
	l->redirects = conf->max_redirects;
	l->arena = a;
	l->proxy = conf->proxy.p ? arena_str(a, conf->proxy) : (struct str){ 0 };
	l->n_no_proxy = conf->n_no_proxy;
	l->no_proxy = arena_array(a, (size_t)l->n_no_proxy, sizeof(*l->no_proxy));
	for (int i = 0; i < l->n_no_proxy; i++)
		l->no_proxy[i] = arena_str(a, conf->no_proxy[i]);
	return l;
}

void transfer_limits_drop(struct transfer_limits *l)
{
	if (!l || --l->users)
		return;
	curl_slist_free_all(l->connect_to);
	mem_free(l->user_agent);
	mem_free(l->ca_file);
	mem_free(l->networks);
	arena_free(l->arena);
	mem_free(l);
}
