/* The kinds of values that are about the network: interfaces, addresses, tables. */
#include "config/values.h"

#include "config/arena.h"
#include "config/nearest.h"
#include "config/quantity.h"
#include "config/text.h"
#include "config/words.h"

#include <ctype.h>
#include <string.h>

#define INTERFACES_MAX 4096 /* to wait for */

static bool is_digits(const char *word)
{
	return *word && word[strspn(word, "0123456789")] == '\0';
}

/* As the kernel's dev_valid_name(); 0xa0 is a blank for it. */
static bool has_interface_bytes(const char *name)
{
	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	for (; *name; name++) {
		unsigned char byte = (unsigned char)*name;

		if (byte <= ' ' || byte == 0x7f || byte == 0xa0 || byte == '/' || byte == ':')
			return false;
	}
	return true;
}

bool interface_name_is_valid(const char *name)
{
	return strlen(name) <= INTERFACE_NAME_MAX && has_interface_bytes(name);
}

bool interface_pattern_is_valid(const char *pattern)
{
	bool is_pattern = pattern[strcspn(pattern, "*?[")] != '\0';
	size_t most = is_pattern ? INTERFACE_PATTERN_MAX : INTERFACE_NAME_MAX;

	return strlen(pattern) <= most && has_interface_bytes(pattern);
}

bool vrf_name_is_valid(const char *name)
{
	/* The kernel has folders of the first two beside those of interfaces; a % asks it for a
	 * name with a number. */
	static const char *const taken[] = {"all", "default", "lo"};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strcmp(name, taken[i]) == 0)
			return false;
	return interface_name_is_valid(name) && name[strcspn(name, "*?[%")] == '\0';
}

bool module_name_is_valid(const char *name)
{
	if (!isalnum((unsigned char)name[0]))
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_' && *name != '-')
			return false;
	return true;
}

/* interfaces = none | auto | COUNT | NAME… */

static bool parse_count(const struct value *value, const char *word, struct interfaces *interfaces)
{
	int64_t number;

	if (quantity_number(word, 1, INTERFACES_MAX, &number) < 0)
		return value_refuse_because(value,
			"%s is not a number from 1 to %d; write none to wait for no interface",
			text_quote_string(value->arena, word), INTERFACES_MAX);
	*interfaces = (struct interfaces){.kind = INTERFACES_COUNT, .count = (unsigned)number};
	return true;
}

static const char *const gate_words[] = {"none", "auto"};
static const enum interfaces_kind gate_kinds[] = {INTERFACES_NONE, INTERFACES_AUTO};

/* What is not one of the words is a name; but it may have been meant for one of them. */
static void warn_if_near(const struct value *value, const char *word)
{
	struct nearest nearest = {.wanted = word};

	for (size_t i = 0; i < sizeof(gate_words) / sizeof(gate_words[0]); i++)
		nearest_offer(&nearest, gate_words[i]);
	if (nearest.best && nearest.distance == 1)
		diag_add(value->diags, value->origin, SEVERITY_WARNING,
			"%s: %s is taken for the name of an interface%s", value->key->name,
			text_quote_string(value->arena, word),
			nearest_hint(value->arena, &nearest));
}

static bool is_name_to_wait_for(const struct value *value, const char *word)
{
	if (is_digits(word) || strcmp(word, "none") == 0 || strcmp(word, "auto") == 0)
		return value_refuse_because(value, "%s cannot stand among names",
			text_quote_string(value->arena, word));
	if (!interface_pattern_is_valid(word))
		return value_refuse_because(
			value, "%s is not %s", text_quote_string(value->arena, word), AN_INTERFACE);
	return true;
}

static bool parse_gate_word(const char *word, struct interfaces *interfaces)
{
	for (size_t i = 0; i < sizeof(gate_words) / sizeof(gate_words[0]); i++) {
		if (strcmp(word, gate_words[i]) == 0) {
			*interfaces = (struct interfaces){.kind = gate_kinds[i]};
			return true;
		}
	}
	return false;
}

static bool parse_interfaces(const struct value *value, void *base)
{
	struct interfaces *interfaces = value_field(value->key, base);
	struct words words;
	int r = words_split(value->arena, value->text, &words);

	if (r < 0)
		return value_refuse_words(value, r);
	if (words.count == 1 && is_digits(words.word[0]))
		return parse_count(value, words.word[0], interfaces);
	if (words.count == 1 && parse_gate_word(words.word[0], interfaces))
		return true;
	for (unsigned i = 0; i < words.count; i++)
		if (!is_name_to_wait_for(value, words.word[i]))
			return false;
	if (words.count == 1)
		warn_if_near(value, words.word[0]);
	*interfaces = (struct interfaces){.kind = INTERFACES_NAMES, .names = words};
	return true;
}

static void print_interfaces(struct text *out, const struct key *key, const void *base)
{
	const struct interfaces *interfaces = value_field_const(key, base);

	switch (interfaces->kind) {
	case INTERFACES_NONE:
		text_put(out, "none");
		break;
	case INTERFACES_AUTO:
		text_put(out, "auto");
		break;
	case INTERFACES_COUNT:
		text_printf(out, "%u", interfaces->count);
		break;
	case INTERFACES_NAMES:
	case INTERFACES_KIND_COUNT:
		words_put_all(out, &interfaces->names);
		break;
	}
}

const struct value_kind value_interfaces = {
	.expects = "none, auto, a count such as 4, or names or patterns such as eth1 swp*",
	.parse = parse_interfaces,
	.print = print_interfaces,
	.raw = true,
};

static bool parse_table(const struct value *value, void *base)
{
	static const char *const kernels[] = {"default", "main", "local"}; /* 253, 254, 255 */
	int64_t number;

	if (quantity_number(value->text, 1, UINT32_MAX, &number) < 0)
		return value_refuse(value);
	if (number >= 253 && number <= 255)
		return value_refuse_because(value,
			"%s is the kernel's own table \"%s\"; take another, such as 1001",
			value->text, kernels[number - 253]);
	*(uint32_t *)value_field(value->key, base) = (uint32_t)number;
	return true;
}

static void print_table(struct text *out, const struct key *key, const void *base)
{
	text_printf(out, "%u", *(const uint32_t *)value_field_const(key, base));
}

const struct value_kind value_table = {
	.expects = "a number from 1 to 4294967295, such as 1001",
	.parse = parse_table,
	.print = print_table,
};

static bool parse_mtu(const struct value *value, void *base)
{
	const struct int_range *range = value->key->detail;
	int64_t number;

	if (quantity_number(value->text, range->least, range->most, &number) < 0)
		return value_refuse_because(value, "%s is not a number from %d to %d",
			text_quote_string(value->arena, value->text), range->least, range->most);
	*(unsigned *)value_field(value->key, base) = (unsigned)number;
	return true;
}

static void print_mtu(struct text *out, const struct key *key, const void *base)
{
	text_printf(out, "%u", *(const unsigned *)value_field_const(key, base));
}

const struct value_kind value_mtu = {
	.expects = "a number of bytes, such as 1500",
	.parse = parse_mtu,
	.print = print_mtu,
};
