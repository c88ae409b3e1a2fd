/* values: the kinds of values that keys.c makes its table of. */
#ifndef FIRSTHOP_CONFIG_VALUES_H
#define FIRSTHOP_CONFIG_VALUES_H

#include "config/keys.h"

/* One field each, unless said. */
extern const struct value_kind value_text;	 /* const char * */
extern const struct value_kind value_any_text;	 /* the same; '' is NULL */
extern const struct value_kind value_path;	 /* const char *, absolute */
extern const struct value_kind value_account;	 /* const char *, a user or group */
extern const struct value_kind value_choice;	 /* an enum; detail: its names, NULL-terminated */
extern const struct value_kind value_type;	 /* the same for enum service_type */
extern const struct value_kind value_bool;	 /* bool */
extern const struct value_kind value_time;	 /* int64_t, milliseconds */
extern const struct value_kind value_time_range; /* int64_t; also: int64_t, the upper end */
extern const struct value_kind value_signal;	 /* int */
extern const struct value_kind value_mode;	 /* unsigned; also: bool, "is set" */
extern const struct value_kind value_integer;	 /* int; also: bool; detail: struct int_range */
extern const struct value_kind value_give_up;	 /* unsigned; also: int64_t, the window */
extern const struct value_kind value_exit_set;	 /* struct exit_set */
extern const struct value_kind value_ready;	 /* struct ready */
extern const struct value_kind value_log;	 /* enum log_kind; also: const char *, its path */
extern const struct value_kind value_limit_bytes, value_limit_count, value_limit_time;

/* Words. */
extern const struct value_kind value_command;	/* struct words; the first an absolute path */
extern const struct value_kind value_hostnames; /* struct words; paths, or a name */

/* Lists: struct words, may be given several times. */
extern const struct value_kind value_services;
extern const struct value_kind value_environment;
extern const struct value_kind value_paths;
extern const struct value_kind value_capabilities;
/* const struct runtime_directory *; also: unsigned, their count. */
extern const struct value_kind value_directories;

struct int_range {
	int least, most;
};

/* For value_choice, in the order of their enums. */
extern const char *const service_type_names[],
	*const start_mode_names[], *const restart_policy_names[],
					   *const on_give_up_names[], *const on_need_lost_names[],
									      *const step_names[];

/* [A-Za-z0-9][A-Za-z0-9._@-]*, SERVICE_NAME_MAX bytes at most. */
bool service_name_is_valid(const char *name);

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
