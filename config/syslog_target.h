/* syslog_target: where `log = syslog:…` sends to. */
#ifndef FIRSTHOP_CONFIG_SYSLOG_TARGET_H
#define FIRSTHOP_CONFIG_SYSLOG_TARGET_H

#include <stdbool.h>

#define SYSLOG_DEFAULT_PATH "/dev/log"
#define SYSLOG_PATH_MAX	    107 /* bytes without the NUL, see unix(7) */
#define SYSLOG_FACILITIES   24
#define SYSLOG_SEVERITIES   8

struct syslog_target {
	const char *path;	 /* a unix datagram socket; NULL: UDP */
	int family;		 /* AF_INET or AF_INET6 */
	unsigned char bytes[16]; /* the address, in network order */
	unsigned short port;
};

/* "/PATH", "192.0.2.1:514" or "[2001:db8::1]:514": no names, for nobody could look them up without
 * waiting. False: it is none of these. `path` is that of `text`. */
bool syslog_target_read(const char *text, struct syslog_target *ret_target);

/* By their codes, NULL-terminated: "kern", "user" …; "emerg" … "debug". */
extern const char *const syslog_facility_names[];
extern const char *const syslog_severity_names[];

#endif
