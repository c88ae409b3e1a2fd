/* The state table, cell by cell. This test owns the list of what is legal: a change of the table is
 * a change here too, and doc/states.md. */
#include "supervisor/state.h"

#include "tests/check.h"

#define STOP  (EFFECT_STOP | EFFECT_ARM_STOP)
#define START (EFFECT_START | EFFECT_ARM_START)

static const struct {
	enum service_state state;
	enum transition on;
	enum service_state next;
	unsigned effects;
} legal[] = {
	{STATE_DOWN, ON_WANTED, STATE_WAITING, 0},

	{STATE_WAITING, ON_UNWANTED, STATE_DOWN, 0},
	{STATE_WAITING, ON_RELEASED, STATE_STARTING, START},
	{STATE_WAITING, ON_RELEASED_PREPARE, STATE_PREPARING, EFFECT_PREPARE | EFFECT_ARM_START},

	{STATE_PREPARING, ON_PREPARED, STATE_STARTING, START},
	{STATE_PREPARING, ON_UNWANTED, STATE_STOPPING, STOP},
	{STATE_PREPARING, ON_ABORT, STATE_STOPPING, STOP},
	{STATE_PREPARING, ON_RETRY, STATE_BACKOFF, EFFECT_ARM_DELAY},
	{STATE_PREPARING, ON_FATAL, STATE_FAILED, 0},
	{STATE_PREPARING, ON_FORCE, STATE_KILLING, EFFECT_KILL},

	{STATE_STARTING, ON_READY, STATE_READY, 0},
	{STATE_STARTING, ON_DONE, STATE_DONE, 0},
	{STATE_STARTING, ON_UNWANTED, STATE_STOPPING, STOP},
	{STATE_STARTING, ON_ABORT, STATE_STOPPING, STOP},
	{STATE_STARTING, ON_RETRY, STATE_BACKOFF, EFFECT_ARM_DELAY},
	{STATE_STARTING, ON_FATAL, STATE_FAILED, 0},
	{STATE_STARTING, ON_FORCE, STATE_KILLING, EFFECT_KILL},

	{STATE_READY, ON_DONE, STATE_DONE, 0},
	{STATE_READY, ON_UNWANTED, STATE_STOPPING, STOP},
	{STATE_READY, ON_RETRY, STATE_BACKOFF, EFFECT_ARM_DELAY},
	{STATE_READY, ON_FATAL, STATE_FAILED, 0},
	{STATE_READY, ON_HUNG, STATE_KILLING, EFFECT_KILL},
	{STATE_READY, ON_HUNG_SIGNAL, STATE_STOPPING, EFFECT_HEALTH_SIGNAL | EFFECT_ARM_CORE},
	{STATE_READY, ON_FORCE, STATE_KILLING, EFFECT_KILL},

	{STATE_DONE, ON_UNWANTED, STATE_DOWN, 0},

	{STATE_STOPPING, ON_GONE, STATE_DOWN, 0},
	{STATE_STOPPING, ON_RETRY, STATE_BACKOFF, EFFECT_ARM_DELAY},
	{STATE_STOPPING, ON_FATAL, STATE_FAILED, 0},
	{STATE_STOPPING, ON_FORCE, STATE_KILLING, EFFECT_KILL},

	{STATE_KILLING, ON_GONE, STATE_DOWN, 0},
	{STATE_KILLING, ON_RETRY, STATE_BACKOFF, EFFECT_ARM_DELAY},
	{STATE_KILLING, ON_FATAL, STATE_FAILED, 0},

	{STATE_BACKOFF, ON_DELAY_OVER, STATE_WAITING, 0},
	{STATE_BACKOFF, ON_UNWANTED, STATE_DOWN, 0},

	{STATE_FAILED, ON_UNWANTED, STATE_DOWN, 0},
};
#define LEGAL_COUNT (sizeof(legal) / sizeof(legal[0]))

static int find_legal(unsigned state, unsigned on)
{
	for (unsigned i = 0; i < LEGAL_COUNT; i++)
		if (legal[i].state == state && legal[i].on == on)
			return (int)i;
	return -1;
}

static bool cell_is_as_listed(const struct cell *cell, int listed)
{
	if (listed < 0)
		return !cell->legal;
	return cell->legal && cell->next == legal[listed].next &&
	       cell->effects == legal[listed].effects;
}

static void each_cell_is_as_listed(void)
{
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		for (unsigned t = 0; t < TRANSITION_COUNT; t++) {
			if (cell_is_as_listed(&state_table[s][t], find_legal(s, t)))
				continue;
			fprintf(stderr, "cell %s, %s is not as listed\n",
				state_name((enum service_state)s),
				transition_name((enum transition)t));
			check_failed_now = true;
		}
	}
}

static void no_cell_is_listed_twice(void)
{
	for (unsigned i = 0; i < LEGAL_COUNT; i++)
		CHECK_INT(find_legal(legal[i].state, legal[i].on), i);
}

static void an_illegal_cell_is_all_zero(void)
{
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		for (unsigned t = 0; t < TRANSITION_COUNT; t++) {
			const struct cell *cell = &state_table[s][t];
			CHECK(cell->legal || (cell->next == 0 && cell->effects == 0));
		}
	}
}

/* Marks what can be reached from `from`, by any number of steps. */
static void mark_reachable(enum service_state from, bool reached[STATE_COUNT])
{
	if (reached[from])
		return;
	reached[from] = true;
	for (unsigned t = 0; t < TRANSITION_COUNT; t++)
		if (state_table[from][t].legal)
			mark_reachable(state_table[from][t].next, reached);
}

static void every_state_is_reached_from_down_and_leads_back(void)
{
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		bool from_down[STATE_COUNT] = {false}, from_state[STATE_COUNT] = {false};

		mark_reachable(STATE_DOWN, from_down);
		CHECK(from_down[s]);
		mark_reachable((enum service_state)s, from_state);
		CHECK(from_state[STATE_DOWN]);
	}
}

static void every_transition_is_used(void)
{
	for (unsigned t = 0; t < TRANSITION_COUNT; t++) {
		unsigned used = 0;

		for (unsigned s = 0; s < STATE_COUNT; s++)
			used += state_table[s][t].legal;
		CHECK(used > 0);
	}
}

/* What owns a process must be stoppable in order, when time is short, and by its own end. */
static void an_active_state_can_be_forced_and_can_fail(void)
{
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		if (!state_is_active((enum service_state)s))
			continue;
		CHECK(s == STATE_KILLING || state_table[s][ON_FORCE].legal);
		CHECK(state_table[s][ON_RETRY].legal && state_table[s][ON_FATAL].legal);
	}
}

/* Nothing of it runs, so it need not be told to stop: it is down at once. */
static void an_idle_state_is_down_when_unwanted(void)
{
	for (unsigned s = 0; s < STATE_COUNT; s++)
		if (s != STATE_DOWN && !state_is_active((enum service_state)s))
			CHECK(state_table[s][ON_UNWANTED].legal &&
				state_table[s][ON_UNWANTED].next == STATE_DOWN);
}

/* A process comes only with entering a state that owns processes. */
static void a_process_is_only_made_on_the_way_into_an_active_state(void)
{
	const unsigned makes =
		EFFECT_PREPARE | EFFECT_START | EFFECT_STOP | EFFECT_KILL | EFFECT_HEALTH_SIGNAL;

	for (unsigned i = 0; i < LEGAL_COUNT; i++)
		CHECK(!(legal[i].effects & makes) || state_is_active(legal[i].next));
}

static void names_are_unique(void)
{
	for (unsigned a = 0; a < STATE_COUNT; a++)
		for (unsigned b = 0; b < a; b++)
			CHECK(strcmp(state_name((enum service_state)a),
				      state_name((enum service_state)b)) != 0);
	for (unsigned a = 0; a < TRANSITION_COUNT; a++)
		for (unsigned b = 0; b < a; b++)
			CHECK(strcmp(transition_name((enum transition)a),
				      transition_name((enum transition)b)) != 0);
}

static void a_need_is_met_by_ready_and_done_alone(void)
{
	for (unsigned s = 0; s < STATE_COUNT; s++)
		CHECK_INT(state_satisfies_need((enum service_state)s),
			s == STATE_READY || s == STATE_DONE);
}

static void a_state_out_of_range_has_a_name_and_no_property(void)
{
	CHECK_STR(state_name(STATE_COUNT), "?");
	CHECK_STR(transition_name(TRANSITION_COUNT), "?");
	CHECK(!state_is_active(STATE_COUNT) && !state_satisfies_need(STATE_COUNT));
}

/* The test of the test: a cell that is off in any of its three parts is seen. */
static void a_planted_cell_is_seen(void)
{
	struct cell cell = state_table[STATE_READY][ON_DONE];
	int listed = find_legal(STATE_READY, ON_DONE);

	CHECK(cell_is_as_listed(&cell, listed));
	CHECK(!cell_is_as_listed(&cell, -1));
	cell.next = STATE_FAILED;
	CHECK(!cell_is_as_listed(&cell, listed));
	cell = (struct cell){.legal = true, .next = STATE_DONE, .effects = EFFECT_KILL};
	CHECK(!cell_is_as_listed(&cell, listed));
	cell = (struct cell){.legal = false};
	CHECK(!cell_is_as_listed(&cell, listed));
}

int main(void)
{
	RUN(each_cell_is_as_listed);
	RUN(no_cell_is_listed_twice);
	RUN(an_illegal_cell_is_all_zero);
	RUN(every_state_is_reached_from_down_and_leads_back);
	RUN(every_transition_is_used);
	RUN(an_active_state_can_be_forced_and_can_fail);
	RUN(an_idle_state_is_down_when_unwanted);
	RUN(a_process_is_only_made_on_the_way_into_an_active_state);
	RUN(names_are_unique);
	RUN(a_need_is_met_by_ready_and_done_alone);
	RUN(a_state_out_of_range_has_a_name_and_no_property);
	RUN(a_planted_cell_is_seen);
	return CHECK_EXIT_STATUS();
}
