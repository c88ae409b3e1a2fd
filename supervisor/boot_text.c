/* The chart of the boot for a terminal: a row for each step and service, then the chain that the
 * boot waited for. */
#include "supervisor/boot.h"
#include "supervisor/boot_scale.h"

#include "supervisor/buffer.h"
#include "supervisor/human.h"
#include "supervisor/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	COLUMNS_DEFAULT = 100,
	BAR_MIN = 20,
	BAR_MAX = 400,
	NAME_MAX_COLUMNS = 24,
	TICKS_APART = 12,
	MARK_COLUMNS = 2,
	GAP = 2,
};

/* What a place of a bar shows. */
enum shade {
	SHADE_NONE,
	SHADE_WAITING,
	SHADE_PREPARING,
	SHADE_STARTING,
	SHADE_THERE,
	SHADE_FAILED,
	SHADE_COUNT
};

static const struct {
	const char *utf8, *ascii;
	enum colour colour;
	const char *means;
} shades[SHADE_COUNT] = {
	[SHADE_NONE] = {" ", " ", COLOUR_NONE, NULL},
	[SHADE_WAITING] = {"\u00b7", ".", COLOUR_DIM, "waits"},
	[SHADE_PREPARING] = {"\u2592", "=", COLOUR_WARN, "prepares"},
	[SHADE_STARTING] = {"\u2588", "#", COLOUR_NONE, "starts"},
	[SHADE_THERE] = {"\u2500", "-", COLOUR_GOOD, "is ready"},
	[SHADE_FAILED] = {"x", "x", COLOUR_BAD, "has failed"},
};

static const enum shade part_shades[BOOT_PART_COUNT] = {
	[BOOT_PART_WAITING] = SHADE_WAITING,
	[BOOT_PART_PREPARING] = SHADE_PREPARING,
	[BOOT_PART_STARTING] = SHADE_STARTING,
	[BOOT_PART_THERE] = SHADE_THERE,
};

struct chart {
	struct buffer *buffer;
	const struct boot *boot;
	const struct table_style *style;
	struct boot_scale scale;
	unsigned name_columns;
};

static const char *symbol(const struct chart *chart, enum shade shade)
{
	return chart->style->utf8 ? shades[shade].utf8 : shades[shade].ascii;
}

/* At least one place, however short: all that has been is seen. */
static void fill(
	const struct chart *chart, enum shade *bar, const struct boot_span *span, enum shade shade)
{
	unsigned from = boot_place(&chart->scale, span->begin);
	unsigned to = boot_place(&chart->scale, span->end);

	if (span->begin == BOOT_NEVER || from >= chart->scale.width)
		return;
	if (to <= from)
		to = from + 1;
	for (unsigned i = from; i < to && i < chart->scale.width; i++)
		bar[i] = shade;
}

static void put_bar(const struct chart *chart, const enum shade *bar)
{
	for (unsigned i = 0; i < chart->scale.width; i++) {
		enum colour colour = shades[bar[i]].colour;

		if (i == 0 || bar[i] != bar[i - 1])
			buffer_add_text(chart->buffer, table_colour(chart->style, colour));
		buffer_add_text(chart->buffer, symbol(chart, bar[i]));
		if (i + 1 == chart->scale.width || bar[i] != bar[i + 1])
			buffer_add_text(chart->buffer, table_colour_end(chart->style, colour));
	}
}

static void put_blanks(struct buffer *buffer, unsigned count)
{
	while (count-- > 0)
		buffer_add(buffer, " ", 1);
}

/* Cut where it is too long: `--json` has it whole. */
static void put_name(const struct chart *chart, const char *name)
{
	struct buffer clean = {0};
	unsigned columns = 0;
	size_t length = 0;

	human_add_printable(&clean, name, strlen(name), chart->style->utf8);
	while (length < clean.length) {
		bool begins = ((unsigned char)clean.data[length] & 0xc0) != 0x80;

		if (begins && columns == chart->name_columns)
			break;
		columns += begins;
		length++;
	}
	buffer_add(chart->buffer, clean.length ? clean.data : "", length);
	put_blanks(chart->buffer, chart->name_columns - columns);
	buffer_free(&clean);
}

static void put_row(const struct chart *chart, bool marked, const char *name, const enum shade *bar,
	const char *words)
{
	buffer_add_text(chart->buffer, marked ? "* " : "  ");
	put_name(chart, name);
	put_blanks(chart->buffer, GAP);
	put_bar(chart, bar);
	put_blanks(chart->buffer, GAP);
	buffer_add_text(chart->buffer, words);
	buffer_add(chart->buffer, "\n", 1);
}

static void put_step(const struct chart *chart, const struct boot_step *step, bool marked)
{
	uint32_t end = step->end == BOOT_NEVER ? chart->boot->until : step->end;
	enum shade bar[BAR_MAX] = {SHADE_NONE};

	fill(chart, bar, &(struct boot_span){step->begin, end}, SHADE_STARTING);
	put_row(chart, marked, step->name, bar,
		boot_time(end > step->begin ? end - step->begin : 0).text);
}

static void put_service(const struct chart *chart, const struct boot_service *service, bool marked)
{
	struct boot_span parts[BOOT_PART_COUNT];
	enum shade bar[BAR_MAX] = {SHADE_NONE};

	boot_parts(chart->boot, service, parts);
	/* What comes later lies over what was before: a short start is seen in a long wait. */
	for (unsigned i = 0; i < BOOT_PART_COUNT; i++)
		if (i != BOOT_PART_THERE)
			fill(chart, bar, &parts[i], part_shades[i]);
	if (parts[BOOT_PART_THERE].begin != BOOT_NEVER) {
		unsigned from = boot_place(&chart->scale, parts[BOOT_PART_THERE].begin);

		for (unsigned i = from; i < chart->scale.width; i++)
			if (i > from || bar[i] != SHADE_STARTING)
				bar[i] = SHADE_THERE;
	}
	if (service->outcome == BOOT_FAILED)
		fill(chart, bar, &(struct boot_span){service->there, service->there}, SHADE_FAILED);
	put_row(chart, marked, service->name, bar, boot_words(service).text);
}

static void put_scale(const struct chart *chart)
{
	uint32_t tick = boot_tick(&chart->scale, TICKS_APART);
	unsigned at = 0;

	put_blanks(chart->buffer, MARK_COLUMNS + chart->name_columns + GAP);
	for (uint64_t us = 0; us < chart->scale.total; us += tick) {
		unsigned place = boot_place(&chart->scale, (uint32_t)us);
		char mark[32];

		if (us == 0)
			(void)snprintf(mark, sizeof(mark), "|0");
		else
			(void)snprintf(mark, sizeof(mark), "|%s", boot_time((uint32_t)us).text);
		if (place < at || place + strlen(mark) > chart->scale.width)
			continue;
		put_blanks(chart->buffer, place - at);
		buffer_add_text(chart->buffer, mark);
		at = place + (unsigned)strlen(mark);
	}
	buffer_add(chart->buffer, "\n", 1);
}

static void put_title(const struct chart *chart)
{
	const struct boot *boot = chart->boot;
	const char *hostname = boot->hostname ? boot->hostname : "(no hostname)";

	human_add_printable(chart->buffer, hostname, strlen(hostname), chart->style->utf8);
	if (boot->ready != BOOT_NEVER)
		buffer_printf(chart->buffer, ": all ready in %s\n\n", boot_time(boot->ready).text);
	else
		buffer_printf(
			chart->buffer, ": not all ready in %s\n\n", boot_time(boot->until).text);
}

static void put_legend(const struct chart *chart)
{
	buffer_add_text(chart->buffer, "\n  * what the boot waited for\n");
	for (unsigned shade = SHADE_WAITING; shade < SHADE_COUNT; shade++)
		buffer_printf(chart->buffer, "  %s %s", symbol(chart, (enum shade)shade),
			shades[shade].means);
	buffer_add(chart->buffer, "\n", 1);
}

static unsigned widest_name(const struct boot *boot)
{
	unsigned widest = 0;

	for (unsigned i = 0; i < boot->step_count + boot->service_count; i++) {
		unsigned columns = human_columns(
			i < boot->step_count ? boot->steps[i].name
					     : boot->services[i - boot->step_count].name);

		if (columns > widest)
			widest = columns;
	}
	return widest < NAME_MAX_COLUMNS ? widest : NAME_MAX_COLUMNS;
}

static unsigned widest_words(const struct boot *boot)
{
	size_t widest = 0;

	for (unsigned i = 0; i < boot->service_count; i++) {
		size_t columns = strlen(boot_words(&boot->services[i]).text);

		if (columns > widest)
			widest = columns;
	}
	return (unsigned)widest;
}

static void draw(struct chart *chart, const struct boot_critical *critical)
{
	const struct boot *boot = chart->boot;
	const struct boot_step *root = NULL;

	if (critical->count)
		root = boot_chain_root(boot, &boot->services[critical->chain[critical->count - 1]]);
	put_title(chart);
	put_scale(chart);
	for (unsigned i = 0; boot->steps && i < boot->step_count; i++)
		put_step(chart, &boot->steps[i], &boot->steps[i] == root);
	for (unsigned i = 0; i < boot->service_count; i++)
		put_service(chart, &boot->services[i], critical->marked[i]);
	put_legend(chart);
	boot_write_chain(chart->buffer, boot, critical, chart->style->utf8);
}

static void measure(struct chart *chart)
{
	const struct boot *boot = chart->boot;
	unsigned columns = chart->style->columns ? chart->style->columns : COLUMNS_DEFAULT;

	chart->name_columns = widest_name(boot);
	unsigned taken = MARK_COLUMNS + chart->name_columns + 2 * GAP + widest_words(boot);
	unsigned width = columns > taken + BAR_MIN ? columns - taken : BAR_MIN;

	chart->scale = boot_scale(boot, width < BAR_MAX ? width : BAR_MAX);
}

void boot_write_text(
	struct buffer *buffer, const struct boot *boot, const struct table_style *style)
{
	struct boot_step *steps = calloc(boot->step_count + 1, sizeof(*steps));
	struct boot shown = *boot;
	struct chart chart = {.buffer = buffer, .boot = &shown, .style = style};
	struct boot_critical critical = {.count = 0};

	if (!steps || !boot_critical_open(boot, &critical)) {
		buffer->failed = true;
		free(steps);
		return;
	}
	shown.steps = steps;
	shown.step_count = boot_fold_steps(boot, steps);
	measure(&chart);
	draw(&chart, &critical);
	boot_critical_close(&critical);
	free(steps);
}
