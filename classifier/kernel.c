#include "classifier/kernel.h"

const struct kernel *kernel_get(void)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		return &kernel_avx2;
#endif
	return &kernel_plain;
}
