#include "extractor/extract_guard.h"

#include <oniguruma.h>
#include <pthread.h>

/* A fifth of a second, about. */
#define MOST_STEPS 2000000

#define AS_TEXT(x) #x
#define NUMBER(x) AS_TEXT(x)

/* Functions whose name ends in _ are those that programs cannot name: extract_bound.c. */
/* clang-format off */
static const char all[] =
	"def mul_(a; b): a * b;\n"
	"def sub_(a; b): a - b;\n"
	"def mod_(a; b): a % b;\n"
	"def _multiply(a; b): b as $b | a as $a |\n"
	" if ($a | type) == \"string\" or ($b | type) == \"string\"\n"
	" then error(\"a text is not multiplied; tonumber makes it a number\") else mul_($a; $b) end;\n"
	"def _minus(a; b): b as $b | a as $a |\n"
	" if ($a | type) == \"array\" then error(\"an array is not subtracted from\") else sub_($a; $b) end;\n"
	"def _mod(a; b): b as $b | a as $a |\n"
	" if ($b | type) == \"number\" and $b < 0 then mod_($a; 0 - $b) else mod_($a; $b) end;\n"
	/* paths */
	"def step_: if type == \"string\" or type == \"null\" or (type == \"number\" and (isnan | not))\n"
	" then . else error(\"a path has texts and numbers, not: \" + tojson[:40]) end;\n"
	"def way_: if type == \"array\" then map(step_) else . end;\n"
	"def getpath_(p): getpath(p);\n"
	"def getpath(p): (p | way_) as $p | getpath_($p);\n"
	"def delpaths_(p): delpaths(p);\n"
	"def delpaths(p): (p | if type == \"array\" then map(way_) else . end) as $p | delpaths_($p);\n"
	"def nth($n): ($n | step_) as $n | .[$n];\n"
	/* a text that is a page of its own, of which libjq bounds nothing */
	"def fromjson_: fromjson;\n"
	"def fromjson: if type == \"string\" and utf8bytelength > " NUMBER(EXTRACT_GUARD_JSON) "\n"
	" then error(\"a text of more than " NUMBER(EXTRACT_GUARD_JSON) " bytes is not read\")"
	" else fromjson_ end;\n"
	/* times */
	"def strftime_(f): strftime(f);\n"
	"def strftime(f): if type == \"number\" then gmtime else . end | strftime_(f);\n"
	"def todateiso8601: strftime(\"%Y-%m-%dT%H:%M:%SZ\");\n"
	"def todate: todateiso8601;\n";

static const char patterns[] =
	/* one match in an array, or whether there is one */
	"def find_($re; $flags; $test):\n"
	" if type == \"string\" and utf8bytelength > " NUMBER(EXTRACT_GUARD_TEXT) "\n"
	" then error(\"a text of more than " NUMBER(EXTRACT_GUARD_TEXT) " bytes is not searched\")\n"
	" elif ($re | type) == \"string\" and ($re | length) > 4096\n"
	" then error(\"a pattern of more than 4096 characters\") else _match_impl($re; $flags; $test) end;\n"
	"def later_($by): . + {offset: (.offset + $by), captures:\n"
	" [.captures[] | if .string == null then . else . + {offset: (.offset + $by)} end]};\n"
	"def from_($s; $re; $flags; $at): [$at, 8] | min as $back |\n"
	" (if $back == 0 then $s | find_($re; $flags; false) else $s[$at - $back:] |\n"
	" find_(\"(?<=(?s:.){\" + ($back | tostring) + \"})(?:\" + $re + \")\"; $flags; false) end) |\n"
	" .[0] // empty | later_($at - $back);\n"
	/* begins with what is at least a character: then libjq itself may look for all */
	"def solid_: _match_impl(\"\\\\A(?:[^\\\\\\\\\\\\[\\\\](){}.*+?|^$]|\\\\\\\\[dswDSW.,-]|\" +\n"
	" \"\\\\[(?:[^\\\\\\\\\\\\[\\\\]&]|\\\\\\\\[dswDSW.,-])+\\\\])(?![*?{])(?:[^\\\\\\\\|]|\\\\\\\\[^K])*\\\\z\"; null; true);\n"
	"def all_($re; $flags): . as $s | length as $n |\n"
	" if ($flags | contains(\"x\") | not) and ($re | solid_) then find_($re; $flags + \"g\"; false)[]\n"
	" else {at: 0} | recurse(if .at > $n then empty else from_($s; $re; $flags; .at) as $m |\n"
	" {at: ($m.offset + ([$m.length, 1] | max)), m: $m} end) | .m // empty end;\n"
	"def match(re; flags): re as $re | flags as $flags |\n"
	" if type == \"string\" and ($re | type) == \"string\" and ($flags | type) == \"string\" and\n"
	" ($flags | contains(\"g\"))\n"
	" then all_($re; $flags / \"g\" | add // \"\") else find_($re; $flags; false)[] end;\n"
	"def given_($v): $v | if type == \"array\" and length > 0 then .[0:2] else [., null] end;\n"
	"def match($v): given_($v) as $v | match($v[0]; $v[1]);\n"
	"def test(re; flags): re as $re | flags as $flags | find_($re; $flags; true);\n"
	"def test($v): given_($v) as $v | test($v[0]; $v[1]);\n"
	"def named_: [.captures[] | select(.name != null) | {(.name): .string}] | add // {};\n"
	"def capture(re; flags): match(re; flags) | named_;\n"
	"def capture($v): match($v) | named_;\n"
	"def scan($re): match($re; \"g\") |\n"
	" if (.captures | length) > 0 then [.captures[].string] else .string end;\n"
	"def pieces_($m): . as $s | [0, ($m[] | .offset + .length)] as $from |\n"
	" [($m[] | .offset), length] as $to | [range($from | length) | $s[$from[.]:$to[.]]];\n"
	"def split($re; $flags): pieces_([match($re; $flags + \"g\")]);\n"
	"def splits($re; $flags): split($re; $flags)[];\n"
	"def splits($re): splits($re; null);\n"
	"def sub($re; str; $flags): [match($re; $flags)] as $m | pieces_($m) as $rest |\n"
	" [$rest[0], (range($m | length) | ($m[.] | named_ | first(str)), $rest[. + 1])] | add;\n"
	"def sub($re; str): sub($re; str; null);\n"
	"def gsub($re; str; $flags): sub($re; str; $flags + \"g\");\n"
	"def gsub($re; str): sub($re; str; \"g\");\n";
/* clang-format on */

/* Compiling them takes as long as compiling all that comes with libjq. */
static bool has_patterns(struct str program)
{
	static const char *const names[] = { "match", "test", "capture", "scan", "split", "sub" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_find(program, str_of(names[i])) >= 0)
			return true;
	return false;
}

void extract_guard_add(struct buf *to, struct str program)
{
	buf_add_text(to, all);
	if (has_patterns(program))
		buf_add_text(to, patterns);
}

static void set(void)
{
	onig_set_retry_limit_in_search(MOST_STEPS);
}

void extract_guard_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, set);
}
