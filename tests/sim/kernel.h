/* kernel: a fake one. Runs the processes that the engine asks for, in virtual time: each has drawn
 * at its birth when it becomes ready, when it dies of itself, and what it does on TERM and KILL.
 * What happens becomes facts, kept in order until the caller feeds them to the engine; a process
 * that has died stays here as a zombie until its exit was fed. */
#ifndef FIRSTHOP_TESTS_SIM_KERNEL_H
#define FIRSTHOP_TESTS_SIM_KERNEL_H

#include "supervisor/engine.h"

#include "config/model.h"
#include "tests/sim/random.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#define KERNEL_PROCESSES_MAX 128
#define KERNEL_FACTS_MAX     256
#define KERNEL_SLOTS_MAX     64
#define KERNEL_NEVER	     INT64_MAX
#define MS		     INT64_C(1000000)

/* How the processes of one service behave, drawn once a run: so that some services live long. */
enum temper {
	TEMPER_GOOD,	 /* becomes ready, stays, obeys */
	TEMPER_FLAKY,	 /* now and then not */
	TEMPER_CRASHING, /* dies soon */
	TEMPER_MUTE,	 /* never becomes ready */
	TEMPER_MISSING,	 /* can mostly not be started */
	TEMPER_STUBBORN, /* ignores TERM; its stop_command hangs */
	TEMPER_HANGING,	 /* falls silent one day; only KILL ends it then */
	TEMPER_STUCK,	 /* sits in the kernel now and then: KILL does nothing for long, or ever */
	TEMPER_COUNT
};

struct process {
	pid_t pid;
	bool zombie, orphan;
	unsigned unit;
	enum role role;
	uint32_t attempt;
	int64_t ready_ns, exit_ns; /* KERNEL_NEVER: does not */
	int64_t hangs_ns;	   /* from then on it does nothing; KERNEL_NEVER: it goes on */
	bool killed;
	bool tells_ready; /* by itself, as a fact */
	int status;
	int64_t term_ms, kill_ms; /* from the signal to the end; -1: never */
};

struct probe {
	bool active, health;
	uint32_t attempt;
	int64_t answer_ns;
};

struct kernel {
	struct random *random;
	struct process processes[KERNEL_PROCESSES_MAX];
	unsigned process_count;
	struct event facts[KERNEL_FACTS_MAX];
	unsigned fact_count;
	struct probe probes[KERNEL_SLOTS_MAX];
	enum temper temper[KERNEL_SLOTS_MAX];
	pid_t last_pid, most_pids; /* numbers are used again, soon when most_pids is small */
	bool resting;		   /* the rest was signalled: say so when all are gone */
	bool gone_said, full;
};

static inline int exit_status(int code)
{
	return code << 8; /* as WEXITSTATUS() takes it apart */
}

static inline void kernel_init(struct kernel *kernel, struct random *random)
{
	unsigned calm = random_below(random, 100); /* percent of the services that are good */

	memset(kernel, 0, offsetof(struct kernel, processes));
	kernel->random = random;
	kernel->process_count = kernel->fact_count = 0;
	memset(kernel->probes, 0, sizeof(kernel->probes));
	for (unsigned i = 0; i < KERNEL_SLOTS_MAX; i++)
		kernel->temper[i] = random_chance(random, calm)
					    ? TEMPER_GOOD
					    : (enum temper)random_below(random, TEMPER_COUNT);
	kernel->last_pid = 1;
	kernel->most_pids = random_chance(random, 50) ? KERNEL_PROCESSES_MAX + 2 : 30000;
	kernel->resting = kernel->gone_said = kernel->full = false;
}

static inline struct process *kernel_find(struct kernel *kernel, pid_t pid)
{
	for (unsigned i = 0; i < kernel->process_count; i++)
		if (kernel->processes[i].pid == pid)
			return &kernel->processes[i];
	return NULL;
}

static inline void kernel_tell(struct kernel *kernel, struct event fact)
{
	if (kernel->fact_count < KERNEL_FACTS_MAX)
		kernel->facts[kernel->fact_count++] = fact;
	else
		kernel->full = true;
}

static inline struct process *kernel_new_process(struct kernel *kernel)
{
	if (kernel->process_count == KERNEL_PROCESSES_MAX)
		return NULL;
	do {
		kernel->last_pid = kernel->last_pid < kernel->most_pids ? kernel->last_pid + 1 : 2;
	} while (kernel_find(kernel, kernel->last_pid));
	struct process *process = &kernel->processes[kernel->process_count++];
	*process = (struct process){
		.pid = kernel->last_pid,
		.ready_ns = KERNEL_NEVER,
		.exit_ns = KERNEL_NEVER,
		.hangs_ns = KERNEL_NEVER,
	};
	return process;
}

static inline int random_status(struct random *random)
{
	static const int signals[] = {SIGSEGV, SIGKILL, SIGTERM, SIGABRT};
	if (random_chance(random, 30))
		return RANDOM_PICK(random, signals);
	return exit_status(random_chance(random, 40) ? 0 : random_between(random, 1, 255));
}

/* How long a process takes for something, in nanoseconds: often nothing at all. */
static inline int64_t random_span(struct random *random, int most_ms)
{
	return random_chance(random, 15) ? 0 : random_between(random, 0, most_ms) * MS;
}

static inline void draw_main(struct process *p, const struct service *service, enum temper temper,
	struct random *random, int64_t now)
{
	bool dies =
		temper == TEMPER_CRASHING || (temper == TEMPER_FLAKY && random_chance(random, 40));
	bool ready = temper != TEMPER_MUTE && (temper != TEMPER_FLAKY || random_chance(random, 80));

	p->tells_ready =
		service->ready.kind == READY_NOTIFY_FD || service->ready.kind == READY_SD_NOTIFY;
	if (ready)
		p->ready_ns = now + random_span(random, 3000);
	p->status = random_status(random);
	if (temper == TEMPER_HANGING && service->type == SERVICE_DAEMON)
		p->hangs_ns = p->ready_ns + random_span(random, 10000);
	if (service->type == SERVICE_ONESHOT) {
		p->exit_ns = ready ? now + random_span(random, 2000) : KERNEL_NEVER;
		if (!dies)
			p->status = exit_status(0);
	} else if (dies) {
		p->exit_ns = now + random_span(random, temper == TEMPER_FLAKY ? 20000 : 2000);
	} else if (service->type != SERVICE_DAEMON && random_chance(random, 20)) {
		p->exit_ns = now + random_span(random, 60000);
	}
}

static inline void draw_helper(
	struct process *p, enum temper temper, struct random *random, int64_t now)
{
	bool hangs = (temper == TEMPER_MUTE && p->role == ROLE_PREPARE) ||
		     (temper == TEMPER_STUBBORN && p->role == ROLE_STOP) ||
		     (temper != TEMPER_GOOD && random_chance(random, 5));
	bool fails = temper != TEMPER_GOOD && random_chance(random, 25);

	p->exit_ns = hangs ? KERNEL_NEVER : now + random_span(random, 500);
	p->status = fails ? random_status(random) : exit_status(0);
}

static inline void draw_end(struct process *p, enum temper temper, struct random *random)
{
	p->term_ms = random_chance(random, 80) ? random_between(random, 0, 100)
					       : random_between(random, 0, 6000);
	if (temper == TEMPER_STUBBORN || (temper == TEMPER_FLAKY && random_chance(random, 20)))
		p->term_ms = -1;
	p->kill_ms = random_between(random, 0, 2);
	if (temper == TEMPER_STUCK && random_chance(random, 50)) {
		p->term_ms = -1;
		p->kill_ms = random_chance(random, 50) ? -1 : random_between(random, 1, 20000);
	}
}

/* The pid, or why there is none. */
static inline int kernel_spawn(struct kernel *kernel, const struct action *action,
	const struct service *service, int64_t now)
{
	static const int errors[] = {ENOENT, EACCES, EAGAIN, ENOMEM};
	enum temper temper = kernel->temper[action->unit % KERNEL_SLOTS_MAX];
	unsigned refused = temper == TEMPER_MISSING ? 80 : temper == TEMPER_FLAKY ? 5 : 0;

	if (random_chance(kernel->random, refused))
		return -RANDOM_PICK(kernel->random, errors);
	struct process *p = kernel_new_process(kernel);
	if (!p) {
		kernel->full = true;
		return -EAGAIN;
	}
	p->unit = action->unit;
	p->role = action->role;
	p->attempt = action->attempt;
	if (action->role == ROLE_MAIN)
		draw_main(p, service, temper, kernel->random, now);
	else
		draw_helper(p, temper, kernel->random, now);
	draw_end(p, temper, kernel->random);
	return p->pid;
}

static inline void process_signal(struct process *p, int signal, int64_t now)
{
	bool hangs = p->hangs_ns <= now;

	if (signal == SIGHUP)
		return; /* it reads its configuration anew, and goes on */
	int64_t wait_ms = signal == SIGKILL ? p->kill_ms : hangs ? -1 : p->term_ms;

	p->killed |= signal == SIGKILL;
	if (p->zombie || wait_ms < 0 || now + wait_ms * MS >= p->exit_ns)
		return;
	p->exit_ns = now + wait_ms * MS;
	p->status = signal;
}

/* 0, or -ESRCH: no such process; a zombie still is one. */
static inline int kernel_signal(struct kernel *kernel, pid_t pid, int signal, int64_t now)
{
	struct process *p = kernel_find(kernel, pid);

	if (!p)
		return -ESRCH;
	process_signal(p, signal, now);
	return 0;
}

static inline void kernel_signal_rest(struct kernel *kernel, int signal, int64_t now)
{
	for (unsigned i = 0; i < kernel->process_count; i++)
		if (kernel->processes[i].orphan)
			process_signal(&kernel->processes[i], signal, now);
	kernel->resting = true;
}

static inline void kernel_probe(struct kernel *kernel, const struct action *action, int64_t now)
{
	kernel->probes[action->unit % KERNEL_SLOTS_MAX] = (struct probe){.active = true,
		.attempt = action->attempt,
		.health = action->health,
		.answer_ns = now + random_span(kernel->random, 40)};
}

static inline bool is_hanging(const struct kernel *kernel, unsigned unit, int64_t now)
{
	for (unsigned i = 0; i < kernel->process_count; i++) {
		const struct process *p = &kernel->processes[i];
		if (p->unit == unit && p->role == ROLE_MAIN && !p->orphan && !p->zombie)
			return p->hangs_ns <= now;
	}
	return false;
}

static inline bool is_serving(const struct kernel *kernel, unsigned unit, int64_t now)
{
	for (unsigned i = 0; i < kernel->process_count; i++) {
		const struct process *p = &kernel->processes[i];
		if (p->unit == unit && p->role == ROLE_MAIN && !p->orphan && !p->zombie)
			return p->ready_ns <= now;
	}
	return false;
}

/* When something happens next; KERNEL_NEVER: nothing will without the engine. */
static inline int64_t kernel_next(const struct kernel *kernel)
{
	int64_t next = KERNEL_NEVER;

	if (kernel->resting && kernel->process_count == 0 && !kernel->gone_said)
		return 0;
	for (unsigned i = 0; i < kernel->process_count; i++) {
		const struct process *p = &kernel->processes[i];
		if (!p->zombie && p->exit_ns < next)
			next = p->exit_ns;
		if (!p->zombie && p->tells_ready && p->ready_ns < next)
			next = p->ready_ns;
	}
	for (unsigned i = 0; i < KERNEL_SLOTS_MAX; i++)
		if (kernel->probes[i].active && kernel->probes[i].answer_ns < next)
			next = kernel->probes[i].answer_ns;
	return next;
}

/* Some services leave a process behind, which nobody but the final sweep looks for. */
static inline void leave_orphan(struct kernel *kernel)
{
	struct process *p = kernel_new_process(kernel);

	if (!p)
		return;
	p->orphan = true;
	draw_end(p, (enum temper)random_below(kernel->random, TEMPER_COUNT), kernel->random);
	if (random_chance(kernel->random, 50))
		p->exit_ns = 0; /* dies at the next look */
}

static inline void process_die(struct kernel *kernel, struct process *p, int64_t now)
{
	if (p->orphan) {
		*p = kernel->processes[--kernel->process_count];
		return;
	}
	p->zombie = true;
	if (p->role == ROLE_PROBE && p->status == exit_status(0) &&
		!is_serving(kernel, p->unit, now))
		p->status = exit_status(1);
	kernel_tell(kernel, (struct event){.kind = EVENT_EXITED,
				    .unit = p->unit,
				    .role = p->role,
				    .attempt = p->attempt,
				    .pid = p->pid,
				    .value = p->status});
	if (p->role == ROLE_MAIN && random_chance(kernel->random, 5))
		leave_orphan(kernel);
}

/* A process that hangs does not end by itself, nor does one that waits for its answer. */
static inline bool sits_there(const struct kernel *kernel, const struct process *p, int64_t now)
{
	if (p->killed || p->orphan)
		return false;
	if (p->role == ROLE_PROBE)
		return is_hanging(kernel, p->unit, now);
	return p->role == ROLE_MAIN && p->hangs_ns <= now && p->hangs_ns < p->exit_ns;
}

static inline void answer_probe(struct kernel *kernel, unsigned unit, int64_t now)
{
	static const enum event_kind kinds[2][2] = {
		{EVENT_PROBE_FAILED, EVENT_READY}, {EVENT_UNHEALTHY, EVENT_HEALTHY}};
	struct probe *probe = &kernel->probes[unit];
	bool yes = is_serving(kernel, unit, now);

	probe->active = false;
	if (is_hanging(kernel, unit, now))
		return;
	if (probe->health && kernel->temper[unit] == TEMPER_FLAKY)
		yes &= random_chance(kernel->random, 70);
	kernel_tell(kernel, (struct event){.kind = kinds[probe->health][yes],
				    .unit = unit,
				    .attempt = probe->attempt});
}

/* Lets all happen that is due at `now`: the facts of it can be taken then. */
static inline void kernel_run(struct kernel *kernel, int64_t now)
{
	for (unsigned i = kernel->process_count; i-- > 0;) {
		struct process *p = &kernel->processes[i];
		if (p->zombie)
			continue;
		if (p->tells_ready && p->ready_ns <= now && p->ready_ns <= p->exit_ns) {
			p->tells_ready = false;
			kernel_tell(kernel, (struct event){.kind = EVENT_READY,
						    .unit = p->unit,
						    .attempt = p->attempt});
		}
		if (p->exit_ns <= now && sits_there(kernel, p, now))
			p->exit_ns = KERNEL_NEVER;
		if (p->exit_ns <= now)
			process_die(kernel, p, now);
	}
	for (unsigned i = 0; i < KERNEL_SLOTS_MAX; i++) {
		if (kernel->probes[i].active && kernel->probes[i].answer_ns <= now)
			answer_probe(kernel, i, now);
	}
	if (kernel->resting && kernel->process_count == 0 && !kernel->gone_said) {
		kernel->gone_said = true;
		kernel_tell(kernel, (struct event){.kind = EVENT_ALL_GONE});
	}
}

/* Takes the fact at `index` out; the zombie that it is about is reaped with it. */
static inline struct event kernel_take_fact(struct kernel *kernel, unsigned index)
{
	struct event fact = kernel->facts[index];

	memmove(&kernel->facts[index], &kernel->facts[index + 1],
		(--kernel->fact_count - index) * sizeof(fact));
	if (fact.kind == EVENT_EXITED) {
		struct process *p = kernel_find(kernel, fact.pid);
		if (p)
			*p = kernel->processes[--kernel->process_count];
	}
	return fact;
}

#endif
