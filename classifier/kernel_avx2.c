/* Compiled with -mavx2 where there is such a thing. */
#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wpsabi"
#endif
#define KERNEL kernel_avx2
#include "classifier/kernel_body.h"
