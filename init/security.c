#include "init/security.h"

#include "config/arena.h"
#include "config/capability.h"
#include "config/config.h"
#include "config/model.h"
#include "config/text.h"
#include "config/words.h"
#include "init/client.h"
#include "init/print.h"
#include "supervisor/buffer.h"
#include "supervisor/detail.h"
#include "supervisor/status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define TIMEOUT_MS 10000

/* Of /proc/PID/status, see proc(5). */
struct process {
	unsigned uid;
	uint64_t permitted, bounding;
	bool no_new_privs, filtered;
	unsigned filters; /* how many; 0: not told */
};

static uint64_t bounding_set(void)
{
	uint64_t set = 0;

	for (int number = 0; number < CAPABILITY_COUNT; number++)
		if (prctl(PR_CAPBSET_READ, number, 0, 0, 0) == 1)
			set |= (uint64_t)1 << number;
	return set;
}

int security_of_model(struct arena *arena, const struct model *model, struct exposure **ret_list,
	unsigned *ret_count)
{
	struct exposure *list = arena_array(arena, model->service_count + 1u, sizeof(*list));
	uint64_t all = bounding_set();

	if (!list)
		return -ENOMEM;
	for (unsigned i = 0; i < model->service_count; i++)
		list[i] = exposure_of(arena, &model->services[i], all);
	*ret_list = list;
	*ret_count = model->service_count;
	return arena->failed ? -ENOMEM : 0;
}

/* The number behind "NAME:"; false: there is none. */
static bool read_field(const char *line, const char *name, int base, uint64_t *ret_number)
{
	size_t length = strlen(name);

	if (strncmp(line, name, length) != 0 || line[length] != ':')
		return false;
	*ret_number = strtoull(line + length + 1, NULL, base);
	return true;
}

static void read_line(const char *line, struct process *process)
{
	uint64_t number;

	if (strncmp(line, "Uid:", 4) == 0)
		(void)sscanf(line, "Uid: %*u %u", &process->uid); /* the kernel writes it so */
	if (read_field(line, "CapPrm", 16, &number))
		process->permitted = number;
	if (read_field(line, "CapBnd", 16, &number))
		process->bounding = number;
	if (read_field(line, "NoNewPrivs", 10, &number))
		process->no_new_privs = number == 1;
	if (read_field(line, "Seccomp", 10, &number))
		process->filtered = number == 2;
	if (read_field(line, "Seccomp_filters", 10, &number))
		process->filters = (unsigned)number;
}

static bool read_process(pid_t pid, struct process *ret_process)
{
	char path[64], line[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid); /* fits */
	file = fopen(path, "re");
	if (!file)
		return false;
	*ret_process = (struct process){0};
	while (fgets(line, sizeof(line), file))
		read_line(line, ret_process);
	(void)fclose(file); /* was only read */
	return true;
}

/* The container's own filter is on PID 1 as well. Kernels before 5.9 do not count. */
static bool has_own_filter(const struct process *process)
{
	struct process init;

	if (!process->filtered || !read_process(1, &init))
		return process->filtered;
	return process->filters ? process->filters > init.filters : !init.filtered;
}

/* What is goes before what was asked for. */
static void look_at_process(struct arena *arena, pid_t pid, struct exposure *exposure)
{
	struct process process;
	bool asked_filter = exposure->filtered, asked_privs = exposure->no_new_privs;

	if (pid <= 0 || !read_process(pid, &process))
		return;
	exposure->live = true;
	exposure->root = process.uid == 0;
	if (exposure->root)
		exposure->user = "root";
	else if (strcmp(exposure->user, "root") == 0)
		exposure->user = arena_printf(arena, "%u", process.uid);
	exposure->no_new_privs = process.no_new_privs;
	exposure->capabilities =
		process.no_new_privs ? process.permitted : process.permitted | process.bounding;
	exposure->filtered = has_own_filter(&process);
	if (asked_filter && !exposure->filtered)
		exposure->differs = "its filter is not set: restart it";
	else if (asked_privs && !exposure->no_new_privs)
		exposure->differs = "no_new_privs is not set: restart it";
}

static int ask_detail(struct arena *arena, const char *name, struct service_detail *ret_detail)
{
	struct request request = {.type = REQUEST_DETAIL};
	struct buffer bytes = {0};
	struct frame frame;
	int error = strlen(name) < sizeof(request.service) ? 0 : -EINVAL;

	if (!error) {
		memcpy(request.service, name, strlen(name) + 1);
		error = client_ask(&request, TIMEOUT_MS, &bytes, &frame);
	}
	if (!error)
		error = protocol_get_detail(&frame, arena, ret_detail);
	buffer_free(&bytes);
	return error;
}

/* What an exposure is made of. */
static bool is_about_security(const char *key)
{
	static const char *const names[] = {"user", "command", "sandbox", "no_new_privs",
		"capabilities", "seccomp", "seccomp_action", "read_only", "read_write", "no_access",
		"private_tmp"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], key) == 0)
			return true;
	return false;
}

/* One line a word, because a line of a file has its limit; of a command its program is enough. */
static void put_key(struct arena *arena, struct text *text, const struct detail_key *key)
{
	struct words words;

	if (words_split(arena, key->value, &words) < 0)
		return;
	if (strcmp(key->key, "command") == 0 && words.count)
		words.count = 1;
	if (words.count == 0)
		text_printf(text, "%s =\n", key->key);
	for (unsigned i = 0; i < words.count; i++) {
		text_printf(text, "%s = ", key->key);
		words_put(text, words.word[i]);
		text_put(text, "\n");
	}
}

/* PID 1's configuration of the service, read as a file of its own. */
static int load_service(struct arena *arena, const char *name, const struct service **ret_service)
{
	struct text text = {.arena = arena};
	struct service_detail detail;
	const struct model *model;
	struct diags diags;
	int error = ask_detail(arena, name, &detail);

	if (error)
		return error;
	text_printf(&text, "[service %s]\n", name);
	for (unsigned i = 0; i < detail.key_count; i++)
		if (is_about_security(detail.keys[i].key))
			put_key(arena, &text, &detail.keys[i]);
	const struct config_file file = {"PID 1", text_string(&text), text.length};

	diags_init(&diags, arena);
	error = config_load(arena, &file, 1, NULL, &diags, &model);
	if (error) {
		print_diags(stderr, &diags); /* PID 1 is another version, and knows more */
		return error;
	}
	*ret_service = model_find(model, name);
	return *ret_service ? 0 : -ENOENT;
}

int security_of_status(struct arena *arena, const struct status *status, struct exposure **ret_list,
	unsigned *ret_count)
{
	struct exposure *list = arena_array(arena, status->service_count + 1u, sizeof(*list));
	uint64_t all = bounding_set();

	if (!list)
		return -ENOMEM;
	for (unsigned i = 0; i < status->service_count; i++) {
		const struct status_service *service = &status->services[i];
		const struct service *spec;
		int error = load_service(arena, service->name, &spec);

		if (error)
			return error;
		list[i] = exposure_of(arena, spec, all);
		look_at_process(arena, service->pid, &list[i]);
	}
	*ret_list = list;
	*ret_count = status->service_count;
	return arena->failed ? -ENOMEM : 0;
}
