#include "init/shell_file.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/environment.h"
#include "init/loop.h"
#include "init/memory_file.h"
#include "init/spawn.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	RESULT_FD = 3,
	SAID_BYTES = 4096,
	NO_STATUS = 127 << 8, /* should it ever be told nothing */
	TOO_MUCH = 75 << 8,   /* as the script ends then */
};

/* The file is data, not a part of this script. It may set IFS, shell options and functions of any
 * name: hence the builtins, and a `read` with its own IFS. A NUL behind the last pair says that it
 * came so far: a file that calls `exit`, or cannot be parsed, did not. */
static const char script[] = ". \"$1\" >/dev/null 3>&- || \"$BASH\" -n \"$1\" || builtin exit\n"
			     "set +efu\n"
			     "builtin compgen -v | while IFS= builtin read -r firsthop_name; do\n"
			     "	builtin printf '%s=%s\\0' \"$firsthop_name\" "
			     "\"${!firsthop_name}\" >&3 || builtin exit 75\n"
			     "done && builtin printf '\\0' >&3\n";

/* A run of bash. */
struct run {
	int result, said; /* descriptors, or -errno */
	pid_t pid;
	int status;
};

static int start(const struct spawner *spawner, struct run *run, const char *path)
{
	static const struct service plain = {.name = "bash"};
	const char *const argv[] = {"bash", "-c", script, "bash", path, NULL};
	struct spawn_request request = spawn_request_for(&plain, argv);
	struct spawn_result result;

	request.envp = environ;
	request.path = environment_get(environ, "PATH");
	request.stdin_fd = request.stdout_fd = SPAWN_NULL_FD;
	request.stderr_fd = run->said;
	request.notify_fd = run->result;
	request.notify_number = RESULT_FD;
	run->pid = spawn(spawner, &request, &result);
	return run->pid > 0 ? 0 : -result.error;
}

/* Waits for the end by a descriptor of the process. SIGCHLD is the event loop's: it tells of the
 * end of others, too, and would be lost if it were taken here. true: it has ended. */
static bool wait_for(struct run *run)
{
	struct timestamp until = timestamp_add_ms(loop_clock(), SHELL_FILE_TIMEOUT_MS);
	struct pollfd process = {.fd = (int)syscall(SYS_pidfd_open, run->pid, 0), .events = POLLIN};
	pid_t ended;

	while ((ended = waitpid(run->pid, &run->status, WNOHANG)) == 0) {
		int64_t left_ms = timestamp_elapsed_ms(loop_clock(), until);

		if (left_ms == 0)
			break;
		/* Before Linux 5.3 there is none: then a look every millisecond. */
		(void)poll(&process, process.fd >= 0, process.fd >= 0 ? (int)left_ms : 1);
	}
	if (process.fd >= 0)
		(void)close(process.fd); /* only names it */
	return ended != 0;
}

/* Lets it run to its end. 0 or -errno. */
static int finish(struct run *run)
{
	bool ended = wait_for(run);

	(void)kill(-run->pid, SIGKILL); /* what it has left behind; nobody: as it should be */
	if (ended)
		return 0;
	(void)wait_for(run); /* one that does not even then end is left to the reaper */
	return -ETIMEDOUT;
}

static int take_result(
	struct run *run, struct arena *arena, const char **ret_pairs, size_t *ret_length)
{
	/* It has written with our own offset, and a file that is full is no whole one. */
	off_t length = lseek(run->result, 0, SEEK_CUR);
	char *pairs = length < 0 ? NULL : arena_alloc(arena, (size_t)length + 1);

	if (length < 0)
		return -errno;
	if (!pairs)
		return -ENOMEM;
	if (pread(run->result, pairs, (size_t)length, 0) != (ssize_t)length)
		return -EIO;
	if (length < 1 || pairs[length - 1] != '\0' || (length > 1 && pairs[length - 2] != '\0'))
		return run->status == TOO_MUCH ? -EFBIG : -EBADMSG;
	*ret_pairs = pairs;
	*ret_length = (size_t)length;
	return 0;
}

/* It came to its end, but not by its last line. */
static const char *explain_end(const struct run *run, struct arena *arena)
{
	const char *said = memory_file_first_line(arena, run->said);
	bool killed = WIFSIGNALED(run->status);

	return arena_printf(arena, "it ended %s %s%s%s", killed ? "by signal" : "with code",
		killed ? signal_short_name(WTERMSIG(run->status))
		       : arena_printf(arena, "%d", WEXITSTATUS(run->status)),
		said ? ", after it had said " : " before its last line", said ? said : "");
}

static const char *explain(const struct run *run, struct arena *arena, int error)
{
	switch (-error) {
	case ENOENT:
		return "there is no bash";
	case ETIMEDOUT:
		return arena_printf(
			arena, "it had not ended after %d s", SHELL_FILE_TIMEOUT_MS / 1000);
	case EFBIG:
		return arena_printf(
			arena, "it sets more than %d KiB", SHELL_FILE_OUTPUT_BYTES / 1024);
	case EBADMSG:
		return explain_end(run, arena);
	default:
		return strerror(-error);
	}
}

int shell_file_evaluate(const struct spawner *spawner, const char *path, struct arena *arena,
	const char **ret_pairs, size_t *ret_length, const char **ret_why)
{
	struct run run = {.result = memory_file_make_bounded(SHELL_FILE_OUTPUT_BYTES),
		.said = memory_file_make_bounded(SAID_BYTES),
		.status = NO_STATUS};
	int r = run.result < 0 ? run.result : run.said < 0 ? run.said : 0;

	if (r == 0)
		r = start(spawner, &run, path);
	if (r == 0)
		r = finish(&run);
	if (r == 0)
		r = take_result(&run, arena, ret_pairs, ret_length);
	if (r < 0)
		*ret_why = explain(&run, arena, r);
	if (run.result >= 0)
		(void)close(run.result); /* was read */
	if (run.said >= 0)
		(void)close(run.said); /* the same */
	return r;
}
