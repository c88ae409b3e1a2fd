/* spawn: from a description to a running program, or to the step that failed and why.
 *
 * The child is a vfork(2)-like one: it borrows our memory while we sleep, so nothing is copied,
 * and by the time we wake up it has either become the program or has left {stage, errno} where we
 * read it: no pipe, no wait. Between the two it makes only system calls, on data made before.
 *
 * PID 1 has thousands of descriptors, all close-on-exec. To copy and close them would cost more
 * than the rest together, so the few that a child needs are first put into low slots of our own
 * table, and the child takes a copy of these only, see close_range(2).
 */
#ifndef FIRSTHOP_INIT_SPAWN_H
#define FIRSTHOP_INIT_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct service;
struct sock_fprog;

/* Where there is no limit to the open files of a process, engines may pass on 2^30, and daemons
 * that allocate for each descriptor that they might get (FRR's, snmpd) take gigabytes, or minutes
 * to close them all. This is what the kernel allows unless it is told otherwise (fs.nr_open), so
 * nothing was ever made for more. */
#define SPAWN_OPEN_FILES_MAX 1048576

#define SPAWN_NULL_FD 3 /* /dev/null for reading and writing, from spawn_open on */

enum spawn_session {
	SPAWN_OWN_SESSION,     /* and so its own process group; no terminal */
	SPAWN_OWN_TERMINAL,    /* the same, with `terminal_fd` as its controlling terminal */
	SPAWN_SHARED_TERMINAL, /* PID 1's session, whose terminal it gets for its process group */
};

/* Who it runs as, looked up before. */
struct spawn_identity {
	bool change;
	uid_t uid;
	gid_t gid;
	const gid_t *groups;
	unsigned group_count;
};

/* Made by spawn_request_for(), never by hand: descriptor 0 is one, and no field may be forgotten.
 */
struct spawn_request {
	const struct service *spec; /* limits, nice, umask, directory and the like */
	const char *const *argv;    /* argv[0] without '/': searched for in `path` */
	char *const *envp;
	const char *path;
	int stdin_fd, stdout_fd, stderr_fd; /* -1: what PID 1 has */
	int notify_fd, notify_number; /* -1: none; else it becomes descriptor `notify_number` */
	enum spawn_session session;
	int terminal_fd;
	struct spawn_identity identity;
	bool limit_capabilities; /* to `capabilities`, bit N for capability N */
	uint64_t capabilities;
	const struct sock_fprog *seccomp; /* NULL: no filter */
	int cgroup_fd;			  /* of cgroup.h; -1: none */
	int rules_fd;			  /* of landlock.h; -1: none */
	bool traced;			  /* by us: it stops at execve(2), see ptrace(2) */
	bool confine_as_admin;		  /* both by right of CAP_SYS_ADMIN, not of no_new_privs */
};

enum spawn_stage {
	SPAWN_CLONE,
	SPAWN_DESCRIPTORS,
	SPAWN_SESSION,
	SPAWN_LIMITS,
	SPAWN_NICE,
	SPAWN_OOM_SCORE,
	SPAWN_UMASK,
	SPAWN_CGROUP,
	SPAWN_PRIVATE_TMP,
	SPAWN_GROUPS,
	SPAWN_CAPABILITIES,
	SPAWN_SECUREBITS,
	SPAWN_USER,
	SPAWN_AMBIENT,
	SPAWN_NO_NEW_PRIVS,
	SPAWN_DIRECTORY,
	SPAWN_STDIO,
	SPAWN_OPEN_FILES,
	SPAWN_PATHS,
	SPAWN_TRACE,
	SPAWN_SECCOMP,
	SPAWN_EXEC,
	SPAWN_STAGE_COUNT
};

struct spawn_result {
	const char *stage;	       /* of what failed: static text */
	int error;		       /* its errno */
	unsigned degraded;	       /* bits of enum spawn_stage that failed, and the program
					  runs without them */
	int errors[SPAWN_STAGE_COUNT]; /* errno of these */
};

struct spawner {
	char *stack;	     /* of the child, one after the other */
	bool shares_table;   /* close_range(2) can take a part of the table */
	bool restore_nofile; /* the limit of children is not ours */
	struct rlimit nofile;
};

/* A request with no descriptor of its own, a session of its own, and PID 1's rights; neither
 * environment nor path. The pointers are kept. */
struct spawn_request spawn_request_for(const struct service *spec, const char *const *argv);

/* Reserves the low slots, so call it before other descriptors are opened, and tries what the kernel
 * can do. 0 or -errno. */
int spawn_open(struct spawner *spawner);
void spawn_close(struct spawner *spawner);

/* Starts it. The pid, or -1 with what failed in *ret_result. Blocks until the child has called
 * execve(2). All signals must be blocked, with default handlers. */
pid_t spawn(const struct spawner *spawner, const struct spawn_request *request,
	struct spawn_result *ret_result);

/* "user", "exec" …: as messages name it. */
const char *spawn_stage_name(enum spawn_stage stage);

#endif
