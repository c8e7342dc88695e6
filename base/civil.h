/* civil.h: days of the Gregorian calendar, as civil (not astronomical) time counts them: no
 * leap seconds, months and days from 1, the rules of today before 1582 too. Pure. */
#ifndef PIPED_CIVIL_H
#define PIPED_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#define CIVIL_DAY_MS INT64_C(86400000)

/* Years 1 to 9999. */
bool civil_exists(int64_t year, int64_t month, int64_t day);
/* Days since 1970-01-01, before it negative, of a day that exists. */
int64_t civil_days(int64_t year, int64_t month, int64_t day);
/* The year that a day since 1970 is in; day >= 0. */
int64_t civil_year(int64_t days);

#endif
