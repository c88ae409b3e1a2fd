/* The presets. Each is what real daemons were seen to use through boot, configuration, sessions,
 * restart and stop, rounded up to groups, so that another libc or version does not trip over it;
 * doc/sandbox.md tells why each has what it has. */
#include "config/sandbox.h"

#include "config/arena.h"
#include "config/build.h"
#include "config/keys.h"
#include "config/signed_list.h"
#include "config/words.h"

#include <errno.h>
#include <string.h>

/* What services of a network are made of, without what none of these was seen to use. */
#define DAEMON                                                                                     \
	"@system-service -@aio -@keyring -@memlock -@resources -personality -execveat "            \
	"-process_madvise -process_mrelease -remap_file_pages -name_to_handle_at"

/* FRR's daemons become the user frr and keep what they list themselves, so the first line is for
 * their first moments, and for the vtysh that gives them their configuration. */
#define FRR_START "chown dac_override fowner setgid setuid "
#define FRR_NET	  "net_admin net_bind_service net_raw sys_admin"

/* The sessions inherit it: what is left is what an operator does on a router. */
#define SSHD_LESS                                                                                  \
	"-sys_admin -sys_module -sys_rawio -sys_ptrace -sys_pacct -sys_boot -sys_time -syslog "    \
	"-linux_immutable -mknod -mac_override -mac_admin -audit_control -audit_read "             \
	"-wake_alarm -block_suspend -perfmon -bpf -checkpoint_restore"

enum { KEYS_MAX = 4, PROGRAMS_MAX = 20 };

struct preset_key {
	const char *key, *value;
};

static const struct preset {
	const char *programs[PROGRAMS_MAX]; /* that it is for, without their directories */
	const char *calls;		    /* what its name means in `seccomp =` */
	struct preset_key keys[KEYS_MAX];
} presets[] = {
	{{NULL}, "", {{NULL, NULL}}},
	{{"zebra"}, DAEMON " setns",
		{{"capabilities", FRR_START FRR_NET}, {"seccomp", "zebra"},
			{"no_new_privs", "yes"}}},
	{{"babeld", "bfdd", "bgpd", "eigrpd", "fabricd", "isisd", "ldpd", "nhrpd", "ospf6d",
		 "ospfd", "pbrd", "pim6d", "pimd", "ripd", "ripngd", "vrrpd"},
		DAEMON,
		{{"capabilities", FRR_START FRR_NET}, {"seccomp", "frr-daemon"},
			{"no_new_privs", "yes"}}},
	{{"mgmtd"}, DAEMON,
		{{"capabilities", FRR_START FRR_NET}, {"seccomp", "mgmtd"},
			{"no_new_privs", "yes"}}},
	{{"staticd", "pathd", "sharpd"}, DAEMON,
		{{"capabilities", FRR_START}, {"seccomp", "staticd"}, {"no_new_privs", "yes"}}},
	{{"sshd"},
		"@system-service @pkey chroot vhangup "
		"-io_uring_setup -io_uring_enter -io_uring_register",
		{{"capabilities", SSHD_LESS}, {"seccomp", "sshd"}}},
	{{"snmpd"}, DAEMON,
		{{"capabilities", "chown dac_override fowner net_bind_service setgid setuid"},
			{"seccomp", "snmpd"}, {"no_new_privs", "yes"}}},
	{{"vtysh"}, DAEMON,
		{{"capabilities", "chown dac_override fowner kill net_raw setgid setuid"},
			{"seccomp", "vtysh"}, {"no_new_privs", "yes"}}},
};

const char *const sandbox_names[] = {
	"none", "zebra", "frr-daemon", "mgmtd", "staticd", "sshd", "snmpd", "vtysh", NULL};
_Static_assert(sizeof(presets) / sizeof(presets[0]) + 1 ==
		       sizeof(sandbox_names) / sizeof(sandbox_names[0]),
	"a name for each preset");

unsigned sandbox_for(const struct service *service)
{
	const char *path = service->command.count ? service->command.word[0] : "";
	const char *slash = strrchr(path, '/'), *program = slash ? slash + 1 : path;

	for (unsigned i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
		for (unsigned k = 0; k < PROGRAMS_MAX && presets[i].programs[k]; k++)
			if (strcmp(presets[i].programs[k], program) == 0)
				return i;
	return SANDBOX_NONE;
}

const char *sandbox_calls(unsigned preset)
{
	return presets[preset].calls;
}

const char *sandbox_value(unsigned preset, const char *key)
{
	for (unsigned i = 0; i < KEYS_MAX && presets[preset].keys[i].key; i++)
		if (strcmp(presets[preset].keys[i].key, key) == 0)
			return presets[preset].keys[i].value;
	return NULL;
}
