#include "config/frr.h"

#include "config/build.h"

#include <string.h>

static const char *const daemons[] = {"mgmtd", "zebra", "bfdd", "bgpd", "ripd", "ripngd", "ospfd",
	"ospf6d", "isisd", "babeld", "pimd", "pim6d", "ldpd", "nhrpd", "eigrpd", "sharpd", "pbrd",
	"staticd", "fabricd", "vrrpd", "pathd"};

/* ospfd, and also its instance ospfd-1. */
bool frr_is_daemon(const char *name)
{
	size_t length = strcspn(name, "-");

	for (size_t i = 0; i < sizeof(daemons) / sizeof(daemons[0]); i++)
		if (strlen(daemons[i]) == length && strncmp(daemons[i], name, length) == 0)
			return true;
	return false;
}

int frr_services(struct build *build, struct ini_sections *sections)
{
	(void)build;
	(void)sections;
	return 0;
}
