/* map.h: an inventory as a picture: Purdue levels as bands, zones as boxes in
 * them, assets as nodes, links as lines.
 *
 *     map.c       what is shown: boxes, nodes, what many of a kind become
 *     map_link.c  which lines, and when lines between assets become lines between zones
 *     map_lay.c   where everything stands, and the way of each line
 *     map_draw.c  the SVG
 *
 * All stands on a grid of columns and rows. Lines run in the gutters between
 * columns and in the channels below rows, each in a lane of its own, so that
 * none runs through a node or upon another. What is too much to be drawn is
 * gathered ("12 × sensor") or counted, and the picture says so. The same
 * inventory gives the same bytes. */
#ifndef OT_MAP_H
#define OT_MAP_H

#include "inv/list.h"
#include "report/sheet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAP_NONE = UINT32_MAX, MAP_TEXT = 96 };
enum { MAP_COLS = 6 };                  /* at most */

/* What a line is, beside being there. */
enum { MAP_WRITES = 1, MAP_CROSSES = 2, MAP_OUTWARD = 4, MAP_GUESS = 8 };

enum map_icon { ICON_UNKNOWN, ICON_PLC, ICON_SCREEN, ICON_PC, ICON_SERVER, ICON_NET, ICON_GATEWAY,
	ICON_SENSOR, ICON_INSTRUMENT, ICON_BALANCE, ICON_CAMERA, ICON_PRINTER, ICON_CLOUD, ICONS };

struct map_node {
	const struct item *item;        /* the first of them */
	size_t n;                       /* assets it stands for */
	bool rest;                      /* of any kind: "+ 37 more" */
	bool mixed;                     /* of several makers */
	size_t parts;                   /* units behind it */
	uint32_t box;
	enum map_icon icon;
	char role[MAP_TEXT];            /* of the record, "" where unknown */
	char name[MAP_TEXT], make[MAP_TEXT], address[MAP_TEXT];
	bool unlisted;                  /* not in the register, where there is one */
	unsigned flags;                 /* of the lines at it */
	int col, row, x, y;
};

/* A zone at a level; or the internet; or, where no zone is known, a network. */
struct map_box {
	char zone[MAP_TEXT], name[MAP_TEXT];
	double level;                   /* 100: the internet, -1: not known */
	bool internet, network, other;  /* other: networks with few assets, together */
	uint32_t first, nnodes;
	size_t assets, inside;          /* inside: links that are counted, not drawn */
	int col, cols, rows, shelf, x, y, w, h;
};

/* Between nodes, or boxes, or one and the other. The client is at the first end. */
struct map_line {
	uint32_t end[2];
	bool box[2];                    /* that end is a box */
	unsigned flags;
	size_t links;
	char apps[MAP_TEXT];            /* "modbus, s7comm" */
	/* the way, filled by map_lay() */
	int chan[2], lane[2];           /* channels at the ends and the lanes in them */
	int gutter, glane;              /* gutter -1: both ends are at one channel */
	int x[2];                       /* where it leaves and enters */
	int key[2];                     /* the same in thousandths of a column */
	bool say_right;                 /* its words stand to the right of where it leaves */
};

/* For a screen or A4; for a telephone. */
enum map_form { MAP_WIDE, MAP_NARROW };

struct map {
	const struct list *list;
	const struct sheet *sheet;
	bool all;                       /* also what was never heard */
	enum map_form form;
	bool has_register;
	struct map_box *boxes; uint32_t nboxes;
	struct map_node *nodes; uint32_t nnodes;
	struct map_line *lines; uint32_t nlines;
	uint32_t *node_of;              /* of each asset of the list, or MAP_NONE */
	size_t assets, links;           /* counted */
	size_t inside, attempts, left_out;      /* links that are not drawn: in zones,
	                                 * never answered, too many */
	/* filled by map_lay() */
	int cols, chip_w;
	struct map_shelf *shelves; int nshelves;
	int gutter_w[MAP_COLS + 1], col_x[MAP_COLS];
	struct map_chan *chans; int nchans;
	int width, height;
};

/* One line of boxes: its rows have a channel each, and one runs below the boxes. */
struct map_shelf { int rows, chan, y, h; double level; bool first; };
struct map_chan { int lanes, y; };

/* What is shown and where. list was sorted; list and sheet are borrowed. False: out
 * of memory. */
bool map_make(struct map *m, const struct list *l, const struct sheet *s, bool all,
    enum map_form form);
/* One <svg> element onto the sheet's stream. alone: a file of its own, with its
 * style; else part of a page that has map_style, and nodes lead to "#a-" and the
 * asset's id. */
void map_write(const struct map *m, bool alone);
void map_free(struct map *m);

extern const char map_style[];

/* Between the files of the map. */
bool map_lines(struct map *m);
bool map_lay(struct map *m);
/* The words at a line. */
void map_line_text(const struct map *m, const struct map_line *l, char *dst, size_t cap);

/* A role as people call it; and the sign that stands for it. */
const char *map_role(const struct sheet *s, const char *role, char *dst, size_t cap);
enum map_icon map_icon_of(const char *role);
/* Where an asset's box is sorted and what it is called: for the page's columns. */
void map_zone_name(const struct sheet *s, const struct list *l, const struct sval *o, char *dst,
    size_t cap);
/* "Modbus" of "modbus". */
const char *map_proto(const struct sheet *s, const char *app, char *dst, size_t cap);
/* What every network speaks, and a picture does not need to show. */
bool map_everyday(const char *app);

#endif
