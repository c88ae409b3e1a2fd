#include "init/interface_asked.h"

#include "config/model.h"
#include "config/sysctl_key.h"
#include "init/netlink.h"

#include <fnmatch.h>
#include <string.h>

static bool names(const struct words *patterns, const char *name)
{
	for (unsigned i = 0; i < patterns->count; i++) {
		if (fnmatch(patterns->word[i], name, 0) == 0)
			return true;
	}
	return false;
}

const struct vrf *interface_vrf(const struct model *model, const struct link *link)
{
	/* Neither can be in a vrf; and "*" means all that can. */
	if (link->is_loopback || strcmp(link->kind, "vrf") == 0)
		return NULL;
	for (unsigned i = 0; i < model->vrf_count; i++) {
		if (names(&model->vrfs[i].interfaces, link->name))
			return &model->vrfs[i];
	}
	return NULL;
}

/* May an interface that arrives have it? */
static bool is_of_interfaces(const struct sysctl *sysctl)
{
	static const char *const always_there[] = {"all", "default"};
	char path[SYSCTL_PATH_MAX];
	const char *name = NULL;
	size_t length = 0;

	if (sysctl->is_pattern)
		return true;
	if (sysctl_key_path(sysctl->key, NULL, path) == 0)
		name = sysctl_interface(path, &length);
	for (unsigned i = 0; name && i < sizeof(always_there) / sizeof(always_there[0]); i++) {
		if (length == strlen(always_there[i]) && memcmp(name, always_there[i], length) == 0)
			return false;
	}
	return name;
}

bool interface_sysctls_are_asked(const struct model *model)
{
	for (unsigned i = 0; i < model->sysctl_count; i++) {
		if (is_of_interfaces(&model->sysctls[i]))
			return true;
	}
	return false;
}

bool interface_any_asked(const struct model *model)
{
	return model->interface_rule_count || model->vrf_count ||
	       interface_sysctls_are_asked(model);
}

bool interface_is_asked(const struct model *model, const struct link *link)
{
	for (unsigned i = 0; i < model->interface_rule_count; i++) {
		if (fnmatch(model->interface_rules[i].pattern, link->name, 0) == 0)
			return true;
	}
	return interface_vrf(model, link);
}
