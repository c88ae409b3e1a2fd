/* The words for what became of a sysctl: what it is instead, why, and the exact flag or command
 * that cures it. */
#include "init/procsys.h"

#include "config/arena.h"
#include "config/model.h"
#include "config/text.h"
#include "init/preparation.h"
#include "init/procsys_absent.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is told, with what it is made of. */
struct telling {
	struct preparation *preparation;
	struct arena *arena;
	const struct sysctl *sysctl;
	const struct sysctl_result *result;
	struct finding *finding;
	const char *key;
};

/* KEY=VALUE as a shell takes it for one word. */
static const char *assignment(const struct telling *telling)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._-/,:+%@";
	const char *value = telling->sysctl->value;
	bool quoted = value[strspn(value, plain)] != '\0';
	struct text text = {.arena = telling->arena};

	text_put(&text, quoted ? "'" : "");
	text_put(&text, telling->key);
	text_put(&text, "=");
	for (; *value; value++) {
		if (*value == '\'')
			text_put(&text, "'\\''");
		else if (*value == '\n' || *value == '\t') /* the same to the kernel */
			text_put(&text, " ");
		else
			text_put_bytes(&text, value, 1);
	}
	text_put(&text, quoted ? "'" : "");
	return text_string(&text);
}

/* By AppArmor, whose profile for containers lets nobody mount or write below /proc/sys. */
static bool is_confined(void)
{
	static const char free_of_it[] = "unconfined";
	char profile[sizeof(free_of_it)] = "";
	int fd = open("/proc/self/attr/apparmor/current", O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0) /* before Linux 5.8 */
		fd = open("/proc/self/attr/current", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, profile, sizeof(profile) - 1);
	(void)close(fd); /* was only read */
	return length > 0 && strcmp(profile, free_of_it) != 0;
}

/* Whoever can set what we may not. */
static const char *cure_by_scope(const struct telling *telling)
{
	switch (sysctl_scope(telling->result->path, NULL)) {
	case SYSCTL_NETWORK:
	case SYSCTL_IPC:
	case SYSCTL_MODULE:
		return arena_printf(telling->arena, "start the container with --sysctl %s",
			assignment(telling));
	case SYSCTL_INTERFACE:
		return arena_printf(telling->arena,
			"engines cannot set it, because they do so before the interface is there; "
			"%sstart the container with --cap-add SYS_ADMIN%s",
			telling->preparation->model->node.proc_sys == PROC_SYS_REMOUNT
				? ""
				: "write proc_sys = remount in [node] and ",
			is_confined() ? " --security-opt apparmor=unconfined" : "");
	case SYSCTL_UTS:
		return arena_printf(telling->arena, "start the container with --%s %s",
			strrchr(telling->result->path, '/') + 1, telling->sysctl->value);
	case SYSCTL_HOST:
	case SYSCTL_SCOPE_COUNT:
		break;
	}
	return arena_printf(
		telling->arena, "set it on the host: sysctl -w %s", assignment(telling));
}

static const char *it_is(const struct telling *telling)
{
	if (!telling->result->has_value)
		return "it cannot be read";
	return arena_printf(telling->arena, "it is %s",
		text_quote_string(telling->arena, telling->result->value));
}

static bool can_be_written_by_nobody(const struct telling *telling)
{
	int fd = procsys_open(telling->preparation, telling->result->path, O_PATH);
	struct stat info;
	bool found = fd >= 0 && fstat(fd, &info) == 0;

	if (fd >= 0)
		(void)close(fd); /* was only looked at */
	return found && !(info.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH));
}

static void tell_writable(struct telling *telling)
{
	telling->finding->reason = arena_printf(telling->arena, "%s now, and can be set to %s",
		it_is(telling), text_quote_string(telling->arena, telling->sysctl->value));
}

static void tell_read_only(struct telling *telling)
{
	telling->finding->reason = "/proc/sys is read-only";
	telling->finding->cure = cure_by_scope(telling);
}

static void tell_absent(struct telling *telling)
{
	if (telling->result->error == ENAMETOOLONG) {
		telling->finding->reason = "its path is too long";
		return;
	}
	procsys_explain_absence(telling->preparation, telling->arena, telling->result->path,
		telling->key, assignment(telling), telling->finding);
	if (telling->finding->state == FINDING_OK) /* ?key: nothing needs to be done */
		telling->finding->cure = NULL;
}

static void tell_denied(struct telling *telling)
{
	if (can_be_written_by_nobody(telling)) {
		telling->finding->reason = arena_printf(
			telling->arena, "it can only be read in a container, %s", it_is(telling));
		telling->finding->cure = arena_printf(
			telling->arena, "set it on the host: sysctl -w %s", assignment(telling));
		return;
	}
	telling->finding->reason = arena_printf(telling->arena, "%s, %s",
		geteuid() == 0 ? "writing it is denied, maybe by a security profile (AppArmor)"
			       : "only root may write it",
		it_is(telling));
	telling->finding->cure = cure_by_scope(telling);
}

static void tell_refused(struct telling *telling)
{
	int error = telling->result->error;
	const char *why = "the kernel did not take the value";

	if (error == EINVAL)
		why = "the kernel refuses the value";
	else if (error)
		why = arena_printf(
			telling->arena, "the kernel refuses the value (%s)", strerror(error));
	telling->finding->reason = arena_printf(telling->arena, "%s: asked for %s, %s", why,
		text_quote_string(telling->arena, telling->sysctl->value), it_is(telling));
	if (telling->sysctl->origin.file)
		telling->finding->cure = arena_printf(telling->arena, "see %s:%u",
			telling->sysctl->origin.file, telling->sysctl->origin.line);
}

static enum finding_state state_of(const struct sysctl *sysctl, enum sysctl_verdict verdict)
{
	switch (verdict) {
	case SYSCTL_WRITTEN:
	case SYSCTL_ALREADY_SO:
	case SYSCTL_WRITABLE:
		return FINDING_OK;
	case SYSCTL_ABSENT:
		if (sysctl->may_be_absent)
			return FINDING_OK;
		break;
	case SYSCTL_READ_ONLY:
	case SYSCTL_DENIED:
	case SYSCTL_REFUSED:
	case SYSCTL_VERDICT_COUNT:
		break;
	}
	return FINDING_MISSING;
}

static void tell(struct telling *telling)
{
	switch (telling->result->verdict) {
	case SYSCTL_WRITABLE:
		tell_writable(telling);
		break;
	case SYSCTL_READ_ONLY:
		tell_read_only(telling);
		break;
	case SYSCTL_ABSENT:
		tell_absent(telling);
		break;
	case SYSCTL_DENIED:
		tell_denied(telling);
		break;
	case SYSCTL_REFUSED:
		tell_refused(telling);
		break;
	case SYSCTL_WRITTEN:
	case SYSCTL_ALREADY_SO: /* that says it all */
	case SYSCTL_VERDICT_COUNT:
		break;
	}
}

void sysctl_describe(struct preparation *preparation, struct arena *arena,
	const struct sysctl *sysctl, const struct sysctl_result *result,
	struct finding *ret_finding)
{
	char key[SYSCTL_PATH_MAX];
	struct telling telling = {.preparation = preparation,
		.arena = arena,
		.sysctl = sysctl,
		.result = result,
		.finding = ret_finding,
		.key = sysctl->key};

	if (*result->path) {
		sysctl_key_from_path(result->path, key);
		telling.key = arena_strdup(arena, key);
	}
	if (!telling.key) /* no memory */
		telling.key = sysctl->key;
	*ret_finding = (struct finding){
		.state = state_of(sysctl, result->verdict),
		.required = sysctl->required,
		.subject = telling.key,
		.verdict = sysctl_verdict_name(result->verdict),
	};
	tell(&telling);
}
