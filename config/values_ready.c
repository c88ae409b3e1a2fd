/* ready = KIND[:WHAT], see enum ready_kind; and health, which takes those that are polled. */
#include "config/values.h"

#include "config/arena.h"
#include "config/nearest.h"
#include "config/quantity.h"
#include "config/text.h"
#include "config/words.h"

#include <arpa/inet.h>
#include <string.h>

#define NOTIFY_FD_DEFAULT 3
#define NOTIFY_FD_MAX	  255

/* What stands behind `KIND:`, in `rest`, which is NULL when there is no colon; only a command has
 * further words, and they are in ready->words already. */

static bool read_nothing(const struct value *value, const char *rest, struct ready *ready)
{
	(void)ready;
	return !rest || value_refuse_because(value, "nothing may follow the colon");
}

static bool read_descriptor(const struct value *value, const char *rest, struct ready *ready)
{
	int64_t number = NOTIFY_FD_DEFAULT;

	if (rest && quantity_number(rest, NOTIFY_FD_DEFAULT, NOTIFY_FD_MAX, &number) < 0)
		return value_refuse_because(value, "%s is not a descriptor from %d to %d",
			text_quote_string(value->arena, rest), NOTIFY_FD_DEFAULT, NOTIFY_FD_MAX);
	ready->number = (unsigned)number;
	return true;
}

static bool read_path(const struct value *value, const char *rest, struct ready *ready)
{
	if (!rest || *rest != '/')
		return value_refuse_because(value, "%s is not an absolute path",
			text_quote_string(value->arena, rest ? rest : ""));
	ready->text = rest;
	return true;
}

/* PORT, A.B.C.D:PORT or [A::B]:PORT; without an address, this host. */
static bool read_tcp(const struct value *value, const char *rest, struct ready *ready)
{
	const char *colon = rest ? strrchr(rest, ':') : NULL;
	const char *port = colon ? colon + 1 : rest;
	char *address = arena_strdup(value->arena, "127.0.0.1");
	bool bracketed = rest && *rest == '[';
	unsigned char binary[sizeof(struct in6_addr)];
	int64_t number;

	if (colon && bracketed && colon[-1] == ']')
		address = arena_strndup(value->arena, rest + 1, (size_t)(colon - rest - 2));
	else if (colon)
		address = arena_strndup(value->arena, rest, (size_t)(colon - rest));
	if (!address)
		return false;
	if (!port || quantity_number(port, 1, UINT16_MAX, &number) < 0 ||
		inet_pton(bracketed ? AF_INET6 : AF_INET, address, binary) != 1)
		return value_refuse_because(value,
			"%s is not PORT, 192.0.2.1:PORT or [2001:db8::1]:PORT",
			text_quote_string(value->arena, rest ? rest : ""));
	ready->text = address;
	ready->number = (unsigned)number;
	return true;
}

static bool read_vty(const struct value *value, const char *rest, struct ready *ready)
{
	if (!rest || !service_name_is_valid(rest))
		return value_refuse_because(
			value, "the name of an FRR daemon must follow, as in frr-vty:zebra");
	ready->text = rest;
	return true;
}

static bool read_command(const struct value *value, const char *rest, struct ready *ready)
{
	if (!rest || *rest != '/')
		return value_refuse_because(
			value, "a command with an absolute path must follow, as in exec:/bin/true");
	(void)ready;
	return true;
}

static const struct {
	const char *name;
	bool (*read)(const struct value *value, const char *rest, struct ready *ready);
} kinds[READY_KIND_COUNT] = {
	[READY_IMMEDIATELY] = {"immediately", read_nothing},
	[READY_NOTIFY_FD] = {"notify-fd", read_descriptor},
	[READY_SD_NOTIFY] = {"sd_notify", read_nothing},
	[READY_PIDFILE] = {"pidfile", read_path},
	[READY_FILE] = {"file", read_path},
	[READY_UNIX] = {"unix", read_path},
	[READY_TCP] = {"tcp", read_tcp},
	[READY_FRR_VTY] = {"frr-vty", read_vty},
	[READY_EXEC] = {"exec", read_command},
};

const char *ready_kind_name(enum ready_kind kind)
{
	return kinds[kind].name;
}

static bool read_kind(const struct value *value, enum ready_kind kind, const char *rest,
	const struct words *words, void *base)
{
	struct ready ready = {.kind = kind};

	if (kind == READY_EXEC) {
		const char **word = arena_array(value->arena, words->count + 1, sizeof(*word));

		if (!word)
			return false;
		memcpy(word, words->word, words->count * sizeof(*word));
		word[0] = rest;
		ready.words = (struct words){word, words->count};
	} else if (words->count > 1) {
		return value_refuse_because(
			value, "%s: too much", text_quote_string(value->arena, words->word[1]));
	}
	if (!kinds[kind].read(value, rest, &ready))
		return false;
	*(struct ready *)value_field(value->key, base) = ready;
	return true;
}

static bool parse_kind(const struct value *value, void *base, enum ready_kind first)
{
	struct nearest nearest = {0};
	struct words words;
	int r = words_split(value->arena, value->text, &words);
	char *name, *rest;

	if (r < 0 || words.count == 0)
		return r < 0 ? value_refuse_words(value, r) : value_refuse(value);
	name = arena_strdup(value->arena, words.word[0]);
	if (!name)
		return false;
	rest = strchr(name, ':');
	if (rest)
		*rest++ = '\0';
	nearest.wanted = name;
	for (enum ready_kind kind = first; kind < READY_KIND_COUNT; kind++) {
		nearest_offer(&nearest, kinds[kind].name);
		if (strcmp(name, kinds[kind].name) == 0)
			return read_kind(value, kind, rest, &words, base);
	}
	return value_refuse_because(value, "%s is not %s%s", text_quote_string(value->arena, name),
		value->key->kind->expects, nearest_hint(value->arena, &nearest));
}

static bool parse_ready(const struct value *value, void *base)
{
	return parse_kind(value, base, READY_IMMEDIATELY);
}

static void print_ready(struct text *out, const struct key *key, const void *base)
{
	const struct ready *ready = value_field_const(key, base);
	const char *name = kinds[ready->kind].name;

	text_put(out, name);
	switch (ready->kind) {
	case READY_IMMEDIATELY:
	case READY_SD_NOTIFY:
	case READY_KIND_COUNT:
		break;
	case READY_NOTIFY_FD:
		if (ready->number != NOTIFY_FD_DEFAULT)
			text_printf(out, ":%u", ready->number);
		break;
	case READY_PIDFILE:
	case READY_FILE:
	case READY_UNIX:
	case READY_FRR_VTY:
		text_put(out, ":");
		words_put(out, ready->text);
		break;
	case READY_TCP:
		if (strcmp(ready->text, "127.0.0.1") == 0)
			text_printf(out, ":%u", ready->number);
		else
			text_printf(out, strchr(ready->text, ':') ? ":[%s]:%u" : ":%s:%u",
				ready->text, ready->number);
		break;
	case READY_EXEC:
		text_put(out, ":");
		words_put_all(out, &ready->words);
		break;
	}
}

const struct value_kind value_ready = {
	.expects = "immediately, notify-fd, sd_notify, pidfile:PATH, file:PATH, "
		   "unix:PATH, tcp:PORT, frr-vty:DAEMON or exec:COMMAND",
	.parse = parse_ready,
	.print = print_ready,
	.raw = true,
};

#define NO_HEALTH "none"

static bool parse_health(const struct value *value, void *base)
{
	if (strcmp(value->text, NO_HEALTH) != 0)
		return parse_kind(value, base, READY_PIDFILE);
	*(struct ready *)value_field(value->key, base) = (struct ready){0};
	return true;
}

static void print_health(struct text *out, const struct key *key, const void *base)
{
	const struct ready *health = value_field_const(key, base);

	if (health->kind == READY_IMMEDIATELY)
		text_put(out, NO_HEALTH);
	else
		print_ready(out, key, base);
}

const struct value_kind value_health = {
	.expects = "none, pidfile:PATH, file:PATH, unix:PATH, tcp:PORT, frr-vty:DAEMON or "
		   "exec:COMMAND",
	.parse = parse_health,
	.print = print_health,
	.raw = true,
};
