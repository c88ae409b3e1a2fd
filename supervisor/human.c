#include "supervisor/human.h"

#include "config/text.h"
#include "supervisor/buffer.h"

#include <stdio.h>
#include <string.h>

struct human_text human_duration(int64_t ms)
{
	static const struct {
		int64_t from_s; /* used for this long and longer */
		int64_t big_s, small_s;
		const char *big, *small;
	} units[] = {
		{86400, 86400, 3600, "d", "h"},
		{3600, 3600, 60, "h", "min"},
		{120, 60, 1, "min", "s"},
	};
	struct human_text result = {"-"};
	const size_t size = sizeof(result.text);
	int64_t seconds = ms / 1000;

	if (ms < 0)
		return result;
	for (unsigned i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (seconds < units[i].from_s)
			continue;
		long long big = seconds / units[i].big_s;
		long long small = seconds % units[i].big_s / units[i].small_s;
		if (small)
			(void)snprintf(result.text, size, "%lld %s %lld %s", big, units[i].big,
				small, units[i].small);
		else
			(void)snprintf(result.text, size, "%lld %s", big, units[i].big);
		return result;
	}
	if (ms < 1000)
		(void)snprintf(result.text, size, "%d ms", (int)ms);
	else if (ms < 10000 && ms % 1000 >= 100)
		(void)snprintf(result.text, size, "%d.%d s", (int)seconds, (int)(ms % 1000 / 100));
	else
		(void)snprintf(result.text, size, "%d s", (int)seconds);
	return result;
}

struct human_text human_bytes(int64_t bytes)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
	const unsigned last = sizeof(units) / sizeof(units[0]) - 1;
	struct human_text result = {"-"};
	int64_t kib = bytes / 1024;
	unsigned unit = 0;
	int64_t rest = 0; /* of the next smaller unit */

	if (bytes < 0)
		return result;
	for (; kib >= 1024 && unit < last; unit++) {
		rest = kib % 1024;
		kib /= 1024;
	}
	if (unit > 0 && kib < 10)
		(void)snprintf(result.text, sizeof(result.text), "%d.%d %s", (int)kib,
			(int)(rest * 10 / 1024), units[unit]);
	else
		(void)snprintf(
			result.text, sizeof(result.text), "%lld %s", (long long)kib, units[unit]);
	return result;
}

static bool starts_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

/* `length` bytes of clean UTF-8. A tab becomes a blank: it would upset what is counted in columns.
 */
static void add_clean(struct buffer *buffer, const char *text, size_t length, bool utf8)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\t')
			buffer_add(buffer, " ", 1);
		else if (utf8 || (unsigned char)text[i] < 0x80)
			buffer_add(buffer, text + i, 1);
		else if (starts_character(text[i]))
			buffer_add(buffer, "?", 1);
	}
}

void human_add_printable(struct buffer *buffer, const char *text, size_t length, bool utf8)
{
	while (length > 0) {
		size_t clean = text_check(text, length);

		add_clean(buffer, text, clean, utf8);
		if (clean == length)
			break;
		buffer_add(buffer, "?", 1);
		text += clean + 1;
		length -= clean + 1;
	}
}

void human_add_lines(struct buffer *buffer, const char *lines, const char *indent, bool utf8)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");

		buffer_add_text(buffer, indent);
		human_add_printable(buffer, lines, length, utf8);
		buffer_add(buffer, "\n", 1);
		lines += length;
		lines += *lines == '\n';
	}
}

unsigned human_columns(const char *text)
{
	unsigned columns = 0;
	for (; *text; text++)
		columns += starts_character(*text);
	return columns;
}
