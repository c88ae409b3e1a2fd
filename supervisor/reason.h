/* reason: why the container has ended, in one line of JSON, for whoever comes to look at what is
 * left of it. Pure; init/reason.h gathers it and puts it down. */
#ifndef FIRSTHOP_SUPERVISOR_REASON_H
#define FIRSTHOP_SUPERVISOR_REASON_H

struct buffer;

enum reason_kind {
	REASON_USAGE,	      /* 100: bad command line */
	REASON_CONFIGURATION, /* 100: it has errors, and --strict */
	REASON_PREPARATION,   /* 101: something that is required is not so */
	REASON_CRITICAL,      /* 102: a service has failed for good */
	REASON_NOT_READY,     /* 103: the same, for it did not become ready in time */
	REASON_SYSTEM,	      /* 111: the kernel refused what nothing goes without */
	REASON_COMMAND,	      /* its own code: the foreground command has failed */
	REASON_KIND_COUNT
};

/* Texts that are NULL have nothing to say. */
struct reason {
	int exit_code;
	enum reason_kind kind;
	const char *version; /* firsthop's */
	const char *time;    /* "2026-11-30T10:53:22Z" */
	const char *service; /* that ended it */
	const char *step;    /* of the preparation, see step_name(); and its subject */
	const char *subject;
	const char *text; /* what has happened, for people */
	const char *last; /* how the service ended: "exited 1" */
	const char *cure;
	const char *crash;  /* the directory with all that is known of it */
	const char *output; /* the last lines of the service, each with '\n' */
};

/* What a container's engine takes, see terminationMessagePath of Kubernetes. */
#define REASON_MAX_BYTES 4096

const char *reason_kind_name(enum reason_kind kind);

/* Appends the object and '\n': REASON_MAX_BYTES at most. What is too long loses its output, then
 * the ends of its texts. See doc/json.md. */
void reason_write_json(struct buffer *buffer, const struct reason *reason);

#endif
