#include "config/conf_proxy.h"

#include "config/conf_auth.h"
#include "config/conf_seedurl.h"

void conf_proxy_split(struct str proxy, struct str *ret_scheme, struct str *ret_credential,
		      struct str *ret_host)
{
	ptrdiff_t end = str_find(proxy, STR("://")), at;
	struct str rest = end < 0 ? proxy : str_sub(proxy, (size_t)end + 3, proxy.n), before;

	*ret_scheme = end < 0 ? (struct str){ 0 } : str_sub(proxy, 0, (size_t)end);
	*ret_credential = (struct str){ 0 };
	at = str_find_char(rest, '@');
	*ret_host = str_sub(rest, (size_t)(at + 1), rest.n);
	if (at >= 0)
		conf_auth_next(&rest, &before, ret_credential);
}

const char *conf_proxy_wrong(struct str proxy)
{
	struct str scheme, credential, host, user;

	if (str_is(proxy, "none"))
		return NULL;
	conf_proxy_split(proxy, &scheme, &credential, &host);
	if (!str_is(scheme, "http") && !str_is(scheme, "https") && !str_is(scheme, "socks5h"))
		return "a proxy is http://, https:// or socks5h://HOST:PORT, or none";
	user = str_sub(proxy, scheme.n + 3, proxy.n - scheme.n - 3 - host.n);
	if (user.n && (!credential.p || user.n != credential.n + sizeof("{credential:}@") - 1))
		return "a password does not stand in the configuration: write {credential:NAME}@ "
		       "before the proxy's host";
	if (conf_seedurl_host_wrong(host))
		return conf_seedurl_host_wrong(host);
	if (host.p[host.n - 1] == ']' || str_find_char(host, ':') < 0)
		return "a proxy has a port";
	return NULL;
}

const char *conf_proxy_host_wrong(struct str host)
{
	if (host.n > 1 && host.p[0] == '.')
		host = str_sub(host, 1, host.n);
	if (host.n && host.p[0] != '[' && str_find_char(host, ':') >= 0)
		return "a host here has no port";
	return conf_seedurl_host_wrong(host);
}

bool conf_proxy_skips(const struct str *no_proxy, int n, struct str host)
{
	struct str end;

	for (int i = 0; i < n; i++) {
		if (no_proxy[i].p[0] != '.') {
			if (str_eq_nocase(no_proxy[i], host))
				return true;
			continue;
		}
		end = str_sub(host, host.n > no_proxy[i].n ? host.n - no_proxy[i].n : 0, host.n);
		if (str_eq_nocase(end, no_proxy[i]))
			return true;
	}
	return false;
}
