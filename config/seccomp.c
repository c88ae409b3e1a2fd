/* From the words of `seccomp =` to a set of system calls. */
#include "config/sandbox.h"

#include "config/model.h"
#include "config/signed_list.h"
#include "config/text.h"

#include <string.h>

/* What no program can do without, or what the last steps before it need: it is in each list that
 * names what may be called. */
static const char *const always[] = {
	"@default", "rt_sigprocmask", "rt_sigaction", "read", "write", "close", "dup2"};

/* The presets' own lists are words, too, but name no presets. */
static void put_word(struct syscall_set *set, const char *word, bool in);

static void put_words(struct syscall_set *set, const char *words)
{
	char word[64];

	while (*(words += strspn(words, " "))) {
		size_t length = strcspn(words, " ");

		if (length < sizeof(word)) {
			memcpy(word, words, length);
			word[length] = '\0';
			put_word(set, signed_list_name(word), *word != '-');
		}
		words += length;
	}
}

static int find_preset(const char *name)
{
	for (int i = SANDBOX_NONE + 1; sandbox_names[i]; i++)
		if (strcmp(sandbox_names[i], name) == 0)
			return i;
	return -1;
}

static void put_preset(struct syscall_set *set, unsigned preset, bool in)
{
	struct syscall_set whole = {{0}};

	put_words(&whole, sandbox_calls(preset));
	for (unsigned i = 0; i < SYSCALL_SET_WORDS; i++)
		set->bits[i] = in ? set->bits[i] | whole.bits[i] : set->bits[i] & ~whole.bits[i];
}

static void put_word(struct syscall_set *set, const char *word, bool in)
{
	int number = *word == '@' ? syscall_group_find(word) : syscall_find(word);

	if (number < 0)
		return;
	if (*word == '@')
		syscall_set_put_group(set, (enum syscall_group)number, in);
	else
		syscall_set_put(set, (unsigned)number, in);
}

bool seccomp_name_is_known(const char *name)
{
	return *name == '@' ? syscall_group_find(name) >= 0
			    : syscall_find(name) >= 0 || find_preset(name) >= 0;
}

struct seccomp_choice seccomp_choose(const struct words *list)
{
	struct seccomp_choice choice = {
		.confined = list->count > 0 && !signed_list_is_none(list),
		.unknown = signed_list_takes_away(list),
	};

	if (choice.unknown || !choice.confined)
		syscall_set_fill(&choice.allowed);
	for (unsigned i = 0; choice.confined && i < list->count; i++) {
		const char *name = signed_list_name(list->word[i]);
		int preset = find_preset(name);
		bool in = list->word[i][0] != '-';

		if (preset >= 0)
			put_preset(&choice.allowed, (unsigned)preset, in);
		else
			put_word(&choice.allowed, name, in);
	}
	for (size_t i = 0; choice.confined && i < sizeof(always) / sizeof(always[0]); i++)
		put_word(&choice.allowed, always[i], true);
	return choice;
}
