integer x = ;
integer x y;
bits(8 x;
constant integer x;
