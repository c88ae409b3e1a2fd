/* measure: runs one supervisor once, as PID 1 of new namespaces, and prints what it took.
 *
 *	measure [-d MS] [-m] [-c] [-r MS] [-k KILLS] [-w MS] [-s SIGNAL] COUNT SLOTS OUTPUT --
 *PROGRAM [ARG…]
 *
 *	-d	let it rest for MS once all are there (0), before the rest is measured
 *	-m	tell the memory of PID 1 and of all supervising processes
 *	-c	tell the processor time of PID 1 since it began, in ms
 *	-r	tell how often PID 1 was given a processor within so many ms of rest
 *	-k, -w	kill services KILLS times, one at a time, MS apart (5)
 *	-s	the signal that stops PID 1 in order (15)
 *	COUNT	services that stamp SLOTS, a file that is made anew; OUTPUT takes what PID 1 says
 *
 * Lines "name value", times in ms: start (from execve of PID 1 to the last stamp), reap (in its
 * place, by orphans), memory, memory_pid1 (KiB, PSS), restart (each from the kill to the new
 * stamp), stop (from the signal to the end of PID 1), told (services that saw it coming).
 *
 * An actor inside the namespaces looks and kills; it is a child of this process, not of PID 1. It
 * polls each millisecond, which costs little and no precision: the times are those of the stamps.
 */
#include "slots.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { PATIENCE_S = 120, LAUNCH = SLOTS_MAX - 1, NUMBER_MAX = 600000 };

struct plan {
	int count, rest_ms, watch_ms, kills, pause_ms, stop_signal;
	bool memory, processor;
	const char *slots_file, *output;
	char **program;
	struct slot *slots;
};

static void die(const char *what)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void must(int result, const char *what)
{
	if (result < 0)
		die(what);
}

static void pause_ms(int ms)
{
	const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	nanosleep(&time, NULL);
}

static void tell_ms(const char *name, uint64_t from, uint64_t to)
{
	printf("%s %.3f\n", name, ((double)to - (double)from) / 1e6);
}

/* What a supervisor may write to is made anew, and is no disk and no serial line. */
static void hide_machine(void)
{
	must(mount("proc", "/proc", "proc", 0, NULL), "/proc");
	must(mount("tmpfs", "/run", "tmpfs", 0, "mode=755"), "/run");
	must(mount("tmpfs", "/var/lib", "tmpfs", 0, "mode=755"), "/var/lib");
	if (access("/dev/console", F_OK) == 0)
		must(mount("/dev/null", "/dev/console", NULL, MS_BIND, NULL), "/dev/console");
}

static void run_supervisor(const struct plan *plan)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	char *environment[] = {path, NULL};
	int output = open(plan->output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	must(prctl(PR_SET_PDEATHSIG, SIGKILL), "parent death signal");
	hide_machine();
	must(output, plan->output);
	must(setsid(), "setsid");
	must(dup2(null, 0), "input");
	must(dup2(output, 1), "output");
	must(dup2(output, 2), "output");
	plan->slots[LAUNCH].began_at = slots_clock();
	execve(plan->program[0], plan->program, environment);
	die(plan->program[0]);
}

/* ---- the actor ------------------------------------------------------------------------------ */

static void wait_for_stamp(const struct plan *plan, int slot, uint64_t after)
{
	uint64_t until = slots_clock() + (uint64_t)PATIENCE_S * 1000000000u;

	while (plan->slots[slot].at <= after) {
		errno = ETIMEDOUT;
		must(slots_clock() < until ? 0 : -1, "waiting for a service");
		pause_ms(1);
	}
}

static void measure_start(const struct plan *plan)
{
	uint64_t last = 0;

	for (int i = 0; i < plan->count; i++) {
		wait_for_stamp(plan, i, 0);
		if (plan->slots[i].at > last)
			last = plan->slots[i].at;
	}
	if (plan->slots[0].began_at)
		tell_ms("reap", plan->slots[0].began_at, last);
	else
		tell_ms("start", plan->slots[LAUNCH].began_at, last);
}

/* Proportional set size in KiB; 0 for one that is gone. */
static long read_pss(const char *pid)
{
	char path[64], line[256];
	long kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/smaps_rollup", pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Pss: %ld", &kib) == 1)
			break;
	fclose(file);
	return kib;
}

static bool is_service(const char *pid)
{
	char path[64], target[4096];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%.20s/exe", pid);
	length = readlink(path, target, sizeof(target) - 1);
	target[length < 0 ? 0 : length] = '\0';
	return strcmp(strrchr(target, '/') ? strrchr(target, '/') : "", "/stamp") == 0;
}

static void measure_memory(void)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	long all = 0;

	if (!directory)
		die("/proc");
	while ((entry = readdir(directory)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
			strtol(entry->d_name, NULL, 10) != getpid() && !is_service(entry->d_name))
			all += read_pss(entry->d_name);
	closedir(directory);
	printf("memory %ld\nmemory_pid1 %ld\n", all, read_pss("1"));
}

static void measure_processor(void)
{
	char line[1024], *at;
	unsigned long user = 0, system = 0;
	FILE *file = fopen("/proc/1/stat", "r");

	if (!file || !fgets(line, sizeof(line), file))
		die("/proc/1/stat");
	fclose(file);
	at = strrchr(line, ')');
	errno = EPROTO;
	must(at && sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
			   &system) == 2
			? 0
			: -1,
		"/proc/1/stat");
	printf("processor %.0f\n", (double)(user + system) * 1000 / (double)sysconf(_SC_CLK_TCK));
}

static long count_switches(void)
{
	char line[256];
	long count, all = 0;
	FILE *file = fopen("/proc/1/status", "r");

	if (!file)
		die("/proc/1/status");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "voluntary_ctxt_switches: %ld", &count) == 1 ||
			sscanf(line, "nonvoluntary_ctxt_switches: %ld", &count) == 1)
			all += count;
	fclose(file);
	return all;
}

static void measure_rest(const struct plan *plan)
{
	long before = count_switches();

	pause_ms(plan->watch_ms);
	printf("wake-ups %ld\n", count_switches() - before);
}

static void measure_restarts(const struct plan *plan)
{
	for (int i = 0; i < plan->kills; i++) {
		struct slot *slot = &plan->slots[i % plan->count];
		uint64_t killed;

		pause_ms(plan->pause_ms);
		killed = slots_clock();
		must(kill(slot->pid, SIGKILL), "kill");
		wait_for_stamp(plan, i % plan->count, killed);
		tell_ms("restart", killed, slot->at);
	}
}

static int act(const struct plan *plan)
{
	measure_start(plan);
	pause_ms(plan->rest_ms);
	if (plan->memory)
		measure_memory();
	if (plan->processor)
		measure_processor();
	if (plan->watch_ms)
		measure_rest(plan);
	measure_restarts(plan);
	return fflush(stdout) < 0;
}

/* ---- outside -------------------------------------------------------------------------------- */

static void measure_stop(const struct plan *plan, pid_t init)
{
	uint64_t told_at = slots_clock();
	int told = 0;

	must(kill(init, plan->stop_signal), "stop");
	must(waitpid(init, NULL, 0), "wait for PID 1");
	tell_ms("stop", told_at, slots_clock());
	for (int i = 0; i < plan->count; i++)
		told += plan->slots[i].told_at > 0;
	printf("told %d\n", told);
}

static int number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	errno = EINVAL;
	must(*text && !*end && value >= 0 && value <= NUMBER_MAX ? 0 : -1, text);
	return (int)value;
}

static void parse(struct plan *plan, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+d:k:w:s:r:mc")) != -1) {
		int value = optarg ? number(optarg) : 0;

		if (option == 'd')
			plan->rest_ms = value;
		else if (option == 'r')
			plan->watch_ms = value;
		else if (option == 'k')
			plan->kills = value;
		else if (option == 'w')
			plan->pause_ms = value;
		else if (option == 's')
			plan->stop_signal = value;
		else if (option == 'm')
			plan->memory = true;
		else if (option == 'c')
			plan->processor = true;
		else
			exit(100);
	}
	argv += optind;
	/* getopt stops at COUNT; "--" comes after OUTPUT. */
	if (argc - optind < 5 || strcmp(argv[3], "--") != 0) {
		fprintf(stderr, "usage: measure [options] COUNT SLOTS OUTPUT -- PROGRAM [ARG…]\n");
		exit(100);
	}
	plan->count = number(argv[0]);
	plan->slots_file = argv[1];
	plan->output = argv[2];
	plan->program = argv + 4;
}

static void make_slots(struct plan *plan)
{
	int fd = open(plan->slots_file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	must(fd, plan->slots_file);
	must(ftruncate(fd, SLOTS_MAX * sizeof(struct slot)), plan->slots_file);
	close(fd);
	plan->slots = slots_map(plan->slots_file);
	must(plan->slots ? 0 : -1, plan->slots_file);
}

int main(int argc, char **argv)
{
	struct plan plan = {.pause_ms = 5, .stop_signal = SIGTERM};
	pid_t init, actor;
	int status;

	parse(&plan, argc, argv);
	make_slots(&plan);
	must(unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC), "new namespaces");
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private mounts");
	init = fork();
	must(init, "fork");
	if (init == 0)
		run_supervisor(&plan);
	actor = fork();
	must(actor, "fork");
	if (actor == 0)
		_exit(act(&plan));
	must(waitpid(actor, &status, 0), "wait for the actor");
	if (status != 0)
		return 1; /* the actor has said why; PID 1 dies with us */
	measure_stop(&plan, init);
	return 0;
}
