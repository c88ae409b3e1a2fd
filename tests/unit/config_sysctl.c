/* What a sysctl's key says by itself. */
#include "config/arena.h"
#include "config/sysctl_key.h"
#include "tests/check.h"

#include <errno.h>

static void keys_are_checked(void)
{
	static const struct {
		const char *key;
		bool plain, pattern, interface;
	} samples[] = {
		{"net.ipv4.ip_forward", true, true, true},
		{"net/ipv4/conf/eth0.100/forwarding", true, true, true},
		{"net.ipv4.conf.eth0/100.forwarding", true, true, true},
		{"kernel.core_pattern", true, true, true},
		{"net.bridge.bridge-nf-call-iptables", true, true, true},
		{"x", true, true, true},
		{"net.ipv4.conf.*.rp_filter", false, true, false},
		{"net.ipv4.conf.eth?.rp_filter", false, true, false},
		{"net.ipv4.conf.[!e]*.rp_filter", false, true, false},
		{"net.ipv4.conf.%i.rp_filter", false, false, true},
		{"net.%i%i.x", false, false, true},
		{"net.%.x", false, false, false},
		{"net.%I.x", false, false, false},
		{"", false, false, false},
		{".", false, false, false},
		{"/etc/passwd", false, false, false},
		{"../etc/passwd", false, false, false},
		{"..", false, false, false},
		{"net/../../etc/passwd", false, false, false},
		{"net.//.x", false, false, false}, /* '/' is '.' there: net/../x */
		{"net./.x", false, false, false},
		{"net/./x", false, false, false},
		{"net..x", false, false, false},
		{"net//x", false, false, false},
		{"net.x.", false, false, false},
		{"net.x/", false, false, false},
		{".net.x", false, false, false},
		{"*.x", false, false, false},
		{"-x", false, false, false},
		{"%i.x", false, false, true},
		{"net.a b", false, false, false},
		{"net.a;b", false, false, false},
		{"net.a$b", false, false, false},
		{"net.a\nb", false, false, false},
		{"net.\xc3\xa9", false, false, false},
	};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const char *key = samples[i].key;
		bool interface = samples[i].interface && key[0] != '%'; /* the first is a letter */

		CHECK_INT(sysctl_key_is_valid(key, false, false), samples[i].plain);
		CHECK_INT(sysctl_key_is_valid(key, true, false), samples[i].pattern);
		CHECK_INT(sysctl_key_is_valid(key, false, true), interface);
		if (check_failed_now)
			fprintf(stderr, "key: %s\n", key);
	}
	CHECK(sysctl_key_is_pattern("a*") && sysctl_key_is_pattern("a?b"));
	CHECK(sysctl_key_is_pattern("a[b]") && !sysctl_key_is_pattern("a.%i!]"));
}

static void long_keys_are_refused(void)
{
	char key[SYSCTL_PATH_MAX + 2], path[SYSCTL_PATH_MAX] = "untouched";

	memset(key, 'a', sizeof(key));
	key[SYSCTL_PATH_MAX - 1] = '\0';
	CHECK(sysctl_key_is_valid(key, false, false));
	CHECK_INT(sysctl_key_path(key, NULL, path), 0);
	CHECK_STR(path, key);
	key[SYSCTL_PATH_MAX - 1] = 'a';
	key[SYSCTL_PATH_MAX] = '\0';
	CHECK(!sysctl_key_is_valid(key, false, false));
	memset(path, 0, sizeof(path));
	CHECK_INT(sysctl_key_path(key, NULL, path), -ENAMETOOLONG);
	CHECK_STR(path, "");
	sysctl_key_from_path(key, path);
	CHECK_INT(strlen(path), SYSCTL_PATH_MAX - 1);
	/* With %i as long as the interface's name may be. */
	key[SYSCTL_PATH_MAX - 13] = '\0';
	memcpy(key + 10, "%i", 2);
	CHECK(!sysctl_key_is_valid(key, false, true));
	CHECK_INT(sysctl_key_path(key, "abcdefghijklmno", path), -ENAMETOOLONG);
	key[SYSCTL_PATH_MAX - 14] = '\0';
	CHECK(sysctl_key_is_valid(key, false, true));
	CHECK_INT(sysctl_key_path(key, "abcdefghijklmno", path), 0);
	CHECK_INT(strlen(path), SYSCTL_PATH_MAX - 1);
}

static void keys_are_paths(void)
{
	static const struct {
		const char *key, *interface, *path, *back;
	} samples[] = {
		{"net.ipv4.ip_forward", NULL, "net/ipv4/ip_forward", NULL},
		{"net/ipv4/ip_forward", NULL, "net/ipv4/ip_forward", "net.ipv4.ip_forward"},
		{"net.ipv4.conf.eth0/100.forwarding", NULL, "net/ipv4/conf/eth0.100/forwarding",
			NULL},
		{"net/ipv4/conf/eth0.100/forwarding", NULL, "net/ipv4/conf/eth0.100/forwarding",
			"net.ipv4.conf.eth0/100.forwarding"},
		{"net.ipv4.conf.%i.x", "eth0.100", "net/ipv4/conf/eth0.100/x",
			"net.ipv4.conf.eth0/100.x"},
		{"net/ipv4/conf/%i/x", "a%ib", "net/ipv4/conf/a%ib/x", "net.ipv4.conf.a%ib.x"},
		{"net.ipv4.conf.%i.x", NULL, "net/ipv4/conf/%i/x", NULL},
		{"a", NULL, "a", NULL},
	};
	static const char *const hostile[] = {"", ".", "..", "a/b", "../../etc", "/"};
	char path[SYSCTL_PATH_MAX], key[SYSCTL_PATH_MAX];

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		CHECK_INT(sysctl_key_path(samples[i].key, samples[i].interface, path), 0);
		CHECK_STR(path, samples[i].path);
		sysctl_key_from_path(path, key);
		CHECK_STR(key, samples[i].back ? samples[i].back : samples[i].key);
	}
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++)
		CHECK_INT(sysctl_key_path("net.ipv4.conf.%i.x", hostile[i], path), -EINVAL);
}

static void keys_have_a_scope(void)
{
	static const struct {
		const char *path;
		enum sysctl_scope scope;
		const char *module;
	} samples[] = {
		{"net/ipv4/ip_forward", SYSCTL_NETWORK, NULL},
		{"net/ipv4/conf/all/rp_filter", SYSCTL_NETWORK, NULL},
		{"net/ipv4/conf/default/rp_filter", SYSCTL_NETWORK, NULL},
		{"net/ipv6/conf/lo/disable_ipv6", SYSCTL_NETWORK, NULL},
		{"net/ipv6/conf/eth0/disable_ipv6", SYSCTL_NETWORK, NULL},
		{"net/ipv6/conf/eth1/disable_ipv6", SYSCTL_INTERFACE, NULL},
		{"net/ipv4/conf/eth0.100/rp_filter", SYSCTL_INTERFACE, NULL},
		{"net/ipv4/conf/*/rp_filter", SYSCTL_INTERFACE, NULL},
		{"net/ipv4/conf/rp_filter", SYSCTL_NETWORK, NULL},
		{"net/ipv4/neigh/default/gc_thresh3", SYSCTL_HOST, NULL},
		{"net/ipv6/neigh/default/mcast_solicit", SYSCTL_HOST, NULL},
		{"net/ipv4/neigh/eth0/mcast_solicit", SYSCTL_NETWORK, NULL},
		{"net/ipv4/neigh/eth3/mcast_solicit", SYSCTL_INTERFACE, NULL},
		{"net/ipv4/route/max_size", SYSCTL_HOST, NULL},
		{"net/ipv4/route/min_pmtu", SYSCTL_NETWORK, NULL},
		{"net/ipv6/route/max_size", SYSCTL_NETWORK, NULL},
		{"net/ipv6/mld_max_msf", SYSCTL_HOST, NULL},
		{"net/ipv4/tcp_mem", SYSCTL_HOST, NULL},
		{"net/ipv4/tcp_rmem", SYSCTL_NETWORK, NULL},
		{"net/core/rmem_max", SYSCTL_HOST, NULL},
		{"net/core/netdev_max_backlog", SYSCTL_HOST, NULL},
		{"net/core/optmem_max", SYSCTL_HOST, NULL},
		{"net/core/bpf_jit_enable", SYSCTL_HOST, NULL},
		{"net/core/somaxconn", SYSCTL_NETWORK, NULL},
		{"net/core/somaxconn2", SYSCTL_HOST, NULL},
		{"net/vrf/strict_mode", SYSCTL_MODULE, "vrf"},
		{"net/mpls/platform_labels", SYSCTL_MODULE, "mpls_router"},
		{"net/mpls/conf/eth0/input", SYSCTL_MODULE, "mpls_router"},
		{"net/mpls/conf/eth1/input", SYSCTL_INTERFACE, NULL},
		{"net/bridge/bridge-nf-call-iptables", SYSCTL_MODULE, "br_netfilter"},
		{"net/netfilter/nf_conntrack_tcp_loose", SYSCTL_MODULE, "nf_conntrack"},
		{"net/netfilter/nf_conntrack_max", SYSCTL_HOST, NULL},
		{"net/ipv4/vs/conn_reuse_mode", SYSCTL_MODULE, "ip_vs"},
		{"net/unix/max_dgram_qlen", SYSCTL_NETWORK, NULL},
		{"kernel/msgmax", SYSCTL_IPC, NULL},
		{"kernel/sem", SYSCTL_IPC, NULL},
		{"kernel/shm_rmid_forced", SYSCTL_IPC, NULL},
		{"fs/mqueue/msg_max", SYSCTL_IPC, NULL},
		{"kernel/core_pattern", SYSCTL_HOST, NULL},
		{"vm/swappiness", SYSCTL_HOST, NULL},
		{"fs/file-max", SYSCTL_HOST, NULL},
		{"network", SYSCTL_HOST, NULL},
		{"", SYSCTL_HOST, NULL},
	};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const char *module = "?";

		CHECK_INT(sysctl_scope(samples[i].path, &module), samples[i].scope);
		CHECK_INT(sysctl_scope(samples[i].path, NULL), samples[i].scope);
		CHECK_STR(module ? module : "-", samples[i].module ? samples[i].module : "-");
		if (check_failed_now)
			fprintf(stderr, "path: %s\n", samples[i].path);
	}
}

static void the_nearest_key(void)
{
	static const struct {
		const char *key, *nearest; /* NULL: none */
	} samples[] = {
		{"net.ipv4.ip_forward", "net.ipv4.ip_forward"},
		{"net/ipv4/ip_forward", "net/ipv4/ip_forward"},
		{"net.ipv4.ip_foward", "net.ipv4.ip_forward"},
		{"net/ipv4/ip_foward", "net.ipv4.ip_forward"},
		{"net.ipv4.ip_forwarding", "net.ipv4.ip_forward"},
		{"ipv4.ip_forward", "net.ipv4.ip_forward"},
		{"nte.ipv4.ip_forward", "net.ipv4.ip_forward"},
		{"net.ipv4.conf.all.rp_fliter", "net.ipv4.conf.all.rp_filter"},
		{"net.ipv4.conf.eth7.rp_fliter", "net.ipv4.conf.eth7.rp_filter"},
		{"net.ipv4.conf.eth7.rp_filter", "net.ipv4.conf.eth7.rp_filter"},
		{"net.ipv4.conf.eth0/100.rp_fliter", "net.ipv4.conf.eth0/100.rp_filter"},
		{"net.ipv4.conf.*.rp_fliter", "net.ipv4.conf.*.rp_filter"},
		{"net.ipv4.conf.default.forwardign", "net.ipv4.conf.default.forwarding"},
		{"net.ipv4.conf.rp_filter", "net.ipv4.conf.all.rp_filter"},
		{"net.ipv4.rp_filter", "net.ipv4.conf.all.rp_filter"},
		{"net.ipv6.forwarding", "net.ipv6.conf.all.forwarding"},
		{"net.ipv4.forwarding", "net.ipv4.ip_forward"},
		{"net.ipv6.ip_forward", "net.ipv6.conf.all.forwarding"},
		{"net.ipv6.disable_ipv6", "net.ipv6.conf.all.disable_ipv6"},
		{"net.ipv6.conf.all.keep_addr_on_donw", "net.ipv6.conf.all.keep_addr_on_down"},
		{"net.ipv6.skip_notify_on_dev_down", "net.ipv6.route.skip_notify_on_dev_down"},
		{"net.mpls.conf.eth1.inptu", "net.mpls.conf.eth1.input"},
		{"net.mpls.conf.input", "net.mpls.conf.eth0.input"},
		{"net.mpls.platform_label", "net.mpls.platform_labels"},
		{"net.ipv4.neigh.gc_thresh3", "net.ipv4.neigh.default.gc_thresh3"},
		{"net.ipv4.neigh.default.gc_tresh3", "net.ipv4.neigh.default.gc_thresh3"},
		{"net.vrf.strictmode", "net.vrf.strict_mode"},
		{"net.bridge.bridge-nf-call-iptables", "net.bridge.bridge-nf-call-iptables"},
		{"net.bridge.bridge-nf-filter-pppoe-tagged",
			"net.bridge.bridge-nf-filter-pppoe-tagged"},
		{"net.core.rmem_mx", "net.core.rmem_max"},
		{"net.ipv4.frobnicate", NULL},
		{"net.*.ip_foward", NULL},
		{"kernel.frobnicate", NULL},
		{"x", NULL},
		{"net.ipv4.conf.", NULL},
	};
	struct arena arena = {0};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const char *nearest = sysctl_nearest(&arena, samples[i].key);

		CHECK_STR(nearest ? nearest : "(none)",
			samples[i].nearest ? samples[i].nearest : "(none)");
		if (check_failed_now)
			fprintf(stderr, "key: %s\n", samples[i].key);
	}
	arena_free(&arena);
}

/* No length of anything is too much. */
static void long_keys_are_compared(void)
{
	char key[2 * SYSCTL_PATH_MAX];
	struct arena arena = {0};

	for (size_t length = 1; length < sizeof(key) - 40; length++) {
		memset(key, 0, sizeof(key));
		memcpy(key, "net.ipv4.conf.", 14);
		memset(key + 14, 'e', length);
		memcpy(key + 14 + length, ".rp_fliter", 11);
		(void)sysctl_nearest(&arena, key);
		memcpy(key + 14 + length, ".rp_filter", 11);
		(void)sysctl_nearest(&arena, key);
		key[14 + length] = '\0';
		(void)sysctl_nearest(&arena, key);
	}
	arena_free(&arena);
}

int main(void)
{
	RUN(keys_are_checked);
	RUN(long_keys_are_refused);
	RUN(keys_are_paths);
	RUN(keys_have_a_scope);
	RUN(the_nearest_key);
	RUN(long_keys_are_compared);
	return CHECK_EXIT_STATUS();
}
