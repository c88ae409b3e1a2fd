/* Which sysctls an engine is told of. Whose a key is decides: see enum sysctl_scope. */
#include "supervisor/run_args_build.h"

#include "config/arena.h"
#include "config/sysctl_key.h"

#include <stdarg.h>
#include <string.h>

/* What a kubelet takes without --allowed-unsafe-sysctls, as of Kubernetes 1.32. */
static const char *const safe_keys[] = {
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ping_group_range",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl",
	"net.ipv4.tcp_keepalive_probes",
	"net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_rmem",
	"net.ipv4.tcp_syncookies",
	"net.ipv4.tcp_wmem",
};

static bool is_safe(const char *key)
{
	for (size_t i = 0; i < sizeof(safe_keys) / sizeof(safe_keys[0]); i++)
		if (strcmp(key, safe_keys[i]) == 0)
			return true;
	return false;
}

/* Engines know dots alone; no key that they take has one within a name. NULL: no memory. */
static const char *dotted(struct arena *arena, const char *path)
{
	char *key = arena_strdup(arena, path);

	for (char *at = key; at && *at; at++)
		if (*at == '/')
			*at = '.';
	return key;
}

/* The same key again takes the place of the earlier one, as the later line of a file does when
 * firsthop sets them. */
static void give(struct run_build *build, const char *key, const char *value)
{
	struct run_args *args = build->args;
	struct run_sysctl *place = NULL, *grown;

	for (unsigned i = 0; i < args->sysctl_count; i++)
		if (strcmp(build->sysctls[i].key, key) == 0)
			place = &build->sysctls[i];
	if (!place) {
		grown = arena_grow(build->arena, build->sysctls, args->sysctl_count,
			&build->sysctl_capacity, sizeof(*grown));
		if (!grown)
			return;
		args->sysctls = build->sysctls = grown;
		place = &grown[args->sysctl_count++];
	}
	*place = (struct run_sysctl){.key = key, .value = value, .is_safe = is_safe(key)};
}

static bool exists(const struct run_build *build, const char *path)
{
	return !build->request->sysctl_exists ||
	       build->request->sysctl_exists(build->request->context, path);
}

/* Of the network or IPC namespace: given, unless the container would not start with it. */
static void give_if_there(struct run_build *build, const char *path, const char *value)
{
	const char *key = dotted(build->arena, path);

	if (!key)
		return;
	if (exists(build, path))
		give(build, key, value);
	else
		run_note(build,
			"%s: left out: this kernel has no such key, and an engine that is told to "
			"set it does not start the container",
			key);
}

__attribute__((format(printf, 3, 4))) static void leave_to_firsthop(
	struct run_build *build, const char *key, const char *format, ...)
{
	va_list args;
	const char *why;

	if (run_platform_is_privileged(build->request->platform))
		return;
	va_start(args, format);
	why = arena_vprintf(build->arena, format, args);
	va_end(args);
	build->left_to_firsthop = true;
	if (why)
		run_note(build, "%s: left to firsthop: %s", key, why);
}

/* net.ipv4.conf.*.KEY holds for what is there when the engine sets it, and "default" hands it on to
 * what comes later. true: it was of that kind. */
static bool give_for_all(struct run_build *build, const struct sysctl *sysctl, const char *path)
{
	static const char *const families[] = {"net/ipv4/conf/", "net/ipv6/conf/"};
	static const char *const names[] = {"all", "default", "lo"};

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		size_t length = strlen(families[i]);
		const char *rest = path + length + 1; /* behind the asterisk */

		if (strncmp(path, families[i], length) != 0 || path[length] != '*' ||
			*rest != '/' || sysctl_key_is_pattern(rest))
			continue;
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			const char *one =
				arena_printf(build->arena, "%s%s%s", families[i], names[k], rest);
			if (one)
				give_if_there(build, one, sysctl->value);
		}
		return true;
	}
	return false;
}

static void add_sysctl(struct run_build *build, const struct sysctl *sysctl)
{
	char path[SYSCTL_PATH_MAX];
	const char *module = NULL;

	if (sysctl_key_path(sysctl->key, NULL, path) < 0)
		return; /* no configuration holds such a key */
	if (sysctl->is_pattern) {
		if (!give_for_all(build, sysctl, path))
			leave_to_firsthop(build, sysctl->key, "engines know no patterns");
		return;
	}
	/* Docker 26.0 has not got it then, CML neither, and no engine without a network. */
	if (strstr(path, "/eth0/")) {
		leave_to_firsthop(build, sysctl->key,
			"some engines bring eth0 only after they have set their sysctls");
		return;
	}
	switch (sysctl_scope(path, &module)) {
	case SYSCTL_NETWORK:
	case SYSCTL_IPC:
		give_if_there(build, path, sysctl->value);
		break;
	case SYSCTL_INTERFACE:
		leave_to_firsthop(build, sysctl->key,
			"the interface comes after the engine has set its sysctls");
		break;
	case SYSCTL_MODULE:
		leave_to_firsthop(build, sysctl->key,
			"while the host has not loaded the module %s, an engine that is told to "
			"set it does not start the container; where %s is in "
			"/etc/modules-load.d/*.conf of the host, add %s=%s by hand",
			module, module, sysctl->key, sysctl->value);
		break;
	case SYSCTL_UTS:
		run_note(build, "%s: left out: engines take it as --%s %s", sysctl->key,
			strrchr(path, '/') + 1, sysctl->value);
		break;
	case SYSCTL_HOST:
		run_note(build,
			"%s: left out: it is the whole machine's; set it there, by a line "
			"\"%s = %s\" in /etc/sysctl.d/firsthop.conf",
			sysctl->key, sysctl->key, sysctl->value);
		break;
	case SYSCTL_SCOPE_COUNT:
		break;
	}
}

static void note_the_rest(struct run_build *build)
{
	bool remount = build->model->node.proc_sys == PROC_SYS_REMOUNT;

	if (remount)
		run_note(build, "proc_sys = remount: where the host has AppArmor, also give the "
				"container the security option apparmor=unconfined");
	else if (build->left_to_firsthop)
		run_note(build,
			"what is left to firsthop needs a /proc/sys that it may write: [node] "
			"proc_sys = remount, or a privileged container");
}

void run_add_sysctls(struct run_build *build)
{
	const struct model *model = build->model;

	for (unsigned i = 0; i < model->sysctl_count; i++)
		add_sysctl(build, &model->sysctls[i]);
	for (unsigned i = 0; i < model->interface_rule_count; i++) {
		const struct interface_rule *rule = &model->interface_rules[i];
		const char *title = arena_printf(build->arena, "[interface %s]", rule->pattern);

		if (rule->sysctl_count > 0 && title)
			leave_to_firsthop(build, title,
				"interfaces come after the engine has set its sysctls");
	}
	if (!run_platform_is_privileged(build->request->platform))
		note_the_rest(build);
}
