#include <gtest/gtest.h>
#include <vultus/face/quality.hpp>
