/* The reference of firsthop.ini(5), from the table that the parser reads. */
#include "config/keys.h"
#include "config/values.h"
#include "doc/man/mdoc.h"
#include "doc/man/pages.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What a value may be: the words themselves where they are few. */
static void put_expected(const struct key *key)
{
	const char *const *name = key->detail;

	fputs("Takes ", stdout);
	if (key->kind == &value_integer || key->kind == &value_count) {
		const struct int_range *range = key->detail;

		printf("a number from %d to %d", range->least, range->most);
	} else if (key->kind != &value_choice) {
		mdoc_put(key->kind->expects);
	} else {
		for (; *name; name++) {
			mdoc_put(*name);
			if (name[1])
				fputs(name[2] ? ", " : " or ", stdout);
		}
	}
	puts(key->kind->count ? "; several, in one line or in several." : ".");
}

/* The same default for all types of service that the key is for? */
static bool is_same(const struct key *key)
{
	const char *first = key->defaults[SERVICE_DAEMON];

	for (int type = 0; type <= SERVICE_CONSOLE; type++) {
		const char *text = key->defaults[type];

		if (!(key->types & 1u << type))
			continue;
		if (!text || !first || strcmp(text, first) != 0)
			return false;
	}
	return true;
}

static void put_defaults(const struct key *key)
{
	const char *separator = "Default: ";

	if (!key->types || is_same(key)) {
		if (key->defaults[0])
			printf("%s", separator), mdoc_put(key->defaults[0]), puts(".");
		return;
	}
	for (int type = 0; type <= SERVICE_CONSOLE; type++) {
		if (!(key->types & 1u << type) || !key->defaults[type])
			continue;
		fputs(separator, stdout);
		mdoc_put(key->defaults[type]);
		printf(" (%s)", service_type_name((enum service_type)type));
		separator = ", ";
	}
	if (*separator == ',')
		puts(".");
}

static void put_types(const struct key *key)
{
	const char *separator = "Only for ";

	if (!key->types || key->types == FOR_ALL)
		return;
	for (int type = 0; type <= SERVICE_CONSOLE; type++) {
		if (!(key->types & 1u << type))
			continue;
		printf("%s%s", separator, service_type_name((enum service_type)type));
		separator = " and ";
	}
	puts(".");
}

/* Is the first word of `text` one that the key takes as its value? */
static bool begins_with_value(const char *text, const struct key *key)
{
	static const char *const yes_no[] = {"yes", "no", NULL};
	const char *const *name = key && key->kind == &value_bool ? yes_no : NULL;
	size_t word = strcspn(text, " :;,");

	if (key && (key->kind == &value_choice || key->kind == &value_type))
		name = key->detail;
	while (name && *name && !(strlen(*name) == word && strncmp(*name, text, word) == 0))
		name++;
	return name && *name;
}

/* "the routing table of the vrf" as "The routing table of the vrf."; what is to be written as it is
 * stays as it is. `key` NULL: of a section. */
static void put_sentence(const char *text, const struct key *key)
{
	size_t word = strcspn(text, " :;,");
	bool is_plain = strspn(text, "abcdefghijklmnopqrstuvwxyz") == word;

	if (is_plain && text[0] >= 'a' && text[0] <= 'z' && !begins_with_value(text, key))
		putchar(text[0] - 'a' + 'A');
	else
		mdoc_put_bytes(text, 1);
	mdoc_put(text + 1);
	puts(".");
}

static void put_keys(enum section_kind section)
{
	bool any = false;

	for (unsigned i = 0; i < key_count; i++) {
		if (keys[i].section != section)
			continue;
		if (!any)
			puts(".Bl -tag -width Ds");
		any = true;
		mdoc_item(keys[i].name, strlen(keys[i].name));
		put_sentence(keys[i].doc, &keys[i]);
		put_expected(&keys[i]);
		put_defaults(&keys[i]);
		put_types(&keys[i]);
		if (section == SECTION_SERVICE && keys[i].change == CHANGES_PROCESS)
			puts("A reload that changes it starts the service again.");
	}
	if (any)
		puts(".El");
}

void pages_sections(void)
{
	for (int kind = 0; kind < SECTION_KIND_COUNT; kind++) {
		printf(".Ss \"\\&[%s%s]\"\n", sections[kind].name,
			sections[kind].names ? " NAME" : "");
		put_sentence(sections[kind].doc, NULL);
		if (sections[kind].names) {
			fputs("NAME: ", stdout);
			mdoc_put(sections[kind].names->expects);
			fputs("; such as ", stdout);
			mdoc_put(sections[kind].names->example);
			puts(".");
		}
		put_keys((enum section_kind)kind);
	}
}
