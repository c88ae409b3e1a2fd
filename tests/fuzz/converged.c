/* What a daemon that has gone mad answers on its vty, read as the answer of each protocol. Must
 * hold: what is read lies within the answer; the judgement does not depend on when it is made; a
 * reason is one printable line. */
#include "supervisor/converged.h"

#include "config/arena.h"
#include "config/model.h"
#include "supervisor/buffer.h"
#include "tests/fuzz/replay.h"

#include <errno.h>
#include <string.h>

static void must(bool condition)
{
	if (!condition)
		__builtin_trap();
}

static void check_slice(struct slice slice, const char *text, size_t size)
{
	must(!slice.at || (slice.at >= text && slice.length <= size &&
				  slice.at + slice.length <= text + size));
}

static void check_judgement(enum routing routing, const struct neighbours *neighbours)
{
	static const struct converged_counts counts[] = {
		{.bgp = CONVERGED_ALL, .ospf = 1, .isis = 1}, {.bgp = 2, .ospf = 2, .isis = 2},
		{.bgp = 0}};

	for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct buffer reason = {0};
		bool holds = converged_judge(routing, &counts[i], neighbours, &reason);

		must(!reason.failed);
		must(holds || reason.length > 0);
		must(holds || neighbours->has_instance);
		for (size_t at = 0; at < reason.length; at++)
			must(reason.data[at] >= ' ' && reason.data[at] <= '~');
		buffer_free(&reason);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	for (unsigned i = 0; i < ROUTING_COUNT; i++) {
		struct arena arena = {0};
		struct neighbours neighbours;
		int error = converged_read(&arena, (enum routing)i, text, size, &neighbours);

		must(error == 0 || error == -EPROTO || error == -EMSGSIZE || error == -ENOMEM);
		for (size_t n = 0; !error && n < neighbours.count; n++) {
			check_slice(neighbours.list[n].name, text, size);
			check_slice(neighbours.list[n].where, text, size);
			check_slice(neighbours.list[n].level, text, size);
			check_slice(neighbours.list[n].state, text, size);
		}
		if (!error)
			check_judgement((enum routing)i, &neighbours);
		arena_free(&arena);
	}
	return 0;
}
