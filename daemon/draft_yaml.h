/* draft_yaml.h: a drafted source as its file. Pure. */
#ifndef PIPED_DRAFT_YAML_H
#define PIPED_DRAFT_YAML_H

#include "extractor/extract_draft.h"
#include "serve/draft.h"

/* Stands for the address of a page that has none. */
#define DRAFT_YAML_NO_URL "https://www.shop.example/list"

struct draft_yaml {
	struct str name, url; /* url {0}: a place is kept for it */
	const struct extract_draft *draft;
	const struct extract_draft_way *way;
	struct str currency, language; /* {0}: not said */
	bool guessed;		       /* the currency is, by the language */
	/* What came of trying it, told in comments; NULL: it was not tried. */
	const struct draft_way *tried;
	const struct draft *all;  /* the other ways */
	const struct str *states; /* words of status that were found */
	int n_states;
};

struct str draft_yaml(const struct draft_yaml *y, struct arena *a);
const char *draft_yaml_format(enum conf_format f);
/* A name for a source at this address: "shop" of https://www.shop.example/a. */
struct str draft_yaml_name(struct str url, struct arena *a);

#endif
