#include "crawler/fetch.h"

#include <curl/curl.h>
#include <string.h>

#define YEAR_MS ((int64_t)365 * 24 * 3600 * 1000)

int64_t fetch_retry_after(struct str value, int64_t now_ms)
{
	char text[64];
	int64_t ms;
	time_t date;

	value = str_trim(value);
	if (value.n == 0 || value.n >= sizeof(text) || memchr(value.p, 0, value.n))
		return -1;
	memcpy(text, value.p, value.n);
	text[value.n] = 0;
	if (strspn(text, "0123456789") == value.n) {
		if (!str_i64(value, &ms) || ms > YEAR_MS / 1000)
			return YEAR_MS;
		return ms * 1000;
	}
	if (!strchr(text, ':') || !strchr("SMTWF", text[0]))
		return -1; /* libcurl reads more kinds of dates than HTTP has */
	date = curl_getdate(text, NULL);
	if (date < 0 || date > INT64_MAX / 1000)
		return -1;
	ms = (int64_t)date * 1000 - now_ms;
	return ms < 0 ? 0 : ms > YEAR_MS ? YEAR_MS : ms;
}
