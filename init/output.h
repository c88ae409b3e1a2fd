/* output: what services write. Each has one pipe, for stdout and stderr, made once and kept across
 * restarts. Whole lines come out of it: "name: line" to PID 1's stdout (log = prefix), the line
 * alone (raw), or into a file (file:P); and always into the journal. How they look: see form.h. An
 * over-long line is cut, see lines.h. Nothing here ever waits: what finds no room is dropped by
 * whole lines, counted, and told when the burst is over. */
#ifndef FIRSTHOP_INIT_OUTPUT_H
#define FIRSTHOP_INIT_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct buffer;
struct channel; /* the output of one service */
struct form;
struct journal;
struct loop;
struct messages;
struct outgoing;
struct output;
struct service;

/* NULL: no memory. All of these stay the caller's. */
struct output *output_create(struct loop *loop, struct outgoing *outgoing,
	struct messages *messages, struct journal *journal, struct form *form);
void output_free(struct output *output); /* its channels must be closed before */

/* While the console owns the terminal that is our stdout: lines go to the rings and files only. */
void output_hold(struct output *output, bool hold);

/* Once stdout has taken all that it was owed: says what was dropped. A burst that does not end is
 * told of every ten seconds. True: there was something to say. Also where syslog receivers are
 * tried again. Cheap when there is nothing to do. */
bool output_tell_drops(struct output *output);

/* The pipe of a service. 0, or -errno when there is no descriptor left. */
int channel_open(struct output *output, const struct service *spec, struct channel **ret_channel);
/* Takes over the service's `log` and opens its file anew (a log rotation). */
void channel_configure(struct channel *channel, const struct service *spec);
void channel_close(struct channel *channel); /* NULL is fine */

/* The descriptor for stdout and stderr of its processes; stays the channel's. */
int channel_fd(const struct channel *channel);

/* The pid that its lines are marked with from now on; 0: none. */
void channel_process(struct channel *channel, pid_t pid);

/* After the end of its main process: reads what is still in the pipe, ends a line without end. */
void channel_settle(struct channel *channel);

/* Lines dropped since the channel was opened. */
uint64_t channel_dropped(const struct channel *channel);

/* Lines taken since the channel was opened: what came between two moments is the newest of them, as
 * far as they were kept. */
uint64_t channel_lines(const struct channel *channel);

/* Appends the newest `lines` lines, oldest first; `named`: each with "name: " in front. */
void channel_read(const struct channel *channel, unsigned lines, bool named, struct buffer *buffer);

#endif
