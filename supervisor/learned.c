#include "supervisor/learned.h"

#include "config/arena.h"
#include "config/sandbox.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>

/* Whoever has one of these calls gains little by the others. */
static const enum syscall_group harmless[] = {GROUP_BASIC_IO, GROUP_FILE_SYSTEM, GROUP_IO_EVENT,
	GROUP_IPC, GROUP_NETWORK_IO, GROUP_PROCESS, GROUP_SIGNAL, GROUP_SYNC, GROUP_TIMER,
	GROUP_SETUID, GROUP_CHOWN, GROUP_RESOURCES, GROUP_MEMLOCK};
enum { HARMLESS_COUNT = sizeof(harmless) / sizeof(harmless[0]) };

/* Of these an operator should know why. */
static const enum syscall_group telling[] = {GROUP_CLOCK, GROUP_CPU_EMULATION, GROUP_DEBUG,
	GROUP_KEYRING, GROUP_MODULE, GROUP_MOUNT, GROUP_NAMESPACE, GROUP_OBSOLETE, GROUP_RAW_IO,
	GROUP_REBOOT, GROUP_SWAP};

/* A list in the making. */
struct cover {
	const char **word;
	unsigned count;
	struct syscall_set left; /* seen, and not allowed yet */
	struct syscall_set allowed;
};

static struct syscall_set group_set(enum syscall_group group)
{
	struct syscall_set set = {{0}};

	syscall_set_put_group(&set, group, true);
	return set;
}

/* How many of `of` are in `set`. */
static unsigned overlap(const struct syscall_set *of, const struct syscall_set *set)
{
	struct syscall_set both = *of;

	for (unsigned i = 0; i < SYSCALL_SET_WORDS; i++)
		both.bits[i] &= set->bits[i];
	return syscall_set_count(&both);
}

static void add(struct cover *cover, const char *word, const struct syscall_set *set)
{
	if (word && cover->count < WORDS_MAX)
		cover->word[cover->count++] = word;
	for (unsigned i = 0; i < SYSCALL_SET_WORDS; i++) {
		cover->left.bits[i] &= ~set->bits[i];
		cover->allowed.bits[i] |= set->bits[i];
	}
}

/* The group that saves most words: it stands for all that is left of it. */
static bool add_best_group(struct cover *cover)
{
	struct syscall_set best_set = {{0}};
	int best = -1;
	unsigned most = 1; /* one call alone is named as well by itself */

	for (int i = 0; i < HARMLESS_COUNT; i++) {
		struct syscall_set set = group_set(harmless[i]);
		unsigned gain = overlap(&cover->left, &set);

		if (gain <= most)
			continue;
		best = i;
		most = gain;
		best_set = set;
	}
	if (best < 0)
		return false;
	add(cover, syscall_group_name(harmless[best]), &best_set);
	return true;
}

static void add_rest(struct cover *cover)
{
	while (add_best_group(cover))
		;
	for (unsigned row = 0; row < syscall_count; row++) {
		struct syscall_set one = {{0}};

		if (!syscall_set_has(&cover->left, row))
			continue;
		syscall_set_put(&one, row, true);
		add(cover, syscall_rows[row].name, &one);
	}
}

/* What each list allows anyway. */
static struct syscall_set always(void)
{
	static const char *const words[] = {"read", NULL};
	const struct words list = {words, 1};

	return seccomp_choose(&list).allowed;
}

static bool is_better(const struct cover *cover, const struct cover *than)
{
	if (cover->count != than->count)
		return cover->count < than->count;
	return syscall_set_count(&cover->allowed) < syscall_set_count(&than->allowed);
}

/* Starts with what `first` (NULL: nothing) allows. */
static bool make_cover(struct arena *arena, const struct syscall_set *seen, const char *first,
	struct cover *ret_cover)
{
	struct syscall_set set = always();
	struct cover cover = {.left = *seen};

	cover.word = arena_array(arena, WORDS_MAX + 1, sizeof(*cover.word));
	if (!cover.word)
		return false;
	add(&cover, NULL, &set);
	if (first) {
		const struct words list = {&first, 1};

		set = seccomp_choose(&list).allowed;
		add(&cover, first, &set);
	}
	add_rest(&cover);
	*ret_cover = cover;
	return true;
}

static int find_privileged(
	struct arena *arena, const struct syscall_set *seen, struct words *ret_words)
{
	const char **word = arena_array(arena, syscall_count + 1, sizeof(*word));
	unsigned count = 0;

	if (!word)
		return -ENOMEM;
	for (unsigned row = 0; row < syscall_count; row++)
		for (size_t i = 0; i < sizeof(telling) / sizeof(telling[0]); i++)
			if (syscall_set_has(seen, row) &&
				syscall_rows[row].groups >> telling[i] & 1) {
				word[count++] = syscall_rows[row].name;
				break;
			}
	*ret_words = (struct words){word, count};
	return 0;
}

int learned_cover(
	struct arena *arena, const struct syscall_set *seen, struct learned_list *ret_list)
{
	struct learned_list list = {.allowed = 0};
	struct cover groups, preset = {.count = UINT_MAX}, other;

	if (!make_cover(arena, seen, NULL, &groups) ||
		find_privileged(arena, seen, &list.privileged) < 0)
		return -ENOMEM;
	for (unsigned i = SANDBOX_NONE + 1; sandbox_names[i]; i++) {
		if (!make_cover(arena, seen, sandbox_names[i], &other))
			return -ENOMEM;
		if (is_better(&other, &preset))
			preset = other;
	}
	if (groups.count == 0) /* no words would be no filter */
		groups.word[groups.count++] = syscall_group_name(GROUP_DEFAULT);
	list.words = (struct words){groups.word, groups.count};
	list.preset = (struct words){preset.word, preset.count};
	list.allowed = syscall_set_count(&groups.allowed);
	*ret_list = list;
	return 0;
}
