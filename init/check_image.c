#include "init/check_image.h"

#include "config/arena.h"
#include "config/diag.h"
#include "config/image.h"
#include "config/model.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

struct checking {
	const struct image *image;
	struct diags *diags;
	struct arena arena;
	const char *users, *groups; /* the image's files, "" when absent */
};

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
		diag_add_missing(checking->diags, service->origin,
			"service %s: %s is no %s of the image", service->name, name, what);
}

static void check_accounts(struct checking *checking, const struct service *service)
{
	check_account(checking, service, service->user, checking->users, "user");
	check_account(checking, service, service->group, checking->groups, "group");
	for (unsigned i = 0; i < service->groups.count; i++)
		check_account(
			checking, service, service->groups.word[i], checking->groups, "group");
	for (unsigned i = 0; i < service->runtime_directory_count; i++) {
		const struct runtime_directory *directory = &service->runtime_directories[i];

		check_account(checking, service, directory->user, checking->users, "user");
		check_account(checking, service, directory->group, checking->groups, "group");
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
static void check_path(
	struct checking *checking, const struct service *service, const char *key, const char *path)
{
	if (path && probe(checking, path) == -ENOENT)
		diag_add(checking->diags, service->origin, SEVERITY_WARNING,
			"service %s: %s: %s is not in the image", service->name, key, path);
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

static void check_owner(struct checking *checking, const struct persist *persist, const char *name,
	const char *entries, const char *what)
{
	if (name && !is_number(name) && !has_entry(entries, name))
		diag_add_missing(checking->diags, persist->origin,
			"persist %s: %s is no %s of the image", persist->name, name, what);
}

void check_image(const struct model *model, const struct image *image, struct diags *diags)
{
	struct checking checking = {.image = image, .diags = diags};

	checking.users = entries_of(&checking, "/etc/passwd");
	checking.groups = entries_of(&checking, "/etc/group");
	for (unsigned i = 0; i < model->service_count; i++) {
		const struct service *service = &model->services[i];

		check_accounts(&checking, service);
		check_path(&checking, service, "directory", service->directory);
		for (unsigned k = 0; k < service->environment_files.count; k++)
			check_path(&checking, service, "environment_file",
				service->environment_files.word[k]);
	}
	for (unsigned i = 0; i < model->persist_count; i++) {
		const struct persist *persist = &model->persists[i];

		check_owner(&checking, persist, persist->user, checking.users, "user");
		check_owner(&checking, persist, persist->group, checking.groups, "group");
	}
	arena_free(&checking.arena);
}
