#include "init/keeper.h"

#include "config/model.h"
#include "init/loop.h"
#include "init/message.h"
#include "init/persist_keep.h"
#include "init/persist_store.h"
#include "init/preparation.h"
#include "supervisor/finding.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum {
	SETTLE_MS = 200,
	SETTLE_MOST_MS = 5000, /* of one that is never left alone for so long */
	RETRY_MS = 10000,      /* a full disk, a store that is not mounted yet */
};

static struct keeper_signature sign(const char *path)
{
	struct keeper_signature signature;
	struct stat info;

	memset(&signature, 0, sizeof(signature)); /* what lies between the members, too */
	if (stat(path, &info) < 0)
		return signature;
	signature.device = info.st_dev;
	signature.inode = info.st_ino;
	signature.size = info.st_size;
	signature.modified = info.st_mtim;
	signature.changed = info.st_ctim;
	return signature;
}

static bool has_changed(const struct keeper *keeper)
{
	const struct keeper_signature now = sign(keeper->spec->path);

	return memcmp(&now, &keeper->seen, sizeof(now)) != 0;
}

static void schedule(struct keeper *keeper, enum keeper_phase phase, int64_t ms)
{
	keeper->phase = phase;
	keeper->due = timestamp_add_ms(loop_clock(), ms);
}

static void settle(struct keeper *keeper)
{
	struct timestamp now = loop_clock();

	if (timestamp_is_never(keeper->settle_by))
		keeper->settle_by = timestamp_add_ms(now, SETTLE_MOST_MS);
	keeper->phase = KEEPER_SETTLING;
	keeper->due = timestamp_earliest(timestamp_add_ms(now, SETTLE_MS), keeper->settle_by);
}

/* Without waiting for its answer. Its end will be nobody's. */
static void abandon_check(struct keeper *keeper)
{
	if (keeper->check.pid)
		persist_check_abandon(&keeper->check);
}

/* Forgets the content; what to do next has been said, or there is nothing. */
static void end_look(struct keeper *keeper)
{
	arena_free(&keeper->arena);
	keeper->bytes = (struct persist_bytes){NULL, 0};
	if (keeper->touched)
		settle(keeper);
	else if (keeper->phase == KEEPER_CHECKING)
		keeper->phase = KEEPER_IDLE;
	keeper->touched = false;
}

static void find(
	struct keeper *keeper, enum finding_state state, const char *verdict, const char *reason)
{
	const struct finding finding = {
		.step = STEP_PERSIST,
		.state = state,
		.subject = keeper->spec->name,
		.verdict = verdict,
		.reason = reason,
		.cure = state == FINDING_OK
				? NULL
				: arena_printf(&keeper->arena,
					  "`firsthop persist diff %s` shows what is not kept",
					  keeper->spec->name),
	};

	prepare_found(keeper->preparation, &finding);
}

static void fail(struct keeper *keeper, const struct persist_failure *failure)
{
	keeper->answer = KEEPER_NOT_KEPT;
	find(keeper, FINDING_DEGRADED, "not kept",
		arena_printf(&keeper->arena,
			"a change is not kept: cannot %s %s: %s; what was kept stays, and it is "
			"tried again every %d s",
			failure->what, failure->path, strerror(failure->error), RETRY_MS / 1000));
	schedule(keeper, KEEPER_SETTLING, RETRY_MS);
}

static void refuse(struct keeper *keeper, enum persist_verdict verdict, const char *why)
{
	keeper->answer = KEEPER_NOT_KEPT;
	find(keeper, FINDING_DEGRADED, "not kept",
		arena_printf(&keeper->arena, "%s %s%s%s%s, so what was kept stays",
			keeper->spec->path, persist_verdict_text(verdict), why ? " (" : "",
			why ? why : "", why ? ")" : ""));
}

static void keep(struct keeper *keeper, enum persist_verdict verdict, const char *why)
{
	struct persist_failure failure;
	int r = persist_keep(&keeper->arena, keeper->spec, &keeper->bytes, false, &failure);

	if (r == -EWOULDBLOCK) {
		schedule(keeper, KEEPER_SETTLING, SETTLE_MS);
		return;
	}
	if (r < 0) {
		fail(keeper, &failure);
		return;
	}
	keeper->answer = KEEPER_KEPT;
	if (r > 0)
		message(keeper->preparation->messages, MESSAGE_NOTE,
			"persist %s: %s kept in %s (%zu bytes)", keeper->spec->name,
			keeper->spec->path, keeper->spec->store, keeper->bytes.length);
	if (verdict != PERSIST_UNCHECKED)
		find(keeper, FINDING_OK, "kept", NULL);
	else
		find(keeper, FINDING_DEGRADED, "not checked",
			arena_printf(&keeper->arena, "kept, but it could not be checked: %s",
				why ? why : "?"));
}

/* Does what is to be done with a content of which it is known how good it is. */
static void conclude(struct keeper *keeper, enum persist_verdict verdict, const char *why)
{
	keeper->phase = KEEPER_CHECKING; /* unless it is to be tried again */
	switch (persist_judge(verdict, false)) {
	case PERSIST_CHANGE_KEEP:
		keep(keeper, verdict, why);
		break;
	case PERSIST_CHANGE_REFUSE:
		refuse(keeper, verdict, why);
		break;
	case PERSIST_CHANGE_EXAMINE:
	case PERSIST_CHANGE_NONE:
		break;
	}
	end_look(keeper);
}

/* Reads the file. False: nothing is to be done about it, or not now. */
static bool begin_look(struct keeper *keeper)
{
	const struct persist *spec = keeper->spec;
	struct persist_failure failure = {"read", spec->path, 0};
	struct persist_store store;
	int r;

	keeper->phase = KEEPER_CHECKING;
	keeper->answer = KEEPER_OPEN;
	keeper->settle_by = TIMESTAMP_NEVER;
	keeper->seen = sign(spec->path);
	r = persist_file_read(&keeper->arena, spec->path, &keeper->bytes);
	if (r == 0) {
		r = persist_store_open(&keeper->arena, spec, &store);
		failure.path = spec->store;
	}
	if (r == 0 && !persist_store_holds(&keeper->arena, &store, &keeper->bytes))
		return true;
	failure.error = -r;
	if (r == 0 || r == -ENOENT)
		keeper->answer = KEEPER_KEPT;
	if (r == 0)
		find(keeper, FINDING_OK, "kept", NULL);
	else if (r != -ENOENT) /* an editor's or vtysh's moment between two files */
		fail(keeper, &failure);
	end_look(keeper);
	return false;
}

static void look(struct keeper *keeper)
{
	enum persist_verdict verdict;
	const char *why = NULL;

	if (!begin_look(keeper))
		return;
	verdict = persist_look(keeper->spec, keeper->bytes.data, keeper->bytes.length);
	if (verdict == PERSIST_NOT_EXAMINED) {
		if (persist_check_begin(keeper->spawner, &keeper->arena, keeper->spec,
			    &keeper->bytes, &keeper->check, &why) == 0) {
			schedule(keeper, KEEPER_CHECKING, PERSIST_CHECK_TIMEOUT_MS);
			return;
		}
		verdict = PERSIST_UNCHECKED;
	}
	conclude(keeper, verdict, why);
}

void keeper_init(struct keeper *keeper, const struct persist *spec, struct preparation *preparation,
	const struct spawner *spawner)
{
	*keeper = (struct keeper){
		.spec = spec,
		.preparation = preparation,
		.spawner = spawner,
		.settle_by = TIMESTAMP_NEVER,
		.seen = sign(spec->path),
	};
}

void keeper_inherit(struct keeper *keeper, struct keeper *older)
{
	keeper->seen = older->seen;
	/* What was refused is so still, or is not any more by another check: the reload has begun
	 * the findings anew, and would call it kept. */
	if (older->phase == KEEPER_IDLE && older->answer == KEEPER_KEPT && !has_changed(keeper))
		return;
	keeper->answer = KEEPER_OPEN;
	keeper_touch(keeper);
}

void keeper_touch(struct keeper *keeper)
{
	if (keeper->phase == KEEPER_CHECKING)
		keeper->touched = true;
	else
		settle(keeper);
}

void keeper_hurry(struct keeper *keeper)
{
	abandon_check(keeper); /* of what the file held before */
	arena_free(&keeper->arena);
	keeper->answer = KEEPER_OPEN;
	keeper->touched = false;
	schedule(keeper, KEEPER_SETTLING, 0);
	keeper->settle_by = keeper->due;
}

bool keeper_exited(struct keeper *keeper, pid_t pid, int status)
{
	enum persist_verdict verdict;
	const char *why = NULL;

	if (!pid || keeper->check.pid != pid)
		return false;
	verdict = persist_check_end(&keeper->check, status, &keeper->arena, &why);
	/* At a stop all are; the last look comes after that. Is it the rule, there is no check. */
	bool again = verdict == PERSIST_UNCHECKED && !keeper->killed;

	keeper->killed = again;
	if (again) {
		keeper->answer = KEEPER_NOT_KEPT;
		schedule(keeper, KEEPER_SETTLING, RETRY_MS);
		end_look(keeper);
	} else {
		conclude(keeper, verdict, why);
	}
	return true;
}

struct timestamp keeper_advance(struct keeper *keeper, struct timestamp now)
{
	if (keeper->phase != KEEPER_IDLE && !timestamp_before(now, keeper->due)) {
		if (keeper->phase == KEEPER_SETTLING) {
			look(keeper);
		} else {
			abandon_check(keeper);
			conclude(keeper, PERSIST_UNCHECKED, "the check has not ended in time");
		}
	}
	return keeper->phase == KEEPER_IDLE ? TIMESTAMP_NEVER : keeper->due;
}

void keeper_finish(struct keeper *keeper, struct timestamp by)
{
	enum persist_verdict verdict;
	const char *why = NULL;

	abandon_check(keeper);
	if (keeper->phase == KEEPER_IDLE && !has_changed(keeper))
		return;
	arena_free(&keeper->arena);
	if (!begin_look(keeper))
		return;
	verdict = persist_check_wait(
		keeper->spawner, &keeper->arena, keeper->spec, &keeper->bytes, by, &why);
	conclude(keeper, verdict, why);
}

void keeper_close(struct keeper *keeper)
{
	abandon_check(keeper);
	arena_free(&keeper->arena);
}
