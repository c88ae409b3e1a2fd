#include "config/syslog_target.h"

#include "config/quantity.h"

#include <arpa/inet.h>
#include <string.h>

const char *const syslog_facility_names[SYSLOG_FACILITIES + 1] = {"kern", "user", "mail", "daemon",
	"auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert",
	"clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
	NULL};
const char *const syslog_severity_names[SYSLOG_SEVERITIES + 1] = {
	"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", NULL};

bool syslog_target_read(const char *text, struct syslog_target *ret_target)
{
	struct syslog_target target = {.family = *text == '[' ? AF_INET6 : AF_INET};
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 2];
	size_t length;
	int64_t port;

	if (*text == '/') {
		ret_target->path = text;
		return strlen(text) <= SYSLOG_PATH_MAX;
	}
	if (!colon || quantity_number(colon + 1, 1, 65535, &port) < 0)
		return false;
	length = (size_t)(colon - text);
	if (target.family == AF_INET6) {
		if (length < 2 || colon[-1] != ']')
			return false;
		text++;
		length -= 2;
	}
	if (length >= sizeof(host))
		return false;
	memcpy(host, text, length);
	host[length] = '\0';
	if (inet_pton(target.family, host, target.bytes) != 1)
		return false;
	target.port = (unsigned short)port;
	*ret_target = target;
	return true;
}
