#include "init/persist_check.h"

#include "config/arena.h"
#include "config/text.h"
#include "init/child_wait.h"
#include "init/environment.h"
#include "init/loop.h"
#include "init/memory_file.h"
#include "init/persist_file.h"
#include "init/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FILE_FD = 3, /* as which the program gets the content */
	OUTPUT_MAX_BYTES = 64 * 1024,
	KILL_MS = 1000,
	NO_STATUS = 127 << 8, /* should it ever be told nothing: then it is not valid */
};

static const char file_name[] = "/proc/self/fd/3";

static int make_content(const struct persist_bytes *bytes)
{
	int fd = memory_file_make();
	size_t done = 0;

	while (fd >= 0 && done < bytes->length) {
		ssize_t part = write(fd, bytes->data + done, bytes->length - done);

		if (part < 0) {
			int error = errno;

			(void)close(fd); /* it is of no use */
			return -error;
		}
		done += (size_t)part;
	}
	return fd;
}

static pid_t start(const struct spawner *spawner, struct arena *arena, const struct persist *spec,
	int content, int output, const char **ret_why)
{
	const struct service plain = {.name = spec->name};
	struct spawn_request request =
		spawn_request_for(&plain, persist_command(arena, &spec->check, file_name));
	struct spawn_result result;

	if (!request.argv)
		return -ENOMEM;
	request.envp = environ;
	request.path = environment_get(environ, "PATH");
	request.stdin_fd = SPAWN_NULL_FD;
	request.stdout_fd = request.stderr_fd = output;
	request.notify_fd = content;
	request.notify_number = FILE_FD;
	pid_t pid = spawn(spawner, &request, &result);

	if (pid > 0)
		return pid;
	*ret_why = arena_printf(arena, "%s: %s", spec->check.word[0], strerror(result.error));
	return -result.error;
}

int persist_check_begin(const struct spawner *spawner, struct arena *arena,
	const struct persist *spec, const struct persist_bytes *bytes,
	struct persist_check *ret_check, const char **ret_why)
{
	int content = make_content(bytes);
	int output = content < 0 ? content : memory_file_make_bounded(OUTPUT_MAX_BYTES);
	pid_t pid = output < 0 ? output : start(spawner, arena, spec, content, output, ret_why);

	if (output < 0)
		*ret_why = arena_printf(arena, "memory for it: %s", strerror(-output));
	if (content >= 0)
		(void)close(content); /* the program has its own */
	if (pid < 0 && output >= 0)
		(void)close(output); /* the same */
	if (pid < 0)
		return (int)pid;
	*ret_check = (struct persist_check){pid, output};
	return 0;
}

/* From outside: as at the end of all services, or for want of memory. */
static bool was_killed(int status)
{
	return WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGTERM);
}

enum persist_verdict persist_check_end(
	struct persist_check *check, int status, struct arena *arena, const char **ret_why)
{
	bool passed = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	const char *said = passed ? NULL : memory_file_first_line(arena, check->output);

	(void)close(check->output); /* was only read */
	check->output = -1;
	check->pid = 0;
	if (passed)
		return PERSIST_VALID;
	if (was_killed(status)) {
		*ret_why = arena_printf(arena, "the check was killed by signal %s",
			signal_short_name(WTERMSIG(status)));
		return PERSIST_UNCHECKED;
	}
	if (said)
		*ret_why = said;
	else if (WIFSIGNALED(status))
		*ret_why = arena_printf(
			arena, "the check ended by signal %s", signal_short_name(WTERMSIG(status)));
	else
		*ret_why = arena_printf(arena, "the check ended with code %d", WEXITSTATUS(status));
	return PERSIST_INVALID;
}

void persist_check_abandon(struct persist_check *check)
{
	child_end_group(check->pid);
	(void)close(check->output); /* was only read */
	*check = (struct persist_check){.output = -1};
}

static enum persist_verdict wait_and_end(
	struct persist_check *check, struct timestamp by, struct arena *arena, const char **ret_why)
{
	struct timestamp until = timestamp_add_ms(loop_clock(), PERSIST_CHECK_TIMEOUT_MS);
	bool is_short = timestamp_before(by, until);
	int status = NO_STATUS;

	if (child_wait(check->pid, is_short ? by : until, &status))
		return persist_check_end(check, status, arena, ret_why);
	child_end_group(check->pid);
	/* One that hangs in the kernel is left to the reaper. */
	(void)child_wait(check->pid, timestamp_add_ms(loop_clock(), KILL_MS), &status);
	(void)persist_check_end(check, status, arena, ret_why);
	*ret_why = is_short ? "the check has not ended in the time that was left for it"
			    : arena_printf(arena, "the check has not ended within %d s",
				      PERSIST_CHECK_TIMEOUT_MS / 1000);
	return PERSIST_UNCHECKED;
}

enum persist_verdict persist_check_wait(const struct spawner *spawner, struct arena *arena,
	const struct persist *spec, const struct persist_bytes *bytes, struct timestamp by,
	const char **ret_why)
{
	enum persist_verdict verdict = persist_look(spec, bytes->data, bytes->length);
	struct persist_check check;

	if (verdict != PERSIST_NOT_EXAMINED)
		return verdict;
	if (persist_check_begin(spawner, arena, spec, bytes, &check, ret_why) < 0)
		return PERSIST_UNCHECKED;
	return wait_and_end(&check, by, arena, ret_why);
}
