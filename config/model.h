/* model: what was asked, after parsing and validation. Immutable; lives in one arena and is freed
 * whole. All pointers point into that arena; all names are valid (see NAME_MAX_BYTES); times are
 * in milliseconds, TIME_INFINITE_MS meaning "never". */
#ifndef FIRSTHOP_CONFIG_MODEL_H
#define FIRSTHOP_CONFIG_MODEL_H

#include "config/diag.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIME_INFINITE_MS  INT64_MAX
#define TIME_MAX_MS	  ((int64_t)365 * 24 * 3600 * 1000) /* a year, the longest finite time */
#define SERVICE_NAME_MAX  48   /* bytes without the NUL; [A-Za-z0-9][A-Za-z0-9._@-]* */
#define SERVICES_MAX	  4096 /* services in one configuration */
#define WORDS_MAX	  256  /* words of one command line, names in one list */
#define GIVE_UP_COUNT_MAX 16   /* N of `give_up = N in TIME` */
#define SIGNAL_MAX	  64

/* A command line or a list of names: count words, then a NULL. count 0: absent. */
struct words {
	const char *const *word;
	unsigned count;
};

enum service_type {
	SERVICE_DAEMON,
	SERVICE_ONESHOT,
	SERVICE_CONSOLE,
	SERVICE_FOREGROUND, /* the command of the command line; never from a file */
	SERVICE_TYPE_COUNT
};

enum start_mode {
	START_AUTO,   /* started at boot */
	START_MANUAL, /* started when another service needs or wants it, or on request */
	START_MODE_COUNT
};

enum ready_kind {
	READY_IMMEDIATELY, /* as soon as it runs; a oneshot: as soon as it has succeeded */
	READY_NOTIFY_FD,   /* a newline on descriptor `number` (3 unless said) */
	READY_SD_NOTIFY,   /* READY=1 on $NOTIFY_SOCKET, see sd_notify(3) */
	READY_PIDFILE,	   /* `text` names a file with the pid of a process of the service */
	READY_FILE,	   /* `text` exists */
	READY_UNIX,	   /* the stream socket `text` accepts a connection */
	READY_TCP,	   /* `text` (an IPv4 or IPv6 address) port `number` accepts one */
	READY_FRR_VTY,	   /* FRR daemon `text` answers on its vty socket */
	READY_EXEC,	   /* `words` exits 0 */
	READY_KIND_COUNT
};

struct ready {
	enum ready_kind kind;
	unsigned number;
	const char *text;
	struct words words;
};

enum restart_policy { RESTART_ALWAYS, RESTART_ON_FAILURE, RESTART_NEVER, RESTART_POLICY_COUNT };
enum on_give_up { GIVE_UP_IGNORE, GIVE_UP_STOP, ON_GIVE_UP_COUNT };
enum on_need_lost { NEED_LOST_KEEP, NEED_LOST_RESTART, NEED_LOST_STOP, ON_NEED_LOST_COUNT };

#define LOG_KEEP_MAX 100 /* older log files */

enum log_kind {
	LOG_PREFIX, /* "name: line" on PID 1's stdout */
	LOG_RAW,    /* the line alone */
	LOG_FILE,   /* appended to the file `log_path` */
	LOG_SYSLOG, /* sent to `log_path`, see config/syslog_target.h */
	LOG_NONE,   /* kept in memory only */
	LOG_KIND_COUNT
};

/* Exit statuses that count as success. How they are kept is model.c's own; exit_set_…() below. */
struct exit_set {
	uint64_t codes[4];
	uint64_t signals;
};

enum limit_kind { /* limit_NAME = soft[:hard]; see getrlimit(2) */
	LIMIT_NOFILE,
	LIMIT_NPROC,
	LIMIT_CORE,
	LIMIT_MEMLOCK,
	LIMIT_STACK,
	LIMIT_AS,
	LIMIT_DATA,
	LIMIT_FSIZE,
	LIMIT_CPU,
	LIMIT_OF_PROCESS_COUNT, /* those above are of each process, those below of its group */
	LIMIT_MEMORY_MAX = LIMIT_OF_PROCESS_COUNT, /* bytes; hard alone */
	LIMIT_TASKS_MAX,			   /* processes and threads; hard alone */
	LIMIT_KIND_COUNT
};

#define LIMIT_INFINITE UINT64_MAX

struct limit {
	bool set;
	uint64_t soft, hard; /* bytes, seconds or a count; LIMIT_INFINITE */
};

/* What becomes of a call that `seccomp =` does not allow. */
enum seccomp_action {
	SECCOMP_ERRNO, /* it fails with EPERM, or ENOSYS if nobody knew it when this was built */
	SECCOMP_KILL,  /* the process dies of SIGSYS */
	SECCOMP_LOG,   /* it is done, and noted in the kernel's log, where that is allowed */
	SECCOMP_ACTION_COUNT
};

/* A directory made before the service starts: runtime_directory = PATH [MODE [USER[:GROUP]]]. */
struct runtime_directory {
	const char *path;
	unsigned mode;
	const char *user, *group; /* NULL: root */
};

struct setting;
struct names;

struct service {
	const char *name;
	struct origin origin;
	const struct setting *settings; /* what was set, and where; config/keys.h. NULL: nothing */
	const char *description;	/* NULL: none */
	enum service_type type;
	enum start_mode start;
	bool from_frr; /* made from [frr], printed as a comment */
	bool critical;
	bool cgroup_kill; /* a KILL goes to all of its control group */
	bool no_new_privs, private_tmp;
	bool has_umask, has_nice, has_oom_score_adj;

	struct words command, prepare, stop_command;
	struct words needs, wants, after; /* names of services; all exist */

	struct ready ready;
	struct ready health; /* asked while READY; READY_IMMEDIATELY: not at all */
	int64_t health_period_ms, health_timeout_ms; /* finite, and not 0 */
	unsigned health_failures;		     /* so many in a row are one too many */
	int health_signal;			     /* KILL, or what goes before it */
	struct words reconfigure; /* gives it its configuration back after a restart */
	const struct exit_set *reconfigure_success;
	struct words reload_command; /* has it read its configuration anew … */
	int reload_signal;	     /* … or this; 0: none does. At most one of both */
	int stop_signal;
	int64_t start_timeout_ms; /* for prepare, from start to ready, for reconfigure; each */
	int64_t stop_timeout_ms;  /* from stop_signal to KILL */

	int64_t restart_delay_min_ms, restart_delay_max_ms; /* doubles from one to the other */
	int64_t restart_reset_ms; /* so long ready: the next delay is the first again */
	enum restart_policy restart;
	unsigned give_up_count; /* 0: never gives up */
	int64_t give_up_window_ms;
	enum on_give_up on_give_up;
	enum on_need_lost on_need_lost;
	const struct exit_set *success; /* NULL, here and above: there is none */

	const char *user, *group; /* name or number; NULL: unchanged, the user's own */
	const char *directory;	  /* working directory, "/" unless said */
	struct words environment; /* NAME=value each, later ones win */
	struct words environment_files;
	const struct limit *limits; /* NULL: none is set; service_limit() */
	unsigned umask;
	int nice;		   /* -20 .. 19 */
	int oom_score_adj;	   /* -1000 .. 1000 */
	unsigned sandbox;	   /* a preset, see sandbox.h; what it says is in the fields */
	struct words capabilities; /* a signed_list.h of names without CAP_; count 0: unchanged */
	struct words seccomp;	   /* see seccomp_choose(); count 0: no filter */
	enum seccomp_action seccomp_action;
	unsigned securebits;			       /* see linux/securebits.h */
	struct words read_only, read_write, no_access; /* absolute paths; see init/landlock.h */
	struct words groups; /* supplementary ones beside the user's; names or numbers */
	const struct runtime_directory *runtime_directories;
	unsigned runtime_directory_count;

	enum log_kind log;
	const char *log_path;
	uint64_t log_max_bytes; /* of a log file; LIMIT_INFINITE */
	unsigned log_keep;	/* older ones */
	int syslog_facility;	/* 0 .. 23 */
	int syslog_level;	/* 0 .. 7: of a line that does not say */
};

/* What an ordered stop ends in, where firsthop is the kernel's own init, see init/machine.h. In a
 * container all of them are the same end. */
enum node_end {
	NODE_END_POWEROFF, /* unless something else was asked for */
	NODE_END_REBOOT,
	NODE_END_HALT,
	NODE_END_RESCUE, /* it stays up, for somebody to look after it */
	NODE_END_COUNT
};

enum signal_action {
	SIGNAL_DEFAULT, /* what firsthop does without a rule */
	SIGNAL_STOP,	/* ordered stop */
	SIGNAL_POWEROFF,
	SIGNAL_REBOOT,
	SIGNAL_HALT, /* the same three, and what becomes of a machine afterwards */
	SIGNAL_RELOAD,
	SIGNAL_STATUS, /* print the status table */
	SIGNAL_IGNORE,
	SIGNAL_SEND, /* send `send` to `services`, or to the foreground command when none is named
		      */
	SIGNAL_ACTION_COUNT
};

/* [signals] NAME = stop | poweroff | reboot | halt | reload | status | ignore | SIGNAL [SERVICE…]
 */
struct signal_rule {
	enum signal_action action;
	int send;
	struct words services;
	struct origin origin;
};

/* The steps of the preparation, in the order in which they are taken; see supervisor/finding.h. */
enum step {
	STEP_LOOPBACK,
	STEP_MODULE,	 /* [module NAME] */
	STEP_VRF,	 /* [vrf NAME] */
	STEP_SYSCTL,	 /* [sysctl] */
	STEP_PERSIST,	 /* [persist NAME] */
	STEP_PASSWORD,	 /* root_password */
	STEP_HOSTNAME,	 /* hostname_from */
	STEP_CAPABILITY, /* what the services need against what the container has */
	STEP_LIMIT,	 /* open files */
	STEP_INTERFACE,	 /* [interface PATTERN], for each interface that is there */
	STEP_INTERFACES, /* the wait for them: interfaces = */
	STEP_COUNT
};

struct sysctl {
	const char *key; /* dots or slashes as in sysctl.d(5); never absolute, no "..". In an
			    [interface] %i stands for the interface's name. */
	const char *value;
	bool may_be_absent; /* ?key */
	bool required;	    /* !key */
	bool is_pattern;    /* holds *, ? or [: each key that matches, see sysctl_key.h */
	struct origin origin;
};

enum need { NEED_OPTIONAL, NEED_REQUIRED, NEED_OFF, NEED_COUNT };

/* [module NAME]: what the kernel should be able to do: "vrf", "mpls", "seg6", "dummy", "vxlan", or
 * another kind of link, or the name of a module. */
struct module {
	const char *name;
	enum need need;
	struct origin origin;
	const struct setting *settings;
};

#define INTERFACE_NAME_MAX 15 /* bytes without the NUL, see IFNAMSIZ */

/* [vrf NAME]: made when it is not there. */
struct vrf {
	const char *name;	 /* a valid name of an interface */
	uint32_t table;		 /* not 0 */
	struct words interfaces; /* names or patterns, see fnmatch(3): they are put into it */
	enum need need;		 /* not NEED_OFF */
	struct origin origin;
	const struct setting *settings;
};

/* An address with the length of its network's prefix; not NULL-terminated text, but bytes. */
struct address {
	const char *text;	 /* as it was written, "192.0.2.1/24" */
	unsigned char family;	 /* AF_INET or AF_INET6 */
	unsigned char prefix;	 /* 0 .. 32 or 128; the whole address unless it was written */
	unsigned char bytes[16]; /* in network order */
};

/* [interface PATTERN]: what each interface gets as it arrives. All that match apply, in order. */
struct interface_rule {
	const char *pattern;		 /* see fnmatch(3) */
	bool up;			 /* false: left as it is */
	unsigned mtu;			 /* bytes; 0: left as it is */
	const struct address *addresses; /* added; those that are there stay */
	unsigned address_count;
	const struct sysctl *sysctls;
	unsigned sysctl_count;
	struct origin origin;
	const struct setting *settings;
};

/* Which interfaces must be there before the services start. */
enum interfaces_kind {
	INTERFACES_NONE,
	INTERFACES_AUTO,  /* as many as $CLAB_INTFS says, if it is set; eth0 not counted */
	INTERFACES_COUNT, /* so many, the loopback and the virtual ones not counted */
	INTERFACES_NAMES, /* for each name or pattern at least one */
	INTERFACES_KIND_COUNT
};

struct interfaces {
	enum interfaces_kind kind;
	unsigned count;
	struct words names;
};

enum proc_sys {
	PROC_SYS_AS_IS,	  /* what cannot be written is checked */
	PROC_SYS_REMOUNT, /* where it is read-only, written through a mount of our own */
	PROC_SYS_COUNT
};

enum root_password_kind {
	ROOT_PASSWORD_KEEP,   /* as the image has it */
	ROOT_PASSWORD_EMPTY,  /* none is needed */
	ROOT_PASSWORD_LOCKED, /* none matches */
	ROOT_PASSWORD_HASH,   /* that of crypt(5) */
	ROOT_PASSWORD_KIND_COUNT
};

#define ROOT_PASSWORD_HASH_MAX 512	  /* bytes */
#define ROOT_PASSWORD_HIDDEN   "(hidden)" /* in place of a hash that is not to be seen */

struct root_password {
	enum root_password_kind kind;
	const char *hash; /* NULL: none is given */
};

enum node_sandbox { NODE_SANDBOX_NONE, NODE_SANDBOX_AUTO, NODE_SANDBOX_COUNT };

enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON, LOG_FORMAT_COUNT };

struct node {
	struct words handover;	    /* what PID 1 becomes, once all is prepared; count 0: nothing */
	struct words hostname_from; /* absolute paths, "$NAME" for the environment, or a name */
	struct interfaces interfaces;
	int64_t interfaces_timeout_ms;
	enum proc_sys proc_sys;
	struct root_password root_password;
	unsigned required;	   /* bits 1 << enum step: a failure there ends the boot */
	enum node_sandbox sandbox; /* AUTO: each service whose program has a preset gets it */
	bool harden;		   /* PID 1 gives up what it needs no more */
	const char *ready_message; /* NULL: none */
	int64_t stop_budget_ms;
	bool crash_off;		    /* nothing is kept of services that fail */
	const char *crash_dir;	    /* where it is kept; NULL: where firsthop thinks best */
	unsigned crash_keep;	    /* so many, at least 1 */
	uint64_t crash_max_bytes;   /* all of them together */
	enum node_end on_failure;   /* what a machine does then */
	enum log_format log_format; /* of what goes to stdout and into files */
	bool log_timestamps;	    /* in front of text; JSON has them anyway */
	const char *control_group;  /* whose members may look, name or number; NULL: none */
	const struct setting *settings;
};

enum persist_prefer {
	PREFER_STORE,  /* day-0 only when nothing was kept */
	PREFER_DAY0,   /* day-0 at each boot; what was kept can be rolled back to */
	PREFER_NEWEST, /* the store, unless day-0 has changed since it was last seen */
	PERSIST_PREFER_COUNT
};

/* [persist NAME]: a file that outlives the container. */
struct persist {
	const char *name;
	const char *path;	  /* what services read and write; absolute, as are the others */
	const char *store;	  /* what is restored from */
	const char *day0;	  /* the first boot's; NULL: none */
	struct words check;	  /* a program that says whether %f is valid; count 0: none */
	const char *user, *group; /* of `path`; NULL: as it is, or root; the user's own */
	bool has_mode;
	unsigned mode; /* of `path`, store and generations */
	int keep;      /* generations, the newest included; 1 .. PERSIST_KEEP_MAX */
	bool has_keep;
	enum persist_prefer prefer;
	struct origin origin;
	const struct setting *settings;
};

#define PERSIST_KEEP_MAX 100
#define CRASH_KEEP_MAX	 500

/* So many neighbours make a routing protocol converged; 0: it is not looked at. */
struct converged_counts {
	unsigned bgp; /* CONVERGED_ALL: each that is configured */
	unsigned ospf, isis;
};

#define CONVERGED_ALL UINT_MAX
#define CONVERGED_MAX 65535

/* Where FRR's own files are; used only when the section exists or the built-in configuration
 * found FRR. */
/* What comes before the stop of a daemon that has neighbours. */
enum frr_stop {
	FRR_STOP_DRAIN, /* they are told */
	FRR_STOP_FAST,
	FRR_STOP_COUNT
};

struct frr {
	bool enabled;
	enum frr_stop stop;
	struct origin origin;
	const char *daemons, *protocols, *config; /* paths; protocols may be absent on disk */
	bool daemons_shell; /* bash evaluates `daemons` when it is more than assignments */
	struct converged_counts converged;
	const struct setting *settings;
};

struct model {
	struct node node;
	struct frr frr;
	const struct service *services;
	unsigned service_count;
	const struct names *names; /* of the services, for model_find(); NULL: it searches */
	const struct sysctl *sysctls;
	unsigned sysctl_count;
	const struct module *modules;
	unsigned module_count;
	const struct vrf *vrfs;
	unsigned vrf_count;
	const struct interface_rule *interface_rules;
	unsigned interface_rule_count;
	const struct persist *persists;
	unsigned persist_count;
	struct signal_rule signals[SIGNAL_MAX + 1]; /* by signal number; [0] unused */
};

/* The service of that name, or NULL. */
const struct service *model_find(const struct model *model, const char *name);

/* What is set of that kind; never NULL. */
const struct limit *service_limit(const struct service *service, enum limit_kind kind);

/* The same without what is not for everybody's eyes, for as long as `model` lives. It prints, but
 * does not read back. */
struct model model_without_secrets(const struct model *model);

/* The field's names of the enumerators, as a configuration writes them ("on-failure"). */
const char *service_type_name(enum service_type type);
const char *ready_kind_name(enum ready_kind kind);
const char *restart_policy_name(enum restart_policy policy);
const char *step_name(enum step step);	      /* "sysctl", "hostname", as `required =` takes it */
const char *node_end_name(enum node_end end); /* "poweroff" */

/* Exit codes 0 .. 255 and signals 1 .. SIGNAL_MAX of a set; others are not in it, nor put in.
 * In NULL there is none. */
void exit_set_add_code(struct exit_set *set, unsigned code);
void exit_set_add_signal(struct exit_set *set, int signal);
bool exit_set_has_code(const struct exit_set *set, unsigned code);
bool exit_set_has_signal(const struct exit_set *set, int signal);

/* "TERM" for 15, "RTMIN+3" for 37, NULL outside 1 .. SIGNAL_MAX; and back, with or without "SIG",
 * or a number; -1 when it is none. Numbers are Linux's on amd64 and arm64. */
const char *signal_short_name(int signal);
int signal_from_name(const char *name);

#endif
