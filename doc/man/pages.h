/* pages: what the tables of the program say, for its manual pages and its completion. Each writes
 * to stdout what a template has a line @NAME@ for; doc/man/generate.c has the list. */
#ifndef FIRSTHOP_DOC_MAN_PAGES_H
#define FIRSTHOP_DOC_MAN_PAGES_H

void pages_verbs(void);	      /* init/commands.h, as mdoc */
void pages_sections(void);    /* config/keys.h, as mdoc */
void pages_completions(void); /* init/commands.h, as branches of a `case` of bash */

#endif
