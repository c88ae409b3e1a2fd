/* What becomes of an order, as bytes. */
#include "supervisor/protocol_frame.h"

#include "config/arena.h"
#include "supervisor/buffer.h"
#include "supervisor/order.h"

#include <errno.h>

#define ORDER_MINOR	1 /* the minor version that brought these replies */
#define ITEM_BYTES_MIN	(4 + 1 + 4)
#define OTHER_BYTES_MIN (4 + 4 + 1)

void protocol_put_order(struct buffer *buffer, const struct order *order)
{
	size_t payload = frame_begin(buffer, REPLY_ORDER, ORDER_MINOR);
	wire_put_u8(buffer, (uint8_t)order->verb);
	wire_put_u32(buffer, order->item_count);
	for (unsigned i = 0; i < order->item_count; i++) {
		wire_put_string(buffer, order->items[i].name);
		wire_put_u8(buffer, order->items[i].asked);
		wire_put_u32(buffer, order->items[i].attempt);
	}
	wire_put_u32(buffer, order->other_count);
	for (unsigned i = 0; i < order->other_count; i++) {
		wire_put_string(buffer, order->others[i].name);
		wire_put_string(buffer, order->others[i].needs);
		wire_put_u8(buffer, (uint8_t)order->others[i].effect);
	}
	frame_end(buffer, payload, PROTOCOL_REPLY_MAX);
}

int protocol_get_order(const struct frame *frame, struct arena *arena, struct order *ret_order)
{
	struct cursor cursor;
	int error = payload_open(frame, &cursor);
	if (error)
		return error;
	if (frame->type != REPLY_ORDER)
		return -ENOSYS;

	struct order order = {.verb = (enum order_verb)wire_get_enum(&cursor, ORDER_VERB_COUNT)};
	order.item_count = wire_get_count(&cursor, ITEM_BYTES_MIN);
	order.items = arena_array(arena, order.item_count, sizeof(*order.items));
	for (unsigned i = 0; order.items && i < order.item_count; i++) {
		order.items[i].name = payload_get_required(&cursor, arena);
		order.items[i].asked = wire_get_bool(&cursor);
		order.items[i].attempt = wire_get_u32(&cursor);
	}
	order.other_count = wire_get_count(&cursor, OTHER_BYTES_MIN);
	order.others = arena_array(arena, order.other_count, sizeof(*order.others));
	for (unsigned i = 0; order.others && i < order.other_count; i++) {
		order.others[i].name = payload_get_required(&cursor, arena);
		order.others[i].needs = payload_get_required(&cursor, arena);
		order.others[i].effect =
			(enum order_effect)wire_get_enum(&cursor, ORDER_EFFECT_COUNT);
	}
	if (arena->failed)
		return -ENOMEM;
	error = payload_close(&cursor);
	if (!error)
		*ret_order = order;
	return error;
}

void protocol_put_outcome(struct buffer *buffer, const struct order_outcome *outcome)
{
	size_t payload = frame_begin(buffer, REPLY_OUTCOME, ORDER_MINOR);
	wire_put_u8(buffer, (uint8_t)outcome->progress);
	wire_put_u8(buffer, (uint8_t)outcome->state);
	wire_put_u32(buffer, (uint32_t)outcome->pid);
	wire_put_i64(buffer, outcome->ready_ms);
	wire_put_string(buffer, outcome->text);
	frame_end(buffer, payload, PROTOCOL_REPLY_MAX);
}

int protocol_get_outcome(
	const struct frame *frame, struct arena *arena, struct order_outcome *ret_outcome)
{
	struct cursor cursor;
	int error = payload_open(frame, &cursor);
	if (error)
		return error;
	if (frame->type != REPLY_OUTCOME)
		return -ENOSYS;

	struct order_outcome outcome = {
		.progress = (enum order_progress)wire_get_enum(&cursor, ORDER_PROGRESS_COUNT)};
	outcome.state = (enum service_state)wire_get_enum(&cursor, STATE_COUNT);
	outcome.pid = wire_get_pid(&cursor);
	outcome.ready_ms = wire_get_i64(&cursor);
	outcome.text = wire_get_string(&cursor, arena);
	error = payload_close(&cursor);
	if (!error)
		*ret_outcome = outcome;
	return error;
}
