/* The trace: each transition once, in order; what does not fit is lost at the old end, and counted.
 */
#include "tests/unit/engine_scenario.h"

/* "zebra wanted waiting, zebra released starting …": all that is unread. */
static const char *read_all(const struct lab *lab)
{
	static char text[8192];
	struct trace_entry entry;
	size_t used = 0;

	text[0] = '\0';
	while (engine_read_trace(lab->engine, &entry) && used < sizeof(text)) {
		struct unit_view view;

		engine_view(lab->engine, entry.unit, &view);
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %s %s",
			used ? ", " : "", view.spec ? view.spec->name : "-",
			transition_name((enum transition)entry.on),
			state_name((enum service_state)entry.to));
	}
	return text;
}

static void each_transition_is_there_once_and_in_order(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra"}, {.name = "bgpd", .needs = WORDS("zebra")}));
	CHECK_STR(read_all(&lab), "");
	lab_settle(&lab);
	CHECK_STR(read_all(&lab), "zebra wanted waiting, bgpd wanted waiting, "
				  "zebra released starting, zebra ready ready, "
				  "bgpd released starting, bgpd ready ready");
	CHECK_STR(read_all(&lab), "");
	lab_feed(&lab, "shutdown, exit bgpd 0");
	lab_settle(&lab);
	CHECK_STR(
		read_all(&lab), "bgpd retry backoff, zebra unwanted stopping, bgpd unwanted down");
	CHECK_INT(engine_trace_lost(lab.engine), 0);
	lab_close(&lab);
}

static void an_entry_tells_when_and_of_which_attempt(void)
{
	struct trace_entry entry = {.unit = 99};
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra"}));
	lab_settle(&lab);
	(void)read_all(&lab);
	lab_pass(&lab, timestamp_add_ms(lab.now, 1234));
	lab_feed(&lab, "exit zebra 1");
	CHECK(engine_read_trace(lab.engine, &entry));
	CHECK_INT(entry.at.ns, 1234 * (int64_t)1000000);
	CHECK_INT(entry.unit, 0);
	CHECK_INT(entry.attempt, 1);
	CHECK_INT(entry.from, STATE_READY);
	CHECK_INT(entry.on, ON_RETRY);
	CHECK_INT(entry.to, STATE_BACKOFF);
	CHECK(!engine_read_trace(lab.engine, &entry));
	lab_close(&lab);
}

/* Starts and stops it until so many transitions are lost. */
static unsigned toggle_until_lost(struct lab *lab, unsigned most)
{
	unsigned transitions = 0;

	for (unsigned i = 0; engine_trace_lost(lab->engine) < 3 && i < most; i++) {
		lab_feed(lab, i % 2 ? "exit zebra 0, start zebra" : "stop zebra");
		lab_settle(lab);
		transitions += i % 2 ? 4 : 1; /* gone, wanted, released, ready; unwanted */
		lab->actions[0] = '\0';
	}
	return transitions;
}

/* Reads what is unread of slot 0, of which each entry has to follow the one before; their number.
 */
static unsigned read_chain(struct lab *lab)
{
	struct trace_entry entry, last = {.to = STATE_COUNT};
	unsigned count = 0;

	while (engine_read_trace(lab->engine, &entry)) {
		if (entry.unit != 0)
			continue;
		CHECK(last.to == STATE_COUNT || entry.from == last.to);
		last = entry;
		count++;
	}
	CHECK_INT(last.to, lab_view(lab, "zebra").state);
	return count;
}

static void what_does_not_fit_is_lost_at_the_old_end(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra"}));
	lab_settle(&lab);
	(void)read_all(&lab);
	unsigned transitions = toggle_until_lost(&lab, 1000);
	uint64_t lost = engine_trace_lost(lab.engine);
	CHECK(lost >= 3);
	CHECK_INT(read_chain(&lab) + lost, transitions);
	lab_close(&lab);
}

static void a_reload_keeps_what_is_unread(void)
{
	struct lab lab;

	lab_open(&lab, SERVICES({.name = "zebra"}));
	lab_settle(&lab);
	(void)read_all(&lab);
	unsigned transitions = toggle_until_lost(&lab, 1000); /* so that the ring has turned */
	uint64_t lost = engine_trace_lost(lab.engine);
	lab_reload(&lab, SERVICES({.name = "zebra"}, {.name = "bgpd"}));
	CHECK_INT(engine_trace_lost(lab.engine), lost);
	CHECK_INT(read_chain(&lab) + lost, transitions);
	lab_close(&lab);
}

int main(void)
{
	RUN(each_transition_is_there_once_and_in_order);
	RUN(an_entry_tells_when_and_of_which_attempt);
	RUN(what_does_not_fit_is_lost_at_the_old_end);
	RUN(a_reload_keeps_what_is_unread);
	return CHECK_EXIT_STATUS();
}
