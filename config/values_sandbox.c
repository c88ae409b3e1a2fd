/* The kinds of values that say what a service may do. */
#include "config/values.h"

#include "config/arena.h"
#include "config/capability.h"
#include "config/nearest.h"
#include "config/sandbox.h"
#include "config/signed_list.h"
#include "config/syscalls.h"
#include "config/text.h"
#include "config/words.h"

#include <ctype.h>
#include <string.h>

static bool refuse_name(const struct value *value, const char *name, const struct nearest *nearest)
{
	return value_refuse_because(value, "%s is not %s%s", text_quote_string(value->arena, name),
		value->key->kind->expects, nearest_hint(value->arena, nearest));
}

static unsigned count_words(const struct key *key, const void *base)
{
	return ((const struct words *)value_field_const(key, base))->count;
}

static void print_word(struct text *out, const struct key *key, const void *base, unsigned item)
{
	words_put(out, ((const struct words *)value_field_const(key, base))->word[item]);
}

static void print_words(struct text *out, const struct key *key, const void *base)
{
	words_put_all(out, value_field_const(key, base));
}

static void clear_words(const struct key *key, void *base)
{
	*(struct words *)value_field(key, base) = (struct words){NULL, 0};
}

/* capabilities = NAME… | -NAME… | none */

static const char *lower(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *at = copy; at && *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return copy;
}

/* net_admin for NET_ADMIN, cap_net_admin and so on. */
static const char *find_capability(const struct value *value, const char *name)
{
	struct nearest nearest = {
		.wanted = lower(value->arena, name + (strncasecmp(name, "cap_", 4) ? 0 : 4))};

	if (!nearest.wanted || capability_number(nearest.wanted) >= 0)
		return nearest.wanted;
	for (unsigned i = 0; i < CAPABILITY_COUNT; i++) {
		const char *known = lower(value->arena, capability_name(i));

		if (known)
			nearest_offer(&nearest, known);
	}
	(void)refuse_name(value, name, &nearest); /* NULL says it */
	return NULL;
}

static bool parse_capabilities(const struct value *value, void *base)
{
	return signed_list_parse(value, base, find_capability);
}

const struct value_kind value_capabilities = {
	.expects = "a capability, such as net_admin; see capabilities(7)",
	.parse = parse_capabilities,
	.print = print_words,
	.raw = true,
	.count = count_words,
	.print_item = print_word,
	.clear = clear_words,
};

/* seccomp = PRESET | @GROUP | CALL …, each also with a '-' | none */

static const char *find_syscalls(const struct value *value, const char *name)
{
	struct nearest nearest = {.wanted = name};

	if (seccomp_name_is_known(name))
		return arena_strdup(value->arena, name);
	for (int group = 0; group < GROUP_COUNT; group++)
		nearest_offer(&nearest, syscall_group_name((enum syscall_group)group));
	for (unsigned i = 0; sandbox_names[i + 1]; i++)
		nearest_offer(&nearest, sandbox_names[i + 1]);
	for (unsigned i = 0; i < syscall_count; i++)
		nearest_offer(&nearest, syscall_rows[i].name);
	(void)refuse_name(value, name, &nearest); /* NULL says it */
	return NULL;
}

static bool parse_seccomp(const struct value *value, void *base)
{
	return signed_list_parse(value, base, find_syscalls);
}

const struct value_kind value_seccomp = {
	.expects = "a preset, a group such as @system-service, or a system call",
	.parse = parse_seccomp,
	.print = print_words,
	.raw = true,
	.count = count_words,
	.print_item = print_word,
	.clear = clear_words,
};

/* securebits = NAME…; bits as in linux/securebits.h, whose header has no names for text. */

static const struct {
	const char *name;
	unsigned bit;
} securebits[] = {
	{"noroot", 1u << 0},
	{"noroot-locked", 1u << 1},
	{"no-setuid-fixup", 1u << 2},
	{"no-setuid-fixup-locked", 1u << 3},
	{"keep-caps", 1u << 4},
	{"keep-caps-locked", 1u << 5},
};
enum { SECUREBIT_COUNT = sizeof(securebits) / sizeof(securebits[0]) };

static bool parse_securebits(const struct value *value, void *base)
{
	unsigned *field = value_field(value->key, base), bits = *field;
	struct words words;
	int r = words_split(value->arena, value->text, &words);

	if (r < 0)
		return value_refuse_words(value, r);
	for (unsigned i = 0; i < words.count; i++) {
		struct nearest nearest = {.wanted = words.word[i]};
		unsigned k = 0;

		while (k < SECUREBIT_COUNT && strcmp(securebits[k].name, words.word[i]) != 0)
			nearest_offer(&nearest, securebits[k++].name);
		if (k == SECUREBIT_COUNT)
			return refuse_name(value, words.word[i], &nearest);
		bits |= securebits[k].bit;
	}
	*field = bits;
	return true;
}

static unsigned count_securebits(const struct key *key, const void *base)
{
	unsigned bits = *(const unsigned *)value_field_const(key, base), count = 0;

	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

static void print_securebit(
	struct text *out, const struct key *key, const void *base, unsigned item)
{
	unsigned bits = *(const unsigned *)value_field_const(key, base);

	for (unsigned i = 0; i < SECUREBIT_COUNT; i++)
		if (bits & securebits[i].bit && item-- == 0)
			text_put(out, securebits[i].name);
}

static void print_securebits(struct text *out, const struct key *key, const void *base)
{
	for (unsigned i = 0; i < count_securebits(key, base); i++) {
		text_put(out, i ? " " : "");
		print_securebit(out, key, base, i);
	}
}

static void clear_securebits(const struct key *key, void *base)
{
	*(unsigned *)value_field(key, base) = 0;
}

const struct value_kind value_securebits = {
	.expects = "noroot, no-setuid-fixup or keep-caps, each also with -locked",
	.parse = parse_securebits,
	.print = print_securebits,
	.raw = true,
	.count = count_securebits,
	.print_item = print_securebit,
	.clear = clear_securebits,
};
