#include <vultus/sqlite/database.hpp>
