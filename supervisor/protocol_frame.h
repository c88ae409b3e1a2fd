/* protocol_frame: what the parts of the protocol's codec share; for protocol*.c only. */
#ifndef FIRSTHOP_SUPERVISOR_PROTOCOL_FRAME_H
#define FIRSTHOP_SUPERVISOR_PROTOCOL_FRAME_H

#include "supervisor/protocol.h"
#include "supervisor/wire.h"

/* Puts a header of that minor version, whose length frame_end() fills in; returns where the payload
 * begins. */
size_t frame_begin(struct buffer *buffer, enum message type, uint8_t minor);
/* A payload that is longer than `payload_max` makes buffer->failed. */
void frame_end(struct buffer *buffer, size_t payload_at, size_t payload_max);

/* What get functions begin and end with: the frame must be of a version that we know, and must be
 * used up by its fields. 0, -EPROTONOSUPPORT; 0, -ENOMEM, -EPROTO. */
int payload_open(const struct frame *frame, struct cursor *ret_cursor);
int payload_close(const struct cursor *cursor);

/* A string that must not be NULL: a name, a problem. */
const char *payload_get_required(struct cursor *cursor, struct arena *arena);

#endif
