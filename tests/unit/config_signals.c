/* Names of signals, and that they are this machine's. */
#include "config/model.h"
#include "tests/check.h"

#include <signal.h>

static void names_and_numbers_agree(void)
{
	for (int i = 1; i <= SIGNAL_MAX; i++) {
		CHECK(signal_short_name(i));
		CHECK_INT(signal_from_name(signal_short_name(i)), i);
	}
	CHECK(!signal_short_name(0));
	CHECK(!signal_short_name(-1));
	CHECK(!signal_short_name(SIGNAL_MAX + 1));
}

static void other_spellings(void)
{
	CHECK_INT(signal_from_name("SIGTERM"), SIGTERM);
	CHECK_INT(signal_from_name("15"), SIGTERM);
	CHECK_INT(signal_from_name("IOT"), SIGABRT);
	CHECK_INT(signal_from_name("CLD"), SIGCHLD);
	CHECK_INT(signal_from_name("POLL"), SIGIO);
	CHECK_INT(signal_from_name("SIGRTMIN"), 34);
	CHECK_INT(signal_from_name("RTMIN+0"), 34);
	CHECK_INT(signal_from_name("RTMIN+30"), 64);
	CHECK_INT(signal_from_name("RTMAX"), 64);
	CHECK_INT(signal_from_name("RTMAX-0"), 64);
	CHECK_INT(signal_from_name("RTMAX-30"), 34);
}

static void refused(void)
{
	static const char *const names[] = {"", "term", "SIG", "SIGSIG", "0", "65", "015x", "-1",
		"+1", "RTMIN+31", "RTMIN+", "RTMAX-31", "RTMAX--1", "TERM ", " TERM",
		"99999999999999999999"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK_INT(signal_from_name(names[i]), -1);
}

/* The numbers are fixed for Linux on amd64 and arm64, which this is. */
static void are_those_of_the_kernel(void)
{
	CHECK_INT(signal_from_name("HUP"), SIGHUP);
	CHECK_INT(signal_from_name("USR1"), SIGUSR1);
	CHECK_INT(signal_from_name("SEGV"), SIGSEGV);
	CHECK_INT(signal_from_name("CHLD"), SIGCHLD);
	CHECK_INT(signal_from_name("STOP"), SIGSTOP);
	CHECK_INT(signal_from_name("WINCH"), SIGWINCH);
	CHECK_INT(signal_from_name("PWR"), SIGPWR);
	CHECK_INT(signal_from_name("SYS"), SIGSYS);
	CHECK_INT(signal_from_name("RTMAX"), SIGRTMAX);
}

int main(void)
{
	RUN(names_and_numbers_agree);
	RUN(other_spellings);
	RUN(refused);
	RUN(are_those_of_the_kernel);
	return CHECK_EXIT_STATUS();
}
