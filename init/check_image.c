#include "init/check_image.h"

#include "config/arena.h"
#include "config/diag.h"
#include "config/image.h"
#include "config/model.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define PATH_DEFAULT "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct checking {
	const struct image *image;
	struct diags *diags;
	struct arena arena;
	const char *users, *groups; /* the image's files, "" when absent */
};

static void complain(struct checking *checking, const struct service *service,
	enum severity severity, const char *what, const char *subject)
{
	diag_add(checking->diags, service->origin, severity, "service %s: %s %s", service->name,
		subject, what);
}

/* $PATH as the service will see it. */
static const char *search_path(const struct checking *checking, const struct service *service)
{
	for (unsigned i = service->environment.count; i-- > 0;)
		if (strncmp(service->environment.word[i], "PATH=", 5) == 0)
			return service->environment.word[i] + 5;
	const char *path = checking->image->environment(checking->image->context, "PATH");
	return path && *path ? path : PATH_DEFAULT;
}

static bool is_on_path(struct checking *checking, const char *path, const char *name)
{
	while (*path) {
		size_t length = strcspn(path, ":");
		const char *candidate =
			arena_printf(&checking->arena, "%.*s/%s", (int)length, path, name);

		if (candidate &&
			checking->image->is_executable(checking->image->context, candidate))
			return true;
		path += length;
		path += *path == ':';
	}
	return false;
}

static void check_program(
	struct checking *checking, const struct service *service, const struct words *words)
{
	if (words->count == 0)
		return;
	const char *program = words->word[0];
	const char *file = program;

	if (!strchr(program, '/')) {
		if (!is_on_path(checking, search_path(checking, service), program))
			complain(checking, service, SEVERITY_ERROR,
				"is in no directory of $PATH in the image", program);
		return;
	}
	if (program[0] != '/')
		file = arena_printf(&checking->arena, "%s/%s",
			service->directory ? service->directory : "", program);
	if (file && !checking->image->is_executable(checking->image->context, file))
		complain(checking, service, SEVERITY_ERROR,
			"is not in the image, or not executable", file);
}

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

/* Has passwd(5) or group(5) text an entry of that name? */
static bool has_entry(const char *entries, const char *name)
{
	size_t length = strlen(name);

	while (*entries) {
		if (strncmp(entries, name, length) == 0 && entries[length] == ':')
			return true;
		entries += strcspn(entries, "\n");
		entries += *entries == '\n';
	}
	return false;
}

static void check_account(struct checking *checking, const struct service *service,
	const char *name, const char *entries, const char *what)
{
	if (name && !is_number(name) && !has_entry(entries, name))
		complain(checking, service, SEVERITY_ERROR, what, name);
}

static void check_accounts(struct checking *checking, const struct service *service)
{
	static const char no_user[] = "is no user of the image (/etc/passwd)";
	static const char no_group[] = "is no group of the image (/etc/group)";

	check_account(checking, service, service->user, checking->users, no_user);
	check_account(checking, service, service->group, checking->groups, no_group);
	for (unsigned i = 0; i < service->runtime_directory_count; i++) {
		const struct runtime_directory *directory = &service->runtime_directories[i];

		check_account(checking, service, directory->user, checking->users, no_user);
		check_account(checking, service, directory->group, checking->groups, no_group);
	}
}

/* 0, or why it cannot be read: -EISDIR for a directory. */
static int probe(struct checking *checking, const char *path)
{
	char *text;
	size_t length;

	return checking->image->read(
		checking->image->context, path, &checking->arena, &text, &length);
}

/* These may be mounted, or made by the service that comes before: so only a warning. */
static void check_files(struct checking *checking, const struct service *service)
{
	if (service->directory && probe(checking, service->directory) == -ENOENT)
		complain(checking, service, SEVERITY_WARNING, "(directory) is not in the image",
			service->directory);
	for (unsigned i = 0; i < service->environment_files.count; i++) {
		const char *path = service->environment_files.word[i];

		if (probe(checking, path) == -ENOENT)
			complain(checking, service, SEVERITY_WARNING,
				"(environment_file) is not in the image", path);
	}
}

static const char *entries_of(struct checking *checking, const char *path)
{
	char *text;
	size_t length;

	if (checking->image->read(
		    checking->image->context, path, &checking->arena, &text, &length) < 0)
		return "";
	return text;
}

void check_image(const struct model *model, const struct image *image, struct diags *diags)
{
	struct checking checking = {.image = image, .diags = diags};

	checking.users = entries_of(&checking, "/etc/passwd");
	checking.groups = entries_of(&checking, "/etc/group");
	for (unsigned i = 0; i < model->service_count; i++) {
		const struct service *service = &model->services[i];

		check_program(&checking, service, &service->prepare);
		check_program(&checking, service, &service->command);
		check_program(&checking, service, &service->stop_command);
		check_program(&checking, service, &service->ready.words);
		check_accounts(&checking, service);
		check_files(&checking, service);
	}
	arena_free(&checking.arena);
}
