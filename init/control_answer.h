/* control_answer: from a request to the bytes of its answer. Knows no sockets. */
#ifndef FIRSTHOP_INIT_CONTROL_ANSWER_H
#define FIRSTHOP_INIT_CONTROL_ANSWER_H

#include <stdbool.h>

struct buffer;
struct control_operations;
struct request;

/* Does what is asked and appends the answer to `out`. False: not yet (a level of health that does
 * not hold, an order that has not come true, and the client waits for it); nothing was appended
 * then, call again after a change. */
bool control_answer(const struct control_operations *operations, const struct request *request,
	struct buffer *out);

/* Appends an error for what frame_read() or protocol_get_request() returned; -EACCES: not one who
 * may talk to us, -EPERM: one who may only look. */
void control_refuse(int error, struct buffer *out);

#endif
