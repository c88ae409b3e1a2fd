/* The chart of the boot as an SVG: one file that needs nothing else, legible on light and dark
 * ground, with words for who does not see it. */
#include "supervisor/boot.h"
#include "supervisor/boot_scale.h"

#include "supervisor/buffer.h"
#include "supervisor/human.h"

#include <stdlib.h>
#include <string.h>

enum {
	WIDTH = 960,
	LEFT = 150,  /* names */
	RIGHT = 200, /* words */
	TOP = 72,
	ROW = 24,
	BAR = 14,
	BOTTOM = 56,
	TICKS_APART = 80,
	BAR_LEAST = 2, /* pixels */
};

static const char style[] =
	"<style>\n"
	"svg{--ground:#ffffff;--text:#1f2328;--quiet:#59636e;--line:#d1d9e0;--waits:#d1d9e0;"
	"--prepares:#9a6700;--starts:#0969da;--ready:#2da44e;--failed:#cf222e;"
	"--chain:#bc4c00}\n"
	"@media (prefers-color-scheme:dark){svg{--ground:#0d1117;--text:#f0f6fc;--quiet:#9198a1;"
	"--line:#3d444d;--waits:#3d444d;--prepares:#d29922;--starts:#4493f8;--ready:#3fb950;"
	"--failed:#f85149;--chain:#f0883e}}\n"
	"text{font:13px ui-sans-serif,system-ui,'Liberation Sans',Arial,sans-serif;"
	"fill:var(--text)}\n"
	".title{font-size:16px;font-weight:600}.quiet{fill:var(--quiet)}.name{text-anchor:end}\n"
	".ground{fill:var(--ground)}.grid{stroke:var(--line);stroke-width:1}\n"
	".waits{fill:var(--waits)}.prepares{fill:var(--prepares)}.starts{fill:var(--starts)}\n"
	".ready{fill:var(--ready);fill-opacity:.35}.failed{fill:var(--failed)}\n"
	".critical{font-weight:700;fill:var(--chain)}\n"
	".chain{stroke:var(--chain);stroke-width:2;fill:none}\n"
	"</style>\n";

static const struct {
	const char *class, *means;
} parts[BOOT_PART_COUNT] = {
	[BOOT_PART_WAITING] = {"waits", "waits"},
	[BOOT_PART_PREPARING] = {"prepares", "prepares"},
	[BOOT_PART_STARTING] = {"starts", "starts"},
	[BOOT_PART_THERE] = {"ready", "is ready"},
};

struct drawing {
	struct buffer *buffer;
	const struct boot *boot;
	struct boot_scale scale;
	struct boot_critical critical;
};

static void put_text(struct buffer *buffer, const char *text)
{
	struct buffer clean = {0};

	human_add_printable(&clean, text, strlen(text), true);
	for (size_t i = 0; i < clean.length; i++) {
		char byte = clean.data[i];

		buffer_add_text(buffer, byte == '<'   ? "&lt;"
					: byte == '>' ? "&gt;"
					: byte == '&' ? "&amp;"
					: byte == '"' ? "&quot;"
						      : "");
		if (!strchr("<>&\"", byte))
			buffer_add(buffer, &byte, 1);
	}
	buffer_free(&clean);
}

static unsigned x_of(const struct drawing *drawing, uint32_t moment)
{
	return LEFT + boot_place(&drawing->scale, moment);
}

/* The upper edge of a row's bar: the steps' rows come first. */
static unsigned y_of(unsigned row)
{
	return TOP + row * ROW;
}

static void put_bar(const struct drawing *drawing, unsigned row, const struct boot_span *span,
	const char *class)
{
	unsigned from = x_of(drawing, span->begin), to = x_of(drawing, span->end);

	if (span->begin == BOOT_NEVER)
		return;
	if (to < from + BAR_LEAST)
		to = from + BAR_LEAST;
	buffer_printf(drawing->buffer,
		"<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\"/>\n", class, from,
		y_of(row), to - from, BAR);
}

static void put_labels(const struct drawing *drawing, unsigned row, bool critical, const char *name,
	const char *words)
{
	unsigned y = y_of(row) + BAR - 3;

	buffer_printf(drawing->buffer, "<text class=\"name%s\" x=\"%d\" y=\"%u\">",
		critical ? " critical" : "", LEFT - 10, y);
	put_text(drawing->buffer, name);
	buffer_printf(drawing->buffer, "</text>\n<text class=\"quiet\" x=\"%d\" y=\"%u\">",
		WIDTH - RIGHT + 12, y);
	put_text(drawing->buffer, words);
	buffer_add_text(drawing->buffer, "</text>\n");
}

static void put_step(const struct drawing *drawing, unsigned row, const struct boot_step *step)
{
	uint32_t end = step->end == BOOT_NEVER ? drawing->boot->until : step->end;
	const struct boot_span span = {step->begin, end};

	put_bar(drawing, row, &span, "prepares");
	put_labels(drawing, row, false, step->name,
		boot_time(end > step->begin ? end - step->begin : 0).text);
}

static void put_service(const struct drawing *drawing, unsigned number)
{
	const struct boot_service *service = &drawing->boot->services[number];
	unsigned row = drawing->boot->step_count + number;
	struct boot_span spans[BOOT_PART_COUNT];

	boot_parts(drawing->boot, service, spans);
	for (unsigned i = 0; i < BOOT_PART_COUNT; i++)
		put_bar(drawing, row, &spans[i],
			i == BOOT_PART_STARTING && service->outcome == BOOT_FAILED
				? "failed"
				: parts[i].class);
	put_labels(drawing, row, drawing->critical.marked[number], service->name,
		boot_words(service).text);
}

/* From where each of the chain was there to where the next was started. */
static void put_chain(const struct drawing *drawing)
{
	for (unsigned i = 0; i + 1 < drawing->critical.count; i++) {
		const struct boot_service *later =
			&drawing->boot->services[drawing->critical.chain[i]];
		const struct boot_service *earlier =
			&drawing->boot->services[drawing->critical.chain[i + 1]];
		unsigned from = drawing->boot->step_count + drawing->critical.chain[i + 1];
		unsigned to = drawing->boot->step_count + drawing->critical.chain[i];

		if (earlier->there == BOOT_NEVER || later->released == BOOT_NEVER)
			continue;
		buffer_printf(drawing->buffer, "<path class=\"chain\" d=\"M%u %uV%uH%u\"/>\n",
			x_of(drawing, earlier->there), y_of(from) + BAR / 2, y_of(to) + BAR / 2,
			x_of(drawing, later->released));
	}
}

static void put_grid(const struct drawing *drawing, unsigned rows)
{
	uint32_t tick = boot_tick(&drawing->scale, TICKS_APART);

	for (uint64_t us = 0; us <= drawing->scale.total; us += tick) {
		unsigned x = x_of(drawing, (uint32_t)us);

		buffer_printf(drawing->buffer,
			"<line class=\"grid\" x1=\"%u\" y1=\"%d\" x2=\"%u\" y2=\"%u\"/>\n"
			"<text class=\"quiet\" x=\"%u\" y=\"%d\">%s</text>\n",
			x, TOP - 10, x, y_of(rows), x, TOP - 14,
			us ? boot_time((uint32_t)us).text : "0");
	}
}

static void put_legend(const struct drawing *drawing, unsigned rows)
{
	unsigned x = LEFT, y = y_of(rows) + 18;

	for (unsigned i = 0; i < BOOT_PART_COUNT; i++) {
		buffer_printf(drawing->buffer,
			"<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\"/>\n"
			"<text class=\"quiet\" x=\"%u\" y=\"%u\">%s</text>\n",
			parts[i].class, x, y, BAR, BAR, x + BAR + 6, y + BAR - 3, parts[i].means);
		x += 100;
	}
	buffer_printf(drawing->buffer,
		"<path class=\"chain\" d=\"M%u %uH%u\"/>\n"
		"<text class=\"quiet\" x=\"%u\" y=\"%u\">what the boot waited for</text>\n",
		x, y + BAR / 2, x + BAR, x + BAR + 6, y + BAR - 3);
}

static void put_sentence(const struct boot *boot, struct buffer *buffer)
{
	put_text(buffer, boot->hostname ? boot->hostname : "firsthop");
	buffer_printf(buffer,
		boot->ready != BOOT_NEVER ? ": all ready in %s" : ": not all ready in %s",
		boot_time(boot->ready != BOOT_NEVER ? boot->ready : boot->until).text);
}

static void put_head(const struct drawing *drawing, unsigned height)
{
	struct buffer *buffer = drawing->buffer;

	buffer_printf(buffer,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" "
		"viewBox=\"0 0 %d %u\" role=\"img\" aria-labelledby=\"title desc\">\n"
		"<title id=\"title\">",
		WIDTH, height, WIDTH, height);
	put_sentence(drawing->boot, buffer);
	buffer_printf(buffer,
		"</title>\n<desc id=\"desc\">A bar for each of %u steps of the "
		"preparation and %u services, from when it was wanted to when it was "
		"ready.",
		drawing->boot->step_count, drawing->boot->service_count);
	for (unsigned i = 0; i < drawing->critical.count; i++) {
		buffer_add_text(buffer, i ? ", which waited for " : " The boot waited for ");
		put_text(buffer, drawing->boot->services[drawing->critical.chain[i]].name);
		buffer_add_text(buffer, i + 1 < drawing->critical.count ? "" : ".");
	}
	buffer_add_text(buffer, "</desc>\n");
	buffer_add_text(buffer, style);
	buffer_printf(buffer,
		"<rect class=\"ground\" width=\"%d\" height=\"%u\"/>\n"
		"<text class=\"title\" x=\"20\" y=\"30\">",
		WIDTH, height);
	put_sentence(drawing->boot, buffer);
	buffer_add_text(buffer, "</text>\n");
}

void boot_write_svg(struct buffer *buffer, const struct boot *boot)
{
	struct boot_step *steps = calloc(boot->step_count + 1, sizeof(*steps));
	struct boot shown = *boot;
	struct drawing drawing = {
		.buffer = buffer,
		.boot = &shown,
		.scale = boot_scale(boot, WIDTH - LEFT - RIGHT),
	};

	if (!steps || !boot_critical_open(boot, &drawing.critical)) {
		buffer->failed = true;
		free(steps);
		return;
	}
	shown.steps = steps;
	shown.step_count = boot_fold_steps(boot, steps);
	unsigned rows = shown.step_count + shown.service_count;

	put_head(&drawing, y_of(rows) + BOTTOM);
	put_grid(&drawing, rows);
	for (unsigned i = 0; i < shown.step_count; i++)
		put_step(&drawing, i, &steps[i]);
	for (unsigned i = 0; i < shown.service_count; i++)
		put_service(&drawing, i);
	put_chain(&drawing);
	put_legend(&drawing, rows);
	buffer_add_text(buffer, "</svg>\n");
	boot_critical_close(&drawing.critical);
	free(steps);
}
