#include "config/sysctl_key.h"

#include "config/model.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define SEPARATORS     "./"
#define INTERFACE_MARK "%i"

static bool is_separator(char byte)
{
	return byte == '.' || byte == '/';
}

bool sysctl_key_is_valid(const char *key, bool with_pattern, bool with_interface)
{
	size_t length = 0; /* of the path */

	if (!isalnum((unsigned char)key[0]))
		return false;
	for (const char *at = key; *at; at++, length++) {
		/* Two of them make an empty component, or with the other kind "." or "..". */
		if (is_separator(*at) && (!at[1] || is_separator(at[1])))
			return false;
		if (with_interface && strncmp(at, INTERFACE_MARK, strlen(INTERFACE_MARK)) == 0) {
			at += strlen(INTERFACE_MARK) - 1;
			length += INTERFACE_NAME_MAX - 1;
		} else if (!isalnum((unsigned char)*at) &&
			   !strchr(with_pattern ? "._-/*?[]!" : "._-/", *at)) {
			return false;
		}
	}
	return length < SYSCTL_PATH_MAX;
}

bool sysctl_key_is_pattern(const char *key)
{
	return key[strcspn(key, "*?[")] != '\0';
}

static bool is_component(const char *name)
{
	return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* '.' for '/' and back. */
static char swapped(char byte)
{
	if (byte == '.')
		return '/';
	if (byte == '/')
		return '.';
	return byte;
}

int sysctl_key_path(const char *key, const char *interface, char ret_path[SYSCTL_PATH_MAX])
{
	bool dots = key[strcspn(key, SEPARATORS)] == '.';
	size_t mark = strlen(INTERFACE_MARK), length = 0;
	char path[SYSCTL_PATH_MAX];

	if (interface && !is_component(interface))
		return -EINVAL;
	while (*key) {
		bool is_mark = interface && strncmp(key, INTERFACE_MARK, mark) == 0;
		size_t added = is_mark ? strlen(interface) : 1;

		if (added >= sizeof(path) - length)
			return -ENAMETOOLONG;
		if (is_mark)
			memcpy(path + length, interface, added);
		else if (dots)
			path[length] = swapped(*key);
		else
			path[length] = *key;
		length += added;
		key += is_mark ? mark : 1;
	}
	path[length] = '\0';
	memcpy(ret_path, path, length + 1);
	return 0;
}

void sysctl_key_from_path(const char *path, char ret_key[SYSCTL_PATH_MAX])
{
	size_t length = 0;

	for (; length < SYSCTL_PATH_MAX - 1 && path[length]; length++)
		ret_key[length] = swapped(path[length]);
	ret_key[length] = '\0';
}
