#include "doc/man/mdoc.h"
#include "doc/man/pages.h"
#include "init/commands.h"

#include <stdio.h>
#include <string.h>

void pages_verbs(void)
{
	puts(".Bl -tag -width Ds");
	for (const struct command *command = commands; command->name; command++) {
		fputs(".It Nm Cm \"\\&", stdout);
		mdoc_put(command->name);
		if (*command->usage) {
			fputs("\" No \"\\&", stdout);
			mdoc_put(command->usage);
		}
		puts("\"");
		mdoc_line(command->summary);
		if (command->details)
			mdoc_details(command->details);
	}
	puts(".El");
}
