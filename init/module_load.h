/* module_load: a module of the kernel by its name, for its own init: in a container the kernel does
 * it when it is asked for what the module can do, see prepare_module.c. */
#ifndef FIRSTHOP_INIT_MODULE_LOAD_H
#define FIRSTHOP_INIT_MODULE_LOAD_H

struct spawner;

enum { MODULE_LOAD_TIMEOUT_MS = 10000 };

/* Runs what the kernel itself would run (kernel.modprobe, so modprobe(8) of kmod or of busybox),
 * which knows of what else a module needs, of its parameters in /etc/modprobe.d and in the kernel's
 * command line, and of compressed ones. Blocks until it has ended, MODULE_LOAD_TIMEOUT_MS at most;
 * what it says goes to our stderr. 0; -ENOENT: there is no such program; -EINVAL: it failed;
 * -ETIMEDOUT; or what kept it from being started. All signals must be blocked. */
int module_load(const struct spawner *spawner, const char *name);

#endif
