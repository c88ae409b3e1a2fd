/* The foreground command of the command line, beside the services of a configuration. */
#include "config/arena.h"
#include "config/config.h"
#include "config/build.h"
#include "config/names.h"

#include <string.h>

/* "command", or the first of "command-2", "command-3" … that is free. */
static const char *free_name(struct arena *arena, const struct model *model)
{
	const char *name = "command";

	for (unsigned i = 2; name && model_find(model, name); i++)
		name = arena_printf(arena, "command-%u", i);
	return name;
}

/* A word for each of argv; argv may be longer than a line of a file could be. */
static bool copy_argv(struct arena *arena, const char *const *argv, struct words *ret_words)
{
	unsigned count = 0;
	const char **word;

	while (argv[count])
		count++;
	word = arena_array(arena, count + 1, sizeof(*word));
	for (unsigned i = 0; word && i < count; i++)
		word[i] = arena_strdup(arena, argv[i]);
	*ret_words = (struct words){word, count};
	return !arena->failed;
}

/* Rules must not name services that are left out; one that named no other is no rule any more. */
static void drop_consoles(struct arena *arena, const struct model *model, struct signal_rule *rule)
{
	const char **kept = arena_array(arena, rule->services.count + 1, sizeof(*kept));
	unsigned count = 0;

	if (!kept || rule->services.count == 0)
		return;
	for (unsigned i = 0; i < rule->services.count; i++)
		if (model_find(model, rule->services.word[i]))
			kept[count++] = rule->services.word[i];
	rule->services = (struct words){kept, count};
	if (count == 0)
		rule->action = SIGNAL_IGNORE;
}

const struct model *config_add_command(struct arena *arena, const struct model *model,
	const char *const *argv, const char *directory)
{
	struct model *made = arena_alloc(arena, sizeof(*made));
	struct names *names = arena_alloc(arena, sizeof(*names));
	struct service *services =
		arena_array(arena, (size_t)model->service_count + 1, sizeof(*services));
	struct service *command;
	unsigned count = 0;

	if (!made || !names || !services)
		return NULL;
	for (unsigned i = 0; i < model->service_count; i++)
		if (model->services[i].type != SERVICE_CONSOLE)
			services[count++] = model->services[i];
	command = &services[count++];
	service_set_defaults(arena, arena, SERVICE_FOREGROUND, command);
	command->type = SERVICE_FOREGROUND;
	command->name = free_name(arena, model);
	command->origin = (struct origin){"command line", 0};
	if (directory)
		command->directory = arena_strdup(arena, directory);
	if (!copy_argv(arena, argv, &command->command))
		return NULL;
	for (unsigned i = 0; i < count; i++)
		if (names_add(names, arena, services[i].name, i) < 0)
			return NULL;
	*made = *model;
	made->services = services;
	made->service_count = count;
	made->names = names;
	for (int signal = 1; signal <= SIGNAL_MAX; signal++)
		drop_consoles(arena, made, &made->signals[signal]);
	return arena->failed ? NULL : made;
}
