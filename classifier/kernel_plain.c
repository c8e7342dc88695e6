#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wpsabi"
#endif
#define KERNEL kernel_plain
#include "classifier/kernel_body.h"
