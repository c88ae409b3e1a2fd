/* What FRR's daemons answer, and what is made of it. The answers are those of real daemons: FRR 8.4
 * and 10.3, with all neighbours and with the cable cut; see tests/fuzz/corpus/converged. */
#include "supervisor/converged.h"

#include "config/arena.h"
#include "config/model.h"
#include "supervisor/buffer.h"
#include "tests/check.h"

#include <errno.h>
#include <stdlib.h>

#define DIRECTORY "tests/fuzz/corpus/converged/"

static const struct converged_counts defaults = {.bgp = CONVERGED_ALL, .ospf = 1, .isis = 1};

static void check_judged(enum routing routing, const struct converged_counts *counts,
	const char *text, size_t length, bool want, const char *want_reason)
{
	struct arena arena = {0};
	struct buffer reason = {0};
	struct neighbours neighbours = {.count = 0};

	CHECK_INT(converged_read(&arena, routing, text, length, &neighbours), 0);
	CHECK_INT(converged_judge(routing, counts, &neighbours, &reason), want);
	CHECK_STR(reason.length ? reason.data : "", want_reason);
	buffer_free(&reason);
	arena_free(&arena);
}

static void check_text(enum routing routing, const char *text, bool want, const char *want_reason)
{
	check_judged(routing, &defaults, text, strlen(text), want, want_reason);
}

/* The answer of both versions: NAME-8.4 and NAME-10.3. */
static void check_file(enum routing routing, const struct converged_counts *counts,
	const char *name, bool want, const char *want_reason)
{
	static const char *const versions[] = {"8.4", "10.3"};
	char path[256], text[8192];

	for (unsigned i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), DIRECTORY "%s-%s", name, versions[i]);
		FILE *file = fopen(path, "r");

		CHECK(file != NULL);
		if (!file)
			continue;
		size_t length = fread(text, 1, sizeof(text), file);
		fclose(file);
		check_judged(routing, counts, text, length, want, want_reason);
	}
}

/* One in each address family and vrf, one that is shut down, three that are not there. */
static void reads_bgp(void)
{
	const struct converged_counts one = {.bgp = 1}, two = {.bgp = 2}, none = {.bgp = 0};

	check_file(ROUTING_BGP, &defaults, "bgp-up", false,
		"bgp: 1 of 4 neighbours established: 10.0.12.9 is Active");
	check_file(ROUTING_BGP, &one, "bgp-up", true, "bgp: 1 of 1 neighbour established");
	check_file(ROUTING_BGP, &two, "bgp-up", false,
		"bgp: 1 of 2 neighbours established: 10.0.12.9 is Active");
	check_file(ROUTING_BGP, &none, "bgp-up", true, "");
	check_file(ROUTING_BGP, &one, "bgp-down", false,
		"bgp: 0 of 1 neighbour established: 10.0.12.2 is Active");
}

static void reads_bgp_families_and_vrfs(void)
{
#define PEERS(state) "{\"peers\":{\"10.0.0.1\":{\"state\":\"" state "\",\"peerState\":\"OK\"}}}"
	check_text(ROUTING_BGP,
		"{\"default\":{\"ipv4Unicast\":" PEERS("Established") ",\"ipv6Unicast\":" PEERS(
			"Established") "},\"red\":{\"ipv4Unicast\":" PEERS("Idle") "}}",
		false, "bgp: 1 of 2 neighbours established: vrf red: 10.0.0.1 is Idle");
#undef PEERS
	check_text(ROUTING_BGP, "{}", true, "");
	check_text(ROUTING_BGP, "{\n}\n", true, "");
}

static void reads_ospf(void)
{
	const struct converged_counts two = {.ospf = 2}, none = {.ospf = 0};

	check_file(ROUTING_OSPF, &defaults, "ospf-up", true, "ospf: 1 of 1 neighbour adjacent");
	check_file(ROUTING_OSPF, &two, "ospf-up", false, "ospf: 1 of 2 neighbours adjacent");
	check_file(ROUTING_OSPF, &defaults, "ospf-down", false, "ospf: 0 of 1 neighbour adjacent");
	check_file(ROUTING_OSPF, &none, "ospf-down", true, "");
	check_file(ROUTING_OSPF6, &defaults, "ospf6-up", true, "ospf6: 1 of 1 neighbour adjacent");
	check_file(
		ROUTING_OSPF6, &defaults, "ospf6-down", false, "ospf6: 0 of 1 neighbour adjacent");
	check_text(ROUTING_OSPF, "{}\n", true, "");
	check_text(ROUTING_OSPF6, "", true, "");
}

#define OSPF(state)                                                                                \
	"{\"default\":{\"neighbors\":{\"10.255.0.2\":[{\"nbrState\":\"" state                      \
	"\",\"ifaceName\":\"eth1:10.0.12.1\"}]}}}"
#define OSPF6(state, own)                                                                          \
	"{\"neighbors\":[{\"neighborId\":\"10.255.0.2\",\"state\":\"" state                        \
	"\",\"interfaceName\":\"eth1\",\"interfaceState\":\"" own "\"}]}\n"

static void knows_ospf_states(void)
{
	check_text(ROUTING_OSPF, OSPF("ExStart/DR"), false,
		"ospf: 0 of 1 neighbour adjacent: eth1: neighbour 10.255.0.2 is ExStart");
	check_text(ROUTING_OSPF, OSPF("ExStart\\/DR"), false,
		"ospf: 0 of 1 neighbour adjacent: eth1: neighbour 10.255.0.2 is ExStart");
	check_text(ROUTING_OSPF, OSPF("2-Way/DROther"), true, "ospf: 1 of 1 neighbour adjacent");
	check_text(ROUTING_OSPF, OSPF("2-Way/DR"), false,
		"ospf: 0 of 1 neighbour adjacent: eth1: neighbour 10.255.0.2 is 2-Way");
	check_text(ROUTING_OSPF, OSPF("Fuller/DR"), false,
		"ospf: 0 of 1 neighbour adjacent: eth1: neighbour 10.255.0.2 is Fuller");
	check_text(ROUTING_OSPF6, OSPF6("Twoway", "DROther"), true,
		"ospf6: 1 of 1 neighbour adjacent");
	check_text(ROUTING_OSPF6, OSPF6("Twoway", "BDR"), false,
		"ospf6: 0 of 1 neighbour adjacent: eth1: neighbour 10.255.0.2 is Twoway");
	/* A document for each vrf. */
	check_text(ROUTING_OSPF6, OSPF6("Full", "DR") OSPF6("Init", "DR"), false,
		"ospf6: 1 of 2 neighbours adjacent: eth1: neighbour 10.255.0.2 is Init");
}

static void reads_isis(void)
{
	const struct converged_counts three = {.isis = 3}, none = {.isis = 0};

	check_file(ROUTING_ISIS, &defaults, "isis-up", true, "isis: 2 of 2 neighbours up");
	check_file(ROUTING_ISIS, &three, "isis-up", false, "isis: 2 of 3 neighbours up");
	check_file(ROUTING_ISIS, &defaults, "isis-down", false, "isis: 0 of 1 neighbour up");
	check_file(ROUTING_ISIS, &none, "isis-down", true, "");
	check_text(ROUTING_ISIS, "", true, "");
	check_text(ROUTING_ISIS,
		"Area x:\n r2  eth1  1  Up  10  ba82\n r3  eth1  2  Initializing  10  ba83\n",
		false, "isis: 1 of 2 neighbours up: eth1: neighbour r3 (level 2) is Initializing");
}

/* As large as the allocation, so that a sanitizer sees each byte too far. */
static void check_refused(enum routing routing, const char *text, size_t length)
{
	struct arena arena = {0};
	struct neighbours neighbours = {.count = 4711};
	char *copy = malloc(length + 1);

	if (!copy)
		return;
	memcpy(copy, text, length);
	copy = realloc(copy, length ? length : 1);
	if (converged_read(&arena, routing, copy, length, &neighbours) != -EPROTO)
		fprintf(stderr, "not refused: %.*s\n", (int)length, text);
	CHECK_INT(converged_read(&arena, routing, copy, length, &neighbours), -EPROTO);
	CHECK_INT(neighbours.count, 4711);
	free(copy);
	arena_free(&arena);
}

static void refuses_what_is_no_answer(void)
{
	static const char *const texts[] = {"{", "}", "[", "{\"a\"", "{\"a\":", "{\"a\":1",
		"{\"a\":1,}", "{,}", "[1,]", "[,1]", "{\"a\" 1}", "{a:1}", "{\"a\":1 \"b\":2}",
		"[1 2]", "[1}", "{]", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
		"\"a\nb\"", "-", "01", "1.", "1e", "nul", "truee", "{\"a\":tru}",
		"% Unknown command", "{}x", "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"};

	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_refused(ROUTING_BGP, texts[i], strlen(texts[i]));
	check_refused(ROUTING_BGP, "{\"a\":\0}", 7);
	check_refused(ROUTING_ISIS, "% Unknown command\n", 18);
	check_refused(ROUTING_ISIS, "Area x:\n r2 eth1 1\n", 19);
	for (size_t length = 1; length < strlen(OSPF("Full/DR")); length++)
		check_refused(ROUTING_OSPF, OSPF("Full/DR"), length);
}

static void takes_all_of_json(void)
{
	check_text(ROUTING_BGP,
		" [ -0.5e+3 , 1E2, true,false,null, \"\\u00e9\\\"\\\\\\/\\b\\f\\n\\r\\t\", {}, [] "
		"] \r\n\t",
		true, "");
	check_text(ROUTING_BGP, "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", true, "");
}

/* It goes to a terminal. */
static void makes_reasons_printable(void)
{
	check_text(ROUTING_OSPF, OSPF("\x7f\x9b"), false,
		"ospf: 0 of 1 neighbour adjacent: eth1: neighbour 10.255.0.2 is ??");
}

static int read_many(unsigned count)
{
	struct arena arena = {0};
	struct buffer text = {0};
	struct neighbours neighbours = {.count = 0};

	for (unsigned i = 0; i < count; i++)
		buffer_printf(&text, "%s\"%u\":{\"state\":\"Idle\",\"peerState\":\"OK\"}",
			i ? "," : "{\"peers\":{", i);
	buffer_add_text(&text, "}}");
	int error = converged_read(&arena, ROUTING_BGP, text.data, text.length, &neighbours);

	CHECK_INT(neighbours.count, error ? 0 : count);
	buffer_free(&text);
	arena_free(&arena);
	return error;
}

static void bounds_the_neighbours(void)
{
	CHECK_INT(read_many(NEIGHBOURS_MAX), 0);
	CHECK_INT(read_many(NEIGHBOURS_MAX + 1), -EMSGSIZE);
}

static void knows_daemons(void)
{
	static const struct {
		const char *name;
		int routing;
	} cases[] = {{"bgpd", ROUTING_BGP}, {"ospfd", ROUTING_OSPF}, {"ospfd-2", ROUTING_OSPF},
		{"ospf6d", ROUTING_OSPF6}, {"isisd", ROUTING_ISIS}, {"zebra", -1}, {"bgpdx", -1},
		{"bgp", -1}, {"", -1}};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum routing routing = ROUTING_COUNT;
		bool known = routing_of_service(cases[i].name, &routing);

		CHECK_INT(known ? (int)routing : -1, cases[i].routing);
	}
}

int main(void)
{
	RUN(reads_bgp);
	RUN(reads_bgp_families_and_vrfs);
	RUN(reads_ospf);
	RUN(knows_ospf_states);
	RUN(reads_isis);
	RUN(refuses_what_is_no_answer);
	RUN(takes_all_of_json);
	RUN(makes_reasons_printable);
	RUN(bounds_the_neighbours);
	RUN(knows_daemons);
	return CHECK_EXIT_STATUS();
}
