#include "init/persist_check.h"

#include "config/arena.h"
#include "config/text.h"
#include "init/environment.h"
#include "init/loop.h"
#include "init/persist_file.h"
#include "init/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL /* Linux 6.3; where vm.memfd_noexec is 2, nothing else is let through */
#define MFD_NOEXEC_SEAL 0x0008U
#endif

enum {
	FILE_FD = 3, /* as which the program gets the content */
	OUTPUT_MAX_BYTES = 64 * 1024,
	SAID_MAX_BYTES = 200, /* of its first line, in a message */
	KILL_MS = 1000,
	MODE = 0600,
	NO_STATUS = 127 << 8, /* should it ever be told nothing: then it is not valid */
};

static const char file_name[] = "/proc/self/fd/3";

static int make_memory_file(void)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create("firsthop-persist", flags | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("firsthop-persist", flags);
	if (fd < 0)
		return -errno;
	/* ssh-keygen(1) takes no key that others could read. Fails on no Linux. */
	(void)fchmod(fd, MODE);
	return fd;
}

static int make_content(const struct persist_bytes *bytes)
{
	int fd = make_memory_file();
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

/* A program that never stops talking meets an error, not the end of our memory. */
static int make_output(void)
{
	int fd = make_memory_file();

	if (fd < 0)
		return fd;
	if (ftruncate(fd, OUTPUT_MAX_BYTES) == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_GROW) == 0)
		return fd;
	int error = errno;

	(void)close(fd); /* it is of no use */
	return -error;
}

static pid_t start(const struct spawner *spawner, struct arena *arena, const struct persist *spec,
	int content, int output, const char **ret_why)
{
	const struct service plain = {.name = spec->name};
	struct spawn_request request = {
		.spec = &plain,
		.argv = persist_command(arena, &spec->check, file_name),
		.envp = environ,
		.path = environment_get(environ, "PATH"),
		.stdin_fd = SPAWN_NULL_FD,
		.stdout_fd = output,
		.stderr_fd = output,
		.notify_fd = content,
		.notify_number = FILE_FD,
		.session = SPAWN_OWN_SESSION,
		.terminal_fd = -1,
	};
	struct spawn_result result;

	if (!request.argv)
		return -ENOMEM;
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
	int output = content < 0 ? content : make_output();
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

/* The first line that is not blank, as others write what is wrong. */
static const char *first_line(struct arena *arena, int output)
{
	char bytes[4096];
	ssize_t length = pread(output, bytes, sizeof(bytes) - 1, 0);

	bytes[length > 0 ? length : 0] = '\0';
	const char *line = bytes + strspn(bytes, " \t\r\n");
	size_t end = strcspn(line, "\r\n");

	if (end == 0)
		return NULL;
	return text_quote(arena, line, end > SAID_MAX_BYTES ? SAID_MAX_BYTES : end);
}

enum persist_verdict persist_check_end(
	struct persist_check *check, int status, struct arena *arena, const char **ret_why)
{
	bool passed = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	const char *said = passed ? NULL : first_line(arena, check->output);

	(void)close(check->output); /* was only read */
	check->output = -1;
	check->pid = 0;
	if (passed)
		return PERSIST_VALID;
	if (said)
		*ret_why = said;
	else if (WIFSIGNALED(status))
		*ret_why = arena_printf(
			arena, "the check ended by signal %s", signal_short_name(WTERMSIG(status)));
	else
		*ret_why = arena_printf(arena, "the check ended with code %d", WEXITSTATUS(status));
	return PERSIST_INVALID;
}

static void end_group(pid_t pid)
{
	(void)kill(-pid, SIGKILL); /* what it has started belongs to its group */
}

void persist_check_abandon(struct persist_check *check)
{
	end_group(check->pid);
	(void)close(check->output); /* was only read */
	*check = (struct persist_check){.output = -1};
}

/* Waits for the end of the process: true, or false when the time is over. Not for the process
 * itself, as waitpid(2) would: that has no bound. */
static bool wait_for(pid_t pid, struct timestamp until, int *ret_status)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (;;) {
		if (waitpid(pid, ret_status, WNOHANG) != 0)
			return true;
		int64_t left_ms = timestamp_elapsed_ms(loop_clock(), until);
		const struct timespec left = {left_ms / 1000, left_ms % 1000 * 1000000};

		if (left_ms == 0)
			return false;
		(void)sigtimedwait(&child, NULL, &left); /* whatever it says, look again */
	}
}

static enum persist_verdict wait_and_end(
	struct persist_check *check, struct arena *arena, const char **ret_why)
{
	struct timestamp until = timestamp_add_ms(loop_clock(), PERSIST_CHECK_TIMEOUT_MS);
	int status = NO_STATUS;

	if (wait_for(check->pid, until, &status))
		return persist_check_end(check, status, arena, ret_why);
	end_group(check->pid);
	/* One that hangs in the kernel is left to the reaper. */
	(void)wait_for(check->pid, timestamp_add_ms(loop_clock(), KILL_MS), &status);
	(void)persist_check_end(check, status, arena, ret_why);
	*ret_why = arena_printf(
		arena, "the check has not ended within %d s", PERSIST_CHECK_TIMEOUT_MS / 1000);
	return PERSIST_UNCHECKED;
}

enum persist_verdict persist_check_wait(const struct spawner *spawner, struct arena *arena,
	const struct persist *spec, const struct persist_bytes *bytes, const char **ret_why)
{
	enum persist_verdict verdict = persist_look(spec, bytes->data, bytes->length);
	struct persist_check check;

	if (verdict != PERSIST_NOT_EXAMINED)
		return verdict;
	if (persist_check_begin(spawner, arena, spec, bytes, &check, ret_why) < 0)
		return PERSIST_UNCHECKED;
	return wait_and_end(&check, arena, ret_why);
}
