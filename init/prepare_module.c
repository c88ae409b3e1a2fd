/* What the kernel can do, a container can neither change nor look up: of modules that are not
 * loaded it sees nothing. So first it is looked for without touching anything; then the kernel is
 * asked for it, see netlink.h, and loads the module if the host has it, with NET_ADMIN alone. */
#include "init/preparation.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/module_load.h"
#include "init/netlink.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/lwtunnel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PARTS_MAX = 2 };

/* What is more than a kind of link that has its module's name. */
struct feature {
	const char *name;
	const char *modules[PARTS_MAX];	    /* all of them are needed; none: it is never one */
	const char *sysctls;		    /* below /proc/sys, there with the feature; or NULL */
	unsigned encapsulations[PARTS_MAX]; /* LWTUNNEL_ENCAP_…; none: it is a kind of link */
	const char *option;		    /* of the kernel, where no module cures it */
};

static const struct feature features[] = {
	{.name = "vrf", .modules = {"vrf"}, .sysctls = "net/vrf"},
	{.name = "mpls",
		.modules = {"mpls_router", "mpls_iptunnel"},
		.encapsulations = {LWTUNNEL_ENCAP_MPLS}},
	{.name = "seg6",
		.encapsulations = {LWTUNNEL_ENCAP_SEG6, LWTUNNEL_ENCAP_SEG6_LOCAL},
		.option = "CONFIG_IPV6_SEG6_LWTUNNEL"},
};

static struct feature find_feature(const char *name)
{
	for (unsigned i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		if (strcmp(features[i].name, name) == 0)
			return features[i];
	}
	return (struct feature){.name = name, .modules = {name}};
}

enum presence { PRESENCE_NONE, PRESENCE_BUILT_IN, PRESENCE_LOADED };

/* Does the line of /proc/modules begin with that name? '-' is a '_' there. */
static bool names_module(const char *line, const char *module)
{
	for (; *module; module++, line++) {
		if (*line != (*module == '-' ? '_' : *module))
			return false;
	}
	return *line == ' ';
}

static bool is_loaded(const char *module)
{
	FILE *file = fopen("/proc/modules", "re"); /* none: a kernel that has no modules */
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	while (file && !found && getline(&line, &size, file) > 0)
		found = names_module(line, module);
	free(line);
	if (file)
		(void)fclose(file); /* was only read */
	return found;
}

/* What is built in has a directory as well, if it has parameters. */
static bool has_directory(const char *module)
{
	char path[64];
	int length = snprintf(path, sizeof(path), "/sys/module/%s", module);

	if (length < 0 || (size_t)length >= sizeof(path) || strchr(module, '/') || module[0] == '.')
		return false;
	for (char *at = path; *at; at++) {
		if (*at == '-')
			*at = '_';
	}
	return access(path, F_OK) == 0;
}

/* Touches nothing. */
static enum presence look_for(const struct preparation *preparation, const struct feature *feature)
{
	enum presence least = feature->modules[0] ? PRESENCE_LOADED : PRESENCE_NONE;

	for (unsigned i = 0; i < PARTS_MAX && feature->modules[i]; i++) {
		enum presence presence = is_loaded(feature->modules[i])	      ? PRESENCE_LOADED
					 : has_directory(feature->modules[i]) ? PRESENCE_BUILT_IN
									      : PRESENCE_NONE;

		least = presence < least ? presence : least;
	}
	if (least == PRESENCE_NONE && feature->sysctls && preparation->proc_sys >= 0 &&
		faccessat(preparation->proc_sys, feature->sysctls, F_OK, 0) == 0)
		return PRESENCE_BUILT_IN;
	return least;
}

/* As netlink_ask_link(). */
static int ask_for(const struct preparation *preparation, const struct feature *feature)
{
	int r = 0;

	if (!preparation->netlink)
		return preparation->netlink_error;
	if (!feature->encapsulations[0])
		return netlink_ask_link(preparation->netlink, feature->name);
	for (unsigned i = 0; i < PARTS_MAX && feature->encapsulations[i] && r == 0; i++)
		r = netlink_ask_encapsulation(preparation->netlink, feature->encapsulations[i]);
	return r;
}

/* By name, which only the kernel's own init may; what has none is not loaded. 0 or -errno. */
static int load(const struct preparation *preparation, const struct feature *feature)
{
	int r = preparation->machine && preparation->spawner && feature->modules[0] ? 0 : -EPERM;

	for (unsigned i = 0; i < PARTS_MAX && feature->modules[i] && r == 0; i++)
		r = module_load(preparation->spawner, feature->modules[i]);
	return r;
}

const char *prepare_module_cure(struct arena *arena, const char *name)
{
	const struct feature feature = find_feature(name);

	if (feature.option)
		return arena_printf(
			arena, "run it on a host with a kernel that has %s", feature.option);
	if (feature.modules[1])
		return arena_printf(arena,
			"on the host, `modprobe -a %s %s`, and to keep it `printf '%s\\n%s\\n' "
			"> /etc/modules-load.d/%s.conf`",
			feature.modules[0], feature.modules[1], feature.modules[0],
			feature.modules[1], name);
	return arena_printf(arena,
		"on the host, `modprobe %s`, and to keep it `echo %s > "
		"/etc/modules-load.d/%s.conf`",
		name, name, name);
}

/* Why it is not there, and what to do; r is ask_for()'s. */
static void explain(
	const struct preparation *preparation, struct arena *arena, int r, struct finding *finding)
{
	const char *cure = preparation->machine
				   ? "the module for this kernel belongs below /lib/modules, and "
				     "modprobe(8) into /sbin"
				   : prepare_module_cure(arena, finding->subject);

	finding->cure = cure;
	if (!preparation->netlink) {
		finding->verdict = "unknown";
		finding->reason =
			arena_printf(arena, "the kernel cannot be asked for it: %s", strerror(-r));
	} else if (r == -EOPNOTSUPP) {
		finding->verdict = "absent";
		finding->reason =
			arena_printf(arena, "the kernel has it not, and could not load it (%s)",
				netlink_words(preparation->netlink));
	} else if (r == -EPERM) {
		finding->verdict = "denied";
		finding->reason = "it is not to be seen, and without NET_ADMIN the kernel does not "
				  "load it";
		finding->cure = arena_printf(
			arena, "start the container with --cap-add NET_ADMIN, or %s", cure);
	} else {
		finding->verdict = "unknown";
		finding->reason = arena_printf(arena, "the kernel cannot be asked for it: %s",
			netlink_words(preparation->netlink));
	}
}

void prepare_module(struct preparation *preparation, const char *name, enum need need)
{
	/* What the kernel says it has and is not to be seen is built in. */
	static const char *const verdicts[] = {[PRESENCE_NONE] = "built in",
		[PRESENCE_BUILT_IN] = "built in",
		[PRESENCE_LOADED] = "loaded"};
	const struct feature feature = find_feature(name);
	enum presence presence = look_for(preparation, &feature);
	struct finding finding = {.step = STEP_MODULE,
		.subject = name,
		.required = need == NEED_REQUIRED,
		.verdict = verdicts[presence]};
	struct arena arena = {0};

	if (presence == PRESENCE_NONE) {
		int r = load(preparation, &feature);

		r = r < 0 ? ask_for(preparation, &feature) : r;

		if (r < 0) {
			finding.state = finding.required ? FINDING_MISSING : FINDING_DEGRADED;
			explain(preparation, &arena, r, &finding);
		} else if (look_for(preparation, &feature) == PRESENCE_LOADED) {
			finding.verdict = "loaded now";
		}
	}
	prepare_found(preparation, &finding);
	arena_free(&arena);
}

void prepare_modules(struct preparation *preparation)
{
	const struct model *model = preparation->model;

	for (unsigned i = 0; i < model->module_count; i++) {
		if (model->modules[i].need != NEED_OFF)
			prepare_module(preparation, model->modules[i].name, model->modules[i].need);
	}
}
