/* giveback: memory that only the boot needed. */
#ifndef FIRSTHOP_INIT_GIVEBACK_H
#define FIRSTHOP_INIT_GIVEBACK_H

/* Gives the pages of the program's code and constants, and the heap's unused end, back to the
 * kernel: the parser, the preparation and libnl ran once and are not needed again. Whatever is
 * needed is mapped again by itself, from the page cache. */
void giveback_boot_memory(void);

/* Large pieces of memory, as a burst of lines needs them, go back to the kernel as soon as they are
 * freed. Called once, before any is asked for. */
void giveback_prepare(void);

#endif
