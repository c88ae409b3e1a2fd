/* What the steps of the preparation can look at, and no configuration has asked for. */
#include "init/look.h"

#include "config/model.h"
#include "init/preparation.h"
#include "supervisor/capability_needs.h"
#include "supervisor/finding.h"

#include <linux/capability.h>
#include <string.h>

/* With any need: also `off`, which means that nobody wants to know. */
static bool is_asked_for(const struct model *model, const char *module)
{
	for (unsigned i = 0; i < model->module_count; i++)
		if (strcmp(model->modules[i].name, module) == 0)
			return true;
	return false;
}

static bool is_found(const struct findings *findings, enum step step, const char *subject)
{
	for (unsigned i = 0; i < findings_count(findings); i++) {
		const struct finding *finding = findings_get(findings, i);

		if (finding->step == step && strcmp(finding->subject, subject) == 0)
			return true;
	}
	return false;
}

/* What FRR's daemons cannot be without; a configuration with them has asked for it already. */
static void look_for_capabilities(struct preparation *preparation)
{
	static const struct {
		unsigned number;
		const char *reason, *cure;
	} wanted[] = {
		{CAP_NET_BIND_SERVICE, "BGP's port is one of the lower ones",
			"start the container with --cap-add NET_BIND_SERVICE"},
		{CAP_NET_ADMIN, "without it no route and no interface can be changed",
			"start the container with --cap-add NET_ADMIN"},
		{CAP_NET_RAW, "OSPF and others send packets of their own kind",
			"start the container with --cap-add NET_RAW"},
		{CAP_SYS_ADMIN, "FRR's daemons end at once without it, and the host name stays",
			"start the container with --cap-add SYS_ADMIN"},
	};

	for (unsigned i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		bool has = prepare_has_capability(wanted[i].number);
		struct finding finding = {.step = STEP_CAPABILITY,
			.state = has ? FINDING_OK : FINDING_DEGRADED,
			.subject = capability_name(wanted[i].number),
			.verdict = has ? "there" : "missing",
			.reason = has ? NULL : wanted[i].reason,
			.cure = has ? NULL : wanted[i].cure};

		if (!is_found(preparation->findings, STEP_CAPABILITY, finding.subject))
			prepare_found(preparation, &finding);
	}
}

static void look_for_modules(struct preparation *preparation)
{
	/* Not dummy: a kernel that loads it makes a dummy0 on the host, and doctor only looks. */
	static const char *const modules[] = {"vrf", "mpls", "seg6", "vxlan"};

	for (unsigned i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (!is_asked_for(preparation->model, modules[i]))
			prepare_module(preparation, modules[i], NEED_OPTIONAL);
}

void look_for_more(struct preparation *preparation)
{
	look_for_capabilities(preparation);
	look_for_modules(preparation);
}
