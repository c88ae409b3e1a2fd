/* run_args_build: while a struct run_args is made. Only for run_args*.c. */
#ifndef FIRSTHOP_SUPERVISOR_RUN_ARGS_BUILD_H
#define FIRSTHOP_SUPERVISOR_RUN_ARGS_BUILD_H

#include "supervisor/run_args.h"

#include <stdbool.h>
#include <stddef.h>

struct run_build {
	struct arena *arena; /* its `failed` is looked at once, at the end */
	const struct model *model;
	const struct run_request *request;
	struct run_args *args;
	struct run_sysctl *sysctls;
	size_t sysctl_capacity;
	struct run_mount *mounts;
	size_t mount_capacity;
	const char **notes;
	size_t note_count, note_capacity;
	bool left_to_firsthop; /* a sysctl that no engine can set */
};

void run_note(struct run_build *build, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* All [sysctl] and [interface] lines: each becomes a sysctl of args, or a note. */
void run_add_sysctls(struct run_build *build);

/* Does the platform give containers a /proc/sys that firsthop may write? */
bool run_platform_is_privileged(enum run_platform platform);

/* The writers. */
void run_write_docker(struct buffer *buffer, const struct run_args *args);
void run_write_podman(struct buffer *buffer, const struct run_args *args);
void run_write_cml(struct buffer *buffer, const struct run_args *args);
void run_write_compose(struct buffer *buffer, const struct run_args *args);
void run_write_containerlab(struct buffer *buffer, const struct run_args *args);
void run_write_k8s(struct buffer *buffer, const struct run_args *args);

/* For --mount: unlike -v it fails when the file is not there, and makes no directory instead. */
void run_put_mount(struct buffer *buffer, const struct run_mount *mount);

/* Text in double quotes, as JSON and YAML read it. */
void run_put_quoted(struct buffer *buffer, const char *text);

#endif
