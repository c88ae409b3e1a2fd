#include "supervisor/converged.h"

#include "config/arena.h"

#include <errno.h>
#include <string.h>

enum field { FIELD_STATE, FIELD_SECOND, FIELD_NAME, FIELD_OWN_ROLE, FIELD_COUNT };

/* Which members make an object of the answer a neighbour: it has the first two. Of BGP the second,
 * peerState, is Admin when the neighbour was shut down by configuration. IS-IS is no JSON. */
static const char *const field_names[ROUTING_COUNT][FIELD_COUNT] = {
	[ROUTING_BGP] = {"state", "peerState"},
	[ROUTING_OSPF] = {"nbrState", "ifaceName"},
	[ROUTING_OSPF6] = {"state", "interfaceName", "neighborId", "interfaceState"},
};

/* An object or array that is open. */
struct frame {
	struct slice key;
	struct slice fields[FIELD_COUNT];
};

struct reading {
	struct arena *arena;
	enum routing routing;
	struct frame frames[JSON_SCAN_DEPTH + 1];
	struct neighbours found;
	size_t capacity;
};

/* "Full/DR" as "Full"; FRR 8.4 writes "Full\/DR". */
static struct slice up_to_slash(struct slice text)
{
	size_t length = 0;

	while (length < text.length && text.at[length] != '/' && text.at[length] != '\\')
		length++;
	return (struct slice){text.at, length};
}

/* A role may follow the state: Full/DR, 2-Way/DROther. */
static bool ends_in(struct slice text, const char *end)
{
	size_t length = strlen(end);

	return text.length >= length && memcmp(text.at + text.length - length, end, length) == 0;
}

static bool is_up(enum routing routing, struct slice state, struct slice own_role)
{
	switch (routing) {
	case ROUTING_BGP:
		return slice_is(state, "Established");
	case ROUTING_OSPF:
		/* Two routers that are neither DR nor its backup go no further than 2-Way. */
		return slice_is(up_to_slash(state), "Full") ||
		       (slice_is(up_to_slash(state), "2-Way") && ends_in(state, "DROther"));
	case ROUTING_OSPF6:
		return slice_is(state, "Full") ||
		       (slice_is(state, "Twoway") && slice_is(own_role, "DROther"));
	case ROUTING_ISIS:
		return slice_is(state, "Up");
	case ROUTING_COUNT:
		break;
	}
	return false;
}

/* A BGP neighbour is in the answer once for each of its address families. */
static bool is_known(const struct reading *reading, const struct neighbour *neighbour)
{
	for (size_t i = 0; reading->routing == ROUTING_BGP && i < reading->found.count; i++)
		if (slice_equal(reading->found.list[i].name, neighbour->name) &&
			slice_equal(reading->found.list[i].where, neighbour->where))
			return true;
	return false;
}

static int add(struct reading *reading, struct neighbour neighbour)
{
	struct neighbours *found = &reading->found;

	if (is_known(reading, &neighbour))
		return 0;
	if (found->count == NEIGHBOURS_MAX)
		return -EMSGSIZE;
	struct neighbour *list = arena_grow(
		reading->arena, found->list, found->count, &reading->capacity, sizeof(*list));

	if (!list)
		return -ENOMEM;
	found->list = list;
	list[found->count++] = neighbour;
	return 0;
}

/* The object at `depth` is complete: is it a neighbour? */
static int close_object(struct reading *reading, unsigned depth)
{
	const struct frame *frame = &reading->frames[depth];
	struct slice state = frame->fields[FIELD_STATE], second = frame->fields[FIELD_SECOND];
	struct neighbour neighbour = {.state = up_to_slash(state), .where = second};

	if (depth < 2 || !state.at || !second.at)
		return 0;
	neighbour.is_up = is_up(reading->routing, state, frame->fields[FIELD_OWN_ROLE]);
	if (reading->routing == ROUTING_BGP) {
		if (slice_is(second, "Admin"))
			return 0;
		neighbour.name = frame->key;
		neighbour.where = reading->frames[2].key.at && depth > 3 ? reading->frames[2].key
									 : (struct slice){NULL, 0};
	} else if (reading->routing == ROUTING_OSPF) {
		neighbour.name = reading->frames[depth - 1].key;
		/* "eth1:10.0.12.1" */
		const char *colon = memchr(second.at, ':', second.length);
		if (colon)
			neighbour.where.length = (size_t)(colon - second.at);
	} else {
		neighbour.name = frame->fields[FIELD_NAME];
	}
	return neighbour.name.at ? add(reading, neighbour) : -EPROTO;
}

static int take(struct reading *reading, const struct json_token *token, bool is_object)
{
	const char *const *names = field_names[reading->routing];
	const char *instance = reading->routing == ROUTING_BGP ? "peers" : "neighbors";

	if (token->kind == JSON_CLOSE)
		return is_object ? close_object(reading, token->depth) : 0;
	if (token->kind == JSON_OBJECT || token->kind == JSON_ARRAY) {
		reading->frames[token->depth] = (struct frame){.key = token->key};
		reading->found.has_instance |= slice_is(token->key, instance);
	}
	for (unsigned i = 0; token->kind == JSON_STRING && token->depth && i < FIELD_COUNT; i++)
		if (names[i] && slice_is(token->key, names[i]))
			reading->frames[token->depth].fields[i] = token->text;
	return 0;
}

/* One document; ospf6d writes one for each vrf, bgpd and ospfd one for all. */
static int read_document(struct reading *reading, struct json_scan *scan)
{
	for (;;) {
		/* What is closed is known only before. */
		bool is_object = scan->depth && scan->is_object[scan->depth];
		struct json_token token = json_scan_next(scan);

		if (token.kind == JSON_END || token.kind == JSON_INVALID)
			return token.kind == JSON_END ? 0 : -EPROTO;
		int error = take(reading, &token, is_object);
		if (error)
			return error;
	}
}

static int read_json(struct reading *reading, const char *text, size_t length)
{
	const char *end = length ? text + length : text;
	struct json_scan scan = {.at = text};
	int error = 0;

	while (!error && scan.at < end) {
		json_scan_begin(&scan, scan.at, (size_t)(end - scan.at));
		error = read_document(reading, &scan);
	}
	return error;
}

static struct slice next_word(const char **at, const char *end)
{
	struct slice word;

	while (*at < end && **at == ' ')
		(*at)++;
	word = (struct slice){*at, 0};
	while (*at < end && **at != ' ')
		(*at)++;
	word.length = (size_t)(*at - word.at);
	return word;
}

/* "Area core:", a head line, and for each neighbour " r2  eth1  1  Up  10  ba82.72d5.2e10". */
static int read_isis_line(struct reading *reading, const char *line, const char *end)
{
	struct neighbour neighbour = {.name = next_word(&line, end)};

	if (slice_is(neighbour.name, "Area")) {
		reading->found.has_instance = true;
		return 0;
	}
	neighbour.where = next_word(&line, end);
	neighbour.level = next_word(&line, end);
	neighbour.state = next_word(&line, end);
	neighbour.is_up = is_up(ROUTING_ISIS, neighbour.state, neighbour.state);
	/* The head has a word in the place of the level; an empty line nothing. */
	if (neighbour.level.length != 1 || *neighbour.level.at < '0' || *neighbour.level.at > '3')
		return 0;
	return neighbour.state.length ? add(reading, neighbour) : -EPROTO;
}

static int read_isis(struct reading *reading, const char *text, size_t length)
{
	const char *end = length ? text + length : text;
	int error = 0;

	while (!error && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = newline ? newline : end;

		error = read_isis_line(reading, text, line_end);
		text = newline ? newline + 1 : end;
	}
	/* Text that is about nothing we know is not a "no neighbour". */
	return !error && length && !reading->found.has_instance ? -EPROTO : error;
}

int converged_read(struct arena *arena, enum routing routing, const char *text, size_t length,
	struct neighbours *ret_neighbours)
{
	struct reading reading = {.arena = arena, .routing = routing};
	int error = routing == ROUTING_ISIS ? read_isis(&reading, text, length)
					    : read_json(&reading, text, length);

	if (!error)
		*ret_neighbours = reading.found;
	return error;
}
