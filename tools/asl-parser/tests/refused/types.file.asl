type T = ;
type U is integer x;
enumeration E {A, };
array [3] of bits(8) a;
(integer, bit) pair;
