#include "init/signals.h"

#include "config/model.h"
#include "init/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	SIGNALS_PER_CALL = 16,
	KERNEL_SIGSET_BYTES = 8,
	SIGNAL_RTMIN_3 = 37, /* as systemd's "halt", and so some engines' stop signal; by number:
				the library's SIGRTMIN is another on musl */
};

/* What rt_sigaction(2) reads, whatever its order on this machine: all of it is zero here. */
struct kernel_action {
	unsigned long words[8];
};

static const enum signal_duty own_duties[SIGNAL_MAX + 1] = {
	[SIGTERM] = DUTY_STOP,
	[SIGINT] = DUTY_STOP,
	[SIGNAL_RTMIN_3] = DUTY_STOP,
	[SIGHUP] = DUTY_RELOAD,
	[SIGUSR1] = DUTY_STATUS,
	/* About PID 1 itself, or its place on the terminal. */
	[SIGCHLD] = DUTY_IGNORE,
	[SIGPIPE] = DUTY_IGNORE,
	[SIGTTIN] = DUTY_IGNORE,
	[SIGTTOU] = DUTY_IGNORE,
	[SIGCONT] = DUTY_IGNORE,
};

/* What the field sends to the init of a machine: systemd(1) and busybox's poweroff. */
static const struct {
	int signal;
	enum node_end end;
} machine_signals[] = {
	{SIGTERM, NODE_END_POWEROFF},
	{SIGINT, NODE_END_REBOOT}, /* the kernel's, for ctrl-alt-del */
	{SIGPWR, NODE_END_POWEROFF},
	{SIGUSR2, NODE_END_POWEROFF},
	{SIGNAL_RTMIN_3, NODE_END_HALT},
	{SIGNAL_RTMIN_3 + 1, NODE_END_POWEROFF},
	{SIGNAL_RTMIN_3 + 2, NODE_END_REBOOT},
};

bool signals_end_machine(int signal, enum node_end *ret_end)
{
	for (size_t i = 0; i < sizeof(machine_signals) / sizeof(machine_signals[0]); i++) {
		if (machine_signals[i].signal != signal)
			continue;
		*ret_end = machine_signals[i].end;
		return true;
	}
	return false;
}

static struct signal_decision decide_ourselves(bool machine, int signal)
{
	struct signal_decision decision = {.duty = own_duties[signal], .send = signal};

	if (machine && signals_end_machine(signal, &decision.end))
		decision.duty = DUTY_STOP;
	return decision;
}

struct signal_decision signals_decide(const struct model *model, bool machine, int signal)
{
	static const enum signal_duty by_action[] = {
		[SIGNAL_DEFAULT] = DUTY_IGNORE, /* not looked up */
		[SIGNAL_STOP] = DUTY_STOP,
		[SIGNAL_POWEROFF] = DUTY_STOP,
		[SIGNAL_REBOOT] = DUTY_STOP,
		[SIGNAL_HALT] = DUTY_STOP,
		[SIGNAL_RELOAD] = DUTY_RELOAD,
		[SIGNAL_STATUS] = DUTY_STATUS,
		[SIGNAL_IGNORE] = DUTY_IGNORE,
		[SIGNAL_SEND] = DUTY_FORWARD,
	};
	_Static_assert(sizeof(by_action) / sizeof(by_action[0]) == SIGNAL_ACTION_COUNT,
		"a duty for each action");

	static const enum node_end ends[SIGNAL_ACTION_COUNT] = {
		[SIGNAL_REBOOT] = NODE_END_REBOOT, [SIGNAL_HALT] = NODE_END_HALT};

	if (signal < 1 || signal > SIGNAL_MAX)
		return (struct signal_decision){.duty = DUTY_IGNORE};
	const struct signal_rule *rule = &model->signals[signal];

	if (rule->action == SIGNAL_DEFAULT)
		return decide_ourselves(machine, signal);
	return (struct signal_decision){
		.duty = by_action[rule->action], .send = rule->send, .end = ends[rule->action]};
}

static bool is_fault(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL;
}

static void fill_blocked(sigset_t *set)
{
	sigfillset(set);
	for (int signal = 1; signal <= SIGNAL_MAX; signal++)
		if (is_fault(signal))
			sigdelset(set, signal);
}

void signals_block(void)
{
	sigset_t set;

	fill_blocked(&set);
	(void)sigprocmask(SIG_SETMASK, &set, NULL); /* fails on bad arguments only */
	/* What was ignored before us stays ignored across execve(2), and so for every service. KILL
	 * and STOP fail. sigaction(3) would refuse the C library's own signals, which
	 * posix_spawn(3) leaves ignored in what it starts; so the system call itself, for which
	 * zeros are SIG_DFL. */
	for (int signal = 1; signal <= SIGNAL_MAX; signal++)
		if (!is_fault(signal))
			(void)syscall(SYS_rt_sigaction, signal, &(struct kernel_action){0}, NULL,
				KERNEL_SIGSET_BYTES);
}

static void on_child(void *context, int fd, uint32_t events)
{
	const struct signal_operations *operations = context;
	struct signalfd_siginfo info;

	(void)events;
	/* Only to empty it: one signal may stand for many ends, so what counts is what waitid(2)
	 * says afterwards. */
	if (read(fd, &info, sizeof(info)) > 0)
		operations->child(operations->context);
}

static void on_signal(void *context, int fd, uint32_t events)
{
	const struct signal_operations *operations = context;
	struct signalfd_siginfo infos[SIGNALS_PER_CALL];
	ssize_t length = read(fd, infos, sizeof(infos));

	(void)events;
	for (ssize_t i = 0; i < length / (ssize_t)sizeof(infos[0]); i++)
		operations->arrived(operations->context, (int)infos[i].ssi_signo,
			infos[i].ssi_code == SI_KERNEL);
}

static int watch(struct loop *loop, const sigset_t *set, enum rank rank, source_fn *fn,
	const struct signal_operations *operations)
{
	uint64_t source; /* for the life of PID 1 */
	int fd = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);

	if (fd < 0)
		return -errno;
	return loop_add(loop, fd, EPOLLIN, rank, fn, (void *)(uintptr_t)operations, &source);
}

int signals_watch(struct loop *loop, const struct signal_operations *operations)
{
	sigset_t child, others;
	int r;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	fill_blocked(&others);
	sigdelset(&others, SIGCHLD);
	r = watch(loop, &child, RANK_EXIT, on_child, operations);
	return r < 0 ? r : watch(loop, &others, RANK_SIGNAL, on_signal, operations);
}
