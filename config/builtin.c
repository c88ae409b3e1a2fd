#include "config/builtin.h"

#include "config/arena.h"
#include "config/image.h"
#include "config/text.h"

#include <stddef.h>

/* The stock set of config/examples/router.ini, which has the reasons. Here nobody has asked for any
 * of it: each may lack. For the same reason no module is asked for, which would load it. */
static const char router[] = "[node]\n"
			     "hostname_from = /config/node.cfg /config/juniper.conf "
			     "/etc/frr/frr.conf\n"
			     "\n"
			     "[sysctl]\n"
			     "?net.ipv4.ip_forward = 1\n"
			     "?net.ipv6.conf.all.forwarding = 1\n"
			     "?net.ipv6.conf.all.disable_ipv6 = 0\n"
			     "?net.ipv6.conf.default.disable_ipv6 = 0\n"
			     "?net.ipv6.conf.lo.disable_ipv6 = 0\n"
			     "?net.ipv6.conf.all.keep_addr_on_down = 1\n"
			     "?net.ipv6.route.skip_notify_on_dev_down = 1\n"
			     "?net.ipv4.conf.all.rp_filter = 0\n"
			     "?net.ipv4.conf.default.rp_filter = 0\n"
			     "?net.ipv4.conf.all.ignore_routes_with_linkdown = 1\n"
			     "?net.ipv4.conf.default.ignore_routes_with_linkdown = 1\n"
			     "?net.ipv6.conf.all.ignore_routes_with_linkdown = 1\n"
			     "?net.ipv6.conf.default.ignore_routes_with_linkdown = 1\n"
			     "?net.ipv4.fib_multipath_hash_policy = 1\n"
			     "?net.ipv6.fib_multipath_hash_policy = 1\n"
			     "?net.ipv4.fib_multipath_use_neigh = 1\n"
			     "?net.ipv6.conf.all.seg6_enabled = 1\n"
			     "?net.ipv6.conf.default.seg6_enabled = 1\n"
			     "?net.ipv6.seg6_flowlabel = 1\n"
			     "?net.ipv4.tcp_l3mdev_accept = 1\n"
			     "?net.ipv4.udp_l3mdev_accept = 1\n"
			     "?net.ipv4.igmp_max_memberships = 1000\n"
			     "?net.ipv4.icmp_errors_use_inbound_ifaddr = 1\n";

static const struct {
	const char *program; /* that the image must hold */
	const char *text;
} parts[] = {
	{"/usr/lib/frr/zebra", "[frr]\n"},
	{"/usr/sbin/sshd", "[service sshd]\n"
			   "prepare = /usr/bin/ssh-keygen -A\n"
			   "command = /usr/sbin/sshd -D -e\n"
			   "reload_signal = HUP\n"
			   "ready = tcp:22\n"
			   "runtime_directory = /run/sshd 0755\n"},
	{"/usr/sbin/snmpd", "[service snmpd]\n"
			    "command = /usr/sbin/snmpd -f -Lo\n"
			    "reload_signal = HUP\n"
			    "runtime_directory = /var/agentx 0755\n"},
	{"/usr/bin/vtysh", "[service console]\n"
			   "type = console\n"
			   "command = /usr/bin/vtysh\n"},
};

const char *builtin_text(struct arena *arena, const struct image *image)
{
	struct text text = {.arena = arena};

	text_put(&text, router);
	for (size_t i = 0; image && i < sizeof(parts) / sizeof(parts[0]); i++)
		if (image->is_executable(image->context, parts[i].program))
			text_printf(&text, "\n%s", parts[i].text);
	return arena->failed ? NULL : text_string(&text);
}
