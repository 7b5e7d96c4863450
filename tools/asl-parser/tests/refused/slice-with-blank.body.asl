x = y <7:0>;
z = a < b;
