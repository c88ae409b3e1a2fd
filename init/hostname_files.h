/* hostname_files: /etc/hostname and /etc/hosts, kept in step with the host's name. */
#ifndef FIRSTHOP_INIT_HOSTNAME_FILES_H
#define FIRSTHOP_INIT_HOSTNAME_FILES_H

struct preparation;

/* Writes them in place where they are and say something else; the names are the host's before and
 * now. What cannot be written leaves a finding. */
void hostname_files_follow(
	struct preparation *preparation, const char *old_name, const char *new_name);

#endif
