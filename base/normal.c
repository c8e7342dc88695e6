#include "base/normal.h"
