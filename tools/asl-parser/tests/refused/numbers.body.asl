x = 0x;
y = 12abc;
z = 1.;
