#include "init/form.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

void form_configure(struct form *form, const struct node *node)
{
	form->json = node->log_format == LOG_FORMAT_JSON;
	form->stamped = node->log_timestamps;
	form_forget(form);
}

void form_forget(struct form *form)
{
	form->service = NULL;
}

void form_free(struct form *form)
{
	buffer_free(&form->object);
}

static bool is_head_of(const struct form *form, const struct record *record, bool named)
{
	return form->service == record->service && form->time_us == record->time_us &&
	       form->level == record->level && form->named == named;
}

static void make_head(struct form *form, const struct record *record, bool named)
{
	size_t bytes = 0;
	int r;

	if (form->stamped) {
		calendar_write(form->head, record->time_us);
		bytes = CALENDAR_BYTES;
		form->head[bytes - 1] = ' ';
	}
	r = snprintf(form->head + bytes, sizeof(form->head) - bytes, "%s%s%s",
		named ? record->service : "", named ? ": " : "",
		record_level_prefix(record->level));
	form->head_bytes = bytes + (r > 0 ? (size_t)r : 0); /* fits: see the size of it */
	form->service = record->service;
	form->time_us = record->time_us;
	form->level = record->level;
	form->named = named;
}

static struct iovec part(const char *text, size_t length)
{
	return (struct iovec){.iov_base = (char *)(uintptr_t)text, .iov_len = length};
}

void form_line(
	struct form *form, const struct record *record, bool named, struct iovec parts[FORM_PARTS])
{
	if (form->json) {
		buffer_reset(&form->object);
		record_add_json(&form->object, record);
		if (!form->object.failed) {
			parts[0] = part(form->object.data, form->object.length);
			parts[1] = parts[2] = part(NULL, 0);
			return;
		}
		/* No memory: rather a line of text than none. */
	}
	if (!is_head_of(form, record, named))
		make_head(form, record, named);
	parts[0] = part(form->head, form->head_bytes);
	parts[1] = part(record->text, record->length);
	parts[2] = part("\n", 1);
}
