/* The chain that the boot waited for, as a tree of one branch. */
#include "supervisor/boot.h"
#include "supervisor/boot_scale.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/human.h"

#include <string.h>

enum { DEPTH_MAX = 20 }; /* deeper ones do not run out of the terminal */

struct written {
	struct buffer *buffer;
	const struct boot *boot;
	bool utf8;
};

static void put_branch(const struct written *written, unsigned depth)
{
	buffer_printf(
		written->buffer, "%*s", (int)(2 * (depth < DEPTH_MAX ? depth : DEPTH_MAX)), "");
	buffer_add_text(written->buffer, written->utf8 ? "\u2514\u2500" : "`-");
}

static void put_link(const struct written *written, struct arena *arena, unsigned depth,
	const struct boot_service *service)
{
	const char *reason = boot_wait_reason(arena, written->boot, service);

	put_branch(written, depth);
	human_add_printable(written->buffer, service->name, strlen(service->name), written->utf8);
	if (service->released != BOOT_NEVER)
		buffer_printf(written->buffer, " @%s", boot_time(service->released).text);
	buffer_printf(written->buffer, ": %s", boot_words(service).text);
	if (reason && service->released != BOOT_NEVER && service->released > service->wanted) {
		buffer_printf(written->buffer, ", waited %s ",
			boot_time(service->released - service->wanted).text);
		human_add_printable(written->buffer, reason, strlen(reason), written->utf8);
	} else if (reason && service->released == BOOT_NEVER) {
		buffer_add(written->buffer, " ", 1);
		human_add_printable(written->buffer, reason, strlen(reason), written->utf8);
	}
	buffer_add(written->buffer, "\n", 1);
}

static void put_root(const struct written *written, unsigned depth, const struct boot_step *root)
{
	put_branch(written, depth);
	human_add_printable(written->buffer, root->name, strlen(root->name), written->utf8);
	buffer_printf(written->buffer, " @%s: %s\n", boot_time(root->begin).text,
		root->end == BOOT_NEVER ? "goes on" : boot_time(root->end - root->begin).text);
}

void boot_write_chain(struct buffer *buffer, const struct boot *boot,
	const struct boot_critical *critical, bool utf8)
{
	const struct written written = {buffer, boot, utf8};
	const struct boot_step *root;
	struct arena arena = {0};

	if (critical->count == 0)
		return;
	buffer_add_text(buffer,
		"\nWhat the boot waited for, the last first; @ is when it was started:\n\n");
	if (boot->ready != BOOT_NEVER)
		buffer_printf(buffer, "all ready @%s\n", boot_time(boot->ready).text);
	else
		buffer_add_text(buffer, "not all ready\n");
	for (unsigned i = 0; i < critical->count; i++)
		put_link(&written, &arena, i, &boot->services[critical->chain[i]]);
	root = boot_chain_root(boot, &boot->services[critical->chain[critical->count - 1]]);
	if (root)
		put_root(&written, critical->count, root);
	arena_free(&arena);
}
