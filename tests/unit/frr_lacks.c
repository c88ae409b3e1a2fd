/* What FRR's daemons say when a capability is lacking, and what only looks like it. */
#include "init/frr_lacks.h"

#include "tests/check.h"

#include <linux/capability.h>
#include <stdlib.h>

#define BIT(capability) ((uint64_t)1 << (capability))
#define FAILED		"privs_init: initial cap_set_proc failed: Operation not permitted\n"

static void reads_what_frr_says(void)
{
	static const struct {
		const char *output;
		uint64_t lacks;
	} cases[] = {
		/* isisd of FRR 10.3 and 8.4, in a container that lacks two */
		{FAILED "Wanted caps: cap_net_bind_service,cap_net_raw,cap_sys_admin=p\n"
			"Have   caps: =p cap_net_bind_service,cap_sys_admin,cap_sys_resource-p\n",
			BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_SYS_ADMIN)},
		{FAILED "Wanted caps: cap_net_admin,cap_net_raw,cap_sys_admin=p\n"
			"Have   caps: cap_chown,cap_net_raw=ep cap_net_admin+p\n",
			BIT(CAP_SYS_ADMIN)},
		{"ZEBRA: hello\n" FAILED "Wanted caps: cap_net_admin=p\nHave   caps: =\n",
			BIT(CAP_NET_ADMIN)},
		/* it has all that it wants: another reason, which may pass */
		{FAILED "Wanted caps: cap_net_admin=p\nHave   caps: =ep\n", 0},
		{FAILED "Wanted caps: cap_net_admin=p\n", 0},
		{FAILED "Wanted caps: cap_no_such=p\nHave   caps: =\n", 0},
		{FAILED "Wanted caps: \nHave   caps: =\n", 0},
		{FAILED, 0},
		{"Wanted caps: cap_net_admin=p\nHave   caps: =\n", 0},
		{"", 0},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (frr_lacks(cases[i].output) != cases[i].lacks)
			fprintf(stderr, "case %u\n", i);
		CHECK_INT(frr_lacks(cases[i].output), cases[i].lacks);
	}
}

static void survives_an_endless_line(void)
{
	static const char start[] = FAILED "Wanted caps: ";
	size_t length = sizeof(start) + 5000;
	char *output = malloc(length);

	if (!output)
		return;
	memset(output, 'x', length);
	memcpy(output, start, sizeof(start) - 1);
	output[length - 1] = '\0';
	CHECK_INT(frr_lacks(output), 0);
	free(output);
}

static void knows_what_was_lost(void)
{
	CHECK(frr_lost("mgmtd: \nCurrent configuration object was deleted by another process.\n"));
	CHECK(frr_lost("% Can't enter config; running datastore locked by another session\n"));
	CHECK(frr_lost("% Configuration failed.\n\nFailed to create a Configuration session!\n"));
	CHECK(frr_lost("\nBackend daemon disconnected while processing commit!\n"));
	CHECK(frr_lost("% Configuration failed.\n\ninvalid address 0.0.0.5/32\n"));
	CHECK(frr_lost("Warning: closing connection to mgmtd because of an I/O error!\n"));
	CHECK(!frr_lost("line 2: % Unknown command[4]: foo\n"));
	CHECK(!frr_lost(""));
}

int main(void)
{
	RUN(reads_what_frr_says);
	RUN(survives_an_endless_line);
	RUN(knows_what_was_lost);
	return CHECK_EXIT_STATUS();
}
