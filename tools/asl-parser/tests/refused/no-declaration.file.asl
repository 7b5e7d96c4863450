x = 1;
+ 3;
integer y;
