/* What is typed into a daemon whose neighbours are to be told, from its running configuration. */
#include "supervisor/frr_drain.h"

#include "supervisor/buffer.h"
#include "tests/check.h"

#include <errno.h>

/* The commands, each with a line end. */
static const char *commands_of(const char *daemon, const char *configuration)
{
	static char text[1024];
	struct buffer buffer = {0};
	int r = frr_drain_commands(daemon, configuration, &buffer);
	size_t length = buffer.length < sizeof(text) ? buffer.length : sizeof(text) - 1;

	text[0] = '\0';
	if (r < 0) {
		CHECK_INT(r, -ENOENT);
		CHECK_INT(buffer.length, 0);
		return "none";
	}
	for (size_t i = 0; i < length; i++)
		text[i] = (char)(buffer.data[i] ? buffer.data[i] : '\n');
	text[length] = '\0';
	buffer_free(&buffer);
	return text;
}

#define BGP(line) "configure terminal\n" line "\nbgp shutdown message firsthop stops bgpd\nend\n"

static void tells_each_bgp_instance(void)
{
	CHECK_STR(commands_of("bgpd", "\nCurrent configuration:\n!\nrouter bgp 65001\n neighbor "
				      "10.0.0.1 remote-as 65002\n!\nend\n"),
		BGP("router bgp 65001"));
	CHECK_STR(commands_of("bgpd-2", "router bgp 1\r\nexit\r\nrouter bgp 1.5 vrf red\r\nexit\r\n"
					"router bgp 7 view looking-glass"),
		BGP("router bgp 1") BGP("router bgp 1.5 vrf red")
			BGP("router bgp 7 view looking-glass"));
}

static void tells_ospf_of_each_vrf(void)
{
	CHECK_STR(
		commands_of("ospfd", "router ospf\n ospf router-id 1.1.1.1\nrouter ospf vrf red\n"),
		"clear ip ospf interface\nclear ip ospf vrf red interface\n");
	CHECK_STR(commands_of("ospfd-3", "router ospf 3\n"), "clear ip ospf interface\n");
	CHECK_STR(commands_of("ospf6d", "router ospf6\nexit\nrouter ospf6 vrf blue\n"),
		"clear ipv6 ospf6 interface\nclear ipv6 ospf6 vrf blue interface\n");
}

static void says_nothing_where_nobody_listens(void)
{
	CHECK_STR(commands_of("bgpd", ""), "none");
	CHECK_STR(commands_of("bgpd", "interface eth0\n router bgp 1\nrouter ospf\n"), "none");
	CHECK_STR(commands_of("ospfd", "interface eth0\n ip ospf area 0\n"), "none");
	CHECK_STR(commands_of("zebra", "router bgp 1\nrouter ospf\n"), "none");
	CHECK_STR(commands_of("ospfdx", "router ospf\n"), "none");
}

static void keeps_a_failure_of_the_buffer(void)
{
	struct buffer buffer = {.limit = 8};

	CHECK_INT(frr_drain_commands("bgpd", "router bgp 1\n", &buffer), -ENOMEM);
	buffer_free(&buffer);
}

static void knows_who_has_neighbours(void)
{
	CHECK(frr_drain_knows("bgpd") && frr_drain_knows("ospfd-12") && frr_drain_knows("ospf6d"));
	CHECK(!frr_drain_knows("") && !frr_drain_knows("zebra") && !frr_drain_knows("bgpdd"));
}

int main(void)
{
	RUN(tells_each_bgp_instance);
	RUN(tells_ospf_of_each_vrf);
	RUN(says_nothing_where_nobody_listens);
	RUN(keeps_a_failure_of_the_buffer);
	RUN(knows_who_has_neighbours);
	return CHECK_EXIT_STATUS();
}
