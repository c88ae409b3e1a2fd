/* The same in FRR 8.4 and 10.3:
 *	privs_init: initial cap_set_proc failed: Operation not permitted
 *	Wanted caps: cap_net_admin,cap_net_raw,cap_sys_admin=p
 *	Have   caps: =p cap_sys_admin-p
 * The sets are as cap_to_text(3) writes them. */
#include "init/frr_lacks.h"

#include "supervisor/capability_needs.h"

#include <stdbool.h>
#include <string.h>
#include <sys/capability.h>

/* The set behind `label`, as bits of what is permitted. */
static bool read_set(const char *output, const char *label, uint64_t *ret_bits)
{
	const char *text = strstr(output, label);
	char line[2048]; /* more than all names take */
	uint64_t bits = 0;
	cap_flag_value_t value;

	if (!text)
		return false;
	text += strlen(label);
	size_t length = strcspn(text, "\r\n");

	if (length >= sizeof(line))
		return false;
	memcpy(line, text, length);
	line[length] = '\0';
	cap_t set = cap_from_text(line);

	if (!set)
		return false;
	for (int number = 0; number < CAPABILITY_COUNT; number++)
		if (cap_get_flag(set, number, CAP_PERMITTED, &value) == 0 && value == CAP_SET)
			bits |= (uint64_t)1 << number;
	(void)cap_free(set); /* was made here */
	*ret_bits = bits;
	return true;
}

uint64_t frr_lacks(const char *output)
{
	const char *failure = strstr(output, "cap_set_proc failed");
	uint64_t wanted, have;

	if (!failure || !read_set(failure, "Wanted caps: ", &wanted) ||
		!read_set(failure, "Have   caps: ", &have))
		return 0;
	return wanted & ~have;
}

bool frr_lost(const char *output)
{
	static const char *const sentences[] = {
		"Current configuration object was deleted by another process",
		"Configuration is locked by other client",
		"datastore locked by another session",
		"command failed, could not lock",
		"Lock already taken on DS by another session",
		"Failed to create a Configuration session",
		/* One value was refused, and all that was entered with it is dropped. */
		"% Configuration failed.",
		/* The daemon went away in the midst of it. */
		"because of an I/O error",
		"A Configuration transaction is already in progress",
		"Backend daemon disconnected while processing commit",
		"Operation on the backend timed-out",
		"Could not send TXN_CREATE to backend adapter",
		"Could not send config data to backend",
		"Could not send CFG_APPLY_REQ to backend adapter",
		"Failed to initiate transaction at backend",
		"Failed to download config data to backend",
	};

	for (unsigned i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (strstr(output, sentences[i]))
			return true;
	return false;
}
