#include "cleaner/currency.h"

/* ISO 4217 list one, by digits after the point. */
static const struct {
	int digits;
	const char *codes;
} minor_units[] = {
	{ .digits = 0,
	  .codes = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF" },
	{ .digits = 3, .codes = "BHD IQD JOD KWD LYD OMR TND" },
	{ .digits = 4, .codes = "CLF UYW" },
	{ .digits = 2,
	  .codes = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD "
		   "BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB "
		   "EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD "
		   "KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU "
		   "MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR "
		   "RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB "
		   "TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWL" },
};

#define DOLLARS "AUD BMD BND BSD CAD FJD HKD JMD MXN NZD SGD TTD TWD XCD ARS CLP COP UYU"

/* Of two that match the longer wins. */
static const struct currency_sign signs[] = {
	{ .text = "₩", .code = "KRW", .also = "KPW" },
	{ .text = "원", .code = "KRW", .also = "KPW" },
	{ .text = "won", .code = "KRW", .also = "KPW" },
	{ .text = "$", .code = "USD", .also = DOLLARS },
	{ .text = "달러", .code = "USD", .also = DOLLARS },
	{ .text = "US$", .code = "USD" },
	{ .text = "A$", .code = "AUD" },
	{ .text = "AU$", .code = "AUD" },
	{ .text = "C$", .code = "CAD" },
	{ .text = "CA$", .code = "CAD" },
	{ .text = "HK$", .code = "HKD" },
	{ .text = "MX$", .code = "MXN" },
	{ .text = "NT$", .code = "TWD" },
	{ .text = "NZ$", .code = "NZD" },
	{ .text = "R$", .code = "BRL" },
	{ .text = "S$", .code = "SGD" },
	{ .text = "€", .code = "EUR" },
	{ .text = "euro", .code = "EUR" },
	{ .text = "유로", .code = "EUR" },
	{ .text = "£", .code = "GBP", .also = "EGP GIP" },
	{ .text = "파운드", .code = "GBP" },
	{ .text = "¥", .code = "JPY", .also = "CNY" },
	{ .text = "円", .code = "JPY" },
	{ .text = "엔", .code = "JPY" },
	{ .text = "yen", .code = "JPY" },
	{ .text = "元", .code = "CNY", .also = "TWD HKD" },
	{ .text = "위안", .code = "CNY" },
	{ .text = "kr", .code = "SEK", .also = "DKK ISK NOK" },
	{ .text = "Kč", .code = "CZK" },
	{ .text = "zł", .code = "PLN" },
	{ .text = "Ft", .code = "HUF" },
	{ .text = "lei", .code = "RON", .also = "MDL" },
	{ .text = "лв", .code = "BGN" },
	{ .text = "руб", .code = "RUB", .also = "BYN" },
	{ .text = "₽", .code = "RUB" },
	{ .text = "грн", .code = "UAH" },
	{ .text = "₴", .code = "UAH" },
	{ .text = "₺", .code = "TRY" },
	{ .text = "TL", .code = "TRY" },
	{ .text = "₪", .code = "ILS" },
	{ .text = "₹", .code = "INR" },
	{ .text = "Rs", .code = "INR", .also = "LKR MUR NPR PKR" },
	{ .text = "฿", .code = "THB" },
	{ .text = "₫", .code = "VND" },
	{ .text = "đ", .code = "VND" },
	{ .text = "₱", .code = "PHP" },
	{ .text = "Rp", .code = "IDR" },
	{ .text = "RM", .code = "MYR" },
	{ .text = "euros", .code = "EUR" },
	{ .text = "dollars", .code = "USD", .also = DOLLARS },
	{ .text = "U.S. $", .code = "USD" },
	{ .text = "Р", .code = "RUB" },
	{ .text = "р", .code = "RUB", .also = "BYN" },
	{ .text = "рублей", .code = "RUB", .also = "BYN" },
	{ .text = "рубля", .code = "RUB", .also = "BYN" },
	{ .text = "Fr", .code = "CHF" },
	{ .text = "₣", .code = "CHF" },
	{ .text = "SFr", .code = "CHF" },
	{ .text = "Dinara", .code = "RSD" },
	{ .text = "din", .code = "RSD" },
	{ .text = "Lek", .code = "ALL" },
	{ .text = "֏", .code = "AMD" },
	{ .text = "؋", .code = "AFN" },
	{ .text = "ƒ", .code = "ANG", .also = "AWG" },
	{ .text = "₼", .code = "AZN" },
	{ .text = "৳", .code = "BDT" },
	{ .text = "Br", .code = "BYN", .also = "ETB" },
	{ .text = "BZ$", .code = "BZD" },
	{ .text = "Nu", .code = "BTN" },
	{ .text = "KM", .code = "BAM" },
	{ .text = "FBu", .code = "BIF" },
	{ .text = "BD", .code = "BHD" },
	{ .text = "៛", .code = "KHR" },
	{ .text = "CFA", .code = "XOF", .also = "XAF" },
	{ .text = "FCFA", .code = "XAF", .also = "XOF" },
	{ .text = "₡", .code = "CRC" },
	{ .text = "kn", .code = "HRK" },
	{ .text = "CUC$", .code = "CUC" },
	{ .text = "Fdj", .code = "DJF" },
	{ .text = "RD$", .code = "DOP" },
	{ .text = "Nfk", .code = "ERN" },
	{ .text = "₵", .code = "GHS" },
	{ .text = "GH₵", .code = "GHS" },
	{ .text = "FG", .code = "GNF" },
	{ .text = "﷼", .code = "IRR", .also = "OMR QAR SAR YER" },
	{ .text = "J$", .code = "JMD" },
	{ .text = "KD", .code = "KWD" },
	{ .text = "₭", .code = "LAK" },
	{ .text = "LD", .code = "LYD" },
	{ .text = "MK", .code = "MWK" },
	{ .text = "Rf", .code = "MVR" },
	{ .text = "UM", .code = "MRU" },
	{ .text = "₨", .code = "INR", .also = "LKR MUR NPR PKR SCR" },
	{ .text = "र", .code = "INR", .also = "NPR" },
	{ .text = "रु", .code = "INR", .also = "NPR" },
	{ .text = "₮", .code = "MNT" },
	{ .text = "₦", .code = "NGN" },
	{ .text = "B/.", .code = "PAB" },
	{ .text = "S/.", .code = "PEN" },
	{ .text = "S/", .code = "PEN" },
	{ .text = "Db", .code = "STN" },
	{ .text = "TSh", .code = "TZS" },
	{ .text = "KSh", .code = "KES" },
	{ .text = "T$", .code = "TOP" },
	{ .text = "TT$", .code = "TTD" },
	{ .text = "DT", .code = "TND" },
	{ .text = "USh", .code = "UGX" },
	{ .text = "$U", .code = "UYU" },
	{ .text = "VT", .code = "VUV" },
	{ .text = "Bs", .code = "BOB", .also = "VES" },
	{ .text = "ZK", .code = "ZMW" },
	{ .text = "Z$", .code = "ZWL" },
	{ .text = "جنيه", .code = "EGP", .also = "SDG" },
	{ .text = "درهم", .code = "AED", .also = "MAD" },
	{ .text = "ريال", .code = "SAR", .also = "OMR QAR YER" },
	{ .text = "ریال", .code = "IRR" },
	/* ten rials; it has no code in ISO 4217 */
	{ .text = "تومان", .code = "IRT" },
	{ .text = "₤", .code = "GBP", .also = "EGP GIP" },
	{ .text = "DEM", .code = "DEM" },
	{ .text = "PTE", .code = "PTE" },
};

#define N_SIGNS (sizeof(signs) / sizeof(signs[0]))
#define N_UNITS (sizeof(minor_units) / sizeof(minor_units[0]))

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The word of `list` equal to `code` whatever its case, or NULL. */
static const char *listed(const char *list, struct str code)
{
	struct str rest = str_of(list), word;

	while (str_next(&rest, ' ', &word))
		if (str_eq_nocase(word, code))
			return word.p;
	return NULL;
}

int currency_digits(struct str code)
{
	for (size_t i = 0; code.n == 3 && i < N_UNITS; i++)
		if (listed(minor_units[i].codes, code))
			return minor_units[i].digits;
	return 2;
}

static bool starts(struct str s, struct str sign)
{
	if (!str_eq_nocase(str_sub(s, 0, sign.n), sign))
		return false;
	return s.n == sign.n || !is_letter(sign.p[sign.n - 1]) || !is_letter(s.p[sign.n]);
}

size_t currency_sign(struct str s, struct currency_sign *ret)
{
	const char *code;
	size_t best = 0;

	/* Most bytes of a price are figures and marks. */
	if (s.n == 0 || ((unsigned char)s.p[0] < 0x80 && !is_letter(s.p[0]) && s.p[0] != '$'))
		return 0;
	for (size_t i = 0; i < N_SIGNS; i++) {
		struct str sign = str_of(signs[i].text);

		if (sign.n > best && starts(s, sign)) {
			best = sign.n;
			*ret = signs[i];
		}
	}
	if (best || s.n < 3 || !is_letter(s.p[0]) || (s.n > 3 && is_letter(s.p[3])))
		return best;
	for (size_t i = 0; i < N_UNITS; i++) {
		code = listed(minor_units[i].codes, str_sub(s, 0, 3));
		if (code) {
			*ret = (struct currency_sign){ .code = code };
			return 3;
		}
	}
	return 0;
}

bool currency_fits(const struct currency_sign *sign, struct str code)
{
	if (code.n == 0 || str_eq_nocase(str_sub(str_of(sign->code), 0, 3), code))
		return true;
	return sign->also && listed(sign->also, code);
}
