#include "init/learn.h"

#include "config/model.h"
#include "init/loop.h"
#include "init/seccomp_code.h"
#include "init/spawn.h"
#include "supervisor/timestamp.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	NUMBERS_MAX = 1024, /* of system calls; the highest is 471 now */
	SYSCALL_STOP = SIGTRAP | 0x80,
	TICK_MS = 100, /* how late a deadline may be seen */
};

/* As the kernel names the machine's own calls, and not those of its 32 bit relative. */
#ifdef __x86_64__
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#else
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#endif

struct lesson {
	struct learned *learned;
	int16_t row_of[NUMBERS_MAX]; /* -1: none */
	pid_t main;
	int64_t stop_timeout_ms;
	int stop_signal;
	struct timestamp stop_at, kill_at; /* NEVER: not yet */
};

static void map_numbers(struct lesson *lesson)
{
	for (int number = 0; number < NUMBERS_MAX; number++)
		lesson->row_of[number] = -1;
	for (unsigned row = 0; row < syscall_count; row++) {
		int number = seccomp_call_number(&syscall_rows[row]);

		if (number >= 0 && number < NUMBERS_MAX)
			lesson->row_of[number] = (int16_t)row;
	}
}

/* At the entry of a call, and at its return, which tells nothing more. */
static void note_call(struct lesson *lesson, pid_t pid)
{
	struct ptrace_syscall_info info;
	struct learned *learned = lesson->learned;
	void *size = (void *)(uintptr_t)sizeof(info);

	if (syscall(SYS_ptrace, PTRACE_GET_SYSCALL_INFO, pid, size, &info) <= 0 ||
		info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	uint64_t number = info.entry.nr;

	if (info.arch != NATIVE_ARCH) {
		learned->foreign++;
	} else if (number < NUMBERS_MAX && lesson->row_of[number] >= 0) {
		syscall_set_put(&learned->calls, (unsigned)lesson->row_of[number], true);
	} else {
		learned->unknown++;
		learned->unknown_number = (int)number;
	}
}

static void go_on(pid_t pid, int signal)
{
	/* ESRCH: it was killed meanwhile, and its end is to be waited for. */
	(void)syscall(SYS_ptrace, PTRACE_SYSCALL, pid, NULL, (void *)(uintptr_t)signal);
}

/* What a tracer sees of the first: the trap of execve(2). From then on all calls, and of all
 * children; and should we die, so shall they: else they would stop at their next call, forever. */
static void begin(pid_t pid)
{
	const uintptr_t options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
				  PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;

	(void)syscall(
		SYS_ptrace, PTRACE_SETOPTIONS, pid, NULL, (void *)options); /* ESRCH, as above */
	go_on(pid, 0);
}

static void hear(struct lesson *lesson, pid_t pid, int status)
{
	struct learned *learned = lesson->learned;

	if (WIFEXITED(status) || WIFSIGNALED(status)) {
		if (pid == lesson->main)
			learned->status = status;
		return;
	}
	int signal = WSTOPSIG(status), event = status >> 16;

	if (signal == SYSCALL_STOP) {
		note_call(lesson, pid);
		go_on(pid, 0);
	} else if (event != 0) {
		learned->processes += event == PTRACE_EVENT_CLONE || event == PTRACE_EVENT_FORK ||
				      event == PTRACE_EVENT_VFORK;
		go_on(pid, 0);
	} else if (signal == SIGSTOP) {
		go_on(pid, 0); /* the first stop of a child; to be held up is no use to anyone */
	} else {
		go_on(pid, signal);
	}
}

static void stop(struct lesson *lesson, struct timestamp now)
{
	if (!timestamp_is_never(lesson->kill_at))
		return;
	(void)kill(lesson->main, lesson->stop_signal); /* ESRCH: it has ended */
	lesson->kill_at = timestamp_add_ms(now, lesson->stop_timeout_ms);
}

static void expire(struct lesson *lesson, struct timestamp now)
{
	if (timestamp_is_due(lesson->stop_at, now))
		stop(lesson, now);
	if (timestamp_is_due(lesson->kill_at, now))
		(void)kill(lesson->main, SIGKILL); /* the rest follows: see sweep() */
}

/* Sleeps until a child has something to tell, or we are told to stop, or a while is over. */
static void wait_for_news(struct lesson *lesson, const sigset_t *signals)
{
	const struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
	int signal = sigtimedwait(signals, NULL, &tick);

	if (signal > 0 && signal != SIGCHLD)
		stop(lesson, loop_clock());
}

/* Until there are no more children. Those that outlive the program, as a daemon's would, go with
 * it. */
static void follow(struct lesson *lesson)
{
	sigset_t signals;
	pid_t pid;
	int status;
	bool swept = false;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	for (;;) {
		pid = waitpid(-1, &status, WNOHANG | __WALL);
		if (pid < 0)
			return;
		if (pid > 0)
			hear(lesson, pid, status);
		else
			wait_for_news(lesson, &signals);
		expire(lesson, loop_clock());
		if (!swept && pid == lesson->main && !WIFSTOPPED(status)) {
			swept = true;
			(void)kill(-lesson->main, SIGKILL); /* ESRCH: none is left */
		}
	}
}

int learn_run(const struct spawner *spawner, struct spawn_request *request, int64_t limit_ms,
	struct learned *ret_learned, struct spawn_result *ret_result)
{
	struct lesson lesson = {.learned = ret_learned,
		.stop_timeout_ms = request->spec->stop_timeout_ms,
		.stop_signal = request->spec->stop_signal,
		.stop_at = TIMESTAMP_NEVER,
		.kill_at = TIMESTAMP_NEVER};
	struct timestamp began = loop_clock();
	int status;

	*ret_learned = (struct learned){.processes = 1};
	map_numbers(&lesson);
	request->traced = true;
	lesson.main = spawn(spawner, request, ret_result);
	if (lesson.main < 0)
		return -1;
	if (limit_ms >= 0)
		lesson.stop_at = timestamp_add_ms(began, limit_ms);
	while (waitpid(lesson.main, &status, __WALL) < 0 && errno == EINTR)
		;
	if (WIFSTOPPED(status)) {
		begin(lesson.main);
		follow(&lesson);
	} else {
		ret_learned->status = status;
	}
	ret_learned->took_ms = timestamp_elapsed_ms(began, loop_clock());
	return 0;
}
