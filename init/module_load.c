#include "init/module_load.h"

#include "config/model.h"
#include "init/child_wait.h"
#include "init/loop.h"
#include "init/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROGRAM_MAX_BYTES = 256, KILL_MS = 1000 };

/* The path, without its newline. Empty: the kernel was told to load nothing. */
static int read_program(char program[PROGRAM_MAX_BYTES])
{
	int fd = open("/proc/sys/kernel/modprobe", O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = read(fd, program, PROGRAM_MAX_BYTES - 1);
	(void)close(fd); /* was only read */
	if (length < 0)
		return -EIO;
	program[length] = '\0';
	program[strcspn(program, "\n")] = '\0';
	return program[0] ? 0 : -ENOENT;
}

int module_load(const struct spawner *spawner, const char *name)
{
	const struct service plain = {.name = "modprobe"};
	char program[PROGRAM_MAX_BYTES];
	const char *const argv[] = {program, name, NULL};
	struct spawn_request request = spawn_request_for(&plain, argv);
	struct spawn_result result;
	int status = 0, r = read_program(program);

	if (r < 0)
		return r;
	request.envp = environ;
	request.path = "/sbin:/usr/sbin";
	request.stdin_fd = SPAWN_NULL_FD;
	pid_t pid = spawn(spawner, &request, &result);

	if (pid < 0)
		return -result.error;
	if (child_wait(pid, timestamp_add_ms(loop_clock(), MODULE_LOAD_TIMEOUT_MS), &status))
		return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EINVAL;
	child_end_group(pid);
	(void)child_wait(pid, timestamp_add_ms(loop_clock(), KILL_MS), &status);
	return -ETIMEDOUT;
}
