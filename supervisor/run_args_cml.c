/* config.json of Cisco Modeling Labs: one of the files that a node definition gives a node. What is
 * in "docker" is handed to `docker create`; the rest is for CML itself: the shell of the second
 * serial line, and the command that it runs in the container after the start, for the user's
 * boot.sh. */
#include "supervisor/run_args_build.h"

#include "supervisor/buffer.h"

#include <stdarg.h>

#define SHELL	    "/bin/bash"
#define BOOT_SCRIPT "/config/boot.sh"

/* A list within "docker", with what goes between its elements. */
struct list {
	struct buffer *buffer;
	bool has_lists, has_element;
};

static void open_list(struct list *list, const char *key)
{
	buffer_printf(list->buffer, "%s\n    \"%s\": [", list->has_lists ? "," : "", key);
	list->has_lists = true;
	list->has_element = false;
}

static void close_list(struct list *list)
{
	buffer_add_text(list->buffer, "\n    ]");
}

static void put_element(struct list *list, const char *text)
{
	buffer_add_text(list->buffer, list->has_element ? ",\n      " : "\n      ");
	list->has_element = true;
	run_put_quoted(list->buffer, text);
}

/* A flag and its value are two elements. */
__attribute__((format(printf, 3, 4))) static void put_pair(
	struct list *list, const char *flag, const char *format, ...)
{
	struct buffer text = {0};
	va_list args;

	va_start(args, format);
	buffer_vprintf(&text, format, args);
	va_end(args);
	put_element(list, flag);
	buffer_add_text(list->buffer, ", ");
	run_put_quoted(list->buffer, text.failed ? "" : text.data);
	list->buffer->failed |= text.failed;
	buffer_free(&text);
}

static const struct run_mount boot_script = {"cfg/boot.sh", BOOT_SCRIPT};

static void put_mount(struct list *list, const struct run_mount *mount)
{
	struct buffer text = {0};

	run_put_mount(&text, mount);
	put_element(list, text.failed ? "" : text.data);
	list->buffer->failed |= text.failed;
	buffer_free(&text);
}

/* The script is mounted whatever else is: CML runs it, firsthop does not. */
static void put_mounts(struct list *list, const struct run_args *args)
{
	open_list(list, "mounts");
	put_mount(list, &boot_script);
	for (unsigned i = 0; i < args->mount_count; i++)
		put_mount(list, &args->mounts[i]);
	close_list(list);
}

static void put_run_args(struct list *list, const struct run_args *args)
{
	open_list(list, "run_args");
	for (unsigned i = 0; i < args->sysctl_count; i++)
		put_pair(list, "--sysctl", "%s=%s", args->sysctls[i].key, args->sysctls[i].value);
	if (args->hostname)
		put_pair(list, "--hostname", "%s", args->hostname);
	if (args->stop_timeout_s > 0)
		put_pair(list, "--stop-timeout", "%u", args->stop_timeout_s);
	close_list(list);
}

void run_write_cml(struct buffer *buffer, const struct run_args *args)
{
	struct list list = {.buffer = buffer};

	buffer_add_text(buffer, "{\n  \"docker\": {");
	if (args->image) {
		buffer_add_text(buffer, "\n    \"image\": ");
		run_put_quoted(buffer, args->image);
		list.has_lists = true;
	}
	put_mounts(&list, args);
	open_list(&list, "caps");
	for (unsigned i = 0; i < args->capabilities.count; i++)
		put_element(&list, args->capabilities.word[i]);
	close_list(&list);
	put_run_args(&list, args);
	buffer_add_text(buffer, "\n  },\n  \"shell\": \"" SHELL "\",\n  \"day0cmd\": [\"" SHELL
				"\", \"" BOOT_SCRIPT "\"],\n  \"busybox\": true\n}\n");
}
