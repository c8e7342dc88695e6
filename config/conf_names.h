/* conf_names.h: names of a thing in several languages, as a map from BCP 47 tags (RFC 5646) to
 * texts. */
#ifndef PIPED_CONF_NAMES_H
#define PIPED_CONF_NAMES_H

#include "config/conf_table.h"

/* Of a row whose at and at_n are a struct conf_name * and an int. Tags are compared without
 * regard to case, and none stands twice. */
extern const struct conf_part conf_names_part;
/* NULL, or what is wrong with a tag: "ja", "zh-Hant", "sr-Latn-RS". Only its form is looked at. */
const char *conf_names_tag_wrong(struct str tag);

#endif
