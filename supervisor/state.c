#include "supervisor/state.h"

#define GO(state, effect)                                                                          \
	{                                                                                          \
		.legal = true, .next = STATE_##state, .effects = (effect)                          \
	}

const struct cell state_table[STATE_COUNT][TRANSITION_COUNT] = {
	[STATE_DOWN] =
		{
			[ON_WANTED] = GO(WAITING, 0),
		},
	[STATE_WAITING] =
		{
			[ON_UNWANTED] = GO(DOWN, 0),
			[ON_RELEASED] = GO(STARTING, EFFECT_START | EFFECT_ARM_START),
			[ON_RELEASED_PREPARE] = GO(PREPARING, EFFECT_PREPARE | EFFECT_ARM_START),
		},
	[STATE_PREPARING] =
		{
			[ON_PREPARED] = GO(STARTING, EFFECT_START | EFFECT_ARM_START),
			[ON_UNWANTED] = GO(STOPPING, EFFECT_STOP | EFFECT_ARM_STOP),
			[ON_ABORT] = GO(STOPPING, EFFECT_STOP | EFFECT_ARM_STOP),
			[ON_RETRY] = GO(BACKOFF, EFFECT_ARM_DELAY),
			[ON_FATAL] = GO(FAILED, 0),
			[ON_FORCE] = GO(KILLING, EFFECT_KILL),
		},
	[STATE_STARTING] =
		{
			[ON_READY] = GO(READY, 0),
			[ON_DONE] = GO(DONE, 0),
			[ON_UNWANTED] = GO(STOPPING, EFFECT_STOP | EFFECT_ARM_STOP),
			[ON_ABORT] = GO(STOPPING, EFFECT_STOP | EFFECT_ARM_STOP),
			[ON_RETRY] = GO(BACKOFF, EFFECT_ARM_DELAY),
			[ON_FATAL] = GO(FAILED, 0),
			[ON_FORCE] = GO(KILLING, EFFECT_KILL),
		},
	[STATE_READY] =
		{
			[ON_DONE] = GO(DONE, 0),
			[ON_UNWANTED] = GO(STOPPING, EFFECT_STOP | EFFECT_ARM_STOP),
			[ON_RETRY] = GO(BACKOFF, EFFECT_ARM_DELAY),
			[ON_FATAL] = GO(FAILED, 0),
			[ON_HUNG] = GO(KILLING, EFFECT_KILL),
			[ON_HUNG_SIGNAL] = GO(STOPPING, EFFECT_HEALTH_SIGNAL | EFFECT_ARM_CORE),
			[ON_FORCE] = GO(KILLING, EFFECT_KILL),
		},
	[STATE_DONE] =
		{
			[ON_UNWANTED] = GO(DOWN, 0),
		},
	[STATE_STOPPING] =
		{
			[ON_GONE] = GO(DOWN, 0),
			[ON_RETRY] = GO(BACKOFF, EFFECT_ARM_DELAY),
			[ON_FATAL] = GO(FAILED, 0),
			[ON_FORCE] = GO(KILLING, EFFECT_KILL),
		},
	[STATE_KILLING] =
		{
			[ON_GONE] = GO(DOWN, 0),
			[ON_RETRY] = GO(BACKOFF, EFFECT_ARM_DELAY),
			[ON_FATAL] = GO(FAILED, 0),
		},
	[STATE_BACKOFF] =
		{
			[ON_DELAY_OVER] = GO(WAITING, 0),
			[ON_UNWANTED] = GO(DOWN, 0),
		},
	[STATE_FAILED] =
		{
			[ON_UNWANTED] = GO(DOWN, 0),
		},
};

static const struct {
	const char *name;
	bool active, satisfies;
} states[] = {
	[STATE_DOWN] = {"down", false, false},
	[STATE_WAITING] = {"waiting", false, false},
	[STATE_PREPARING] = {"preparing", true, false},
	[STATE_STARTING] = {"starting", true, false},
	[STATE_READY] = {"ready", true, true},
	[STATE_DONE] = {"done", false, true},
	[STATE_STOPPING] = {"stopping", true, false},
	[STATE_KILLING] = {"killing", true, false},
	[STATE_BACKOFF] = {"backoff", false, false},
	[STATE_FAILED] = {"failed", false, false},
};
_Static_assert(sizeof(states) / sizeof(states[0]) == STATE_COUNT, "a line for each state");

static const char *const transitions[] = {
	[ON_WANTED] = "wanted",
	[ON_UNWANTED] = "unwanted",
	[ON_RELEASED] = "released",
	[ON_RELEASED_PREPARE] = "released-prepare",
	[ON_PREPARED] = "prepared",
	[ON_READY] = "ready",
	[ON_DONE] = "done",
	[ON_RETRY] = "retry",
	[ON_FATAL] = "fatal",
	[ON_GONE] = "gone",
	[ON_ABORT] = "abort",
	[ON_HUNG] = "hung",
	[ON_HUNG_SIGNAL] = "hung-signal",
	[ON_FORCE] = "force",
	[ON_DELAY_OVER] = "delay-over",
};
_Static_assert(sizeof(transitions) / sizeof(transitions[0]) == TRANSITION_COUNT,
	"a name for each transition");

const char *state_name(enum service_state state)
{
	return state < STATE_COUNT ? states[state].name : "?";
}

const char *transition_name(enum transition transition)
{
	return transition < TRANSITION_COUNT ? transitions[transition] : "?";
}

bool state_is_active(enum service_state state)
{
	return state < STATE_COUNT && states[state].active;
}

bool state_satisfies_need(enum service_state state)
{
	return state < STATE_COUNT && states[state].satisfies;
}
