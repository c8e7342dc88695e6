/* A line: a rule's regular expression; the rest: a text. Whatever both are, the
 * answer comes soon (-timeout) and is the same again. */
#include "base/regex.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = fuzz_text(data, size), pattern = fuzz_line(&text);
	struct reason why = { "" };
	struct regex_match *m;
	struct regex *r = NULL;
	enum regex_answer first;

	if (regex_new(pattern, &r, &why)) {
		must(!r && why.text[0]);
		return 0;
	}
	m = regex_match_new();
	first = regex_ask(r, m, text);
	(void)regex_ask(r, m, STR("a"));
	must(regex_ask(r, m, text) == first);
	regex_match_free(m);
	regex_free(r);
	return 0;
}
