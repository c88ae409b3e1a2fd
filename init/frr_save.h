/* frr_save: `write memory`, as PID 1 does it for those who ask on the socket of init/watchfrr.h. */
#ifndef FIRSTHOP_INIT_FRR_SAVE_H
#define FIRSTHOP_INIT_FRR_SAVE_H

#include "supervisor/timestamp.h"

struct frr_save;
struct runtime;

/* Opens the socket, or closes it, by what the configuration says now; says what goes wrong. */
void frr_save_configure(struct runtime *runtime);
/* The engine has settled: a save may have ended. */
void frr_save_notice(struct runtime *runtime);
/* As server_expire(). */
struct timestamp frr_save_expire(struct runtime *runtime, struct timestamp now);
void frr_save_close(struct runtime *runtime);

#endif
