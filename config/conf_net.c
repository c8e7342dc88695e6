#include "config/conf_net.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t ipv4[12] = { [10] = 0xff, 0xff };

static bool is_ipv4(const uint8_t at[16])
{
	return memcmp(at, ipv4, sizeof(ipv4)) == 0;
}

static bool same_bits(const uint8_t a[16], const uint8_t b[16], int bits)
{
	size_t whole = (size_t)bits / 8;
	uint8_t mask = (uint8_t)(0xff00 >> (bits % 8));

	return memcmp(a, b, whole) == 0 && (bits % 8 == 0 || ((a[whole] ^ b[whole]) & mask) == 0);
}

static bool parse_address(struct str text, struct conf_net *n)
{
	char room[INET6_ADDRSTRLEN];

	if (text.n >= sizeof(room) || memchr(text.p, 0, text.n))
		return false;
	memcpy(room, text.p, text.n);
	room[text.n] = 0;
	memcpy(n->at, ipv4, sizeof(ipv4));
	return inet_pton(AF_INET, room, n->at + sizeof(ipv4)) == 1 ||
	       inet_pton(AF_INET6, room, n->at) == 1;
}

const char *conf_net_parse(struct str text, struct conf_net *ret)
{
	struct conf_net n = { .bits = 128 };
	struct str rest = text, address;
	int64_t bits;
	int before;

	if (!str_next(&rest, '/', &address) || !address.n || !parse_address(address, &n))
		return "wants a network such as 10.0.0.0/8, fd00::/8 or ::1";
	before = str_find_char(address, ':') < 0 ? CONF_NET_IPV4_BITS : 0;
	if (rest.p) {
		if (rest.n > 3 || !str_i64(rest, &bits) || rest.p[0] < '0' || bits > 128 - before)
			return before ? "the prefix of an IPv4 network has 0 to 32 bits"
				      : "the prefix of an IPv6 network has 0 to 128 bits";
		n.bits = (int)bits + before;
	}
	for (int i = n.bits; i < 128; i++)
		if (n.at[i / 8] & 0x80 >> i % 8)
			return "the address has bits set past the prefix";
	*ret = n;
	return NULL;
}

const char *conf_net_wrong(struct str text)
{
	struct conf_net n;

	return conf_net_parse(text, &n);
}

bool conf_net_holds(const struct conf_net *n, const uint8_t at[16])
{
	if (n->bits < CONF_NET_IPV4_BITS && is_ipv4(at))
		return false;
	return same_bits(n->at, at, n->bits);
}

const char *conf_net_endpoint(struct str text, struct conf_net *ret_address, int *ret_port)
{
	static const char wrong[] =
		"wants an address and a port such as 127.0.0.1:9464 or [::1]:9464";
	struct conf_net n = { .bits = 128 };
	ptrdiff_t colon = -1;
	struct str address, port;
	int64_t number;

	if (!text.n)
		return NULL;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == ':')
			colon = (ptrdiff_t)i;
	if (colon < 0)
		return wrong;
	address = str_sub(text, 0, (size_t)colon);
	port = str_sub(text, (size_t)colon + 1, text.n - (size_t)colon - 1);
	if (str_starts(address, STR("[")) && str_ends(address, STR("]")))
		address = str_sub(address, 1, address.n - 2);
	else if (str_find_char(address, ':') >= 0)
		return wrong;
	if (!address.n || !parse_address(address, &n) || port.n > 5 || !str_i64(port, &number) ||
	    number < 1 || number > 65535)
		return wrong;
	*ret_address = n;
	*ret_port = (int)number;
	return NULL;
}

const char *conf_net_endpoint_wrong(struct str text)
{
	struct conf_net n;
	int port;

	return conf_net_endpoint(text, &n, &port);
}
