#include "config/model.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Linux's numbers on amd64 and arm64, so that a configuration checked on one machine means the same
 * on another. 32 and 33 are the C library's own; they have numbers only. */
static const char *const signal_names[SIGNAL_MAX + 1] = {
	[1] = "HUP",
	[2] = "INT",
	[3] = "QUIT",
	[4] = "ILL",
	[5] = "TRAP",
	[6] = "ABRT",
	[7] = "BUS",
	[8] = "FPE",
	[9] = "KILL",
	[10] = "USR1",
	[11] = "SEGV",
	[12] = "USR2",
	[13] = "PIPE",
	[14] = "ALRM",
	[15] = "TERM",
	[16] = "STKFLT",
	[17] = "CHLD",
	[18] = "CONT",
	[19] = "STOP",
	[20] = "TSTP",
	[21] = "TTIN",
	[22] = "TTOU",
	[23] = "URG",
	[24] = "XCPU",
	[25] = "XFSZ",
	[26] = "VTALRM",
	[27] = "PROF",
	[28] = "WINCH",
	[29] = "IO",
	[30] = "PWR",
	[31] = "SYS",
	[32] = "32",
	[33] = "33",
	[34] = "RTMIN",
	[35] = "RTMIN+1",
	[36] = "RTMIN+2",
	[37] = "RTMIN+3",
	[38] = "RTMIN+4",
	[39] = "RTMIN+5",
	[40] = "RTMIN+6",
	[41] = "RTMIN+7",
	[42] = "RTMIN+8",
	[43] = "RTMIN+9",
	[44] = "RTMIN+10",
	[45] = "RTMIN+11",
	[46] = "RTMIN+12",
	[47] = "RTMIN+13",
	[48] = "RTMIN+14",
	[49] = "RTMIN+15",
	[50] = "RTMIN+16",
	[51] = "RTMIN+17",
	[52] = "RTMIN+18",
	[53] = "RTMIN+19",
	[54] = "RTMIN+20",
	[55] = "RTMIN+21",
	[56] = "RTMIN+22",
	[57] = "RTMIN+23",
	[58] = "RTMIN+24",
	[59] = "RTMIN+25",
	[60] = "RTMIN+26",
	[61] = "RTMIN+27",
	[62] = "RTMIN+28",
	[63] = "RTMIN+29",
	[64] = "RTMIN+30",
};

static const struct {
	const char *name;
	int signal;
} aliases[] = {{"IOT", 6}, {"CLD", 17}, {"POLL", 29}, {"RTMAX", 64}};

const char *signal_short_name(int signal)
{
	return signal >= 1 && signal <= SIGNAL_MAX ? signal_names[signal] : NULL;
}

/* A decimal number from `least` to `most` and nothing behind it; -1 when it is none. */
static int small_number(const char *text, long least, long most)
{
	char *end;
	long number;

	if (text[0] < '0' || text[0] > '9')
		return -1;
	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || *end || number < least || number > most)
		return -1;
	return (int)number;
}

int signal_from_name(const char *name)
{
	if (name[0] >= '0' && name[0] <= '9')
		return small_number(name, 1, SIGNAL_MAX);
	if (strncmp(name, "SIG", 3) == 0)
		name += 3;
	if (strncmp(name, "RTMAX-", 6) == 0) {
		int below = small_number(name + 6, 0, 30);

		return below < 0 ? -1 : SIGNAL_MAX - below;
	}
	if (strcmp(name, "RTMIN+0") == 0)
		return 34;
	for (int i = 1; i <= SIGNAL_MAX; i++)
		if (signal_names[i][0] > '9' && strcmp(name, signal_names[i]) == 0)
			return i;
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(name, aliases[i].name) == 0)
			return aliases[i].signal;
	return -1;
}
