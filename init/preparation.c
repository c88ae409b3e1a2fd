#include "init/preparation.h"

#include "config/arena.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/netlink.h"
#include "supervisor/boot_record.h"
#include "supervisor/finding.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

void preparation_open(struct preparation *preparation)
{
	preparation->proc_sys = open("/proc/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
	preparation->procsys_way = PROCSYS_AS_IS;
	preparation->netlink = NULL;
	preparation->netlink_error = netlink_open(&preparation->netlink);
}

void preparation_close(struct preparation *preparation)
{
	if (preparation->proc_sys >= 0)
		(void)close(preparation->proc_sys); /* names a directory, no more */
	preparation->proc_sys = -1;
	netlink_close(preparation->netlink);
	preparation->netlink = NULL;
}

void prepare_found(struct preparation *preparation, const struct finding *finding)
{
	enum message_level level = finding->state == FINDING_OK ? MESSAGE_DEBUG : MESSAGE_WARNING;
	struct finding found = *finding;
	struct arena arena = {0};
	enum findings_change change;
	const char *line;

	found.required |= preparation->model->node.required >> finding->step & 1;
	if (preparation->fresh)
		(void)findings_put(preparation->fresh, &found); /* dropped: it is forgotten */
	change = findings_put(preparation->findings, &found);
	if (change == FINDINGS_SAME || !preparation->messages || !message_would_say(level))
		return;
	line = finding_line(&arena, &found);
	if (line)
		message_passing(preparation->messages, level, "%s", line);
	arena_free(&arena);
}

static bool is_among(const struct findings *findings, const struct finding *wanted)
{
	for (unsigned i = 0; i < findings_count(findings); i++) {
		const struct finding *finding = findings_get(findings, i);

		if (finding->step == wanted->step && strcmp(finding->subject, wanted->subject) == 0)
			return true;
	}
	return false;
}

/* What an older configuration had asked for is nobody's concern any more. */
static void forget_stale(struct preparation *preparation)
{
	for (unsigned i = findings_count(preparation->findings); i-- > 0;) {
		const struct finding *finding = findings_get(preparation->findings, i);

		if (finding->step < STEP_INTERFACE && !is_among(preparation->fresh, finding))
			findings_remove(preparation->findings, finding->step, finding->subject);
	}
}

void prepare_node(struct preparation *preparation)
{
	/* In this order: a module brings sysctls with it, and so does each vrf as an interface. */
	static const struct {
		enum step step;
		void (*take)(struct preparation *preparation);
	} steps[] = {
		{STEP_LOOPBACK, prepare_loopback},
		{STEP_MODULE, prepare_modules},
		{STEP_VRF, prepare_vrfs},
		{STEP_SYSCTL, prepare_sysctls},
		{STEP_PERSIST, prepare_persists},
		{STEP_PASSWORD, prepare_password},
		{STEP_HOSTNAME, prepare_hostname},
		{STEP_CAPABILITY, prepare_capabilities},
		{STEP_LIMIT, prepare_limits},
	};

	/* NULL, for want of memory: then nothing is forgotten. */
	preparation->fresh = findings_count(preparation->findings) ? findings_create() : NULL;
	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		boot_record_begin(preparation->boot, BOOT_STEP_FIRST + steps[i].step, loop_clock());
		steps[i].take(preparation);
		boot_record_end(preparation->boot, BOOT_STEP_FIRST + steps[i].step, loop_clock());
	}
	if (!preparation->fresh)
		return;
	forget_stale(preparation);
	findings_free(preparation->fresh);
	preparation->fresh = NULL;
}
