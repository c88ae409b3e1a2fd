/* hostname_junos: the host name in a configuration with braces; used by hostname.c only. */
#ifndef FIRSTHOP_CONFIG_HOSTNAME_JUNOS_H
#define FIRSTHOP_CONFIG_HOSTNAME_JUNOS_H

#include <stddef.h>

/* A name within the text that was searched. */
struct hostname_found {
	const char *name;
	size_t length; /* with its quotes, if it has any */
	int line;      /* 0: there is none */
};

/* The last `host-name NAME;` right inside of `system { … }`, unless it is marked `inactive:`. */
struct hostname_found hostname_find_junos(const char *text, size_t length);

#endif
