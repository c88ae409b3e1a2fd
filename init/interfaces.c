/* The watch is level-triggered: after each round of news it is seen anew which interfaces there
 * are. So the finding about the wait tells the present, also long after the wait is over: MISSING
 * when an interface has left, OK again when it is back. While the wait lasts the finding is
 * DEGRADED and not required, since nothing has failed yet. */
#include "init/interfaces.h"

#include "config/arena.h"
#include "config/model.h"
#include "config/sysctl_key.h"
#include "init/interface_apply.h"
#include "init/interface_asked.h"
#include "init/interfaces_gate.h"
#include "init/links.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/preparation.h"
#include "supervisor/finding.h"
#include "supervisor/gate.h"
#include "supervisor/human.h"

#include <stdlib.h>
#include <string.h>

struct interfaces_watch {
	struct preparation *preparation;
	void (*opened)(void *context);
	void *context;
	struct loop *loop;
	struct link_operations operations;
	struct links *links;		  /* NULL: the kernel tells no news, or none is needed */
	struct timestamp began, deadline; /* of the wait */
	bool is_over;			  /* the wait */
	bool was_told_lack;		  /* so that its end is told as well */
	bool is_settled;		  /* those that were there from the start have been told */
	bool has_vrf_arrived;		  /* later than that, so perhaps behind its interfaces */
};

/* Without a word of that it is required: prepare_found() would add it. */
static void find_waiting(struct interfaces_watch *watch, const struct gate_answer *answer)
{
	struct preparation *preparation = watch->preparation;
	struct timestamp now = loop_clock();
	const struct finding finding = {.step = STEP_INTERFACES,
		.state = FINDING_DEGRADED,
		.subject = "",
		.verdict = "waiting",
		.reason = answer->text};

	if (findings_put(preparation->findings, &finding) == FINDINGS_SAME ||
		!preparation->messages)
		return;
	watch->was_told_lack = true;
	if (timestamp_is_never(watch->deadline)) {
		message(preparation->messages, MESSAGE_NOTE, "waiting for interfaces: %s",
			answer->text);
		return;
	}
	int64_t left_ms = timestamp_elapsed_ms(now, watch->deadline);

	if (left_ms > 1000) /* of which the fraction says nothing */
		left_ms = (left_ms + 999) / 1000 * 1000;
	message(preparation->messages, MESSAGE_NOTE,
		"waiting for interfaces: %s; going on without them in %s", answer->text,
		human_duration(left_ms).text);
}

static void find_in_the_end(struct interfaces_watch *watch, const struct gate_answer *answer)
{
	interfaces_find_gate(watch->preparation, answer);
	if (watch->was_told_lack && answer->is_open && watch->preparation->messages)
		message(watch->preparation->messages, MESSAGE_NOTE, "interfaces: %s", answer->text);
	watch->was_told_lack = !answer->is_open;
}

/* `is_late`: going on all the same. */
static void see_what_is_there(struct interfaces_watch *watch, bool is_late)
{
	unsigned count = watch->links ? links_count(watch->links) : 0;
	struct arena arena = {0};
	struct gate_answer answer;
	const struct link **links = arena_array(&arena, count, sizeof(*links));

	for (unsigned i = 0; links && i < count; i++)
		links[i] = links_get(watch->links, i);
	interfaces_ask_gate(watch->preparation, &arena, links, links ? count : 0, &answer);
	bool is_end = !watch->is_over && (answer.is_open || is_late);

	watch->is_over |= is_end;
	if (watch->is_over)
		find_in_the_end(watch, &answer);
	else
		find_waiting(watch, &answer);
	arena_free(&arena);
	if (is_end)
		watch->opened(watch->context);
}

static void on_arrived(void *context, const struct link *link)
{
	struct interfaces_watch *watch = context;

	watch->has_vrf_arrived |= watch->is_settled && strcmp(link->kind, "vrf") == 0;
	interface_apply(watch->preparation, link);
}

/* Is it one of the interface's own sysctls? */
static bool is_sysctl_of(const char *key, const char *name)
{
	char path[SYSCTL_PATH_MAX];
	const char *interface = NULL;
	size_t length = 0;

	if (sysctl_key_path(key, NULL, path) == 0)
		interface = sysctl_interface(path, &length);
	return interface && length == strlen(name) && memcmp(interface, name, length) == 0;
}

/* What was found about it is of no concern any more. */
static void forget(struct findings *findings, const char *name)
{
	findings_remove(findings, STEP_INTERFACE, name);
	for (unsigned i = findings_count(findings); i-- > 0;) {
		const struct finding *finding = findings_get(findings, i);

		if (finding->step == STEP_SYSCTL && is_sysctl_of(finding->subject, name))
			findings_remove(findings, STEP_SYSCTL, finding->subject);
	}
}

static void on_gone(void *context, const struct link *link)
{
	struct interfaces_watch *watch = context;

	forget(watch->preparation->findings, link->name);
}

static void on_settled(void *context)
{
	struct interfaces_watch *watch = context;
	const struct model *model = watch->preparation->model;

	for (unsigned i = 0; watch->has_vrf_arrived && i < links_count(watch->links); i++) {
		const struct link *link = links_get(watch->links, i);

		if (interface_vrf(model, link))
			interface_apply(watch->preparation, link);
	}
	watch->has_vrf_arrived = false;
	watch->is_settled = true;
	see_what_is_there(watch, false);
}

/* Without news the wait makes no sense; what is there already is done. */
static void do_without_news(struct interfaces_watch *watch, int error)
{
	struct finding finding = {.step = STEP_INTERFACES,
		.state = FINDING_MISSING,
		.subject = "",
		.verdict = "unknown"};
	struct arena arena = {0};

	finding.reason = arena_printf(&arena,
		"the kernel gives no news of interfaces: %s, so those that come later stay as they "
		"come",
		strerror(-error));
	interfaces_look(watch->preparation);
	prepare_found(watch->preparation, &finding);
	arena_free(&arena);
	watch->is_over = true;
	watch->opened(watch->context);
}

/* Most nodes ask for nothing of this; they are spared the list of all links, for which the kernel
 * takes a lock that is in demand while many containers start. */
static bool is_needed(const struct model *model)
{
	switch (model->node.interfaces.kind) {
	case INTERFACES_AUTO:
		if (getenv("CLAB_INTFS"))
			return true;
		break;
	case INTERFACES_COUNT:
	case INTERFACES_NAMES:
		return true;
	case INTERFACES_NONE:
	case INTERFACES_KIND_COUNT:
		break;
	}
	return interface_any_asked(model);
}

/* 0 or -errno. Has told of all links before it returns. */
static int begin(struct interfaces_watch *watch)
{
	const struct preparation *preparation = watch->preparation;

	if (!is_needed(preparation->model))
		return 0;
	if (!preparation->netlink)
		return preparation->netlink_error;
	return links_open(watch->loop, &watch->operations, &watch->links);
}

static void set_deadline(struct interfaces_watch *watch)
{
	watch->deadline = timestamp_add_ms(
		watch->began, watch->preparation->model->node.interfaces_timeout_ms);
}

struct interfaces_watch *interfaces_open(struct loop *loop, struct preparation *preparation,
	void (*opened)(void *context), void *context)
{
	struct interfaces_watch *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return NULL;
	watch->loop = loop;
	watch->preparation = preparation;
	watch->opened = opened;
	watch->context = context;
	watch->operations = (struct link_operations){
		.context = watch, .arrived = on_arrived, .gone = on_gone, .settled = on_settled};
	watch->began = loop_clock();
	set_deadline(watch);
	r = begin(watch);
	if (r < 0)
		do_without_news(watch, r);
	else if (!watch->links)
		see_what_is_there(watch, false);
	return watch;
}

void interfaces_close(struct interfaces_watch *watch)
{
	if (!watch)
		return;
	links_close(watch->links);
	free(watch);
}

bool interfaces_are_there(const struct interfaces_watch *watch)
{
	return watch->is_over;
}

struct timestamp interfaces_deadline(const struct interfaces_watch *watch)
{
	return watch->is_over ? TIMESTAMP_NEVER : watch->deadline;
}

void interfaces_expire(struct interfaces_watch *watch, struct timestamp now)
{
	if (!watch->is_over && !timestamp_before(now, watch->deadline))
		see_what_is_there(watch, true);
}

void interfaces_reload(struct interfaces_watch *watch)
{
	set_deadline(watch);
	if (watch->links)
		links_tell_again(watch->links);
	else if (begin(watch) < 0)
		interfaces_look(watch->preparation);
}
