/* run_args: what an engine must be told so that a configuration works in a container of its own:
 * capabilities, sysctls, host name, files, time to stop. First a list of it is made, then written
 * in the words of a platform: docker's or podman's flags, a compose file, config.json of Cisco
 * Modeling Labs, a topology of containerlab, a pod of Kubernetes.
 *
 * An engine that is told of a sysctl which it may not set, or which is not there, does not start
 * the container at all. So only what is sure to be taken is listed; what is left out is told in a
 * note, with what to do about it. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_RUN_ARGS_H
#define FIRSTHOP_SUPERVISOR_RUN_ARGS_H

#include "config/model.h"

#include <stdbool.h>

struct arena;
struct buffer;

enum run_platform {
	RUN_DOCKER,
	RUN_PODMAN,
	RUN_COMPOSE,
	RUN_CML,
	RUN_CONTAINERLAB,
	RUN_K8S,
	RUN_PLATFORM_COUNT
};

struct run_request {
	enum run_platform platform;
	const char *image; /* its name for the engine; NULL: not known */
	bool no_mounts;
	/* Is there a file of that path below /proc/sys? NULL: each key is taken to be there. */
	bool (*sysctl_exists)(void *context, const char *path);
	void *context;
};

struct run_sysctl {
	const char *key, *value; /* the key with dots, as engines take it */
	bool is_safe;		 /* a kubelet takes it without being told to */
};

/* A file or directory of the host, relative to where one works, that is bound over one inside. */
struct run_mount {
	const char *source, *target;
};

struct run_args {
	const char *image;	   /* NULL: not known */
	const char *hostname;	   /* NULL: the configuration has none */
	struct words capabilities; /* without CAP_ */
	const struct run_sysctl *sysctls;
	unsigned sysctl_count;
	const struct run_mount *mounts;
	unsigned mount_count;
	unsigned stop_timeout_s; /* 0: the stop takes as long as it takes */
	bool terminal;		 /* a console service wants one */
	struct words notes;	 /* what was left out, and what to know; a sentence each */
};

/* "docker", "compose" …; and back: false when there is none of that name. */
const char *run_platform_name(enum run_platform platform);
bool run_platform_find(const char *name, enum run_platform *ret_platform);

/* Texts live in the arena, or in the model and request. 0 or -ENOMEM. */
int run_args_make(struct arena *arena, const struct model *model, const struct run_request *request,
	struct run_args *ret_args);

/* In the words of the platform. The buffer may fail for memory. */
/* As JSON, version 1, see doc/json.md: the list itself, in nobody's words. */
void run_args_write_json(
	struct buffer *buffer, const struct run_args *args, enum run_platform platform);
void run_args_write(struct buffer *buffer, const struct run_args *args, enum run_platform platform);

#endif
