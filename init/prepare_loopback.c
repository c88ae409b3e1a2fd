#include "init/netlink.h"
#include "init/preparation.h"
#include "supervisor/finding.h"

#include <linux/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Is it up? By netdevice(7), which takes no lock that other containers' set-up holds, and each
 * engine has raised it already. What cannot be asked is taken to be down. */
static bool loopback_is_up(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return false;
	bool up = ioctl(fd, SIOCGIFFLAGS, &request) == 0 && request.ifr_flags & IFF_UP;

	(void)close(fd); /* was only asked */
	return up;
}

/* NULL when it is up now, or, with look_only, could be set up; else why not. */
static const char *raise_loopback(const struct preparation *preparation)
{
	int r = preparation->netlink_error;

	if (!preparation->netlink)
		return strerror(-r);
	r = preparation->look_only ? netlink_ask_change(preparation->netlink)
				   : netlink_set_up(preparation->netlink, LOOPBACK_INDEX);
	return r < 0 ? netlink_words(preparation->netlink) : NULL;
}

void prepare_loopback(struct preparation *preparation)
{
	struct finding finding = {.step = STEP_LOOPBACK, .subject = "lo", .verdict = "up"};

	if (!loopback_is_up()) {
		finding.reason = raise_loopback(preparation);
		if (preparation->look_only)
			finding.verdict = "down, can be set up";
	}
	if (finding.reason) {
		finding.state = FINDING_MISSING;
		finding.verdict = "down";
		finding.cure = "start the container with --cap-add NET_ADMIN";
	}
	prepare_found(preparation, &finding);
}
