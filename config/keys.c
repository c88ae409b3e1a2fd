#include "config/keys.h"

#include "config/sandbox.h"
#include "config/syslog_target.h"
#include "config/values.h"

#include <string.h>

static const struct section_names module_names = {module_name_is_valid, "a module",
	"letters, digits, - and _ after a first letter or digit", "vrf"};
static const struct section_names vrf_names = {vrf_name_is_valid, "a vrf",
	"1 to 15 bytes without blanks and /:*?[%, but not ., .., all, default or lo", "CE"};
static const struct section_names interface_names = {interface_pattern_is_valid, "an interface",
	"1 to 15 bytes without blanks, / and :, or a pattern with *, ? or [...]", "eth*"};
static const struct section_names persist_names = {service_name_is_valid, "a kept file",
	"letters, digits and ._@- after a first letter or digit, 48 at most", "frr.conf"};
static const struct section_names service_names = {service_name_is_valid, "a service",
	"letters, digits and ._@- after a first letter or digit, 48 at most", "sshd"};

_Static_assert(SERVICE_NAME_MAX == 48 && INTERFACE_NAME_MAX == 15, "as the texts above say");

const struct section sections[SECTION_KIND_COUNT] = {
	[SECTION_NODE] = {"node", NULL, "the router as a whole"},
	[SECTION_SYSCTL] = {"sysctl", NULL,
		"kernel parameters, set before any service starts; ?KEY may be absent, !KEY must "
		"hold or the boot ends; * and ? in KEY stand for any"},
	[SECTION_MODULE] = {"module", &module_names, "what the kernel should be able to do"},
	[SECTION_VRF] = {"vrf", &vrf_names, "a vrf to make, and the interfaces in it"},
	[SECTION_INTERFACE] = {"interface", &interface_names,
		"what each interface of that name gets as it arrives; sysctl KEY = VALUE, %i is "
		"its name"},
	[SECTION_PERSIST] = {"persist", &persist_names,
		"a file that outlives the container: put back at boot, kept when it changes"},
	[SECTION_SIGNALS] = {"signals", NULL,
		"what a signal to PID 1 does: stop, poweroff, reboot, halt, reload, status, "
		"ignore, or SIGNAL [SERVICE...]"},
	[SECTION_FRR] = {"frr", NULL, "a service for each FRR daemon that FRR's own files enable"},
	[SECTION_SERVICE] = {"service", &service_names, "a program to start and to watch"},
};

static const struct int_range nice_range = {-20, 19}, oom_range = {-1000, 1000},
			      mtu_range = {68, 65535}, keep_range = {1, PERSIST_KEEP_MAX},
			      failures_range = {1, 100}, converged_range = {0, CONVERGED_MAX},
			      crash_keep_range = {1, CRASH_KEEP_MAX};

static const uint64_t crash_least = 65536;
static const struct int_range log_keep_range = {0, LOG_KEEP_MAX};
static const uint64_t log_least = 4096;

#define NODE(member)	offsetof(struct node, member)
#define FRR(member)	offsetof(struct frr, member)
#define SERVICE(member) offsetof(struct service, member)
#define MODULE(member)	offsetof(struct module, member)
#define VRF(member)	offsetof(struct vrf, member)
#define PERSIST(member) offsetof(struct persist, member)
#define RULE(member)	offsetof(struct interface_rule, member)
#define NONE                                                                                       \
	{                                                                                          \
		NULL                                                                               \
	}
#define ONE(text)                                                                                  \
	{                                                                                          \
		[0] = text                                                                         \
	}
/* Defaults, by type of service; a foreground command is none of these, but needs values too. */
#define SAME(text)                                                                                 \
	{                                                                                          \
		[SERVICE_DAEMON] = text, [SERVICE_ONESHOT] = text, [SERVICE_CONSOLE] = text,       \
		[SERVICE_FOREGROUND] = text                                                        \
	}
#define EACH(daemon, oneshot, console, foreground)                                                 \
	{                                                                                          \
		[SERVICE_DAEMON] = daemon, [SERVICE_ONESHOT] = oneshot,                            \
		[SERVICE_CONSOLE] = console, [SERVICE_FOREGROUND] = foreground                     \
	}
#define LIMIT(name, id, unit, doc)                                                                 \
	{                                                                                          \
		SECTION_SERVICE, "limit_" name, &value_limit_##unit, SERVICE(limits),              \
			(id) * sizeof(struct limit), NULL, NONE, FOR_ALL, CHANGES_PROCESS, doc     \
	}

/* In the order in which they are printed. */
const struct key keys[] = {
	{SECTION_NODE, "hostname_from", &value_hostnames, NODE(hostname_from), 0, NULL, NONE, 0,
		CHANGES_POLICY,
		"files to take the host name from, the first that has one; or $VARIABLE, or the "
		"name itself"},
	{SECTION_NODE, "handover", &value_command, NODE(handover), 0, NULL, NONE, 0, CHANGES_POLICY,
		"a program that PID 1 becomes once all is prepared, such as /sbin/runit-init; "
		"firsthop goes on beside it"},
	{SECTION_NODE, "interfaces", &value_interfaces, NODE(interfaces), 0, NULL, ONE("auto"), 0,
		CHANGES_POLICY,
		"to wait for before services start: none, auto ($CLAB_INTFS), a count, or names"},
	{SECTION_NODE, "interfaces_timeout", &value_time, NODE(interfaces_timeout_ms), 0, NULL,
		ONE("30s"), 0, CHANGES_POLICY, "the services start then without them"},
	{SECTION_NODE, "on_failure", &value_choice, NODE(on_failure), 0, node_end_names,
		ONE("rescue"), 0, CHANGES_POLICY,
		"a machine whose kernel's init we are, once a critical service has failed: rescue, "
		"reboot, poweroff or halt"},
	{SECTION_NODE, "proc_sys", &value_choice, NODE(proc_sys), 0, proc_sys_names, ONE("as-is"),
		0, CHANGES_POLICY, "remount: written through a mount of our own if read-only"},
	{SECTION_NODE, "root_password", &value_root_password, NODE(root_password), 0, NULL,
		ONE("keep"), 0, CHANGES_POLICY,
		"keep what the image has, empty, locked, or hash:HASH of crypt(5)"},
	{SECTION_NODE, "required", &value_steps, NODE(required), 0, NULL, NONE, 0, CHANGES_POLICY,
		"steps of the preparation that end the boot with 101 when they fail"},
	{SECTION_NODE, "sandbox", &value_choice, NODE(sandbox), 0, node_sandbox_names, ONE("none"),
		0, CHANGES_POLICY,
		"auto gives each service whose program has a preset that `sandbox`"},
	{SECTION_NODE, "harden", &value_bool, NODE(harden), 0, NULL, ONE("no"), 0, CHANGES_POLICY,
		"yes: once prepared, firsthop itself gives up what it needs no more"},
	{SECTION_NODE, "ready_message", &value_any_text, NODE(ready_message), 0, NULL, ONE("READY"),
		0, CHANGES_POLICY, "said on /dev/console once every wanted service is ready"},
	{SECTION_NODE, "stop_budget", &value_time, NODE(stop_budget_ms), 0, NULL, ONE("8s"), 0,
		CHANGES_POLICY, "the ordered stop of all services takes no longer"},
	{SECTION_NODE, "crash_dir", &value_path_or_off, NODE(crash_dir), NODE(crash_off), NULL,
		NONE, 0, CHANGES_POLICY,
		"where it is kept what is known of services that fail (/var/lib/firsthop/crashes), "
		"or off"},
	{SECTION_NODE, "crash_keep", &value_count, NODE(crash_keep), 0, &crash_keep_range,
		ONE("20"), 0, CHANGES_POLICY, "so many of these; the oldest go first"},
	{SECTION_NODE, "crash_max_size", &value_size, NODE(crash_max_bytes), 0, &crash_least,
		ONE("4M"), 0, CHANGES_POLICY, "all of these together"},
	{SECTION_NODE, "log_format", &value_choice, NODE(log_format), 0, log_format_names,
		ONE("text"), 0, CHANGES_POLICY,
		"text or json: a line on stdout and in log files, services' and firsthop's own"},
	{SECTION_NODE, "log_timestamps", &value_bool, NODE(log_timestamps), 0, NULL, ONE("no"), 0,
		CHANGES_POLICY, "yes puts the time (UTC) in front of each line of text"},
	{SECTION_NODE, "control_group", &value_account, NODE(control_group), 0, NULL, NONE, 0,
		CHANGES_POLICY,
		"a group whose members may ask for status, health and logs; only root may act"},

	{SECTION_MODULE, "need", &value_choice, MODULE(need), 0, need_names, ONE("optional"), 0,
		CHANGES_POLICY, "required ends the boot without it; off does not even ask for it"},

	{SECTION_VRF, "table", &value_table, VRF(table), 0, NULL, NONE, 0, CHANGES_POLICY,
		"the routing table of the vrf"},
	{SECTION_VRF, "interfaces", &value_interface_names, VRF(interfaces), 0, NULL, NONE, 0,
		CHANGES_POLICY, "names or patterns of those that are put into it as they arrive"},
	{SECTION_VRF, "need", &value_choice, VRF(need), 0, vrf_need_names, ONE("optional"), 0,
		CHANGES_POLICY, "required ends the boot without it"},

	{SECTION_INTERFACE, "up", &value_bool, RULE(up), 0, NULL, NONE, 0, CHANGES_POLICY,
		"yes sets it up, no leaves it as it is"},
	{SECTION_INTERFACE, "mtu", &value_mtu, RULE(mtu), 0, &mtu_range, NONE, 0, CHANGES_POLICY,
		"the longest packet, in bytes"},
	{SECTION_INTERFACE, "address", &value_addresses, RULE(addresses), RULE(address_count), NULL,
		NONE, 0, CHANGES_POLICY, "ADDRESS/PREFIX, added to those that it has"},

	{SECTION_PERSIST, "path", &value_path, PERSIST(path), 0, NULL, NONE, 0, CHANGES_POLICY,
		"the file that services read and write"},
	{SECTION_PERSIST, "store", &value_path, PERSIST(store), 0, NULL, NONE, 0, CHANGES_POLICY,
		"where it is kept, on a volume; generations lie beside it"},
	{SECTION_PERSIST, "day0", &value_path, PERSIST(day0), 0, NULL, NONE, 0, CHANGES_POLICY,
		"the first boot's, as the container was given it; may be absent"},
	{SECTION_PERSIST, "check", &value_check, PERSIST(check), 0, NULL, NONE, 0, CHANGES_POLICY,
		"a command that fails unless the file %f is valid"},
	{SECTION_PERSIST, "owner", &value_owner, PERSIST(user), PERSIST(group), NULL, NONE, 0,
		CHANGES_POLICY, "whom path belongs to: USER:GROUP"},
	{SECTION_PERSIST, "mode", &value_mode, PERSIST(mode), PERSIST(has_mode), NULL, NONE, 0,
		CHANGES_POLICY, "permissions of path, store and generations"},
	{SECTION_PERSIST, "keep", &value_integer, PERSIST(keep), PERSIST(has_keep), &keep_range,
		ONE("10"), 0, CHANGES_POLICY, "generations, the newest included"},
	{SECTION_PERSIST, "prefer", &value_choice, PERSIST(prefer), 0, persist_prefer_names,
		ONE("store"), 0, CHANGES_POLICY,
		"store; day0 at each boot; newest is day0 once after it has changed, else store"},

	{SECTION_FRR, "daemons", &value_path, FRR(daemons), 0, NULL, ONE("/etc/frr/daemons"), 0,
		CHANGES_POLICY, "FRR's own list of daemons and options"},
	{SECTION_FRR, "daemons_shell", &value_bool, FRR(daemons_shell), 0, NULL, ONE("no"), 0,
		CHANGES_POLICY,
		"yes lets bash evaluate that list when it is more than NAME=value lines"},
	{SECTION_FRR, "protocols", &value_path, FRR(protocols), 0, NULL, ONE("/config/protocols"),
		0, CHANGES_POLICY, "a further list of daemons to start; may be absent"},
	{SECTION_FRR, "config", &value_path, FRR(config), 0, NULL, ONE("/etc/frr/frr.conf"), 0,
		CHANGES_POLICY, "loaded once the daemons are ready; may be absent"},
	{SECTION_FRR, "converged_bgp", &value_count_or_all, FRR(converged.bgp), 0, &converged_range,
		ONE("all"), 0, CHANGES_POLICY,
		"for health --level converged: BGP neighbours to be Established"},
	{SECTION_FRR, "converged_ospf", &value_count, FRR(converged.ospf), 0, &converged_range,
		ONE("1"), 0, CHANGES_POLICY,
		"the same for OSPF, v2 and v3: Full, and no neighbour is less"},
	{SECTION_FRR, "converged_isis", &value_count, FRR(converged.isis), 0, &converged_range,
		ONE("1"), 0, CHANGES_POLICY, "the same for IS-IS: Up, and no neighbour is less"},
	{SECTION_FRR, "stop", &value_choice, FRR(stop), 0, frr_stop_names, ONE("drain"), 0,
		CHANGES_POLICY,
		"drain tells the neighbours of bgpd, ospfd and ospf6d first; fast does not"},

	{SECTION_SERVICE, "type", &value_type, SERVICE(type), 0, service_type_names, SAME("daemon"),
		FOR_ALL, CHANGES_PROCESS,
		"daemon stays, oneshot ends, console owns PID 1's terminal"},
	{SECTION_SERVICE, "description", &value_text, SERVICE(description), 0, NULL, NONE, FOR_ALL,
		CHANGES_POLICY, "shown by status"},
	{SECTION_SERVICE, "start", &value_choice, SERVICE(start), 0, start_mode_names, SAME("auto"),
		FOR_ALL, CHANGES_POLICY,
		"auto at boot; manual when another service needs it, or on request"},
	{SECTION_SERVICE, "command", &value_command, SERVICE(command), 0, NULL, NONE, FOR_ALL,
		CHANGES_PROCESS, "what runs, in the foreground; no shell"},
	{SECTION_SERVICE, "prepare", &value_command, SERVICE(prepare), 0, NULL, NONE, FOR_ALL,
		CHANGES_PROCESS, "runs before each start and must succeed"},
	{SECTION_SERVICE, "stop_command", &value_command, SERVICE(stop_command), 0, NULL, NONE,
		FOR_DAEMON, CHANGES_POLICY, "runs instead of stop_signal"},
	{SECTION_SERVICE, "reconfigure", &value_command, SERVICE(reconfigure), 0, NULL, NONE,
		FOR_DAEMON, CHANGES_POLICY,
		"runs when it is ready again after a restart, or came with a reload"},
	{SECTION_SERVICE, "reconfigure_exit_status", &value_exit_set, SERVICE(reconfigure_success),
		0, NULL, SAME("0"), FOR_DAEMON, CHANGES_POLICY,
		"exit codes of reconfigure that are no failure"},
	{SECTION_SERVICE, "reload_signal", &value_signal, SERVICE(reload_signal), 0, NULL, NONE,
		FOR_DAEMON, CHANGES_POLICY,
		"what has it read its configuration anew (many take HUP), for `firsthop reload "
		"SERVICE`"},
	{SECTION_SERVICE, "reload_command", &value_command, SERVICE(reload_command), 0, NULL, NONE,
		FOR_DAEMON, CHANGES_POLICY,
		"the same by a command; without either, reconfigure is what runs"},
	{SECTION_SERVICE, "needs", &value_services, SERVICE(needs), 0, NULL, NONE,
		FOR_DAEMON | FOR_ONESHOT, CHANGES_POLICY,
		"services that are started too and must be ready first"},
	{SECTION_SERVICE, "wants", &value_services, SERVICE(wants), 0, NULL, NONE, FOR_ALL,
		CHANGES_POLICY, "services that are started too and waited for, but may fail"},
	{SECTION_SERVICE, "after", &value_services, SERVICE(after), 0, NULL, NONE, FOR_ALL,
		CHANGES_POLICY, "services to wait for if they start as well"},
	{SECTION_SERVICE, "ready", &value_ready, SERVICE(ready), 0, NULL, SAME("immediately"),
		FOR_ALL, CHANGES_PROCESS, "how it shows that it is ready"},
	{SECTION_SERVICE, "health", &value_health, SERVICE(health), 0, NULL, SAME("none"),
		FOR_DAEMON, CHANGES_POLICY, "how it is asked, once ready, whether it is alive"},
	{SECTION_SERVICE, "health_period", &value_time, SERVICE(health_period_ms), 0, NULL,
		SAME("3s"), FOR_DAEMON, CHANGES_POLICY, "from one such check to the next"},
	{SECTION_SERVICE, "health_timeout", &value_time, SERVICE(health_timeout_ms), 0, NULL,
		SAME("2s"), FOR_DAEMON, CHANGES_POLICY, "for an answer"},
	{SECTION_SERVICE, "health_failures", &value_count, SERVICE(health_failures), 0,
		&failures_range, SAME("2"), FOR_DAEMON, CHANGES_POLICY,
		"so many failed checks in a row, and it is killed, which is a failure"},
	{SECTION_SERVICE, "health_signal", &value_signal, SERVICE(health_signal), 0, NULL,
		SAME("KILL"), FOR_DAEMON, CHANGES_POLICY,
		"what it is killed with; after another one, such as ABRT for a core, KILL follows "
		"in 1s"},
	{SECTION_SERVICE, "start_timeout", &value_time, SERVICE(start_timeout_ms), 0, NULL,
		/* A oneshot is work, not a start; but what waits for it must not wait forever. */
		EACH("60s", "5m", "60s", "infinity"), FOR_ALL, CHANGES_POLICY,
		"for prepare, and again from start to ready"},
	{SECTION_SERVICE, "stop_timeout", &value_time, SERVICE(stop_timeout_ms), 0, NULL,
		SAME("5s"), FOR_ALL, CHANGES_POLICY, "from stop_signal to KILL"},
	{SECTION_SERVICE, "stop_signal", &value_signal, SERVICE(stop_signal), 0, NULL,
		/* A shell on a terminal ignores TERM. */
		EACH("TERM", "TERM", "HUP", "TERM"), FOR_ALL, CHANGES_POLICY, "asks it to end"},
	{SECTION_SERVICE, "restart", &value_choice, SERVICE(restart), 0, restart_policy_names,
		EACH("always", "never", "always", "never"), FOR_ALL, CHANGES_POLICY,
		"always, on-failure or never"},
	{SECTION_SERVICE, "restart_delay", &value_time_range, SERVICE(restart_delay_min_ms),
		SERVICE(restart_delay_max_ms), NULL,
		EACH("200ms .. 30s", "200ms .. 30s", "100ms .. 5s", "0"), FOR_ALL, CHANGES_POLICY,
		"before a restart; doubles from the one to the other"},
	{SECTION_SERVICE, "restart_reset", &value_time, SERVICE(restart_reset_ms), 0, NULL,
		EACH("30s", "30s", "1s", "0"), FOR_ALL, CHANGES_POLICY,
		"ready for so long, the next delay is the first again"},
	{SECTION_SERVICE, "give_up", &value_give_up, SERVICE(give_up_count),
		SERVICE(give_up_window_ms), NULL, SAME("never"), FOR_ALL, CHANGES_POLICY,
		"N failures in TIME are one too many, or never"},
	{SECTION_SERVICE, "on_give_up", &value_choice, SERVICE(on_give_up), 0, on_give_up_names,
		SAME("ignore"), FOR_ALL, CHANGES_POLICY,
		"when it has failed for good: ignore, or stop the container with code 102"},
	{SECTION_SERVICE, "on_need_lost", &value_choice, SERVICE(on_need_lost), 0,
		on_need_lost_names, SAME("keep"), FOR_DAEMON | FOR_ONESHOT, CHANGES_POLICY,
		"when a service that it needs ends: keep, restart or stop"},
	{SECTION_SERVICE, "critical", &value_bool, SERVICE(critical), 0, NULL, SAME("no"), FOR_ALL,
		CHANGES_POLICY, "yes is on_give_up = stop"},
	{SECTION_SERVICE, "success_exit_status", &value_exit_set, SERVICE(success), 0, NULL,
		/* A daemon that ends by itself has failed, also with code 0. */
		EACH("none", "0", "0", "0"), FOR_ALL, CHANGES_POLICY,
		"exit codes and signals that are no failure"},

	{SECTION_SERVICE, "user", &value_account, SERVICE(user), 0, NULL, NONE, FOR_ALL,
		CHANGES_PROCESS, "user to run as"},
	{SECTION_SERVICE, "group", &value_account, SERVICE(group), 0, NULL, NONE, FOR_ALL,
		CHANGES_PROCESS, "group to run as, if not the user's own"},
	{SECTION_SERVICE, "groups", &value_accounts, SERVICE(groups), 0, NULL, NONE, FOR_ALL,
		CHANGES_PROCESS, "further groups, beside those that the user has"},
	{SECTION_SERVICE, "directory", &value_path, SERVICE(directory), 0, NULL, SAME("/"), FOR_ALL,
		CHANGES_PROCESS, "working directory"},
	{SECTION_SERVICE, "environment", &value_environment, SERVICE(environment), 0, NULL, NONE,
		FOR_ALL, CHANGES_PROCESS, "NAME=value, several in a line or in several lines"},
	{SECTION_SERVICE, "environment_file", &value_paths, SERVICE(environment_files), 0, NULL,
		NONE, FOR_ALL, CHANGES_PROCESS, "files of NAME=value lines"},
	LIMIT("nofile", LIMIT_NOFILE, count, "open files"),
	LIMIT("nproc", LIMIT_NPROC, count, "processes of the user"),
	LIMIT("core", LIMIT_CORE, bytes, "size of a core file"),
	LIMIT("memlock", LIMIT_MEMLOCK, bytes, "locked memory"),
	LIMIT("stack", LIMIT_STACK, bytes, "stack"),
	LIMIT("as", LIMIT_AS, bytes, "address space"),
	LIMIT("data", LIMIT_DATA, bytes, "data segment"),
	LIMIT("fsize", LIMIT_FSIZE, bytes, "size of a file it writes"),
	LIMIT("cpu", LIMIT_CPU, time, "processor time"),
	{SECTION_SERVICE, "umask", &value_mode, SERVICE(umask), SERVICE(has_umask), NULL, NONE,
		FOR_ALL, CHANGES_PROCESS, "permissions that new files do not get"},
	{SECTION_SERVICE, "nice", &value_integer, SERVICE(nice), SERVICE(has_nice), &nice_range,
		NONE, FOR_ALL, CHANGES_PROCESS, "scheduling priority, -20 (first) to 19"},
	{SECTION_SERVICE, "oom_score_adj", &value_integer, SERVICE(oom_score_adj),
		SERVICE(has_oom_score_adj), &oom_range, NONE, FOR_ALL, CHANGES_PROCESS,
		"-1000 (never) to 1000 (first) when memory is short"},
	{SECTION_SERVICE, "sandbox", &value_choice, SERVICE(sandbox), 0, sandbox_names, NONE,
		FOR_ALL, CHANGES_PROCESS,
		"a preset of capabilities, seccomp and so on; its own keys change it"},
	{SECTION_SERVICE, "no_new_privs", &value_bool, SERVICE(no_new_privs), 0, NULL, SAME("no"),
		FOR_ALL, CHANGES_PROCESS, "setuid programs gain nothing"},
	{SECTION_SERVICE, "capabilities", &value_capabilities, SERVICE(capabilities), 0, NULL, NONE,
		FOR_ALL, CHANGES_PROCESS,
		"keeps these and no others; -NAME first takes away from what there is; none"},
	{SECTION_SERVICE, "securebits", &value_securebits, SERVICE(securebits), 0, NULL, NONE,
		FOR_ALL, CHANGES_PROCESS, "what being root is worth, see capabilities(7)"},
	{SECTION_SERVICE, "seccomp", &value_seccomp, SERVICE(seccomp), 0, NULL, NONE, FOR_ALL,
		CHANGES_PROCESS,
		"system calls, groups (@mount) or presets that it may use; -NAME takes away; none"},
	{SECTION_SERVICE, "seccomp_action", &value_choice, SERVICE(seccomp_action), 0,
		seccomp_action_names, SAME("errno"), FOR_ALL, CHANGES_PROCESS,
		"what other calls come to: errno, kill or log"},
	{SECTION_SERVICE, "read_only", &value_paths, SERVICE(read_only), 0, NULL, NONE, FOR_ALL,
		CHANGES_PROCESS, "what it may only read, and all below, but for read_write"},
	{SECTION_SERVICE, "read_write", &value_paths, SERVICE(read_write), 0, NULL, NONE, FOR_ALL,
		CHANGES_PROCESS, "what it may write although it is below a read_only"},
	{SECTION_SERVICE, "no_access", &value_paths, SERVICE(no_access), 0, NULL, NONE, FOR_ALL,
		CHANGES_PROCESS, "what it may not even read"},
	{SECTION_SERVICE, "private_tmp", &value_bool, SERVICE(private_tmp), 0, NULL, SAME("no"),
		FOR_ALL, CHANGES_PROCESS, "yes gives it a /tmp and /var/tmp of its own"},
	{SECTION_SERVICE, "memory_max", &value_limit_bytes, SERVICE(limits),
		LIMIT_MEMORY_MAX * sizeof(struct limit), NULL, NONE, FOR_ALL, CHANGES_PROCESS,
		"memory of all its processes, by a control group"},
	{SECTION_SERVICE, "tasks_max", &value_limit_count, SERVICE(limits),
		LIMIT_TASKS_MAX * sizeof(struct limit), NULL, NONE, FOR_ALL, CHANGES_PROCESS,
		"processes and threads, by a control group"},
	{SECTION_SERVICE, "cgroup_kill", &value_bool, SERVICE(cgroup_kill), 0, NULL, SAME("no"),
		FOR_ALL, CHANGES_PROCESS, "yes: a KILL reaches all that it has ever forked"},
	{SECTION_SERVICE, "runtime_directory", &value_directories, SERVICE(runtime_directories),
		SERVICE(runtime_directory_count), NULL, NONE, FOR_ALL, CHANGES_PROCESS,
		"PATH [MODE [USER[:GROUP]]], made before each start"},
	{SECTION_SERVICE, "log", &value_log, SERVICE(log), SERVICE(log_path), NULL,
		EACH("prefix", "prefix", "raw", "raw"), FOR_DAEMON | FOR_ONESHOT, CHANGES_POLICY,
		"where its output goes: prefix, raw, file:PATH, syslog[:TARGET] or none"},
	{SECTION_SERVICE, "log_max_size", &value_size, SERVICE(log_max_bytes), 0, &log_least,
		SAME("10M"), FOR_DAEMON | FOR_ONESHOT, CHANGES_POLICY,
		"a log file that would become larger becomes PATH.1, and a new one begins"},
	{SECTION_SERVICE, "log_keep", &value_count, SERVICE(log_keep), 0, &log_keep_range,
		SAME("5"), FOR_DAEMON | FOR_ONESHOT, CHANGES_POLICY,
		"older log files, PATH.1 the newest; 0 empties PATH instead"},
	{SECTION_SERVICE, "syslog_facility", &value_choice, SERVICE(syslog_facility), 0,
		syslog_facility_names, SAME("daemon"), FOR_DAEMON | FOR_ONESHOT, CHANGES_POLICY,
		"of its lines in syslog: daemon, local0 .. local7 and others"},
	{SECTION_SERVICE, "syslog_level", &value_choice, SERVICE(syslog_level), 0,
		syslog_severity_names, SAME("info"), FOR_DAEMON | FOR_ONESHOT, CHANGES_POLICY,
		"of a line that does not begin with its own, such as <4>; see sd-daemon(3)"},
};

const unsigned key_count = sizeof(keys) / sizeof(keys[0]);

const struct key *key_find(enum section_kind section, const char *name)
{
	for (unsigned i = 0; i < key_count; i++)
		if (keys[i].section == section && strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

const struct setting *setting_find(const struct setting *settings, const struct key *key)
{
	while (settings && settings->key != key)
		settings = settings->next;
	return settings;
}

const struct setting *setting_find_name(const struct setting *settings, const char *name)
{
	while (settings && strcmp(settings->key->name, name) != 0)
		settings = settings->next;
	return settings;
}

int section_find(const char *name)
{
	for (int i = 0; i < SECTION_KIND_COUNT; i++)
		if (strcmp(sections[i].name, name) == 0)
			return i;
	return -1;
}
