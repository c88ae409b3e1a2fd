/* vty: what vtysh speaks on a daemon's vty socket, from the daemon's side. vtysh sends lines that
 * end with a NUL, one after the other, and waits for the reply to each: text, three NULs, and one
 * byte of status. Measured with the vtysh of FRR 8.4 and 10.3, see doc/frr.md. Pure. */
#ifndef FIRSTHOP_SUPERVISOR_VTY_H
#define FIRSTHOP_SUPERVISOR_VTY_H

#include <stddef.h>

struct buffer;

/* More than any command that is of interest; FRR's own daemons take 4096. */
#define VTY_REQUEST_MAX 4096

enum vty_command {
	VTY_OTHER,  /* configuration and what is sent to all daemons: nothing to do, all is well */
	VTY_WRITE,  /* write integrated: save the running configuration */
	VTY_SHOW,   /* show watchfrr */
	VTY_IGNORE, /* watchfrr ignore DAEMON */
	VTY_COMMAND_COUNT
};

/* What vtysh makes of them. */
enum vty_status {
	VTY_SUCCESS = 0,
	VTY_WARNING =
		1, /* vtysh shows the text, and ends with 0: a write seems to have gone well */
	VTY_CONFIG_FAILED = 13, /* vtysh ends with 1 */
};

struct vty_request {
	enum vty_command command;
	size_t bytes; /* that it takes up, its NUL included */
};

/* The first request in `bytes`. 1; 0: its end has not come yet; -EMSGSIZE: it is longer than
 * VTY_REQUEST_MAX, NUL included. Words may be abbreviated, as people type them. */
int vty_get_request(const char *bytes, size_t length, struct vty_request *ret_request);

/* Appends a reply. NULs in the text, which would end it, are left out. `text` may be NULL when
 * `length` is 0. */
void vty_put_reply(struct buffer *buffer, const char *text, size_t length, enum vty_status status);

#endif
