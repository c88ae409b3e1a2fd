#include "supervisor/metrics_text.h"

#include "config/text.h"
#include "supervisor/buffer.h"

#include <inttypes.h>
#include <string.h>

/* By the specification a counter's sample has _total behind the family's name. */
static const struct {
	const char *name, *suffix;
} types[] = {
	[TYPE_GAUGE] = {"gauge", ""},
	[TYPE_COUNTER] = {"counter", "_total"},
	[TYPE_STATESET] = {"stateset", ""},
	[TYPE_INFO] = {"info", "_info"},
};

/* The older format has the sample's name where the newer has the family's. */
void metrics_begin(const struct exposition *exposition, const struct family *family)
{
	struct buffer *buffer = exposition->buffer;
	bool older = exposition->format == METRICS_PROMETHEUS;
	const char *suffix = older ? types[family->type].suffix : "";
	const char *type = !older			  ? types[family->type].name
			   : family->type == TYPE_COUNTER ? "counter"
							  : "gauge";

	buffer_printf(buffer, "# TYPE firsthop_%s%s %s\n", family->name, suffix, type);
	if (family->unit && !older)
		buffer_printf(buffer, "# UNIT firsthop_%s %s\n", family->name, family->unit);
	buffer_printf(buffer, "# HELP firsthop_%s%s %s\n", family->name, suffix, family->help);
}

/* The value of a label: UTF-8, with three characters escaped. */
static void put_escaped(struct buffer *buffer, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t clean = text_check(text, left);

		for (size_t i = 0; i < clean; i++) {
			if (text[i] == '"' || text[i] == '\\')
				buffer_add(buffer, "\\", 1);
			buffer_add(buffer, &text[i], 1);
		}
		text += clean;
		left -= clean;
		if (left == 0)
			break;
		buffer_add_text(buffer, *text == '\n' ? "\\n" : "\xef\xbf\xbd");
		text++;
		left--;
	}
}

static void put_label(struct buffer *buffer, const char *before, struct label label)
{
	buffer_printf(buffer, "%s%s=\"", before, label.name);
	put_escaped(buffer, label.value);
	buffer_add(buffer, "\"", 1);
}

void metrics_sample(const struct exposition *exposition, const struct family *family,
	struct label first, struct label second, struct value value)
{
	struct buffer *buffer = exposition->buffer;

	buffer_printf(buffer, "firsthop_%s%s", family->name, types[family->type].suffix);
	if (first.name)
		put_label(buffer, "{", first);
	if (second.name)
		put_label(buffer, ",", second);
	buffer_printf(buffer, "%s %" PRIu64, first.name ? "}" : "", value.whole);
	if (value.thousandths)
		buffer_printf(buffer, ".%03u", value.thousandths);
	buffer_add(buffer, "\n", 1);
}
