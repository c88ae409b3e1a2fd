/* The wait for interfaces: which count, and what is said of those that lack. */
#include "supervisor/gate.h"

#include "config/arena.h"
#include "tests/check.h"

#define LINKS_MAX 8

static const struct gate_link lo = {"lo", "", true, false}, eth0 = {"eth0", "veth", false, true},
			      eth1 = {"eth1", "veth", false, true},
			      eth2 = {"eth2", "", false, true},
			      net0 = {"net0", "macvlan", false, true},
			      br0 = {"br0", "bridge", false, true}, ce = {"CE", "vrf", false, true},
			      tun0 = {"tun0", "tun", false, false},
			      ceos = {"e1-1", "veth", false, true},
			      swp1 = {"swp1", "veth", false, true},
			      eth10 = {"eth10", "veth", false, true},
			      nowhere = {"eth3", "dummy", false, true},
			      eth1_100 = {"eth1.100", "vlan", false, true};

struct scenario {
	struct interfaces asked;
	const char *clab_intfs;
	const struct gate_link *links[LINKS_MAX];
	bool is_open;
	const char *text, *note;
};

static void run(const struct scenario *scenarios, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const struct scenario *scenario = &scenarios[i];
		struct gate_link links[LINKS_MAX];
		unsigned link_count = 0;
		struct gate_answer answer;
		struct arena arena = {0};

		for (; link_count < LINKS_MAX && scenario->links[link_count]; link_count++)
			links[link_count] = *scenario->links[link_count];
		gate_look(
			&arena, &scenario->asked, scenario->clab_intfs, links, link_count, &answer);
		if (answer.is_open != scenario->is_open)
			fprintf(stderr, "case %u:\n", i);
		CHECK_INT(answer.is_open, scenario->is_open);
		CHECK_STR(answer.text, scenario->text);
		CHECK(!answer.note == !scenario->note);
		if (scenario->note)
			CHECK_STR(answer.note, scenario->note);
		arena_free(&arena);
	}
}

static void containerlab_counts_its_own(void)
{
	const struct interfaces automatic = {.kind = INTERFACES_AUTO};
	const struct scenario scenarios[] = {
		{automatic, NULL, {&lo}, true, "none is waited for", NULL},
		{automatic, "0", {&lo}, true, "none is waited for", NULL},
		{automatic, "1", {&lo, &eth0}, false, "0 of 1", NULL},
		{automatic, "1", {&lo, &eth0, &eth1}, true, "it is there", NULL},
		{automatic, "2", {&lo, &eth0, &eth1}, false, "1 of 2", NULL},
		{automatic, "2", {&lo, &net0, &eth1}, true, "all 2 are there", NULL},
		{automatic, "2", {&ceos, &eth0, &eth10}, true, "all 2 are there", NULL},
		{automatic, "1", {&swp1, &eth0}, true, "it is there", NULL},
		{automatic, "2", {&lo, &eth0, &eth1, &nowhere}, true, "all 2 are there", NULL},
		{automatic, "2", {&lo, &br0, &eth1, &ce}, false, "1 of 2", NULL},
		{automatic, "many", {&lo}, true, "none is waited for",
			"CLAB_INTFS is \"many\", which is no number of interfaces"},
		{automatic, "", {&lo}, true, "none is waited for",
			"CLAB_INTFS is \"\", which is no number of interfaces"},
		{automatic, " 3", {&lo}, true, "none is waited for",
			"CLAB_INTFS is \" 3\", which is no number of interfaces"},
		{automatic, "-1", {&lo}, true, "none is waited for",
			"CLAB_INTFS is \"-1\", which is no number of interfaces"},
		{automatic, "3x", {&lo}, true, "none is waited for",
			"CLAB_INTFS is \"3x\", which is no number of interfaces"},
		{automatic, "99999999999999999999999", {&lo}, true, "none is waited for",
			"CLAB_INTFS is \"99999999999999999999999\", which is no number of "
			"interfaces"},
	};

	run(scenarios, sizeof(scenarios) / sizeof(scenarios[0]));
}

static void what_is_made_within_does_not_count(void)
{
	const struct interfaces three = {.kind = INTERFACES_COUNT, .count = 3};
	const struct scenario scenarios[] = {
		{three, "1", {&lo, &eth0, &eth1}, false, "2 of 3", NULL},
		{three, NULL, {&lo, &eth0, &eth1, &br0, &ce, &tun0, &eth1_100}, false, "2 of 3",
			NULL},
		{three, NULL, {&lo, &eth0, &eth1, &eth2}, true, "all 3 are there", NULL},
		{three, NULL, {&lo, &eth0, &eth1, &eth2, &net0}, true, "all 3 are there", NULL},
	};

	run(scenarios, sizeof(scenarios) / sizeof(scenarios[0]));
}

static void each_name_counts_once(void)
{
	static const char *const words[] = {"eth1", "eth[23]", "CE", NULL};
	static const char *const many[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", NULL};
	const struct interfaces three = {.kind = INTERFACES_NAMES, .names = {words, 3}};
	const struct interfaces ten = {.kind = INTERFACES_NAMES, .names = {many, 10}};
	const struct interfaces none = {.kind = INTERFACES_NONE};
	const struct scenario scenarios[] = {
		{three, NULL, {&lo}, false, "0 of 3: missing eth1, eth[23], CE", NULL},
		{three, NULL, {&lo, &eth1, &eth0}, false, "1 of 3: missing eth[23], CE", NULL},
		{three, NULL, {&eth2, &eth1}, false, "2 of 3: missing CE", NULL},
		{three, NULL, {&eth2, &eth1, &ce}, true, "all 3 are there", NULL},
		{ten, NULL, {&lo}, false, "0 of 10: missing a, b, c, d, e, f, g, h and 2 more",
			NULL},
		{none, "4", {&lo}, true, "none is waited for", NULL},
	};

	run(scenarios, sizeof(scenarios) / sizeof(scenarios[0]));
}

int main(void)
{
	RUN(containerlab_counts_its_own);
	RUN(what_is_made_within_does_not_count);
	RUN(each_name_counts_once);
	return CHECK_EXIT_STATUS();
}
