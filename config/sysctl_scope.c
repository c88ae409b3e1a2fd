/* Whose a key is. The kernel does not tell: in a network namespace of its own the machine's keys
 * are not there, or are there and cannot be written. The tables are what Linux 5.10 to 6.18 do; of
 * a key that changed sides between them, the machine's side is taken, because an engine that is
 * told to set a key which is not there does not start the container. */
#include "config/sysctl_key.h"

#include <string.h>

struct entry {
	const char *path; /* that begins so if it ends in / or _ or -, else that very path */
	enum sysctl_scope scope;
	const char *module;
};

/* The first that fits holds. */
static const struct entry entries[] = {
	{"kernel/hostname", SYSCTL_UTS, NULL},
	{"kernel/domainname", SYSCTL_UTS, NULL},

	{"net/core/somaxconn", SYSCTL_NETWORK, NULL},
	{"net/core/xfrm_", SYSCTL_NETWORK, NULL},
	{"net/core/rps_default_mask", SYSCTL_NETWORK, NULL},
	{"net/core/tstamp_allow_data", SYSCTL_NETWORK, NULL},
	{"net/core/txrehash", SYSCTL_NETWORK, NULL},
	{"net/core/", SYSCTL_HOST, NULL},

	{"net/ipv4/neigh/default/", SYSCTL_HOST, NULL},
	{"net/ipv6/neigh/default/", SYSCTL_HOST, NULL},

	{"net/ipv4/route/flush", SYSCTL_NETWORK, NULL},
	{"net/ipv4/route/min_adv_mss", SYSCTL_NETWORK, NULL},
	{"net/ipv4/route/min_pmtu", SYSCTL_NETWORK, NULL},
	{"net/ipv4/route/mtu_expires", SYSCTL_NETWORK, NULL},
	{"net/ipv4/route/", SYSCTL_HOST, NULL},
	{"net/ipv4/cipso_", SYSCTL_HOST, NULL},
	{"net/ipv4/fib_sync_mem", SYSCTL_HOST, NULL},
	{"net/ipv4/inet_peer_", SYSCTL_HOST, NULL},
	{"net/ipv4/ipfrag_secret_interval", SYSCTL_HOST, NULL},
	{"net/ipv4/tcp_available_ulp", SYSCTL_HOST, NULL},
	{"net/ipv4/tcp_low_latency", SYSCTL_HOST, NULL},
	{"net/ipv4/tcp_max_orphans", SYSCTL_HOST, NULL},
	{"net/ipv4/tcp_mem", SYSCTL_HOST, NULL},
	{"net/ipv4/udp_mem", SYSCTL_HOST, NULL},
	{"net/ipv4/vs/", SYSCTL_MODULE, "ip_vs"},
	{"net/ipv6/calipso_", SYSCTL_HOST, NULL},
	{"net/ipv6/ip6frag_secret_interval", SYSCTL_HOST, NULL},
	{"net/ipv6/mld_max_msf", SYSCTL_HOST, NULL},
	{"net/ipv6/mld_qrv", SYSCTL_HOST, NULL},

	/* Outside of the machine's own namespace these can only be read. */
	{"net/netfilter/nf_conntrack_max", SYSCTL_HOST, NULL},
	{"net/netfilter/nf_conntrack_buckets", SYSCTL_HOST, NULL},
	{"net/netfilter/nf_conntrack_count", SYSCTL_HOST, NULL},
	{"net/netfilter/nf_conntrack_expect_max", SYSCTL_HOST, NULL},
	{"net/netfilter/nf_log_all_netns", SYSCTL_HOST, NULL},
	{"net/nf_conntrack_max", SYSCTL_HOST, NULL},

	{"net/bridge/bridge-nf-", SYSCTL_MODULE, "br_netfilter"},
	{"net/mpls/", SYSCTL_MODULE, "mpls_router"},
	{"net/netfilter/nf_conntrack_", SYSCTL_MODULE, "nf_conntrack"},
	{"net/sctp/", SYSCTL_MODULE, "sctp"},
	{"net/smc/", SYSCTL_MODULE, "smc"},
	{"net/tipc/", SYSCTL_MODULE, "tipc"},
	{"net/vrf/", SYSCTL_MODULE, "vrf"},
	{"net/", SYSCTL_NETWORK, NULL},

	/* kernel/sem_next_id and the like are of the IPC namespace too, but no engine takes them.
	 */
	{"kernel/msgmax", SYSCTL_IPC, NULL},
	{"kernel/msgmnb", SYSCTL_IPC, NULL},
	{"kernel/msgmni", SYSCTL_IPC, NULL},
	{"kernel/sem", SYSCTL_IPC, NULL},
	{"kernel/shmall", SYSCTL_IPC, NULL},
	{"kernel/shmmax", SYSCTL_IPC, NULL},
	{"kernel/shmmni", SYSCTL_IPC, NULL},
	{"kernel/shm_rmid_forced", SYSCTL_IPC, NULL},
	{"fs/mqueue/", SYSCTL_IPC, NULL},
};

static bool fits(const struct entry *entry, const char *path)
{
	size_t length = strlen(entry->path);
	bool is_prefix = strchr("/_-", entry->path[length - 1]);

	return is_prefix ? strncmp(path, entry->path, length) == 0 : strcmp(path, entry->path) == 0;
}

/* The folders that hold one folder for each interface. */
static const char *const of_interfaces[] = {
	"net/ipv4/conf/", "net/ipv6/conf/", "net/ipv4/neigh/", "net/ipv6/neigh/", "net/mpls/conf/"};

const char *sysctl_interface(const char *path, size_t *ret_length)
{
	for (size_t i = 0; i < sizeof(of_interfaces) / sizeof(of_interfaces[0]); i++) {
		size_t folder = strlen(of_interfaces[i]);

		if (strncmp(path, of_interfaces[i], folder) != 0)
			continue;
		*ret_length = strcspn(path + folder, "/");
		return path[folder + *ret_length] ? path + folder : NULL;
	}
	return NULL;
}

/* There before the container's first process is. */
static bool is_early(const char *name, size_t length)
{
	static const char *const early[] = {"all", "default", "lo", "eth0"};

	for (size_t i = 0; i < sizeof(early) / sizeof(early[0]); i++)
		if (length == strlen(early[i]) && memcmp(name, early[i], length) == 0)
			return true;
	return false;
}

enum sysctl_scope sysctl_scope(const char *path, const char **ret_module)
{
	size_t length;
	const char *interface = sysctl_interface(path, &length);

	if (ret_module)
		*ret_module = NULL;
	if (interface && !is_early(interface, length))
		return SYSCTL_INTERFACE;
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		if (!fits(&entries[i], path))
			continue;
		if (ret_module)
			*ret_module = entries[i].module;
		return entries[i].scope;
	}
	return SYSCTL_HOST;
}
