/* What a preset says becomes settings of the service, as if they had been written before its own,
 * so that all that reads a model (show, diff, the start) needs to know of no preset. */
#include "config/sandbox.h"

#include "config/arena.h"
#include "config/build.h"
#include "config/keys.h"
#include "config/signed_list.h"
#include "config/text.h"
#include "config/values.h"
#include "config/words.h"

#include <errno.h>
#include <string.h>

/* The preset's list, from which the service's takes away. */
static bool is_to_join(const struct key *key, struct service *service)
{
	if (key->kind != &value_capabilities && key->kind != &value_seccomp)
		return false;
	const struct words *own = value_field(key, service);

	return own->count > 0 && signed_list_takes_away(own);
}

static void read_value(struct build *build, struct service *service, const struct key *key,
	struct origin origin, const char *text)
{
	const struct value value = {build->arena, build->diags, origin, key, text};

	(void)key->kind->parse(&value, service); /* the presets are ours, and tested */
}

static void join(struct build *build, struct service *service, const struct key *key,
	struct origin origin, const char *preset)
{
	struct text own = {.arena = build->scratch};

	words_put_all(&own, value_field(key, service));
	key->kind->clear(key, service);
	read_value(build, service, key, origin, preset);
	read_value(build, service, key, origin, text_string(&own));
}

static void remember(
	struct build *build, struct service *service, const struct key *key, struct origin origin)
{
	struct setting *setting = arena_alloc(build->arena, sizeof(*setting));

	if (!setting)
		return;
	*setting = (struct setting){service->settings, key, origin, .generated = true};
	service->settings = setting;
}

static void apply_key(
	struct build *build, struct service *service, const struct key *key, struct origin origin)
{
	const struct setting *own = setting_find(service->settings, key);
	const char *preset = sandbox_value(service->sandbox, key->name);

	if (!preset)
		return;
	if (!own) {
		remember(build, service, key, origin);
		read_value(build, service, key, origin, preset);
	} else if (is_to_join(key, service)) {
		join(build, service, key, own->origin, preset);
	}
}

int sandbox_apply(struct build *build, struct service *service)
{
	const struct key *sandbox = key_find(SECTION_SERVICE, "sandbox");
	const struct setting *chosen = setting_find(service->settings, sandbox);
	struct origin origin = chosen ? chosen->origin : (struct origin){"[node] sandbox", 0};

	if (!chosen && build->node.sandbox == NODE_SANDBOX_AUTO) {
		service->sandbox = sandbox_for(service);
		if (service->sandbox != SANDBOX_NONE)
			remember(build, service, sandbox, origin);
	}
	for (unsigned i = 0; service->sandbox != SANDBOX_NONE && i < key_count; i++)
		if (keys[i].section == SECTION_SERVICE)
			apply_key(build, service, &keys[i], origin);
	return build->arena->failed || build->scratch->failed ? -ENOMEM : 0;
}
