/* values: the kinds of values that keys.c makes its table of. */
#ifndef FIRSTHOP_CONFIG_VALUES_H
#define FIRSTHOP_CONFIG_VALUES_H

#include "config/keys.h"

/* One field each, unless said. */
extern const struct value_kind value_text;	  /* const char * */
extern const struct value_kind value_any_text;	  /* the same; '' is NULL */
extern const struct value_kind value_path;	  /* const char *, absolute */
extern const struct value_kind value_path_or_off; /* the same; also: bool, it is off */
extern const struct value_kind value_account;	  /* const char *, a user or group */
extern const struct value_kind value_choice;	  /* an enum; detail: its names, NULL-terminated */
extern const struct value_kind value_type;	  /* the same for enum service_type */
extern const struct value_kind value_bool;	  /* bool */
extern const struct value_kind value_time;	  /* int64_t, milliseconds */
extern const struct value_kind value_time_range;  /* int64_t; also: int64_t, the upper end */
extern const struct value_kind value_signal;	  /* int */
extern const struct value_kind value_mode;	  /* unsigned; also: bool, "is set" */
extern const struct value_kind value_integer;	  /* int; also: bool; detail: struct int_range */
extern const struct value_kind value_count;	  /* unsigned; detail: struct int_range */
extern const struct value_kind value_give_up;	  /* unsigned; also: int64_t, the window */
extern const struct value_kind value_exit_set;	  /* struct exit_set */
extern const struct value_kind value_ready;	  /* struct ready */
extern const struct value_kind value_health;	  /* struct ready, of a kind that is polled */
extern const struct value_kind value_size;	  /* uint64_t, bytes; detail: the least, or NULL */
extern const struct value_kind value_log;	  /* enum log_kind; also: const char *, its path */
extern const struct value_kind value_limit_bytes, value_limit_count, value_limit_time;

/* struct root_password */
extern const struct value_kind value_root_password;

/* unsigned, UINT_MAX for `all`; detail: struct int_range */
extern const struct value_kind value_count_or_all;

/* Words. */
extern const struct value_kind value_command;	/* struct words; the first an absolute path */
extern const struct value_kind value_hostnames; /* struct words; paths, $NAME, or a name */

/* Of the network. */
extern const struct value_kind value_interfaces; /* struct interfaces */
extern const struct value_kind value_table;	 /* uint32_t, a routing table */
extern const struct value_kind value_mtu; /* unsigned, 0: not set; detail: struct int_range */

/* Of kept files. */
extern const struct value_kind value_check; /* struct words; with %f */
extern const struct value_kind value_owner; /* const char *, a user; also: the same, a group */

/* Lists: struct words, may be given several times. */
extern const struct value_kind value_services;
extern const struct value_kind value_environment;
extern const struct value_kind value_paths;
extern const struct value_kind value_interface_names; /* or patterns */
/* const struct runtime_directory *; also: unsigned, their count. */
extern const struct value_kind value_directories;
/* const struct address *; also: unsigned, their count. */
extern const struct value_kind value_addresses;
extern const struct value_kind value_accounts; /* users or groups */
/* struct words, see signed_list.h. */
extern const struct value_kind value_capabilities, value_seccomp;
extern const struct value_kind value_securebits; /* unsigned */
/* unsigned, bits 1 << enum step. */
extern const struct value_kind value_steps;

#define INTERFACE_PATTERN_MAX 48 /* bytes without the NUL */

/* What several kinds expect. */
#define AN_INTERFACE                                                                               \
	"the name of an interface (15 bytes at most, without blanks, / and :) or a pattern such "  \
	"as eth*"

struct int_range {
	int least, most;
};

/* For value_choice, in the order of their enums. */
extern const char *const service_type_names[];
extern const char *const start_mode_names[];
extern const char *const restart_policy_names[];
extern const char *const on_give_up_names[];
extern const char *const on_need_lost_names[];
extern const char *const step_names[];
extern const char *const need_names[];
extern const char *const vrf_need_names[]; /* without off */
extern const char *const proc_sys_names[];
extern const char *const node_end_names[];
extern const char *const persist_prefer_names[];
extern const char *const frr_stop_names[];
extern const char *const log_format_names[];
extern const char *const root_password_names[];
extern const char *const node_sandbox_names[];
extern const char *const seccomp_action_names[];

/* A name as useradd(8) takes it, or a number. Whether it exists is seen when it is used. */
bool account_name_is_valid(const char *name);
/* [A-Za-z0-9][A-Za-z0-9._@-]*, SERVICE_NAME_MAX bytes at most. */
bool service_name_is_valid(const char *name);

/* What may stand in [module NAME]: as in /sys/module, or a kind of link. */
bool module_name_is_valid(const char *name);
/* A name that the kernel takes for a link: INTERFACE_NAME_MAX bytes at most, no blank, '/' or ':',
 * not "." or "..". */
bool interface_name_is_valid(const char *name);
/* The same or a pattern of fnmatch(3), INTERFACE_PATTERN_MAX bytes at most. */
bool interface_pattern_is_valid(const char *pattern);
/* The same without patterns, and none that has a meaning elsewhere: "all", "default", "lo". */
bool vrf_name_is_valid(const char *name);

/* For the kinds only. The field of `base` that the key names first, or second. */
void *value_field(const struct key *key, void *base);
const void *value_field_const(const struct key *key, const void *base);
void *value_also(const struct key *key, void *base);
const void *value_also_const(const struct key *key, const void *base);

/* Says `KEY: "VALUE" is not EXPECTED`, or with a reason of its own; returns false. */
bool value_refuse(const struct value *value);
bool value_refuse_because(const struct value *value, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Says why words_split() or words_copy() failed with `error`; returns false. */
bool value_refuse_words(const struct value *value, int error);

#endif
