/* frr: what FRR's own files say, as sections of our configuration. */
#ifndef FIRSTHOP_CONFIG_FRR_H
#define FIRSTHOP_CONFIG_FRR_H

struct build;
struct ini_sections;

/* The service that loads the configuration at boot. */
#define FRR_LOADER "frr-config"

/* The service that saves the running configuration, on request; absent: nobody may ask for it. */
#define FRR_WRITER "frr-write"

/* Reads the files that [frr] names, and adds a [service] for each daemon they enable, and
 * FRR_LOADER, and FRR_WRITER. 0 or -ENOMEM; what is wrong
 * goes to build->diags. */
int frr_services(struct build *build, struct ini_sections *sections);

#endif
