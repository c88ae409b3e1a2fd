/* Flags of docker and of those that follow it (podman; nerdctl, by docker's name), for a shell. */
#include "supervisor/run_args_build.h"

#include "supervisor/buffer.h"

#include <string.h>

static void put_escaped(
	struct buffer *buffer, const char *text, size_t length, char quote, const char *escaped)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == quote)
			buffer_add_text(buffer, escaped);
		else
			buffer_add(buffer, text + i, 1);
	}
}

/* A word for the shell: in single quotes, unless each byte of it means only itself. */
static void put_word(struct buffer *buffer, const char *text, size_t length)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-.,/:=+@%";

	if (length > 0 && strspn(text, plain) >= length) {
		buffer_add(buffer, text, length);
		return;
	}
	buffer_add(buffer, "'", 1);
	put_escaped(buffer, text, length, '\'', "'\\''");
	buffer_add(buffer, "'", 1);
}

/* "KEY=VALUE" of a --mount, which is read as a line of CSV, see RFC 4180. */
static void put_field(struct buffer *buffer, const char *key, const char *value)
{
	bool quoted = value[strcspn(value, ",\"")] != '\0';

	buffer_printf(buffer, ",%s%s=", quoted ? "\"" : "", key);
	put_escaped(buffer, value, strlen(value), '"', "\"\"");
	buffer_add_text(buffer, quoted ? "\"" : "");
}

void run_put_mount(struct buffer *buffer, const struct run_mount *mount)
{
	buffer_add_text(buffer, "type=bind");
	put_field(buffer, "source", mount->source);
	put_field(buffer, "target", mount->target);
}

/* Lines of one command: each but the last ends with a backslash, so that they can be pasted as they
 * are and are one command also for eval. */
struct command {
	struct buffer *buffer;
	const char *indent;
	bool begun;
};

static void put_flag(struct command *command, const char *flag)
{
	if (command->begun)
		buffer_printf(command->buffer, " \\\n%s", command->indent);
	command->begun = true;
	buffer_add_text(command->buffer, flag);
}

static void put_flag_with(struct command *command, const char *flag, const char *value)
{
	put_flag(command, flag);
	buffer_add(command->buffer, " ", 1);
	put_word(command->buffer, value, strlen(value));
}

/* The source must be absolute, and only the shell knows where it is. */
static void put_mount_flag(struct command *command, const struct run_mount *mount)
{
	static const char source[] = "source=";
	struct buffer text = {0};
	const char *path;

	run_put_mount(&text, mount);
	put_flag(command, "--mount ");
	path = text.failed ? NULL : strstr(text.data, source);
	if (path) {
		path += strlen(source);
		put_word(command->buffer, text.data, (size_t)(path - text.data));
		buffer_add_text(command->buffer, "\"$PWD\"/");
		put_word(command->buffer, path, strlen(path));
	}
	command->buffer->failed |= text.failed;
	buffer_free(&text);
}

static void put_sysctl_flag(struct command *command, const struct run_sysctl *sysctl)
{
	struct buffer text = {0};

	buffer_printf(&text, "%s=%s", sysctl->key, sysctl->value);
	if (!text.failed)
		put_flag_with(command, "--sysctl", text.data);
	command->buffer->failed |= text.failed;
	buffer_free(&text);
}

static void write_command(struct buffer *buffer, const struct run_args *args, const char *run)
{
	struct command command = {.buffer = buffer, .indent = args->image ? "  " : ""};

	if (args->image)
		put_flag(&command, run);
	for (unsigned i = 0; i < args->capabilities.count; i++)
		put_flag_with(&command, "--cap-add", args->capabilities.word[i]);
	for (unsigned i = 0; i < args->sysctl_count; i++)
		put_sysctl_flag(&command, &args->sysctls[i]);
	if (args->hostname)
		put_flag_with(&command, "--hostname", args->hostname);
	for (unsigned i = 0; i < args->mount_count; i++)
		put_mount_flag(&command, &args->mounts[i]);
	if (args->stop_timeout_s > 0) {
		put_flag(&command, "--stop-timeout");
		buffer_printf(buffer, " %u", args->stop_timeout_s);
	}
	if (args->terminal)
		put_flag(&command, "--interactive --tty");
	if (args->image) {
		put_flag(&command, "");
		put_word(buffer, args->image, strlen(args->image));
	}
	buffer_add_text(buffer, command.begun ? "\n" : "");
}

void run_write_docker(struct buffer *buffer, const struct run_args *args)
{
	write_command(buffer, args, "docker run -d");
}

void run_write_podman(struct buffer *buffer, const struct run_args *args)
{
	write_command(buffer, args, "podman run -d");
}
