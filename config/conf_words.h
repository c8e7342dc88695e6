/* conf_words.h: words/NAME.yaml: words of titles, by what they say. */
#ifndef PIPED_CONF_WORDS_H
#define PIPED_CONF_WORDS_H

#include "config/conf_table.h"

#define CONF_WORDS_MOST 100000

/* In the order of enum conf_word_kind. */
extern const struct conf_row conf_words_rows[];

/* Reads every file in conf->words_files into conf->words. */
void conf_words_read(struct conf_reader *r);

#endif
