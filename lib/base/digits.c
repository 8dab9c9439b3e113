#include "base/digits.h"

#define ONES(t) t "0," t "1," t "2," t "3," t "4," t "5," t "6," t "7," t "8," t "9,"
#define TENS(h) ONES(h "0") ONES(h "1") ONES(h "2") ONES(h "3") ONES(h "4") ONES(h "5") \
	ONES(h "6") ONES(h "7") ONES(h "8") ONES(h "9")
const char digit_threes[] =
    TENS("0") TENS("1") TENS("2") TENS("3") TENS("4") TENS("5") TENS("6") TENS("7") TENS("8")
    TENS("9");
