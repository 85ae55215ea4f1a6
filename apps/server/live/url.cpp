// The functions of Boost.URL, compiled here.
#include <boost/url/src.hpp>
