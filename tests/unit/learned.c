/* The list that is made of what was seen allows it, is short, and rounds up to nothing dangerous.
 */
#include "supervisor/learned.h"

#include "config/arena.h"
#include "config/sandbox.h"
#include "config/text.h"
#include "config/words.h"

#include "tests/check.h"

#include <stdlib.h>

static struct syscall_set set_of(const char *const *names)
{
	struct syscall_set set = {{0}};

	for (; *names; names++) {
		CHECK(syscall_find(*names) >= 0);
		syscall_set_put(&set, (unsigned)syscall_find(*names), true);
	}
	return set;
}

static const char *spell(struct arena *arena, const struct words *words)
{
	struct text text = {.arena = arena};

	words_put_all(&text, words);
	return text_string(&text);
}

static void short_lists(void)
{
	static const struct {
		const char *const seen[12];
		const char *words, *preset, *privileged;
	} cases[] = {
		/* what is always allowed takes no word */
		{{"read", "execve", "mmap"}, "@default", "frr-daemon", ""},
		{{"socket", "bind", "listen"}, "@network-io", "frr-daemon", ""},
		{{"socket"}, "socket", "frr-daemon", ""},
		/* one of a group is no reason for the others, if these are dangerous */
		{{"mount", "umount2", "chroot"}, "chroot mount umount2", "sshd mount umount2",
			"chroot mount umount2"},
		{{"setns", "socket", "bind"}, "@network-io setns", "zebra", "setns"},
		{{"bpf"}, "bpf", "frr-daemon bpf", ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = {0};
		struct syscall_set seen = set_of(cases[i].seen);
		struct learned_list list;

		CHECK_INT(learned_cover(&arena, &seen, &list), 0);
		CHECK_STR(spell(&arena, &list.words), cases[i].words);
		CHECK_STR(spell(&arena, &list.preset), cases[i].preset);
		CHECK_STR(spell(&arena, &list.privileged), cases[i].privileged);
		arena_free(&arena);
	}
}

static bool covers(const struct words *words, const struct syscall_set *seen)
{
	struct seccomp_choice choice = seccomp_choose(words);

	/* No words at all would be no filter. */
	for (unsigned row = 0; row < syscall_count; row++)
		if (syscall_set_has(seen, row) && !syscall_set_has(&choice.allowed, row))
			return false;
	return true;
}

/* Random sets: both lists allow all of it. */
static void lists_allow_what_was_seen(void)
{
	srand(7);
	for (int round = 0; round < 200; round++) {
		struct arena arena = {0};
		struct syscall_set seen = {{0}};
		struct learned_list list;

		for (int i = rand() % 120; i > 0; i--)
			syscall_set_put(&seen, (unsigned)rand() % syscall_count, true);
		CHECK_INT(learned_cover(&arena, &seen, &list), 0);
		CHECK(covers(&list.words, &seen));
		CHECK(covers(&list.preset, &seen));
		arena_free(&arena);
	}
}

int main(void)
{
	RUN(short_lists);
	RUN(lists_allow_what_was_seen);
	return CHECK_EXIT_STATUS();
}
