/* conf_images.h: a source's key `images`. */
#ifndef PIPED_CONF_IMAGES_H
#define PIPED_CONF_IMAGES_H

#include "config/conf_table.h"

extern const struct conf_row conf_images_rows[];
extern const struct conf_part conf_images_part;

#endif
