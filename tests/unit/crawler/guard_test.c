#include "crawler/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include <cmocka.h>

#define N(x) (int)(sizeof(x) / sizeof((x)[0]))

static enum err judge(const char *text, const struct conf_net *allowed, int n, struct reason *why)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct reason other = { "" };
	enum err err;

	why->text[0] = 0;
	if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
		err = guard_address((struct sockaddr *)&four, allowed, n, why);
	} else {
		assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
		err = guard_address((struct sockaddr *)&six, allowed, n, why);
	}
	assert_int_equal(guard_text(str_of(text), allowed, n, &other), err);
	assert_string_equal(why->text, other.text);
	return err;
}

static void ranges(void **state)
{
	static const struct {
		const char *address, *why; /* NULL: may be connected to */
	} rows[] = {
		{ "1.1.1.1", NULL },
		{ "8.8.8.8", NULL },
		{ "223.255.255.255", NULL },
		{ "0.0.0.0", "this-network" },
		{ "0.1.2.3", "this-network" },
		{ "9.255.255.255", NULL },
		{ "10.0.0.0", "private" },
		{ "10.255.255.255", "private" },
		{ "11.0.0.0", NULL },
		{ "100.63.255.255", NULL },
		{ "100.64.0.0", "shared" },
		{ "100.127.255.255", "shared" },
		{ "100.128.0.0", NULL },
		{ "100.100.100.200", "metadata" },
		{ "126.255.255.255", NULL },
		{ "127.0.0.1", "loopback" },
		{ "127.255.255.254", "loopback" },
		{ "128.0.0.1", NULL },
		{ "168.63.129.16", "metadata" },
		{ "168.63.129.17", NULL },
		{ "169.254.169.254", "metadata" },
		{ "169.254.170.2", "metadata" },
		{ "169.254.0.1", "link-local" },
		{ "169.255.0.0", NULL },
		{ "172.15.255.255", NULL },
		{ "172.16.0.0", "private" },
		{ "172.31.255.255", "private" },
		{ "172.32.0.0", NULL },
		{ "192.0.0.8", "protocols" },
		{ "192.0.1.0", NULL },
		{ "192.0.2.1", "documentation" },
		{ "192.88.99.1", "protocols" },
		{ "192.167.255.255", NULL },
		{ "192.168.1.1", "private" },
		{ "192.169.0.0", NULL },
		{ "198.17.255.255", NULL },
		{ "198.18.0.1", "benchmarking" },
		{ "198.19.255.255", "benchmarking" },
		{ "198.20.0.0", NULL },
		{ "198.51.100.7", "documentation" },
		{ "203.0.113.7", "documentation" },
		{ "224.0.0.1", "multicast" },
		{ "239.255.255.255", "multicast" },
		{ "240.0.0.1", "reserved" },
		{ "255.255.255.255", "broadcast" },
		{ "2606:4700::1111", NULL },
		{ "2a00:1450:4001::200e", NULL },
		{ "2001:200::1", NULL },
		{ "3fff:1000::1", NULL },
		{ "::", "unspecified" },
		{ "::1", "loopback" },
		{ "::2", "reserved" },
		{ "::127.0.0.1", "reserved" },
		{ "::ffff:127.0.0.1", "loopback" },
		{ "::ffff:8.8.8.8", NULL },
		{ "::ffff:0:127.0.0.1", "reserved" },
		{ "64:ff9b::8.8.8.8", NULL },
		{ "64:ff9b::10.0.0.1", "leads by NAT64 to 10.0.0.1, a private" },
		{ "64:ff9b::169.254.169.254", "a metadata" },
		{ "64:ff9b:1::8.8.8.8", "local NAT64" },
		{ "64:ff9b:2::1", "reserved" },
		{ "100::1", "discard" },
		{ "2001:0:4136:e378:8000:63bf:3fff:fdd2", "leads by Teredo to 192.0.2.45" },
		{ "2001:0:4136:e378:8000:63bf:f7f7:f7f7", NULL }, /* 8.8.8.8 */
		{ "2001:0:4136:e378:8000:63bf:f5ff:fffe", "10.0.0.1, a private" },
		{ "2001:2::1", "benchmarking" },
		{ "2001:20::1", "protocols" },
		{ "2001:1ff:ffff::1", "protocols" },
		{ "2001:db8::1", "documentation" },
		{ "2001:db9::1", NULL },
		{ "2002:808:808::1", NULL },
		{ "2002:7f00:1::1", "leads by 6to4 to 127.0.0.1, a loopback" },
		{ "3fff:fff::1", "documentation" },
		{ "4000::1", "reserved" },
		{ "5f00::1", "segment routing" },
		{ "fbff::1", "reserved" },
		{ "fc00::1", "unique-local" },
		{ "fd00:ec2::254", "metadata" },
		{ "fd20:ce::254", "metadata" },
		{ "fdff::1", "unique-local" },
		{ "fe00::1", "reserved" },
		{ "fe80::1", "link-local" },
		{ "febf::1", "link-local" },
		{ "fec0::1", "site-local" },
		{ "ff02::1", "multicast" },
	};
	struct reason why;

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		enum err err = judge(rows[i].address, NULL, 0, &why);

		if (err != (rows[i].why ? ERR_DENIED : ERR_OK) ||
		    (rows[i].why && !strstr(why.text, rows[i].why)))
			fail_msg("%s: %s", rows[i].address, why.text);
	}
	judge("192.168.1.9", NULL, 0, &why);
	assert_string_equal(why.text,
			    "192.168.1.9 is a private address (RFC 1918); see allow-networks");
}

static void allowed_networks(void **state)
{
	static const struct {
		const char *net, *address;
		bool fine;
	} rows[] = {
		{ "127.0.0.0/8", "127.0.0.1", true },
		{ "127.0.0.0/8", "::ffff:127.9.9.9", true },
		{ "127.0.0.0/8", "64:ff9b::127.0.0.1", true },
		{ "127.0.0.0/8", "::1", false },
		{ "127.0.0.0/8", "10.0.0.1", false },
		{ "127.0.0.0/8", "8.8.8.8", true },
		{ "127.0.0.1", "127.0.0.1", true },
		{ "127.0.0.1", "127.0.0.2", false },
		{ "10.32.0.0/11", "10.63.255.255", true },
		{ "10.32.0.0/11", "10.64.0.0", false },
		{ "::1", "::1", true },
		{ "::1/128", "::", false },
		{ "fd00::/8", "fd12::1", true },
		{ "fd00::/8", "fc12::1", false },
		{ "fd00::/8", "fd00:ec2::254", true },
		{ "fe80::/10", "febf::1", true },
		{ "0.0.0.0/0", "10.0.0.1", true },
		{ "0.0.0.0/0", "fe80::1", false },
		{ "::/0", "fe80::1", true },
		{ "::/0", "10.0.0.1", false },
		{ "::ffff:10.0.0.0/104", "10.0.0.1", true },
		{ "2002::/16", "2002:7f00:1::1", true },
	};
	struct conf_net nets[2];
	struct reason why;

	(void)state;
	assert_null(conf_net_parse(STR("198.18.0.0/15"), &nets[0]));
	for (int i = 0; i < N(rows); i++) {
		assert_null(conf_net_parse(str_of(rows[i].net), &nets[1]));
		if ((judge(rows[i].address, nets, 2, &why) == ERR_OK) != rows[i].fine)
			fail_msg("%s within %s", rows[i].address, rows[i].net);
	}
}

static void wrong_networks(void **state)
{
	static const char *const rows[] = {
		"",
		"/8",
		"localhost",
		"10.0.0.0/",
		"10.0.0.0/33",
		"10.0.0.0/-1",
		"10.0.0.0/+8",
		"10.0.0.0/8/8",
		"10.0.0.1/8",
		"10.0.0/8",
		"010.0.0.0/8",
		"[::1]",
		"::1/129",
		"::1/64",
		"fe80::1%eth0",
		"1.2.3.4 ",
		" 1.2.3.4",
		"1.2.3.4/ 32",
		"1.2.3.4/0x8",
		"1.2.3.4:80",
		"0x7f.1",
		"10.0.0.0/8 ",
		"::ffff:10.0.0.1/96",
	};
	struct conf_net n;

	(void)state;
	for (int i = 0; i < N(rows); i++)
		if (!conf_net_parse(str_of(rows[i]), &n) || !conf_net_wrong(str_of(rows[i])))
			fail_msg("%s", rows[i]);
	assert_non_null(conf_net_parse((struct str){ 0 }, &n));
	assert_non_null(conf_net_parse((struct str){ "1.2.3.4\0", 8 }, &n));
}

static void no_addresses(void **state)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/run/x.sock" };
	struct conf_net all;
	struct reason why;

	(void)state;
	assert_null(conf_net_parse(STR("0.0.0.0/0"), &all));
	assert_int_equal(guard_address((struct sockaddr *)&un, &all, 1, &why), ERR_DENIED);
	assert_int_equal(guard_text(STR(""), &all, 1, &why), ERR_DENIED);
	assert_int_equal(guard_text(STR("/run/x.sock"), &all, 1, &why), ERR_DENIED);
	assert_int_equal(guard_text(STR("10.0.0.0/8"), &all, 1, &why), ERR_DENIED);
	assert_int_equal(guard_text(STR("fe80::1%2"), &all, 1, &why), ERR_DENIED);
}

/* What a proxy would resolve. */
static void hosts(void **state)
{
	static const struct {
		const char *host, *why; /* NULL: nothing is known against it */
	} rows[] = {
		{ "shop.example", NULL },
		{ "8.8.8.8", NULL },
		{ "134744072", NULL }, /* 8.8.8.8 */
		{ "[2606:4700::1111]", NULL },
		{ "127.0.0.1", "loopback" },
		{ "127.1", "loopback" },
		{ "2130706433", "loopback" },
		{ "0x7f000001", "loopback" },
		{ "0x7f.0.0.0x1", "loopback" },
		{ "017700000001", "loopback" },
		{ "0177.0.0.01", "loopback" },
		{ "0", "this-network" },
		{ "0.0.0.0", "this-network" },
		{ "0xa9fea9fe", "metadata" },
		{ "10.1", "private" },
		{ "[::1]", "loopback" },
		{ "[::]", "unspecified" },
		{ "[::ffff:7f00:1]", "loopback" },
		{ "[::ffff:127.0.0.1]", "loopback" },
		{ "[64:ff9b::a9fe:a9fe]", "metadata" },
		{ "[fe80::1%25eth0]", "link-local" },
		{ "[fe80::1%eth0]", "link-local" },
		{ "[fd00:ec2::254]", "metadata" },
		{ "[not-an-address]", "no address" },
		{ "localhost", "loopback" },
		{ "LocalHost.", "loopback" },
		{ "a.b.localhost", "loopback" },
		{ "notlocalhost", NULL },
		{ "localhost.example", NULL },
		{ "", NULL },
	};
	struct conf_net all;
	struct reason why;

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		enum err err = guard_host(str_of(rows[i].host), NULL, 0, &why);

		if ((err != ERR_OK) != (rows[i].why != NULL) ||
		    (err && !strstr(why.text, rows[i].why)))
			fail_msg("%s: %s", rows[i].host, err ? why.text : "fine");
	}
	assert_int_equal(conf_net_parse(STR("127.0.0.0/8"), &all), ERR_OK);
	assert_int_equal(guard_host(STR("0x7f.1"), &all, 1, &why), ERR_OK);
	assert_int_equal(guard_host(STR("localhost"), &all, 1, &why), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts),
		cmocka_unit_test(ranges),
		cmocka_unit_test(allowed_networks),
		cmocka_unit_test(wrong_networks),
		cmocka_unit_test(no_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
