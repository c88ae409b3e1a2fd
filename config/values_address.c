/* address = ADDRESS[/PREFIX]… */
#include "config/values.h"

#include "config/arena.h"
#include "config/quantity.h"
#include "config/text.h"
#include "config/words.h"

#include <arpa/inet.h>
#include <string.h>

static size_t length_of(const struct address *address)
{
	return address->family == AF_INET ? 4 : 16;
}

/* Groups and "any" are none of an interface's own. */
static bool is_for_interfaces(const struct address *address)
{
	static const unsigned char any[sizeof(address->bytes)];

	if (memcmp(address->bytes, any, length_of(address)) == 0)
		return false;
	if (address->family == AF_INET)
		return address->bytes[0] < 224 && address->bytes[0] != 0;
	return address->bytes[0] != 0xff;
}

static bool read_address(const struct value *value, const char *word, struct address *address)
{
	const char *slash = strchr(word, '/');
	const char *host = slash ? arena_strndup(value->arena, word, (size_t)(slash - word)) : word;
	int bits;
	int64_t prefix;

	*address = (struct address){.text = word};
	if (!host)
		return false;
	address->family = strchr(host, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(address->family, host, address->bytes) != 1 || !is_for_interfaces(address))
		return value_refuse_because(value, "%s is not %s",
			text_quote_string(value->arena, word), value->key->kind->expects);
	bits = address->family == AF_INET ? 32 : 128;
	prefix = bits;
	if (slash && quantity_number(slash + 1, 0, bits, &prefix) < 0)
		return value_refuse_because(value, "%s: the prefix of %s has 0 to %d bits",
			text_quote_string(value->arena, word),
			address->family == AF_INET ? "IPv4" : "IPv6", bits);
	address->prefix = (unsigned char)prefix;
	return true;
}

static bool is_same(const struct address *a, const struct address *b)
{
	return a->family == b->family && a->prefix == b->prefix &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static bool parse_addresses(const struct value *value, void *base)
{
	struct address **list = value_field(value->key, base), *longer;
	unsigned *count = value_also(value->key, base), total = *count;
	struct words words;
	int r = words_split(value->arena, value->text, &words);

	if (r < 0)
		return value_refuse_words(value, r);
	longer = arena_array(value->arena, *count + words.count + 1, sizeof(*longer));
	if (!longer)
		return false;
	if (total)
		memcpy(longer, *list, total * sizeof(*longer));
	for (unsigned i = 0; i < words.count; i++) {
		unsigned place = 0;

		if (!read_address(value, words.word[i], &longer[total]))
			return false;
		while (!is_same(&longer[place], &longer[total]))
			place++; /* up to itself */
		total += place == total;
	}
	if (total > WORDS_MAX)
		return value_refuse_because(value, "more than %d addresses", WORDS_MAX);
	*list = longer;
	*count = total;
	return true;
}

static unsigned count_addresses(const struct key *key, const void *base)
{
	return *(const unsigned *)value_also_const(key, base);
}

static void print_address(struct text *out, const struct key *key, const void *base, unsigned item)
{
	const struct address *const *list = value_field_const(key, base);

	words_put(out, (*list)[item].text);
}

static void print_addresses(struct text *out, const struct key *key, const void *base)
{
	for (unsigned i = 0; i < count_addresses(key, base); i++) {
		text_put(out, i ? " " : "");
		print_address(out, key, base, i);
	}
}

static void clear_addresses(const struct key *key, void *base)
{
	*(const struct address **)value_field(key, base) = NULL;
	*(unsigned *)value_also(key, base) = 0;
}

const struct value_kind value_addresses = {
	.expects = "an address that an interface can have, such as 192.0.2.1/24 or 2001:db8::1/64",
	.parse = parse_addresses,
	.print = print_addresses,
	.raw = true,
	.count = count_addresses,
	.print_item = print_address,
	.clear = clear_addresses,
};
