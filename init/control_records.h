/* control_records: the answer to a request for lines, which may be many frames and have no end. */
#ifndef FIRSTHOP_INIT_CONTROL_RECORDS_H
#define FIRSTHOP_INIT_CONTROL_RECORDS_H

#include "init/server.h"

struct control_operations;
struct request;

/* Appends the next part of the answer for that client, if there is one; as server_rules' answer. */
enum server_answer control_answer_records(const struct control_operations *operations,
	uint64_t client, const struct request *request, struct buffer *out);

#endif
