/* machine: PID 1 as the kernel's own init, in a virtual machine or on hardware. It does then what
 * an engine does for a container: it mounts what every program expects, opens the console, and at
 * the end puts the file systems to rest and powers off or reboots. And it never ends, because the
 * kernel panics then: what cannot go on stays up and waits for somebody.
 *
 * All of this works without the rest of firsthop: it allocates nothing, and what comes after a
 * fault uses system calls only. See doc/vm.md. */
#ifndef FIRSTHOP_INIT_MACHINE_H
#define FIRSTHOP_INIT_MACHINE_H

#include "config/model.h"

#include <stdbool.h>

/* Are we? PID 1 of the first PID namespace, which may reboot. No container is that, also no
 * privileged one. If so, ctrl-alt-del comes to us as SIGINT from now on. */
bool machine_is_ours(void);

/* A session, blocked signals, file systems, the console, and what catches a fault. What fails is
 * said on the console; nothing of it ends the boot. */
void machine_begin(void);

/* The file systems: each that is not mounted yet. */
void machine_mount(void);

/* Of the words behind argv[0] most are the kernel's: what it found in its command line and does not
 * know itself ("splash", "single"). Kept are the options of init, and all from a "--" on, which
 * cannot come from there, because the kernel takes it out: so no word there becomes a foreground
 * command by accident. What is dropped is said. The new argc; argv ends with a NULL. */
int machine_arguments(int argc, char **argv);

/* The rest of its life without services: offers sulogin(8) on the console if there is one, and
 * waits for a signal that ends the machine. */
_Noreturn void machine_rescue(void);

/* From now on a fault of ours (SIGSEGV and the like) is told, and then only reaped and waited as in
 * machine_rescue(), while all other processes run on. */
void machine_guard(void);

/* Ends what still runs, unmounts, writes back, and then does it. NODE_END_RESCUE: the above. */
_Noreturn void machine_end(enum node_end end);

#endif
