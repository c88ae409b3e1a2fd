/* From FRR's `daemons` file and CML's `protocols` to sections, as frrinit.sh and watchfrr would
 * start them, but each in the foreground and watched on its own.
 *
 * Order: zebra and mgmtd start at once, for neither waits for the other; the rest needs zebra
 * ready, because a client that cannot connect at its first try waits for 1 s (10 s before FRR 10.3)
 * before the next. `frr-config` then loads the one configuration file, once all daemons are there:
 * vtysh silently leaves out a daemon that is not. One that comes back later gets its part of the
 * file by its own `reconfigure`. */
#include "config/frr.h"

#include "config/arena.h"
#include "config/build.h"
#include "config/frr_expansion.h"
#include "config/frr_files.h"
#include "config/image.h"
#include "config/ini_source.h"
#include "config/nearest.h"
#include "config/protocols.h"
#include "config/quantity.h"
#include "config/text.h"
#include "config/words.h"

#include <errno.h>
#include <string.h>

#define VTYSH  "/usr/bin/vtysh"
#define LOADER FRR_LOADER
#define WRITER FRR_WRITER

/* vtysh ends with 2 when a line of the file was unknown to a daemon; all other lines hold, and a
 * router that runs with them is worth more than one that calls itself broken. It says which line.
 */
#define LOADER_SUCCESS "0 2"

static const char *const daemons[] = {"mgmtd", "zebra", "bfdd", "bgpd", "ripd", "ripngd", "ospfd",
	"ospf6d", "isisd", "babeld", "pimd", "pim6d", "ldpd", "nhrpd", "eigrpd", "sharpd", "pbrd",
	"staticd", "fabricd", "vrrpd", "pathd"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_daemon(const char *name, size_t length)
{
	for (size_t i = 0; i < COUNT(daemons); i++)
		if (strlen(daemons[i]) == length && strncmp(daemons[i], name, length) == 0)
			return true;
	return false;
}

/* Those that `firsthop drain` knows. */
static bool has_neighbours(const char *daemon)
{
	return strcmp(daemon, "bgpd") == 0 || strcmp(daemon, "ospfd") == 0 ||
	       strcmp(daemon, "ospf6d") == 0;
}

/* bgpd, ospfd-1, the loader or the writer. */
bool frr_makes(const char *name)
{
	return strcmp(name, LOADER) == 0 || strcmp(name, WRITER) == 0 ||
	       is_daemon(name, strcspn(name, "-"));
}

static bool has_program(const struct build *build, const char *path)
{
	const struct image *image = build->image;

	return !image || !image->is_executable || image->is_executable(image->context, path);
}

static struct ini_section *add_section(struct expansion *x, const char *name, struct origin origin)
{
	struct ini_section *section =
		name ? ini_section_add(x->arena, x->sections, origin, "service", name) : NULL;

	if (section)
		section->generated = true;
	return section;
}

/* The command that loads the configuration into all daemons, or into one. With an instance vtysh
 * only knows them all by one name, and each takes the lines that it has already. */
static const char *loader_command(struct expansion *x, const char *daemon)
{
	const char *config = x->build->frr.config;
	struct text command = {.arena = x->arena};

	if (strcmp(config, "/etc/frr/frr.conf") == 0) {
		text_put(&command, VTYSH " -b");
	} else {
		text_put(&command, VTYSH " -f ");
		words_put(&command, config);
	}
	if (daemon)
		text_printf(&command, " -d %s", daemon);
	return text_string(&command);
}

/* Will zebra, started again, learn from it what the old one knew? bgpd and ospfd connect to the new
 * one, keep their neighbours, and tell it nothing of what they have: seen with 8.4, 10.4 and 10.7.
 * With 10.3 they do, but for what they have learned in between. staticd does since there is mgmtd
 * (9.1). */
static bool tells_a_new_zebra(const struct expansion *x, const char *daemon)
{
	return x->has_mgmtd && strcmp(daemon, "staticd") == 0;
}

static void add_service(
	struct expansion *x, const char *daemon, const char *instance, struct origin origin)
{
	const char *name = instance ? arena_printf(x->arena, "%s-%s", daemon, instance) : daemon;
	struct ini_section *section = add_section(x, name, origin);
	bool is_base = strcmp(daemon, "zebra") == 0 || strcmp(daemon, "mgmtd") == 0;
	struct origin options = origin, files = origin;
	const char *command = frr_command(x, daemon, instance, &options);
	const char *limit = frr_max_files(x, daemon, &files);
	/* Once it answers, it has to go on doing so. */
	const char *vty = name ? arena_printf(x->arena, "frr-vty:%s", name) : NULL;

	if (!section || !vty)
		return;
	ini_entry_add(x->arena, section, options, "command", command);
	if (!is_base)
		ini_entry_add(x->arena, section, origin, "needs", "zebra");
	if (!is_base && x->has_mgmtd)
		ini_entry_add(x->arena, section, origin, "after", "mgmtd");
	if (!is_base && !tells_a_new_zebra(x, daemon))
		ini_entry_add(x->arena, section, origin, "on_need_lost", "restart");
	ini_entry_add(x->arena, section, origin, "ready", vty);
	ini_entry_add(x->arena, section, origin, "health", vty);
	if (x->build->frr.stop == FRR_STOP_DRAIN && has_neighbours(daemon))
		ini_entry_add(x->arena, section, origin, "stop_command",
			arena_printf(x->arena, IMAGE_SELF " drain %s", name));
	if (limit)
		ini_entry_add(x->arena, section, files, "limit_nofile", limit);
	if (x->has_loader) {
		ini_entry_add(x->arena, section, origin, "reconfigure", loader_command(x, daemon));
		ini_entry_add(x->arena, section, origin, "reconfigure_exit_status", LOADER_SUCCESS);
	}
	ini_entry_add(x->arena, section, origin, "runtime_directory", "/run/frr 0755 frr:frr");
}

/* One service, or as many as X_instances = "1,2" names. */
static void add_instances(struct expansion *x, const char *daemon, struct origin origin)
{
	struct origin place = origin;
	const char *value = frr_get(x, "", daemon, "_instances", &place);
	char *list = value ? arena_strdup(x->arena, value) : NULL, *at = list;
	size_t length;

	if (!list || !*list) {
		add_service(x, daemon, NULL, origin);
		return;
	}
	while (at += strspn(at, " ,\t\n"), (length = strcspn(at, " ,\t\n")) > 0) {
		char *end = at + length, *instance = at;
		int64_t number;

		at = *end ? end + 1 : end;
		*end = '\0';
		if (quantity_number(instance, 1, UINT16_MAX, &number) == 0)
			add_service(x, daemon, arena_printf(x->arena, "%d", (int)number), place);
		else
			diag_add(x->build->diags, place, SEVERITY_WARNING,
				"%s_instances: %s is not a number from 1 to %d, ignored", daemon,
				text_quote_string(x->arena, instance), UINT16_MAX);
	}
}

/* frrcommon.sh starts these whatever the file says; mgmtd only where it exists (FRR 9.1 or later).
 */
static bool is_forced(const char *daemon)
{
	return strcmp(daemon, "zebra") == 0 || strcmp(daemon, "staticd") == 0 ||
	       strcmp(daemon, "mgmtd") == 0;
}

static bool is_enabled(struct expansion *x, const char *daemon, struct origin *origin)
{
	const char *value = frr_get(x, "", daemon, "", origin);

	if (value && *value && strcmp(value, "no") != 0 && strcmp(value, "0") != 0)
		return true;
	for (const struct protocol *p = x->protocols; p; p = p->next) {
		if (strcmp(p->name, daemon) == 0) {
			*origin = p->origin;
			return true;
		}
	}
	return is_forced(daemon);
}

static void add_daemons(struct expansion *x)
{
	for (size_t i = 0; i < COUNT(daemons); i++) {
		struct origin origin = x->build->frr.origin;
		const char *path = arena_printf(x->arena, FRR_PROGRAMS "%s", daemons[i]);

		if (!path || !is_enabled(x, daemons[i], &origin))
			continue;
		if (has_program(x->build, path))
			add_instances(x, daemons[i], origin);
		else if (strcmp(daemons[i], "mgmtd") != 0)
			diag_add(x->build->diags, origin, SEVERITY_WARNING,
				"%s is enabled, but %s is not there; going on without it",
				daemons[i], path);
	}
}

/* Without these two nothing can be configured: their restart is waited for. The others may fail. */
static const char *loader_edge(const char *daemon)
{
	return strcmp(daemon, "zebra") == 0 || strcmp(daemon, "mgmtd") == 0 ? "needs" : "wants";
}

static bool find_loader(struct expansion *x)
{
	if (!frr_has_configuration(x))
		return false;
	if (has_program(x->build, VTYSH))
		return true;
	diag_add(x->build->diags, x->build->frr.origin, SEVERITY_WARNING,
		"%s is not there to load %s", VTYSH, x->build->frr.config);
	return false;
}

/* At boot, once. A daemon that comes back is given its part by its own `reconfigure`. */
static void add_loader(struct expansion *x)
{
	const struct ini_section *first = x->sections->first;
	struct origin origin = x->build->frr.origin;
	struct ini_section *section;

	if (!x->has_loader)
		return;
	section = add_section(x, LOADER, origin);
	if (!section)
		return;
	ini_entry_add(x->arena, section, origin, "type", "oneshot");
	ini_entry_add(x->arena, section, origin, "command", loader_command(x, NULL));
	ini_entry_add(x->arena, section, origin, "success_exit_status", LOADER_SUCCESS);
	/* What mgmtd could not take is not lost: init/hear.c calls that a failure, too. */
	ini_entry_add(x->arena, section, origin, "restart", "on-failure");
	ini_entry_add(x->arena, section, origin, "give_up", "5 in 10m");
	for (; first != section; first = first->next)
		ini_entry_add(x->arena, section, origin, loader_edge(first->name), first->name);
}

/* What `write memory` runs, by way of init/watchfrr.c. A stop in the midst of it lets it end, with
 * all daemons there to tell what they hold: cut short, it would leave half a file. Hence `after`,
 * and a signal that does nothing. */
static void add_writer(struct expansion *x)
{
	const struct ini_section *first = x->sections->first;
	struct origin origin = x->build->frr.origin;
	const char *enabled = frr_get(x, "", "watchfrr", "_enable", &origin);
	struct ini_section *section;

	if (!has_program(x->build, VTYSH) || (enabled && strcmp(enabled, "no") == 0))
		return;
	origin = x->build->frr.origin;
	section = add_section(x, WRITER, origin);
	if (!section)
		return;
	ini_entry_add(x->arena, section, origin, "type", "oneshot");
	ini_entry_add(x->arena, section, origin, "start", "manual");
	ini_entry_add(x->arena, section, origin, "command", VTYSH " -w");
	ini_entry_add(x->arena, section, origin, "start_timeout", "30s");
	ini_entry_add(x->arena, section, origin, "stop_signal", "CONT");
	ini_entry_add(x->arena, section, origin, "stop_timeout", "2s");
	/* Who asked gets to read it; `firsthop logs frr-write` has it as well. */
	ini_entry_add(x->arena, section, origin, "log", "none");
	for (; first != section; first = first->next)
		ini_entry_add(x->arena, section, origin, "after", first->name);
}

/* A name that was meant to be a daemon's. */
static void warn_unknown(struct expansion *x, const char *name, struct origin origin)
{
	struct nearest nearest = {.wanted = name};

	for (size_t i = 0; i < COUNT(daemons); i++)
		nearest_offer(&nearest, daemons[i]);
	diag_add(x->build->diags, origin, SEVERITY_WARNING, "FRR has no daemon %s%s",
		text_quote_string(x->arena, name), nearest_hint(x->arena, &nearest));
}

static void check_names(struct expansion *x)
{
	const struct frr_variable *variable = NULL;
	const char *name, *value;
	struct origin origin;

	for (const struct protocol *p = x->protocols; p; p = p->next)
		if (!is_daemon(p->name, strlen(p->name)))
			warn_unknown(x, p->name, p->origin);
	while (frr_variable_next(&x->variables, &variable, &name, &value, &origin))
		if (strcmp(value, "yes") == 0 && name[strlen(name) - 1] == 'd' &&
			!is_daemon(name, strlen(name)))
			warn_unknown(x, name, origin);
}

int frr_services(struct build *build, struct ini_sections *sections)
{
	struct expansion x = {
		.build = build,
		.arena = build->scratch,
		.variables = {.image = build->image},
		.sections = sections,
	};
	struct origin origin = build->frr.origin;
	int r = frr_read_files(&x);

	if (r < 0)
		return r;
	check_names(&x);
	if (!has_program(build, FRR_PROGRAMS "zebra")) {
		diag_add(build->diags, origin, SEVERITY_WARNING,
			"%szebra is not there; going on without FRR", FRR_PROGRAMS);
		return 0;
	}
	x.has_mgmtd = has_program(build, FRR_PROGRAMS "mgmtd");
	x.profile = frr_get(&x, "", "frr_profile", "", &origin);
	if (x.profile && !*x.profile)
		x.profile = NULL;
	x.global_options = frr_options(&x, "frr_global", "_options", &origin);
	x.global_wrap = frr_wrap(&x, "all");
	x.has_loader = find_loader(&x);
	add_daemons(&x);
	add_loader(&x);
	add_writer(&x);
	return x.arena->failed ? -ENOMEM : 0;
}
