/* frr: what FRR's own files say, as sections of our configuration. */
#ifndef FIRSTHOP_CONFIG_FRR_H
#define FIRSTHOP_CONFIG_FRR_H

struct build;
struct ini_sections;

/* Reads the files that [frr] names, and adds a [service] for each daemon they enable, and
 * "frr-config" to load the configuration. 0 or -ENOMEM; what is wrong goes to build->diags. */
int frr_services(struct build *build, struct ini_sections *sections);

#endif
