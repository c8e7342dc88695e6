#include "crawler/guard.h"

#include "base/must.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#define IPV4(a, b, c, d)                                                                           \
	{                                                                                          \
		[10] = 0xff, 0xff, a, b, c, d                                                      \
	}
#define IPV4_BITS(n) (CONF_NET_IPV4_BITS + (n))

/* The first that holds an address counts: what is within another stands before
 * it. What the registries call globally reachable but serves no pages (anycast
 * of protocols, tunnels) is not global here. */
static const struct guard_range ranges[] = {
	/* addresses that clouds answer on with credentials, or for their own machines */
	{ .net = { IPV4(169, 254, 169, 254), 128 }, .name = "metadata", .doc = "cloud metadata" },
	{ .net = { IPV4(169, 254, 170, 2), 128 }, .name = "metadata", .doc = "AWS task metadata" },
	{ .net = { IPV4(100, 100, 100, 200), 128 }, .name = "metadata", .doc = "Alibaba metadata" },
	{ .net = { IPV4(168, 63, 129, 16), 128 }, .name = "metadata", .doc = "Azure platform" },
	{ .net = { IPV4(192, 0, 0, 192), 128 }, .name = "metadata", .doc = "Oracle metadata" },
	{ .net = { { 0xfd, 0x00, 0x0e, 0xc2 }, 32 }, .name = "metadata", .doc = "AWS metadata" },
	{ .net = { { 0xfd, 0x20, 0x00, 0xce, [14] = 2, 0x54 }, 128 },
	  .name = "metadata",
	  .doc = "Google metadata" },
	/* IPv4 */
	{ .net = { IPV4(0, 0, 0, 0), IPV4_BITS(8) }, .name = "this-network", .doc = "RFC 791" },
	{ .net = { IPV4(10, 0, 0, 0), IPV4_BITS(8) }, .name = "private", .doc = "RFC 1918" },
	{ .net = { IPV4(100, 64, 0, 0), IPV4_BITS(10) }, .name = "shared", .doc = "RFC 6598" },
	{ .net = { IPV4(127, 0, 0, 0), IPV4_BITS(8) }, .name = "loopback", .doc = "RFC 1122" },
	{ .net = { IPV4(169, 254, 0, 0), IPV4_BITS(16) }, .name = "link-local", .doc = "RFC 3927" },
	{ .net = { IPV4(172, 16, 0, 0), IPV4_BITS(12) }, .name = "private", .doc = "RFC 1918" },
	{ .net = { IPV4(192, 0, 0, 0), IPV4_BITS(24) }, .name = "protocols", .doc = "RFC 6890" },
	{ .net = { IPV4(192, 0, 2, 0), IPV4_BITS(24) },
	  .name = "documentation",
	  .doc = "RFC 5737" },
	{ .net = { IPV4(192, 52, 193, 0), IPV4_BITS(24) }, .name = "protocols", .doc = "RFC 7450" },
	{ .net = { IPV4(192, 88, 99, 0), IPV4_BITS(24) }, .name = "protocols", .doc = "RFC 7526" },
	{ .net = { IPV4(192, 168, 0, 0), IPV4_BITS(16) }, .name = "private", .doc = "RFC 1918" },
	{ .net = { IPV4(198, 18, 0, 0), IPV4_BITS(15) },
	  .name = "benchmarking",
	  .doc = "RFC 2544" },
	{ .net = { IPV4(198, 51, 100, 0), IPV4_BITS(24) },
	  .name = "documentation",
	  .doc = "RFC 5737" },
	{ .net = { IPV4(203, 0, 113, 0), IPV4_BITS(24) },
	  .name = "documentation",
	  .doc = "RFC 5737" },
	{ .net = { IPV4(224, 0, 0, 0), IPV4_BITS(4) }, .name = "multicast", .doc = "RFC 5771" },
	{ .net = { IPV4(255, 255, 255, 255), 128 }, .name = "broadcast", .doc = "RFC 919" },
	{ .net = { IPV4(240, 0, 0, 0), IPV4_BITS(4) }, .name = "reserved", .doc = "RFC 1112" },
	{ .net = { IPV4(0, 0, 0, 0), IPV4_BITS(0) },
	  .name = "global",
	  .doc = "RFC 4291 2.5.5.2",
	  .global = true },
	/* IPv6 */
	{ .net = { { [15] = 1 }, 128 }, .name = "loopback", .doc = "RFC 4291 2.5.3" },
	{ .net = { { 0 }, 128 }, .name = "unspecified", .doc = "RFC 4291 2.5.2" },
	{ .net = { { 0x00, 0x64, 0xff, 0x9b }, 96 },
	  .name = "NAT64",
	  .doc = "RFC 6052",
	  .global = true,
	  .inner = 12 },
	{ .net = { { 0x00, 0x64, 0xff, 0x9b, 0, 1 }, 48 },
	  .name = "local NAT64",
	  .doc = "RFC 8215" },
	{ .net = { { 0x01 }, 64 }, .name = "discard", .doc = "RFC 6666" },
	{ .net = { { 0x20, 0x01 }, 32 },
	  .name = "Teredo",
	  .doc = "RFC 4380",
	  .global = true,
	  .inner = 12,
	  .flipped = true },
	{ .net = { { 0x20, 0x01, 0x00, 0x02 }, 48 }, .name = "benchmarking", .doc = "RFC 5180" },
	{ .net = { { 0x20, 0x01 }, 23 }, .name = "protocols", .doc = "RFC 2928" },
	{ .net = { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, .name = "documentation", .doc = "RFC 3849" },
	{ .net = { { 0x20, 0x02 }, 16 },
	  .name = "6to4",
	  .doc = "RFC 3056",
	  .global = true,
	  .inner = 2 },
	{ .net = { { 0x3f, 0xff }, 20 }, .name = "documentation", .doc = "RFC 9637" },
	{ .net = { { 0x20 }, 3 }, .name = "global", .doc = "RFC 4291 2.4", .global = true },
	{ .net = { { 0x5f }, 16 }, .name = "segment routing", .doc = "RFC 9602" },
	{ .net = { { 0xfc }, 7 }, .name = "unique-local", .doc = "RFC 4193" },
	{ .net = { { 0xfe, 0x80 }, 10 }, .name = "link-local", .doc = "RFC 4291 2.5.6" },
	{ .net = { { 0xfe, 0xc0 }, 10 }, .name = "site-local", .doc = "RFC 3879" },
	{ .net = { { 0xff }, 8 }, .name = "multicast", .doc = "RFC 4291 2.7" },
	{ .net = { { 0 }, 0 }, .name = "reserved", .doc = "RFC 4291 2.4" },
};

const struct guard_range *guard_range(const uint8_t at[16])
{
	const struct guard_range *r = ranges;

	while (!conf_net_holds(&r->net, at)) {
		r++;
		must(r < ranges + sizeof(ranges) / sizeof(ranges[0]));
	}
	return r;
}

static void from_ipv4(const void *four, uint8_t to[16])
{
	static const uint8_t start[16] = IPV4(0, 0, 0, 0);

	memcpy(to, start, 12);
	memcpy(to + 12, four, 4);
}

static void text_of(const uint8_t at[16], char to[INET6_ADDRSTRLEN])
{
	static const struct conf_net ipv4 = { IPV4(0, 0, 0, 0), IPV4_BITS(0) };
	bool four = conf_net_holds(&ipv4, at);

	inet_ntop(four ? AF_INET : AF_INET6, four ? at + 12 : at, to, INET6_ADDRSTRLEN);
}

static bool is_allowed(const uint8_t at[16], const struct conf_net *allowed, int n)
{
	for (int i = 0; i < n; i++)
		if (conf_net_holds(&allowed[i], at))
			return true;
	return false;
}

static void take_inner(const struct guard_range *r, const uint8_t at[16], uint8_t to[16])
{
	uint8_t four[4];

	for (int i = 0; i < 4; i++)
		four[i] = (uint8_t)(r->flipped ? ~at[r->inner + i] : at[r->inner + i]);
	from_ipv4(four, to);
}

static enum err judge(const uint8_t at[16], const struct conf_net *allowed, int n,
		      struct reason *why)
{
	char text[INET6_ADDRSTRLEN], inner_text[INET6_ADDRSTRLEN];
	const struct guard_range *r = guard_range(at), *in;
	uint8_t inner[16];

	if (is_allowed(at, allowed, n))
		return ERR_OK;
	text_of(at, text);
	if (!r->global)
		return reason_set(why, ERR_DENIED, "%s is a %s address (%s); see allow-networks",
				  text, r->name, r->doc);
	if (!r->inner)
		return ERR_OK;
	take_inner(r, at, inner);
	in = guard_range(inner);
	if (in->global || is_allowed(inner, allowed, n))
		return ERR_OK;
	text_of(inner, inner_text);
	return reason_set(why, ERR_DENIED,
			  "%s leads by %s to %s, a %s address (%s); see allow-networks", text,
			  r->name, inner_text, in->name, in->doc);
}

enum err guard_address(const struct sockaddr *address, const struct conf_net *allowed, int n,
		       struct reason *why)
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;
	uint8_t at[16];

	switch (address->sa_family) {
	case AF_INET:
		memcpy(&four, address, sizeof(four));
		from_ipv4(&four.sin_addr, at);
		return judge(at, allowed, n, why);
	case AF_INET6:
		memcpy(&six, address, sizeof(six));
		return judge(six.sin6_addr.s6_addr, allowed, n, why);
	default:
		return reason_set(why, ERR_DENIED, "no address of the Internet Protocol");
	}
}

enum err guard_text(struct str address, const struct conf_net *allowed, int n, struct reason *why)
{
	struct conf_net one;

	if (conf_net_parse(address, &one) || one.bits != 128)
		return reason_set(why, ERR_DENIED, "no address of the Internet Protocol: %.*s",
				  (int)(address.n < 80 ? address.n : 80), address.p);
	return judge(one.at, allowed, n, why);
}

/* RFC 6761 6.3: every name below it too. */
static bool is_localhost(struct str name)
{
	struct str end = STR(".localhost");

	if (str_ends(name, STR(".")))
		name.n--;
	return str_eq_nocase(name, STR("localhost")) ||
	       (name.n > end.n && str_eq_nocase(str_sub(name, name.n - end.n, name.n), end));
}

enum err guard_host(struct str host, const struct conf_net *allowed, int n, struct reason *why)
{
	char text[INET6_ADDRSTRLEN + 32];
	struct in_addr four;
	uint8_t at[16];
	ptrdiff_t zone;

	if (host.n && host.p[0] == '[') {
		host = str_sub(host, 1, host.n - 2);
		zone = str_find_char(host, '%');
		return guard_text(zone < 0 ? host : str_sub(host, 0, (size_t)zone), allowed, n,
				  why);
	}
	if (is_localhost(host))
		return guard_text(STR("127.0.0.1"), allowed, n, why);
	if (host.n == 0 || host.n >= sizeof(text))
		return ERR_OK;
	memcpy(text, host.p, host.n);
	text[host.n] = 0;
	if (!inet_aton(text, &four))
		return ERR_OK;
	from_ipv4(&four, at);
	return judge(at, allowed, n, why);
}
